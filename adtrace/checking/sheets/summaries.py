"""Networks layer by layer that are no tables: summaries as Keras and torchsummary print them, and lists of layers."""

from __future__ import annotations

import re

from adtrace.checking.patterns import ARROW
from adtrace.checking.sheets.columns import LONGEST_LINE
from adtrace.checking.sheets.rows import MOST_ROWS, Lines, Row, Taken, table

_HEADING = re.compile(r"[\s│┃]*(?:Layer|path|module)\b.*(?:  |[│┃])\s*\S")
_DRAWN = re.compile(r"[\s_=\-─━┏┳┓┡╇┩├┼┤└┴┘╋]*")
_TOTAL = re.compile(r"\s*((?:Total|Trainable|Non-trainable) params):\s*([\d,]+)")
_BRANCH = re.compile(r"[│ ]*[├└]─(?=\w)")
_TREE = re.compile(rf"^{_BRANCH.pattern}|(?<=\w): \d+(?:-\d+)+(?=\s)")
"""The branch of a tree before a layer, and its place behind it, ``├─Conv2d: 1-1``."""


def _sum(text: str, width: int) -> tuple[str, ...]:
    """The cells of a sum below a summary; none for what else stands there."""
    total = _TOTAL.match(text)
    return (total[1], *[""] * (width - 2), total[2]) if total else ()


_MOST_LINES = 20
"""Lines of one layer of a list."""
_PARTED = re.compile(r"\s*[│┃]\s*|(?<![│┃])\s{2,}(?![│┃\s])")


def summary_table(lines: Lines, place: int) -> Taken:
    """The summary of a network, with its total: rules between rows, or blank lines."""
    below = "".join(lines.texts[place + 1 : place + 2]).strip()
    if not _HEADING.match(lines.texts[place][:LONGEST_LINE]) or not below or not _DRAWN.fullmatch(below[:LONGEST_LINE]):
        return None
    heading = _cells(lines.texts[place])
    if len(heading) < 2:
        return None
    rows, end, ended = [Row(lines.number(place), heading, heading=True)], place + 1, False
    for j, text in enumerate(lines.texts[end : place + 4 * MOST_ROWS], start=end):
        if _DRAWN.fullmatch(text) or _holds(text, "".join(lines.texts[j + 1 : j + 2])):
            continue
        ended = ended or bool(_TOTAL.match(text))
        cells = _sum(text, len(heading)) if ended else _cells(text)
        if len(cells) == len(heading):
            rows.append(Row(lines.number(j), cells))
        elif len(cells) == 1 and end == j:  # a name goes on
            rows[-1] = rows[-1]._replace(cells=(rows[-1].cells[0] + cells[0].replace("(", " ("), *rows[-1].cells[1:]))
        else:
            break
        end = j + 1
    return ([table(rows)], end) if len(rows) > 2 else None


def _holds(line: str, below: str) -> bool:
    """Whether a line of a tree is of a module that holds those below it."""
    own, other = (_BRANCH.match(text) for text in (line, below))
    return bool(other and line.strip()) and other.end() > (own.end() if own else 0)  # type: ignore[union-attr]


_ITEM = re.compile(
    rf"(\s*)(?:#{{1,6}}\s+|[-*+•]\s+|\(?\d{{1,3}}[.)]\s+|\*\*|\\item\s+|(?=[A-Za-z][^→>|]{{0,160}}{ARROW}\s*[\d(])"
    r"|(?=[A-Z][\w()-]*:\s*\[\d))(?=\S)"
)
_OF_LAYER = re.compile(
    r"conv|pool|\b(?:input|fc|dense|linear|flatten|lstm|gru|rnn|embedding|dropout|(?:batch)?norm|re-?lu|softmax|fully|hidden|output)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^|(?<=[\s.;,(]))(?:\*\*|[-*+]\s+)?(?:(?:number of|#)\s*)?"
    r"(output(?: (?:size|shape|volume|dimensions?|map))?|size|shape|param(?:eter)?s|weights|biases|receptive field"
    r"|multiplications|macs|flops|activations|memory|input(?: size)?(?=\s*\d))"
    r"\s*(?:\*\*)?\s*(?::|=|\bis\b|\bare\b|(?<=put)\s|(?<=s)\s(?=[\d(]))"
    r"\s*(?:\*\*)?", re.IGNORECASE,
)  # fmt: skip
_OF_SIZE, _UNITS = re.compile(r"output|size|shape"), re.compile(r"\b(\d+) (?:units|neurons|outputs|nodes)\b")
_OF_PARAMETERS = re.compile(r"\bparam|\bweights\b", re.IGNORECASE)
_WORKED = re.compile(r"([^=]*):\s+([^=:]*\d\s*=\s*[\d,. ]+)")
"""An item that works a number out."""
_ARROW = re.compile(rf"{ARROW}\s*(?=[\d(\[])")
_IS = re.compile(r"^([^:]*):(?=\s*\[?\d+(?:\s*[x×*]\s*\d+){1,3}\s*(?:[],;.(]|$))")
"""A colon before the size of what stands before it."""
_SET, _COUNTED = re.compile(r"\$|\\[,;]"), re.compile(r"\b(\d[\d,.]*|no)(?<!,)\s+param(?:eter)?s\b")
_SO = re.compile(r",? (?:so|hence|thus|i\.e\.|which is|that is|giving)\s", re.IGNORECASE)


def layer_list(lines: Lines, place: int) -> Taken:
    """A list of layers, each with what it comes to behind words: ``2. pool1: 3x3, stride 2. Output: 27 x 27 x 96.``"""
    items, end = _items(lines, place)
    parted = [(line, [_SO.sub(" = ", piece).strip(" .;*,").removesuffix("(") for piece in _LABEL.split(text)])
              for line, text in items]  # fmt: skip
    told = [pieces for _, pieces in parted if len(pieces) > 1]
    if len(told) < 2 or not all(_OF_LAYER.search(pieces[0]) and re.search(r"\d", pieces[2]) for pieces in told):
        return None
    words = list(dict.fromkeys(word.lower() for _, pieces in parted for word in pieces[1::2]))
    rows = [Row(lines.number(place), ("layer", *words), heading=True)]
    for line, pieces in parted:
        units = dict.fromkeys(filter(_OF_SIZE.match, words), count[1]) if (count := _UNITS.search(pieces[0])) else {}
        told_of = units | dict(zip(map(str.lower, pieces[1::2]), pieces[2::2], strict=True))
        rows.append(Row(line, (pieces[0].rstrip(":"), *(told_of.get(word, "–") for word in words))))
    return [table(rows)], end


def _items(lines: Lines, place: int) -> tuple[list[tuple[int, str]], int]:
    """The items of a list, each with its line and with what is indented below it; and where the list ends."""
    items, end = list[tuple[int, str]](), place
    while end < min(len(lines.texts), place + MOST_ROWS) and (item := _ITEM.match(lines.texts[end][:LONGEST_LINE])):
        begin, end, text = end, end + 1, lines.texts[end][item.end() : LONGEST_LINE]
        while end < min(len(lines.texts), begin + _MOST_LINES) and _goes_on(lines.texts[end][:LONGEST_LINE], item):
            text, end = f"{text} {lines.texts[end].strip()[:LONGEST_LINE]}", end + 1
        items.append((lines.number(begin), _named(text.replace("**", ""))))
    above = " ".join(lines.texts[max(place - 3, 0) : place])[-LONGEST_LINE:]
    if _OF_PARAMETERS.search(above) and all(_WORKED.fullmatch(text) for _, text in items):
        items = [(line, _WORKED.sub(r"\1 parameters: \2", text)) for line, text in items]
    return items, end


def _named(text: str) -> str:
    """An item with words before what it comes to: ``→ 8x32x32, 224 parameters``."""
    typed = _SET.sub("", text).replace("\\times", "×")
    if (size := _IS.match(typed)) and not _LABEL.search(size[0]):
        typed = f"{size[1]} output:{typed[size.end() :]}"
    return _COUNTED.sub(r" parameters: \1", _ARROW.sub(" output: ", typed)).replace(", parameters:", " parameters:")


def _goes_on(line: str, item: re.Match[str]) -> bool:
    """Whether a line below an item belongs to it: below a title all to the next one, else what is indented."""
    if "#" in item[0]:
        return not line.startswith(("#", "|"))
    own = _ITEM.match(line)
    return not line.strip() or (line[0].isspace() and not (own and len(own[1]) <= len(item[1])))


def _cells(text: str) -> tuple[str, ...]:
    return tuple(_PARTED.split(_TREE.sub("", text[:LONGEST_LINE]).strip(" \t│┃")))
