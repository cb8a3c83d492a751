"""Our own tables, changed a little at one place: what is then empty, missing or wrong never passes unseen.

A sample of the changes of forty tables in every style, mode and format (mutations.py); ``CHECK_MUTATIONS=all`` runs
every change.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
from mutations import FUNCTIONS, Made, Mutation, judged, mutations, tables
from samples import ALL

import adtrace

SEED, SAMPLE = 14, 125
"""A table has some 370 changes; so many of all are tried."""


ONCE_UNSEEN = (
    ("deleted row", "numbered-from-one, reverse, latex: row 7"),  # the adjoint of v_1
    ("deleted row", "baydin, both, text: row 13"),  # one contribution
    ("emptied cell", "baydin, both, text: row 14, cell 2"),
    ("emptied cell", "griewank, reverse, latex: row 6, cell 4"),
    ("emptied cell", "griewank, reverse, latex: row 9, cell 5"),
    ("emptied cell", "griewank, reverse, latex: row 11, cell 4"),  # x̄_1 = v̄_{-1}
    ("emptied cell", "baydin, reverse, latex: row 4, cell 5"),
    ("emptied cell", "baydin, reverse, latex: row 0, cell 4"),
    ("emptied cell", "cs107, reverse, latex: row 0, cell 3"),
    ("emptied cell", "stored-partials, reverse, csv: row 0, cell 3"),  # the partial of an input
    ("emptied cell", "stored-partials, forward, html: row 4, cell 3"),  # one of two of u*u
    ("changed character", "baydin, both, text: row 0, cell 0 'v_{-1} = x', 'v' becomes 'q'"),
    ("changed digit", "directional, both, text: row 13, cell 0 'v_{0} = x_{3}', '₀'"),
    ("changed sign", "cppad, both, text: row 8, cell 1 'v_{-1} = x_{1}', '₋'"),
    ("changed character", "griewank, forward, markdown: row 4, cell 2 '= \\\\sin(1.3000) = 0.9636', 's'"),
    ("changed character", "stored-partials, both, text: row 7, cell 1 '\\\\exp(v_{5})', 'x'"),
    ("changed digit", "cs107, both, text: row 2, cell 0 'x_{3}'"),  # a KeyError
    ("changed character", "stored-partials, reverse, csv: row 0, cell 0 'v_{-1}', 'v'"),  # another
    ("changed digit", "numbered-from-one, forward, markdown: row 6, cell 0 'v_{7}', '7'"),
    ("changed digit", "three-part, reverse, csv: row 2, cell 4"),  # v̄_1 ∂v_3/∂v_{-1}
    ("changed digit", "baydin, both, text: row 22, cell 1"),
    ("changed digit", "baydin, both, text: row 2, cell 3"),  # 1.2 × 0 for 1.1 × 0
    ("changed digit", "cppad, forward, html: row 4, cell 3"),  # v_1^(3) for v_1^(1)
    ("changed sign", "stored-partials, both, text: row 4, cell 4"),
    ("changed digit", "aligned, both, text: row 9, cell 2 '\\\\dot f = \\\\dot v_{7}', '₇'"),  # right along y alone
)
"""Changes by kind and place, of each kind that once passed or raised: all are tried."""

Changes = list[tuple[Made, Mutation]]


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """The tables as adtrace makes them."""
    return list(tables())


@pytest.fixture(scope="module")
def changes(made: list[Made]) -> Changes:
    """All their changes."""
    return [(table, mutation) for table in made for mutation in mutations(table)]


def test_what_adtrace_makes_is_right(made: list[Made]) -> None:
    """Unchanged, every table is right, and nothing in it is empty, unread or remarked on."""
    for table in made:
        expression, at = FUNCTIONS[table.place]
        kind = "csv" if table.format == "csv" else None
        report = adtrace.check(table.text, at, function=expression, kind=kind)
        of = (table.style, table.mode, table.format, str(report))
        assert report.exit_status == 0, of
        assert not report.mistakes, of
        assert not report.problems, of
        assert report.count("right") >= 2 * len(table.rows), of


def test_no_change_passes_unseen(changes: Changes, capsys: pytest.CaptureFixture[str]) -> None:
    """No change ends in a traceback; none that leaves a cell wrong, empty or missing ends in status 0."""
    chosen = changes if ALL else _sample(changes)
    counts: Counter[str] = Counter()
    amiss = []
    for table, mutation in chosen:
        problem = judged(mutation, table.place, table.format)
        counts["tried"] += 1
        counts["demanded"] += mutation.demanded
        amiss += [f"{mutation.kind}: {mutation.where}: {problem}"] if problem else []
    with capsys.disabled():
        seen = f"{counts['demanded'] - len(amiss)} of {counts['demanded']} noticed that must be"
        print(f"\nchanged tables: {seen}; {counts['tried']} tried of {len(changes)}")
    assert not amiss


@pytest.mark.parametrize(("kind", "where"), ONCE_UNSEEN)
def test_what_once_passed_is_noticed(kind: str, where: str, changes: Changes) -> None:
    """Each kind of change that once went unseen is noticed, or ended in a traceback is none."""
    found = [(table, mutation) for table, mutation in changes if mutation.kind == kind and where in mutation.where]
    assert found
    assert [judged(mutation, table.place, table.format) for table, mutation in found] == [""] * len(found)


def _sample(changes: Changes) -> Changes:
    """As many of each kind as there are, by their share, and at least ten."""
    kinds: dict[str, Changes] = {}
    for change in changes:
        kinds.setdefault(change[1].kind, []).append(change)
    chance = random.Random(SEED)
    return [
        change
        for group in kinds.values()
        for change in chance.sample(group, max(10, round(SAMPLE * len(group) / len(changes))))
    ]
