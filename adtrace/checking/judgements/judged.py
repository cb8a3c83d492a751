"""By what a piece of work was judged, in words: its function, its point, and the sweeps that its columns are of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.draft import Draft
from adtrace.checking.interpretations.interpret import Interpretation
from adtrace.checking.judgements.claims import Judgement
from adtrace.checking.problems.asked import Asked
from adtrace.checking.problems.said import put_in
from adtrace.checking.readings.names import as_written, plainly
from adtrace.checking.readings.rewriting import names_of, renamed
from adtrace.checking.reporting import Judged
from adtrace.checking.reporting.records import shortened
from adtrace.checking.work.figures import SUM, Subject, Work
from adtrace.checking.work.rules import ADJOINT, AND, ORDERS, SECOND_ADJOINT, TANGENT
from adtrace.elementals import rule
from adtrace.errors import InputError
from adtrace.language.syntax import Terms
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import spelled

_LONGEST = 240
"""Characters of a function that are told."""
_ROWS = "the operations of its own rows"


def judged_by(asked: Asked, interpretation: Interpretation, judgements: Sequence[Judgement], *, own: bool) -> Judged:
    """By what a piece of work is judged; ``own`` is whether that is its own rows, and not what is asked."""
    draft = interpretation.draft
    tables = tuple(sorted({judgement.claim.statement.place.table for judgement in judgements}))
    subjects = [j.subject for j in judgements if j.subject is not None and j.claim.is_number]
    subjects = subjects or [judgement.subject for judgement in judgements if judgement.subject is not None]
    called = {row: variable for variable, row in draft.names.items()}
    function = _of_rows(draft, asked) if own or not asked.functions else _told(asked)
    point = tuple((_name(called.get(row, row), asked), value) for row, value in _point(draft.work))
    return Judged(tables, function, point, tuple(_sweeps(subjects, draft, asked, called)))


def _told(asked: Asked) -> str:
    """The function that is asked for: ``f(x1, x2) = x1*x2``."""
    letter = asked.called or next(name for name in ("f", "F", "g", "y", "f_0") if name not in asked.variables)
    right = [_text(terms, asked) for terms in asked.functions]
    written = right[0] if len(right) == 1 else f"({', '.join(right)})"
    return shortened(f"{letter}({', '.join(_name(name, asked) for name in asked.variables)}) = {written}", _LONGEST)


def _of_rows(draft: Draft, asked: Asked) -> str:
    """What the rows compute, if that is not too long to be read."""
    known: dict[str, Terms] = {}
    try:
        for name, terms in draft.work.rows:
            known[name] = put_in(terms, known)
    except InputError:
        return _ROWS
    outputs = [name for name in draft.outputs if name in known]
    told = ", ".join(f"{plainly(name)} = {_text(known[name], asked)}" for name in outputs)
    return told if told and len(told) <= _LONGEST and not any("(" in name for name in known) else _ROWS


def _text(terms: Terms, asked: Asked) -> str:
    """A formula as it is typed, its names as they are typed."""
    return spelled(renamed(terms, {name: _name(name, asked) for name in names_of(terms)}), PLAIN).text


def _name(name: str, asked: Asked) -> str:
    """A variable as it is typed in the function: x1, where that has no line before its number."""
    plain = as_written(plainly(name))
    compact = plain.replace("_", "")
    return compact if re.search(rf"(?<![A-Za-z]){re.escape(compact)}(?!\w)", asked.text) else plain


def _point(work: Work) -> Iterator[tuple[str, str]]:
    """The value of each independent variable, nothing where nobody tells it; of an array its shape."""
    for name, terms in zip(work.inputs, work.point, strict=True):
        shape = terms_shape(terms)
        sizes = "x".join(map(str, shape)) + " numbers" * (len(shape) == 1)
        yield name, "" if name in work.unlocated else f"({sizes})" if shape else spelled(terms, PLAIN).text


def _sweeps(subjects: Iterable[Subject], draft: Draft, asked: Asked, called: dict[str, str]) -> Iterator[str]:
    """The sweeps that the numbers are of, each once, in the order of the tables."""
    along_seeds = (TANGENT, ADJOINT, SECOND_ADJOINT, *ORDERS)
    found = dict.fromkeys((subject.quantity, subject.by) for subject in subjects if subject.quantity in along_seeds)
    forward = [by for quantity, by in found if quantity == TANGENT]
    reverse = [by for quantity, by in found if quantity == ADJOINT]
    higher = list(dict.fromkeys((quantity, by.partition(AND)[2] or by) for quantity, by in found
                                if quantity not in (TANGENT, ADJOINT)))  # fmt: skip

    def along(seeds: Sequence[str]) -> str:
        each = [_seed(seed, draft.work, called, asked) for seed in seeds if seed in draft.work.seeds]
        return f" {' and '.join(each)}" if each else ""

    if forward:
        yield f"forward sweep{along(forward)}"
    for by in reverse:
        several = len(draft.outputs) > 1
        yield f"reverse sweep{f' of {plainly(by)}' if several else ''}, weight {_weight(by.split(SUM), draft.work)}"
    for quantity, seed in higher:
        order = ORDERS[quantity][0] if quantity in ORDERS else 2
        yield f"order {order}{along([seed])}"


def _weight(outputs: Sequence[str], work: Work) -> str:
    """The weights of outputs: 1, 3 and 1."""
    if not any(output in work.weights for output in outputs):
        return "1"
    return _written([work.weights.get(output, rule("1")) for output in outputs], " and ") or "as printed"


def _seed(seed: str, work: Work, called: dict[str, str], asked: Asked) -> str:
    """A direction: by x1, along (1, -2)."""
    if seed in work.inputs:
        return f"by {_name(called.get(seed, seed), asked)}"
    written = _written(work.seeds[seed], ", ")
    return f"along ({written})" if written else "as printed"


def _written(numbers: Sequence[Terms], between: str) -> str:
    """Numbers; nothing where one is an array."""
    return "" if any(map(terms_shape, numbers)) else between.join(spelled(terms, PLAIN).text for terms in numbers)
