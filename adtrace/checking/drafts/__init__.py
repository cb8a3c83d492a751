"""The author's rows put together: their operations, their inputs, the point, and which of them are the function.

``aligned``   rows without operations as parts of the function
``account``   what tables tell of their rows
``workings``  rows that tell their operation in numbers alone, with the names for which these are put in
``entries``   entries of arrays that have names of their own
``functions`` which rows are the functions asked for, and those left to do where a table breaks off
``operations`` the operations of rows as they are told
``products``  which products those of arrays are, by the numbers that are printed
``points``    the independent variables, which of the function's each is, and their values
``draft``     the author's rows put together: operations, inputs, the point
"""
