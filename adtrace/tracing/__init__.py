"""From a formula, a Python function or a sympy object to a Wengert list, and over it in both sweeps.

``formulas``       the textbook's form of a tangent and of a contribution
``differentials``  the same of higher order
``quantities``     what a row has a number of, and where that stands in a sweep
``evaluate``       an elemental in a number system: its value, its partials, its domain
``jets``           Taylor coefficients as numbers: any number system lifted by the partials
``compiled``       the same in double precision as one function of Python; the one place that compiles
``to_sympy``       terms as sympy's objects
``symbols``        formulas as numbers: a trace without a point
``expressed``      such a formula as the caller gets it
``wengert``        the Wengert list: rows of one elemental each
``spread``         who contributes to whom in the reverse sweep
``rows``           rows in the making: constants of one spelling are one, and so are equal rows
``lower``          an expression into a Wengert list
``comparisons``    comparisons of expressions at a point
``from_sympy``     a sympy object into an expression
``reading``        a text into the one expression that it is
``conditions``     the conditions of a text, decided at the point
``sympy_text``     text in sympy's syntax, by sympy's parser behind a token reader
``point_arrays``   arrays from the caller, entry by entry
``point``          numbers from the caller, exactly
``point_files``    points in files
``given``          the values of the independent variables
``kinks``          the conventions where no derivative exists
``entries``        the entries of arrays
``products``       index rules in numbers
``linear_maps``    the local partials of array rows
``choices``        the largest of several entries
``array_operators``  Python's operators on an array
``array_value``    an array of a trace as the caller gets it
``arrays``         arrays as numbers: any number system lifted
``array_rows``     a row of an array trace
``array_rules``    printed adjoints of one's own operations, held against their rules
``unrolled``       an array list as one of numbers
``slopes``         whether one exists after all: slopes to both sides
``array_kinks``    the same of arrays, entry by entry
``sentences``      what is wrong with a row
``primal``         the evaluation trace: values and local partials
``sweeps``         tangents and adjoints over it: every number that a table may print
``higher``         derivatives of second and higher order, and which there are at kinks
``assumed``        what a trace with open letters assumes
``written``        numbers of Python as constants
``functions``      the elementals as functions of recorded values, numbers and arrays
``callers``        who asks a recorded value for its number or its order
``calls``          the arguments of a Python function from a point
``numbering``      recorded rows in the order of their formulas, equal ones as one
``active``         recorded values: a row for each operation
``array_calls``    the functions of the table of calls, of recorded arrays and of numbers
``numpy_shapes``   numpy's functions on recorded arrays: shapes, parts, arrays put together
``numpy_sums``     those that are sums and products
``numpy_calls``    all of them by numpy's names, and its universal functions
``active_arrays``  recorded arrays: a row for each operation on whole ones
``record``         a Python function into a Wengert list
``array_recording``  a Python function of arrays into a Wengert list
``branching``      whether another point takes the branches that were recorded
``sameness``       whether two Wengert lists compute the same
``letters``        the letters that stay open, and the number system of a trace
``seeds``          the tangents of the independent variables, the adjoints of the dependent ones
``readers``        what is traced, each kind by its reader
``array_function`` an array list as a function: its sweeps in double precision
``straight_line``  a Wengert list as a compiled function; the operations of its sweeps, counted
"""
