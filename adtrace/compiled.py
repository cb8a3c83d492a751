"""A Wengert list as compiled straight-line code: values and whole gradients in double precision, at any point.

The code is written from the list itself: variables become ``v0, v1, ...``, constants become numbers, and the rules of
the table of elementals become arithmetic.  No text from outside reaches the compiler, not even a name.
The reverse sweep is that of Griewank and Walther (2nd ed., Table 3.5); a local partial is computed where it is used.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from adtrace.dialects import plain
from adtrace.elementals import CORNER, JUMP, TABLE, TIE, Condition, Elemental, rule
from adtrace.errors import BindingError, DomainError
from adtrace.evaluate import Step, constant_value
from adtrace.formulas import contribution
from adtrace.kinks import Conventions
from adtrace.numbers.floats import FLOATS
from adtrace.syntax import SILENT, Apply, Number, Terms
from adtrace.wengert import Constant, Operand, Row, Variable, WengertList

Point = Any
"""A number for each independent variable; or an array of m points, m by n."""

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_SIDES = {
    "abs": (("-1", "1"),),
    "relu": (("0", "1"),),
    "max": (("0", "1"), ("1", "0")),
    "min": (("1", "0"), ("0", "1")),
}
"""The partials below and above a kink, for each operand."""


def _corner(x: float, below: float, at: float, above: float) -> float:
    return below if x < 0 else above if x > 0 else at


_SAME = ("exp", "log2", "log10", "sqrt", "cbrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")
_INVERSE = ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")


def _python_functions() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {name: getattr(math, name) for name in (*_SAME, *_INVERSE, "erf")}
    return found | {
        "ln": math.log,
        "power": math.pow,
        "abs": abs,
        "max": max,
        "min": min,
        "corner": _corner,
        "sign": lambda x: _corner(x, -1.0, 0.0, 1.0),
        "heaviside": lambda x: _corner(x, 0.0, 0.5, 1.0),
    }


def _numpy_functions() -> dict[str, Callable[..., Any]]:
    import numpy as np  # noqa: PLC0415 - an extra, needed for arrays only

    names = {name: name.replace("a", "arc", 1) for name in _INVERSE}
    names |= {name: name for name in (*_SAME, "abs", "sign")}
    names |= {"ln": "log", "max": "maximum", "min": "minimum", "power": "power"}
    found: dict[str, Callable[..., Any]] = {ours: getattr(np, theirs) for ours, theirs in names.items()}
    return found | {
        "erf": np.vectorize(math.erf, otypes=[float]),
        "heaviside": lambda x: np.heaviside(x, 0.5),
        "corner": lambda x, below, at, above: np.where(x < 0, below, np.where(x > 0, above, at)),
    }


# -- rules as Python ---------------------------------------------------------------------------------------


def _written(terms: Terms, texts: dict[str, str]) -> str:
    """A rule as a Python expression, with the texts of its slots."""
    stack: list[str] = []
    for term in terms:
        if isinstance(term, Number):
            stack.append(repr(FLOATS.literal(term.digits, term.exponent)))
        elif not isinstance(term, Apply):
            stack.append(texts[term.name] if term.name in texts else repr(FLOATS.constants[term.name]()))
        elif term.head not in SILENT:
            operands = stack[-term.arity :]
            del stack[-term.arity :]
            stack.append(_operation(term, operands))
    return stack[0]


def _operation(term: Apply, operands: list[str]) -> str:
    first, second = operands[0], operands[-1]
    if term.head == "neg":
        return f"(-{first})"
    if term.head == "mul" and second in ("1.0", "(-1.0)"):
        return first if second == "1.0" else f"(-{first})"
    if term.head == "pow":
        return _power(first, second)
    if term.head in _SIGNS:
        return f"({first}{_SIGNS[term.head]}{second})"
    if term.head in _NAMES:
        return f"{term.head}({','.join(operands)})"
    return _written(TABLE[term.head, term.arity].value, dict(zip("uw", operands, strict=False)))


def _power(base: str, exponent: str) -> str:
    """A power: with a whole number by Python's own operator, else by the function that refuses a negative base."""
    if exponent == "2.0" and base in _SLOTS:
        return f"({base}*{base})"
    if exponent.endswith(".0") and exponent[:-2].isdigit():
        return f"({base}**{exponent[:-2]})"
    return f"power({base},{exponent})"


_SLOTS = ("{u}", "{w}", "{v}")
_NAMES = frozenset(_python_functions())


@lru_cache(maxsize=1024)
def _value_pattern(elemental: Elemental) -> str:
    """The value with ``{u}`` and ``{w}`` for the operands."""
    terms = elemental.value if elemental.value_text else elemental.formula
    return _written(terms, {"u": "{u}", "w": "{w}"})


@lru_cache(maxsize=4096)
def _contribution_pattern(elemental: Elemental, slots: tuple[int, ...], at_kink: tuple[str, ...]) -> str:
    """What the row adds to the adjoint of the operands in ``slots``, with ``{a}`` for its own adjoint."""
    texts = {"u": "{u}", "w": "{w}", "v": "{v}", "a": "{a}"}
    if elemental.kink_kind not in (CORNER, TIE):
        return _written(contribution(elemental, slots), texts)
    difference = "{u}-{w}" if elemental.arity == 2 else "{u}"
    sides = [_SIDES[elemental.name][slot] for slot in slots]
    partials = [
        f"corner({difference},{low},{at_kink[slot]},{high})" for slot, (low, high) in zip(slots, sides, strict=True)
    ]
    return f"{{a}}*({'+'.join(partials)})"


def _code(source: str, kind: str) -> CodeType:
    """The lines that this module wrote, compiled."""
    return compile(source, kind, "exec")


def _made(code: CodeType, name: str, functions: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """The function that the code defines, over these functions."""
    space: dict[str, Any] = dict(functions)
    exec(code, space)
    made: Callable[..., Any] = space[name]
    return made


# -- rows as Python ----------------------------------------------------------------------------------------

_RELATIONS = {"=": "=="}


@lru_cache(maxsize=1024)
def step(elemental: Elemental, active: tuple[bool, ...]) -> Step:
    """A row of this elemental in double precision, as `evaluate.step`; Python's own errors are a row without value."""
    texts = {"u": "{u}", "w": "{w}", "v": "{v}"}

    def written(terms: Terms) -> str:
        return _written(terms, texts).format(u="u", w="w", v="v")

    def holds(condition: Condition) -> str:
        relation = _RELATIONS.get(condition.relation, condition.relation)
        return f"{written(condition.left)}{relation}{written(condition.right)}"

    refused = [f"not {holds(condition)}" for condition in (*elemental.domain, *elemental.smooth)]
    refused += [f"({' and '.join(map(holds, elemental.kink))})"] if elemental.kink else []
    value = _value_pattern(elemental).format(u="u", w="w")
    partials = [written(terms) if varies else "None" for terms, varies in zip(elemental.partials, active, strict=True)]
    finite = ["v", *(f"p{k}" for k, text in enumerate(partials) if not _PLAIN.fullmatch(text))]
    lines = [
        "def step(u,w):",
        f" if {' or '.join(refused)}:return None" if refused else "",
        f" v={value}",
        *(f" p{k}={text}" for k, text in enumerate(partials)),
        f" if {' or '.join(f'{name}-{name}' for name in finite)}:return None",  # infinite or no number at all
        f" return v,({''.join(f'p{k},' for k in range(len(partials)))})",
    ]
    return _made(_code("\n".join(filter(None, lines)), "<elemental>"), "step", _python_functions())


_PLAIN = re.compile(r"None|[uwv]|\(?-?[0-9.]+\)?|(?:cos|sin|sign|heaviside)\([^()]*\)")
"""Partials that are finite where the value is."""


# -- lists as Python ---------------------------------------------------------------------------------------


def _lines(wengert: WengertList, conventions: Conventions) -> Iterator[str]:
    """The lines of the function: x is a sequence of numbers, or of arrays."""
    n = len(wengert.independents)
    names = [f"v{place}" for place in range(n + len(wengert.rows))]
    yield f"{','.join(names[:n])},=x"
    texts = [_texts(row, names, n) for row in wengert.rows]
    for index, (row, text) in enumerate(zip(wengert.rows, texts, strict=True)):
        if row.elemental.kink_kind == JUMP and "heaviside" in conventions.numbers:
            middle = repr(constant_value(rule(conventions.numbers["heaviside"]), FLOATS, plain))
            yield f"{names[n + index]}=corner({text['u']},0.0,{middle},1.0)"
        else:
            yield f"{names[n + index]}={_value_pattern(row.elemental).format_map(text)}"
    for place, dependent in enumerate(wengert.dependents):
        yield from _reverse(wengert, names, texts, conventions, place)
        gradient = ",".join(f"g{place}_{k}" for k in range(n))
        yield f"r{place}={_text(dependent, names, n)},[{gradient}]"
    yield f"return [{','.join(f'r{place}' for place in range(len(wengert.dependents)))}]"


def _text(operand: Operand, names: list[str], n: int) -> str:
    if isinstance(operand, Constant):
        return repr(constant_value(operand.terms, FLOATS, plain))
    return names[operand + n - 1]


def _texts(row: Row, names: list[str], n: int) -> dict[str, str]:
    return dict(zip("uw", (_text(operand, names, n) for operand in row.operands), strict=False))


def _reverse(
    wengert: WengertList, names: list[str], texts: list[dict[str, str]], conventions: Conventions, place: int
) -> Iterator[str]:
    """The reverse sweep of one dependent variable; g_0.. are its partial derivatives."""
    n = len(wengert.independents)
    dependent = wengert.dependents[place]
    reached: set[int] = set()
    if isinstance(dependent, Variable):
        reached.add(dependent + n - 1)
        yield f"b{dependent + n - 1}=1.0"
    for index in range(len(wengert.rows) - 1, -1, -1):
        at = n + index
        if at not in reached:
            continue
        row = wengert.rows[index]
        kinked = row.elemental.kink_kind in (CORNER, TIE)
        at_kink = _at_kink(index + 1, row.elemental, conventions) if kinked else ()
        text = {**texts[index], "v": names[at], "a": f"b{at}"}
        for slots, target in _targets(row):
            increment = _contribution_pattern(row.elemental, slots, at_kink).format_map(text)
            to = target + n - 1
            yield f"b{to}{'+=' if to in reached else '='}{increment}"
            reached.add(to)
    for k in range(n):
        yield f"g{place}_{k}={f'b{k}' if k in reached else '0.0*v' + str(k)}"


def _at_kink(index: int, elemental: Elemental, conventions: Conventions) -> tuple[str, ...]:
    found = conventions.at(index, elemental)
    texts = found[0] if found else elemental.at_kink_text
    return tuple(repr(constant_value(rule(text), FLOATS, plain)) for text in texts)


def _targets(row: Row) -> list[tuple[tuple[int, ...], Variable]]:
    """The operands that are variables; one that occurs twice once, with both slots."""
    if len(row.operands) == 2 and isinstance(row.operands[0], Variable) and row.operands[0] == row.operands[1]:
        return [((0, 1), row.operands[0])]
    return [((slot,), operand) for slot, operand in enumerate(row.operands) if isinstance(operand, Variable)]


def compiled(wengert: WengertList, conventions: Conventions) -> Callable[[Point], Any]:
    """The list as a function of the point: ``value, gradient``, or a list of such pairs for several outputs.

    A point is a sequence of n numbers.  Given an array of m points (m by n), each value is an array of m numbers and
    each gradient an array of m by n.  Raises `BindingError` for a point of another length, `DomainError` where the
    function has no value, and where a number is too large for double precision.
    """
    source = "def function(x):\n " + "\n ".join(_lines(wengert, conventions))
    code = _code(source, "<Wengert list>")
    n, single = len(wengert.independents), len(wengert.dependents) == 1

    def bound(functions: dict[str, Callable[..., Any]]) -> Callable[[Any], Any]:
        return _made(code, "function", functions)

    plain_function = bound(_python_functions())
    on_arrays: list[Callable[[Any], Any]] = []

    def function(point: Point) -> Any:
        if getattr(point, "ndim", 1) == 2:
            if not on_arrays:
                on_arrays.append(bound(_numpy_functions()))
            return _many(on_arrays[0], point, n, single)
        try:
            results = plain_function(point)
        except (ValueError, ZeroDivisionError, OverflowError) as problem:
            if len(point) != n:
                raise BindingError(f"a point has {n} numbers, not {len(point)}") from None
            raise DomainError(f"no value in double precision at this point: {problem}") from None
        return results[0] if single else results

    return function


def _many(function: Callable[[Any], Any], points: Any, n: int, single: bool) -> Any:
    """The function at each row of an array."""
    import numpy as np  # noqa: PLC0415

    if points.shape[1] != n:
        raise BindingError(f"a point has {n} numbers, not {points.shape[1]}")
    with np.errstate(all="ignore"):
        results = function(tuple(np.ascontiguousarray(points.T)))
    shaped = []
    for value, gradient in results:
        values = np.broadcast_to(value, len(points))
        columns = [np.broadcast_to(column, len(points)) for column in gradient]
        shaped.append((values, np.stack(columns, axis=1)))
        if not all(np.isfinite(part).all() for part in shaped[-1]):
            raise DomainError("no value in double precision at one of these points")
    return shaped[0] if single else shaped


# -- cost --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Operations of the function and of its reverse sweep: the cheap-gradient bound (Griewank and Walther, ch. 4)."""

    function: int
    """Operations of one evaluation."""
    reverse: int
    """Operations of the reverse sweep: local partials, products, additions."""

    @property
    def ratio(self) -> float:
        """Reverse over function."""
        return self.reverse / self.function if self.function else 0.0

    def __str__(self) -> str:
        return f"{self.function} operations; reverse sweep {self.reverse}, {self.ratio:.2f} times as many"


def cost(wengert: WengertList) -> Cost:
    """The operations, counted from the rules: every application of a head is one."""
    function = reverse = 0
    reached: set[int] = {int(x) for x in wengert.dependents if isinstance(x, Variable)}
    for index in range(len(wengert.rows), 0, -1):
        row = wengert.rows[index - 1]
        function += _operations(row.elemental.value if row.elemental.value_text else row.elemental.formula)
        if index not in reached:
            continue
        for slots, target in _targets(row):
            reverse += _operations(contribution(row.elemental, slots)) + (int(target) in reached)
            reached.add(int(target))
    return Cost(function, reverse)


@lru_cache(maxsize=4096)
def _counted(terms: tuple[Any, ...]) -> int:
    return sum(isinstance(term, Apply) and term.head not in SILENT for term in terms)


def _operations(terms: Terms) -> int:
    return _counted(tuple(terms))
