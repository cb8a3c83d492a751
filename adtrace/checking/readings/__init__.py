"""A cell with all its readings: what each side of an equation may mean, as names, numbers and terms.

``bare``      a text without its markup
``names``     a variable in its one spelling, with its mark
``hands``     names where they stand in a text, in any hand
``arraytext`` whole arrays in a text, in the words of the language
``literals``  decimals, thousands, units
``rewriting`` terms matched and rewritten by patterns
``parts``     one side of an equation, with all its readings
``cells``     a cell into chains of equal sides
"""
