"""Calls of arrays behind the prefix of a library: into ours, with that library's defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adtrace.language.calls import CALLS, REQUIRED, LibraryCall
from adtrace.language.lists import Typed, call_ends, operands_of
from adtrace.language.literals import Fail
from adtrace.language.parse import parse
from adtrace.language.reader import arity_problem
from adtrace.language.syntax import Apply, Name, Option, Term

_SLOTS = ("u", "w", "t")


class Library(NamedTuple):
    """A call of a library as it is typed: its name, what it is, what stands beside its operands, and where."""

    name: str
    call: LibraryCall
    options: Mapping[str, Option]
    place: int

    @property
    def texts(self) -> tuple[str, ...]:
        """The formulas that stand for it, one for each number of operands."""
        return (self.call.text,) if isinstance(self.call.text, str) else self.call.text

    @property
    def ours(self) -> dict[str, Option]:
        """What stands beside its operands, by our names for it."""
        return {**self.call.fixed, **{self.call.ours.get(key, key): value for key, value in self.options.items()}}

    @property
    def note(self) -> str:
        """What is told about it."""
        return f"{self.name}: {self.call.note.format(**self.ours)}" if self.call.note else ""


def library_call_ends(typed: Library, terms: list[Term], starts: Sequence[int], fail: Fail) -> str:
    """Apply the call in our names to its operands, which end the terms; what is told about it."""
    name, call = typed.name, typed.call.call
    for slot in call.slots:
        if slot.default == REQUIRED and slot.name not in typed.options:
            fail(f"{name} needs {slot.name}: {name}(..., {slot.name}=...)", typed.place)
    head = typed.texts[0].partition("(")[0]
    own = CALLS.get(head)
    options = tuple((s.name, typed.ours[s.name]) for s in own.slots if s.name in typed.ours) if own else ()
    if own is not None and typed.texts == (head,):
        if call.operands not in (None, len(starts)):
            _refuse(typed, (call.operands or 0,), len(starts), fail)
        call_ends(Typed(own, dict(options), typed.place), terms, starts, fail)
        return typed.note
    formula = _written_out(typed, operands_of(terms, starts), fail)
    last = formula[-1]
    if own is not None and type(last) is Apply:
        formula[-1] = last._replace(options=options)
    terms[starts[0] if starts else len(terms) :] = formula
    return typed.note


def _refuse(typed: Library, counts: Sequence[int], count: int, fail: Fail) -> None:
    """Refuse a wrong number of operands."""
    advice = typed.call.call.advice
    problem = arity_problem(typed.name, min(counts), max(counts), count).replace("operand", "array")
    fail(problem + (f"; {advice}" if advice else ""), typed.place)


def _written_out(typed: Library, operands: list[list[Term]], fail: Fail) -> list[Term]:
    """The formula that stands for a call, with its operands put in."""
    formulas = [parse(text, _FUNCTIONS, shapes=dict.fromkeys(_SLOTS, (1,))).terms for text in typed.texts]
    by_count = {len({t.name for t in terms if type(t) is Name and t.name in _SLOTS}): terms for terms in formulas}
    if len(operands) not in by_count:
        _refuse(typed, list(by_count), len(operands), fail)
    out: list[Term] = []
    for term in by_count[len(operands)]:
        if type(term) is Name and term.name in _SLOTS:
            out += operands[_SLOTS.index(term.name)]
        else:
            out.append(term._replace(position=typed.place))
    return out


_FUNCTIONS: Mapping[str, tuple[int, int | None]] = dict.fromkeys(("sigmoid", "abs"), (1, 1))
