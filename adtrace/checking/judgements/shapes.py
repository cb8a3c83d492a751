"""The shapes that stand beside rows, ``(2, 3)`` or ``2×3``, each against that of its row's value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from adtrace.arrays.elemental import said
from adtrace.checking.judgements.told import where
from adtrace.checking.reporting import NOT_READ, RIGHT, WRONG, Finding
from adtrace.checking.statements.layouts import SHAPE, Statement
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.rules import VALUE
from adtrace.checking.work.shapes import squeezed
from adtrace.checking.work.values import NoValue, shape_of

_SPACE = re.compile(r"(?:∈\s*)?R\^\s*[{(]?\s*\d+(?:\s*[x×*]\s*\d+)*\s*[)}]?")
_SET = re.compile(r"\\mathbb|\\in\b|∈|ℝ")
_SIDES = re.compile(r"(?:torch\.Size|(?:∈\s*)?R\^)?[\s\d()\[\]{},x×*]+")


def shapes_told(statements: Iterable[Statement], work: Work) -> Iterator[Finding]:
    """What is found of the cells in columns of shapes, of derivatives, too, which have the shape of what they are by;
    and of spaces that stand elsewhere, R^(2x2).
    """
    for statement in statements:
        name, sizes = statement.row, re.findall(r"\d+|\(\)", statement.cell.bare)
        is_set = "R" not in work.same or bool(_SET.search(statement.cell.text))
        is_space = bool(_SPACE.fullmatch(statement.cell.bare)) and work.has_arrays and is_set
        if (statement.sign == SHAPE or is_space) and name is not None and name.variable in work.same and sizes:
            yield _held(statement, tuple(int(size) for size in sizes if size != "()"), name.variable, name.of, work)


def _held(statement: Statement, sizes: tuple[int, ...], variable: str, of: str, work: Work) -> Finding:
    """A shape against that of the value; a vector may be a row or a column, and a lone number a count of axes."""
    finding = Finding(*where(statement), "shape", NOT_READ, sentence=f"{statement.cell.bare!r} is not read")
    try:
        right, whole = (shape_of(work.exact[Subject(VALUE, name)]) for name in (variable, of or variable))
    except NoValue:
        return finding
    if (of and whole) or not _SIDES.fullmatch(statement.cell.bare):
        return finding  # of a Jacobian, or in letters
    if sizes == right or (min(len(sizes), len(right)) < 2 and squeezed(sizes) == squeezed(right)):
        return Finding(*where(statement), "shape", RIGHT)
    if statement.cell.bare.isdecimal():
        return finding
    sentence = f"its shape is {said(sizes)}, and should be {said(right)}"
    return Finding(*where(statement), "shape", WRONG, expected=str(right), cause="shape", sentence=sentence)
