"""What each column is of: of all that it may be the one that explains most of the printed numbers.

``meanings``      what a column may be of, and how well that explains what is printed
``printed_seeds`` seeds and weights that tables print
``filled``        columns, what stands in each and what its heading speaks for
``hypotheses``    all that a column may be, each with what speaks for it beforehand
``interpret``     what each column is: of all readings the one that explains most numbers
"""
