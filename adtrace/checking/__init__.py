"""Tables that others wrote, checked: every cell accounted for, every reading weighed.

    document ──sheets──▶ Sheet ──readings──▶ Cell ──statements──▶ Statement
             ──drafts──▶ Draft ──interpretations──▶ Interpretation ──judgements──▶ Judgement
             ──slips──▶ cause ──told──▶ Finding ──reporting──▶ Report

``brackets``        brackets in a text, and what stands outside of them
``patterns``        what documents print, as parts of patterns: numbers, formulas, arrows
``words``           words of languages for one thing, as patterns
``spoken``          operations in words as formulas
``sheets``          documents of any format into tables of cells, and the prose round them
``readings``        a cell with all its readings: names in any hand, numbers, terms
``reporting``       from findings to reports and marks, for one document and for a class
``work``            the author's rows as a Wengert list, and every number that comes of it
``statements``      tables as statements of rows, and what headings speak for
``problems``        the function, the variables and the point that are asked
``drafts``          the author's rows put together: operations, inputs, the point
``interpretations`` what each column is of: of all readings the one that explains most numbers
``judgements``      every statement judged by one rule, and what is left out
``slips``           which slip explains a wrong number, and which operations were meant
``layer_tables``    layer tables of networks, judged by the sweep in shapes
``check``           the call `check`
``command``         the command ``adtrace check``
"""
