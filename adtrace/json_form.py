"""What the library returns as JSON: a default for ``json.dumps``, and the schema of a trace."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.resources import files
from math import isfinite
from typing import Any

from adtrace.errors import AdtraceError
from adtrace.numbers.value import Value, as_value


def to_json(thing: Any) -> Any:
    """What ``json.dumps(..., default=adtrace.to_json)`` writes for what the library returns.

    A `Value` is a number: a whole one an integer, else the nearest double; a formula, and what is past the doubles, is
    a text, ``"x*y + sin(x)"``.  An array is nested lists of these; a trace, a network, a report and the other answers
    are their ``to_dict()``.

    Raises TypeError for what is none of them, as ``json.dumps`` does without a default.
    """
    if isinstance(thing, Value | Fraction):
        number = as_value(thing)
        assert number is not None
        exact = number.exact
        if exact is not None and exact.denominator == 1:
            return exact.numerator
        try:
            nearest = float(number)
        except AdtraceError:  # of a formula, and of what is as good as 0
            return str(number)
        return nearest if isfinite(nearest) else str(number)
    if hasattr(thing, "tolist") and hasattr(thing, "shape"):
        return thing.tolist()
    if hasattr(thing, "to_dict"):
        return thing.to_dict()
    raise TypeError(f"{type(thing).__name__} is not written as JSON")


def json_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of what ``--format json`` writes and ``trace.to_dict()`` returns."""
    schema: dict[str, Any] = json.loads((files("adtrace") / "documents" / "trace.schema.json").read_text("utf-8"))
    return schema
