"""How other books and tools spell what is in the language: tables, and nothing but tables.

An entry maps a name to what it stands for here: a function (``"ln"``), or a formula in the operands ``u, w, t``
(``"u^w"``), or one for each number of operands that it may have (``("ln(u)", "log(u, w)")``).  A formula that ends in
``...`` goes on for any number of operands (``"u + w + ..."``).  To add a spelling, add an entry: to `GENERAL` one that
means the same everywhere, to a table of `LIBRARIES` one that needs its prefix (``np.log``).  A name of the table of
elementals needs no entry, and an entry for a function that is not in that table is refused as unknown.

`CHOICES` are functions whose operands are conditions and values; `TWO_WAYS` names that mean two things.
"""

from __future__ import annotations

Spelling = str | tuple[str, ...]

CONSTANT_SPELLINGS = {"E": "e", "Pi": "pi", "PI": "pi", "M_PI": "pi", "M_E": "e", "exp1": "e"}
"""Constants, where no variable is declared under the name."""

# A kink is written so that the convention of its elementals adds up to that of the tool: at 0 the slope of relu is 0,
# and of two equal operands of min the first counts.
GENERAL: dict[str, Spelling] = {
    # school books of other countries
    "sigma": "sigmoid", "tg": "tan",
    "ctg": "cot", "cotg": "cot", "cotan": "cot", "cosec": "csc", "sen": "sin", "arcsen": "arcsin",
    "arctg": "arctan", "atg": "atan", "lg": "log10", "lb": "log2", "ld": "log2", "sh": "sinh", "ch": "cosh",
    "th": "tanh", "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "sgn": "sign", "signum": "sign",
    "arcsec": "acos(1/u)", "arccsc": "asin(1/u)", "arccosec": "asin(1/u)", "arccot": "atan(1/u)",
    "sech": "1/cosh(u)", "csch": "1/sinh(u)", "coth": "1/tanh(u)", "H": "heaviside", "Theta": "heaviside",
    # programming languages and tools
    "pow": "u^w", "power": "u^w", "fabs": "abs", "absolute": "abs", "sqr": "u^2", "square": "u^2", "cube": "u^3",
    "reciprocal": "1/u", "inv": "1/u", "negative": "-u", "neg": "-u", "uminus": "-u", "positive": "+u",
    "add": "u + w + ...", "plus": "u + w + ...", "subtract": "u - w", "minus": "u - w", "sub": "u - w",
    "multiply": "u*w*...", "times": "u*w*...", "mul": "u*w*...", "divide": "u/w", "div": "u/w", "rdivide": "u/w",
    "true_divide": "u/w", "mtimes": "u*w*...", "mrdivide": "u/w", "mpower": "u^w", "SUM": "u + w + ...",
    "PRODUCT": "u*w*...", "hypot": "sqrt(u^2 + w^2)", "exp2": "2^u", "exp10": "10^u", "log1p": "ln(1 + u)",
    "expm1": "exp(u) - 1", "nthroot": "u^(1/w)", "root": ("sqrt(u)", "u^(1/w)"), "realsqrt": "sqrt", "reallog": "ln",
    "rsqrt": "1/sqrt(u)", "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min", "clip": "min(max(u, w), t)",
    "clamp": "min(max(u, w), t)", "expit": "sigmoid", "logistic": "sigmoid", "logit": "ln(u/(1 - u))",
    "sqrt2": "sqrt", "Cbrt": "cbrt", "UnitStep": "heaviside", "HeavisideTheta": "heaviside", "Ramp": "relu",
    "LogisticSigmoid": "sigmoid", "silu": "u*sigmoid(u)", "swish": "u*sigmoid(u)", "relu6": "min(6, relu(u))",
    "leaky_relu": "relu(u) + w*min(u, 0)", "logsigmoid": "-softplus(-u)",
    "log_sigmoid": "-softplus(-u)", "softsign": "u/(1 + abs(u))", "tanhshrink": "u - tanh(u)",
    "gelu": "u*normcdf(u)", "mish": "u*tanh(softplus(u))", "prelu": "relu(u) + w*min(u, 0)",
    "elu": ("relu(u) + min(exp(u) - 1, 0)", "relu(u) + min(w*(exp(u) - 1), 0)"),
    "celu": ("relu(u) + min(exp(u) - 1, 0)", "relu(u) + min(w*(exp(u/w) - 1), 0)"),
    # Klambauer, Unterthiner, Mayr and Hochreiter (2017), Self-Normalizing Neural Networks, equation 2 and section 2
    "selu": "1.0507009873554805*(relu(u) + min(1.6732632423543772*(exp(u) - 1), 0))",
    "hardswish": "u*min(6, relu(u + 3))/6", "hard_swish": "u*min(6, relu(u + 3))/6",
    "rad2deg": "180*u/pi", "deg2rad": "pi*u/180", "degrees": "180*u/pi", "radians": "pi*u/180",
    "DEGREES": "180*u/pi", "RADIANS": "pi*u/180", "LOG10": "log10", "ReLU": "relu", "Relu": "relu",
    # sympy and its printers
    "Abs": "abs", "Max": "max", "Min": "min", "Heaviside": ("heaviside(u)",), "Pow": "u^w", "Add": "u + w + ...",
    "Mul": "u*w*...", "Rational": ("u", "u/w"), "Integer": "u", "Float": "u",
    "LambertW": "lambertw", "atan_2": "atan2", "Mod": "mod", "MOD": "mod", "remainder": "mod",
    "factorial": "gamma(u + 1)",
    "FLOOR": ("floor(u)",), "CEILING": ("ceiling(u)",), "gammaln": "loggamma", "lgamma": "loggamma",
    "lngamma": "loggamma", "logaddexp": "ln(exp(u) + exp(w))", "jv": "besselj", "ndtr": "normcdf",
    **{f"J_{order}": f"besselj({order}, u)" for order in range(20)},
}  # fmt: skip
"""Spellings that mean the same wherever they stand."""

CALLED_ONLY = (
    "sigma", "Theta", "root", "inv", "logistic", "swish", "Ramp", "positive", "absolute", "maximum", "minimum",
)  # fmt: skip
"""Names that are so only before a bracket: without one they are somebody's variables."""

MATHEMATICA: dict[str, Spelling] = {
    "Log": ("ln(u)", "log(w, u)"), "ArcTan": ("atan(u)", "atan2(w, u)"), "ArcSin": "asin", "ArcCos": "acos",
    "ArcSinh": "asinh", "ArcCosh": "acosh", "ArcTanh": "atanh", "Power": "u^w", "Times": "u*w*...",
    "Plus": "u + w + ...", "Subtract": "u - w", "Divide": "u/w", "CubeRoot": "cbrt", "Surd": "u^(1/w)",
    "Log10": "log10", "Log2": "log2", "Sign": "sign", "Rational": "u/w", "Minus": "-u",
}  # fmt: skip
"""Functions that are called with square brackets."""

_NUMPY: dict[str, Spelling] = {
    "log": "ln", "arcsin": "arcsin", "arccos": "arccos", "arctan": "arctan", "arctan2": "arctan2", "atan2": "atan2",
    "arcsinh": "arcsinh", "arccosh": "arccosh", "arctanh": "arctanh", "float_power": "u^w", "abs": "abs",
    "sinc": "sin(pi*u)/(pi*u)", "heaviside": ("heaviside(u)",), "amax": "max", "amin": "min",
    "float64": "u", "float32": "u", "array": "u", "asarray": "u", "sign": "sign",
}  # fmt: skip
_TORCH: dict[str, Spelling] = {
    "log": "ln", "clamp": ("u", "max(u, w)", "min(max(u, w), t)"), "tensor": "u", "acos": "acos", "abs": "abs",
    "leaky_relu": ("relu(u) + 0.01*min(u, 0)", "relu(u) + w*min(u, 0)"), "constant": "u", "Variable": "u",
    "hardtanh": ("min(1, max(-1, u))", "min(t, max(w, u))"), "hardsigmoid": "min(6, relu(u + 3))/6",
    "sinc": "sin(pi*u)/(pi*u)",
}  # fmt: skip
_TENSORFLOW: dict[str, Spelling] = _TORCH | {
    "leaky_relu": ("relu(u) + 0.2*min(u, 0)", "relu(u) + w*min(u, 0)"), "clip_by_value": "min(max(u, w), t)",
}  # fmt: skip
_JAX: dict[str, Spelling] = _TORCH | {
    "gelu": "u*(1 + tanh(sqrt(2/pi)*(u + 0.044715*u^3)))/2", "hard_tanh": "min(1, max(-1, u))",
    "hard_sigmoid": "min(6, relu(u + 3))/6",
}  # fmt: skip
"""Its gelu is the approximation by tanh, unless ``approximate=False`` is given."""
_ALONE: dict[str, Spelling] = {}
_MATH: dict[str, Spelling] = {"log": ("ln(u)", "log(u, w)"), "fabs": "abs", "pow": "u^w"}

LIBRARIES: dict[str, dict[str, Spelling]] = {
    **dict.fromkeys(("np", "numpy", "jnp", "jax.numpy", "cp", "cupy", "anp", "onp"), _NUMPY),
    **dict.fromkeys(("np.linalg", "numpy.linalg", "jnp.linalg", "torch.linalg"), _ALONE),
    **dict.fromkeys(
        ("torch", "F", "nn", "torch.nn", "torch.nn.functional", "nn.functional", "torch.special"), _TORCH),
    **dict.fromkeys(("jax.nn", "jax", "lax", "jax.lax"), _JAX),
    **dict.fromkeys(("tf", "tf.nn", "tf.math", "tensorflow", "tf.keras.activations", "K"), _TENSORFLOW),
    **dict.fromkeys(("math", "cmath", "Math", "std", "mpmath", "mp", "Base"), _MATH),
    **dict.fromkeys(("sp", "sympy", "sym", "scipy.special", "special", "sc", "adtrace", "ad"), _ALONE),
}  # fmt: skip
"""The meaning of a name behind a prefix, where it is not that of the name alone."""

CHOICES = {
    "where": "where", "ifelse": "where", "If": "where", "IF": "where", "iif": "where", "IIF": "where", "if": "where",
    "select": "where", "Piecewise": "piecewise", "piecewise": "piecewise",
}  # fmt: skip
"""Functions of conditions: ``where`` has a condition and two values, ``piecewise`` values and conditions in turn."""
CONDITION_CALLS = {
    "And": "and", "Or": "or", "Not": "not", "AND": "and", "OR": "or", "NOT": "not", "logical_and": "and",
    "logical_or": "or", "logical_not": "not", "Gt": ">", "Lt": "<", "Ge": ">=", "Le": "<=", "Eq": "=", "Ne": "!=",
    "greater": ">", "less": "<", "greater_equal": ">=", "less_equal": "<=", "StrictGreaterThan": ">",
    "StrictLessThan": "<", "GreaterThan": ">=", "LessThan": "<=", "Equality": "=", "Unequality": "!=",
}  # fmt: skip
TRUE_WORDS = ("True", "true", "otherwise", "else", "sonst", "TRUE", "elsewhere")

TWO_WAYS: dict[str, tuple[Spelling, ...]] = {
    "LOG": (("ln(u)", "log(u, w)"), ("log10(u)", "log(u, w)")),
    "ATAN2": ("atan2(u, w)", "atan2(w, u)"),
}
"""Names that two tools give two meanings: a spreadsheet's LOG is the decimal one, and its ATAN2 has x first."""

INVERSES = {
    "sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh", "ln": "exp",
    "log": "exp", "exp": "ln", "sec": "acos(1/u)", "csc": "asin(1/u)", "cot": "atan(1/u)", "sqrt": "u^2", "cbrt": "u^3",
    "log10": "10^u", "log2": "2^u", "asin": "sin", "acos": "cos", "atan": "tan", "sigmoid": "ln(u/(1 - u))",
    "softplus": "ln(exp(u) - 1)", "arcsin": "sin", "arccos": "cos", "arctan": "tan",
}  # fmt: skip
"""What ``sin^-1`` may mean beside ``1/sin``."""
