"""The slips that people make in a row, each as a change to the row's rule.

    Slip("degrees", "sin is taken of degrees", ..., change)      v_2 = sin(v_1)  becomes  v_2 = sin(v_1*pi/180)

One table explains a wrong number and a wrong formula, mends an operation, plants mistakes and sets exercises
(`adtrace.checking.slips.explain`).  The likeliest come first; what could be met by chance is believed for more digits
only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from adtrace.checking.slips.changes import (
    Change,
    beside,
    foreign,
    kernels_turned,
    left_out,
    marked,
    names_exchanged,
    numbers_changed,
    of_arrays,
    of_seeds,
    one_alone,
    other_numbers,
    renamed,
    rewritten,
    rounded,
    seeded,
    turned,
    twice,
    unmarked,
    updated,
    whole,
    wrong_partials,
    wrong_tangents,
)  # fmt: skip
from adtrace.checking.slips.pools import misplaced, pooled
from adtrace.checking.work.rules import ADJOINT, COEFFICIENT, INCREMENT, QUANTITIES, SECOND, TANGENT, VALUE

SIGN, DEGREES, OPERAND, PARTIAL_WRONG, BASE = "sign", "degrees", "operand", "local partial", "e for exp"
COPIED, ROWS, COLUMNS, SEEDS = "copied", "swapped rows", "swapped columns", "swapped seeds"
MISSING_PATH, EXTRA_PATH, PRODUCT_RULE, NEGATED_SQUARE = "missing path", "extra path", "product rule", "negated square"
FUNCTION, FACTOR, SEED, BRACKETS, OPERATION, DIGITS = (
    "function", "missing factor", "seed", "brackets", "operation", "digits")  # fmt: skip
QUOTIENT_RULE, POWER_RULE, CHAIN_RULE, CONSTANT, SHAPE, ORDER, ROUNDING, ENTRY = (
    "quotient rule", "power rule", "chain rule", "constant", "shape", "order", "rounding", "entry")  # fmt: skip

EVERY = frozenset(QUANTITIES)
DERIVATIVES = EVERY - {VALUE}
SWEPT = frozenset({TANGENT, ADJOINT, INCREMENT})
ADDED = frozenset({ADJOINT, INCREMENT})
_VALUES, _TANGENTS, _SECOND = frozenset({VALUE}), frozenset({TANGENT}), frozenset({SECOND})


@dataclass(frozen=True)
class Slip:
    """One kind of slip."""

    word: str
    sentence: str
    """What was done, with {row}, {before}, {after}, {u}, {w}, ... ."""
    of: frozenset[str]
    """The quantities in whose rules it is made."""
    change: Change = field(repr=False)
    """The rules that come of it."""
    digits: int = 0
    """How many digits a number must have for this to be believed: what many changes may give by chance wants more."""


# fmt: off
_POWERS = (
    ("u^n", "n*u^(n - 1)", "n*u^n", "u^(n - 1)", "n*u", "(n - 1)*u^(n - 1)", "(n - 1)*u^(n - 2)", "n*u^(n - 2)",
     "(n - 1)*u^n", "n*u^(n + 1)", "n", "u^(n + 1)/(n + 1)", "(n + 1)*u^n"),
)
_PARTIALS = (
    ("sin(u)", "cos(u)", "-cos(u)", "sin(u)", "-sin(u)"),
    ("cos(u)", "-sin(u)", "sin(u)", "cos(u)", "-cos(u)"),
    ("tan(u)", "1 + tan(u)^2", "1/cos(u)", "cos(u)^2", "1 + u^2", "1 - tan(u)^2", "1 + tan(u)", "tan(u)^2"),
    ("exp(u)", "exp(u)", "u*exp(u)", "u*exp(u - 1)", "exp(u - 1)", "e", "1", "exp(-u)"),
    ("n^u", "n^u*ln(n)", "u*n^(u - 1)", "n^u", "n^u/ln(n)", "n^u*ln(u)"),
    ("ln(u)", "1/u", "ln(u)", "-1/u", "1/u^2", "-1/u^2", "u", "1/ln(u)", "exp(u)", "1/(u*ln(10))"),
    ("log10(u)", "1/(u*ln(10))", "1/u", "ln(10)/u", "1/(10*u)"),
    ("log2(u)", "1/(u*ln(2))", "1/u", "ln(2)/u", "1/(2*u)"),
    ("sqrt(u)", "1/(2*sqrt(u))", "1/sqrt(u)", "sqrt(u)/2", "-1/(2*sqrt(u))", "2*sqrt(u)", "1/(2*u)", "2/sqrt(u)"),
    ("u^w", "w*u^(w - 1)", "u^(w - 1)", "w*u^w", "(w - 1)*u^(w - 1)", "w*u", "u^w*ln(u)"),
    ("w^u", "w^u*ln(w)", "u*w^(u - 1)", "w^u", "w^u*ln(u)", "ln(w)"),
    ("n/u", "-n/u^2", "n/u^2", "-n/u", "n*ln(u)", "-n/u^3", "-n*u^2", "n", "-1/u^2"),
    ("u*u", "u + u", "u", "u^2", "2", "1"),
    ("n*u", "n", "1", "n*u", "0", "u", "1/n"), ("u*n", "n", "1", "u*n", "0", "u", "1/n"),
    ("u/n", "1/n", "n", "1", "u/n", "-1/n^2"),
    ("u*w", "w", "u", "1", "-w", "u*w"),
    ("w*u", "w", "u", "1", "-w", "u*w"),
    ("u/w", "1/w", "w", "1/w^2", "1/u", "-1/w", "1", "-u/w^2"),
    ("w/u", "-w/u^2", "w/u^2", "-w/u", "1/u^2", "-1/u^2", "-1/w^2", "w", "1/u", "-1/u", "-u/w^2", "-w*u^2", "ln(u)"),
    ("u + w", "1", "u", "w", "0", "-1"), ("w + u", "1", "u", "w", "0", "-1"),
    ("u - w", "1", "-1", "u", "0"), ("w - u", "-1", "1", "0", "-u"),
    ("-u", "-1", "1", "u", "-u", "0"),
    ("asin(u)", "1/sqrt(1 - u^2)", "-1/sqrt(1 - u^2)", "1/(1 - u^2)", "1/sqrt(1 + u^2)", "1/cos(u)", "acos(u)"),
    ("acos(u)", "-1/sqrt(1 - u^2)", "1/sqrt(1 - u^2)", "-1/(1 - u^2)", "-asin(u)"),
    ("atan(u)", "1/(1 + u^2)", "1/(1 - u^2)", "1/(1 + u)", "1/sqrt(1 + u^2)", "-1/(1 + u^2)", "1 + u^2"),
    ("sinh(u)", "cosh(u)", "-cosh(u)", "sinh(u)", "cos(u)"), ("cosh(u)", "sinh(u)", "-sinh(u)", "cosh(u)", "-sin(u)"),
    ("tanh(u)", "1 - tanh(u)^2", "1 - tanh(u)", "1 - u^2", "1 + tanh(u)^2", "tanh(u)*(1 - tanh(u))", "tanh(u)^2 - 1"),
    ("sigmoid(u)", "sigmoid(u)*(1 - sigmoid(u))", "u*(1 - u)", "sigmoid(u)*(1 + sigmoid(u))", "1 - sigmoid(u)^2",
     "1 - sigmoid(u)", "sigmoid(u)", "sigmoid(1 - u)", "-sigmoid(u)*(1 - sigmoid(u))"),
    ("relu(u)", "heaviside(u)", "1 - heaviside(u)", "heaviside(u)*u", "1"),
    ("abs(u)", "sign(u)", "-sign(u)", "1", "u", "abs(u)"),
    ("max(u, w)", "heaviside(u - w)", "heaviside(w - u)", "1", "1/2"),
    ("max(w, u)", "heaviside(u - w)", "heaviside(w - u)", "1", "1/2"),
    ("min(u, w)", "heaviside(w - u)", "heaviside(u - w)", "1", "1/2"),
    ("min(w, u)", "heaviside(w - u)", "heaviside(u - w)", "1", "1/2"),
)
"""An operation, its derivative by u, and what is taken for it."""
_DERIVED = "the derivative of {operation} by {operand} is {right}, not {wrong}"
_TOLD = "{row} is {operation}: its derivative is taken as {wrong}"
_FUNCTIONS = (
    "sin(u) <-> cos(u); sin(u) <-> tan(u); cos(u) <-> tan(u); ln(u) <-> log10(u); ln(u) <-> log2(u); ln(u) <-> exp(u); "
    "exp(u) -> 10^u; exp(-u) <-> exp(u); sqrt(u) <-> u^2; sqrt(u) <-> cbrt(u); asin(u) <-> acos(u); "
    "asin(u) -> 1/sin(u); acos(u) -> 1/cos(u); atan(u) -> 1/tan(u); sinh(u) -> sin(u); cosh(u) -> cos(u); "
    "tanh(u) -> tan(u); sinh(u) <-> cosh(u); max(u, w) <-> min(u, w); sigmoid(u) <-> tanh(u); u^w -> w^u; u^w -> u*w; "
    "u*w <-> u + w; u/w <-> u*w"
)
_UNARY = "sin cos tan exp ln log10 log2 sqrt cbrt asin acos atan sinh cosh tanh sigmoid relu abs"
_ANGLES = (
    "sin(u) -> sin(u*pi/180); cos(u) -> cos(u*pi/180); tan(u) -> tan(u*pi/180); asin(u) -> asin(u)*180/pi; "
    "acos(u) -> acos(u)*180/pi; atan(u) -> atan(u)*180/pi"
)

SLIPS = (
    # another cell's number
    Slip(SEEDS, "the seeds of two columns are exchanged, or their headings", _TANGENTS,
         of_seeds(beside(exchanged=True))),
    Slip(ROWS, "the numbers of the rows {row} and {other} are exchanged", EVERY, other_numbers(exchanged=True)),
    Slip(COLUMNS, "this number and {words} are exchanged", EVERY, beside(exchanged=True)),
    Slip(SEED, "the seed of {row} is {before}, not {after}", SWEPT, seeded),
    # signs
    Slip(SIGN, "it is right but for its sign", EVERY, whole("-u")),
    Slip(NEGATED_SQUARE, "the minus is applied before the power: {after} stands for {before}", EVERY,
         rewritten("-u^w -> (-u)^w")),
    Slip(DEGREES, "{before} is computed in degrees, not in radians", EVERY, rewritten(_ANGLES)),
    Slip(BASE, "e stands in place of its power {before}", EVERY, rewritten("exp(u) -> e")),
    Slip(SIGN, "{w} is subtracted, not added: {after} stands for {before}", _VALUES,
         rewritten("u + w -> u - w")),
    Slip(SIGN, "{w} is added, not subtracted: {after} stands for {before}", _VALUES,
         rewritten("u - w -> u + w")),
    Slip(SIGN, "the minus of {before} is lost", _VALUES, rewritten("-u -> u")),
    Slip(COPIED, "it is {words}", _TANGENTS, beside(exchanged=False)),
    # derivatives of a product and a quotient
    Slip(PRODUCT_RULE, _TOLD, _TANGENTS, wrong_tangents("u*w", "p*w - u*q", "u*q - p*w")),
    Slip(QUOTIENT_RULE, _TOLD, _TANGENTS, wrong_tangents(
        "u/w", "(u*q - p*w)/w^2", "(p*w + u*q)/w^2", "(p*w - u*q)/w", "p*w - u*q")),
    Slip(MISSING_PATH, "the tangent of {through} is left out: {addend} is missing", _TANGENTS, left_out),
    Slip(MISSING_PATH, "the path through {through} is left out: {addend} is missing", ADDED, left_out),
    Slip(MISSING_PATH, "{addend} is missing", _SECOND, left_out),
    Slip(PRODUCT_RULE, _TOLD, _TANGENTS, wrong_tangents("u*w", "p*q", "u*p + w*q", "p + q")),
    Slip(QUOTIENT_RULE, _TOLD, _TANGENTS, wrong_tangents(
        "u/w", "p/q", "(u*p - w*q)/w^2", "(p*w - u*q)/u^2", "(u*q + p*w)/w", "(p - q)/w", "p*w + u*q")),
    Slip(POWER_RULE, _DERIVED, _TANGENTS, wrong_partials((("u^2", "2*u", "2"),))),
    Slip(CHAIN_RULE, _TOLD, _TANGENTS, wrong_tangents(
        "u^n", "p^n", "n*p^(n - 1)", "n*(u*p)^(n - 1)", "n*u^(n - 1) + p")),
    *(Slip(CHAIN_RULE, _TOLD, _TANGENTS, wrong_tangents(
        f"{of}(u)", f"{of}(p)", f"{slope}(p)", f"{slope}(u*p)", f"{slope}(u) + p"))
      for of, slope in (("sin", "cos"), ("cos", "-sin"), ("exp", "exp"), ("ln", "1/"), ("sqrt", "1/sqrt"))),
    Slip(SIGN, "{addend} has the other sign", DERIVATIVES, turned),
    Slip(MISSING_PATH, "only {addend} is there: the other addends are overwritten, not added to", ADDED, one_alone),
    Slip(EXTRA_PATH, "{addend} is counted twice", DERIVATIVES, twice),
    Slip(EXTRA_PATH, "{other} does not use {row}, and yet its adjoint is added", ADDED, foreign, digits=2),
    Slip(FACTOR, "the factor {mark} is missing: the local partial is not multiplied by it", SWEPT | {SECOND},
         marked("1")),
    Slip(FACTOR, "it is the sum of the local partials: none is multiplied", SWEPT, unmarked),
    Slip(POWER_RULE, _DERIVED, DERIVATIVES, wrong_partials(_POWERS, last=3)),
    Slip(PARTIAL_WRONG, _DERIVED, DERIVATIVES, wrong_partials(_PARTIALS, last=3)),
    Slip(COPIED, "it is {words}", DERIVATIVES, beside(exchanged=False)),
    # second order
    Slip(FACTOR, "the square is lost: {after} stands for {before}", _SECOND, rewritten("u^n -> u")),
    Slip(FACTOR, "it is the Taylor coefficient, half of the second derivative", _SECOND, whole("u/2")),
    Slip(FACTOR, "it is the second derivative, twice the Taylor coefficient", frozenset({COEFFICIENT}), whole("2*u")),
    Slip(PARTIAL_WRONG, "the mask is that of the sign of {u}, not of {w}", SWEPT,
         rewritten("u*heaviside(w) -> u*heaviside(u)")),
    # operations of another kind
    Slip(OPERAND, "the operands are exchanged: {after} stands for {before}", EVERY,
         rewritten("u/w -> w/u; u - w -> w - u")),
    Slip(FUNCTION, "{after} is taken in place of {before}", _VALUES, rewritten(_FUNCTIONS)),
    Slip(FUNCTION, "the function is left out: {after} stands for {before}", EVERY,
         rewritten("; ".join(f"{name}(u) -> u" for name in _UNARY.split()))),
    Slip(FUNCTION, "the exponent is left out: {after} stands for {before}", EVERY, rewritten("u^w -> u")),
    Slip(FACTOR, "the factor {w} is left out of {before}", EVERY, rewritten("u*w -> u")),
    Slip(FACTOR, "the factor {u} is left out of {before}", EVERY, rewritten("u*w -> w")),
    Slip(FACTOR, "the division by {w} is left out of {before}", EVERY, rewritten("u/w -> u")),
    Slip(FACTOR, "{u} is left out of {before}", EVERY, rewritten("u/w -> 1/w")),
    Slip(MISSING_PATH, "{w} is left out of {before}", EVERY, rewritten("u + w -> u; u - w -> u")),
    Slip(MISSING_PATH, "{u} is left out of {before}", EVERY, rewritten("u + w -> w; u - w -> -w; u - w -> w")),
    Slip(SIGN, "a sign in it is another: {after} stands for {before}", DERIVATIVES,
         rewritten("u + w -> u - w; u - w -> u + w; -u -> u")),
    Slip(BRACKETS, "a bracket is another: {after} stands for {before}", EVERY, rewritten(
        "u*(w + z) <-> u*w + z; (u + w)*z <-> u + w*z; u*(w - z) <-> u*w - z; (u - w)*z <-> u - w*z; "
        "(u + w)/z <-> u + w/z; (u - w)/z <-> u - w/z; u/(w + z) <-> u/w + z; u/(w - z) <-> u/w - z; "
        "u/(w*z) <-> u/w*z; -(u + w) <-> -u + w; -(u - w) <-> -u - w; u - (w + z) <-> u - w + z; "
        "u - (w - z) <-> u - w - z; (u*w)^z <-> u*w^z; (-u)^w <-> -u^w")),
    # arrays: the shapes are compared before the numbers
    Slip(SHAPE, "it is transposed", EVERY, of_arrays(whole("u.T"))),
    Slip(SHAPE, "{before} is taken without its transpose", EVERY, rewritten("u.T -> u")),
    Slip(SHAPE, "a factor is transposed: {after} stands for {before}", EVERY,
         rewritten("u @ w -> u.T @ w; u @ w -> u @ w.T")),
    Slip(ORDER, "the factors are in the wrong order: {after} stands for {before}", EVERY, of_arrays(rewritten(
        "u @ w -> w @ u; outer(u, w) -> outer(w, u)"))),
    Slip(ORDER, "the product is another: {after} stands for {before}", EVERY, of_arrays(rewritten(
        "u @ w <-> u*w; dot(u, w) -> u*w; outer(u, w) -> u*w"))),
    Slip(PARTIAL_WRONG, "only the diagonal of the softmax's Jacobian is taken: {after} stands for {before}", EVERY,
         rewritten("u*(w - sum(z)) -> w*u*(1 - u); u*(w - sum(z)) -> u*w")),
    Slip(SHAPE, "{after} stands for {before}: it is summed over another axis, or over none", EVERY, rewritten(
        "sum(u) -> u; sum(u) -> sum(u, axis=0); sum(u) -> sum(u, axis=1); sum(u) -> sum(u); mean(u) -> u; "
        "mean(u) -> mean(u, axis=0); mean(u) -> mean(u, axis=1); softmax(u) -> softmax(u, axis=0); "
        "softmax(u) -> softmax(u, axis=1); softmax(u) -> softmax(u)")),
    Slip(SHAPE, "{before} is not summed back over what was repeated", DERIVATIVES, rewritten("sum(u) -> u[0]")),
    Slip(FACTOR, "the mean is taken in place of the sum {before}", EVERY, rewritten(
        "sum(u) -> mean(u); sum(u) -> mean(u, axis=0); sum(u) -> mean(u, axis=1)")),
    Slip(FACTOR, "{before} is not divided by the number of entries", EVERY, rewritten("mean(u) -> sum(u)")),
    Slip(PARTIAL_WRONG, "mean and variance are taken as constants: {after} stands for {before}", EVERY,
         rewritten("(u - mean(w) - z)/n -> u/n; (u - mean(w) - z)/sqrt(n) -> u/sqrt(n)")),
    Slip(OPERATION, "the kernel is turned round, and should not be", EVERY, kernels_turned),
    Slip(OPERATION, "it is neither padded nor turned: {after} stands for the full convolution {before}", EVERY,
         rewritten("convolve(u, w) -> conv1d(u, w)")),
    Slip(OPERATION, "the kernel is turned round: {after} stands for {before}", EVERY,
         rewritten("conv1d(u, w) -> convolve(u, w)")),
    Slip(OPERATION, "stride or padding is forgotten: {after} stands for {before}", EVERY, rewritten(
        "conv1d(u, w) -> conv1d(u, w); conv2d(u, w) -> conv2d(u, w)")),
    # pools
    Slip(PARTIAL_WRONG, "the adjoint of each window is sent to all of its entries, not to the largest alone", ADDED,
         pooled("max(u, w) -> mean(u)*n")),
    Slip(PARTIAL_WRONG, "the adjoint of each window is shared by its entries, as that of an average pool", ADDED,
         pooled("max(u, w) -> mean(u)")),
    Slip(PARTIAL_WRONG, "the adjoint of each window is sent to its first entry, not to the largest", ADDED,
         pooled("max(u, w) -> max(u, w*0)")),
    Slip(PARTIAL_WRONG, "the adjoint of each window is sent to its smallest entry, not to the largest", ADDED,
         pooled("max(u, w) -> max(u, -w)")),
    Slip(PARTIAL_WRONG, "the adjoint of a tie is sent to each of its entries whole", ADDED,
         pooled("max(u, w) -> max(u, w)", (("tie", "all"),))),
    Slip(PARTIAL_WRONG, "the adjoint of window {window} is sent to entry {entry}; the largest is {largest}", ADDED,
         misplaced),
    Slip(FACTOR, "the average pool is not divided by the number of entries of its window", EVERY,
         pooled("mean(u) -> mean(u)*n")),
    Slip(FACTOR, "the average pool is divided by the side of its window, not by the number of its entries", EVERY,
         pooled("mean(u) -> mean(u)*m")),
    Slip(OPERATION, "it is a pool of the other kind: {after} stands for {before}", _VALUES | _TANGENTS,
         pooled("max(u) -> mean(u); mean(u) -> max(u)")),
    Slip(OPERAND, "{before} is already updated: {after} stands for it", ADDED, updated, digits=3),
    # what many changes may give by chance
    Slip(FUNCTION, "{after} is taken in place of {before}", DERIVATIVES, rewritten(_FUNCTIONS), digits=2),
    Slip(POWER_RULE, _DERIVED, DERIVATIVES, wrong_partials(_POWERS, first=3), digits=2),
    Slip(PARTIAL_WRONG, _DERIVED, DERIVATIVES, wrong_partials(_PARTIALS, first=3), digits=2),
    Slip(FACTOR, "{value} stands in place of {mark}", SWEPT | {SECOND}, marked("v"), digits=1),
    Slip(OPERAND, "{u} and {w} are exchanged", EVERY, names_exchanged, digits=2),
    Slip(SIGN, "the sign of {u} is lost in {before}", _VALUES, rewritten(
        "u*w -> -u*w; u + w -> -u + w; u/w -> -u/w; " + "; ".join(f"{f}(u) -> {f}(-u)" for f in _UNARY.split())),
         digits=2),
    Slip(OPERAND, "{after} is taken in place of {before}", EVERY, renamed, digits=2),
    Slip(CONSTANT, "{after} is taken in place of the number {before}", EVERY, numbers_changed, digits=2),
    Slip(ROWS, "it is the number of the row {other}", EVERY, other_numbers(exchanged=False), digits=1),
    *(Slip(DIGITS, "the decimal point is misplaced", EVERY, whole(text))
      for text in ("10*u", "u/10", "100*u", "u/100")),
    Slip(FACTOR, "it is twice as much as it should be", EVERY, whole("2*u")),
    Slip(FACTOR, "it is half as much as it should be", EVERY, whole("u/2")),
    Slip(FUNCTION, "it is the reciprocal", EVERY, whole("1/u"), digits=2),
    Slip(FUNCTION, "it is the square", EVERY, whole("u^2"), digits=2),
    Slip(FUNCTION, "it is the square root", EVERY, whole("sqrt(u)"), digits=2),
    *(Slip(ROUNDING, f"its operands were rounded to {to} before", EVERY, rounded(decimals), digits=3)
      for decimals, to in ((2, "2 decimals"), (1, "one decimal"), (0, "whole numbers"))),
)
# fmt: on
"""The table, the likeliest first."""
