"""What the words of a heading speak for: evidence, which the numbers below it may outweigh."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from adtrace.checking import words
from adtrace.checking.readings.cells import Cell
from adtrace.checking.readings.names import canonical
from adtrace.checking.work.rules import (
    ADJOINT,
    BY_ORDER,
    COEFFICIENT,
    INCREMENT,
    PARTIAL,
    SECOND,
    SECOND_ADJOINT,
    TANGENT,
    THIRD,
    UPSTREAM,
    VALUE,
)

OPERATION, RECEIVED = "operation", "received"
"""The column of the rows' operations; one of what single uses of a row add to its adjoint."""

_WORDS = tuple((re.compile(pattern, re.IGNORECASE), quantity, weight) for pattern, quantity, weight in (
    (r"second deriv|zweite ableitung|second[- ]order|segunda derivada|[2二]\s?[阶階차]", SECOND, 3),
    (rf"v'{{3}}|f'{{3}}|third deriv|dritte ableitung|{words.ORDERS} 3|3\s?[阶階차]", THIRD, 3.5),
    (rf"\bv''(?!')|\bddot|f''(?!')|{words.ORDERS} 2", SECOND, 3),
    (rf"(?:taylor|{words.COEFFICIENTS})(?!\D*\b1\b)|v''\s*/\s*2", COEFFICIENT, 3.5),
    (rf"(?:{words.COEFFICIENTS})\D*\b1\b", TANGENT, 3.5),
    (r"^[htε]\s*\^\s*\{?2\}?$", COEFFICIENT, 3.5),
    (r"second[_ ]adjoint|(tangents?|dot) of (the )?(adjoint|bar)|(adjoints?|bar)[ _-](dot|tangents?)"
     r"|adjoints? of (the )?tangent|(tangent|dotted)[- ]adjoint",
     SECOND_ADJOINT, 4),
    (rf"{words.PARTIALS}|∂\s?\d", PARTIAL, 1.5),
    (r"local (?:grad|deriv)|lokaler? (?:grad|ableit)", PARTIAL, 3),
    (r"elementary deriv|deriv\w* (function|formula|rule)|ableitungsregel", TANGENT, 1),
    (r"downstream|gradients? (?:on|to|for|of) (?:the )?(?:inputs|operands|parents)|passed (?:on|back|down)", INCREMENT,
     3),
    (rf"(?:{words.CONTRIBUTIONS})(?!.*\b(?:to|zu|an|à|a)\b)", RECEIVED, 0.5),
    (r"upstream", UPSTREAM, 2),
    (rf"{words.ADJOINTS}|\bbar\b", ADJOINT, 2.5),
    (words.GRADIENTS, ADJOINT, 1),
    (r"sensitiv|error (?:signal|term)|(?<!\w)[δλ](?!\w)|\bd[fyLJE]/d", ADJOINT, 1.5),
    (rf"{words.TANGENTS}|\bdot\b", TANGENT, 2),
    (r"(?:derivative of|ableitung von|dérivée de|derivada de) (?:the )?\$?(?:output|loss|result|[fyzL]\b)", ADJOINT,
     1.5),
    (words.DERIVATIVES, TANGENT, 1),
    (rf"{words.OPERATIONS}|primal trace|\bhow\b", OPERATION, 2),
    (words.VALUES, VALUE, 1.5),
))  # fmt: skip
"""Words, the quantity that they speak for, and how loudly."""


def evidence(heading: Cell) -> dict[str, float]:
    """The quantities for which a heading speaks, and the operand of a partial; of two words the louder counts."""
    return dict(_evidence(unicodedata.normalize("NFC", heading.bare or heading.text)))


@lru_cache(maxsize=4096)
def _evidence(text: str) -> Mapping[str, float]:
    """That of its text: the documents of a class have the same headings, and each is asked often."""
    found: dict[str, float] = {}
    for pattern, quantity, weight in _WORDS:
        if pattern.search(text):
            found[quantity] = max(found.get(quantity, 0), weight)
    if PARTIAL in found and (counted := re.search(r"[1-9]$", text)):
        found[f"{PARTIAL} {int(counted[0]) - 1}"] = 1.0
    return found


def by_order(headings: Sequence[Cell], rows: Collection[str]) -> list[dict[str, float]]:
    """What a row of headings ``c_0, c_1, c_2`` speaks for: Taylor's coefficients, or the derivatives of each order."""
    names = [cell.chains[0].parts[0].name if cell.chains else None for cell in headings]
    parted = [name.variable.partition("_") if name and not name.mark else ("", "", "") for name in names]
    counted = {base for base, _, index in parted if index == "0"} - {row.partition("_")[0] for row in rows}
    return [BY_ORDER.get(int(k), {}) if base in counted and k.isdecimal() else {} for base, _, k in parted]


def entry(heading: Cell, place: int) -> Cell:
    """What a heading says of one of the numbers that its cells put in brackets: ``(value, derivative)``."""
    if "dual" in heading.text.lower():
        return Cell("tangent" if place == 1 else "value")
    entries = heading.text.strip("()[]⟨⟩ ").split(",") if heading.text[:1] in "([⟨" else ()
    return Cell(entries[place].strip()) if place < len(entries) else heading


def twice(heading: Cell) -> Iterator[tuple[str, str]]:
    """The pairs of variables by which a heading says that it is differentiated: ``∂_{xy}``, ``∂²f/∂x∂y``."""
    yield from ((name.variable, name.seed) for name in heading.names if name.mark == "leibniz2")
    yield from (pair for shown in _BOTH for pair in shown.findall(heading.bare))


def uses(heading: Cell) -> Iterator[str]:
    """The rows through which a heading says that something comes: ``via v1``."""
    yield from map(canonical, _VIA.findall(heading.bare or heading.text))


_VIA = re.compile(rf"(?:{words.CONTRIBUTIONS}|from|von)\s*([A-Za-z]\w*)")
_BOTH = (
    re.compile(r"[d∂]2\s?[A-Za-z]?\s?/\s?[d∂]\s?([A-Za-z])\s?[d∂]\s?([A-Za-z])(?!\w)"),
    re.compile(r"^(?:[∂dDfFgHJL]_?|_)\{?([A-Za-z])([A-Za-z])\}?$"),
)
"""``d2/dxdy``, which is no quotient of names, and ``∂xy``, ``f_{xy}``."""


def directions(heading: Cell) -> Iterator[str]:
    """The variables that a heading names as what is differentiated by: ``D_x``, ``d/dp``, ``by x1``."""
    yield from (name.seed or name.variable for name in heading.names if name.seed or name.mark)
    yield from _TOWARD.findall(heading.bare or heading.text)


_TOWARD = re.compile(r"(?:by|wrt\.?|nach|d/d|∂/∂|grad[_ ]|∇[_ ]?)\s*([A-Za-z]\w*)")
