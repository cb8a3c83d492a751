"""Tables set in columns of characters: those that adtrace prints, reStructuredText's, pandoc's, and pasted pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, islice, pairwise, takewhile
from unicodedata import east_asian_width

from adtrace.checking.sheets.pipes import pipe_cells
from adtrace.checking.sheets.rows import MOST_ROWS, Lines, Row, Taken, table

_BARS = "│┃▲▼"
_WIDE = "\x01"
"""What stands behind a letter of two columns."""
_SPANNED = "\x00"
"""Where a matrix stands in its line."""
_BLANKS = re.compile(rf"[ {_BARS}]{{2,}}")
_NO_TEXT = (*_BARS, _SPANNED)
_NO_INK = (" ", *_NO_TEXT, *"⎛⎜⎝⎞⎟⎠")
"""What stands in a line of a matrix beside the names."""
LONGEST_LINE = 2_000


def clusters(line: str) -> list[str]:
    """The line as what stands in each column of a terminal: a letter with its marks is one, a wide one is two."""
    found = re.findall(r".[\u0300-\u036f\u20d0-\u20f0]*", line, re.S)
    if line.isascii():
        return found
    return [piece for one in found for piece in ((one, "") if east_asian_width(one[0]) in "WF" else (one,))]


def _letters(line: Iterable[str]) -> str:
    """The line without the marks on its letters, as long as it is."""
    return "".join(one[:1] or _WIDE for one in line)


def _cut(line: Sequence[str], starts: Iterable[int]) -> tuple[str, ...]:
    """The cells of a line that begin at these places."""
    return tuple("".join(line[a:b]).strip() for a, b in pairwise([*starts, len(line)]))


def _starts(rows: Sequence[Sequence[str]], heading: Sequence[str] = ()) -> list[int]:
    """Where columns begin: at a bar, where every row has two blanks, though not the same, at headings over blanks."""
    texts = list(map(_letters, rows))
    blanks = ({j for match in _BLANKS.finditer(text) for j in range(*match.span())} for text in texts)
    columns = map(set, zip(*texts, strict=True))
    ink = "".join("x" if column - {" ", *_BARS} else "|" if column - {" "} else " " for column in columns)
    apart = set.intersection(*blanks) | {j for j, char in enumerate(ink) if char == "|"}
    starts = {ink.find("x"), *(j for j, char in enumerate(ink) if char == "x" and j - 1 in apart)} - {-1}
    starts |= {place for place, _ in _titles(heading) if "x" not in ink[place : place + 2]}
    return sorted(starts)


def _even(rows: Sequence[list[str]], width: int = 0) -> list[list[str]]:
    """The rows, blanks behind them, as long as the longest."""
    longest = max(width, *map(len, rows))
    return [row + [" "] * (longest - len(row)) for row in rows]


_RULE, _BARRED, _RULED_OUT = re.compile(r"\s*─[\s─]*"), re.compile(r"\s*[│┃▲▼]"), re.compile(r"[\s┄┈│┃▲▼]*")
_PARTED, _LINE = re.compile(r"\s*─+(?:\s+─+)+\s*"), re.compile(r"\s*\S")
"""A rule over several panels, below which rows need no bars: layer tables."""


def printed_table(lines: Lines, place: int) -> Taken:
    """A table as adtrace prints it: headings above a rule, bars and arrows beside rows, blanks between columns."""
    texts = lines.texts
    rule = _rule_below(texts, place)
    end = _end_below(texts, place, rule)
    numbers = [j for j in range(rule + 1, end) if not _RULED_OUT.fullmatch(texts[j])]
    if not numbers or end - rule > 20 * MOST_ROWS or max(map(len, texts[place:end])) > LONGEST_LINE:
        return None
    headings = list(map(clusters, texts[place : max(rule, place)]))
    rows = _even([clusters(texts[j]) for j in numbers], max(map(len, headings), default=0))
    whole = _with_matrices(rows)
    rows = [row for _, row in whole]
    starts = _starts(rows)
    if headings:
        starts = _at_signs(rows, _starts(rows, headings[-1]), _headed(headings[-1], texts[rule]))
    if len(starts) == 1 and not headings:
        return None  # words beside the arrow of a drawing
    made = [Row(lines.number(place + j), _titled(heading, starts), heading=True) for j, heading in enumerate(headings)]
    for j, row in whole:
        inked = ["" if char in _NO_TEXT else char for char in row]
        made.append(Row(lines.number(numbers[j]), _cut(inked, starts)))
    return [table(made)], end


def _end_below(texts: Sequence[str], place: int, rule: int) -> int:
    """The place behind the rows below a rule: those with bars, or any below one over several panels."""
    line = _LINE if rule > place and _PARTED.fullmatch(texts[rule]) else _BARRED
    return next((j for j in range(rule + 1, len(texts)) if not line.match(texts[j])), len(texts))


def _rule_below(texts: Sequence[str], place: int) -> int:
    """The place of the rule under one line or two of headings; the one before this, if there is none."""
    rules = [bool(_RULE.fullmatch(text)) for text in texts[place + 1 : place + 3]]
    return place + 1 + rules.index(True) if True in rules else place - 1


def _headed(heading: Sequence[str], rule: str) -> list[tuple[int, bool]]:
    """Where each panel of a rule begins, and whether one heading stands over all of it."""
    titles = [place for place, _ in _titles(heading)]
    panels = (match.span() for match in re.finditer("─+", rule))
    return [(a, sum(a <= place < b for place in titles) < 2) for a, b in panels]


def _at_signs(rows: Sequence[Sequence[str]], starts: list[int], panels: list[tuple[int, bool]]) -> list[int]:
    """The starts, and those at signs ``=`` below each other, the cells before them filled up with blanks.

    Where these are equally long, it is one if a heading stands over a whole panel, and not over each column.
    """
    found = list(starts)
    for start, end in pairwise([*starts, len(rows[0])]):
        alone = next((one for place, one in reversed(panels) if place <= start), False)
        found += (j for j in range(start + 2, end) if _is_start(rows, start, j, end if alone else 0))
    return sorted(found)


def _is_start(rows: Sequence[Sequence[str]], start: int, j: int, end: int) -> bool:
    """Whether signs = below each other begin a column: blanks fill up what is before, or most of the cells have one."""
    if not all(row[j - 1] == " " and row[j] in "=∈ " for row in rows):
        return False
    there = [row for row in rows if row[j] != " "]
    if any(row[j - 2] == " " and "".join(row[start : j - 2]).strip() for row in there):
        return True
    filled = sum(bool("".join(row[start:end]).strip(" " + _BARS)) for row in rows)
    return bool(there) and start < end and 2 * len(there) > filled


def _titles(heading: Sequence[str]) -> list[tuple[int, str]]:
    """The texts of a heading, parted by two blanks, and where they begin."""
    spans = (match.span() for match in re.finditer(r"\S+(?: \S+)*", _letters(heading)))
    return [(start, "".join(heading[start:end])) for start, end in spans]


def _titled(heading: Sequence[str], starts: Sequence[int]) -> tuple[str, ...]:
    """The text of the heading over each column."""
    texts = [""] * len(starts)
    for place, title in _titles(heading):
        column = max((j for j, start in enumerate(starts) if start <= place + 1), default=0)
        texts[column] = f"{texts[column]} {title}".strip()
    return tuple(texts)


_ENDS, _ROUND = {"⎡": "⎣", "⎛": "⎝"}, str.maketrans("⎛⎜⎝⎞⎟⎠", "((()))")
_FLAT = re.compile(r"\[([^\[\]]*\S {2,}\S[^\[\]]*)\]")


def _with_matrices(rows: Sequence[list[str]]) -> list[tuple[int, list[str]]]:
    """The lines of text, each with its place: those over which matrices are set as one, in which they are LaTeX."""
    found: list[tuple[int, list[str]]] = []
    begin = 0
    while begin < len(rows):
        end, last, matrices = begin, begin, list[tuple[int, int, int]]()
        while end <= last:
            for left, stem in ((j, char) for j, char in enumerate(rows[end]) if char in _ENDS):
                bottom = next((i for i in range(end, len(rows)) if rows[i][left] == _ENDS[stem]), end)
                matrices += [(end - begin, bottom - begin, left)]
                last = max(last, bottom)
            end += 1
        base, line = _in_one(rows[begin:end], matrices)
        found.append((begin + base, line))
        begin = end
    return found


def _in_one(lines: Sequence[list[str]], matrices: Iterable[tuple[int, int, int]]) -> tuple[int, list[str]]:
    """Lines as the one in which names stand, and its place; each matrix is in it where it begins."""
    outside = [list(line) for line in lines]
    texts: dict[int, tuple[str, int]] = {}
    for top, bottom, left in matrices:
        right = lines[top].index("⎤", left) if lines[top][left] == "⎡" and "⎤" in lines[top][left:] else -1
        if right < 0:  # a round bracket
            continue
        entries = ["".join(line[left + 1 : right]).strip() for line in lines[top : bottom + 1]]
        texts[left] = (r" \cr ".join(re.sub(r" {2,}", " & ", entry) for entry in entries), right)
        for line in outside[top : bottom + 1]:
            line[left : right + 1] = [_SPANNED] * (right + 1 - left)
    base = max(range(len(outside)), key=lambda k: sum(char not in _NO_INK for char in outside[k]))
    line = [char.translate(_ROUND) for char in outside[base]]
    for match in _FLAT.finditer(_letters(line)):
        texts[match.start()] = (re.sub(r" {2,}", " & ", match.group(1).strip()), match.end() - 1)
    for left, (text, right) in texts.items():
        line[left : right + 1] = [rf"\begin{{bmatrix}}{text}\end{{bmatrix}}", *[_SPANNED] * (right - left)]
    return base, line


def _by_blanks(rows: Sequence[Sequence[str]], fewest: int) -> list[tuple[str, ...]]:
    """The cells of lines that are parted by two blanks, though not below each other, if they are more than so many."""
    apart = [_titles(row) for row in rows]
    full = [items for items in apart if len(items) == max(map(len, apart))]
    if len(full[0]) <= fewest or 2 * len(full) <= len(apart):
        return []
    columns = [sum(start for start, _ in items) / len(full) for items in zip(*full, strict=True)]
    return [_at_nearest(items, columns) for items in apart]


def _at_nearest(items: Sequence[tuple[int, str]], columns: Sequence[float]) -> tuple[str, ...]:
    """The texts of a line, each in the column near which it begins."""
    starts = [start for start, _ in items]

    def off(way: Iterable[int]) -> float:
        return sum(abs(columns[j] - start) for j, start in zip(way, starts, strict=True))

    way = min(islice(combinations(range(len(columns)), len(items)), _MOST_WAYS), key=off)
    texts = dict(zip(way, (text for _, text in items), strict=True))
    return tuple(texts.get(j, "") for j in range(len(columns)))


_MOST_WAYS = 500
"""Ways to put the texts of a line in columns that are tried."""


def _in_columns(lines: Sequence[list[str]]) -> list[tuple[str, ...]]:
    """The cells of lines, which stand below each other or are parted by two blanks."""
    rows = _even(lines)
    starts = _starts(rows)
    return _by_blanks(rows, len(starts)) or [_cut(row, starts) for row in rows]


def _filled(rows: Iterable[Sequence[str]]) -> int:
    """How many more cells are filled than empty: programs pad by what a terminal shows, or by the number of letters."""
    return sum(1 if cell else -1 for row in rows for cell in row)


def paragraph_columns(lines: Lines, place: int) -> Taken:
    """A paragraph of three lines or more that have two blanks at the same columns, or a cell alone further in; else it
    is prose.
    """
    texts = [*takewhile(str.strip, lines.texts[place : place + MOST_ROWS + 1])]
    if not 3 <= len(texts) <= MOST_ROWS or max(map(len, texts)) > LONGEST_LINE:
        return None
    alone, apart = (
        [len(text) - len(text.lstrip()) for text in texts if bool(re.search(r"\S {2,}\S", text)) == has_gap]
        for has_gap in (False, True)
    )
    if len(alone) > len(apart) or min(alone, default=LONGEST_LINE) < min(apart) + 2:  # its first cells are empty
        return None
    ways = (clusters, list) if any(not text.isascii() for text in texts) else (clusters,)
    cells = max((_in_columns([way(text.expandtabs()) for text in texts]) for way in ways), key=_filled)
    made = (Row(lines.number(place + j), row) for j, row in enumerate(cells))
    return ([table(made)], place + len(texts)) if len(cells[0]) > 1 else None


_RULES, _RULED = re.compile(r"\s*[=-]{2,}(\s+[=-]{2,})+\s*"), re.compile(r"\s*[=-]{2,}[\s=-]*")


def ruled_table(lines: Lines, place: int) -> Taken:
    """Columns below (and above) rules of ``===`` or ``---``: the simple tables of reStructuredText and pandoc."""
    rules = [_RULES.fullmatch(text[:LONGEST_LINE]) for text in lines.texts[place : place + 2]]
    rule = bool(not rules[0])
    if rules[0] is rules[-1]:
        return None
    starts = [match.start() for match in re.finditer(r"\S+", lines.texts[place + rule][:LONGEST_LINE])]
    rows: list[Row] = []
    marks, last, inside = 0, place, lines.texts[place : place + 2 * MOST_ROWS]
    ruled = [j for j, text in enumerate(inside, start=place) if _RULED.fullmatch(text[:LONGEST_LINE])]
    for j, text in enumerate(inside, start=place):
        if j in ruled:
            marks += 1
            if marks == 2 - rule and (rule or "=" in text):
                rows = _headed_by(rows)
        elif text.strip():
            rows.append(Row(lines.number(j), _cut(clusters(text[:LONGEST_LINE]), starts)))
        elif rule or not _is_between(j, ruled, marks):
            break
        last = j + 1
    return ([table(rows)], last) if rows else None


def _headed_by(rows: Iterable[Row]) -> list[Row]:
    """Rows as headings."""
    return [row._replace(heading=True) for row in rows]


def _is_between(line: int, ruled: Sequence[int], rules: int) -> bool:
    """Whether a blank line stands between rows, as those between a table's rules do, ``rules`` of them above it."""
    return line <= ruled[-1] and (rules < 2 or line - 1 not in ruled)


_BORDER = re.compile(r"\s*\+(?:[-=:]+\+)+")
"""A border of a grid; the first may be that of cells that cover several columns."""


def grid_table(lines: Lines, place: int) -> Taken:
    """A grid of ``+---+`` and bars; a cell may cover several columns, and with borders between have several lines."""
    if not _BORDER.fullmatch(lines.texts[place][:LONGEST_LINE].rstrip()):
        return None
    grid = [*takewhile(lambda text: text.lstrip()[:1] in ("+", "|"), islice(lines.texts, place, None))]
    corners = _corners(grid)
    few = sum(text.lstrip()[0] == "+" for text in grid) <= 3  # as terminals print tables, no border between their rows
    rows: list[Row] = []
    begin = place + 1
    for end, text in enumerate(grid[1:], start=begin):
        if text.lstrip()[0] == "+" and not text.strip("+-=: \t|"):
            rows += _between(lines, range(begin, end), corners, few)
            if "=" in text and not (rows and rows[0].heading):
                rows = _headed_by(rows)
            begin = end + 1
    return ([table(rows)], place + len(grid)) if rows else None


def _corners(grid: Iterable[str]) -> list[int]:
    """Where the columns of a grid begin."""
    borders = filter(_BORDER.fullmatch, (text[:LONGEST_LINE].rstrip() for text in grid))
    return sorted({sign.start() for text in borders for sign in re.finditer(r"\+", text)})


def _between(lines: Lines, inside: range, corners: Sequence[int], few: bool) -> list[Row]:
    """What stands between two borders: one row; where borders are few one for each line, if each begins with a cell."""
    text = lines.texts[inside.start].strip()
    if len(inside) == 1 and text.count("|") == len(corners):  # be the bars below each other or not
        return [Row(lines.number(inside.start), tuple(cell.strip() for cell in text[1:-1].split("|")))]
    each = [(k, pipe_cells(lines.texts[k], len(corners) - 1)) for k in inside]
    if not few or not all(cells[0] for _, cells in each):
        each = [(inside.start, _grid_cells(lines.texts[inside.start : inside.stop], corners))]
    return [Row(lines.number(k), cells) for k, cells in each]


def _grid_cells(texts: Sequence[str], corners: Sequence[int]) -> tuple[str, ...]:
    """The cells of a row from its lines, those that go over several columns in the first of them."""
    cells = [""] * len(corners)
    for line in (clusters(text[:LONGEST_LINE]) for text in texts):
        bars = [k for k, j in enumerate(corners) if not k or "".join(line[j : j + 1]) == "|"]
        for k, cell in zip(bars, _cut(line, [corners[k] for k in bars]), strict=True):
            cells[k] += " " + cell.strip("|").strip()
    return tuple(" ".join(cell.split()) for cell in cells[:-1])
