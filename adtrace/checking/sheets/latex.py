r"""LaTeX tables: tabular, array, longtable and their kin, and the ``\adttable`` of our own documents."""

from __future__ import annotations

import re
from itertools import pairwise

from adtrace.checking.brackets import closed_at, outside
from adtrace.checking.sheets.equations import split_rows
from adtrace.checking.sheets.rows import Block, Row, table
from adtrace.errors import BoundError, InputError

_TABLES = ("tabular", "tabular*", "tabularx", "tabulary", "longtable", "array", "NiceTabular", "tblr", "longtblr")
OPENS = re.compile(
    r"(?<!\\left[(\[])(?<!\\left[(\[]\s)\\begin\s*\{("
    + "|".join(map(re.escape, _TABLES))
    + r")\}|(?<!\\adtprovide)\\(adttable)\s*(?=\{)"
)
_LONGEST = 150_000
"""Characters of a table."""
_BEFORE = {"adttable": 2, "tabular*": 2, "tabularx": 2, "tabulary": 2}
"""How many arguments stand before the rows, if it is not one."""
_CONTENT = {"multicolumn": 3, "multirow": 3, "adttitle": 3, "adtcolumnhead": 2, "makecell": 1, "shortstack": 1,
            "thead": 1, "textcolor": 2}  # fmt: skip
"""Commands whose last argument is what a cell holds, and how many arguments they have."""
_HEADED = {"midrule": 0, "hline": 0, "adtheadend": 0, "endhead": 0, "endfirsthead": 0, "hhline": 1, "cmidrule": 1}
_IGNORED = {
    **dict.fromkeys(("toprule", "bottomrule", "addlinespace", "endfoot", "endlastfoot", "centering", "small",
                     "footnotesize", "bfseries", "newline", "adtrow", "adttied", "adthead", "adtline", "adtsep",
                     "adtnextstep"), 0),
    **dict.fromkeys(("cline", "rowcolor", "cellcolor", "noalign", "arrayrulecolor", "vspace", "color", "caption",
                     "label", "adtsteps"), 1), "rule": 2, "specialrule": 3,
}  # fmt: skip
_ARGUMENTS = _CONTENT | _HEADED | _IGNORED
_SPANS = ("multicolumn", "adttitle")
"""Of these the first argument says how many columns they cover."""
_COMMAND = re.compile(r"\$[^$]*\$|\\([A-Za-z]+)\*?|\\.", re.S)
_OPTION = re.compile(r"(?:\s*\[[^\]]{0,200}\])?\s*")
_RULE, _BREAK = "\x1d", "\x1e"
"""A rule below headings in a text, and the end of a line within a cell."""
_PUT = dict.fromkeys(_HEADED, _RULE) | {"newline": _BREAK}
_ARRAY = re.compile(r"\\(?:(adtmat)\s*\{[^{}]*\}|adtvec)\s*\{")
_OWN = {"adtand": "&", "adtpartial": r"\\frac", "adtx": r"\\times", "adtp": r"\\cdot", "adtapart": "", "adttophead": ""}
_PLAIN = (
    *((re.compile(rf"\\{name}(?![A-Za-z])"), sign) for name, sign in _OWN.items()),
    (re.compile(r"(\\cmidrule\s*(?:\[[^\]]*\])?)\s*\([^()]*\)"), r"\1"),
    (re.compile(r"\\adtshape\s*\{([^{}]*)\}"), r"\\in \\mathbb R^{\1}"),
    (re.compile(r"\{\\adtderived\s*(\\boldsymbol\{[^{}]*\})\}"), r"\1"),
    (re.compile(r"\\adtgeneral\s*\{(\d+)\}"), r"\\adttitle{\1}{}"),
    (re.compile(r"\\adt(?:name|word|soft|taken|letterhead)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\adt(?:letter|side)\s*\{([^{}]*)\}\{[^{}]*\}"), r"\1"),
)

_DEFINITIONS = re.compile(r"^([ \t]*)\\begingroup \\endlinechar-1.*?(?:\n\1\\endgroup(?![A-Za-z])|\Z)", re.S | re.M)
"""What our tables bring with them, each of a document's tables perhaps: no table, and none of its points a decimal."""


def without_macros(text: str) -> str:
    """A LaTeX document without comments and our definitions, and our macros as those of everybody; the lines stay."""
    text = re.sub(r"(?<!\\)((?:\\\\)*)%[^\n]*", r"\1", text)
    text = _DEFINITIONS.sub(lambda match: "\n" * match[0].count("\n"), text)
    for mark, plain in _PLAIN:
        text = mark.sub(plain, text)
    pieces: list[str] = []
    position = 0
    for match in _ARRAY.finditer(text):
        end = closed_at(text, match.end() - 1) + 1
        if match.start() >= position and end:
            left, right = (r"\begin{bmatrix}", r"\end{bmatrix}") if match[1] else ("(", ")")
            pieces += [text[position : match.start()], left, text[match.end() : end - 1], right]
            position = end
    return "".join(pieces) + text[position:]


def extent(text: str, start: re.Match[str], line: int) -> int:
    """Where the table ends that begins here.  Raises `InputError` for half a table."""
    if start.group(2):
        end = start.end()
        for _ in range(3):
            end = closed_at(text, end) + 1 if end and text[end : end + 1] == "{" else 0
        if end:
            return end
    else:
        name = re.escape(start.group(1))
        signs = re.compile(rf"(?P<open>\\begin\s*\{{{name}\}})|(?P<close>\\end\s*\{{{name}\}})")
        if closes := next(outside(text, signs, start.end()), None):
            return closes.end()
    what = "\\adttable" if start.group(2) else f"\\begin{{{start.group(1)}}}"
    raise InputError(f"line {line}: {what} has no end: half a table")


def latex_table(source: str, line: int) -> Block:
    """The table of one environment.  Raises `BoundError`."""
    if len(source) > _LONGEST:
        raise BoundError(f"line {line}: a LaTeX table has more than {_LONGEST} characters, which is the bound")
    opens = OPENS.match(source)
    assert opens is not None
    begin, end = opens.end(), extent(source, opens, line)
    for _ in range(_BEFORE.get(opens[1] or opens[2], 1)):
        begin = _argument(source, begin)[1]
    begin, end = (begin, source.rindex("\\end", 0, end)) if opens[1] else (begin + 1, end - 1)
    return table(_rows(_plainly(_EMPTY.sub(" ", source[begin:end])), line + source.count("\n", 0, begin)))


_EMPTY = re.compile(r"(?<=&)[ \t]*\$[ \t]*\$[ \t]*(?=&|\\\\)")
"""A formula of which nothing is left in its cell, and no display."""


def _argument(text: str, start: int) -> tuple[str, int]:
    """What the argument of a command holds that begins here, in braces or not, and where it ends."""
    option = _OPTION.match(text, start)
    assert option is not None  # it may be empty
    start = option.end()
    if text[start : start + 1] != "{":
        return text[start : start + 1], start + 1
    end = closed_at(text, start) + 1 or len(text)
    return text[start + 1 : end - 1], end


def _plainly(text: str) -> str:
    """The rows of a table in as many lines, rules as `_RULE`; cells over several columns have empty ones behind."""
    pieces: list[str] = []
    position = 0
    for match in _COMMAND.finditer(text):
        if match[1] not in _ARGUMENTS or match.start() < position:
            continue
        inside, given, end = "", list[str](), match.end()
        for _ in range(_ARGUMENTS[match[1]]):
            inside, end = _argument(text, end)
            given.append(inside.strip())
        inside = inside.replace("\\\\", _BREAK) if match[1] in _CONTENT else _PUT.get(match[1], "")
        if match[1] in _SPANS and given[0].isdigit() and len(given[0]) < 3:
            inside += "&" * (int(given[0]) - 1)
        lines = text.count("\n", match.start(), end) - inside.count("\n")
        pieces += [text[position : match.start()], inside, "\n" * lines]
        position = end
    return "".join(pieces) + text[position:]


def _rows(text: str, line: int) -> list[Row]:
    """The rows, those above the first rule between them as headings; not where there is a rule below each."""
    rows: list[Row] = []
    rules: set[int] = set()
    for start, written in split_rows(text):
        whole = "&".join(written)
        rules |= {len(rows)} if _RULE in whole else set()
        cells = tuple(" ".join(cell.replace(_RULE, " ").replace(_BREAK, "<br>").split()) for cell in written)
        if any(cells):
            lead = len(whole) - len(whole.lstrip(f"{_RULE}& \t\n"))
            rows.append(Row(line + text.count("\n", 0, start + lead), cells))
    between = sorted(rules & set(range(1, len(rows))))
    above = between[0] if between and between[0] <= 3 else 0
    each = len(between) > 2 and all(b - a == 1 for a, b in pairwise(between))
    return [row._replace(heading=place < above and not each) for place, row in enumerate(rows)]
