"""Layer tables of networks, judged by the sweep in shapes.

``slips``    what a wrong number of a layer table would come from
``words``    what people tell of a layer in words and lengths
``numbers``  what a cell says: text without markup, numbers, shapes, products
``code``     layers from names and codes, and from the code beside a table
``columns``  what the columns hold
``rows``     which layer each row is, and what its cells print
``inputs``   the size of the input, as rows, prose or the first layer say it
``conventions`` what a table may mean where it does not say
``verdicts`` the cells of a layer table, judged
``printed``  in which columns results stand, and whether zeros do
``operands`` what columns say of what a layer reads
``totals``   the sums of columns, judged
``findings`` layer tables of networks, judged by the sweep in shapes
``windows``  tables of windows: the lengths that they come to, judged; products, which are said not to be checked
"""
