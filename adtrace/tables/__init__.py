"""From an evaluation to tables: every cell a plain string.

``resources``  the folders of templates and styles, ours and a user's
``parts``      the parts of a row by their words: each a form of a quantity
``styles``     a notation as data: letters, marks, panels, columns
``panels``     the panels of a style for one table
``options``    what a table can be asked to be
``extent``     how many cells a document has, before it is made
``exactly``    numbers in closed form
``simplified`` formulas as sympy simplifies them
``numerals``   numbers into digits, each rounded once
``lines``      which lines a table has
``patterns``   all cells of a line as one pattern
``naming``     names, and their marks
``texts``      the names and numbers that stand in patterns
``cells``      the lines of an evaluation
``composed``   of arrays: which rows a line stands for, and the formulas of its quantities
``at_entries`` a formula of arrays at one of its entries
``array_cells`` the lines of a trace with arrays
``array_panels`` the panels of a style for them
``array_prose`` what captions and notes say of arrays
``updates``    each variable after a step of gradient descent
``shapes``     the panels of a style for one evaluation
``steps``      when each cell is computed
``table``      a table as its templates find it: records
``prose``      captions and headings
``notes``      what stands under a table
``blocks``     panels beside each other
``tabulate``   an evaluation into tables
``heard``      the words of formulas beside them
``worked``     a table of worked formulas: layers of a network, windows, products
"""
