"""What a cell of a layer table says: text without markup, and numbers, shapes, products, rounded ones."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import NamedTuple

from adtrace.checking.patterns import ARROW
from adtrace.checking.readings.bare import flat
from adtrace.checking.readings.parts import read_part
from adtrace.checking.words import TOTALS
from adtrace.checking.work.numerals import printed_ways

TOTAL = re.compile(rf"\b({TOTALS}|trainable)\b|合计|总|合計|합계", re.IGNORECASE)


@lru_cache(maxsize=4096)
def said(cell: str) -> str:
    """What a cell says: sizes and products with ``*``, without markup and footnotes."""
    text = re.sub(r"\\q?quad|\\enspace|\\thinspace|\\;|\\ |\s{2,}", " ", cell)
    text = re.sub(r"\^\s*\{\s*(?:\\mathrm\s*\{)?\s*[a-z*†‡]\s*\}?\s*\}|<sup>\s*[a-z*]\s*</sup>|\[[a-z]\]\s*$", "", text)
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", flat(text)[0]).replace("{}", ""))
    return re.sub(r"(?<=\d)\s*[xX*]\s*(?=\d)", "*", text).strip()


class Number(NamedTuple):
    """What one side of a cell prints."""

    text: str
    shape: tuple[int, ...] = ()
    """The lengths, where it may be a shape."""
    value: Fraction | None = None
    slack: Fraction = Fraction(0)
    """How far it may be from what is meant, where it is rounded: 3.2M."""
    literal: bool = False
    """Whether it is a number or a shape, and not how one is worked out."""


_SHAPE = re.compile(
    r"(?:[a-z]+\d+\[\d+,|[\[(]?\s*(?:(?:None|N|B|-1|\?|batch)\s*[,*])?)\s*(\d+(?:\s*[,*;@]\s*\d+)*)\s*,?\s*[\])]?",
    re.IGNORECASE,
)
_ANY_STEPS = re.compile(r"(?<=,)\s*(?:None|-1|\?)(?=\s*,)")
"""As many steps as there are, ``(None, None, 64)``: one stands for all."""
_ASIDE = re.compile(r"(?<=\d)\s*\((?:1d|flat(?:tened)?|frozen|units?|neurons?)\)$", re.IGNORECASE)
"""Words behind a number: ``400 (1D)``."""
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.'’_]\d{2,3})*[ ,.'’_]\d{3}")
_ROUNDED = re.compile(r"[~≈]?\s*(\d+(?:\.\d+)?)\s*([KMGB])\b\.?\s*(?:params?|bytes)?", re.IGNORECASE)
_UNITS = {"k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9}


@lru_cache(maxsize=4096)
def number(text: str) -> Number | None:
    """A number, a shape, or a formula of numbers; None where it is neither."""
    text = _ANY_STEPS.sub("1", _ASIDE.sub("", text.strip().rstrip(".,;")).strip())
    if _GROUPED.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        comma = tuple(map(int, re.split(r"\D+", text))) if "," in text else (int(digits),)
        return Number(text, comma, Fraction(digits), literal=True)
    if rounded := _ROUNDED.fullmatch(text):
        mantissa, unit = rounded[1], _UNITS[rounded[2].lower()]
        zeros = len(mantissa) - len(mantissa.rstrip("0")) if "." not in mantissa else 0
        last = Fraction(10**zeros, 10 ** len(mantissa.partition(".")[2]))
        return Number(text, (), Fraction(mantissa) * unit, last * unit * 19 / 20, literal=True)  # rounded, or cut
    if shape := _SHAPE.fullmatch(text):
        lengths = tuple(map(int, re.findall(r"\d+", shape[1])))
        return Number(text, lengths, Fraction(prod(lengths)), literal=True)
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text) if re.search(r"\d [+*] \d", text) else text
    for way in printed_ways(read_part(plain, frozenset(), "")):
        with suppress(ValueError):
            return Number(text, (), Fraction(str(way.exact)))
    return None


_WORKED = re.compile(r"\s*(\d[\d,.]*)\s+(\(?[\d(].*[*+].*)")
"""A count with its working behind it: ``608 ((5*5*3 + 1)*8)``."""


def sides(cell: str) -> list[Number | None]:
    """What stands between the equal signs of a cell; a working behind its number as one before it."""
    numbers = list[Number | None]()
    for piece in filter(str.strip, re.split(rf"{ARROW}|[=≈]", TOTAL.sub("", said(cell)))):
        behind = _WORKED.fullmatch(piece)
        result, working = (number(behind[1]), number(behind[2])) if behind else (None, None)
        is_worked = behind and result and working and (behind[2][0] != "(" or result.value == working.value)
        numbers += [working, result] if is_worked else [number(piece)]
    return numbers


def is_grouped(text: str) -> bool:
    """Whether commas may part the thousands of a number."""
    return "," in text and bool(_GROUPED.fullmatch(text))
