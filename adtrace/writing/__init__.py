"""How a formula is written.

``matrices``  arrays of texts: matrices, vectors, what a large one leaves out
``notation``  a formula with named slots into its text, by a pattern that is compiled once for each dialect
``arrays``    formulas of arrays: which sign stands for which product, how parts and sums are drawn
``dialects``  LaTeX, Markdown, the terminal, Typst, and ASCII for messages
``mathml``    HTML
``spoken``    a dialect in the language of its reader
``derived``   reStructuredText, AsciiDoc, Word and CSV, which write the formulas of the others
``aloud``     formulas in words, from their MathML
``counts``    formulas of whole numbers, in letters and with the numbers put in
``items``     formulas of LaTeX that an author wrote, as what they are made of
``pens``      how each kind of document draws them
``mathtext``  the formulas of a caption of one's own
``letters``   the author's own symbols for names
"""
