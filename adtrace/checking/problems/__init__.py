"""What is asked: the function, the variables and the point, from options or prose.

``said``    the equations that prose says
``started`` with what the prose starts sweeps
``asked``   the function, the variables and the point, from options or prose
``apart``   the problems of a document, one after the other
``called``  what is asked, in the names that a table has
``iterations`` tables of gradient descent and of Newton's method as equations
"""
