"""Comparisons of expressions at a point, each decided once by rising precision and noted as a `Branch`."""

from __future__ import annotations

from collections.abc import Mapping

from adtrace.errors import DomainError
from adtrace.language.syntax import Apply, Name, Term, Terms
from adtrace.limits import Limits
from adtrace.numbers import decided
from adtrace.numbers.certified import CERTIFIED
from adtrace.tracing.evaluate import HOLDS, constant_value
from adtrace.tracing.symbols import is_letter, still_open
from adtrace.tracing.wengert import Branch
from adtrace.writing.dialects import plain

_Key = tuple[tuple[Term, ...], str, tuple[Term, ...]]


class Comparisons:
    """The comparisons that a function makes at its point."""

    def __init__(self, point: Mapping[str, Terms], limits: Limits) -> None:
        self.point, self.limits = point, limits
        self._noted: dict[_Key, Branch] = {}

    @property
    def branches(self) -> tuple[Branch, ...]:
        """How they came out, in the order in which they were asked."""
        return tuple(self._noted.values())

    def held(self, left: tuple[Term, ...], relation: str, right: tuple[Term, ...], what: str) -> bool:
        """Whether a comparison holds, which ``what`` spells.

        Raises `DomainError` for letters that have no value, `UndecidedError`.
        """
        key = (unplaced(left), relation, unplaced(right))
        branch = self._noted.get(key)
        if branch is None:
            sign = self._sign((*left, *right, Apply("sub", 2, 0)), what)
            branch = self._noted[key] = Branch(left, relation, right, HOLDS[relation](sign), sign == 0)
        return branch.held

    def _sign(self, difference: Terms, what: str) -> int:
        """The sign of an expression at the point."""
        used = dict.fromkeys(term.name for term in difference if type(term) is Name and term.name in self.point)
        letters = [name for name in used if is_letter(self.point[name])]
        if letters:
            raise DomainError(still_open(what, letters))
        terms: list[Term] = []
        for term in difference:
            terms.extend(self.point[term.name] if type(term) is Name and term.name in used else (term,))

        def asked(bits: int) -> int:
            with CERTIFIED.precision(bits):
                return CERTIFIED.sign(constant_value(terms, CERTIFIED, plain))

        return decided(asked, self.limits, f"whether {what}")


def unplaced(terms: Terms) -> tuple[Term, ...]:
    """The terms wherever they are written."""
    return tuple(term._replace(position=0) for term in terms)
