r"""Marks in letters, as our own CSV has them, as accents: ``bW`` is a W with its bar, ``dbx1`` an x1 with bar and dot.

A letter before a name is a mark where a column of adjoints or tangents has such names and nothing else on the left;
elsewhere ``bx`` may be a name of its own, and ``db`` the gradient of b.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from adtrace.checking.sheets.rows import Row

_NAME = r"[^\W\d_]\w*(?:\{[^{}]*\})?"
_WORD = re.compile(_NAME)
_FAMILIES = (("b", "adjoint"), ("dd", "second"), ("d", "tangent"))
"""The mark of the names on the left of a column, and a word of its heading."""
_ACCENTS = {"b": "\u0304", "d": "\u0307", "dd": "\u0308", "db": "\u0304\u0307"}
_IN_LETTERS = re.compile(rf"(?<![\w.])(?P<above>d?)d(?P<of>{_NAME})/d(?P<by>{_NAME})|(?<![\w.]){_NAME}")


def accented(rows: Sequence[Row], names: set[str]) -> list[Row]:
    """The rows of a table with heading, marks as accents; ``names`` are those of the tables above, and get its own."""
    width = len(rows[0].cells)
    columns = [[cell for row in rows[1:] for cell in row.cells[j : j + 1] if cell] for j in range(width)]
    marks = {j: mark for j in range(width) if (mark := _mark(rows[0].cells[j], columns[j]))}
    starts = [*marks, width]
    names.update(_WORD.findall(" ".join(chain.from_iterable(columns[: starts[0]]))))
    found = [list(row.cells) for row in rows]
    for start, end in pairwise(starts):
        for cells in found[1:]:
            cells[start:end] = [_with_accents(cell, marks[start], names) for cell in cells[start:end]]
    return [row._replace(cells=tuple(cells)) for row, cells in zip(rows, found, strict=True)]


def _left(cell: str) -> str:
    """The name with which a cell begins, before its equal sign or alone; nothing where something else does."""
    left = cell.partition("=")[0].strip().rstrip("+ ")
    return left if _WORD.fullmatch(left) else ""


def _mark(heading: str, cells: Sequence[str]) -> str:
    """The mark that all names on the left of a column have, ``db`` where some have ``b`` alone; nothing where they have
    none.
    """
    lefts = list(map(_left, cells))
    said = heading.lower()
    if "adjoint" in said and any(x.startswith("db") for x in lefts) and all(x.startswith(("db", "b")) for x in lefts):
        return "db"
    return next((m for m, word in _FAMILIES if lefts and word in said and all(x.startswith(m) for x in lefts)), "")


def _with_accents(cell: str, mark: str, names: set[str]) -> str:
    """A cell of a column with this mark: partials in the columns of adjoints, tangents in those of the others."""
    marks = {"b": ("b",), "db": ("db", "dd", "b", "d")}.get(mark, ("dd", "d"))
    alone = cell.partition("=")[2].strip()  # the seed, that of a result without a row

    def read(match: re.Match[str]) -> str:
        if match["of"]:
            partial = "b" in mark and match["of"] in names and match["by"] in names
            above = _over(match["of"], "d") if match["above"] else match["of"]
            return f"∂{above}/∂{match['by']}" if partial else _IN_LETTERS.sub(read, match[0].replace("/", " / "))
        for sign in marks:
            of = match[0].removeprefix(sign)
            if match[0] not in names and of != match[0] and (of in names or (of and match[0] == alone)):
                return _over(of, sign)
        return match[0]

    return _IN_LETTERS.sub(read, cell)


def _over(name: str, mark: str) -> str:
    """A name with its accent behind its letters: ``v̄_{-1}``."""
    return re.sub(r"^[^\W\d_]+", lambda match: match[0] + _ACCENTS[mark], name)


_RAISED = r"(?<![A-Za-z\\])(\\?[A-Za-z]+)\^(?:(\d)|\{(\d)\})(?![\d.])"
_NAMED_SO = re.compile(rf"(?:^|[$&|{{;,]|\\\\|quad)\s*{_RAISED}\s*\$?\s*(?:\([A-Z]+\d?\)\s*)?&?\s*(?:=|&|\|)", re.M)


_BELOW = r"(?:_\w|_\{[^{}]*\})?"
_SQUARED = re.compile(
    rf"(?:^(?:[ \t]*[-*•][ \t]+)?|[$&|{{;,:]|\\\\)[ \t]*(\\?[A-Za-z]+|σ){_BELOW}(?:\^2|\^\{{2\}}|²){_BELOW}"
    r"(?:[ \t]*&?[ \t]*=(?!=)|(?:(?<=σ²)|(?<=\\sigma\^2))\$?[ \t]*[|\t])", re.M
)  # fmt: skip


def _square(name: re.Match[str]) -> str:
    r"""A variance as a name of its own: ``\sigma_{sq}`` for ``\sigma^2``."""
    index = "".join(filter(None, name.groups()[1:])).strip("_{}")
    return f"{name[1]}_{{{'sq' + (',' + index if index else '')}}}"


_POOL = re.compile(
    r"(?<![A-Za-z\\_])(?:\\(?:mathrm|text|operatorname)\s*\{\s*)?(max|avg|average|mean)[ _-]?pool(?:ing)?(?:[12]d)?"
    r"\s*\}?\s*(?:_\{?\s*(?P<size>\d)\s*(?:(?:\\times|[x×])\s*\d)?\s*\}?)?"
    r"\s*\(\s*(?P<of>(?!\w*pool)[^\W\d]\w*(?:_\{?\w+\}?)?(?:\^\{\(\d\)\})?)\s*\)", re.I
)  # fmt: skip
_STRIDE = re.compile(r"(?:stride|Schrittweite|pas|paso|passo)\s*(?:of|=|:)?\s*\$?(?:s\s*=\s*)?(\d)", re.I)
_CONVOLVED = re.compile(r"(?<==)\s*([A-Z]\w?)\s*(?:\*|\\ast(?![a-z]))\s*([A-Z]\w?)\s*(?==)")
_FILTER = re.compile(r"conv|falt|filter|filtr|kernel|kern", re.I)
_SIZE = re.compile(
    r"(?P<size>\d)\s*(?:\\times|[x×])\s*(?P=size)\$?\s*(?:max|avg|average)?[ -]?pool"
    r"|pool[^.\n]{0,40}?(?P<after>\d)\s*(?:\\times|[x×])\s*(?P=after)", re.I
)  # fmt: skip


def with_pools(text: str) -> str:
    """A document with ``maxpool(R)`` as ``maxpool2d(R, 2, 1)``: with the size and the stride that it tells before; with
    ``X * K`` of a filter with a stride as ``conv2d(X, K, stride=2)``.
    """

    def whole(call: re.Match[str]) -> str:
        before = text[max(call.start() - 400, 0) : call.start()]
        told = [match["size"] or match["after"] for match in _SIZE.finditer(before)]
        size = call["size"] or (told or ["2"])[-1]
        stride = _STRIDE.search(before, max(before.lower().rfind("pool"), 0))
        kind = "max" if call[1].lower() == "max" else "avg"
        return f"{kind}pool2d({call['of']}, {size}, {stride[1] if stride else size})"

    def slid(product: re.Match[str]) -> str:
        before = text[max(product.start() - 400, 0) : product.start()]
        stride = _STRIDE.search(before) if _FILTER.search(before) else None
        return f" conv2d({product[1]}, {product[2]}, stride={stride[1]}) " if stride and stride[1] > "1" else product[0]

    text = _CONVOLVED.sub(slid, text)
    return _POOL.sub(whole, text) if "pool" in text.lower() else text


def with_layers(text: str) -> str:
    """A document whose rows are called ``z^2``, ``a^2``, ``z^3``, ``a^3`` by layers, with ``z^{(2)}`` for them."""
    bases = {*_SQUARED.findall(text)}
    for base in bases if len(bases) <= _MOST_BASES else ():
        letters, square = rf"(?<![A-Za-z\\]){re.escape(base)}(?![A-Za-z])", r"(?:\^(?:2|\{2\})|²)"
        squares, every = (re.findall(rf"{letters}{of}", text) for of in (rf"{_BELOW}{square}", ""))
        begins = re.search(letters, text) if base in ("σ", "\\sigma") else None  # which is its root below
        if len(every) == len(squares) or (begins and re.match(rf"{_BELOW}{square}", text[begins.end() :])):
            text = re.sub(rf"({letters})({_BELOW}){square}({_BELOW})", _square, text)
    layers: dict[str, set[str]] = {}
    for name, one, other in _NAMED_SO.findall(text) if text.count("^") > 9 else ():
        layers.setdefault(name, set()).add(one or other)
    if sum(len(numbers) > 1 for numbers in layers.values()) < 2:
        return text
    return re.sub(_RAISED, lambda m: f"{m[1]}^{{({m[2] or m[3]})}}" if m[1] in layers else m[0], text)


_MOST_BASES = 20
"""Names that are looked for in all of a document."""
_REGISTER = re.compile(r"(?<![\w%@])[%@](\d{1,3})(?![\w%])")
_REGISTERS = re.compile(r"^[ \t]*[%@]\d{1,3}\s*=", re.M)
_FEWEST_REGISTERS = 3


def with_registers(text: str) -> str:
    """A document whose rows are registers, ``%3 = %1 * %2``, with v_3 for them."""
    registers = _REGISTERS.findall(text) if "%" in text or "@" in text else ()
    return _REGISTER.sub(r"v_\1", text) if len(registers) >= _FEWEST_REGISTERS else text


_SLOPE = re.compile(r"(?:^|[$,;:&])(?:\s*[-*•])?\s*\$?([A-Za-z])'\s*\(\s*([A-Za-z])_\{?\d+\}?\s*\)\s*=", re.M)
_ITERATION = re.compile(r"descent|newton|abstieg", re.I)


def with_steps(text: str) -> str:
    """A document of iterations with names for values and derivatives of its steps: ``slope_{0}`` for ``f'(x_0)``."""
    told = _SLOPE.search(text) if _ITERATION.search(text) else None
    if not told:
        return text
    called = rf"(?<![A-Za-z\\]){told[1]}('?)\s*\(\s*{told[2]}_\{{?(\d+)\}}?\s*\)"
    return re.sub(called, lambda m: f"{'slope' if m[1] else 'value'}_{{{m[2]}}}", text)


_SUFFIXED = re.compile(
    r"^[ \t]*(?:(?:double|float|real|auto|let|var)\s+)?([^\W\d]\w{0,20}?)_([bd])[ \t]*\+?=(?!=)", re.M
)
_PLAIN = re.compile(r"(?<![\w.])([^\W\d]\w{0,20}?)[ \t]*=(?!=)")
_WORDS = {"b": "bar", "d": "dot"}


def with_suffixes(text: str) -> str:
    """A program whose adjoints are called ``t1_b``, or its tangents ``t1_d``, beside ``t1``, with the whole word."""
    for letter, word in _WORDS.items():
        ends = _SUFFIXED.findall(text) if f"_{letter}" in text else ()
        stems = {stem for stem, of in ends if of == letter}
        if len(stems) >= _FEWEST_REGISTERS and len(stems.intersection(_PLAIN.findall(text))) >= _FEWEST_REGISTERS:
            text = re.sub(rf"(?<![\w.])({'|'.join(map(re.escape, stems))})_{letter}(?!\w)", rf"\1_{word}", text)
    return text
