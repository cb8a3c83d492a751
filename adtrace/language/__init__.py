"""The language of formulas: text into terms.

``syntax``  what an expression is once it is read: its terms in postfix order
``hints``   what was probably meant, for the sentence of an error
``parse``   text into an `Expression`, with the place of each mistake
"""
