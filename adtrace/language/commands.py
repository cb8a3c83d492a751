"""The commands of LaTeX that are read in a formula."""

from __future__ import annotations

from adtrace.language.signs import GREEK

_NAMED = (
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "exp", "ln", "log",
    "max", "min", "arcsinh", "arccosh", "arctanh", "erf", "arsinh", "arcosh", "artanh",
)  # fmt: skip
FUNCTIONS = {
    **{name: name for name in _NAMED}, "tg": "tan", "ctg": "cot", "cotg": "cot", "cosec": "csc", "arctg": "arctan",
    "sh": "sinh", "ch": "cosh", "th": "tanh", "lg": "log10", "lb": "log2", "sgn": "sign", "sign": "sign", "abs": "abs",
    "relu": "relu", "ReLU": "relu", "sigmoid": "sigmoid", "softplus": "softplus", "atan": "atan", "coth": "coth",
    "sech": "sech", "csch": "csch",
}  # fmt: skip
"""Commands that are functions, each with its spelling here."""
FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac")
FONTS = ("mathrm", "mathit", "mathsf", "mathbf", "mathtt", "mathcal", "mathbb", "boldsymbol", "bm", "rm", "textit",
         "operatorname", "text", "mbox", "textrm", "mathop")  # fmt: skip
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "dot": "dot", "ddot": "ddot",
           "tilde": "tilde", "widetilde": "tilde", "vec": "vec", "underline": "bar"}  # fmt: skip
"""Commands that set a mark on a letter, each with the word that stands for it in a name."""
IGNORED = (
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "quad", "qquad",
    "thinspace", "medspace", "thickspace", "enspace", "negthinspace", "allowbreak", "relax", "hfill", "normalsize",
)  # fmt: skip
SIZES = ("left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
         "Biggr", "middle", "bigm")  # fmt: skip
WITH_ARGUMENT = ("label", "tag", "hspace", "vspace", "phantom", "color", "textcolor")
"""Commands whose argument is not read."""
SYMBOLS = {
    **{name: name for name in GREEK.values()},
    "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma",
    "varkappa": "kappa", "cdot": "*", "times": "*", "odot": "*", "ast": "*", "star": "*", "bullet": "*",
    "div": "/", "slash": "/",
    "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=",
    "lt": "<", "gt": ">", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "lnot": "not", "neg": "not",
    "coloneqq": ":=", "mapsto": "->", "to": "->", "rightarrow": "->", "lbrack": "(", "rbrack": ")", "ell": "l",
    "bmod": "%%", "top": "⊤", "intercal": "⊤", "prime": "'", "surd": "√",
}  # fmt: skip
"""Commands that are one sign or one letter."""
PRINTED = frozenset((
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "arcsin", "arccos", "arctan", "exp", "ln",
    "log", "lg", "max", "min", "frac", "dfrac", "tfrac", "sqrt", "left", "right", "big", "Big", "bigl", "bigr", "Bigl",
    "Bigr", "lvert", "rvert", "cdot", "times", "ast", "div", "pi", "mathrm", "mathit", "mathsf", "mathbf",
    "operatorname", "text", "hat", "bar", "tilde", "dot", "vec", "alpha", "beta", "gamma", "delta", "epsilon",
    "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi", "rho", "sigma",
    "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma",
    "Upsilon", "Phi", "Psi", "Omega",
))  # fmt: skip
"""Commands that every LaTeX with amsmath, and KaTeX, print: what a caption takes from the author as it stands."""
UNREAD = {
    "infty": "numbers are finite: \\infty has no value", "pm": "\\pm is two formulas: write one with + and one with -",
    "mp": "\\mp is two formulas: write one with + and one with -",
    "sum": "a sum is written out, with + between its terms",
    "prod": "a product is written out, with * between its factors", "int": "an integral is no elemental",
    "partial": "a derivative is what is computed: write the function alone", "lim": "a limit is no elemental",
    "nabla": "a derivative is what is computed: write the function alone", "ldots": "all terms are written out",
    "cdots": "all terms are written out", "dots": "all terms are written out",
    "binom": "a binomial coefficient is no elemental", "over": "write \\frac{a}{b} for a \\over b",
    "lVert": "norms are written out: \\sqrt{x^2 + y^2}, of an array norm(x)",
    "|": "norms are written out: \\sqrt{x^2 + y^2}, of an array norm(x)",
    "circ": "angles are in radians; write 30 degrees as 30*pi/180", "det": "a determinant is no elemental",
    "langle": "inner products are written out",
}  # fmt: skip
"""Commands that are known and have no reading, with what to write."""
