"""Every statement judged by one rule, what is told of it, and what is left out.

``claims``        what statements claim, what is found of each claim, and what stands in the row of another
``evidence``      the printed numbers, and what is computed from them
``contributions`` adjoints that are told of in parts
``conventions``   derivatives at a kink by different conventions
``zero_factors``  workings in which a factor 0 hides a wrong one
``by_hand``       numbers that only rounding by hand explains
``implicit``      derivatives of one independent variable by another
``steps``         steps of gradient descent
``sums``          sums of numbers in sentences
``untold``        what nobody tells, for which numbers and formulas are held against nothing
``formulas``      every formula judged
``judge``         every number judged, and all claims in their order
``guesses``       judgements of work that compares nothing, or guesses at its operations
``told``          judgements as findings, and the cells in which nothing stands
``shapes``        shapes that stand beside rows
``left_out``      the rows that a document or one of its tables leaves out, and what they cost
``judged``        by what a piece of work was judged, in words
"""
