"""The draft with the seeds and the weights that are printed in its tables, or asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from adtrace.arrays.table import terms_of_entries
from adtrace.checking.cells import Part
from adtrace.checking.drafts import Draft
from adtrace.checking.figures import Subject, Work
from adtrace.checking.layouts import Column, Statement
from adtrace.checking.rules import VALUE
from adtrace.checking.shapes import squeezed
from adtrace.checking.values import Seed, shape_of
from adtrace.elementals import rule
from adtrace.language.arrays import nested
from adtrace.language.syntax import Terms
from adtrace.writing.dialects import plain

ASKED = "the seed asked for"
_MOST = 12
"""Seeds that are tried."""
_ZERO = rule("0")


def with_seeds(statements: Iterable[Statement], draft: Draft) -> Draft:
    """The draft with the seeds that are printed in the rows of the independent variables, and those that are asked."""
    work, seeds = draft.work, dict(draft.work.seeds)
    asked = {draft.same.get(name, name): _bare(number) for name, number in draft.asked.seed.items()}
    wanted = tuple(asked.get(name, _ZERO) for name in work.inputs)
    if asked and wanted not in seeds.values():
        seeds[ASKED] = wanted
    known = set(work.seeds.values())
    for seed in _printed(statements, work):
        if seed not in known and len(seeds) < _MOST and sum(terms != _ZERO for terms in seed) > 1:
            seeds[f"({', '.join(map(plain, seed))})"] = seed
            known.add(seed)
    return replace(draft, work=replace(work, seeds=seeds)) if len(seeds) > len(work.seeds) else draft


def _printed(statements: Iterable[Statement], work: Work) -> Iterator[Seed]:
    """The numbers of each column that has one for every independent variable."""
    columns: dict[Column, dict[str, Terms]] = {}
    for statement in statements:
        row = work.same.get(statement.named.variable, "") if statement.named else ""
        if row in work.inputs and statement.parts:
            last = statement.parts[-1]
            if last.is_number:
                columns.setdefault(statement.column, {}).setdefault(row, last.readings[0])
    for found in columns.values():
        if found.keys() == set(work.inputs):
            yield tuple(_bare(found[name]) for name in work.inputs)


def with_weights(statements: Iterable[Statement], draft: Draft) -> Draft:
    """The draft with the adjoints of outputs that are arrays as they are printed."""
    work, weights = draft.work, dict[str, Terms]()
    if not work.exact.of_arrays:
        return draft
    for statement in statements:
        name = statement.named
        if name is None or name.mark != "bar":
            continue
        output = next((o for o in draft.outputs if work.same.get(name.variable) == work.same[o]), "")
        if output and output not in weights:
            shape = shape_of(work.exact[Subject(VALUE, output)])
            for weight in (weight for part in statement.parts for weight in _weight(part, shape)):
                weights[output] = weight
    return replace(draft, work=replace(work, weights=weights)) if weights else draft


def _weight(part: Part, shape: tuple[int, ...]) -> Iterator[Terms]:
    """An array that is printed in this shape."""
    if shape and part.matrix and squeezed(part.matrix) == squeezed(shape):
        yield tuple(nested([_bare(entry) for entry in terms_of_entries(part.readings[0])], shape, 0))


def _bare(terms: Terms) -> Terms:
    """Terms without their places in the text."""
    return tuple(term._replace(position=0) for term in terms)
