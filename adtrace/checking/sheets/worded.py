"""Numbers behind words: in rows, ``- a = x*y: value 3, gradient 2``, ``{ a | data 3.0 | grad 2.0 }``; of derivatives in
sentences, ``The gradient at node v4 is 3.``, ``Therefore df/dx = 0.25, and the gradient is (0.25, 3).``; and where
there is no table at all a whole trace: ``First r = x^2 = 9 and s = y^2 = 16, so their sum is g = r + s = 25.``
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from unicodedata import normalize

from adtrace.checking.brackets import within
from adtrace.checking.patterns import DECIMAL, FIGURES, FORMULA, IS, MATRIX, MINUS
from adtrace.checking.sheets.equations import equations_of, is_equation
from adtrace.checking.sheets.listings import stepped
from adtrace.checking.sheets.rows import EQUATIONS, LONGEST_EQUATION, PROSE, TABLE, Block, Lines, Row, Taken, table
from adtrace.checking.words import AND
from adtrace.elementals import FUNCTIONS

_BULLET = re.compile(r"\s*(?:[-*+•‣]\s+|\(?\d{1,3}[.)]\s+|\"?\w+\"?\s*\[(?:shape=\w+,?\s*)?label=\"\{?\s*)?")
_SHAPED = re.compile(r"\"(?:,?\s*\w+=\w+)*\s*\]\s*;?\s*$")
"""What stands behind the label of a node of Graphviz."""
_LAST = re.compile(
    r"(?<![\w.])(?P<word>[^\W\d_]{2,20}(?:[ _-](?:w\.r\.t\.|[^\W\d_]{1,20})){0,3})(?:\s*[:=]\s*|\s+(?:is|of)\s+|\s+)"
    rf"[$`]?(?P<number>{DECIMAL})[$`]?$"
)
"""A number at the end, and its words."""
_FILLERS = re.compile(rf"^(?:(?:has|with|an?|the|its|{AND}|ein|der|die)[ _-]+)+", re.I)
_CLOSES, _PARTS = " \t)}]|;.", re.compile(rf"(?:[\s,;:|–—-]|(?<!\w)(?:{AND})(?!\w))+$")
_OPENS = re.compile(r"(?:\b[A-Z][A-Za-z]*)?[({\[\s:]+$")
"""What stands before the words: ``Value(data=...``, ``a: (value ...``."""
_CALLED = re.compile(
    r"^[\s{(|]*(?:[A-Z]\w*\()?(?:(?:label|name)\s*=\s*['\"]?)?(?:(?:the\s+)?(?:node|row|step|variable|vertex)\s+)?",
    re.I,
)
"""What stands before a row's name: ``Value(label='a``, ``the node``."""
_FEWEST, _MOST = 3, 8


def labelled_rows(lines: Lines, place: int) -> Taken:
    """Three lines or more that each begin with a row and go on with two numbers or more, behind the same words."""
    rows: list[Row] = []
    words: tuple[str, ...] = ()
    while place < len(lines.texts) and (record := _record(lines.texts[place])) and words in ((), record[0]):
        words = record[0]
        rows.append(Row(lines.number(place), record[1]))
        place += 1
    if len(rows) < _FEWEST:
        return None
    return [table([Row(rows[0].line, ("", *words), heading=True), *rows])], place


def is_record(line: str) -> bool:
    """Whether a line is a row with numbers behind words."""
    return _record(line) is not None


def _record(line: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The words of a line, and its cells: the row, and the number behind each word."""
    if len(line) > LONGEST_EQUATION or line.lstrip().startswith("|"):
        return None
    rest = _BULLET.sub("", _SHAPED.sub("", line), count=1).rstrip(_CLOSES)
    found: list[tuple[str, str]] = []
    while len(found) < _MOST and (last := _LAST.search(rest[-120:])):
        found.insert(0, (_FILLERS.sub("", last["word"]), last["number"]))
        rest = rest[: len(rest) - len(last.group())]
        rest = _PARTS.sub("", rest)
    row = _CALLED.sub("", _PARTS.sub("", _OPENS.sub("", rest)), count=1).strip(" '\"")
    if len(found) < 2 or not row:
        return None
    words, numbers = zip(*found, strict=True)
    return words, (row, *numbers)


_INDEX = r"(?:_?\{?-?\d{1,3}\}?)?"
_LETTER, _ENDS_HERE = rf"[A-Za-z]{_INDEX}", r"[$`]?(?![\w(])"
_WORKING = r"\s*(?:[-+*/·×⋅∙⊙]|\\[A-Za-z])|\s+x\s*\d"
"""What goes on behind a number that is not alone."""
_TOLD = rf"[$`]?\s*(?P<number>{DECIMAL})(?![\w(]|[.,]\d|\s*\^|{_WORKING})"
_SAID = re.compile(
    r"\b(?:(?:gradient|adjoint|derivative|sensitivity|that)\s+|(?=with\s+respect\s+to\s))"
    rf"(?:of\s+[$`]?(?P<of>{_LETTER}){_ENDS_HERE}\s+)?"
    rf"(?:(?:at|for)(?!\s+[$`]?{_LETTER}\s*=)|of|by|with\s+respect\s+to|w\.?r\.?t\.?)"  # a point: at x = 3
    r"\s+(?:the\s+)?(?:node|row|variable|input)?\s*"
    rf"[$`]?(?P<by>{_LETTER}){_ENDS_HERE}\s*(?:it\s+)?(?:=|{IS})\s*{_TOLD}",
    re.I,
)
_MARKED = (
    rf"(?<![\w\\])(?:grad|adj|adjoint|bar)\s?\(\s?{_LETTER}\s?\)|(?<![\w\\])[A-Za-z](?:{_INDEX}\.grad|\u0304{_INDEX})"
    rf"|\\(?:bar|overline)\s?(?:\{{\s?{_LETTER}\s?\}}|[A-Za-z]){_INDEX}"
)
"""An adjoint: ``grad(w)``, ``w.grad``, ``\\bar w``."""
_POINT = (
    r"(?:(?:\\left\s*)?|\\(?:right|[bB]ig{1,2}[lr]?)\s*\|_\{)\((?=\s*[-+−]?[\d.\\π])"
    r"(?:[^()=A-Za-z\\]|\\(?:[^A-Za-z]|(?:pi|right|[dt]?frac|sqrt)(?![A-Za-z]))){1,80}\)\}?"
)
_D, _OF = r"(?:d|∂|\\partial\s?)\s?", r"[A-Za-z]\w{0,3}\s?"
_DERIVED = (
    rf"(?:(?:{_MARKED})(?!\s*=\s*1(?![\d.,]))"  # a seed
    rf"|(?<![\w/]){_D}{_OF}/\s?{_D}{_LETTER}|\\[dt]?frac\s?\{{\s?{_D}{_OF}\}}\s?\{{\s?{_D}{_LETTER}\s?\}})"
)
_EQUAL = r"(?:=|≈|\\approx)"
_IS = rf"\s*(?:{_EQUAL}|\b{IS}\b)\s*"
_ALONE = (
    r"(?<![-+−}*·×⋅)])(?<![-+−}*·×⋅)]\s)(?<!\\cdot)(?<!\\cdot\s)(?<!\\times)(?<!\\times\s)(?<!\\top)(?<!\\top\s)"
    r"(?<!\^T\s)"
)
_QUOTIENT = rf"{_ALONE}(?P<left>{_DERIVED}(?:\s*{_POINT})?){_IS}"
_RESULT = re.compile(_QUOTIENT + _TOLD)
_UNIT = re.compile(rf"({_MARKED})\s*=\s*1(?![\d.,])")
_OPEN, _CLOSE = r"(?:\\left\s*)?[(\[⟨]", r"(?:\\right\s*)?[)\]⟩]"
_LISTED = rf"[{FIGURES}{{}}/\\]{{3,200}}?"
_MATRIX = rf"\\begin\s?\{{{MATRIX}\}}(?:\{{[^{{}}]*\}})?[{FIGURES}&{{}}/\\]{{3,200}}?\\end\s?\{{{MATRIX}\}}"
_VECTOR = rf"{_OPEN}(?=[^()]*[,;]){_LISTED}{_CLOSE}|{_MATRIX}"
_EACH = re.compile(
    rf"{_OPEN}(\s*{_DERIVED}(?:[\s\\]*[,;][\s\\]*{_DERIVED}){{1,7}}\s*){_CLOSE}(?:\^\S{{1,8}})?\s*{_EQUAL}\s*"
    rf"{_OPEN}({_LISTED}){_CLOSE}"
)
"""Derivatives beside each other, ``(∂f/∂x, ∂f/∂y) = (3, 2)``."""
_RESULT_OF_ARRAYS = re.compile(
    rf"(?:{_QUOTIENT}|(?<![\w/\\*+-])(?P<grad>d[A-Z]\w?)\s*=\s*|\bgradient\b[^.=]{{0,40}}[\s$`](?P<lower>d[a-z]\w?)\s*=\s*)"
    rf"[$`]?\s*(?P<vector>{_VECTOR})(?!{_WORKING})"
)
_VALUE = re.compile(rf"(?<![\w\\/.∂∇])(?P<left>[A-Za-z]\w?'{{0,2}}\s?{_POINT}){_IS}{_TOLD}")
_WORKED = re.compile(
    rf"{_QUOTIENT}|(?:∇|\\nabla)\s*(?:_\{{?\\?\w+\}}?\s*)?[A-Za-z]\s*(?:\([^()=]*\))?\s*=[^=]+=|[A-Za-z]\w?'{{0,2}}\s?{_POINT}\s*{_EQUAL}"
)
_GRADIENT = re.compile(
    r"(?:(?:∇|\\nabla|\\(?:operatorname|mathrm|text)\s?\{grad\}|\bgrad\b)\s*"
    rf"(?P<of>[A-Za-z]\w?(?![\w_])\s*(?:\([^()=]{{1,80}}\))?){_IS}"
    r"|(?:梯度|勾配|기울기)(?:\s*\([^()=]{1,80}\))?\s*(?:为|是|は|=|:|：)"
    r"|\bgradie\u0308?nte?\s+(?:vector\s+)?(?:(?:of|von|de|di)\s+[$`]?(?P<named>[A-Za-z]\w?)[$`]?\s+)?"
    r"(?:(?:at|in|en|em|bei|au point|en el punto|no ponto)\s+[$`]?\([^()=]{1,80}\)[$`]?\s+)?"
    rf"(?:=|{IS}|lautet(?:\s+also)?|betra\u0308gt|vaut|e\u0301|vale))"
    rf"[\s$`]*(?P<vector>{_VECTOR})(?!{_WORKING})",
    re.I,
)

_OPERAND = re.compile(r"(?:[-+*/·]|\\[a-z]+|(?<![^\W_])[^\W_])\s*$")
"""What stands before the last operand of a formula: ``\\theta - \\alpha \\nabla J = (0.5, 1)``."""
_IS_MATRIX = (
    rf"\s*(?:\([^()=]{{1,80}}\))?{_IS}[\s$`]*(?P<matrix>\[\s*\[[{FIGURES}\[\]]{{3,200}}\]\s*\]"
    rf"|(?:\\left\s*[(\[]\s*)?{_MATRIX}(?:\s*\\right\s*[)\]])?)(?!{_WORKING})"
)
_HESSIAN = re.compile(
    r"(?:(?:∇|\\nabla)\s*(?:²|\^\s*2|\^\s*\{\s*2\s*\})\s*[A-Za-z]\w?(?![\w_])|\bhessian\b(?:[^=.\n\[]|\.\d){0,80}?)"
    rf"{_IS_MATRIX}",
    re.I,
)
_JACOBIAN = re.compile(
    rf"(?:(?<![A-Za-z])(?:J|D[Ff])(?:_\{{?[A-Za-z]\}}?)?(?![A-Za-z])|\b[Jj]acobian\b(?:[^=.\n\[]|\.\d){{0,80}}?){_IS_MATRIX}"
)
_CODE = re.compile(rf"`(?P<left>d[A-Za-z]\w{{0,8}}|\w+\.grad)\s*=\s*{_TOLD}`")
"""A derivative of a program in a sentence."""


def with_sentences(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, and what the prose behind says of adjoints and derivatives; without a table a trace in the prose,
    and before one its rows.
    """
    listed, first = _with_running(blocks), _first(blocks)
    before, told = _prose(listed[:first]), _prose(listed[first : len(blocks)])
    tables = [row for block in blocks if block.kind != PROSE for row in block.rows]
    lefts = {"".join(row.cells[:1]).partition("=")[0].strip() for row in tables}
    names = {*FUNCTIONS, "T", *(name for row in (*before, *tables) for name in _names(*row.cells))}
    rows = [Row(line.line, (said,)) for line in before for said in _derivatives(normalize("NFD", line.cells[0]))]
    for line in (line for line in told if not _ITERATION.match(line.cells[0])):
        claims = filter(partial(_is_claim, names), (*_told(line.cells[0]), *_coded(line.cells[0], lefts)))
        rows += (Row(line.line, (said,)) for said in claims)
    return [*listed, table(rows)._replace(kind=EQUATIONS)] if rows else listed


def _prose(blocks: Sequence[Block]) -> list[Row]:
    """The lines of prose that are not too long."""
    return [
        block.rows[0] for block in blocks if block.kind == PROSE and len(block.rows[0].cells[0]) <= LONGEST_EQUATION
    ]


def _is_claim(names: Container[str], said: str) -> bool:
    """Whether what is told has a number, or names that are known: a rule in general, ``dy/dx = dy/du * du/dx``, has
    others.
    """
    right = said.partition("=")[2]
    return any(map(str.isdigit, right)) or all(name in names for name in _names(right))


def _names(*cells: str) -> Iterator[str]:
    """The letters of names in cells, of a quotient ``dy/du`` what is differentiated."""
    for cell in cells:
        yield from re.findall(rf"(?<![\\A-Za-z])(?:{_D})?([A-Za-z]+)", cell)


def _coded(text: str, lefts: Container[str]) -> list[str]:
    """The derivatives of a program that a sentence tells again: ``dw = 3``."""
    return [f"{said['left']} = {said['number']}" for said in _CODE.finditer(text) if said["left"] in lefts]


def _first(blocks: Sequence[Block]) -> int:
    """Where the prose before all tables and equations ends."""
    return next((k for k, block in enumerate(blocks) if block.kind != PROSE), len(blocks))


def _with_running(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, and as one more the equations of the prose, if they are a trace: before a table its workings."""
    tables = any(block.kind == TABLE for block in blocks)
    told = [block for block in blocks[: _first(blocks) if tables else None] if block.kind == PROSE]
    equations: Callable[[str], Iterable[str]] = _chains if tables else _running
    said = [Row(block.rows[0].line, (text,)) for block in told for text in equations(block.rows[0].cells[0])]
    if sum(row.cells[0].count("=") > 1 for row in said) < 2:
        return list(blocks)
    last = table(Row(row.line, (f"${stepped(row.cells[0].strip('$'))}$",)) for row in said)._replace(kind=EQUATIONS)
    pieces: dict[int, list[str]] = {}
    for row in said:
        pieces.setdefault(row.line, []).append(row.cells[0].strip("$"))
    rest = (
        block._replace(rows=(_without(block.rows[0], pieces),)) if block.kind == PROSE else block for block in blocks
    )
    return [*rest, last]


def _chains(text: str) -> list[str]:
    return (
        [f"${formula}$" for formula in _formulas(text) if _is_chain(formula)] if len(text) <= LONGEST_EQUATION else []
    )


def _said(text: str) -> Iterator[str]:
    """The adjoints that a sentence names in words."""
    for said in _SAID.finditer(text):
        left = f"d{said['of']}/d{said['by']}" if said["of"] else f"\\bar{{{said['by']}}}"
        yield f"${left} = {said['number']}$"


def _told(text: str) -> Iterator[str]:
    text = normalize("NFD", text)
    return chain(_said(text), _results(text), _arrays(text))


def _results(text: str) -> Iterator[str]:
    """The derivatives, and the value at the point, that a sentence tells: as numbers, as formulas set apart."""
    for said in _EACH.finditer(text):
        yield from (f"${left} = {right}$" for left, right in zip(*map(_entries, said.groups()), strict=False))
    units = {_stem(match[1]) for match in _UNIT.finditer(text)}
    for said in (*_RESULT.finditer(text), *_VALUE.finditer(text)):
        if said["number"] != "0" or _stem(said["left"]) not in units:  # the seed of one output is 1, of others 0
            yield f"${said['left']} = {said['number']}$"
    formulas = [] if _NUDGED.search(text) else [*map(stepped, _formulas(text))]
    worked = (formula for formula in formulas if _WORKED.match(formula) or _is_chain(formula) or "new} =" in formula)
    yield from (f"${formula}$" for formula in worked if not (_RESULT.match(formula) or _VALUE.match(formula)))


_ITERATION = re.compile(r"\W*(?:itera[a-zçãó]*|epoch\w*|迭代|반복)\s*\d+\s*[:：]", re.I)
"""Before what is told of another step, ``Iteration 2: x = 1.92, df/dx = 3.84``."""
_NUDGED = re.compile(
    r"\b(?:increas|nudg|perturb|bump|wiggl|erho\u0308h|aument|augment)\w*\s[^=]{1,40}\s(?:by|um|en|de)\s", re.I
)
"""What is said of another point nearby: ``increase x by 0.01``."""


def _stem(name: str) -> str:
    """A marked name without its number."""
    return re.sub(r"[\s\d₀-₉{}_]", "", name)


def _arrays(text: str) -> Iterator[str]:
    """The gradient that a sentence tells, a derivative by an array, a Hessian, a Jacobian."""
    yield from _derivatives(text)
    gradients, hessians, jacobians = (
        (said for said in pattern.finditer(text) if not _OPERAND.search(text[: said.start()]))
        for pattern in (_GRADIENT, _HESSIAN, _JACOBIAN)
    )
    yield from (f"$\\nabla {said['of'] or said['named'] or 'f'} = {said['vector']}$" for said in gradients)
    yield from (f"$\\nabla^2 f = {said['matrix']}$" for said in hessians)
    yield from (f"$J = {said['matrix']}$" for said in jacobians)


def _derivatives(text: str) -> Iterator[str]:
    """The derivatives by arrays that a sentence tells, before the tables with what the sweep starts."""
    for said in _RESULT_OF_ARRAYS.finditer(text):
        yield f"${said['left'] or said['grad'] or said['lower']} = {said['vector']}$"


def _entries(text: str) -> list[str]:
    return re.split(r"(?<!\\);" if re.search(r"(?<!\\);", text) else r"(?<!\{),", text)


_MATH = re.compile(rf"{FORMULA}|:math:`([^`]{{1,400}})`")


def _set_apart(text: str) -> list[str]:
    """The formulas that are set as such."""
    return [match[match.lastindex or 0] for match in _MATH.finditer(text)]


_ENDS = re.compile(
    r"[,;:](?=\s)(?![^(\[]*[)\]])|\.(?=\s|$)"
    r"|\s(?:and|so|then|at|bei|with|hence|thus|where|finally|next|also|as|is|gives|und|dann|ist)(?=\s)",
    re.I,
)
_EQUATION = re.compile(
    r"(?<![\w/^∂])∂?[^\W\d]\w{0,8}'{0,2}(?:\s?/\s?[d∂][A-Za-z]\w{0,6}|\([-−\d][-−\d.,/\s]*\))?\s*=\s*\S.*"
)
_CHAIN = re.compile(
    r"^(?![A-Za-z]+\s+[A-Za-z])[^()=]{1,20}=[^=]+=(?:(?:[^=A-Za-z\\]|\\[a-z]+)+=){0,2}\s*[-−]?[\d.,{}]+$"
)
_UPDATE = re.compile(r"\s*(\S+)\s*=\s*\1\s*[-−]")
"""A step of gradient descent, ``w = w - 0.1 * 6 = 0.9``, which is none of the trace."""
_COMES_TO = re.compile(rf"(=[^,;=]{{1,80}}?)\s{IS}\s+(?={MINUS}\d)")


_TRAILING = re.compile(r"(=\s*[-−]?\d+(?:[.,]\d+)?)(?=\s+[a-z]{2,}\s+[a-z]{2,})")
"""A number before the words of a sentence: ``at y = -1 the forward pass``."""


def _running(text: str) -> Iterator[str]:
    """The equations of a running text: formulas set as such, or what stands between its words; no point."""
    if len(text) > LONGEST_EQUATION:
        return
    told = text if _set_apart(text) else _SAID.sub(" ", _TRAILING.sub(r"\1; ", text))
    equations = [piece for piece in _formulas(told) if (is_equation(piece) or _WORKED.match(piece)) and piece[0] != "("]
    if any(piece.count("=") > 1 for piece in equations):
        yield from (f"${piece}$" for piece in equations)
        yield from _said(text)


def _formulas(text: str) -> list[str]:
    """The formulas that are set as such, else those of the line, else what stands between the words of a text."""
    said = (_EQUATION.search(part) for part in _ENDS.split(_COMES_TO.sub(r"\1 = ", text)))
    inside = (within(match[0]) for match in said if match)
    between = (one for piece in inside for one in equations_of(piece) or [piece])
    return [formula.strip() for formula in _set_apart(text) or equations_of(text) or between]


def _is_chain(formula: str) -> bool:
    """Whether a formula goes from a name by its working to a number."""
    return bool(_CHAIN.search(formula)) and is_equation(formula) and not _UPDATE.match(formula)


def _without(row: Row, said: Mapping[int, Sequence[str]]) -> Row:
    """A line of prose without its equations, which are read as rows."""
    text = _COMES_TO.sub(r"\1 = ", row.cells[0])
    for piece in sorted(said.get(row.line, ()), key=len):
        text = text.replace(piece, "")
    return Row(row.line, (text,))
