r"""LaTeX tables by pylatexenc: tabular, array, longtable and their kin, and the ``\adttable`` of our own documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from adtrace.checking.sheets.rows import DEEPEST, Block, Row, table
from adtrace.errors import BoundError, InputError

_TABLES = ("tabular", "tabular*", "tabularx", "tabulary", "longtable", "array", "NiceTabular", "tblr", "longtblr")
OPENS = re.compile(r"\\begin\s*\{(" + "|".join(map(re.escape, _TABLES)) + r")\}|(?<!\\adtprovide)\\(adttable)\s*(?=\{)")
_LONGEST = 150_000
"""Characters of a table: pylatexenc reads a hundred thousand in a second."""
_WIDE = frozenset(("tabular*", "tabularx", "tabulary"))
_ARGUMENTS = {
    "multicolumn": "{{{", "multirow": "[{[{[{", "adttitle": "{{{", "adtcolumnhead": "{{", "adttable": "{{{",
    "cmidrule": "[{", "cline": "{", "rowcolor": "[{", "cellcolor": "[{", "addlinespace": "[", "noalign": "{",
    "hhline": "{", "caption": "[{", "label": "{", "arrayrulecolor": "{", "rule": "{{", "specialrule": "{{{",
    "vspace": "{", "makecell": "[{", "shortstack": "[{", "thead": "[{", "textcolor": "[{{", "color": "[{",
}  # fmt: skip
_CONTENT = frozenset(("multicolumn", "multirow", "adttitle", "adtcolumnhead", "makecell", "shortstack", "thead",
                      "textcolor"))  # fmt: skip
_HEADED = frozenset(("midrule", "hline", "adtheadend", "endhead", "endfirsthead", "hhline", "cmidrule"))
_IGNORED = frozenset((
    "toprule", "bottomrule", "cline", "rowcolor", "cellcolor", "addlinespace", "noalign", "arrayrulecolor", "rule",
    "specialrule", "vspace", "color", "adtrow", "adttied", "adthead", "adtline", "adtsep", "endfoot", "endlastfoot",
    "caption", "label", "centering", "small", "footnotesize", "bfseries",
))  # fmt: skip
_FIRST = 0xF0000
"""The first letter of a plane in which nobody writes."""
_ENDS = frozenset(("\\", "tabularnewline", "cr", "adtand"))
_ARRAY = re.compile(r"\\(?:(adtmat)\s*\{[^{}]*\}|adtvec)\s*\{")
_PLAIN = (
    (re.compile(r"(\\cmidrule\s*(?:\[[^\]]*\])?)\s*\([^()]*\)"), r"\1"),
    (re.compile(r"\\adtshape\s*\{([^{}]*)\}"), r"\\in \\mathbb R^{\1}"),
    (re.compile(r"\\adttaken\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\adtpartial(?![A-Za-z])"), r"\\frac"),
    (re.compile(r"\\adtx(?![A-Za-z])"), r"\\times"),
    (re.compile(r"\\adtp(?![A-Za-z])"), r"\\cdot"),
    (re.compile(r"\\(?:adtapart|adttophead|adtletterhead\s*\{[^{}]*\})(?![A-Za-z])"), ""),
    (re.compile(r"\\adtgeneral\s*\{(\d+)\}"), r"\\adttitle{\1}{}"),
    (re.compile(r"\\(?:adtname|adtword|adtsoft)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:adtletter|adtside)\s*\{([^{}]*)\}\{[^{}]*\}"), r"\1"),
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
        end = closing(text, match.end() - 1)
        if match.start() >= position and end:
            left, right = (r"\begin{bmatrix}", r"\end{bmatrix}") if match[1] else ("(", ")")
            pieces += [text[position : match.start()], left, text[match.end() : end - 1], right]
            position = end
    return "".join(pieces) + text[position:]


def closing(text: str, start: int) -> int:
    """Where the group that opens at ``start`` ends; 0 if it does not."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.S).finditer(text, start):
        depth += (match.group() == "{") - (match.group() == "}")
        if depth == 0 and match.group() == "}":
            return match.end()
    return 0


def extent(text: str, start: re.Match[str], line: int) -> int:
    """Where the table ends that begins here.  Raises `InputError` for half a table."""
    if start.group(2):
        end = start.end()
        for _ in range(3):
            end = closing(text, end) if end and text[end : end + 1] == "{" else 0
        if end:
            return end
    else:
        depth = 0
        name = re.escape(start.group(1))
        for match in re.compile(rf"\\(begin|end)\s*\{{{name}\}}").finditer(text, start.start()):
            depth += 1 if match.group(1) == "begin" else -1
            if depth == 0:
                return match.end()
    what = "\\adttable" if start.group(2) else f"\\begin{{{start.group(1)}}}"
    raise InputError(f"line {line}: {what} has no end: half a table")


@lru_cache(maxsize=1)
def _context() -> Any:
    from pylatexenc.latexwalker import get_default_latex_context_db  # noqa: PLC0415 - an extra
    from pylatexenc.macrospec import EnvironmentSpec, MacroSpec  # noqa: PLC0415

    context = get_default_latex_context_db()
    context.add_context_category(
        "tables",
        prepend=True,
        macros=[MacroSpec(name, spec) for name, spec in _ARGUMENTS.items()],
        environments=[EnvironmentSpec(name, "{[{" if name in _WIDE else "[{") for name in _TABLES],
    )
    return context


def latex_table(source: str, line: int) -> Block:
    """The table of one environment.  Raises `InputError` where pylatexenc is not installed, and `BoundError`."""
    try:
        from pylatexenc.latexwalker import LatexWalker  # noqa: PLC0415 - an extra
    except ImportError:
        raise InputError(
            f"line {line}: LaTeX tables are read with pylatexenc, which is not installed: pip install 'adtrace[check]'"
        ) from None
    depth = deepest = 0
    for match in re.finditer(r"\\.|[{}]|\\begin|\\end", source, re.S):
        depth += (match.group() == "{") - (match.group() == "}")
        deepest = max(deepest, depth)
    if len(source) > _LONGEST or deepest > DEEPEST or source.count("\\begin") > 20 * DEEPEST:
        raise BoundError(f"line {line}: a LaTeX table has more than {_LONGEST} characters or {DEEPEST} groups within "
                         "each other, which is the bound")  # fmt: skip
    short, runs = _shortened(source)
    nodes = LatexWalker(short, latex_context=_context(), tolerant_parsing=True).get_latex_nodes()[0]
    whole = next(node for node in nodes if getattr(node, "nodelist", None) or getattr(node, "nodeargd", None))
    body = whole.nodelist if hasattr(whole, "environmentname") else _argument(whole, -1).nodelist
    return _Rows(short, line, runs).read(body)


_RUN = re.compile(
    r"((?! )(?:[A-Za-z0-9 .,:;=+\-*/()|^_']|\{[A-Za-z0-9 .,=+\-*/()^_]*\}"
    r"|\\(?:times|cdot|ln|log|exp|sin|cos|tan|d?dot|bar|partial|frac|sqrt|mathbf|boldsymbol)(?![A-Za-z])){2,}+)"
    r"|\\(?:[A-Za-z]+\*?(?:\s*(?:\[[^\]{}]{0,99}\]|\{[^{}]*\}))*|\\\s*\*?|.)", re.S
)  # fmt: skip
"""A run of letters, numbers, signs and macros, which part nothing; another macro with its arguments."""
_UNUSUAL = re.compile(rf"verb|\\(?:{'|'.join(_ARGUMENTS)})(?![A-Za-z])\*?\s*(?![\s*\[{{])|[{chr(_FIRST)}-\U0010ffff]")
"""What takes its arguments otherwise."""


def _shortened(source: str) -> tuple[str, dict[int, str]]:
    """The source with one letter for each run of what parts nothing, which pylatexenc would read sign by sign; and
    what these letters stand for.
    """
    letters: dict[str, int] = {}

    def letter(match: re.Match[str]) -> str:
        run = match[1]
        return chr(_FIRST + letters.setdefault(run, len(letters))) if run else match[0]

    short = source if _UNUSUAL.search(source) else _RUN.sub(letter, source)
    return short, {_FIRST + number: run for run, number in letters.items()}


def _argument(node: Any, place: int) -> Any:
    return node.nodeargd.argnlist[place]


def _inside(node: Any) -> str:
    """What a group holds."""
    text = str(node.latex_verbatim()) if node is not None else ""
    return text[1:-1] if text.startswith("{") else text


class _Rows:
    """The rows of a table as its nodes are gone through."""

    def __init__(self, source: str, line: int, runs: Mapping[int, str]) -> None:
        self.source, self.line, self.runs = source, line, runs
        self.rows: list[Row] = []
        self.cells = [""]
        self.begin = -1
        self.rules: list[int] = []
        self.said = ""

    def read(self, nodes: list[Any]) -> Block:
        for node in nodes:
            name = getattr(node, "macroname", "")
            if getattr(node, "specials_chars", "") == "&" or name == "adtand":
                self.cells.append("")
            elif name in _ENDS:
                self.end()
            elif name in _HEADED:
                self.rules.append(len(self.rows))
            elif name in _CONTENT:
                self.add(node, self.content(node, name))
            elif name not in _IGNORED and not hasattr(node, "comment"):
                self.add(node, node.latex_verbatim())
        self.end()
        return table(self.headed())

    def add(self, node: Any, text: str) -> None:
        if text.strip() and self.begin < 0:
            self.begin = node.pos + len(text) - len(text.lstrip())
        self.cells[-1] += text.translate(self.runs)

    def content(self, node: Any, name: str) -> str:
        """What a cell over several rows or columns holds; the columns that it covers follow empty."""
        text = _inside(_argument(node, -1)).replace("\\\\", "<br>")
        count = _inside(_argument(node, 0)) if name in ("multicolumn", "adttitle") else "1"
        if count.strip().isdigit() and 1 < int(count) < 100:
            self.cells[-1] += text.translate(self.runs)
            if self.begin < 0:
                self.begin = node.pos
            self.cells += [""] * (int(count) - 1)
            text = ""
        return text

    def end(self) -> None:
        """End the row, if there is anything in it."""
        cells = tuple(" ".join(cell.split()) for cell in self.cells)
        if any(cells):
            self.rows.append(Row(self.line + self.source.count("\n", 0, max(self.begin, 0)), cells))
        self.cells, self.begin = [""], -1

    def headed(self) -> list[Row]:
        """The rows, those above the first rule between them as headings; not where there is a rule below each."""
        between = sorted({count for count in self.rules if 0 < count < len(self.rows)})
        above = between[0] if between and between[0] <= 3 else 0
        each = len(between) > 2 and all(b - a == 1 for a, b in pairwise(between))
        return [row._replace(heading=place < above and not each) for place, row in enumerate(self.rows)]
