"""A Wengert list as compiled straight-line code: values and whole gradients in double precision, at any point.

The code is written from the list itself: variables become ``v0, v1, ...``, constants become numbers, and the rules of
the table of elementals become arithmetic.  The reverse sweep is that of Griewank and Walther (2nd ed., Table 3.5); a
local partial is computed where it is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from adtrace.elementals import SLOTS
from adtrace.errors import BindingError, BoundError, DomainError, listed
from adtrace.language.syntax import SILENT, Apply, Terms
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.branching import departed, require_same_branches
from adtrace.tracing.compiled import (
    contribution_pattern,
    defined,
    irregular_patterns,
    numpy_functions,
    python_code,
    python_functions,
    value_pattern,
    written_rule,
)
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.formulas import contribution
from adtrace.tracing.given import Given
from adtrace.tracing.primal import FAULTS
from adtrace.tracing.spread import spread
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Constant, Operand, Row, Variable, WengertList
from adtrace.tracing.written import constant_terms, is_number
from adtrace.writing.dialects import plain

Point = Any
"""A number for each independent variable, in their order or by name; or an array of points, its last axis a point."""


def _lines(wengert: WengertList, arrays: bool) -> Iterator[str]:
    """The lines of the function: x is a sequence of numbers, or of arrays.  Where a row is not regular it gives None,
    or notes which of the points these are.
    """
    n = len(wengert.independents)
    names = [f"v{place}" for place in range(n + len(wengert.rows))]
    yield f"{','.join(names[:n])},=x"
    texts = [_texts(row, names, n) for row in wengert.rows]
    for index, (row, text) in enumerate(zip(wengert.rows, texts, strict=True)):
        for condition in irregular_patterns(row.elemental, arrays):
            yield f"{'irregular({})' if arrays else 'if {}:return'}".format(condition.format_map(text))
        yield f"{names[n + index]}={value_pattern(row.elemental).format_map(text)}"
    for place, branch in enumerate(wengert.branches):
        sides = (_side(of, wengert, names, n) for of in (branch.left, branch.right))
        comparison = _COMPARED[branch.relation].join(sides)
        yield f"require({comparison},{branch.held},{place})"
    for place, dependent in enumerate(wengert.dependents):
        yield from _reverse(wengert, names, texts, place)
        gradient = ",".join(f"g{place}_{k}" for k in range(n))
        yield f"r{place}={_text(dependent, names, n)},[{gradient}]"
    yield f"return [{','.join(f'r{place}' for place in range(len(wengert.dependents)))}]"


_COMPARED = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def _side(side: Variable | Terms, wengert: WengertList, names: list[str], n: int) -> str:
    """One side of a comparison on which the function branched."""
    if isinstance(side, Variable):
        return names[side + n - 1]
    return written_rule(side, dict(zip(wengert.independents, names, strict=False)))


def _text(operand: Operand, names: list[str], n: int) -> str:
    if isinstance(operand, Constant):
        return repr(constant_value(operand.terms, FLOATS, plain))
    return names[operand + n - 1]


def _texts(row: Row, names: list[str], n: int) -> dict[str, str]:
    return dict(zip(SLOTS, (_text(operand, names, n) for operand in row.operands), strict=False))


def _reverse(wengert: WengertList, names: list[str], texts: list[dict[str, str]], dependent: int) -> Iterator[str]:
    """The reverse sweep of one dependent variable; g_0.. are its partial derivatives."""
    n, kinds = len(wengert.independents), wengert.flat.kinds
    started = _variables(wengert, [dependent])
    yield from (f"b{place}=1.0" for place in started)
    edges = spread(wengert, started)
    own: set[int] = set()  # those adjoints that are no other's array: only they may grow in place
    for row, target, slots, first in zip(edges.rows, edges.targets, edges.slots, edges.first, strict=True):
        text = {**texts[row - n], "v": names[row], "a": f"b{row}"}
        increment = contribution_pattern(kinds[row - n].elemental, slots).format_map(text)
        if first:
            yield f"b{target}={increment}"
        else:
            yield f"b{target}+={increment}" if target in own else f"b{target}=b{target}+{increment}"
        if not (first and increment.isidentifier()):
            own.add(target)
    reached = started.union(edges.targets)
    for k in range(n):
        yield f"g{dependent}_{k}={f'b{k}' if k in reached else '0.0*v' + str(k)}"


def _variables(wengert: WengertList, dependents: Iterable[int]) -> set[int]:
    """The places of the variables that these dependent ones are; a constant is none."""
    return {wengert.place(of) for of in dependents if isinstance(wengert.dependents[of], Variable)}


def compiled(evaluation: Evaluation) -> Callable[[Point], Any]:
    """A list as a function of the point: ``value, gradient``, or a list of such pairs for several outputs.

    A point is n real numbers, in a sequence or a mapping from the names.  Given an array of points (m by n, or of more
    axes, of which the last is a point), each value is an array of the other axes and each gradient one of all.
    The code is that of regular rows; at a point where a row is at a kink, or without a value, the sweeps answer.
    Raises `BindingError` for what is no point, `DomainError` where the function has no value, where a value is too
    large for double precision, and where it would take another branch.
    """
    wengert = evaluation.wengert
    single = len(wengert.dependents) == 1

    def require(comparison: Any, held: bool, place: int) -> None:
        same = comparison == held
        if not (same if isinstance(same, bool) else same.all()):
            raise DomainError(departed(wengert, wengert.branches[place]))

    def compiled_with(functions: dict[str, Callable[..., Any]], arrays: bool) -> Callable[[Any], Any]:
        source = "def function(x):\n " + "\n ".join(_lines(wengert, arrays))
        return defined(python_code(source, "<Wengert list>"), "function", dict(functions, require=require))

    plain_function = compiled_with(python_functions(), False)
    on_arrays: list[_OnArrays] = []

    def function(point: Point) -> Any:
        in_order = type(point) is list or type(point) is tuple
        if not in_order and getattr(point, "ndim", 1) > 1:
            if not on_arrays:
                masks: list[Any] = []
                functions = numpy_functions() | {"irregular": masks.append}
                on_arrays.append(_OnArrays(compiled_with(functions, True), masks))
            return _many(on_arrays[0], point, evaluation)
        try:
            total = sum(point) if in_order else None
            if type(total) is not float or total - total:  # numbers that are not Python's floats show in their sum
                point = _numbers(point, wengert.independents)
            results = plain_function(point)
            for value, gradient in results or (_IRREGULAR,):
                size = sum(gradient, value)
                if size - size:  # one of them is not finite, or the sum alone is not: the sweeps tell
                    results = _swept(evaluation, point)
                    break
        except FAULTS:
            if len(point) != len(wengert.independents):
                raise _miscounted(wengert, len(point)) from None
            results = _swept(evaluation, point)
        except TypeError:
            n = len(wengert.independents)
            raise BindingError(f"a point is {n} numbers, and points are an array of {n} columns") from None
        return results[0] if single else results

    return function


_IRREGULAR = math.inf, ()


class _OnArrays(NamedTuple):
    """The code for arrays, and for each check in it at which points a row is not regular."""

    function: Callable[[Any], Any]
    irregular: list[Any]


def _swept(evaluation: Evaluation, numbers: Sequence[float]) -> list[tuple[float, list[float]]]:
    """Values and gradients at one point from the sweeps, which know kinks, their conventions and every domain."""
    wengert = evaluation.wengert
    n, count = len(wengert.independents), len(wengert.dependents)
    point = Given([float(number) for number in numbers])
    evaluated = replace(evaluation.evaluated, point=point, arithmetic=FLOATS, displayed=None)
    there = replace(evaluation, evaluated=evaluated)
    one, zero = constant_terms(1), constant_terms(0)
    pairs = []
    try:
        for place in range(count):
            weights = tuple(one if other == place else zero for other in range(count))
            sweep = there.weighted(weights, place).first()
            pairs.append((sweep.output(place), sweep.adjoints[:n]))
        require_same_branches(there)
    except (BoundError, DomainError) as problem:
        raise DomainError(f"no value in double precision at this point: {problem}") from None
    return pairs


def _miscounted(wengert: WengertList, count: int) -> BindingError:
    return BindingError(f"a point has {len(wengert.independents)} numbers, not {count}")


def _numbers(point: Any, names: Sequence[str]) -> list[float]:
    """The point in doubles.  Raises `TypeError` for what is none, `BindingError` for other names and infinite numbers.

    numpy's own scalars would overflow, round to single precision and divide by zero without a word.
    """
    if isinstance(point, Mapping):
        if set(point) != set(names):
            raise BindingError(f"a point has a number for each of {listed(names)}, and no other")
        point = [point[name] for name in names]
    elif isinstance(point, Set):
        raise TypeError("a set has no order")
    numbers = point.tolist() if hasattr(point, "tolist") else list(point)
    if not all(is_number(number) and not isinstance(number, bool) for number in numbers):
        raise TypeError("not a number")
    doubles = [float(number) for number in numbers]
    if not all(map(math.isfinite, doubles)):
        raise BindingError("the numbers of a point are finite")
    return doubles


_AT_ONCE = 2_000_000
"""Numbers of a function at many points that are held at once, so that they stay in the processor's cache..."""
_LEAST, _MOST = 1_000, 2_000
"""... as far as numpy's calls, which cost as much as some hundred points each, are worth it."""


def _many(on_arrays: _OnArrays, given: Any, evaluation: Evaluation) -> Any:
    """The function at each point of an array, some points at a time."""
    import numpy as np  # noqa: PLC0415

    wengert, shape = evaluation.wengert, given.shape
    points = _points(given, wengert)
    step = min(max(_AT_ONCE // (shape[-1] + len(wengert.rows)), _LEAST), _MOST)
    arrays: list[tuple[Any, Any]] = [(np.empty(len(points)), np.empty(points.shape)) for _ in wengert.dependents]
    for start in range(0, len(points), step):
        part = slice(start, start + step)
        columns = np.ascontiguousarray(points[part].T)
        if not _finite(columns):
            raise BindingError("the numbers of a point are finite")
        on_arrays.irregular.clear()
        with np.errstate(all="ignore"):
            results = on_arrays.function(tuple(columns))
        parts = [(values[part], gradients[part]) for values, gradients in arrays]
        for (values, gradients), (value, gradient) in zip(parts, results, strict=True):
            values[:] = value
            for place, column in enumerate(gradient):
                gradients[:, place] = column
            for mask in on_arrays.irregular:
                values[mask] = np.nan
        if not all(_finite(array) for pair in parts for array in pair):
            _answer_rest(evaluation, points[part], parts)
    arrays = [(values.reshape(shape[:-1]), gradients.reshape(shape)) for values, gradients in arrays]
    return arrays[0] if len(arrays) == 1 else arrays


def _points(given: Any, wengert: WengertList) -> Any:
    """An array of points as one of two axes, in doubles; raises `BindingError` for other arrays."""
    import numpy as np  # noqa: PLC0415

    n = len(wengert.independents)
    if given.shape[-1] != n:
        raise _miscounted(wengert, given.shape[-1])
    points = np.asarray(given)
    if not (points.dtype.kind in "iuf" or (points.dtype == object and all(map(is_number, points.flat)))):
        raise BindingError(f"points are an array of real numbers, not of {points.dtype}")
    return points.astype(float, copy=False).reshape(-1, n)


def _answer_rest(evaluation: Evaluation, points: Any, parts: list[tuple[Any, Any]]) -> None:
    """The points whose numbers are not all finite, from the sweeps."""
    import numpy as np  # noqa: PLC0415

    finite = np.logical_and.reduce([np.isfinite(v) & np.isfinite(g).all(axis=1) for v, g in parts])
    for at in np.flatnonzero(~finite).tolist():
        for (values, gradients), (value, gradient) in zip(parts, _swept(evaluation, points[at].tolist()), strict=True):
            values[at], gradients[at] = value, gradient


def _finite(array: Any) -> bool:
    """Whether all numbers are finite: as a rule their sum tells, which asks for no array of answers."""
    import numpy as np  # noqa: PLC0415

    with np.errstate(all="ignore"):
        return bool(np.isfinite(array.sum()) or np.isfinite(array).all())


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
    n, kinds = len(wengert.independents), wengert.flat.kinds
    edges = spread(wengert, _variables(wengert, range(len(wengert.dependents))))
    return Cost(
        sum(_operations(of.elemental.value if of.elemental.value_text else of.elemental.formula) for of in kinds),
        sum(
            _operations(contribution(kinds[row - n].elemental, slots)) + (not first)
            for row, slots, first in zip(edges.rows, edges.slots, edges.first, strict=True)
        ),
    )


@lru_cache(maxsize=4096)
def _counted(terms: tuple[Any, ...]) -> int:
    return sum(isinstance(term, Apply) and term.head not in SILENT for term in terms)


def _operations(terms: Terms) -> int:
    return _counted(tuple(terms))
