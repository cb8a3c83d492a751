"""Calls of arrays behind the prefix of a library: into ours, with that library's defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adtrace.language.arrays import called
from adtrace.language.calls import CALLS, REQUIRED, LibraryCall
from adtrace.language.literals import Fail, Piece
from adtrace.language.parse import parse
from adtrace.language.reader import arity_problem
from adtrace.language.syntax import Apply, Name, Option, Term

_SLOTS = ("u", "w", "t")


def from_library(
    named: Piece, library: LibraryCall, operands: list[list[Term]], options: Mapping[str, Option], fail: Fail
) -> tuple[list[Term], str]:
    """The call in our names, and what is told about it; ``named`` is its name in the text."""
    name, place = named
    missing = [s.name for s in library.call.slots if s.default == REQUIRED and s.name not in options]
    if missing:
        fail(f"{name} needs {missing[0]}: {name}(..., {missing[0]}=...)", place)
    texts = (library.text,) if isinstance(library.text, str) else library.text
    ours: dict[str, Option] = dict(library.fixed)
    ours |= {library.ours.get(key, key): value for key, value in options.items()}
    note = f"{name}: {library.note.format(**ours)}" if library.note else ""
    head = texts[0].partition("(")[0]
    own = CALLS.get(head)
    if own is not None:
        ours = {key: value for key, value in ours.items() if own.slot(key) is not None}
    if own is not None and texts == (head,):
        if library.call.operands not in (None, len(operands)):
            _refuse(named, library, len(operands), fail)
        return called(own, operands, ours, place, fail), note
    terms = _written_out(named, texts, operands, fail)
    last = terms[-1]
    if own is not None and type(last) is Apply:
        typed = tuple((slot.name, ours[slot.name]) for slot in own.slots if slot.name in ours)
        terms[-1] = last._replace(options=typed)
    return terms, note


def _refuse(named: Piece, library: LibraryCall, count: int, fail: Fail) -> None:
    """Refuse a wrong number of operands."""
    name, place = named
    wanted = library.call.operands or 0
    problem = arity_problem(name, wanted, wanted, count).replace("operand", "array")
    fail(problem + (f"; {library.call.advice}" if library.call.advice else ""), place)


def _written_out(
    named: Piece, texts: Sequence[str], operands: list[list[Term]], fail: Fail
) -> list[Term]:
    """The formula that stands for a call, with its operands put in."""
    name, place = named
    formulas = [parse(text, _FUNCTIONS, shapes=dict.fromkeys(_SLOTS, (1,))).terms for text in texts]
    by_count = {len({t.name for t in terms if type(t) is Name and t.name in _SLOTS}): terms for terms in formulas}
    if len(operands) not in by_count:
        least, most = min(by_count), max(by_count)
        fail(arity_problem(name, least, most, len(operands)).replace("operand", "array"), place)
    out: list[Term] = []
    for term in by_count[len(operands)]:
        if type(term) is Name and term.name in _SLOTS:
            out += operands[_SLOTS.index(term.name)]
        else:
            out.append(term._replace(position=place))
    return out


_FUNCTIONS: Mapping[str, tuple[int, int | None]] = dict.fromkeys(("sigmoid", "abs"), (1, 1))
