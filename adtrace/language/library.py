"""Calls of arrays behind the prefix of a library: into ours, with that library's defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adtrace.language.arrays import Typed, call_ends, operands_of
from adtrace.language.calls import CALLS, REQUIRED, LibraryCall
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


def library_call_ends(typed: Library, terms: list[Term], starts: Sequence[int], fail: Fail) -> str:
    """Apply the call in our names to its operands, which end the terms; what is told about it."""
    name, library, options, place = typed
    missing = [s.name for s in library.call.slots if s.default == REQUIRED and s.name not in options]
    if missing:
        fail(f"{name} needs {missing[0]}: {name}(..., {missing[0]}=...)", place)
    texts = (library.text,) if isinstance(library.text, str) else library.text
    ours = {**library.fixed, **{library.ours.get(key, key): value for key, value in options.items()}}
    note = f"{name}: {library.note.format(**ours)}" if library.note else ""
    head = texts[0].partition("(")[0]
    own = CALLS.get(head)
    if own is not None:
        ours = {key: value for key, value in ours.items() if own.slot(key) is not None}
    if own is not None and texts == (head,):
        if library.call.operands not in (None, len(starts)):
            _refuse(typed, (library.call.operands or 0,), len(starts), fail)
        call_ends(Typed(own, ours, place), terms, starts, fail)
        return note
    made = _written_out(typed, texts, operands_of(terms, starts), fail)
    last = made[-1]
    if own is not None and type(last) is Apply:
        made[-1] = last._replace(options=tuple((s.name, ours[s.name]) for s in own.slots if s.name in ours))
    terms[starts[0] if starts else len(terms) :] = made
    return note


def _refuse(typed: Library, counts: Sequence[int], count: int, fail: Fail) -> None:
    """Refuse a wrong number of operands."""
    advice = typed.call.call.advice
    problem = arity_problem(typed.name, min(counts), max(counts), count).replace("operand", "array")
    fail(problem + (f"; {advice}" if advice else ""), typed.place)


def _written_out(typed: Library, texts: Sequence[str], operands: list[list[Term]], fail: Fail) -> list[Term]:
    """The formula that stands for a call, with its operands put in."""
    formulas = [parse(text, _FUNCTIONS, shapes=dict.fromkeys(_SLOTS, (1,))).terms for text in texts]
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
