"""A document line by line: each reader is asked whether its kind of table begins here; what none takes is prose."""

from __future__ import annotations

import re
from collections.abc import Callable

from adtrace.checking.sheets.columns import grid_table, paragraph_columns, printed_table, ruled_table
from adtrace.checking.sheets.directives import directive
from adtrace.checking.sheets.equations import ALIGNMENTS, displayed, equation_lines
from adtrace.checking.sheets.latex import OPENS, extent, latex_table, without_macros
from adtrace.checking.sheets.listings import printed_values, statement_of, with_outputs, with_printed
from adtrace.checking.sheets.pipes import pipe_table, tab_table
from adtrace.checking.sheets.rows import MOST_ROWS, MOST_TABLES, TABLE, Block, Lines, Taken, is_blank, prose
from adtrace.checking.sheets.shape import is_heading
from adtrace.checking.sheets.summaries import arrays_listed, layer_list, summary_table
from adtrace.checking.sheets.web import html_tables
from adtrace.checking.sheets.worded import labelled_rows
from adtrace.errors import BoundError

_FENCE = re.compile(r"\s{0,8}(`{3,}|~{3,})\s*(\{?[\w.+#-]*)")
_ORG = re.compile(r"\s*#\+begin_(src|example)\b", re.I)
_LABEL = re.compile(r"[\[({]{1,2}\s*\"?([^\"=\[\]{}]+=[^\"\[\]{}]*?)\"?\s*[\])}]{1,2}(?=[\s;-]|$)")
"""What stands in a node of a graph: ``s["s = x - y = 3"]``, ``x((x = 5))``."""
_TITLE = re.compile(r"[\W_]*[^\W\d_]+(?:\s[^\W\d_]+)?[\W_]*")
"""One word or two above what a program prints: ``**Output:**``."""
_DISPLAYS = {"$$": r"\$\$", "\\[": r"\\\]", "\\\\[": r"\\\\\]", "```math": "```", ".. math::": r"\n[ \t]*(?=\n|\Z)|\Z"}
"""How a display begins, and the pattern of its end."""
_LONGEST_DISPLAY = 80_000
_ENVIRONMENT = re.compile(rf"\s*\\begin\s*\{{((?:{ALIGNMENTS})\*?)\}}")


def scan(lines: Lines, *, code: bool = False) -> list[Block]:
    """The tables, equations and prose of lines.  Raises `InputError` for half a table, and `BoundError`."""
    found: list[Block] = []
    place = tables = 0
    while place < len(lines.texts):
        text = lines.texts[place]
        if not text or text.isspace():
            if not found or not is_blank(found[-1]):  # a run of blank lines is one
                found.append(prose(lines.number(place), ""))
            place += 1
            continue
        read = _taken(lines, place, code=code) if _may_begin(lines, place) else None
        if read:
            found += read[0]
            place = read[1]
            tables += sum(block.kind == TABLE for block in read[0])
            if tables > MOST_TABLES:
                raise BoundError(f"line {place}: the document has more than {MOST_TABLES} tables, which is the bound")
        else:
            found.append(prose(lines.number(place), text))
            place += 1
    return found


def _fence(lines: Lines, place: int) -> Taken:
    """A fenced block, or a block of Org: what it holds is read as lines of code, their comments as values."""
    fence, org = _FENCE.match(lines.texts[place]), _ORG.match(lines.texts[place])
    if (not fence and not org) or (fence and fence.group(2) == "math"):
        return None
    mark = fence.group(1) if fence else "#+end"
    end = _end_of(lines, place, mark)
    source, (printed, last) = lines.texts[place + 1 : end], _printed(lines, end + 1)
    if fence and fence.group(2).strip("{.") == "mermaid":
        source = ["; ".join(_LABEL.findall(text)) for text in source]
    shown = with_outputs(source, printed) if printed else []
    if shown != [*map(statement_of, source)]:
        source, end = shown or source, last if shown else end
    inner = Lines(with_printed(source), lines.number(place + 1))
    if fence and fence.group(2).strip("{.").lower() in ("html", "latex", "tex"):
        return scan(Lines(without_macros("\n".join(inner.texts)).split("\n"), inner.first)), end + 1
    return scan(inner, code=True), end + 1


def _session(lines: Lines, place: int) -> Taken:
    """What is typed behind prompts, and what the program answers, to the next blank line."""
    if not lines.texts[place].lstrip().startswith(">>> "):
        return None
    end = next((k for k in range(place, len(lines.texts)) if not lines.texts[k].strip()), len(lines.texts))
    return scan(Lines(with_printed(lines.texts[place:end]), lines.number(place)), code=True), end


def _end_of(lines: Lines, place: int, mark: str) -> int:
    """Where a fenced block ends."""
    each = range(place + 1, len(lines.texts))
    return next((k for k in each if lines.texts[k].lstrip().lower().startswith(mark)), len(lines.texts))


def _printed(lines: Lines, place: int) -> tuple[str, int]:
    """What a program prints in a fenced block of its own below, a few words between, and where that ends."""
    near = [k for k, text in enumerate(lines.texts[place : place + 6], place) if text.strip()]
    if len(near) > 1 and _TITLE.fullmatch(lines.texts[near[0]]):
        del near[0]
    begin = near[0] if near else place
    fence = _FENCE.match(lines.texts[begin]) if near else None
    end = _end_of(lines, begin, fence[1]) if fence else begin
    text = "\n".join(lines.texts[begin + 1 : end])
    return (text, end) if fence and printed_values(text) else ("", place)


def _display(lines: Lines, place: int) -> Taken:
    """A display that begins a line and ends one; before prose it belongs to the prose."""
    start = lines.texts[place].strip()
    environment = _ENVIRONMENT.match(start)
    opens = environment.group() if environment else next((a for a in _DISPLAYS if start.startswith(a)), "")
    if not opens:
        return None
    closes = rf"\\end\{{{re.escape(environment.group(1))}\}}" if environment else _DISPLAYS[opens]
    text = "\n".join([start[len(opens) :], *lines.texts[place + 1 : place + MOST_ROWS]])
    end = re.search(closes, text)
    if end is None or end.start() > _LONGEST_DISPLAY or text[end.end() :].partition("\n")[0].strip(" .,;$"):
        return None
    inside = text[: end.start()]
    if opens != closes.replace("\\", "") and re.search(rf"\n\s*{re.escape(opens)}", inside):
        return None  # it is never closed
    line, lead = lines.number(place), inside[: len(inside) - len(inside.lstrip())].count("\n")
    made = [latex_table(inside.strip(), line + lead)] if OPENS.match(inside.strip()) else displayed(inside, line)
    return made, place + text.count("\n", 0, end.end()) + 1


def _latex(lines: Lines, place: int) -> Taken:
    r"""A LaTeX table, with what stands round it on its lines as prose."""
    start = OPENS.search(lines.texts[place])
    if not start or re.match(r"\s*(\[[^\]]*\])?\s*\{#", lines.texts[place][start.end() :]):  # a definition of a macro
        return None
    rest = "\n".join(lines.texts[place:])
    end = extent(rest, start, lines.number(place))
    source = without_macros(rest[start.start() : end])
    below, last = rest[end:].partition("\n")[0], place + rest.count("\n", 0, end) + 1
    before = [prose(lines.number(place), rest[: start.start()])] if start.start() else []
    return [*before, latex_table(source, lines.number(place)), prose(lines.number(last - 1), below)], last


def _html(lines: Lines, place: int) -> Taken:
    """Tables of HTML within other text."""
    if "<table" not in lines.texts[place].lower():
        return None
    end, depth = place, 0
    while end < len(lines.texts):
        low = lines.texts[end].lower()
        depth += low.count("<table") - low.count("</table")
        end += 1
        if depth <= 0:
            break
    return html_blocks("\n".join(lines.texts[place:end]), lines.number(place)), end


def _taken(lines: Lines, place: int, *, code: bool) -> Taken:
    """What the first reader takes whose kind of table begins at this line; None if it is prose."""
    for reader in _TABLES if code else (*_READERS, *_TABLES):
        if taken := reader(lines, place):
            return taken
    above = not place or lines.texts[place - 1].rstrip()[-1:] in ("", ":")
    equations, paragraph = equation_lines(lines, place, code=code), paragraph_columns(lines, place) if above else None
    if equations is None or paragraph is None:
        return equations or paragraph
    first = paragraph[0][0].rows[0].cells  # w = value, above columns
    is_title = equations[1] == place + 1 or (is_heading(first) and not re.search(r"\d", "".join(first)))
    return paragraph if is_title else equations


def _may_begin(lines: Lines, place: int) -> bool:
    """Whether there is anything on this line, or a rule below it, with which a table or an equation begins."""
    below = lines.texts[place + 1 : place + 3]
    return bool(_SIGNS.search(lines.texts[place]) or any("─" in text or "--" in text for text in below))


_SIGNS = re.compile(r"\w\.\w|>>>|[|\t=<$`~\\+│┃▲▼─:≈→⇒←≃≅≐]|--|#\+|\.\. |  |^\s*[-*•] ")
"""What is on a line at which a table or an equation begins; the others are prose at once."""
_Reader = Callable[[Lines, int], Taken]
_READERS: tuple[_Reader, ...] = (directive, _fence, _session, _html, _display, _latex)
_TABLES: tuple[_Reader, ...] = (
    labelled_rows,
    grid_table,
    summary_table,
    layer_list,
    arrays_listed,
    ruled_table,
    printed_table,
    pipe_table,
    tab_table,
)


def html_blocks(text: str, first: int = 1) -> list[Block]:
    """An HTML document.  Raises as `scan`."""
    return html_tables(text, scan, first)


def latex_lines(text: str) -> list[Block]:
    """A LaTeX document.  Raises as `scan`."""
    if text.count("\\begin") > 5_000:
        raise BoundError("the document has more than 5000 environments, which is the bound")
    return scan(Lines(without_macros(text).split("\n")))
