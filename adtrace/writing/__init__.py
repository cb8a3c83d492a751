"""How a formula is written.

``notation``  a formula with named slots into its text, by a pattern that is compiled once for each dialect
``dialects``  LaTeX, Markdown, the terminal, Typst, and ASCII for messages
``mathml``    HTML
``mathtext``  the formulas of a caption of one's own, from LaTeX
"""
