"""Tables that others wrote, checked: every cell accounted for, every reading weighed.

    document ──sheets──▶ Sheet ──cells──▶ Cell ──layouts──▶ Statement ──drafts, interpret──▶ Interpretation
             ──judge──▶ Judgement ──reasons, told──▶ Finding ──reporting──▶ Report

``brackets``     brackets in a text, and what stands outside of them
``sheets``       documents of any format into tables of cells, and the prose round them
``bare``         a text without its markup
``names``        a variable and its mark
``hands``        a name in any hand
``arraytext``    whole arrays in a text, in the words of the language
``literals``     decimals, thousands, units
``values``       rows of others in a Wengert list, swept by the real sweeps
``parts``        one side of an equation, with all its readings
``cells``        a cell into chains of equal sides
``shapes``       formulas of arrays: products by shape, vectors as columns
``numerals``     printed numbers: exact, rounded, cut, or what they may stand for
``said``         the equations that prose says
``asked``        the function, the variables and the point, from options or prose
``reporting``    from findings to reports and marks, for one document and for a class
``rules``        the rule of a number, and the table around it, as records
``headings``     what the words of a heading speak for
``layouts``      tables as statements of rows
``slipped``      rows in which a cell is left out, put in order
``pieces``       a document in pieces of work
``called``       what is asked, in the names that a table has
``figures``      every number of a piece of work
``contexts``     what names mean where they stand
``formulas``     whether a formula is that of a number, however it is written
``aligned``      rows without operations as parts of the function
``account``      what tables tell of their rows
``functions``    which rows are the functions asked for, and those left to do where a table breaks off
``drafts``       the author's rows put together: operations, inputs, the point
``meanings``     what a column may be of, and how well that explains what is printed
``printed_seeds`` seeds and weights that tables print
``filled``       columns, what stands in each and what its heading speaks for
``hypotheses``   all that a column may be, each with what speaks for it beforehand
``interpret``    what each column is: of all readings the one that explains most numbers
``claims``       what statements claim, what is found of each claim, and what stands in the row of another
``evidence``     the printed numbers, and what is computed from them
``contributions`` adjoints that are told of in parts
``zero_factors`` workings in which a factor 0 hides a wrong one
``by_hand``      numbers that only rounding by hand explains
``judge``        every statement judged by one rule
``rewriting``    terms matched and rewritten by patterns
``slip_changes`` what slips make of a rule
``pool_slips``   what slips make of pools
``slip_table``   the slips: a word, a sentence, a change of a rule
``explain``      which slip explains a wrong number, a wrong formula
``derived``      the rule of a number as terms
``meant``        the operations that were meant
``reasons``      the causes of root mistakes
``told``         judgements as findings, and the cells in which nothing stands
``left_out``     the rows that a document or one of its tables leaves out, and what they cost
``layer_slips``  what a wrong number of a layer table would come from
``layer_rows``   layer tables of networks: their columns, their layers, what they print
``layer_verdicts`` the cells of a layer table, judged
``layer_tables`` layer tables of networks, judged by the sweep in shapes
``judged``       by what a piece of work was judged, in words
``window_tables`` tables of windows and convolutions, which are said not to be checked
``gradients``    the gradient of a result in one statement, as a statement for each variable
``check``        the call `check`
"""
