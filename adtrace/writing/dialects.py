r"""The dialects: how each kind of document writes a formula, a name and a number.

Markdown holds LaTeX that survives its parsers (tried: cmark-gfm, pandoc, markdown-it, mistune):
``\bar v_{1}`` and never ``\bar{v}_{1}``, no ``|``, no backslash before punctuation, no ``}}``.

It is one long table: what a dialect says of each form stands beside what the others say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from adtrace.elementals import BARS, BASE, CEILING, FLOOR, INDEXED, NAMED, ROOT, SLOTS, TABLE, key_of
from adtrace.language.syntax import Terms
from adtrace.writing.arrays import Signs, form
from adtrace.writing.matrices import Brackets, Dots, text_beside, text_matrix
from adtrace.writing.notation import Dialect, spelled

GREEK = frozenset(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega",
    )
)
_LOW_DIGITS = re.compile(r"([A-Za-z]+?)_?([0-9]+)", re.ASCII)
_DIGITS = re.compile(r"([A-Za-z]+?)([0-9]+)", re.ASCII)


def name_parts(name: str) -> tuple[str, list[str]]:
    """The head of a name and its subscripts: ``x1`` is x and 1, ``w_out`` is w and out."""
    head, *subscripts = [part for part in name.split("_") if part] or ["x"]
    digits = _DIGITS.fullmatch(head)
    return (digits.group(1), [digits.group(2), *subscripts]) if digits else (head, subscripts)


def is_whole(name: str) -> bool:
    """Whether a name is set as it is typed: ``total_objective`` and ``a_b_c`` are words, not letters with indices."""
    head, subscripts = name_parts(name)
    worded = any(not part.isdigit() for part in subscripts)
    return worded and (len(subscripts) > 1 or (len(head) > 1 and head not in GREEK))


def same_printed(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a name of the one is printed like one of the others: ``y1`` and ``y_1`` are."""
    wanted = list(names)
    letters = set(map(_letters, wanted))  # few of thousands of others have the same
    alike = [_parts(other) for other in others if _letters(other) in letters]
    return any(_parts(name) in alike for name in wanted) if alike else False


def _letters(name: str) -> str:
    """The letters and digits of a name in a row."""
    return name.replace("_", "") or "x"


def _parts(name: str) -> list[str]:
    head, subscripts = name_parts(name)
    return [head, *subscripts]


_INDEXED = re.compile(r"([A-Za-uw-z])_?([0-9]+)", re.ASCII)
"""A letter with a number, as most names are; a v is the author's own, beside those of the trace."""


def _latex_name(name: str) -> str:
    r"""``x1`` is x_{1}, ``w_out`` is w_{\mathit{out}}, ``beta`` is \beta, ``rate`` is \mathit{rate}."""
    indexed = _INDEXED.fullmatch(name)
    if indexed:
        letter, number = indexed.groups()
        return f"{letter}_{{{number}}}"
    head, subscripts = name_parts(name)
    if not subscripts:
        return _latex_word(head)
    subscript = f"_{{{','.join(_latex_word(part) for part in subscripts)}}}"
    if head == "v":
        return rf"\mathrm{{v{subscript}}}"  # the author's own v1, beside the v_1 of the trace
    if len(head) == 1 or head in GREEK:
        return _latex_word(head) + subscript
    return rf"\mathit{{{head}{subscript}}}"  # inside the braces: cmark-gfm takes }_ for emphasis


def _latex_whole(name: str) -> str:
    r"""As `_latex_name`, but ``total_objective`` is \mathit{total\_objective}, which does not pass through Markdown."""
    if not is_whole(name):
        return _latex_name(name)
    return rf"\mathit{{{name.replace('_', chr(92) + '_')}}}"


def _latex_word(word: str) -> str:
    if len(word) == 1 or word.isdigit():
        return word
    return f"\\{word}" if word in GREEK else f"\\mathit{{{word}}}"


OPERATORS = frozenset(
    ("arccos", "arcsin", "arctan", "cos", "cosh", "cot", "csc", "exp", "ln", "log", "max", "min", "sec", "sin", "sinh",
     "tan", "tanh")
)  # fmt: skip
"""The functions whose names LaTeX and Typst know."""


def _latex_call(name: str, arity: int) -> str:
    entry = TABLE[key_of(name, arity)]
    shape, word, index = entry.drawn
    operator, marks = _primes(word or name)
    if len(operator) > 1:
        operator = f"\\{operator}" if operator in OPERATORS or word in GREEK else rf"\operatorname{{{operator}}}"
    operator += marks
    return (
        entry.latex
        or {
            NAMED: f"{operator}{operands(arity)}",
            BARS: r"\lvert <u>\rvert",
            FLOOR: r"\lfloor <u>\rfloor",
            CEILING: r"\lceil <u>\rceil",
            ROOT: rf"\sqrt{f'[{index}]' if index else ''}{{<u>}}",
            BASE: rf"{operator}_{{{index}}}({entry.drawn.argument})",
            INDEXED: rf"{operator}_{{{index}}}{operands(arity)}",
        }[shape]
    )


def _primes(word: str) -> tuple[str, str]:
    """A function, and the primes of its derivative."""
    function = word.rstrip("'")
    return function, word[len(function) :]


def operands(arity: int) -> str:
    """The holes of a call, in brackets."""
    return f"({', '.join(f'<{slot}>' for slot in SLOTS[:arity])})"


def _plain_call(name: str, arity: int) -> str:
    return f"{name}{operands(arity)}"


_LATEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': "''", "–": "--", "—": "---",
    "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\ldots{}", "−": r"\ensuremath{-}", "\n": " ", "\r": " ", "\t": " ",
}  # fmt: skip
_LATEX_PLAIN = re.compile(r"[A-Za-z0-9 .,:;!?()/+=*-]*", re.ASCII)
_LATEX_SYMBOL = {
    char: rf"\ensuremath{{\{command}}}"
    for char, command in zip(
        "αβγδεζηθικλμνξπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩ∂∇∞∑∏∫√≤≥≠≈≡∈∉⊂∪∩∀∃→←↔⇒⇐⇔↦↑↓×÷·±∓∘⋅′¬µ",
        re.findall(
            r"\w+",
            "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho varsigma sigma tau "
            "upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega partial nabla "
            "infty sum prod int surd leq geq neq approx equiv in notin subset cup cap forall exists rightarrow "
            "leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto uparrow downarrow times div cdot pm "
            "mp circ cdot prime neg mu",
        ),
        strict=True,
    )
}
"""Symbols that pdflatex prints in formulas alone."""
_LATEX_RARE = "«»ÐÞðþĄąĐđĘęĦħĮįĸĿŀŉŊŋŦŧŲųſ"
"""Letters up to ž that pdflatex lacks in its oldest font encoding; it has the others."""
_LATEX_LIKE = {
    "«": r"\ensuremath{\ll}", "»": r"\ensuremath{\gg}", "„": ",,", "‚": ",", "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th",
    "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ĸ": "k", "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "‐": "-", "‑": "-",
}  # fmt: skip
"""What stands in for a letter that has no plain one in it."""
_MARKDOWN_SPECIAL = str.maketrans(
    {char: f"\\{char}" for char in "`*_$~#"}
    | {char: f"&#{ord(char)};" for char in "\\[]{}|"}  # \\( and \\[ begin a formula for some, {{ and {% a macro
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


def _latex_prose(text: str) -> str:
    """Text that TeX prints and does not obey; characters that cannot be printed are left out."""
    if _LATEX_PLAIN.fullmatch(text):
        return text
    return "".join(map(_latex_character, unicodedata.normalize("NFC", text)))


def _latex_character(char: str) -> str:
    """A letter that not every engine and encoding has comes with the plain letter to print in its place."""
    written = _LATEX_SPECIAL.get(char) or _LATEX_SYMBOL.get(char)
    if written is not None:
        return written
    if _is_common(char):
        return char
    if unicodedata.combining(char) or not (char.isprintable() or char.isspace()):
        return ""
    stripped = "".join(c for c in unicodedata.normalize("NFKD", char) if c.isascii() and c.isprintable())
    plain = _LATEX_LIKE.get(char) or "".join(_LATEX_SPECIAL.get(c, c) for c in stripped) or "?"
    return plain if char.isspace() else rf"\adtletter{{{char}}}{{{plain}}}"


def _is_common(char: str) -> bool:
    """Whether every engine and encoding has it."""
    return " " <= char <= "~" or ("¡" <= char <= "ž" and char.isprintable() and char not in _LATEX_RARE)


def _markdown_prose(text: str) -> str:
    """Text that Markdown prints and does not obey, on one line."""
    flat = "".join(c if c.isprintable() else " " for c in text)
    return flat.translate(_MARKDOWN_SPECIAL)


def _latex_number(text: str) -> str:
    """``2e-3`` is 2 times ten to the -3."""
    mantissa, mark, exponent = text.partition("e")
    if not mark and "E" in text:
        mantissa, mark, exponent = text.partition("E")
    return text if not mark else rf"{mantissa} \times 10^{{{int(exponent)}}}"


_RELATIONS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne"}
_IN_MARKUP = {"<": r"\lt", ">": r"\gt"}
"""What Markdown's parsers take for tags; LaTeX itself has no such commands."""


def _accented(accent: str, wide: str, before: str = "") -> Callable[[str], str]:
    """A TeX accent over a name: on its letter, or over a whole word, in braces; on top of a bar that is there.

    ``before`` stands between that and a subscript.
    """

    def over(text: str) -> str:
        if text[:1] != "\\":
            return f"{accent} {text}"
        if barred := _BARRED.fullmatch(text):
            upright, bar, rest = barred.groups(default="")
            return f"{upright}{accent}{{{bar}}}{before if rest.startswith('_') else ''}{rest}"
        if text.startswith(_AUTHORS_V):
            return f"{_UPRIGHT}{accent} {text[len(_UPRIGHT) :]}"
        return f"{wide}{{{text}}}" if text[:5] == r"\math" else f"{accent} {text}"

    return over


_BARRED = re.compile(r"(\\mathrm\{)?(\\bar (?:[A-Za-z]|\\[A-Za-z]+)|\\overline\{.*\})(.*)")
_UPRIGHT = r"\mathrm{"
_AUTHORS_V = _UPRIGHT + "v"


def _related(text: str) -> str:
    """``+=`` is one relation."""
    return text.replace(" += ", r" \mathrel{+}= ")


_INDEXED_NAME = re.compile(r"(.*_\{[^{}]*)\}", re.DOTALL)


def _latex_indexed(text: str, index: str) -> str:
    r"""x_{1}, \bar x_{1,2}: behind a subscript that is there; within the braces of a word."""
    if text[:5] == r"\math" and text[-1] == "}":
        opening = text.index("{") + 1
        return f"{text[:opening]}{_latex_indexed(text[opening:-1], index)}}}"
    subscripted = _INDEXED_NAME.fullmatch(text)
    if subscripted:
        return f"{subscripted[1]},{index}}}"
    return f"{text}_{{{index}}}" if text[-1] != "}" else f"({text})_{{{index}}}"


def _latex_named(name: str, arguments: Sequence[str]) -> str:
    word = name.replace("_", r"\_")
    operator = f"\\{name}" if name in OPERATORS else rf"\operatorname{{{word}}}"
    return f"{operator}({', '.join(arguments)})"


def _latex_row(row: Sequence[str]) -> str:
    """The row of a matrix, whose first bracket is not the height of the row before."""
    return f"{'{}' if row[0][:1] == '[' else ''}{' & '.join(row)}"


def _latex_matrix(side: str) -> Callable[[Sequence[Sequence[str]]], str]:
    def matrix(rows: Sequence[Sequence[str]]) -> str:
        body = r"\\ ".join(map(_latex_row, rows))
        return rf"\adtmat{{{side * len(rows[0])}}}{{{body}}}"

    return matrix


def _by(sizes: Sequence[int]) -> str:
    return r" \times ".join(map(str, sizes))


_LATEX_BRACKETS = Brackets(
    matrix=_latex_matrix("r"),
    left=_latex_matrix("l"),
    beside=lambda texts: rf"\left({', '.join(texts)}\right)",
    shape=lambda sizes: rf"\adtshape{{{_by(sizes)}}}",
    space=lambda sizes: rf"\mathbf R^{{{_by(sizes)}}}",
    picked=lambda text: rf"\adttaken{{{text}}}",
    dots=Dots(r"\dots", r"\cdots", r"\vdots", r"\ddots"),
    vector=lambda entries: rf"\adtvec{{{', '.join(entries)}}}",
)
_LATEX_SIGNS = Signs(
    brackets=_LATEX_BRACKETS,
    named=_latex_named,
    indexed=_latex_indexed,
    option=lambda name, value: rf"\mathit{{{name}}} = {value}",
    word=lambda text: rf"\mathit{{{text}}}",
    product=r"\,",
    hadamard=r" \odot ",
    dot=r" \cdot ",
    correlation=r" \star ",
    transposed=("", r"^{\mathsf T}"),
    sum=r"\sum_{<i>} ",
    norm=(r"\lVert ", r"\rVert"),
)

LATEX = Dialect(
    name="latex",
    times=r" \times ",
    superscript=True,
    call=_latex_call,
    name_of=_latex_whole,
    subscript=lambda letter, index: f"{letter}_{{{index}}}",
    dot=_accented(r"\dot", r"\dot"),
    ddot=_accented(r"\ddot", r"\ddot"),
    order=lambda text, k: f"{text}^{{({k})}}",
    bar=_accented(r"\bar", r"\overline"),
    chain=lambda bar, above, below: rf"{bar} \, \tfrac{{\partial {above}}}{{\partial {below}}}",
    derivative=lambda above, below: rf"\partial {above} / \partial {below}",
    quotient=lambda above, below: rf"\tfrac{{\partial {above}}}{{\partial {below}}}",
    bold=lambda text: rf"\boldsymbol{{{text}}}",
    math=lambda text: f"${text}$",
    prose=_latex_prose,
    number=_latex_number,
    cell=_related,
    relation=lambda sign: _RELATIONS.get(sign, sign),
    dots=r"\dots",
    form=partial(form, _LATEX_SIGNS),
    brackets=_LATEX_BRACKETS,
    indexed=_latex_indexed,
)


def _spaced(text: str) -> str:
    """No ``}}`` and no ``{{``: Liquid, Jinja and MkDocs macros read them."""
    if "}}" not in text and "{{" not in text:
        return text
    return text.replace("}}", "} }").replace("}}", "} }").replace("{{", "{ {")


def _markdown_indexed(text: str, index: str) -> str:
    """As in LaTeX, but for what ends with a brace: cmark-gfm takes }_ for emphasis."""
    closed = text[-1] == "}" and text[:5] != r"\math" and not _INDEXED_NAME.fullmatch(text)
    return f"{text}[{index}]" if closed else _latex_indexed(text, index)


def _markdown_matrix(ending: str) -> Callable[[Sequence[Sequence[str]]], str]:
    """Matrices with this between their rows."""
    return lambda rows: rf"\begin{{bmatrix}}{ending.join(map(_latex_row, rows))}\end{{bmatrix}}"


_MARKDOWN_BRACKETS = replace(
    _LATEX_BRACKETS,
    matrix=_markdown_matrix(r" \cr "),  # cmark-gfm reads two backslashes as one
    left=_markdown_matrix(r" \cr "),
    shape=lambda sizes: rf"\in \mathbb R^{{{_by(sizes)}}}",
    picked=lambda text: rf"\underline{{{text}}}",
    vector=lambda entries: f"({', '.join(entries)})",
)
_MARKDOWN_SIGNS = replace(
    _LATEX_SIGNS,
    brackets=_MARKDOWN_BRACKETS,
    product=" ",
    indexed=_markdown_indexed,
    named=lambda name, arguments: _latex_named(name.replace("_", ""), arguments),
)

_MATRIX = re.compile(r"\\begin\{(\w+)\}(.*?)\\end\{\1\}", re.DOTALL)
_ROW_ENDS = re.compile(r"\\\\|\\cr\b")
_QUOTIENT = re.compile(r"\\frac\{\\partial (.*?) \}\{\\partial .*? \}")
_COMMAND = re.compile(r"\\([A-Za-z]+) ?")
_UNSEEN = str.maketrans("", "", "{}_^$&")
_BARE = frozenset(("dot", "ddot", "bar", "overline", "underline", "mathbf", "mathit", "mathrm", "mathsf", "mathbb",
                   "operatorname", "textstyle", "boldsymbol", "frac", "left", "right", "mathrel"))  # fmt: skip
"""Commands that print nothing of their own."""


def _measured(text: str) -> str:
    """LaTeX as so many characters as it takes when it is set: a matrix its widest row, a quotient one of its lines."""
    if "\\begin" in text:
        text = _MATRIX.sub(lambda match: f"[{max(map(_measured, _ROW_ENDS.split(match[2])), key=len)}]", text)
    return _COMMAND.sub(_printed, _QUOTIENT.sub(r"d\1", text)).translate(_UNSEEN)


def _printed(command: re.Match[str]) -> str:
    """What stands on the page for a command: the name of a function, nothing for an accent, else one sign."""
    return "" if command[1] in _BARE else command[1] if command[1] in OPERATORS else "x"


MARKDOWN = replace(
    LATEX,
    name="markdown",
    name_of=_latex_name,
    dot=_accented(r"\dot", r"\dot", r"\textstyle"),  # a letter, so that no parser takes }_ for emphasis
    ddot=_accented(r"\ddot", r"\ddot", r"\textstyle"),
    chain=lambda bar, above, below: rf"{bar} \frac{{\partial {above} }}{{\partial {below} }}",
    quotient=lambda above, below: rf"\frac{{\partial {above} }}{{\partial {below} }}",
    bold=lambda text: rf"\mathbf{{{text}}}",
    math=lambda text: f"${_spaced(text)}$",
    relation=lambda sign: _IN_MARKUP.get(sign) or LATEX.relation(sign),
    prose=_markdown_prose,
    cell=lambda text: _spaced(_related(text)),
    form=partial(form, _MARKDOWN_SIGNS),
    brackets=_MARKDOWN_BRACKETS,
    indexed=_markdown_indexed,
    measured=_measured,
)

_IN_PANDOC = _markdown_matrix(r" \\ ")
MARKDOWN_IN_MYST = replace(MARKDOWN, brackets=replace(_MARKDOWN_BRACKETS, matrix=_IN_PANDOC, left=_IN_PANDOC))
r"""Markdown of MyST: ``\\\\`` between the rows of a matrix; not all of them take ``\cr``."""
MARKDOWN_IN_PANDOC = replace(MARKDOWN_IN_MYST, equals=r"\text{} = ")
"""Markdown of pandoc and Quarto: on the way to Word and LibreOffice a relation has a left side, or is not printed."""

_TYPST_PUNCTUATION = re.compile(r"""([!-/:-@\[-`{-~])""")


def _typst_call(name: str, arity: int) -> str:
    drawn = TABLE[key_of(name, arity)].drawn
    shape, word, index = drawn
    operator, marks = _primes(word or name)
    if len(operator) > 1 and operator not in OPERATORS and word not in GREEK:
        operator = f'op("{operator}")'
    operator += marks
    return {
        NAMED: f"{operator}{operands(arity)}",
        BARS: "abs(<u>)",
        FLOOR: "floor(<u>)",
        CEILING: "ceil(<u>)",
        ROOT: f"root({index}, <u>)" if index else "sqrt(<u>)",
        BASE: f"{operator}_({index}) ({drawn.argument})",
        INDEXED: f"{operator}_({index}) {operands(arity)}",
    }[shape]


def _typst_word(word: str) -> str:
    return word if len(word) == 1 or word.isdigit() or word in GREEK else f'italic("{word}")'


def _typst_name(name: str) -> str:
    """``x1`` is x_(1), ``w_out`` is w_(italic("out")), ``beta`` is beta; the author's own v is upright."""
    head, subscripts = name_parts(name)
    if is_whole(name):
        return f'italic("{name}")'
    if not subscripts:
        return _typst_word(head)
    return f"{'upright(v)' if head == 'v' else _typst_word(head)}_({', '.join(map(_typst_word, subscripts))})"


def _typst_accented(accent: str, wide: str) -> Callable[[str], str]:
    """A Typst accent over the letter (or the word) of a name, before its subscript."""

    def over(text: str) -> str:
        if text.startswith('italic("'):
            end = text.index(")") + 1
            return f"{wide}({text[:end]}){text[end:]}"
        if text.startswith("overline("):
            return f"{accent}({text})"
        letter, underscore, subscript = text.partition("_")
        return f"{accent}({letter}){underscore}{subscript}"

    return over


def _typst_number(text: str) -> str:
    """``2e-3`` is 2 times ten to the -3."""
    mantissa, exponent_mark, exponent = text.replace("E", "e").partition("e")
    return f"{mantissa} times 10^({int(exponent)})" if exponent_mark else text


_PLAIN_NUMBER = re.compile(r'-?[0-9.]+(?:","[0-9]+)?\??', re.ASCII)


def _typst_bold(text: str) -> str:
    """A number as text, whose digits can be copied from a PDF; those of a bold formula are other characters."""
    if _PLAIN_NUMBER.fullmatch(text):
        return f"#strong[{text.replace('-', chr(92) + 'u{2212}').replace(chr(34), '')}]"
    return f"bold({text})"


def _typst_quotient(above: str, below: str) -> str:
    return f'frac(partial {above}, partial {below}, style: "vertical")'


def _typst_indexed(text: str, index: str) -> str:
    index = index.replace("..", " dots ")
    if text[-1] == ")" and "_(" in text:
        return f"{text[:-1]}, {index})"
    return f"{text}_({index})"


def _typst_named(name: str, arguments: Sequence[str]) -> str:
    operator = name if name in OPERATORS else f'op("{name}")'
    return f"{operator}({', '.join(arguments)})"


def _typst_matrix(side: str) -> Callable[[Sequence[Sequence[str]]], str]:
    def matrix(rows: Sequence[Sequence[str]]) -> str:
        body = "; ".join(", ".join(row) for row in rows)
        return f'mat(delim: "[", align: #{side}, {body})'

    return matrix


_TYPST_BRACKETS = Brackets(
    matrix=_typst_matrix("right"),
    left=_typst_matrix("left"),
    beside=lambda texts: f"lr(( {', '.join(texts)} ))",
    shape=lambda sizes: f"#text(fill: luma(45%), $in RR^({' times '.join(map(str, sizes))})$)",
    space=lambda sizes: f"RR^({' times '.join(map(str, sizes))})",
    picked=lambda text: f"underline({text})",
    dots=Dots("dots", "dots.h.c", "dots.v", "dots.down"),
)
_TYPST_SIGNS = Signs(
    brackets=_TYPST_BRACKETS,
    named=_typst_named,
    indexed=_typst_indexed,
    option=lambda name, value: f'italic("{name}") = {value}',
    word=lambda text: f'italic("{text}")',
    product=" thin ",
    hadamard=" dot.o ",
    dot=" dot ",
    correlation=" star ",
    convolution=" * ",
    transposed=("", "^(upright(sans(T)))"),
    sum="sum_(<i>) ",
    norm=("norm(", ")"),
)

TYPST = Dialect(
    name="typst",
    times=" times ",
    superscript=True,
    raised=("", "^(", ")"),
    call=_typst_call,
    name_of=_typst_name,
    subscript=lambda letter, index: f"{letter}_({index})",
    dot=_typst_accented("dot", "dot"),
    ddot=_typst_accented("dot.double", "dot.double"),
    order=lambda text, k: f"{text}^(({k}))",
    bar=_typst_accented("macron", "overline"),
    chain=lambda bar, above, below: f"{bar} thin {_typst_quotient(above, below)}",
    derivative=lambda above, below: rf"partial {above} \/ partial {below}",
    quotient=_typst_quotient,
    bold=_typst_bold,
    math=lambda text: f"${text}$",
    prose=lambda text: _TYPST_PUNCTUATION.sub(r"\\\1", "".join(c if c.isprintable() else " " for c in text)),
    number=_typst_number,
    dots="dots",
    form=partial(form, _TYPST_SIGNS),
    brackets=_TYPST_BRACKETS,
    indexed=_typst_indexed,
    marks={"prime": "<v>'", "differential": "d <v>", "directional": "D_(p) <v>"},
)

_SUBSCRIPTS = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _unicode_name(name: str) -> str:
    """``x1`` with its digits set low (but for a v, which is the trace's letter); other names as typed."""
    if name == "pi":
        return "π"
    digits = _LOW_DIGITS.fullmatch(name)
    if digits and digits.group(1) == "v":
        return name
    return digits.group(1) + digits.group(2).translate(_SUBSCRIPTS) if digits else name


def _marked(mark: str) -> Callable[[str], str]:
    """A combining mark on the first letter, above those that are there."""

    def over(text: str) -> str:
        at = 2 if text[1:2] and unicodedata.combining(text[1]) else 1
        return text[:at] + mark + text[at:]

    return over


_LOW = _SUBSCRIPTS | str.maketrans("ijklmnop", "ᵢⱼₖₗₘₙₒₚ")


MARKS = "\u0302\u0303\u0304\u0307\u0308\u0332\u20d7"
"""The combining marks that a text may have: hat, tilde, bar, dots, the line below what is picked, arrow."""


def width(text: str) -> int:
    """Columns that a text takes in a terminal: combining marks take none, and letters of East Asia two."""
    if text.isascii():
        return len(text)
    return len(text) - sum(map(text.count, MARKS)) + len(_WIDE.findall(text))


_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]")
"""What takes two columns of a terminal: the letters of Chinese, Japanese and Korean, and their punctuation."""


def _text_indexed(text: str, index: str) -> str:
    """x₁, zᵢ, W₁₂; what has no low letters stands in brackets, X[:,1..5]."""
    parts = index.split(",")
    low = all(part.isdigit() or part in "ijklmnop" for part in parts) and text[-1] not in "₀₁₂₃₄₅₆₇₈₉)"
    if not low or (len(parts) > 1 and any(len(part) > 1 for part in parts)):
        return f"{text}[{index}]"
    return text + "".join(parts).translate(_LOW)


def _set_low(index: str) -> str:
    return index.replace(",", "").translate(_LOW)


def _text_space(sizes: Sequence[int]) -> str:
    return f"ℝ{'ˣ'.join(str(size).translate(_SUPERSCRIPTS) for size in sizes)}"


_TEXT_BRACKETS = Brackets(
    matrix=text_matrix(width),
    left=text_matrix(width, left=True),
    beside=text_beside(width),
    shape=lambda sizes: f"∈ {_text_space(sizes)}",
    space=_text_space,
    picked=lambda text: "".join(f"{char}\u0332" for char in text),
    dots=Dots("…", "…", "⋮", "⋱"),
)
_TEXT_SIGNS = Signs(
    brackets=_TEXT_BRACKETS,
    named=lambda name, arguments: f"{name}({', '.join(arguments)})",
    indexed=_text_indexed,
    sum="Σ<i> ",
    index=_set_low,
)

TERMINAL = Dialect(
    name="text",
    times=" × ",
    superscript=False,
    call=lambda name, arity: _plain_call("H" if name == "heaviside" else name, arity),
    name_of=_unicode_name,
    subscript=lambda letter, index: letter + str(index).translate(_SUBSCRIPTS),
    dot=_marked("\u0307"),
    ddot=_marked("\u0308"),
    order=lambda text, k: f"{text}⁽{str(k).translate(_SUPERSCRIPTS)}⁾",
    bar=_marked("\u0304"),
    chain=lambda bar, above, below: f"{bar} × ∂{above}/∂{below}",
    derivative=lambda above, below: f"∂{above}/∂{below}",
    quotient=lambda above, below: f"∂{above}/∂{below}",
    bold=str,
    math=str,
    relation=lambda sign: {"<=": "≤", ">=": "≥", "!=": "≠"}.get(sign, sign),
    prose=lambda text: "".join(c if c.isprintable() else " " for c in text),
    marks={"prime": "<v>′", "differential": "d<v>", "directional": "Dₚ<v>"},
    form=partial(form, _TEXT_SIGNS),
    brackets=_TEXT_BRACKETS,
    indexed=_text_indexed,
)


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"


_PLAIN_BRACKETS = Brackets(
    matrix=lambda rows: _listed(map(_listed, rows)),
    left=lambda rows: _listed(map(_listed, rows)),
    beside=_listed,
    shape=lambda sizes: f"({', '.join(map(str, sizes))})",
    space=lambda sizes: " x ".join(map(str, sizes)),
    picked=str,
    vector=_listed,
)
_PLAIN_SIGNS = Signs(
    brackets=_PLAIN_BRACKETS,
    named=lambda name, arguments: f"{name}({', '.join(arguments)})",
    indexed=lambda text, index: f"{text}[{index}]",
    word=lambda text: f'"{text}"',
    typed=True,
)


def _plain_indexed(text: str, index: str) -> str:
    """``r_{1,2}``, counted from 1; ``r[0, 1]`` is what the language has."""
    letters, _, own = text.partition("_")
    return f"{letters}_{{{own.strip('{}')},{index}}}" if own else f"{text}_{{{index}}}"


PLAIN = Dialect(
    name="plain",
    times="*",
    superscript=False,
    call=_plain_call,
    name_of=str,
    subscript=lambda letter, index: f"{letter}_{{{index}}}" if index < 0 else f"{letter}_{index}",
    dot=lambda text: f"d{text}",
    ddot=lambda text: f"dd{text}",
    order=lambda text, k: f"{text}^({k})",
    bar=lambda text: f"b{text}",
    chain=lambda bar, above, below: f"{bar}*d{above}/d{below}",
    derivative=lambda above, below: f"d{above}/d{below}",
    quotient=lambda above, below: f"d{above}/d{below}",
    bold=str,
    math=str,
    prose=str,
    bracket=("where(", ", 1, 0)"),
    form=partial(form, _PLAIN_SIGNS),
    brackets=_PLAIN_BRACKETS,
    indexed=_plain_indexed,
)
"""ASCII for messages and JSON; a formula of names in it is in the language again."""


def plain(terms: Terms) -> str:
    """An expression in ASCII."""
    return spelled(terms, PLAIN).text
