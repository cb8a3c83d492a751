"""Layer tables of networks, judged by the sweep in shapes.

``slips``    what a wrong number of a layer table would come from
``rows``     layer tables of networks: their columns, their layers, what they print
``verdicts`` the cells of a layer table, judged
``findings`` layer tables of networks, judged by the sweep in shapes
``windows``  tables of windows and convolutions, which are said not to be checked
"""
