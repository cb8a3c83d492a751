"""The draft with the seeds and the weights that are printed in its tables, or asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.draft import Draft
from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import Name
from adtrace.checking.statements.layouts import Column, Statement
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.numerals import printed
from adtrace.checking.work.rules import VALUE
from adtrace.checking.work.shapes import squeezed
from adtrace.checking.work.values import Seed, shape_of
from adtrace.elementals import rule
from adtrace.language.lists import nested
from adtrace.language.syntax import Terms
from adtrace.tracing.comparisons import unplaced
from adtrace.writing.dialects import plain

ASKED = "the seed asked for"
_MOST = 12
"""Seeds that are tried."""
_ZERO = rule("0")


def with_constants(statements: Iterable[Statement], draft: Draft) -> Draft:
    """The draft with the constants of the prose: what it holds constant, and by what it does not want derivatives; what
    has a tangent is none, where there are tangents alone.
    """
    work, asked = draft.work, draft.asked
    marks = {(work.same.get(s.named.variable), s.named.mark) for s in statements if s.named is not None}
    marked = {name for name, mark in marks if mark}
    backwards = "bar" in {mark for _, mark in marks}  # tangents of what has no adjoint may be there, and 0
    held = {draft.same.get(name, name) for name in asked.constants}
    wanted = {draft.same.get(name, name) for name in asked.wanted}
    unwanted = {*work.inputs} - wanted if wanted & {*work.inputs} else set[str]()
    constants = frozenset((held | unwanted).intersection(work.inputs) - (set() if backwards else marked))
    seeds = {name: seed for name, seed in work.seeds.items() if name not in constants - marked} or work.seeds
    return replace(draft, work=work.but(constants=constants, seeds=seeds)) if constants else draft


def with_seeds(statements: Iterable[Statement], draft: Draft) -> Draft:
    """The draft with the seeds that are printed in the rows of the independent variables, and those that are asked."""
    work, seeds = draft.work, dict(draft.work.seeds)
    asked = {draft.same.get(name, name): unplaced(number) for name, number in draft.asked.seed.items()}
    wanted = tuple(asked.get(name, _ZERO) for name in work.inputs)
    if asked and wanted not in seeds.values():
        seeds[ASKED] = wanted
    known = set(work.seeds.values())
    for seed in _printed(statements, draft):
        if asked and sum(one != other for one, other in zip(seed, wanted, strict=True)) == 1:
            continue  # a slip of the one that is told
        if seed not in known and len(seeds) < len(work.seeds) + _MOST and any(terms != _ZERO for terms in seed):
            seeds[f"({', '.join(map(plain, seed))})"] = seed
            known.add(seed)
    return replace(draft, work=work.but(seeds=seeds)) if len(seeds) > len(work.seeds) else draft


def _printed(statements: Iterable[Statement], draft: Draft) -> Iterator[Seed]:
    """The numbers of each column, of names with one mark, that has one for every independent variable but constants, or
    for an array.
    """
    work = draft.work
    columns: dict[tuple[Column, str], dict[str, Terms]] = {}
    shapes = dict(zip(work.inputs, map(terms_shape, work.point), strict=True))
    for statement in statements:
        name = statement.named
        row = work.same.get(name.variable, "") if name and name.mark not in ("leibniz", "grad") else ""  # no adjoints
        if name and row in work.inputs and statement.parts:
            last, mark = statement.parts[-1], "" if work.exact.of_arrays else name.mark  # dW beside W is its adjoint
            for terms in _in_shape(last, shapes[row]):
                columns.setdefault((statement.column, mark), {}).setdefault(row, terms)
    for found in columns.values():
        untold = any(found.get(name, _ZERO) != _ZERO for name in draft.untold)
        if not untold and (work.exact.of_arrays or found.keys() >= {*work.inputs} - work.constants):
            yield tuple(found.get(name, _ZERO) for name in work.inputs)


def with_weights(statements: Iterable[Statement], draft: Draft, adjoints: Collection[tuple[int, int]]) -> Draft:
    """The draft with the adjoints of outputs that are arrays as they are printed, and of others as they are asked for;
    ``adjoints`` are the columns whose headings speak of them, by table and place.
    """
    statements = [*statements]
    draft = _from_upstream(statements, draft)
    work, weights = draft.work, _asked_weights(draft)
    outputs = {work.same[output]: output for output in reversed(draft.outputs)} if work.exact.of_arrays else {}
    for statement in statements:
        name = statement.named
        if name is None or not (_of_adjoint(name, work) or (not name.mark and statement.column[:2] in adjoints)):
            continue
        output = outputs.get(work.same.get(name.variable, ""), "")
        shape = shape_of(work.exact[Subject(VALUE, output)]) if output and output not in weights else ()
        found = [weight for part in statement.parts for weight in _in_shape(part, shape)] if shape else []
        weights.update({output: found[-1]} if found else {})
    return replace(draft, work=work.but(weights=weights)) if weights else draft


def _from_upstream(statements: Iterable[Statement], draft: Draft) -> Draft:
    """The draft that ends in the array of which a derivative is told as a number alone, ``∂L/∂p = (1, 2)``, where its
    last row is only a factor of the others, J of ``J^T ∂L/∂p``.
    """
    quotients = [(s.named, s) for s in statements if s.named and s.named.mark in ("leibniz", "bar")]
    factors = {name.variable for _, s in quotients for name in s.names if not name.mark}
    begins = [of.variable for of, s in quotients if _is_upstream(of, s, draft.work)]
    is_last = factors.issuperset(draft.work.same.get(output, "") for output in draft.outputs)
    return replace(draft, outputs=(begins[0],)) if begins and is_last and not draft.asked.functions else draft


def _is_upstream(of: Name, statement: Statement, work: Work) -> bool:
    """Whether the derivative of a result without a row is told as a number alone."""
    told = of.of not in work.same and of.variable in work.operations
    return told and bool(statement.parts) and all(part.matrix for part in statement.parts)


def _of_adjoint(name: Name, work: Work) -> bool:
    """Whether a name may be that of an adjoint, of a result that has no row where it is a quotient: ``∂L/∂y``."""
    return name.mark in ("bar", "d", "grad") or (name.mark == "leibniz" and name.of not in work.same)


def _asked_weights(draft: Draft) -> dict[str, Terms]:
    """The adjoints of outputs that are asked for: of one alone under any of its names, that of the function too."""
    work, asked = draft.work, draft.asked
    alone = {"", asked.called} if len(draft.outputs) == 1 else set[str]()
    found: dict[str, Terms] = {}
    for place, output in enumerate(draft.outputs):
        row = work.same.get(output, output)
        names = {*alone, *(name for name, same in work.same.items() if same == row), *asked.outputs[place : place + 1]}
        told = [terms for name, terms in asked.weights.items() if name in names]
        found |= {output: unplaced(told[0])} if told and not work.exact.of_arrays else {}
    return {output: terms for output, terms in found.items() if terms != rule("1")}


def _in_shape(part: Part, shape: tuple[int, ...]) -> Iterator[Terms]:
    """What is printed, if it has this shape, but for axes of one entry."""
    if part.is_number and squeezed(part.matrix or ()) == squeezed(shape):
        entries = [entry.terms for entry in printed(part).each]
        if not all(entries):
            return  # they are worked out
        yield tuple(nested([unplaced(entry) for entry in entries], shape, 0)) if shape else unplaced(entries[0])
