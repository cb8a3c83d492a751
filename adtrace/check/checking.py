"""The call ``check(document, at=..., function=...)``: a document in, a `Report` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adtrace.check.byvalue import renamed
from adtrace.check.grids import Grid, grids
from adtrace.check.layout import TANGENT, Layout, as_adjoints, read_layout
from adtrace.check.listing import Listing, input_values, listing_of
from adtrace.check.problem import Problem, problem_of
from adtrace.check.repair import Repairer, invented
from adtrace.check.verdicts import Judge, Judged, printed_seed
from adtrace.errors import InputError
from adtrace.numbers import Scalar
from adtrace.numbers.exact import exact_integer


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
    _backward_columns(layout, listing)
    made_judged = Judge(layout, listing, problem, seed, weights).judge()
    made_judged.computes = computes
    return made_judged


def _backward_columns(layout: Layout, listing: Listing) -> None:
    """Take for adjoints the one column of derivatives in which the result is 1 and the inputs are no seed."""
    for place in range(len(layout.passes) - 1, -1, -1):
        column = layout.passes[place]
        if column.of or column.seed:
            continue
        seed = printed_seed(layout, listing, place)
        unit = all(exact_integer(number) in (0, 1) for number in seed.values())
        last = [e for e in layout.entries if e.kind == TANGENT and e.pass_ == place and e.name in listing.outputs]
        ends = bool(last) and last[0].reading is not None and last[0].text.strip("= $") in ("1", "1.0", "1.00", "1.0000")
        if seed and not unit and ends:
            as_adjoints(layout, place)


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
