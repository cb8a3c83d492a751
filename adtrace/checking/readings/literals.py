"""Decimals as people write them: thousands, decimal commas, powers of ten, units and percents."""

from __future__ import annotations

import re

from adtrace.language.syntax import Number
from adtrace.settings import COMMA, POINT

_SEPARATORS = r"[ \u2009',._~]"
_LITERAL = re.compile(
    rf"[({{]*\s*(?P<sign>[-+]?)\s*(?P<mantissa>\d{{1,3}}(?:{_SEPARATORS}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d*)?|[.,]\d+)"
    r"(?:\s*[eE]\s*\{?(?P<e>[-+]?\d{1,5})\}?|\s*\*\s*10\s*(?:\^|\*\*)\s*[{(]*\s*(?P<ten>[-+]?\s*\d{1,5})\s*[)}]*)?"
    r"\s*(?:\.\.\.|\.)?\s*[)}]*\s*"
    r"(?P<unit>[%°]\s*C?|(?<=[\s\u2009])[A-Za-zμΩ][A-Za-zμΩ0-9^/*{}\-. \u2009]{0,20})?\s*(?:\.\.\.)?"
)
_TENS = re.compile(r"(?P<sign>[-+]?)\s*10\s*\^\s*(?:[{(]\s*(?P<ten>[-+]?\d{1,5})\s*[)}]|(?P<bare>[-+]?\d{1,5}))\s*")
_UNIT = re.compile(
    r"(?:(?:[kMGTmμunpcdh]?(?:[mgsAVWJNKCFTHΩLl]|Hz|Pa|mol|rad|eV|ohm|bar|cal)|min|h|deg|cd|units?|px|USD|EUR)"
    r"(?:\^?\{?-?\d\}?)?(?:\s*[/*.\u2009 ]\s*|$))+"
)
_GROUPED = re.compile(r"(?<![\w.,])(\d{1,3})((?:[ \u2009]\d{3})+)(?!\d)")


def literals(text: str, declared: frozenset[str], decimal: str) -> tuple[tuple[Number, bool], ...]:
    """The numbers that a text may be if it is one and nothing else, best first, each with whether it is negative."""
    match = _LITERAL.fullmatch(text)
    if match is None:
        return _power_of_ten(text)
    if text[0] in "({" and "," in text and decimal != COMMA:
        return ()  # a pair
    unit = (match["unit"] or "").strip()
    if not _is_unit(unit, declared):
        return ()
    power = match["e"] or match["ten"] or ("0" if unit == "%" else "")
    shift = int(power.replace(" ", "") or "0") - (2 if unit == "%" else 0)
    suffix = f"e{shift}" if power else ""
    return tuple((_number(*way, shift, suffix), match["sign"] == "-") for way in _ways(match["mantissa"], decimal))


def _number(whole: str, fraction: str, shift: int, suffix: str) -> Number:
    """The decimal with this whole part and these decimals, times a power of ten."""
    point = f"{whole}.{fraction}" if fraction else whole or "0"
    return Number(point + suffix, int(whole + fraction or "0"), shift - len(fraction), 0)


def _is_unit(text: str, declared: frozenset[str]) -> bool:
    """Whether letters behind a number are its unit: not if they are all names of the document."""
    if text[:1] in ("", "%", "°"):
        return True
    return _UNIT.fullmatch(text) is not None and not declared.issuperset(re.findall(r"[A-Za-zμΩ]+", text))


def _power_of_ten(text: str) -> tuple[tuple[Number, bool], ...]:
    """``10^{-3}``; with a positive exponent it is a formula."""
    ten = _TENS.fullmatch(text)
    shift = int(ten["ten"] or ten["bare"]) if ten else 0
    return ((Number(f"1e{shift}", 1, shift, 0), ten["sign"] == "-"),) if ten and shift < 0 else ()


def _ways(mantissa: str, decimal: str) -> list[tuple[str, str]]:
    """The whole part and the decimals that a mantissa may have: ``2,799`` is a thousand or a decimal comma."""
    text = re.sub(r"[ \u2009'_~]", "", mantissa)
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return [(text, "")]
    sign, whole, fraction = text[last], text[:last], text[last + 1 :]
    plain = re.sub(r"[.,]", "", whole)
    as_decimals, as_thousands = (plain, fraction), (plain + fraction, "")
    if plain != whole:
        return [as_thousands if sign in whole else as_decimals]
    if text != mantissa or len(fraction) != 3 or not re.fullmatch(r"[1-9]\d{0,2}", whole):
        return [as_decimals]
    if decimal:
        return [as_decimals if decimal == {".": POINT, ",": COMMA}[sign] else as_thousands]
    return [as_decimals] if sign == "." else [as_thousands, as_decimals]


def without_thousands(text: str) -> str:
    """Numbers in a formula without the blanks, and the commas before a point, that part their thousands."""
    if " " in text or "\u2009" in text:
        text = _GROUPED.sub(lambda m: m[1] + re.sub(r"\D", "", m[2]), text)
    return re.sub(r"(?<![\w.,])([1-9]\d{0,2})((?:,\d{3})+)(?=\.\d)", lambda m: m[1] + m[2].replace(",", ""), text)
