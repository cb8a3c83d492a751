"""Tables as statements of rows: which row a cell is of, and what its heading speaks for.

``headings``  what the words of a heading speak for
``layouts``   tables: which of their columns name the rows, and which only count them
``lines``     what each line of a table says: of which rows its cells are, and in which statements
``slipped``   rows in which a cell is left out, put in order
``multipliers`` letters that are the adjoints of numbered rows: λ_3 of z_3
``pieces``    a document in pieces of work
``gradients`` the gradient of a result in one statement, as a statement for each variable
"""
