"""``adtrace.window(...)``: which windows take an axis of one length to another, a table with every check worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adtrace.errors import InputError, OptionError
from adtrace.networks.answered import Answered
from adtrace.networks.asked import Asked, asked
from adtrace.networks.families import value
from adtrace.networks.inverse import solve
from adtrace.networks.refusals import refusal
from adtrace.networks.window_tables import check, shown_letters, table_of
from adtrace.networks.worked_documents import WorkedDocument
from adtrace.tables.options import Options
from adtrace.tables.worked import WorkedTable
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import Dialect

_MOST_CASES = 200


@dataclass(frozen=True, repr=False)
class Windows(WorkedDocument):
    """The answers to one question or more."""

    questions: tuple[Answered, ...]

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"<Windows: {'; '.join(question.all for question in self.questions)}>"

    @property
    def answers(self) -> tuple[dict[str, Any], ...]:
        """The answers to the first question; of several axes those of the first."""
        return self.questions[0].answers

    @property
    def count(self) -> int | None:
        """How many answers the first question has."""
        return self.questions[0].count

    @property
    def complete(self) -> bool:
        """Whether all answers to all questions are there."""
        return all(question.complete for question in self.questions)

    def to_dict(self, **given: Any) -> dict[str, Any]:
        """The answers as plain data: questions [{label, given, sought, bounds, answers, count, complete, all}]."""
        return {"questions": [_structure(question) for question in self.questions]}

    def tables(self, dialect: Dialect, chosen: Options) -> Sequence[WorkedTable]:
        """One table: of one question its answers line by line, of several a line for each."""
        return [table_of(self.questions, dialect)]


def _structure(one: Answered) -> dict[str, Any]:
    asked, question = one.asked, one.asked.question
    first = one.found.answers[0]
    given = {letter: value(first, letter, transposed=asked.transposed) for letter in shown_letters([one])
             if letter not in asked.sought}  # fmt: skip
    return {
        "label": asked.label,
        "rounding": question.rounding,
        "given": given,
        "sought": list(asked.sought),
        "bounds": {letter: list(question.range_of(letter)) for letter in asked.sought if letter in "kspd"},
        "answers": [answer | {"check": check(solution, asked).numbers(PLAIN)}
                    for answer, solution in zip(one.answers, one.found.answers, strict=True)],
        "count": one.count,
        "complete": one.complete,
        "all": one.all,
    }  # fmt: skip


def window(
    in_: Any = None,
    out: Any = None,
    *,
    find: str | Sequence[str] | None = None,
    cases: Sequence[Mapping[str, Any]] | None = None,
    exact: bool = False,
    ceil: bool = False,
    transposed: bool = False,
    asymmetric: bool = False,
    nonoverlapping: bool = False,
    any_padding: bool = False,
    bounds: Any = None,
    **given: Any,
) -> Windows:
    """All windows that take an axis of ``in_`` to one of ``out``.

    ``k``, ``s``, ``p``, ``d`` are what is known of kernel, stride, padding and dilation: a number, or one for each
    axis, ``"3x5"`` or ``(3, 5)``; ``p`` may be ``"1:2"`` (before, after), ``"valid"`` or ``"same"``.  ``find`` names
    what is sought; without it the size that is not given, or kernel, stride and padding; a dilation of which nothing is
    said is 1.  ``exact``: no division with a remainder; ``ceil``: pooling that rounds up, as PyTorch has it;
    ``transposed``: a transposed convolution, with its output padding ``a``; ``asymmetric``: an odd zero may stand
    behind; ``nonoverlapping``: k = s.
    Unless ``bounds`` say otherwise, ``"k=1..10"``, letters are at most the longer axis; a padding is shorter than the
    window unless ``any_padding``.  ``cases`` are several questions, each a mapping of the same names.

    Raises `OptionError` for what is no question, and `InputError` with the nearest that can be where nothing can.
    """
    flags = {"exact": exact, "ceil": ceil, "transposed": transposed, "asymmetric": asymmetric,
             "nonoverlapping": nonoverlapping, "any_padding": any_padding}  # fmt: skip
    words = {"i": in_, "o": out, **given, "find": find, "bounds": bounds}
    shared = {word: value for word, value in words.items() if value is not None}
    shared |= {name: True for name, flag in flags.items() if flag}
    cases = [{}] if cases is None else cases
    if isinstance(cases, str | Mapping) or not all(isinstance(case, Mapping) for case in cases):
        raise OptionError("cases is a list of mappings, [{'in': 8, 'out': 4, 'p': 0}]")
    if not 1 <= len(cases) <= _MOST_CASES:
        raise OptionError(f"there are 1 to {_MOST_CASES} cases, not {len(cases)}")
    return Windows(tuple(_answered(question) for case in cases for question in asked({**shared, **case})))


def _answered(one: Asked) -> Answered:
    """The question with its answers; raises `InputError` where there is none."""
    solutions = solve(one.question)
    if not solutions.answers:
        raise InputError((f"{one.label}: " if one.label else "") + refusal(one))
    return Answered(one, solutions)
