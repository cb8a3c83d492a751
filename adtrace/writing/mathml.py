r"""The dialect of HTML: formulas in MathML, set by the reader's browser without a library or a font to fetch.

A formula is linear but for what stands above, below or beside something else, so the dialect's pieces are tags only
there (``<msub>``, ``<msup>``, ``<mfrac>``, accents); numbers, signs and brackets stay characters between the tags,
as in every other dialect, and `formula` marks them up last.  MathML Core only: what all current browsers set.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from html import escape

from adtrace.elementals import BARS, BASE, CEILING, FLOOR, INDEXED, NAMED, ROOT, TABLE, key_of
from adtrace.writing.arrays import Signs, form
from adtrace.writing.dialects import GREEK, is_whole, name_parts, operands
from adtrace.writing.matrices import Brackets, Dots
from adtrace.writing.notation import Dialect

LETTERS = dict(
    zip(
        re.findall(
            r"\w+",
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
            "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega",
        ),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        strict=True,
    )
)
assert LETTERS.keys() == GREEK, "the Greek names of all dialects are the same"

_APPLY = "<mo>\u2061</mo>"  # function application: a screen reader says "of"
_TIMES = '<mo lspace="0.15em">\u2062</mo>'  # invisible times, and LaTeX's thin space


def _identifier(word: str) -> str:
    """One letter is set in italics by every browser; a word asks for them, for upright words are functions."""
    text = escape(LETTERS.get(word, word))
    return f"<mi>{text}</mi>" if len(text) == 1 else f'<mi style="font-style:italic">{text}</mi>'


def _name(name: str) -> str:
    """``x1``, ``w_out``, ``beta``, ``rate``: the parts after the first are subscripts."""
    head, subscripts = name_parts(name)
    if not subscripts or is_whole(name):
        return _identifier(name if subscripts else head)
    parts = "<mo>,</mo>".join(f"<mn>{part}</mn>" if part.isdigit() else _identifier(part) for part in subscripts)
    base = '<mi mathvariant="normal">v</mi>' if head == "v" else _identifier(head)  # beside the v_1 of the trace
    return f"<msub>{base}<mrow>{parts}</mrow></msub>"


def _subscript(letter: str, index: int) -> str:
    return f"<msub><mi>{letter}</mi><mrow>{index}</mrow></msub>"


_BAR = "\u00af"
_BASE = re.compile(r'<mover accent="true">.*?</mover>|<mi[^>]*>[^<]*</mi>')


def _accented(mark: str, text: str) -> str:
    """An accent over the letter or word that the name begins with, marked or not; a bar is as long as the word."""

    def over(base: re.Match[str]) -> str:
        stretchy = "true" if mark == _BAR and "style" in base[0] else "false"
        return f'<mover accent="true">{base[0]}<mo stretchy="{stretchy}">{mark}</mo></mover>'

    return _BASE.sub(over, text, count=1)


def _call(name: str, arity: int) -> str:
    """A call with ``<u>``, ``<w>``, ... for its operands."""
    drawn = TABLE[key_of(name, arity)].drawn
    shape, word, index = drawn
    spelled = LETTERS.get(word, word) or name
    function = spelled.rstrip("'")
    operator = f"<mi>{function}</mi>"
    if function != spelled:
        operator = f"<msup>{operator}<mo>{'′' * (len(spelled) - len(function))}</mo></msup>"
    return {
        NAMED: f"{operator}{_APPLY}{operands(arity)}",
        BARS: '<mrow><mo form="prefix">|</mo><u><mo form="postfix">|</mo></mrow>',
        FLOOR: "<mrow><mo>⌊</mo><u><mo>⌋</mo></mrow>",
        CEILING: "<mrow><mo>⌈</mo><u><mo>⌉</mo></mrow>",
        ROOT: f"<mroot><mrow><u></mrow><mn>{index}</mn></mroot>" if index else "<msqrt><u></msqrt>",
        BASE: f"<msub>{operator}<mrow>{index}</mrow></msub>{_APPLY}({drawn.argument})",
        INDEXED: f"<msub>{operator}<mrow>{index}</mrow></msub>{_APPLY}{operands(arity)}",
    }[shape]


def _number(text: str) -> str:
    """``2e-3`` is 2 times ten to the -3."""
    mantissa, exponent_mark, exponent = text.replace("E", "e").partition("e")
    return f"{mantissa} × <msup><mn>10</mn><mrow>{int(exponent)}</mrow></msup>" if exponent_mark else text


def _quotient(above: str, below: str) -> str:
    return f"<mfrac><mrow><mi>∂</mi>{above}</mrow><mrow><mi>∂</mi>{below}</mrow></mfrac>"


def _chain(bar: str, above: str, below: str) -> str:
    return f"{bar}{_TIMES}{_quotient(above, below)}"


def _order(text: str, k: int) -> str:
    """``v^(k)``; of a name with a subscript the order stands above that."""
    above = f"<mrow><mo>(</mo><mn>{k}</mn><mo>)</mo></mrow>"
    if text.startswith("<msub>") and text.endswith("</msub>") and text.count("<msub>") == 1:
        return f"<msubsup>{text.removeprefix('<msub>').removesuffix('</msub>')}{above}</msubsup>"
    return f"<msup><mrow>{text}</mrow>{above}</msup>"


_TOKEN = re.compile(
    r"(?P<leaf><(m[ino])\b[^>]*>[^<]*</\2>)|(?P<close></[^>]*>)|(?P<open><[^>]*>)"
    r"|(?P<number>[0-9][0-9.]*\??|\.[0-9]+\??)|(?P<word>[^\W\d_]+)|(?P<space>\s+)|(?P<dots>\.\.\.)|(?P<sign>\+=|.)",
    re.DOTALL,
)
_RELATIONS = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "="}
_SIGNS = {"-": "\u2212"}
_TIGHT = {"/": '<mo lspace="0" rspace="0">/</mo>'}


def markup(text: str) -> str:
    """The numbers, signs and brackets between the tags of a formula marked up too; once is enough."""
    pieces: list[str] = []
    operand = False  # whether an operand stands before: a minus after one takes away, any other is a number's sign
    for token in _TOKEN.finditer(text):
        kind, symbol = token.lastgroup, token[0]
        if kind == "space":
            continue
        if kind == "number":
            pieces.append(f"<mn>{symbol}</mn>")
        elif kind == "word":
            pieces.append(f"<mi>{symbol}</mi>")
        elif kind == "dots":
            pieces.append("<mo>…</mo>")
        elif kind != "sign":
            pieces.append(symbol)
        elif symbol == "(":  # in a row of its own, so that brackets are as tall as what they hold
            pieces.append('<mrow><mo form="prefix" stretchy="false">(</mo>')
        elif symbol == ")":
            pieces.append('<mo form="postfix" stretchy="false">)</mo></mrow>')
        elif symbol in ("+", "-") and not operand:
            pieces.append(f'<mo form="prefix">{_SIGNS.get(symbol, symbol)}</mo>')
        else:
            pieces.append(_TIGHT.get(symbol) or f"<mo>{escape(_SIGNS.get(symbol, symbol))}</mo>")
        operand = kind in ("number", "word", "dots", "close") or symbol == ")" or (kind == "leaf" and symbol[2] != "o")
    return "".join(pieces)


def formula(text: str) -> str:
    """A formula as an element; nothing for no formula."""
    return f"<math>{markup(text)}</math>" if text else ""


def prose(text: str) -> str:
    """Text that HTML prints and does not obey, on one line."""
    return escape("".join(c if c.isprintable() else " " for c in text))


def _indexed(text: str, index: str) -> str:
    """A subscript, behind one that is there."""
    if text.endswith("</mrow></msub>"):
        return f"{text.removesuffix('</mrow></msub>')}<mo>,</mo>{index}</mrow></msub>"
    return f"<msub><mrow>{text}</mrow><mrow>{index}</mrow></msub>"


def _matrix(rows: Sequence[Sequence[str]], table: str = "<mtable>") -> str:
    cells = ("".join(f"<mtd>{entry}</mtd>" for entry in row) for row in rows)
    body = "".join(f"<mtr>{row}</mtr>" for row in cells)
    return f'<mrow><mo form="prefix">[</mo>{table}{body}</mtable><mo form="postfix">]</mo></mrow>'


def _named_call(name: str, arguments: Sequence[str]) -> str:
    return f"<mi>{escape(name)}</mi>{_APPLY}({', '.join(arguments)})"


def _space(sizes: Sequence[int]) -> str:
    lengths = "<mo>×</mo>".join(f"<mn>{size}</mn>" for size in sizes)
    return f"<msup><mi>ℝ</mi><mrow>{lengths}</mrow></msup>"


_BRACKETS = Brackets(
    matrix=_matrix,
    left=lambda rows: _matrix(rows, '<mtable class="adt-left">'),
    beside=lambda texts: f'<mrow><mo form="prefix">(</mo>{", ".join(texts)}<mo form="postfix">)</mo></mrow>',
    shape=lambda sizes: f'<mrow class="adt-shape"><mo>∈</mo>{_space(sizes)}</mrow>',
    space=_space,
    picked=lambda text: f'<mrow class="adt-pick">{text}</mrow>',
    dots=Dots("<mo>…</mo>", "<mo>⋯</mo>", "<mo>⋮</mo>", "<mo>⋱</mo>"),
)
_ARRAY_SIGNS = Signs(
    brackets=_BRACKETS,
    named=_named_call,
    indexed=_indexed,
    option=lambda name, value: f'<mi style="font-style:italic">{name}</mi> = {value}',
    word=lambda text: f"<mtext>{escape(text)}</mtext>",
    product=_TIMES,
    transposed=("<msup><mrow>", "</mrow><mi>𝖳</mi></msup>"),
    sum="<munder><mo>∑</mo><mrow><i></mrow></munder>",
    norm=('<mrow><mo form="prefix">‖</mo>', '<mo form="postfix">‖</mo></mrow>'),
)

MATHML = Dialect(
    name="html",
    times=" × ",
    superscript=True,
    call=_call,
    name_of=_name,
    subscript=_subscript,
    dot=lambda text: _accented("˙", text),
    ddot=lambda text: _accented("¨", text),
    order=_order,
    bar=lambda text: _accented(_BAR, text),
    chain=_chain,
    derivative=lambda above, below: f"<mi>∂</mi>{above}/<mi>∂</mi>{below}",
    quotient=_quotient,
    bold=lambda text: f'<mrow style="font-weight:bold">{text}</mrow>',
    math=formula,
    prose=prose,
    number=_number,
    cell=formula,
    cellwise=True,
    relation=lambda sign: f"<mo>{escape(_RELATIONS.get(sign, sign))}</mo>",
    marks={
        "prime": "<msup><mrow><v></mrow><mo>′</mo></msup>",
        "differential": "<mi>d</mi><v>",
        "directional": f"<msub><mi>D</mi><mi>p</mi></msub>{_TIMES}<v>",
    },
    bracket=('<mrow><mo form="prefix" stretchy="false">[</mo>', '<mo form="postfix" stretchy="false">]</mo></mrow>'),
    raised=("<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"),
    form=partial(form, _ARRAY_SIGNS),
    brackets=_BRACKETS,
    indexed=_indexed,
)
