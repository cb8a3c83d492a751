r"""Tables out of LaTeX: tabular, array, aligned equations, and the ``\\adttable`` of our own documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adtrace.checking.equations import equations
from adtrace.checking.grid import Grid, bounded, is_heading, square, without_gutters
from adtrace.errors import InputError

_ENVIRONMENT = re.compile(
    r"\\begin\s*\{(tabular\*?|tabularx|tabulary|longtable|array|align\*?|aligned|alignat\*?|adttable|eqnarray\*?|split|"
    r"gather\*?|gathered|flalign\*?|NiceTabular|tblr|matrix)\}"
)
_ALIGNED = ("align", "eqn", "split", "gather", "flalign")


def latex_tables(text: str) -> list[Grid]:
    """The tables of a LaTeX document.  Raises `InputError` for half a table."""
    text = _own_macros(re.sub(r"(?<!\\)%[^\n]*", "", text))
    found: list[Grid] = []
    position = 0
    while match := _ENVIRONMENT.search(text, position):
        name = match.group(1)
        if re.match(r"\s*(\[[^\]]*\])?\s*\{#", text[match.end() : match.end() + 40]):  # a definition, not a table
            position = match.end()
            continue
        end = text.find(f"\\end{{{name}}}", match.end())
        inner = _ENVIRONMENT.search(text, match.end(), end if end >= 0 else len(text))
        if inner and not inner.group(1).startswith(_ALIGNED) and name.startswith(_ALIGNED):
            match, name = inner, inner.group(1)
            end = text.find(f"\\end{{{name}}}", match.end())
        line = text.count("\n", 0, match.start()) + 1
        if end < 0:
            raise InputError(f"line {line}: \\begin{{{name}}} has no \\end{{{name}}}: half a table")
        body = text[match.end() : end]
        grid = _latex_table(body, name, text.count("\n", 0, match.end()) + 1, text[position : match.start()])
        if grid.rows:
            found.append(grid)
        position = end + len(name) + 6
    if found:
        found[-1] = found[-1]._replace(after=text[position:])
    return found or equations(text.split("\n"))


def _own_macros(text: str) -> str:
    r"""The ``\adttable{layout}{traces}{rows}`` of our own LaTeX as a tabular, the lines where they were."""
    pieces: list[str] = []
    position = 0
    for match in re.finditer(r"(?<!\\adtprovide)\\adttable\s*(?=\{)", text):
        ends = [match.end()]
        while len(ends) < 4 and text[ends[-1] : ends[-1] + 1] == "{":
            ends.append(_closed(text, ends[-1]))
        if match.start() < position or len(ends) < 4 or not ends[-1]:
            continue
        above = "\n" * text.count("\n", ends[0], ends[2])
        rows = text[ends[2] + 1 : ends[3] - 1]
        rows = _AND.sub(" & & & ", _MARKS.sub(_meaning, rows))
        pieces += [text[position : match.start()], r"\begin{tabular}{l}", above, rows, r"\end{tabular}"]
        position = ends[3]
    return "".join(pieces) + text[position:]


_MARKS = re.compile(r"\\(adtrow|adttied|adthead|adtline|adtheadend|adtsep)(?![A-Za-z])|"
                    r"\\adttitle\{(\d+)\}\{\\[A-Za-z]+\}|\\adtcolumnhead\{\\[A-Za-z]+\}")  # fmt: skip
_AND = re.compile(r"\\adtand(?![A-Za-z])")


def _meaning(mark: re.Match[str]) -> str:
    """One of our marks as a tabular would have it: a row begins with the cell of an arrow."""
    if mark.group(2):
        return rf"\multicolumn{{{mark.group(2)}}}{{l}}"
    return "& " if mark.group(1) in ("adtrow", "adttied", "adthead") else ""


def _closed(text: str, start: int) -> int:
    """Where the group that opens at ``start`` ends; 0 if it does not."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.S).finditer(text, start):
        depth += (match.group() == "{") - (match.group() == "}")
        if depth == 0 and match.group() == "}":
            return match.end()
    return 0


def _latex_table(body: str, name: str, line: int, before: str) -> Grid:
    if not name.startswith(_ALIGNED):
        body, skipped = _without_columns(body, 2 if name in ("tabular*", "tabularx", "tabulary") else 1)
        line += skipped
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    ruled: list[bool] = []
    here = line
    for piece in re.split(r"\\\\(?:\s*\[[^\]]*\])?|\\tabularnewline|\\cr(?![A-Za-z])", body):
        bare = _RULES.sub(" ", piece)
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)&", _spanned(bare)))
        lead = len(piece) - len(piece.lstrip())
        ruled.append(bool(_RULES.search(piece)))
        if any(cells):
            bounded(len(cells), len(rows) + 1, here)
            rows.append(cells)
            numbers.append(here + piece.count("\n", 0, lead))
        here += piece.count("\n")
    rows = _joined_equations(rows) if name.startswith(_ALIGNED) else rows
    heading: tuple[str, ...] = ()
    while rows and not name.startswith(_ALIGNED) and is_heading(rows[0]) and len(heading) == 0:
        heading = rows.pop(0)
        numbers.pop(0)
    if heading and rows and is_heading(rows[0]):
        heading, numbers = tuple(f"{a} {b}".strip() for a, b in _paired(heading, rows.pop(0))), numbers[1:]
    return without_gutters(square(heading, rows, numbers, before))


def _paired(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str]]:
    width = max(len(first), len(second))
    return zip((*first, *[""] * (width - len(first))), (*second, *[""] * (width - len(second))), strict=True)


_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|hhline\{[^{}]*\}|c(?:mid)?rule(?:\[[^\]]*\])?(?:\([^)]*\))?\{[^{}]*\}|"
    r"cline\{[^{}]*\}|noalign\{[^{}]*\}|rowcolors?(?:\{[^{}]*\})+|"
    r"cellcolor(?:\[[^\]]*\])?\{[^{}]*\}|addlinespace(?:\[[^\]]*\])?|arrayrulecolor\{[^{}]*\}|"
    r"endhead|endfirsthead|endfoot|endlastfoot|"
    r"caption\{[^{}]*\}|label\{[^{}]*\}|rule\{[^{}]*\}\{[^{}]*\}|(?:notag|nonumber))"
)


def _spanned(text: str) -> str:
    r"""``\multicolumn{3}{l}{Forward}`` as its text and the cells that it covers; a multirow as its text."""
    text = re.sub(r"\\multirow\s*\{[^{}]*\}\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}", "", text)
    pieces: list[str] = []
    position = 0
    for match in re.finditer(r"\\multicolumn\s*\{\s*(\d{1,2})\s*\}\s*(?=\{)", text):
        columns = _closed(text, match.end())
        start = len(text) - len(text[columns:].lstrip()) if columns else 0
        end = _closed(text, start) if columns and text[start : start + 1] == "{" else 0
        if match.start() < position or not end:
            continue
        pieces += [text[position : match.start()], text[start + 1 : end - 1], " &" * (int(match.group(1)) - 1)]
        position = end
    return "".join(pieces) + text[position:]


def _without_columns(body: str, groups: int) -> tuple[str, int]:
    """The body without the column specification, and how many lines that was."""
    start = 0
    optional = re.match(r"\s*\[[^\]]*\]", body)
    start = optional.end() if optional else 0
    for _ in range(groups):
        while start < len(body) and body[start].isspace():
            start += 1
        if start >= len(body) or body[start] != "{":
            break
        depth = 0
        for place in range(start, len(body)):
            depth += (body[place] == "{") - (body[place] == "}")
            if depth == 0:
                start = place + 1
                break
        else:
            break
    return body[start:], body.count("\n", 0, start)


def _joined_equations(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """``v_1 &= ln v_0`` as one equation; a cell that begins no equation goes on with the one before."""
    joined: list[tuple[str, ...]] = []
    for row in rows:
        cells: list[str] = []
        for place, cell in enumerate(row):
            begins = place + 1 < len(row) and row[place + 1].lstrip().startswith("=")  # another equation of the line
            if cells and (
                re.match(r"\s*(\\approx|\\mathrel|[=+:]|\\;=)", cell)
                or ("=" not in cell and "=" in cells[-1] and not begins)
            ):
                cells[-1] += " " + cell
            elif cell:
                cells.append(cell)
        if len(cells) > 1 and "=" in cells[1].lstrip()[:1]:
            cells = [" ".join(cells)]
        joined.append(tuple(cells))
    return joined
