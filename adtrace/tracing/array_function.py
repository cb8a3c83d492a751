"""An array list as a function of its arguments in double precision: the sweeps themselves, over numpy's arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from adtrace.errors import BindingError, BoundError, DomainError, listed
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.arrays import arrays
from adtrace.tracing.branching import require_same_branches
from adtrace.tracing.entries import shape_of
from adtrace.tracing.given import Given
from adtrace.tracing.point import constant
from adtrace.tracing.point_arrays import Entries, require_shapes
from adtrace.tracing.seeds import unit
from adtrace.tracing.sweeps import Evaluation


def swept(evaluation: Evaluation) -> Callable[..., Any]:
    """A list as a function: ``value, gradient``, or a list of such pairs for several outputs.

    Its arguments are an array or a number for each independent variable: one after the other, in a sequence, or in a
    mapping from the names.  A gradient is a list of arrays in their order, that of an array output the gradient of the
    sum of its entries.  Raises `BindingError` for arguments of other shapes, `DomainError` where there is no value in
    double precision, and where it would take another branch.
    """
    wengert = evaluation.wengert
    n, count = len(wengert.independents), len(wengert.dependents)
    evaluated = replace(evaluation.evaluated, arithmetic=arrays(FLOATS), displayed=None, summed=None)
    started = [replace(evaluation, evaluated=evaluated).weighted(unit(place, count), place) for place in range(count)]

    def function(*point: Any, **named: Any) -> Any:
        there = replace(evaluated, point=_given(named or (point[0] if len(point) == 1 else point), evaluation))
        results: list[tuple[Any, Any]] = []
        try:
            for place, start in enumerate(started):
                sweep = replace(start, evaluated=there).first()
                results.append((sweep.output(place), sweep.adjoints[:n]))
            if wengert.branches:
                require_same_branches(replace(started[0], evaluated=there))
        except (BoundError, DomainError) as problem:
            raise DomainError(f"no value in double precision at this point: {problem}") from None
        return results[0] if count == 1 else results

    return function


def _given(point: Any, evaluation: Evaluation) -> Given:
    """The arguments in double precision."""
    wengert, limits = evaluation.wengert, evaluation.limits
    names, shapes = wengert.independents, wengert.shapes[: len(wengert.independents)]
    if isinstance(point, Mapping):
        if set(point) != set(names):
            raise BindingError(f"a point has a value for each of {listed(names)}, and no other")
        point = [point[name] for name in names]
    elif len(names) == 1 and not (isinstance(point, list | tuple) and len(point) == 1 and np.shape(point) != shapes[0]):
        point = [point]
    if not isinstance(point, list | tuple) or len(point) != len(names):
        raise BindingError(f"a point has a value for each of {listed(names)}: in their order, in a list, or by name")
    numbers = [_doubles(name, argument) for name, argument in zip(names, point, strict=True)]
    require_shapes(names, shapes, list(map(shape_of, numbers)))

    def terms_of(number: Any, what: str) -> Any:
        return constant(number, what, limits)

    return Given([x if type(x) is float else Entries(x.shape, x.reshape(-1), terms_of) for x in numbers])


def _doubles(name: str, given: Any) -> Any:
    """An argument as an array of doubles, or a float."""
    try:
        number = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise BindingError(f"{name} is a number or an array of real numbers") from None
    if not np.isfinite(number).all():
        raise BindingError(f"the numbers of {name} are finite")
    return number if number.ndim else float(number)
