"""The call ``check(document, at=..., function=...)``: a document in, a `Report` out."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, islice, pairwise
from math import inf
from pathlib import Path
from typing import Any

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.account import account, of_derivatives, operation_columns
from adtrace.checking.drafts.draft import Draft, drafts
from adtrace.checking.drafts.functions import names_of_outputs, outputs_by_name, outputs_left
from adtrace.checking.interpretations.interpret import Interpretation, interpreted
from adtrace.checking.judgements.claims import Claim, Judgement, claims, misplaced
from adtrace.checking.judgements.guesses import IN_DOUBT, compares, without_doubts, without_givens, without_guesses
from adtrace.checking.judgements.judge import Judge
from adtrace.checking.judgements.judged import judged_by
from adtrace.checking.judgements.left_out import left_out
from adtrace.checking.judgements.shapes import shapes_told
from adtrace.checking.judgements.sums import wrong_sums
from adtrace.checking.judgements.told import AskedCells, findings, only_asked, unread, with_commas
from adtrace.checking.layer_tables.columns import is_layer_table
from adtrace.checking.layer_tables.findings import layer_findings, layers_asked
from adtrace.checking.layer_tables.windows import are_arrays, is_window_table, window_findings
from adtrace.checking.problems.apart import Apart
from adtrace.checking.problems.apart import problems as apart
from adtrace.checking.problems.asked import Asked, prose_of
from adtrace.checking.problems.asked import asked as asked_of
from adtrace.checking.problems.called import as_called, at_the_point, parted, with_values, without_last
from adtrace.checking.problems.iterations import stepwise
from adtrace.checking.readings.cells import Cell
from adtrace.checking.readings.names import canonical, is_function, plainly
from adtrace.checking.readings.parts import LONGEST
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.reporting import (
    NOT_READ,
    NOTE,
    OTHER_FUNCTION,
    RIGHT,
    WRONG,
    Finding,
    Judged,
    Place,
    Problem,
    Report,
    Rubric,
)
from adtrace.checking.sheets import Sheet, read, sheets, told_together
from adtrace.checking.sheets.examples import by_columns
from adtrace.checking.slips.meant import meant as operations_meant
from adtrace.checking.slips.meant import meant_by_numbers, with_changes
from adtrace.checking.slips.reasons import reasons
from adtrace.checking.statements.gradients import entrywise
from adtrace.checking.statements.layouts import Statement
from adtrace.checking.statements.pieces import Piece, by_place, decimal_of, is_of_arrays, pieces, rows_of_sheets
from adtrace.checking.work.figures import Work
from adtrace.checking.work.values import NoValue
from adtrace.collector import seldom_collected
from adtrace.errors import BindingError, OptionError, listed
from adtrace.language.syntax import Terms
from adtrace.settings import COMMA
from adtrace.tracing.point import constant


@seldom_collected()
def check(
    document: str | Path,
    at: Mapping[str, Any] | None = None,
    *,
    function: str | Sequence[str] | None = None,
    kind: str | None = None,
    table: int | None = None,
    seed: str | Mapping[str, Any] | None = None,
    rubric: Rubric | None = None,
    name: str = "",
    asked: Sequence[str] = (),
    own_function: bool = False,
    digits: int | None = None,
    kept: str = "",
    input: Any = None,  # noqa: A002 - the word that `layers` has
) -> Report:
    """Check the trace tables of a document, given as its text or as the `Path` of a file.

    Layer tables of networks are told by their headings; ``input`` is the shape of the network's input, ``32x32x3``.

    Raises `InputError` (`ParseError`, `BindingError`, `BoundError`, `OptionError`) where nothing can be checked.
    """
    called, every = _read(document, kind)
    all_sheets, sums, slips = wrong_sums(every, decimal_of(every))
    call = _Call(function, at, seed, decimal_of(all_sheets), frozenset(asked), own_function, digits)
    chosen = _chosen(all_sheets, table)
    networks = [k for k in chosen if is_layer_table(all_sheets[k]) and not are_arrays(all_sheets[k])]
    results: list[_Result] = [
        (*layers_asked(layer_findings(told_together(all_sheets, k), k, input), call.wanted), []) for k in networks
    ]
    windows = [k for k in sorted({*chosen}.difference(networks)) if is_window_table(all_sheets[k])]
    results += [(*window_findings(all_sheets[k], k), []) for k in windows]
    others, readings = sorted({*chosen}.difference(networks, windows)), dict[Place, Cell]()
    if others or not (networks or windows):
        answers, readings = _of_all(all_sheets, others, call)
        results += answers
    results.append(([only_asked(slip, call.wanted) for slip in slips], [], []))
    found, problems, told = (tuple(chain.from_iterable(of)) for of in zip(*results, strict=True))
    if call.decimal == COMMA:
        found = tuple(map(with_commas, found))
    return Report(name or called, (*all_sheets, *sums), found, problems, rubric, readings, kept, told)


_Result = tuple[list[Finding], list[Problem], list[Judged]]
_Answers = tuple[list[_Result], dict[Place, Cell]]


@dataclass(frozen=True)
class _Call:
    """What the caller tells of the work, and demands of it."""

    function: str | Sequence[str] | None
    at: Mapping[str, Any] | None
    seed: str | Mapping[str, Any] | None
    decimal: str
    wanted: frozenset[str]
    own_function: bool
    digits: int | None


def _of_all(all_sheets: Sequence[Sheet], chosen: Sequence[int], call: _Call) -> _Answers:
    """What is found in the tables: of one problem, or of one after the other where that explains more, or where each is
    told and as much is judged.
    """
    best, every = _of_one(all_sheets, chosen, call), [Apart([*all_sheets], [*range(len(all_sheets))], is_told=True)]
    for alike in () if call.function or call.at else (False, True):
        if _explained(best) == (sum(len(found) for found, *_ in best[0]), 0, 0):
            break  # nothing is left to be explained
        before, every = every, apart(all_sheets, call.decimal, alike=alike)
        if every == before:
            continue
        several = _of_several(every, chosen, call)
        is_told = not alike and all(one.is_told for one in every) and _unread(several) <= _unread(best)
        if is_told or _explained(several) > _explained(best):
            best = several
    return best


def _of_several(every: Sequence[Apart], chosen: Sequence[int], call: _Call) -> _Answers:
    """What is found in the tables of each problem by itself."""
    each = [_of_one(one.sheets, here, call) for one in every if (here := sorted({*chosen} & {*one.numbers}))]
    return [*chain.from_iterable(results for results, _ in each)], dict(ChainMap(*(cells for _, cells in each)))


def _explained(answers: _Answers) -> tuple[int, int, int]:
    """How many cells are right, how few are wrong, and of how few rows there is more to say."""
    states = Counter(one.state for found, *_ in answers[0] for one in found)
    problems = sum(problem.kind != NOTE for _, problems, _ in answers[0] for problem in problems)
    return states[RIGHT], -states[WRONG], -problems


def _unread(answers: _Answers) -> int:
    """How many cells are not read."""
    return sum(one.state == NOT_READ for found, *_ in answers[0] for one in found)


def _of_one(all_sheets: Sequence[Sheet], chosen: Sequence[int], call: _Call) -> _Answers:
    """What is found in the tables of one problem, and the cells as they are read."""
    problem = _along(call.seed, asked_of(call.function, call.at, prose_of(all_sheets), call.decimal))
    arrays = any(chain(map(terms_shape, problem.point.values()), map(is_of_arrays, problem.functions)))
    problem = parted(problem, rows_of_sheets(all_sheets, chosen, problem.variables, call.decimal))
    letters = filter(is_function, problem.beside)  # β = 0.9 is no function of two
    every = pieces(all_sheets, chosen, (*problem.variables, *letters), call.decimal, arrays)
    results: list[_Result] = [([], [Problem(NOTE, remark) for remark in problem.remarks], [])]
    results += [_checked(piece, replace(problem, pieces=len(every)), call) for piece in every]
    return results, {place: cell for piece in every for place, cell in by_place(piece.tables).items()}


def _read(document: str | Path, kind: str | None) -> tuple[str, tuple[Sheet, ...]]:
    """What a file is called, and the tables of a document; a text has no name."""
    if isinstance(document, Path):
        return document.name, _by_columns(sheets(*read(document, kind)))
    if isinstance(document, str):
        return "", _by_columns(sheets(document, kind))
    raise OptionError(f"a document is its text or a Path, not {type(document).__name__}")


def _by_columns(every: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The sheets, those with an example or a step a row as equations, and the prose as that leaves it; not those of
    networks.
    """
    kept = [is_layer_table(sheet) or is_window_table(sheet) for sheet in every]
    prose = accumulate((sheet.before for sheet in every), "{}\n\n{}".format)
    stepped = [
        sheet if is_kept else stepwise(sheet, said) for sheet, said, is_kept in zip(every, prose, kept, strict=True)
    ]
    by = [sheet if is_kept else made for sheet, made, is_kept in zip(stepped, by_columns(stepped), kept, strict=True)]
    for k, (sheet, below) in enumerate(pairwise(every)):
        if sheet.after == below.before:
            by[k] = replace(by[k], after=by[k + 1].before)
    return tuple(by)


def _along(seed: str | Mapping[str, Any] | None, problem: Asked) -> Asked:
    """The problem with the caller's direction of the tangents, where there is one.  Raises `BindingError`."""
    if seed is None:
        return problem
    given = {seed: 1} if isinstance(seed, str) else seed
    if not isinstance(given, Mapping):
        raise BindingError(f"a seed is the name of a variable, or a mapping of names to numbers; not {given!r}")
    direction = {canonical(name): constant(number, f"the number of {name}") for name, number in given.items()}
    if problem.functions and (strange := _strange(given, problem.variables, {})):
        raise BindingError(strange[0].sentence)
    return replace(problem, seed=direction)


def _strange(seed: Iterable[str], variables: Sequence[str], rows: Mapping[str, str]) -> list[Problem]:
    """The names of a seed that are of no variable; ``rows`` says which row a name is of."""
    strangers = [name for name in seed if {canonical(name), rows.get(name)}.isdisjoint(variables)]
    sentence = f"the seed names {listed(strangers)}; the variables are {listed(dict.fromkeys(map(plainly, variables)))}"
    return [Problem(NOTE, sentence)] if strangers else []


def _chosen(all_sheets: Sequence[Sheet], table: int | None) -> list[int]:
    if table is None:
        return list(range(len(all_sheets)))
    if not 1 <= table <= len(all_sheets):
        raise OptionError(f"--table is 1 to {len(all_sheets)}, the tables of the document; not {table}")
    return [table - 1]


def _checked(piece: Piece, problem: Asked, call: _Call) -> _Result:
    problem = as_called(replace(problem, point={}) if piece.elsewhere else problem, piece.statements)
    problem = without_last(problem, piece.statements)
    valued = [*with_values(at_the_point(piece.statements, problem), problem)]
    said = tuple(entrywise(valued, problem.moving, names_of_outputs(problem)))
    piece = replace(piece, statements=said)
    try:
        interpretation = _of_any(piece, problem)
    except NoValue as reason:
        return _all_unread(said, str(reason)), [], []
    draft, all_claims = interpretation.draft, claims(said, interpretation)
    told_of = any(names_of(row.terms) for row in draft.defined.values())
    problems = _strange(problem.seed, (*problem.variables, *draft.work.inputs), draft.same)
    right, meant, is_other = _function_apart(interpretation, all_claims, own=call.own_function)
    problems += [Problem(OTHER_FUNCTION, "the rows compute another function than the one asked for")] * is_other
    judge, judgements, changed = _judged(draft, all_claims, right, call.digits or 0)
    right, meant = judge.right, meant | changed
    if not problem.functions and not compares(judgements, draft):
        return _all_unread(said, "no row of it is computed from others, and no function is known"), [], []
    judgements = judgements if told_of else without_guesses(without_givens(judgements, draft), draft)
    sure = judgements if call.function or call.at else without_doubts(judgements, said, draft, is_other=is_other)
    meant = dict(right.operations) | meant
    causes = reasons(sure, right, call.digits or 0)
    judgements = misplaced(sure, said, draft.work)
    cells = AskedCells(said, interpretation, judgements)
    told = list(findings(judgements, causes, meant, cells, call.digits))
    told += shapes_told(said, interpretation.work)
    told += cells.blanks(told, call.wanted)
    told = [only_asked(finding, call.wanted) for finding in told]
    by = judged_by(problem, interpretation, judgements, own=draft.computes is False and right is draft.work)
    if any(j.reason == IN_DOUBT for j in sure):
        return told, [], [by]
    problems += judge.parts.missing()
    problems += left_out(said, judgements, interpretation, told, call.wanted)
    return told, problems, [by]


def _function_apart(
    interpretation: Interpretation, all_claims: Sequence[Claim], *, own: bool
) -> tuple[Work, dict[str, Terms], bool]:
    """The work with the operations that were meant, and these, where the rows compute another function than the one
    asked for, if they are told of and not to be judged by their ``own``; and whether nothing tells what was meant.
    """
    draft = interpretation.draft
    if draft.computes is not False or own or not draft.is_told_of:
        return draft.work, {}, False
    right, meant = operations_meant(interpretation, all_claims)
    return right, meant, right is draft.work


def _judged(
    draft: Draft, all_claims: Sequence[Claim], right: Work, digits: int
) -> tuple[Judge, list[Judgement], dict[str, Terms]]:
    """The judge of the claims and what it finds; where no function is asked for with the operation that the numbers
    tell was meant, if fewer claims go against that.
    """
    judge = Judge(draft, all_claims, right, digits)
    judgements = judge.run()
    changed = {} if draft.asked.functions else meant_by_numbers(judgements, right)
    if changed:
        other = Judge(draft, all_claims, with_changes(right, changed), digits)
        again = other.run()
        if sum(j.state == WRONG for j in again) < sum(j.state == WRONG for j in judgements):
            return other, again, changed
    return judge, judgements, {}


def _all_unread(said: Sequence[Statement], reason: str) -> list[Finding]:
    return [unread(statement, reason) for statement in said if statement.parts]


def _of_any(piece: Piece, problem: Asked) -> Interpretation:
    """The best interpretation of all that is asked for, or of one problem of several.  Raises `NoValue`."""
    interpretation = _best(piece, problem)
    whole = interpretation.draft.computes or outputs_by_name(interpretation.work, problem)
    for one in () if whole else problem.parts:
        other = _best(piece, replace(one, seed=problem.seed, weights=problem.weights, definitions=problem.definitions))
        left = outputs_left(problem, one, other.work, other.draft.names) if problem.alone else ()
        if other.draft.computes and left is not None:
            interpretation = replace(other, draft=replace(other.draft, unfinished=left))
            break
    _ = interpretation.work.exact  # or there is nothing to judge by
    _refuse_long(piece.statements, interpretation)
    return interpretation


def _refuse_long(said: Sequence[Statement], interpretation: Interpretation) -> None:
    """Raise `NoValue` for an operation of too many characters: then nothing tells what other rows are, either."""
    operations = (s for s in said if s.column in interpretation.operations or (s.head and not s.head.mark))
    for row, parts in ((s.named, s.parts) for s in operations if s.named and len(s.cell.text) > LONGEST):
        for problem in (part.problem for part in parts if not part.readings):
            raise NoValue(f"the operation of {row.text} is not read: {problem}")


_FEW = 0.25
"""The share of what is said that may be wrong in a reading that computes the function, so that no other is tried."""


_FEWEST_DRAFTS, _MOST_DRAFTS = 10, 1000
"""So many orders of the rows are tried, and more as long as few statements are read: a right one is among the first."""


def _best(piece: Piece, problem: Asked) -> Interpretation:
    """The best interpretation among the columns that may be those of the operations."""
    said = piece.statements
    derivatives = of_derivatives(piece.tables)
    most = max(_FEWEST_DRAFTS, _MOST_DRAFTS // (1 + len(said)))
    best: Interpretation | None = None
    reason = "no row of it is known"
    for columns in operation_columns(said, derivatives):
        for draft in islice(drafts(account(said, columns, derivatives), problem), most):
            least = best.score - draft.credit if best else -inf
            try:
                found = interpreted(piece.tables, said, draft, columns, least)
            except NoValue as error:
                reason = str(error)
                continue
            if found is not None and (best is None or found.score + draft.credit > best.score + 1e-9):
                best = replace(found, score=found.score + draft.credit)
                if _is_sure(best, 0.0):
                    return best
        if best is not None and _is_sure(best, _FEW):
            return best
    if best is None:
        raise NoValue(reason)
    return best


def _is_sure(interpretation: Interpretation, share: float) -> bool:
    """Whether an interpretation computes the function, and leaves no more than a share of what is said unexplained."""
    return bool(interpretation.draft.computes) and interpretation.missed <= share
