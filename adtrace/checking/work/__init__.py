"""The author's rows as a real Wengert list, swept by the real sweeps, and every number that comes of it.

``values``   rows of others in a Wengert list, swept by the real sweeps
``shapes``   formulas of arrays: products by shape, vectors as columns
``numerals`` printed numbers: exact, rounded, cut, or what they may stand for
``rules``    quantities and their marks; the rule of a number, and the table around it, as records
``partials`` the local partials of one row, alone
``nearby``   a point nearby, where formulas are told apart
``figures``  every number of a piece of work
``contexts`` what names mean where they stand
``formulas`` whether a formula is that of a number, however it is written
``derived``  the rule of a number as terms
"""
