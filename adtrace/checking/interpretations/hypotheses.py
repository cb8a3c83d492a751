"""What a column may be: a quantity of its rows, what their names say, what is named to its left; with priors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from adtrace.checking.drafts.draft import Draft
from adtrace.checking.interpretations.filled import OF_QUOTIENTS, Filled
from adtrace.checking.interpretations.meanings import LEFT, NOTHING, OWN, Meaning
from adtrace.checking.interpretations.printed_seeds import ASKED
from adtrace.checking.statements.headings import OPERATION, RECEIVED
from adtrace.checking.work.contexts import Context
from adtrace.checking.work.figures import SUM
from adtrace.checking.work.rules import (
    ADJOINT,
    AND,
    HESSIAN,
    INCREMENT,
    ORDERS,
    PARTIAL,
    SECOND,
    SECOND_ADJOINT,
    TANGENT,
    UPSTREAM,
    VALUE,
)

_MARKED = 0.6
"""What speaks for the derivatives that are named to the left."""
_SPOKEN = 12.0
"""What it costs to be of another variable than the one that the heading names."""
_MOST_OPERANDS = 4
"""Operands of one row that have a column of partials each."""


class Hypothesis(NamedTuple):
    """What a column may be of."""

    meaning: Meaning
    context: Context
    """What names in it mean then."""
    prior: float = 0.0
    """What speaks for it before any number is looked at."""


def hypotheses(column: Filled, draft: Draft, context: Context, naming: Context) -> list[Hypothesis]:
    """All that a column may be, in a context of its own; ``naming`` is what names in a column before it mean."""
    return [*_of_names(column, draft, context, naming), *_of_quantities(column, draft, context)]


def _of_names(column: Filled, draft: Draft, context: Context, naming: Context) -> Iterator[Hypothesis]:
    """A column of what its rows are named, or of what is named to its left."""
    lefts = [(left, s.row) for s, left in column.headless if left is not None]
    if any(left != row for left, row in lefts):
        marks = {left.mark for s, left in column.headless if left and s.parts}
        prior = 0.5 + _prior_of_names(column, marks)
        yield Hypothesis(Meaning(LEFT), naming, prior)
        if "dotbar" in marks:  # a formula is the same along all of them
            yield from (
                Hypothesis(Meaning(LEFT), naming.along(seed, naming.output), prior) for seed in draft.work.seeds
            )
    if column.marked:
        prior = 1.5 if 2 * column.marked > len(column.headless) else 0.5
        for seed, output in product(draft.work.seeds or ("",), outputs_of(draft)):
            yield Hypothesis(Meaning(OWN), Context(seed, output, context.marks), prior + 0.5 * (seed in column.along))


def _prior_of_names(column: Filled, marks: set[str]) -> float:
    """What speaks for the names to the left, as far as they tell of what the numbers are."""
    second = column.speaks.get(SECOND, 0.0) if marks == {"dotbar"} else 0.0
    return second if "" in marks else second + _MARKED


def _of_quantities(column: Filled, draft: Draft, context: Context) -> Iterator[Hypothesis]:
    """A column of one quantity of its rows."""
    seeds, speaks, outputs = draft.work.seeds, column.speaks, outputs_of(draft)
    along = {seed: _prior_along(seed, column, draft) for seed in seeds}
    whole = -_SPOKEN if column.uses else 0.0

    def of(
        quantity: str, by: str = "", prior: float = 0.0, seed: str = context.seed, output: str = context.output
    ) -> Hypothesis:
        return Hypothesis(Meaning(quantity, by), context.along(seed, output), prior + speaks.get(quantity, 0.0))

    yield of(VALUE, prior=_prior_of_values(column, draft))
    yield from (of(TANGENT, seed, along[seed] + whole, seed=seed) for seed in seeds)
    backwards = product([ADJOINT, *({UPSTREAM} & {*speaks})], outputs)
    yield from (of(what, output, whole - 0.5 * (SUM in output), output=output) for what, output in backwards)
    for seed, output in product(seeds, draft.outputs) if SECOND_ADJOINT in speaks else ():
        directed = 0.5 * (seed not in draft.work.inputs)  # that of the tangents beside
        yield of(SECOND_ADJOINT, f"{output}{AND}{seed}", directed, seed=seed, output=output)
    yield from (of(HESSIAN, both) for both in column.twice)
    for place in _places(draft):
        yield of(PARTIAL, str(place), _prior_of_partials(place, column))
    increments = [0] if column.of_edges else _places(draft) if {INCREMENT, RECEIVED} & {*speaks} else []
    for place, output in product(increments, draft.outputs):
        yield of(INCREMENT, f"{place}{AND}{output}", output=output)
    for use, output in product(_uses(column), draft.outputs):
        yield of(INCREMENT, f"{RECEIVED} {use}{AND}{output}", speaks[RECEIVED], output=output)
    for order, seed in product(_orders(column), seeds):
        yield of(order, seed, along[seed] - (0.0 if order in speaks else 2.5), seed=seed)


def _orders(column: Filled) -> list[str]:
    """The second order, and those that a heading speaks for."""
    return [SECOND, *(order for order in ORDERS if order in column.speaks and order != SECOND)]


def _uses(column: Filled) -> Sequence[str]:
    """The uses of its rows that a column may tell of: those that its heading names, or one by its place."""
    return (column.uses or ("0", "1", "2", "-1", "-2")) if RECEIVED in column.speaks else ()


def _places(draft: Draft) -> range:
    """The places of operands that rows have."""
    return range(min(max(map(len, draft.work.operands.values()), default=0), _MOST_OPERANDS))


def _prior_of_values(column: Filled, draft: Draft) -> float:
    """A column that is spoken of as one of derivatives has no values of a variable, nor of nothing but variables."""
    rows, inputs = (s.row.variable for s, _ in column.headless if s.row), {*draft.work.inputs}
    point = all(draft.work.same.get(row) in inputs for row in rows) and {*column.speaks} & {TANGENT, ADJOINT}
    unsaid = VALUE not in column.speaks and (column.toward & inputs or point)
    return -_SPOKEN if unsaid else -column.beside


def _prior_of_partials(place: int, column: Filled) -> float:
    """The partials of an operand are told of by its number, and the first before the others."""
    less = 0.0 if PARTIAL in column.speaks else 0.75 + (_SPOKEN if column.toward else 0.0)
    return column.speaks.get(f"{PARTIAL} {place}", 0.0) - 0.5 * place - less


def _prior_along(seed: str, column: Filled, draft: Draft) -> float:
    """A tangent is along the direction that is spoken of, if one is."""
    directed = column.toward
    if column.is_of_adjoints and TANGENT not in column.speaks:
        return -_SPOKEN  # as a seed the adjoints of the inputs would explain themselves
    if seed in directed:
        return 1.5 - cost(seed, draft)
    return -_SPOKEN if directed & {*draft.work.inputs} else -cost(seed, draft)


def by_heading(column: Filled, draft: Draft) -> Meaning:
    """What an empty column, or one of words, is by its heading alone."""
    quantities = {quantity: weight for quantity, weight in column.speaks.items() if quantity != OPERATION}
    if not quantities:
        return Meaning(VALUE) if OPERATION in column.speaks else NOTHING
    quantity = max(quantities, key=lambda name: quantities[name])
    by = dict.fromkeys((TANGENT, *ORDERS), seeds_of(draft, column)[0]) | {
        ADJOINT: draft.outputs[0], UPSTREAM: draft.outputs[0], PARTIAL: "0", HESSIAN: "".join(column.twice[:1]),
        INCREMENT: f"0{AND}{draft.outputs[0]}",
    }  # fmt: skip
    return Meaning(quantity, by.get(quantity, ""))


def of_quotients(column: Filled) -> dict[str, float]:
    """What the quotients of a column may be, and what speaks for it: ∂y/∂v_1 and ∂y/∂v_2 are adjoints, ∂v_1/∂x and
    ∂v_2/∂x tangents; nothing where it has none.
    """
    quotients = [name for _, name in column.named if name.mark == "leibniz"]
    is_along = len({name.of for name in quotients}) > len({name.variable for name in quotients})
    return {TANGENT if is_along else ADJOINT: OF_QUOTIENTS, PARTIAL: 0.0} if quotients else {"": 0.0}


def outputs_of(draft: Draft) -> list[str]:
    """What may be differentiated: each output, and the sum of several."""
    return [*draft.outputs, SUM.join(draft.outputs)] if len(draft.outputs) > 1 else [*draft.outputs]


def seeds_of(draft: Draft, column: Filled) -> list[str]:
    """The seeds to be tried, those first that are spoken of."""
    spoken = column.toward | {ASKED}
    return sorted(draft.work.seeds, key=lambda name: name not in spoken) or [""]


_UNASKED = 0.1
"""A unit seed where another is asked for."""


def cost(seed: str, draft: Draft) -> float:
    """A seed that is only printed is a choice that must explain more than a unit seed does, and that as much as one
    that is asked for.
    """
    if seed in draft.work.inputs or seed == ASKED:
        return 0.0 if seed == ASKED or ASKED not in draft.work.seeds else _UNASKED
    return 0.5 + (0 if draft.work.exact.of_arrays else len(draft.work.inputs))
