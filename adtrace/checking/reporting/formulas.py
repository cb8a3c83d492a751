"""A cell that is read as a formula, written as one: MathML in HTML, LaTeX in Markdown."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from adtrace.checking.readings.cells import Cell, Chain, Part
from adtrace.checking.readings.names import named
from adtrace.language.syntax import Name, Terms
from adtrace.writing.dialects import MARKDOWN
from adtrace.writing.mathml import MATHML
from adtrace.writing.notation import Dialect, with_names

_INDEXED = re.compile(r"([^\W\d_]+)_(-?[0-9]{1,6})")
_COMMA = re.compile(r"[0-9]+,[0-9]+")
_SIGNS = {
    "html": {"grad": "<mi>∇</mi><v>", "delta": "<mi>Δ</mi><v>", "->": "<mo>→</mo>", ",": "<mn>{}</mn>"},
    "markdown": {"grad": r"\nabla <v>", "delta": r"\Delta <v>", "->": r"\to", ",": "{{{}}}"},
}
"""A gradient and an increment of ``<v>``, an arrow, and a number with a decimal comma."""
_LONGEST = 400
"""Characters of a cell that is set as a formula; a longer one stands as its text."""


def _formula(dialect: Dialect, read: Cell) -> str:
    """The cell (`cells.Cell`) as a formula in running text, or nothing where it has a part without a reading."""
    if read.state != "formula" or len(read.bare) > _LONGEST:
        return ""
    try:
        chains = [_chain(dialect, chain) for chain in read.chains or (Chain(read.pair, ","),)]
    except (LookupError, ValueError, AssertionError):  # a part without a reading, an operation without a form
        return ""
    return dialect.math(("" if read.left else "= ") + ", ".join(chains))


def _chain(dialect: Dialect, chain: Chain) -> str:
    sign = _SIGNS[dialect.name].get(chain.sign, chain.sign)
    return f" {sign} ".join(_part(dialect, part) for part in chain.parts)


def _part(dialect: Dialect, part: Part) -> str:
    if part.number is not None and "," in part.text:
        if not _COMMA.fullmatch(part.text):
            raise ValueError(part.text)
        return _SIGNS[dialect.name][","].format(part.text)  # a decimal comma stays one
    return _written(dialect, part.readings[0])


@lru_cache(maxsize=4096)
def _written(dialect: Dialect, terms: Terms) -> str:
    """Terms in keys (``bar v_1``), each key as the name that it is of."""
    keys = {term.name for term in terms if isinstance(term, Name)}
    return with_names(terms, dialect, {key: _name(dialect, key) for key in keys}).text


def _name(dialect: Dialect, key: str) -> str:
    name = named(key)
    text, signs = _variable(dialect, name.variable), _SIGNS[dialect.name]
    if name.seed and name.mark in ("d", "grad"):
        raise LookupError(name.mark)
    if name.mark in ("dot", "ddot", "bar"):
        text = {"dot": dialect.dot, "ddot": dialect.ddot, "bar": dialect.bar}[name.mark](text)
    elif name.mark == "leibniz":
        text = dialect.quotient(_variable(dialect, name.of), text)
    elif name.mark:
        text = (signs | {"prime": dialect.marks["prime"], "d": dialect.marks["differential"]})[name.mark].replace(
            "<v>", text
        )
    if not name.seed:
        return text
    before, between, after = dialect.raised
    return f"{before}{text}{between}({_variable(dialect, name.seed)}){after}"


def _variable(dialect: Dialect, name: str) -> str:
    indexed = _INDEXED.fullmatch(name)
    return dialect.subscript(indexed[1], int(indexed[2])) if indexed and len(indexed[1]) == 1 else dialect.name_of(name)


in_mathml = partial(_formula, MATHML)
in_markdown = partial(_formula, MARKDOWN)
