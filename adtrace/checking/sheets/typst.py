"""Tables of Typst, ours and others': the positional arguments of ``table(columns: n, ...)``; and its displays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adtrace.checking.brackets import outside
from adtrace.checking.sheets.equations import displayed
from adtrace.checking.sheets.rows import EQUATIONS, LONGEST_EQUATION, Block, Row, prose, table

_OPENS = re.compile(r"(?<![\w.-])(?:adt-)?table\(")
_TOKEN = re.compile(r'\\.|\$[^$]*\$|"(?:[^"\\\n]|\\.)*+"|//[^\n]*|(?P<open>[\[({])|(?P<close>[\])}])|(?P<part>,)', re.S)
_SPAN = re.compile(r"colspan:\s*(\d{1,3}(?:\s*\+\s*\d{1,3})*)")
_FORMULA = re.compile(r"\$([^$]*)\$")
_ALONE = re.compile(r'\$[^$]*\$|"(?:[^"\\\n]|\\.)*+"')
_OURS = re.compile(
    r'#?adt-said\("(?:[^"\\]|\\.)*+", (\$[^$]*\$)\)|#adt-name\("((?:[^"\\]|\\.)*+)"\)'
    r"|\$?#adt-soft(?:\((\$[^$]*\$)\)|\[([^\[\]]*)\])\$?"
)
"""A formula of ours with its words for those who listen, a name, what is grey."""
_STRONG = re.compile(r"(?<!\w)#?(?:strong|emph|h|v|adt-tall-strut|adt-strut|text)\b(?:\([^()]*\))?")
_GREY = re.compile(r"#text\((?:[\w-]+:(?:[^(),$]|\([^()]*\))*,\s*)+\$([^$]*)\$\)")
"""A formula within another that has a colour of its own."""
_NAMES = {
    **{name: rf"\{name} " for name in ("times", "partial", "in", "approx", "pi", "sum", "star", "ast", "dots")},
    **dict.fromkeys(("thin", "med", "space"), " "), **dict.fromkeys(("dot", "dot.c", "adtdot"), r"\cdot "),
    "adtcross": r"\times ", "dot.o": r"\odot ",
    "diff": r"\partial ", "top": r"\top ",
    "RR": r"\mathbb R", "plus": "+", "eq": "=", "dots.h.c": r"\cdots ", "dots.v": r"\vdots ", "dots.down": r"\ddots ",
}  # fmt: skip
_ACCENTS = {"dot": "dot", "dot.double": "ddot", "macron": "bar", "overline": "bar", "bold": "mathbf", "hat": "hat",
            "tilde": "tilde", "arrow": "vec", "cal": "mathcal", "sqrt": "sqrt", "sans": "mathsf", "op": "operatorname",
            "upright": "", "italic": "", "underline": "", "lr": "", "strong": ""}  # fmt: skip
_QUOTIENT = re.compile(r"\((\\partial [^()/]*)\)\s*/\s*\((\\partial [^()/]*)\)")
_OF_LAYOUT = re.compile(r"\s*(?:delim|align|augment|(?:row-|column-)?gap):")


def typst_blocks(text: str) -> list[Block]:
    """The tables of a Typst document.  Raises `BoundError`."""
    text = _OURS.sub(r"\1\2\3\4", _GREY.sub(r"\1", text.replace(r"\u{2212}", "-")))
    found: list[Block] = []
    position = 0
    for opens in _OPENS.finditer(text):
        if opens.start() < position:
            continue  # within another
        arguments, end = _arguments(text, opens.end())
        _show(found, text, position, opens.start())
        found.append(table(_rows(text, arguments)))
        position = end
    _show(found, text, position, len(text))
    return found


_DISPLAY = re.compile(r"(?<!\\)\$(?=\s)([^$]{3,20000})(?<=\s)\$")
_ROW_END = "\x1e"


def _show(found: list[Block], text: str, start: int, end: int) -> None:
    """What stands between tables: displays of equations, and prose."""
    for shown in _DISPLAY.finditer(text, start, end):
        rows = formula(re.sub(r"\\(?=\s)", _ROW_END, shown[1])).replace(_ROW_END, "\\\\")
        lead = len(shown[1]) - len(shown[1].lstrip())
        blocks = displayed(rows, text.count("\n", 0, shown.start(1) + lead) + 1)
        if any(block.kind == EQUATIONS for block in blocks):
            _say(found, text, start, shown.start())
            found += blocks
            start = shown.end()
    _say(found, text, start, end)


def _say(found: list[Block], text: str, start: int, end: int) -> None:
    line = text.count("\n", 0, start) + 1
    for number, said in enumerate(text[start:end].split("\n"), start=line):
        if said.strip() and len(said) <= LONGEST_EQUATION and not said.lstrip().startswith(_COMMANDS):
            found.append(prose(number, _FORMULA.sub(lambda m: f"${formula(m.group(1))}$", said)))


def _arguments(text: str, start: int) -> tuple[list[tuple[int, int]], int]:
    """Where each argument of a call begins and ends, and the call."""
    begin = start
    found: list[tuple[int, int]] = []
    for sign in outside(text, _TOKEN, start):
        found.append((begin, sign.start()))
        begin = sign.end()
        if sign[0] == ")":
            return found, begin
    return found, len(text)


def _rows(text: str, arguments: list[tuple[int, int]]) -> Iterator[Row]:
    """The cells in rows of as many columns as the table says."""
    width, cells, line, headed, number, counted = 1, [], 0, False, 1, 0
    for start, end in _flat(text, arguments):
        piece = text[start:end].lstrip()
        number += text.count("\n", counted, end - len(piece))
        counted = end - len(piece)
        if piece.startswith("columns:"):
            width = _width(piece[8:].strip())
        if not piece or re.match(r"[a-z-]+:|\w+\.[hv]line\b", piece):
            continue
        span = _SPAN.search(piece.partition("[")[0])
        line = line or number
        headed = headed or "adt-heading" in piece
        wide = sum(map(int, span.group(1).split("+"))) if span else 1
        cells += [_content(piece), *[""] * (min(wide, width) - 1)]
        if len(cells) >= width:
            yield Row(line, tuple(cells), headed)
            cells, line, headed = [], 0, False
    yield Row(line, tuple(cells), headed)


def _flat(text: str, arguments: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The arguments, those of ``table.header(...)`` among them."""
    for start, end in arguments:
        header = re.match(r"\s*table\.(?:header|footer)\(", text[start:end])
        if header:
            yield from _arguments(text, start + header.end())[0]
        else:
            yield start, end


def _width(text: str) -> int:
    """The number of columns: of ``3``, of ``(auto, 1fr)``, of ``(auto,) * 3``."""
    if text.isdigit():
        return int(text[:3])
    times = re.search(r"\*\s*(\d{1,3})$", text)
    listed = sum(bool(part.strip()) for part in text.rpartition(")")[0].split(","))
    return max(1, listed) * int(times.group(1) if times else 1)


def _content(piece: str) -> str:
    """The content of a cell: a formula or a text alone, or what its brackets hold; its formulas as LaTeX."""
    alone = _ALONE.fullmatch(piece.rstrip())
    start = piece.find("[") + 1
    inside = piece[start : piece.rfind("]")] if start and "]" in piece else ""
    inside = alone.group().strip('"') if alone else inside
    inside = _FORMULA.sub(lambda m: f"${formula(m.group(1))}$", inside)
    if "$" in inside:
        return " ".join(re.sub(r"#(?:h|v|adt-\w[\w-]*)(?:\([^()]*\))?", "", inside).split())
    return " ".join(re.sub(r"[\[\]#]|\\(?=[^\w\s])", "", _STRONG.sub("", inside)).split())


_COMMANDS = ("#let", "let ", "#set", "#show")
_WORDS = re.compile(
    r"(?P<call>(?:[A-Za-z](?:[A-Za-z0-9.]*[A-Za-z0-9])?)?[(\[]|[_^]\()|(?P<word>[A-Za-z](?:[A-Za-z.]*[A-Za-z])?)|"
    r'(?P<end>[)\]])|(?P<part>[,;])|"(?P<said>[^"]*)"|\\(?P<plain>.)|(?P<other>.)',
    re.S,
)
_OF_PARTS = ("frac(", "mat(", "vec(", "root(")


def formula(text: str) -> str:
    r"""A formula of Typst as LaTeX: ``frac(dot(v)_(1), 2)`` is ``\frac{\dot{v}_{1}}{2}``."""
    if len(text) > LONGEST_EQUATION:
        return text
    stack: list[tuple[str, list[str]]] = [("", [""])]
    for match in _WORDS.finditer(re.sub(r"#strong\[([^\[\]]*)\]", r"strong(\1)", text)):
        head, parts = stack[-1]
        kind, sign = match.lastgroup, match.group(match.lastgroup or 0)
        if kind == "call":
            stack.append((sign, [""]))
        elif kind == "part" and head in _OF_PARTS:
            parts += [sign, ""]
        elif kind == "end" and len(stack) > 1:
            stack.pop()
            stack[-1][1][-1] += _applied(head, parts, sign)
        else:
            parts[-1] += _NAMES.get(sign, sign) if kind == "word" else sign
    while len(stack) > 1:
        head, parts = stack.pop()
        stack[-1][1][-1] += head + "".join(parts)
    return _QUOTIENT.sub(r"\\frac{\1}{\2}", stack[0][1][0].strip())


def _applied(head: str, parts: list[str], end: str) -> str:
    name = head[:-1]
    if head in ("_(", "^("):
        return f"{name}{{{parts[0]}}}"
    if name == "frac":
        return f"\\frac{{{parts[0].strip()}}}{{{parts[2].strip() if len(parts) > 2 else ''}}}"
    if name == "root":
        return (
            f"\\sqrt[{parts[0].strip()}]{{{parts[-1].strip()}}}" if len(parts) > 2 else f"\\sqrt{{{parts[0].strip()}}}"
        )
    if name in ("mat", "vec"):
        return _matrix(parts, row=("," if name == "vec" else ";"))
    if name in _ACCENTS:
        return f"\\{_ACCENTS[name]}{{{parts[0]}}}" if _ACCENTS[name] else parts[0]
    return f"{_NAMES.get(name, name)}{head[-1]}{''.join(parts)}{end}"


def _matrix(parts: list[str], row: str) -> str:
    """A matrix of entries with the signs between them, of which ``row`` begins a row."""
    text = ""
    for before, entry in zip(["", *parts[1::2]], parts[::2], strict=True):
        if not _OF_LAYOUT.match(entry):
            text += (r" \cr " if before == row else " & ") * bool(text) + entry.strip()
    return f"\\begin{{bmatrix}}{text}\\end{{bmatrix}}"
