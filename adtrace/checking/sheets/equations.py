r"""Equations as rows: one a line, several beside each other, over several lines, in displays and aligned blocks.

``v_1 = x_1 x_2 = 10``, ``- df/dq = z = -4``, ``a = x * y  # 6``, ``s = p - q ---> 4``,
``\dot v_1 &= 3 v_0^2 \\ &= 12``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import filterfalse

from adtrace.checking.brackets import BRACKETS, outside, parted
from adtrace.checking.patterns import (
    ARROW,
    DECIMAL,
    FIGURES,
    FORMULA_OR_CODE,
    IS,
    MINUS,
    NUMBER,
    PRINTED,
)
from adtrace.checking.sheets.listings import PRINTING, is_general, stepped, value_of
from adtrace.checking.sheets.rows import EQUATIONS, LONGEST_EQUATION, Block, Lines, Row, Taken, prose, table
from adtrace.checking.words import AND, BY, DERIVATIVES, GRADIENTS, MARKS
from adtrace.elementals import FUNCTIONS

SIGN = (
    r"(?:\\mathrel\{\+\}=|\\(?:leftarrow|gets)\b|\\approx|\\simeq|\\doteq|\\coloneqq|\\to\b|\\implies|:=|\+="
    r"|-{1,6}>|=>|={1}|[≈≃≅≐→⇒←]|<-)"
)
"""What stands between the sides of an equation."""
_BEGINS = re.compile(rf"(?:[&\s]|\\[,;:! ]|\\quad|\\qquad|\{{\}})*{SIGN}")
_BULLETS = re.compile(
    r"(?:\s*(?:\\item(?:\[[^\]\n]{0,20}\])?\s*|[-*+•‣◦▪▸►→]\s+|\(?(?:\d{1,3}|[a-z])[.)]\s+|>\s+|:{1,3}\s+(?=<math|\$|\\\())){1,2}"
)
"""``- 1. v_1 = 2`` has two."""
_WRAPPED = re.compile(r"(?:\${1,2}|\\{1,2}[(\[]|`|\*\*)\s*(.*?)\s*(?:\${1,2}|\\{1,2}[)\]]|`|\*\*)\s*[,;.:]?\s*", re.S)
_AND = (
    r"(?:(?:(?:and|und|et|y|e|so|also|then|dann|hence|thus|therefore|finally|similarly|likewise|somit|damit|daher|folglich"
    r"|donc|ainsi|alors|enfin|luego|entonces|por tanto|por lo tanto|portanto|logo|ist|gilt|folgt|which|we|get|have"
    r"|targets?|labels?|inputs?|bias(?:es)?|weights?|entrada|objetivo|sesgo|cible|entrée|Ziel|Eingabe"
    r"|obtain|gives|on a|on obtient|se obtiene|tenemos|temos|obtemos)(?:[,\s]+|$)"
    r"|(?:因此|所以|于是|故|得)[,，]?\s*)){0,4}"
)
_SEVERAL = re.compile(rf"(?i:{_AND})(?:{FORMULA_OR_CODE}(?:[\s,;.，；。]|{ARROW})*{_AND}){{1,20}}")
"""Formulas beside each other: ``Hence $a = 2$, $b = 3$ and $c = 6$.``"""
_LABEL = re.compile(
    r"^(?:(?:(?=\W*[^\W\d_]{3})(?:\*\*)?[^$=:*\\|]{3,60}:(?:\*\*)?|\*\*[^$=:*\\|]{3,60}\*\*:?)\s*"
    r"(?=(?:\$[^$]+\$|`[^`]+`)[.,;]?\s*$)"
    r"|(?:(?:[A-ZÀ-ÞА-Я][a-zà-ÿа-я]{2,20}(?:\s[^$=:*\\|]{1,40}(?=:[^=≈←]*[=≈←].*[=≈].*\d))?|[\u3040-\u9fff]{1,20})(?:\s?\d{1,2})?:|\*\*[^$=:*\\|]{3,60}(?::\*\*|\*\*:))\s+"
    r"(?=(?:\\[a-z]{3,8}\b)?[^=\s$`\\]{1,20}\s*[=≈←]))"
)
"""What is said before a formula: ``**Step 2 - error:** $e = ...$``, ``Loss: L = ...``."""
_BY_WORDS = re.compile(
    rf"^\W{{0,3}}(?:[^\W\d_]{{2,}}\s+)?(?:{DERIVATIVES}|{GRADIENTS})[^$=:|\n]{{0,40}}?\s(?:{BY})\s+"
    r"\$?(?P<by>\\?[A-Za-zα-ω]\w?(?:_\{?\w{1,3}\}?)?)\$?\W{0,3}[:=]\**\s*(?P<math>\$?)(?=[^:]*[=≈])"
    r"(?P<named>(?=(?:[∂d∇δ]|\\(?:bar|nabla|delta|[dt]?frac\s*\{\s*(?:\\partial|d))|[A-Za-z]'|gr?(?:ad)?_)[^-+*·=(]*=))?",
    re.I,
)
"""Words before a derivative that they name: ``Gradient w.r.t. w: (2/3) X^T e = ...``."""
_LEADS = re.compile(
    r"^(?:Here|Let|Where|where|with|Given|Set|Sei|Seien|Hier|Mit|mit|Gegeben)\s+(?=[$\\`A-Za-z∂])"
    r"|^[^\W\d_]{3,15}[ ]{2,}(?=[^\s=,;]{1,30}\s*=)"
)
_MAPS = re.compile(r"^\W{0,4}[A-Za-z]\w?\s*:\s*[^=,;:]{1,40}?(?:->|→|\\to\b)")
"""Where a function goes from and to: ``F: R^2 -> R^2``."""
INSIDE = re.compile(FORMULA_OR_CODE)
_GAP = re.compile(
    r"(?<=\S)(?:\s{2,}|\t\s*)(?=(?:[d∂][A-Za-z]\w{0,3}\s?/\s?[d∂]\w{1,6}|[A-Za-z]\w?\(\w{1,4}\)|[^\s=+*/^()]{1,20})\s*=)"
)
_NAMED = r"(?:[^\s=,;{}]|\{[^{}]*\}){1,30}"
"""A name before an equal sign, ``W_{f,x}``."""
_PART = re.compile(
    rf"{BRACKETS}"
    rf"|(?P<part>\s*(?:(?:(?<!\\)[;,]|\\q?quad\b)\s*(?:\\q?quad\b|\\[ ;,:!]|~|\s)*|(?<=\s)(?=(?:{AND}|so)\s))"
    rf"(?i:{_AND})(?={_NAMED}\s*=)|\s*[;,]?\s*\\qq?uad\s*(?=[^=,;]{{1,60}}=|{_NAMED}\s*=)"
    rf"|\s*\\qq?uad\s*(?=\\text\s*\{{[^{{}}]*:\s*\}})|\s*(?:\\implies|\\Rightarrow|[⇒⟹])\s*(?={_NAMED}\s*=))"
)
_SAID = re.compile(
    r"(?<![\\A-Za-z])(?:at|with|where|when|gives|evaluated|let|is|are|bei|mit|für|sei|we|the)(?!\S)", re.I
)
_SENTENCES = re.compile(r"[\w)$`]\.\s+[A-ZÀ-Þ][a-zà-ÿ]")
_WORD = re.compile(r"(?<![\\A-Za-z_])[A-Za-zÀ-ÿ]{4,}(?![A-Za-z(_])")
_CALL = re.compile(rf"\\?(?!(?:{MARKS})\b)[A-Za-z]\w{{0,9}}'{{0,2}}\s*(?:\\left)?\s*\([^()=]*\)\s*")
_LIBRARY = re.compile(r"(?:np|numpy|jnp|torch)\.\w+\([^=]*\)$")
"""What a program prints that is a call of a library."""
_MARKS = re.compile(rf"(?<![A-Za-z])(?:D_\{{?[A-Za-z]\w{{0,3}}\}}?(?=\s)|{MARKS}|tilde)(?![A-Za-z])", re.I)
_SPOKEN = re.compile(r"[A-Za-z]{9,}|[^\W\d_]{3},? +[^\W\d_]{3}")
"""Words behind each other, or a long one: ``Forward mode, seed x = 1``."""
_TYPED = re.compile(r"^\s*(?:(?:const|let|var|val|auto|static|final|double|float|real|int)\s+(?!=))+")
_COMMENT = re.compile(r"(?:#|//|%|(?<=\s)--(?=\s)|!(?!=))(?P<said>[^#\n]*)$")

_CALLS = re.compile(r"\s*(?:[A-Za-z_.]\w*(?:\.\w+)*\(.*\)[;,]?\s*)?")
"""A call whose value goes nowhere, or nothing: what is said behind it is of no statement."""

_SAID_BEHIND = re.compile(r"(?<=\d)\s+\((?=[^()]*[^\W\d_]{2,}\s+[^\W\d_]{2,})[^()=]*\)\s*$")
"""A remark of several words at the end of a line, behind a number."""

_NUMBER = re.compile(NUMBER)
_LEADERS = re.compile(rf"(?<=[^\s.=])\s*\.{{4,}}\s*(?={MINUS}\d|$)")
"""Dots that lead to a number, ``a = x*y ...... 6``."""
_IS = re.compile(rf"^([^=]{{1,40}}=[^=.,;:]{{1,60}}?)\s{IS}\s+(?=[{FIGURES}()\[\]]+$)")
"""``dW = d ⊗ a is [[1, 2], [3, 4]]``."""
_TOLD_LAST = re.compile(r"(?<=[\d)\]]),?\s+(?:and\s+)?(?:(?:a|the)\s+)?[a-z]{3,}\s[a-z]{3,}\s+(?:of\s+|is\s+)?[\d.]+$")
"""Words and a number behind equations: ``b = 0.1, learning rate 0.5``."""
_COLON = re.compile(
    r"^((?:\s*[-*•]\s+)(?:[^\W\d_]\w?(?:_\w{1,3})?|[^\s:=]{1,20}(?:\s=[^:=]{1,80})?)):\s+"
    rf"(?=[{FIGURES}()\[\]]+$)"
)
"""``- z = W x + c: [1, 2]``, an item of a list with its value behind a colon."""
_BECOMES = re.compile(
    rf"(?:\b(?:becomes|gives|(?:comes|evaluates) to)\s|{ARROW})\s*(?P<number>{DECIMAL})\s*[.)]?$", re.I
)
"""What a comment says at its end of the line before it: ``f = q * z # f becomes -12``."""
_SHOWN = re.compile(rf"\b{PRINTED}({NUMBER})(?:,[^()]*(?:\([^()]*\))?)?\)")
"""A number as programs print it: ``tensor(0.76, grad_fn=<...>)``."""
_GIVEN = re.compile(rf"(?<=[=(,])\s*Value\(({NUMBER})\)")
_METHOD = re.compile(rf"(?<![\w.])([^\W\d]\w*)\.({'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})\(\)")
"""A call that is behind its operand: ``d.tanh()``."""
_POWER = re.compile(r"(?<![\w.])([^\W\d]\w*)\.pow[if]?\(([^()]*)\)")
_DUAL = re.compile(
    rf"\bDual\w*(?:\{{[^{{}}]*\}}(?=\()|::new)?\s*[({{]\s*(?:\w+\s*[:=]\s*)?({NUMBER})\s*,\s*(?:\w+\s*[:=]\s*)?({NUMBER})\s*[)}}]"
)
"""A dual number as programs write it: ``Dual(6.0, 1.0)``, ``Dual { re: 6.0, eps: 1.0 }``."""
_BUILT = re.compile(r"[A-Z]\w*\s+[-(\d]")
"""A value of a type of its own in a comment, ``D 0.9 (-0.4)``, which is not read."""
_WITH_GRAD = re.compile(r"\bValue\(data=(?P<data>[-+\d.e]+),\s*grad=(?P<grad>[-+\d.e]+)\)")
"""A number with its adjoint: ``Value(data=6.0, grad=1.0)``."""
_NOTED = re.compile(r"(?:\s(?:#|//|!)|;\s*%)\s*(?:[A-Za-z][\w.]*\s*)?(?:[=≈]|-+>)?\s*[-+−(\[]*\d[^=]*$")
"""A number in a comment, ``a = x*y ! 6``, which is of code wherever it stands."""


def is_left(text: str) -> bool:
    """Whether a text may be the name of a row: a variable with its marks, a quotient of differentials."""
    text = text.strip(" $&{}")
    if not text or "$" in text or len(text) > 80 or _CALL.fullmatch(text) or not re.search(r"[^\W\d]|∂|∇", text):
        return False
    is_open = any(text.count(begin) > text.count(end) + text.count(rf"\{begin}") for begin, end in ("()", "[]"))
    if is_open and '"' not in text:
        return False  # what stands in brackets is named: model.add(Dense(units
    if _LIBRARY.match(text):
        return True
    bare = _MARKS.sub(" ", re.sub(r"\\[A-Za-z]+\s?", "", text))
    if "/" in text or "∂" in text or "\\" in text:
        return not _SPOKEN.search(bare)
    words = bare.split()
    return len(words) <= 1 or all(re.fullmatch(r"\W*\w[\W\d]*\w?\W*", word) for word in words)


@lru_cache(maxsize=4096)
def is_equation(text: str) -> bool:
    """Whether a text says what a row is, or what it is worth."""
    left = re.split(SIGN, text, maxsplit=1)
    return len(left) == 2 and bool(left[1].strip(" $")) and is_left(left[0]) and "==" not in text


def equations_of(line: str, *, code: bool = False) -> list[str]:
    """The equations of a line without their bullet and dollars; none if it is prose, or a function's formula."""
    if not _may_hold(line):
        return []
    line = _COLON.sub(r"\1 = ", _IS.sub(r"\1 = ", _LEADERS.sub(" = ", line)))
    line = _SAID_BEHIND.sub("", line)
    bullets = _BULLETS.match(line)
    whole = _BY_WORDS.sub(_by_name, line[bullets.end() if bullets else 0 :].strip(), count=1)
    whole = _LABEL.sub("", whole, count=1)
    bare, led = _LEADS.subn("", whole, count=1)
    if _SEVERAL.fullmatch(bare):
        pieces = [piece for match in INSIDE.finditer(bare) for piece in _parts(next(filter(None, match.groups())))]
    else:
        wrapped = _WRAPPED.fullmatch(bare)
        bare = wrapped.group(1) if wrapped and "$" not in wrapped.group(1) else bare
        bare = _TOLD_LAST.sub("", re.sub(r"(?:\\\\|[,;.:])\s*$", "", bare))
        said = _is_prose(bare, 9 if code else 3, 0 if led else 3)
        pieces = [] if said else [piece for gap in _GAP.split(bare) for piece in _parts(gap)]
    pieces = [stepped(piece.strip()) for piece in pieces]
    return [*filterfalse(is_general, pieces)] if all(map(is_equation, pieces)) else []


def _by_name(said: re.Match[str]) -> str:
    """What stands in the place of words before a derivative: its name, where it has none."""
    return said["math"] if said["named"] is not None else f"{said['math']}\\bar{{{said['by']}}} = "


def _may_hold(line: str) -> bool:
    """Whether there is a sign of an equation in a line that is not too long, and no mapping."""
    return len(line) <= LONGEST_EQUATION and bool(re.search(f"{SIGN}|:", line)) and not _MAPS.match(line)


def _is_prose(text: str, most: int, most_beside: int) -> bool:
    """Whether there are words in a text as in a sentence, more than a few, or than a few beside its formulas."""
    beside = re.findall(r"[^\W\d_]{2,}", INSIDE.sub(" ", text)) if INSIDE.search(text) else []
    several = _SAID.search(text) or _SENTENCES.search(text)
    return bool(several) or len(beside) > most_beside or len({*_WORD.findall(text)}.difference(FUNCTIONS)) > most


def _parts(text: str) -> list[str]:
    """``p = 7; q = 3`` in its parts: at commas and semicolons outside brackets before another equation."""
    return parted(text, (sign for sign in outside(text, _PART) if sign["part"]))


def commented(line: str) -> str:
    """A line of code with what its comment says it is worth: ``a = x * y  # 6`` is ``a = x * y = 6``."""
    if len(line) > LONGEST_EQUATION:
        return line
    line = _POWER.sub(r"\1^{\2}", _DUAL.sub(r"(\1, \2)", line))
    line = _METHOD.sub(r"\2(\1)", _GIVEN.sub(r"\1", _TYPED.sub("", line)))
    comment = _COMMENT.search(line)
    code = PRINTING.sub(r"\1", line[: comment.start() if comment else None].rstrip(" ;"))
    if comment and _CALLS.fullmatch(code) and is_equation(comment["said"].strip()):
        return comment["said"].strip()
    if not comment or ("=" not in code and not code.endswith(".grad") and code == line[: len(code)]):
        return line.rstrip(" ;")
    left = re.escape(re.split(SIGN, code, maxsplit=1)[0].strip())
    said = re.sub(rf"^\s*(?:{left}\s*)?{SIGN}", "", comment.group("said")).strip()
    if several := _each(code, said):
        return several
    said = value_of(said) or _SHOWN.sub(r"\1", said)
    return line if _BUILT.match(said) else _worth(code, said)


def _worth(code: str, said: str) -> str:
    """A line of code with what it is said to be worth, if that is not words."""
    if pair := _WITH_GRAD.search(said):
        return f"{code} = {pair['data']}; {code.partition('=')[0].strip()}.grad = {pair['grad']}"
    if becomes := _BECOMES.search(said):
        return f"{code} = {becomes['number']}"
    words = [word for word in re.findall(r"[A-Za-z]{3,}", said) if word not in FUNCTIONS and word not in code]
    return code if words else f"{code} = {said}"


def _each(code: str, said: str) -> str:
    """What is said of each of several names that are printed: ``print(a.grad, b.grad)  # -3.0 2.0``."""
    names, numbers = [name.strip() for name in code.split(",")], re.split(r"[\s,]+", said.strip("() "))
    told = len(names) == len(numbers) > 1 and all(map(str.strip, names)) and all(map(_NUMBER.fullmatch, numbers))
    alone = told and not any(re.search(r"[^\w.]", name) for name in names)
    return "; ".join(f"{name} = {number}" for name, number in zip(names, numbers, strict=True)) if alone else ""


def equation_lines(lines: Lines, place: int, *, code: bool = False) -> Taken:
    """The equations from a line on; a line that begins with a sign goes on with the one before."""
    rows: list[Row] = []
    while place < len(lines.texts):
        line = lines.texts[place]
        line = commented(line) if code or any(sign.search(line) for sign in (_TYPED, _NOTED, _SHOWN)) else line
        if rows and len(line) <= LONGEST_EQUATION and _BEGINS.match(line):
            going = re.sub(r"(?:\\\\|[,;.$])+\s*$", "", line.strip().lstrip("&$ "))
            rows[-1] = Row(rows[-1].line, (f"{rows[-1].cells[0]} {going}",))
        elif pieces := equations_of(line, code=code):
            rows += (Row(lines.number(place), (piece,)) for piece in pieces)
        else:
            break
        place += 1
    loose = not (code and len(rows) == 1 and rows[0].cells[0].count("=") > 1)  # what a program prints is no prose
    return ([table(rows)._replace(kind=EQUATIONS, loose=loose)], place) if rows else None


_TOKEN = re.compile(
    r"\\verb\*?([^A-Za-z\s*])[^\n]*?\1|(?P<open>\\begin\s*\{[^{}]*\}|\{)|(?P<close>\\end\s*\{[^{}]*\}|\})|"
    r"(?P<cell>&)|\\(?!\\|cr|newline|tabularnew).|"
    r"(?P<row>\\\\\*?(?:\s?\[-?[\d.]+\s*[a-z]{2}\])?|\\(?:cr|newline|tabularnewline)(?![A-Za-z])|<br\s*/?>)",
    re.S | re.I,
)
ALIGNMENTS = (r"align|aligned|alignat|alignedat|gather|gathered|split|eqnarray|flalign|equation|multline|displaymath|"
              r"dmath|IEEEeqnarray|math")  # fmt: skip
_ALIGNED = re.compile(rf"\\(?:begin|end)\s*\{{(?:{ALIGNMENTS})\*?\}}(?:\s*\[[a-z]\])?(?:\s*\{{[\drlcCRL]+\}})?")
_NOTES = re.compile(r"\\(?:tag|label|intertext|shortintertext|notag|nonumber|hline|displaystyle)\*?(?![A-Za-z])"
                    r"(?:\{[^{}]*\})?")  # fmt: skip


_SAID_BEFORE = re.compile(r"^\\(?:text|mbox)\s*\{[^{}]*\}\s*(?=[^\s=][^=]{0,119}=)")
"""Words before an equation of a display: ``\\text{Let } Q = ...``."""

_REMARK = re.compile(r"(?:\s|\\q?quad|\\[,;])*\\(?:text\w*|mbox)\s*\{\s*(?:[(\[]|(?:by|from|since|using)\b)[^{}]*\}\s*")
"""Words beside an equation of a display: ``\\text{(product)}``."""


def split_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    r"""The rows of an alignment, parted at ``\\`` and ``&`` outside groups, each with its place in the text."""
    start = row = 0
    cells: list[str] = []
    for sign in outside(text, _TOKEN):
        if sign["cell"] or sign["row"]:
            cells.append(text[start : sign.start()])
            start = sign.end()
        if sign["row"]:
            yield row, cells
            cells, row = [], start
    yield row, [*cells, text[start:]]


def displayed(text: str, line: int) -> list[Block]:
    """The equations of a display, and as prose what is none: the formula of a function."""
    text = _NOTES.sub(" ", _ALIGNED.sub(" ", text))
    rows: list[Row] = []
    said: list[Block] = []
    for start, cells in split_rows(text):
        lead = len(text[start:]) - len(text[start:].lstrip())
        here = line + text.count("\n", 0, start + lead)
        joined = joined_cells(cells)
        if rows and joined and _BEGINS.match(joined[0]):
            rows[-1] = Row(rows[-1].line, (f"{rows[-1].cells[0]} {joined.pop(0).strip()}",))
        for piece in (stepped(_SAID_BEFORE.sub("", one)) for one in joined):
            if is_equation(piece) and not is_general(piece):
                rows += (Row(here, (part.strip(" ,;."),)) for part in _parts(piece))
            elif piece.strip():
                said.append(prose(here, f"$${piece.strip()}$$"))
    return [*said, *([table(rows)._replace(kind=EQUATIONS)] if rows else [])]


def joined_cells(cells: list[str]) -> list[str]:
    r"""``v_1 & = \ln v_0`` as one equation; a cell that begins another one begins it."""
    joined: list[str] = []
    cells = [cells[0], *filterfalse(_REMARK.fullmatch, cells[1:])]
    for place, cell in enumerate(cells):
        following = place + 1 < len(cells) and _BEGINS.match(cells[place + 1])
        begins = is_equation(cell) or (following and is_left(cell) and not _BEGINS.match(cell))
        begins = begins and not (joined and re.fullmatch(SIGN, cells[place - 1].strip()))  # v_1 &=& x^2 = 4
        if joined and not begins and not re.fullmatch(r"\s*\\(?:text|mathrm|mbox)\s*\{[^{}]*\}\s*", cell):
            joined[-1] = f"{joined[-1].rstrip()} {cell.strip()}".rstrip()
        elif cell.strip() and (begins or not joined):
            joined.append(cell.strip())
    return joined
