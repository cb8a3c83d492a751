"""Conditions in a text, decided at the point as a recorded program's are: what is traced is the branch that is taken.

Each comparison is noted as a `Branch`, so that the table says how it came out, and another point where it comes out
otherwise is refused.  Its sides are expressions in the independent variables: the names of a program stand for what
they were assigned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from adtrace.errors import BindingError, BoundError, DomainError, caret, nearest
from adtrace.language.conditions import is_relation
from adtrace.language.syntax import (
    AND,
    CONSTANTS,
    NOT,
    OR,
    PIECEWISE,
    TRUE,
    Apply,
    Expression,
    Name,
    Statement,
    Term,
    Terms,
    starts,
)
from adtrace.limits import Limits
from adtrace.tracing.comparisons import Comparisons
from adtrace.tracing.wengert import Branch
from adtrace.writing.dialects import plain

_DEEPEST = 100
"""Conditions in conditions: each asks for the next."""


def branches_taken(
    expression: Expression, point: Mapping[str, Terms], limits: Limits
) -> tuple[Expression, tuple[Branch, ...]]:
    """The expression with the branches that are taken, and the comparisons that chose them.

    Raises `BindingError` for a name without a value, `DomainError` where no condition holds or a side has no value,
    `UndecidedError`, and `BoundError` for sides that are too long.
    """
    _require_values(expression, point)
    deciding = _Deciding(point, limits)
    statements = []
    for statement in expression.statements:
        terms = deciding.taken(statement.terms)
        if statement.name is not None:
            deciding.assigned[statement.name] = deciding.written_out(terms)
        statements.append(Statement(statement.name, terms))
    return replace(expression, statements=tuple(statements), conditional=False), deciding.comparisons.branches


def _require_values(expression: Expression, point: Mapping[str, Terms]) -> None:
    """Every name has a value, in conditions and in branches that are not taken, too."""
    names = {*point, *CONSTANTS, TRUE, *(statement.name for statement in expression.statements)}
    for statement in expression.statements:
        for term in statement.terms:
            if type(term) is Name and term.name not in names:
                problem = f"{term.name} has no value{nearest(term.name, point)}; give it one with {term.name}=..."
                raise BindingError(f"{problem}\n{caret(expression.text, term.position)}")


class _Span(NamedTuple):
    """Terms from ``start`` to ``end``, still to be written."""

    start: int
    end: int


class _Deciding:
    """One pass over the statements."""

    def __init__(self, point: Mapping[str, Terms], limits: Limits) -> None:
        self.limits = limits
        self.depth = 0
        self.assigned: dict[str, Terms] = {}
        self.comparisons = Comparisons(point, limits)

    def taken(self, terms: Terms) -> tuple[Term, ...]:
        """The terms with each choice replaced by the value that is chosen; inner choices of others are not decided."""
        begin = starts(terms)
        out: list[Term] = []
        todo: list[_Span | Term] = [_Span(0, len(terms))]
        while todo:
            item = todo.pop()
            if not isinstance(item, _Span):
                out.append(item)
                continue
            start, end = item
            if start == end:
                continue
            last, inner = terms[end - 1], begin[end - 1]
            if inner > start:
                todo += [_Span(inner, end), _Span(start, inner)]
            elif type(last) is Apply and last.head == PIECEWISE:
                todo.append(_Span(*self.chosen(terms, begin, end - 1, last)))
            elif type(last) is Apply:
                todo += [last, _Span(start, end - 1)]
            else:
                out.append(last)
        return tuple(out)

    def chosen(self, terms: Terms, begin: Sequence[int], index: int, last: Apply) -> tuple[int, int]:
        """Where the value stands that a choice has at the point."""
        spans: list[tuple[int, int]] = []
        end = index
        for _ in range(last.arity):
            spans.append((begin[end - 1], end))
            end = begin[end - 1]
        spans.reverse()
        for place in range(0, last.arity - 1, 2):
            if self.holds(terms, begin, spans[place + 1]):
                return spans[place]
        if last.arity % 2:
            return spans[-1]
        raise DomainError("no condition of the choice holds at this point; give it a value that holds otherwise")

    def holds(self, terms: Terms, begin: Sequence[int], span: tuple[int, int]) -> bool:
        """Whether a condition holds; what need not be asked is not decided, as in a program."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BoundError(f"conditions may stand {_DEEPEST} deep in each other")
        try:
            return self._holds(terms, begin, span)
        finally:
            self.depth -= 1

    def _holds(self, terms: Terms, begin: Sequence[int], span: tuple[int, int]) -> bool:
        end = span[1]
        last = terms[end - 1]
        if not isinstance(last, Apply):
            assert isinstance(last, Name)
            assert last.name == TRUE
            return True
        spans: list[tuple[int, int]] = []
        after = end - 1
        for _ in range(last.arity):
            spans.append((begin[after - 1], after))
            after = begin[after - 1]
        spans.reverse()
        if last.head == NOT:
            return not self.holds(terms, begin, spans[0])
        if last.head == AND:
            return all(self.holds(terms, begin, part) for part in spans)
        if last.head == OR:
            return any(self.holds(terms, begin, part) for part in spans)
        assert is_relation(last.head)
        sides = [self.taken(terms[slice(*part)]) for part in spans]
        pairs = zip(sides, last.head.split(" "), sides[1:], strict=False)
        return all(self.compared(left, relation, right) for left, relation, right in pairs)

    def compared(self, left: Terms, relation: str, right: Terms) -> bool:
        """Whether a comparison holds."""
        sides = self.written_out(left), self.written_out(right)
        return self.comparisons.held(sides[0], relation, sides[1], f"{plain(sides[0])} {relation} {plain(sides[1])}")

    def written_out(self, terms: Terms) -> tuple[Term, ...]:
        """The terms with what was assigned in place of its names."""
        out: list[Term] = []
        for term in terms:
            if type(term) is Name and term.name in self.assigned:
                out.extend(self.assigned[term.name])
            else:
                out.append(term)
            if len(out) > self.limits.characters:
                raise BoundError(f"a condition has more than {self.limits.characters} parts, which is the bound")
        return tuple(out)
