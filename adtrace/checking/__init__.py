"""Hand-written trace tables checked: which cell is wrong, why, and what it should be.

    document ──grids──▶ Grid ──layout──▶ Entry ... ──listing──▶ author's Wengert list ──verdicts──▶ Report

``grids``     tables of cells out of a document: Markdown, CSV and JSON, and by ``tabulars`` LaTeX, by ``web`` HTML, by
              ``terminal`` plain text, by ``equations`` a line for each row; ``grid`` is one table
``markup``    a cell without its markup
``commas``    decimal commas as points
``freehand``  one cell's formula or number, as people write them, into terms
``local``     an expression of earlier rows: its value and its partials, from the table of elementals
``layout``    what each column is: names, operations, values, tangents, adjoints, partials
``inline``    tangents at the end of their formulas, with no column of their own
``listing``   the author's own rows as a Wengert list, and what its cells should be
``byvalue``   rows that are known only by their value
``problem``   the function, variables and point that a table answers
``words``     names and formulas of the table in a sentence
``repair``    the operation that was meant, where the one that is written cannot be
``backward_only``  operations read off adjoint formulas, where a reverse trace stands alone
``printed``   whether a printed number is a value: exact, rounded, truncated, or within its last digit
``backwards``  adjoint rows in the order of the reverse sweep, each held against what it gathers
``verdicts``  each cell right, a root mistake, or following from one
``causes``    the usual causes tried on a root mistake: ``slips``, ``derivative_slips``, ``formula_slips``
``findings``  what is known of an entry, and the numbers that others take from it
``writer``    findings into the cells, mistakes and remarks of a report
``report``    the answer as text, Markdown, HTML, JSON; ``marks`` as points
``call``      the call `check`; ``command`` the command
"""
