"""Columns that belong together as one, an operation beside its operands; one that holds two things as a pair."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adtrace.checking.patterns import NUMBER
from adtrace.checking.sheets.rows import Row
from adtrace.checking.sheets.shape import bare
from adtrace.checking.spoken import function_called
from adtrace.checking.words import ADJOINTS, DERIVATIVES, GRADIENTS, TANGENTS, VALUES

_Texts = list[tuple[str, ...]]
"""The heading, and below it the rows."""


def joined(heading: Sequence[str], rows: Sequence[Row]) -> tuple[tuple[str, ...], _Texts]:
    """Heading and rows of a table without empty columns, what belongs together in one."""
    first, *others = _halved(_applied(_edged(_unlabelled(_without_gutters(heading, rows)))))
    return first, others


def _without_gutters(heading: Sequence[str], rows: Sequence[Row]) -> _Texts:
    """The table without columns in which nothing stands; what stands over one belongs to the next."""
    texts = list(heading)
    filled = [any(row.cells[j].strip() for row in rows) for j in range(len(texts))]
    for j in range(len(texts) - 1):
        if texts[j].strip() and not filled[j] and filled[j + 1] and not texts[j + 1].strip():
            texts[j], texts[j + 1] = "", texts[j]
    kept = [j for j in range(len(texts)) if filled[j] or texts[j].strip()]
    return [tuple(cells[j] for j in kept) for cells in (texts, *(row.cells for row in rows))]


_LABEL = re.compile(
    r"^\W{0,2}(?:inner|outer|innere|äußere|interior|exterior|intérieure?|extérieure?|let|define)(?: \w{4,9})?:?\s+"
    r"(?=\$?\\?[A-Za-z]\w{0,4}\s*=)", re.I
)  # fmt: skip


def _unlabelled(texts: _Texts) -> _Texts:
    """The table without words before the equations of its first column: ``inner u = x^2``."""
    heading, *rows = texts
    labelled = sum(bool(_LABEL.match(row[0])) for row in rows if row)
    return [heading, *((_LABEL.sub("", row[0]), *row[1:]) for row in rows)] if 2 * labelled > len(rows) else texts


_ENDS = re.compile(
    r"from(?: node)?\|to(?: node)?|source\|target|von\|nach|tail\|head|start\|end|de\|[aà]|desde\|hasta", re.I
)
"""The headings of the two ends of an edge."""


def _edged(texts: _Texts) -> _Texts:
    """The table with the ends of its edges in one column: ``x → v_1``."""
    heading = [*map(bare, texts[0])]
    ends = (j for j in range(len(heading) - 1) if _ENDS.fullmatch("|".join(heading[j : j + 2])))
    at = next(ends, None)
    return texts if at is None else [(*row[:at], f"{row[at]} → {row[at + 1]}", *row[at + 2 :]) for row in texts]


_APPLIED = re.compile(r"op|ops?erations?|operator|gate|function|fn|type|operación|operação|opération", re.I)
_TO = re.compile(
    r"inputs?(?: values?)?|arg(?:ument)?s|operands?|parents?|prev|children|eingaben?|operanden|entradas?|entrées?|输入",
    re.I,
)
_NUMBERS = re.compile(rf"[\s$]*{NUMBER}(?:[\s$]*[,;][\s$]*{NUMBER})*[\s$]*")
_LEAST_PARTS = 2
"""The columns of an operation and its operands; what it comes to stands in a further one."""
_OPERATOR = re.compile(r"[-+*/^×·⋅÷−]|\*\*|\\(?:times|cdot|div)")


def _applied(texts: _Texts) -> _Texts:
    """The table with an operation and what it is applied to in one column: ``mul`` beside ``x, y``."""
    heading, *rows = texts
    places = [[j for j, text in enumerate(heading) if said.fullmatch(bare(text))] for said in (_APPLIED, _TO)]
    if [*map(len, places)] != [1, 1]:
        return texts
    (op,), (to,) = places
    calls = [_call(row[op].strip(" $`"), row[to]) for row in rows]
    told = [call for call, row in zip(calls, rows, strict=True) if re.search(r"\w", row[to])]
    if not told or not all(told):
        return texts
    is_bare = (op, to) == (0, 1) and len(heading) > _LEAST_PARTS
    return (_worked(texts, calls) if is_bare else []) or _in_place(texts, op, to, calls)


def _in_place(texts: _Texts, op: int, to: int, calls: Sequence[str]) -> _Texts:
    """The table with calls in the column of operations, and no column of operands."""
    whole = [(*row[:op], call or row[op], *row[op + 1 :]) for row, call in zip(texts, ("", *calls), strict=True)]
    return [(*row[:to], *row[to + 1 :]) for row in whole]


def _worked(texts: _Texts, calls: Sequence[str]) -> _Texts:
    """The table of operations on numbers alone, with what these come to behind them: ``2 * 3 = 6``; nothing where they
    are on others.
    """
    heading, *rows = texts
    if not all(_NUMBERS.fullmatch(row[1]) for row in rows):
        return []
    told = [(row[0], f"{call} = {row[2]}", *row[3:]) for row, call in zip(rows, calls, strict=True)]
    return [(heading[0], *heading[2:]), *told]


def _call(operation: str, operands: str) -> str:
    """An operation of operands in one formula, with their numbers put in, ``x = 2, y = 3``, in another; nothing where
    it is none.
    """
    each = [re.split(r"[=:]|\s\((?=[^()]*\)\s*$)", one, maxsplit=1) for one in re.split(r"[,;]|\band\b", operands)]
    ways = dict.fromkeys(_formula(operation, [one[place] for one in each]) for place in (0, -1))
    return " = ".join(filter(None, ways))


def _formula(operation: str, operands: Sequence[str]) -> str:
    names = [name.strip(" $`()[]") for name in operands]
    names = [name if re.fullmatch(r"[\w.\\{}]+", name) else f"({name})" for name in names if name]
    if _OPERATOR.fullmatch(operation):
        return f"${f' {operation} '.join(names)}$" if len(names) > 1 else f"${operation}{names[0]}$" if names else ""
    word = function_called(operation)
    return f"{word}({', '.join(names)})" if names and word else ""


_TWO_HEADINGS = re.compile(
    rf"(?P<first>[^/|,;()\[\]]*(?:{VALUES}|forward)[^/|,;()\[\]]*)\s*[/|,;(\[]\s*"
    rf"(?P<second>[^/|,;()\[\]]*(?:{DERIVATIVES}|{GRADIENTS}|{ADJOINTS}|{TANGENTS})[^/|,;()\[\]]*)[)\]]?", re.I
)  # fmt: skip
_AT = rf"[$\s]*({NUMBER})[$\s]*"
_TWO = re.compile(rf"{_AT}(?:[/|]{_AT}|\({_AT}\)|\[{_AT}\])[$\s]*")


def _halved(texts: _Texts) -> _Texts:
    """The table with two numbers in a cell as a pair: ``6 / 1`` and ``6 (1)`` below ``value / gradient``."""
    columns = [[*column] for column in zip(*texts, strict=True)]
    for k, (title, *cells) in enumerate(columns):
        heading = _TWO_HEADINGS.fullmatch(bare(title))
        pairs = [_TWO.fullmatch(cell) for cell in cells]
        if heading and any(pairs) and all(pair or not cell.strip() for pair, cell in zip(pairs, cells, strict=True)):
            told = [f"({pair[1]}, {pair[pair.lastindex or 1]})" if pair else "" for pair in pairs]
            columns[k] = [f"({heading['first'].strip()}, {heading['second'].strip()})", *told]
    return [*zip(*columns, strict=True)] if columns else texts
