"""Why a number is wrong: slips as changes of the rule that it should have followed.

``changes`` what slips make of a rule
``pools``   what slips make of pools
``table``   the slips: a word, a sentence, a change of a rule
``explain`` which slip explains a wrong number, a wrong formula
``meant``   the operations that were meant
``reasons`` the causes of root mistakes
"""
