"""Derivatives of one independent variable by another along which the result stays as it is: ``dy/dx = -F_x/F_y``."""

from __future__ import annotations

from contextlib import suppress

from adtrace.checking.judgements.claims import Claim
from adtrace.checking.readings.rewriting import put
from adtrace.checking.work.figures import Figures, Subject, Work
from adtrace.checking.work.formulas import meanings_of
from adtrace.checking.work.rules import ADJOINT, TANGENT
from adtrace.checking.work.shapes import close
from adtrace.checking.work.values import NoValue, value_of
from adtrace.language.syntax import Name
from adtrace.numbers import Scalar

_SLOPE, _NEAR = put("-x/y", {"x": (Name("of_x", 0),), "y": (Name("of_y", 0),)}), 1e-9


def slope(subject: Subject, work: Work, figures: Figures) -> Scalar:
    """Such a derivative.  Raises `NoValue` where there is none."""
    quantity, name, by = subject
    both = {work.same.get(name), work.same.get(by)}
    if quantity != TANGENT or len(work.outputs) != 1 or len(both) != 2 or not both <= {*work.inputs}:
        raise NoValue("it is no independent variable by another")
    of_x, of_y = (figures[Subject(ADJOINT, of, work.outputs[0])] for of in (by, name))
    return value_of(_SLOPE, {"of_x": of_x, "of_y": of_y}, figures.arithmetic)


def is_slope(claim: Claim, subject: Subject, work: Work) -> bool:
    """Whether a formula is one."""
    terms = claim.part.readings[0]
    with suppress(NoValue, IndexError):
        figures, meaning = work.near[0], meanings_of(terms, work, claim.context)[0]
        value = value_of(terms, {key: figures[of] for key, of in meaning.items()}, figures.arithmetic)
        return close(value, slope(subject, work, figures), _NEAR)
    return False
