"""A value as ``format`` writes it: like a float, but rounded once, from the value itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from adtrace.errors import OptionError
from adtrace.numbers.rounding import leading

_FORMAT = "a value is formatted as a float is, with f, e, g or %, such as f'{value:.4f}'"
_SPEC = re.compile(
    r"(?:(?P<fill>.)?(?P<align>[<>=^]))?(?P<sign>[-+ ]?)z?(?P<alternate>#?)(?P<zero>0?)(?P<width>[0-9]*)"
    r"(?P<grouped>[,_]?)(?:\.(?P<digits>[0-9]+))?(?P<kind>[eEfFgG%])", re.DOTALL,
)  # fmt: skip


class Rounded(Protocol):
    """What can be formatted: see `adtrace.numbers.value.Value`."""

    def __float__(self) -> float: ...

    def rounded(self, decimals: int) -> str:
        """The correctly rounded decimal."""

    def settled(self, decide: Callable[[Any], Any], what: str) -> Any:
        """The first answer that is not None, at rising precision."""


def formatted(value: Rounded, spec: str) -> str:
    """The value by a format specification that is not empty; raises `OptionError` for one that no float takes."""
    read = _SPEC.fullmatch(spec)
    try:
        return _digits(value, read) if read else format(float(value), spec)
    except ValueError as error:
        raise OptionError(f"{_FORMAT}: {error}") from None


def _digits(value: Rounded, spec: re.Match[str]) -> str:
    """The kinds that show digits, in their width."""
    kind, places = spec["kind"].lower(), int(spec["digits"] or 6)
    if kind in "f%":
        number = Decimal(value.rounded(places + 2 * (kind == "%")))
        if spec["zero"] and spec["grouped"]:
            return format(number, spec[0])  # the zeros have commas, too
        text = format(number, f"{spec['grouped']}.{places}{kind}")
    else:
        text = _leading(value, spec, places, kind)
    sign, text = ("-", text[1:]) if text.startswith("-") else (spec["sign"].replace("-", ""), text)
    fill, missing = spec["fill"] or spec["zero"] or " ", int(spec["width"] or 0) - len(sign + text)
    if (spec["align"] or ("=" if spec["zero"] else ">")) == "=":
        return sign + fill * missing + text
    return format(sign + text, f"{fill}{spec['align'] or '>'}{spec['width']}")


def _leading(value: Rounded, spec: re.Match[str], places: int, kind: str) -> str:
    """The digits of the kinds e and g."""
    digits = max(places, 1) if kind == "g" else places + 1
    mantissa, power = value.settled(lambda x: leading(x, digits), f"digit {digits}")
    if kind == "g" and not spec["alternate"] and "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    if kind == "g" and -5 < power < digits:
        return format(Decimal(f"{mantissa}e{power}"), f"{spec['grouped']}f")
    return f"{mantissa}{'E' if spec['kind'].isupper() else 'e'}{power:+03d}"
