"""The call ``check(document, at=..., function=...)``: a document in, a `Report` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adtrace.check.byvalue import renamed
from adtrace.check.grids import Grid, grids
from adtrace.check.layout import Layout, read_layout
from adtrace.check.listing import input_values, listing_of
from adtrace.check.problem import Problem, problem_of
from adtrace.check.repair import Repairer, invented
from adtrace.check.verdicts import Judge, Judged
from adtrace.errors import InputError
from adtrace.numbers import Scalar


def judged(
    found: Sequence[Grid],
    problem: Problem,
    seed: Mapping[str, Scalar] | None = None,
    weights: Mapping[str, Scalar] | None = None,
) -> Judged:
    """The findings on the tables of one piece of work."""
    layout = read_layout(renamed(found), problem.variables)
    listing = listing_of(layout, problem.variables, problem.point)
    point = dict(input_values(layout, listing)) | dict(problem.point)
    if not layout.names or len(listing.unresolved) > len(listing.lines):
        made = invented(layout, listing, problem, point) if all(n in point for n in problem.variables) else None
        if made is not None:
            listing = made
    computes: bool | None = None
    if not listing.invented:
        repairer = Repairer(layout, listing, problem, point)
        repairer.repair()
        computes = repairer.consistent(listing)
    made_judged = Judge(layout, listing, problem, seed, weights).judge()
    made_judged.computes = computes
    return made_judged


def tables_of(text: str, kind: str | None) -> list[Grid]:
    """The tables of a document.  Raises `InputError` where there is none."""
    found = grids(text, kind)
    if not found:
        raise InputError(
            "there is no trace table in the document: expected rows of cells between bars |, a LaTeX tabular, "
            "an HTML table, CSV, or equations v_1 = ..., one a line"
        )
    return found


def readable(layout: Layout) -> bool:
    """Whether any of the tables has a column that names its rows."""
    return any(layout.kinds)


__all__ = ["judged", "problem_of", "readable", "tables_of"]
