"""The rows that a document leaves out, those that one of its tables leaves out, and what they cost."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise, permutations, product, starmap

from adtrace.arrays.table import LOSSES
from adtrace.checking.drafts.draft import Draft
from adtrace.checking.drafts.functions import is_row
from adtrace.checking.interpretations.interpret import Interpretation
from adtrace.checking.interpretations.meanings import lefts
from adtrace.checking.judgements.claims import Judgement
from adtrace.checking.readings.names import Name as Written
from adtrace.checking.readings.names import plainly
from adtrace.checking.readings.rewriting import text_of
from adtrace.checking.reporting import EMPTY, MISSING_ROW, NOT_ASKED, NOTE, RIGHT, Finding, Problem
from adtrace.checking.statements.layouts import Statement
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.rules import ADJOINT, AND, PARTIAL, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.language.syntax import Apply, Name, Term

_Named = dict[tuple[int, str], set[str]]
_OF_ROWS = {"": VALUE, "dot": TANGENT, "d": TANGENT, "bar": ADJOINT, "dotbar": SECOND_ADJOINT}
"""The quantity for which there are rows, by the mark of their names."""


def left_out(
    statements: Sequence[Statement], judgements: Sequence[Judgement], interpretation: Interpretation,
    told: Sequence[Finding], asked: frozenset[str],
) -> list[Problem]:  # fmt: skip
    """The rows that are missing, each with the cells that are asked for in it, and names that differ unsaid."""
    work, draft = interpretation.work, interpretation.draft
    missing = [*_unwritten(draft), *_of_sweeps(statements, judgements, interpretation, told, asked)]
    missing += _underived(statements, draft, {problem.row for problem in missing}) if draft.asked.functions else ()
    missing += _of_tables(statements, draft, {problem.row for problem in missing})
    missing += [*_of_entries(judgements, draft), *_of_results(draft)]
    missing += _of_other_names(statements, draft, {problem.row for problem in missing})
    usual = _usual(statements, told, work)
    return [*(p._replace(asked=p.asked or usual) for p in missing), *_two_names(statements, draft)]


def _missing(sentence: str, row: str, *quantities: str) -> Problem:
    return Problem(MISSING_ROW, plainly(sentence), plainly(row), quantities)


def _unwritten(draft: Draft) -> Iterator[Problem]:
    """The rows that others are computed from, and those at the end that are left to do."""
    for name, row in draft.unknown.items():
        if not draft.asked.functions or name in draft.left_out:  # else the cell is wrong that names it
            yield _missing(f"{row} is computed from {name}, which has no row", name)
    last = "last " if len(draft.unfinished) == 1 else ""
    for name, terms in draft.unfinished:
        yield Problem(MISSING_ROW, f"the {last}row is missing: {plainly(name)} = {text_of(terms)}", plainly(name))


def _of_sweeps(
    statements: Sequence[Statement], judgements: Sequence[Judgement], interpretation: Interpretation,
    told: Iterable[Finding], asked: frozenset[str],
) -> Iterator[Problem]:  # fmt: skip
    """A sweep that is asked for, and the few rows of one whose others have a cell, be it empty."""
    work = interpretation.work
    names = filter(None, (j.claim.statement.named for j in judgements))
    named = {work.whole(name.variable) for name in names if name.mark != "leibniz"}
    rows = _rows_of_sweeps(statements, judgements, interpretation, told)
    for quantity in sorted((asked & {TANGENT, ADJOINT}).difference(quantity for quantity, _ in rows)):
        yield Problem(MISSING_ROW, f"no {quantity} is given", "", (quantity,) * len(named))
    passed, past_data = _passed_over(judgements, work), _passed_over(judgements, work, {*work.inputs})
    if interpretation.draft.computes:  # no tangent of what comes behind the function: x_new = x - 0.1*8
        named &= _leading_to(interpretation.draft)
    seeded = _seeded(interpretation.draft)
    for (quantity, by), there in rows.items():
        each = _of_sweep(
            quantity, by.partition(AND)[0], there | passed | (seeded if quantity == TANGENT else set()), work, named
        )
        for name in (name for name in each if work.same[name] not in past_data):
            missing = _missing(f"the {quantity} of {name} is missing", name, quantity)
            yield missing._replace(kind=NOTE) if name in work.examples else missing


def _seeded(draft: Draft) -> set[str]:
    """The variables of the function whose tangents the prose tells."""
    return {draft.same[name] for name in draft.asked.variables if draft.asked.seed and name in draft.same}


def _leading_to(draft: Draft) -> set[str]:
    """The outputs and what they are computed from, by all their names."""
    same = draft.work.same
    rows = {same.get(output, output) for output in draft.outputs}
    rows |= {row for output in {*rows} for row in draft.work.ancestors(output)}
    return {name for name, of in same.items() if of in rows}


def _rows_of_sweeps(
    statements: Sequence[Statement], judgements: Sequence[Judgement], interpretation: Interpretation,
    told: Iterable[Finding],
) -> dict[tuple[str, str], set[str]]:  # fmt: skip
    """The rows that have a cell of a sweep, by its quantity and what that is by; no local partials beside adjoints."""
    work, blank = interpretation.work, {finding.place for finding in told if finding.state == EMPTY}
    each = [(s, left) for s, left in zip(statements, lefts(statements), strict=True) if s.place in blank]
    told_too = ((j.claim.part.name, j.claim.context) for j in judgements if j.state == RIGHT)  # ā of b̄ = ā = 1
    others = (context.subjects(name, work) for name, context in told_too if name and name.mark)
    of = [
        *(_of_one_sweep(judgement.claim.subjects, work) for judgement in judgements),
        *starmap(interpretation.subjects, each),
        *others,
    ]
    rows, partials = defaultdict[tuple[str, str], set[str]](set), _of_partials([*map(tuple, of)], work)
    for subject in chain.from_iterable(of):
        if subject.quantity in (TANGENT, ADJOINT, SECOND_ADJOINT) and subject[::2] not in partials:
            rows[subject.quantity, subject.by].add(work.same[work.whole(subject.variable)])
    return rows


def _of_partials(told: Iterable[Sequence[Subject]], work: Work) -> set[tuple[str, str]]:
    """The forward sweeps, each by its quantity and what it is by, that are none: beside adjoints nothing tells of them
    but what may be a local partial or an adjoint of a result.
    """
    ends, tangents = {work.same.get(output, output) for output in work.outputs}, dict[tuple[str, str], bool]()
    backwards = False
    for subjects in told:
        known = {subject.quantity for subject in subjects}
        backwards = backwards or known == {ADJOINT}
        for one in (one for one in subjects if one.quantity == TANGENT):
            is_other = PARTIAL in known or (ADJOINT in known and work.same[work.whole(one.variable)] in ends)
            tangents[one.quantity, one.by] = is_other and tangents.get((one.quantity, one.by), True)
    return {key for key, is_other in tangents.items() if is_other and backwards}


def _of_one_sweep(subjects: Sequence[Subject], work: Work) -> Sequence[Subject]:
    """The numbers that a claim may be of, of arrays rather adjoints: ∂L/∂W is no tangent of L by W."""
    adjoints = [subject for subject in subjects if subject.quantity != TANGENT] if work.has_arrays else []
    return adjoints or subjects


def _passed_over(judgements: Sequence[Judgement], work: Work, data: Collection[str] = ()) -> set[str]:
    """The rows past which formulas lead: p = softmax(z) of L = -sum(y log(p)), where the adjoint of z is p - y, and the
    means within a normalisation; r = A x - b, where that of x is A^T r and those of the ``data`` A and b are not
    told.
    """
    claimed = [(judgement.claim.subjects, judgement.claim.part) for judgement in judgements]
    by_formula = {
        work.same[subject.variable] for subjects, part in claimed for subject in subjects
        if subject.quantity == ADJOINT and part.is_formula
    }  # fmt: skip
    named = _with_adjoints((name for _, part in claimed for name in part.names), work)
    passed, held = set[str](), _targets(work)
    for row, operands in work.operands.items():
        led = {*operands} - ({*data} - by_formula)
        if led and row not in named and led <= by_formula | passed | held:
            passed.add(row)
    return passed


def _with_adjoints(names: Iterable[Written], work: Work) -> set[str | None]:
    """The rows that have a derivative among these names which is none of a row by its operand, ``dv/du``."""
    results = {work.same.get(output) for output in work.outputs}
    marked = (name for name in names if name.mark)
    whole = (name for name in marked if name.mark != "leibniz" or work.same.get(name.of) in results)
    return {work.same.get(name.variable) for name in whole}


def _underived(statements: Sequence[Statement], draft: Draft, told_of: set[str]) -> Iterator[Problem]:
    """The few computed rows that have a derivative, and of which nothing else is told, as it is of the others."""
    same = draft.work.same
    named = [
        (same.get(draft.work.whole(s.named.variable)), s.named.mark)
        for s in statements
        if s.named and (s.parts or not s.named.mark)
    ]
    told = {row for row, mark in named if not mark}
    rows = {row for row, mark in named if mark in _OF_ROWS and row in draft.work.operands}
    for row in draft.work.operands if 2 * len(rows - told) <= len(rows & told) else ():
        if row in rows - told and plainly(row) not in told_of:
            yield _missing(f"the row of {row} is missing", row, VALUE)


def _of_sweep(quantity: str, output: str, there: set[str], work: Work, named: set[str]) -> Iterator[str]:
    """The few of the named variables that have no cell of a sweep."""
    ends = there.intersection(work.inputs)
    differentiated = ends if quantity == ADJOINT else ()
    beside = _beside(differentiated, work)
    named = named | beside
    called = {work.same[name]: name for name in reversed(work.variables) if name in named}
    wanted = called.keys() - work.constant - _targets(work)
    wanted &= _moved_by(output, there, work) if quantity == TANGENT else _toward(output, ends, work)
    is_gradient = quantity == ADJOINT and there == ends  # alone
    left = _but_for_results((wanted & {*work.inputs} if is_gradient else wanted) - there, there, work)
    more = quantity == ADJOINT and (is_gradient or work.same.get(output, output) in there)
    few = 2 * len(left) < len(wanted & there) + more
    left -= _unwanted(ends, beside) | _data(differentiated, work) | _alone(quantity, work) | _fused(there, work)
    rows = (row for row in reversed(called) if few and row in left)
    return (called[row] for row in rows if row == called[row] or quantity != TANGENT)  # prose may give a seed


def _but_for_results(rows: Iterable[str], there: Collection[str], work: Work) -> set[str]:
    """The rows but for those that nothing uses, and that are others under another name: ``so f(1) = 2``."""
    others = [other for other in there if other in work.same]
    return {row for row in rows if row in work.uses or not any(is_row((Name(row, 0),), of, work) for of in others)}


def _unwanted(ends: set[str], beside: set[str]) -> set[str]:
    """The parameters, where fewer than half of them have an adjoint: some alone are wanted."""
    return beside if 2 * len(ends & beside) < len(beside) else set()


def _moved_by(name: str, there: Collection[str], work: Work) -> set[str]:
    """All rows; where none has a tangent that is not computed from the variable of a seed, those that are."""
    moved = {row for row in work.variables if work.same.get(name) in (row, *work.ancestors(row))}
    return moved if moved and moved.issuperset(there) else {*work.variables}


def _toward(output: str, ends: Collection[str], work: Work) -> set[str]:
    """What an output is computed from, but for what leads to what nobody differentiates by: to none of the ends."""
    rows = {*work.ancestors(work.same.get(output, output))}
    return rows - {row for row in work.operands if ends and work.ancestors(row).isdisjoint(ends)}


def _beside(ends: Collection[str], work: Work) -> set[str]:
    """The variables that have an adjoint where some have: y beside x; beside w and b the example x need not, nor all of
    the biases beside weights.
    """
    inputs, computed = {*work.inputs} if ends else set(), set(map(_letter, work.operands))
    biases = {"b"} if sum(_letter(name) == "b" for name in inputs) > 1 else set[str]()
    for letters in ({"x", "y", "t"}, computed, biases):  # a⁽¹⁾ of a⁽²⁾ and a⁽³⁾, h_0 of h_1: what goes into a network
        examples = {name for name in inputs if _letter(name) in letters}
        inputs -= examples if examples.isdisjoint(ends) else set()
    return inputs


def _alone(quantity: str, work: Work) -> set[str]:
    """The only variable, of which x' = 1 goes without saying."""
    return {*work.inputs} if quantity == TANGENT and len(work.inputs) == 1 else set()


def _fused(there: Collection[str], work: Work) -> set[str]:
    """The probabilities of a softmax before the loss, where the adjoint of what goes into it is there, p - y."""
    heads = {row: getattr(terms[-1], "head", "") for row, terms in work.operations.items()}
    ends = {work.same.get(output) for output in work.outputs}
    return {
        row for row, operands in work.operands.items()
        if heads.get(row) == "softmax" and {*operands} <= {*there} and {*work.uses.get(row, ())} <= ends
    }  # fmt: skip


def _data(given: Collection[str], work: Work) -> set[str]:
    """The examples beside weights that have a row."""
    weights = given and {*map(_letter, given)} <= {"w", "b", "theta"}
    return {*work.inputs} - _beside(given, work) if weights else set()


def _letter(name: str) -> str:
    """What a name is without its index: x of X_1, and of x⁽¹⁾."""
    return re.split("[_⁽]", name)[0].lower()


def _targets(work: Work) -> set[str]:
    """The independent variables that are nothing but the targets of losses, by which nobody differentiates: the t of
    (s - t)^2, too.
    """
    operations = work.operations.values()
    used, losses = Counter(work.same.get(name, "") for terms in operations for name in _names(terms)), Counter[str]()
    for terms in operations:
        is_difference = "sub" in {getattr(term, "head", "") for term in terms}
        targets = [target for target, term in pairwise(terms) if type(term) is Apply and term.head in LOSSES]
        told = [*_names(targets), *(name for name in _names(terms) if is_difference and _letter(name) == "t")]
        losses.update(work.same.get(name, "") for name in told)
    return {name for name in work.inputs if _letter(name) in _SMALL or used[name] == losses[name] > 0}


_SMALL = ("eps", "epsilon")
"""What is added so that nothing is divided by 0."""


def _names(terms: Iterable[Term]) -> list[str]:
    """The names in terms, as often as they stand there."""
    return [term.name for term in terms if type(term) is Name]


def _own_names(statement: Statement) -> Iterable[Written]:
    """The names of a statement itself, and of its row; in that row they may stand alone in a cell: w_8 beside w̄_8."""
    row = statement.row.variable if statement.row else ""
    lone = (part.name for part in statement.parts if part.name and part.name.variable == row)
    return filter(None, (statement.head, statement.row, *lone))


def _two_names(statements: Sequence[Statement], draft: Draft) -> Iterator[Problem]:
    """The results that a table calls otherwise where their derivatives stand, and nowhere says so: q beside y."""
    same, (plain, marked, equal) = draft.work.same, _uses(statements)
    told = draft.asked.called
    for output in draft.outputs:
        names = [name for name in same if same[name] == same.get(output) and "_" not in name]
        for row, other in permutations(names, 2):
            is_said = other == told or {row, other} in equal
            if row in plain and other in marked and not is_said:
                sentence = f"the result is called {row} in its own row, and {other} where its derivatives stand"
                yield Problem(NOTE, sentence)


def _uses(statements: Sequence[Statement]) -> tuple[set[str], set[str], set[frozenset[str]]]:
    """The names that rows have without a mark alone, those that have one wherever they stand, and which are said to be
    the same.
    """
    uses = [(s.named, name) for s in statements for name in (*_own_names(s), *s.names)]
    plain = {name.variable for s in statements for name in _own_names(s) if not name.mark}
    marked = {name.variable for _, name in uses if name.mark and not name.mark.startswith("leibniz")}
    equal = {frozenset((name.variable, of.variable)) for of, name in uses if of is not None and of.mark == name.mark}
    return plain - marked, marked - plain, equal


def _of_tables(statements: Iterable[Statement], draft: Draft, told: set[str]) -> Iterator[Problem]:
    """The rows that a table uses and does not have, though it has nearly all others; not those ``told`` of."""
    work, (rows, used) = draft.work, _in_tables(statements, draft)
    valued = set[str]().union(*(names for (_, mark), names in rows.items() if not mark))
    results = {work.same.get(output) for output in work.outputs} & valued
    for name in _told_once([names for (_, mark), names in rows.items() if not mark], work, results):
        yield _missing(f"the row of {name} is missing from a table that has all others", name, VALUE)
    for (table, mark), there in rows.items():
        for row in _of_table(there, used[table, mark] - _elsewhere(mark, rows, work.has_arrays), draft, results):
            if plainly(row) not in told:
                told.add(plainly(row))
                what = {**_OF_ROWS, "": "row"}[mark]  # the row may be there, and tell of its value alone
                yield _missing(f"the {what} of {row} is missing from a table that uses it", row, _OF_ROWS[mark])


def _told_once(rows: Sequence[set[str]], work: Work, results: set[str | None]) -> set[str]:
    """The results that a table has by a name of their own, y = v_5, and one that has all its other rows has not."""
    each = ((there, others - there) for there, others in permutations(rows, 2) if there < others)
    left = (names for there, names in each if 2 * len(names) < len(there))
    return {name for names in left for name in names if work.same[name] in results - {name}}


def _in_tables(statements: Iterable[Statement], draft: Draft) -> tuple[_Named, _Named]:
    """The rows that each table has, and those that it uses, by their marks; not the seeds that the prose tells."""
    rows, used = (defaultdict[tuple[int, str], set[str]](set) for _ in range(2))
    calls = {name for name in draft.work.variables if "(" in name}  # h(v_0) has no row
    variables = {*draft.work.variables} - calls - draft.work.entries.keys()
    for statement in statements:
        for said, uses in ((_own_names(statement), rows), (statement.names, used)):
            for name in said:
                if name.mark in _OF_ROWS and name.variable in variables:
                    uses[statement.column[0], name.mark].add(name.variable)
    for (_, mark), names in used.items():
        begins = mark == "bar" or (mark == "d" and draft.work.has_arrays)
        names.difference_update((*draft.asked.weights, *draft.work.weights) if begins else ())
    return rows, used


def _elsewhere(mark: str, rows: Mapping[tuple[int, str], set[str]], arrays: bool) -> set[str]:
    """The derivatives of a mark that any table has, and the rows of arrays."""
    return set[str]().union(*(names for (_, other), names in rows.items() if (mark or arrays) and other == mark))


def _of_table(rows: set[str], used: set[str], draft: Draft, results: set[str | None]) -> list[str]:
    """What is left out of few, in the order of the rows.

    What comes before or after all rows of a table may stand on the page before or the next; not so an independent
    variable where another has a row, and a result that has a value.  A row q_0 = x is not that of the v_0 that others
    use, if they have no use for q_0.
    """
    work, inputs = draft.work, set(draft.work.inputs)
    inputs -= draft.by_derivatives.keys()
    given, asked = {work.same[name] for name in rows} & inputs, {*draft.asked.variables, *inputs}
    own = {work.same[name] for name in rows & (used | asked)} & inputs
    left = {name for name in used - rows - work.examples - work.constants if work.same[name] in {name, *inputs} - own}
    left -= {name for name in asked if work.same.get(name) in given} | _targets(work) | _data(given, work)
    left -= _in_prose(draft) | draft.beside
    if 2 * len(left) >= len(rows):
        return []
    places = [k for k, name in enumerate(work.variables) if name in rows] or [0]
    within = {*work.variables[places[0] : places[-1]]} | results | (inputs if given else set())
    return [name for name in work.variables if name in left and not within.isdisjoint((name, work.same[name]))]


def _in_prose(draft: Draft) -> set[str]:
    """The names whose values the prose tells, beside arrays or where it tells no function."""
    told = not draft.asked.functions or (draft.work.has_arrays and not draft.asked.told)
    return {*draft.asked.point} if told else set()


def _of_entries(judgements: Iterable[Judgement], draft: Draft) -> Iterator[Problem]:
    """The few entries of an array that are left out where the others are told."""
    work, there = draft.work, defaultdict[tuple[str, str, str], dict[tuple[int, ...], str]](dict)
    shapes = work.near[0].shapes if work.entries and work.near else {}
    numbers = (judgement.claim.subjects for judgement in judgements if judgement.claim.is_number)
    for subject in chain.from_iterable(numbers):
        row, place = work.entries.get(subject.variable, (subject.variable, ()))
        there[subject.quantity, subject.by, row][place] = subject.variable
    for (quantity, by, row), names in there.items():
        if by in work.entries:
            continue  # of a Jacobian, of which some examples are told
        missing = {*product(*map(range, shapes.get(row, ())))} - names.keys()
        if () in names or len(missing) > max(len(names) - 1, 1):
            continue  # the whole is told, or only some examples are
        for place in sorted(missing):
            index = [str(k + (row not in work.from_zero)) for k in place]
            name = f"{row}_{('' if '_' not in next(iter(names.values())).removeprefix(f'{row}_') else '_').join(index)}"
            yield _missing(f"the {quantity} of {name} is missing", name, quantity)


def _of_results(draft: Draft) -> Iterator[Problem]:
    """The few results without a row of their own, where others are called by their place, f_2 beside f_1 and f_3; and
    what is called so and is none: f_4 of three.
    """
    same, places = draft.work.same, [*enumerate(draft.outputs, start=1)]
    called = [name.rpartition("_")[0] for k, name in places if name.endswith(f"_{k}") and same.get(name) != name]
    letter, count = next(iter(Counter(called).most_common(1)), ("", 0))
    for k, name in places if 2 * count >= len(places) else ():
        if name.rpartition("_")[0] != letter and f"{letter}_{k}" not in same:
            yield _missing(f"the row of {letter}_{k} is missing", f"{letter}_{k}", VALUE)
    numbered, results = {f"{letter}_{k}" for k, _ in places}, {same.get(name): k for k, name in places}
    for name in same if 2 * count >= len(places) else ():
        if name.rpartition("_")[0] == letter and name not in numbered and same[name] in results:
            right = f"{letter}_{results[same[name]]}"
            yield _missing(f"the row of {right} is called {name}", right, VALUE)


def _of_other_names(statements: Iterable[Statement], draft: Draft, told_of: set[str]) -> Iterator[Problem]:
    """The adjoints of the few variables that are told of a row alone, v̄_0, where others are told again, x̄ = v̄_{-1}."""
    told = {s.named.variable for s in statements if s.named and s.named.mark == "bar" and s.parts}
    same = draft.work.same
    names = {name: _called(name, same) for name in draft.asked.variables if name in same}
    twice = [name for name, called in names.items() if told & called - {name}]
    left = [name for name in twice if name not in told and told_of.isdisjoint(names[name])]
    for name in left if 2 * len(left) <= len(twice) else ():
        yield _missing(f"the adjoint of {name} is missing", name, ADJOINT)


def _called(name: str, same: Mapping[str, str]) -> set[str]:
    """All names of what a name is of."""
    return {other for other in same if same[other] == same[name]}


def _usual(statements: Iterable[Statement], told: Iterable[Finding], work: Work) -> tuple[str, ...]:
    """The cells that are asked for in a missing row: those that most computed rows have."""
    rows = {s.place: work.same.get(s.row.variable, "") for s in statements if s.row is not None}
    quantities = {finding.place: finding.quantity for finding in told if finding.state != NOT_ASKED}
    cells = defaultdict[str, list[str]](list)
    for place, quantity in sorted(quantities.items()):
        if rows.get(place) in work.operands:
            cells[rows[place]].append(quantity)
    return next(iter(Counter(map(tuple, cells.values())).most_common(1)), ((), 0))[0]
