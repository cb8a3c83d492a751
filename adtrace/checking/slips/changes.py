"""What slips make of a rule: patterns rewritten, addends left out, names and numbers exchanged, wrong partials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any, NamedTuple

from adtrace.checking.readings.rewriting import (
    Bound,
    key_text,
    matched,
    names_of,
    number,
    pattern,
    places,
    put,
    reached,
    replaced,
    same,
    tidy,
    total,
)  # fmt: skip
from adtrace.checking.work.rules import PARTIAL, TANGENT, Rule, Surroundings
from adtrace.language.syntax import Apply, Name, Number, Term, Terms, starts
from adtrace.tracing.formulas import joined, split


class Changed(NamedTuple):
    """A rule with a slip in it."""

    terms: Terms
    fields: Mapping[str, Terms | str] = {}
    """What the letters of the sentence stand for."""
    exchanged: str = ""
    """The key of the cell that must have this one's number in turn."""
    decimals: int | None = None
    """To how many decimals the operands are rounded before."""


Change = Callable[[Rule, Surroundings], Iterable[Changed]]
_NEAREST = 24
"""Rows by which another is replaced."""


def rewritten(pairs: str) -> Change:
    """Each place of the form before an arrow becomes what stands after it: ``u + w -> u - w; sin(u) <-> cos(u)``."""
    made: dict[Any, list[list[str]]] = {}  # by the operation of the form
    for pair in pairs.split("; "):
        sides = pair.replace(" <->", " ->").split(" -> ")
        for before, after in (sides, sides[::-1]) if "<->" in pair else (sides,):
            made.setdefault(pattern(before)[0][-1][:2], []).append([before, after])

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        for end, begin in places(rule.terms):
            for before, after in made.get(rule.terms[end][:2], ()):
                bound = matched(before, rule.terms, begin, end)
                if bound is not None:
                    yield replaced_at(rule.terms, begin[end], end, put(after, bound), bound)

    return change


def replaced_at(terms: Terms, first: int, end: int, after: Terms, bound: Bound) -> Changed:
    """The terms with a part replaced."""
    made = (*terms[:first], *after, *terms[end + 1 :])
    return Changed(made, bound | {"before": terms[first : end + 1], "after": after})


def whole(text: str) -> Change:
    """The whole rule ``u`` changed."""
    return lambda rule, around: [Changed(put(text, {"u": rule.terms}), {"before": rule.terms})]


def of_arrays(change: Change) -> Change:
    """The change where there are arrays."""

    def made(rule: Rule, around: Surroundings) -> Iterable[Changed]:
        arrays = any(hasattr(around.numbers.get(name), "shape") for name in names_of(rule.terms))
        return change(rule, around) if arrays else ()

    return made


def of_seeds(change: Change) -> Change:
    """The change where the rule is a seed."""
    return lambda rule, around: change(rule, around) if len(rule.terms) == 1 else ()


def of_addends(least: int, made: Callable[[tuple[Terms, ...], int], Iterable[Terms]]) -> Change:
    """The sum of other addends, made from those of the rule and the place of one; of so many at least."""

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        if len(rule.addends) >= least:
            for place, addend in enumerate(rule.addends):
                yield Changed(total(made(rule.addends, place)), {"addend": addend, "through": _through(addend)})

    return change


left_out = of_addends(2, lambda addends, place: addends[:place] + addends[place + 1 :])
turned = of_addends(2, lambda addends, place: (
    *addends[:place], joined("neg", addends[place]), *addends[place + 1 :]))  # fmt: skip
twice = of_addends(2, lambda addends, place: (*addends, addends[place]))
one_alone = of_addends(3, lambda addends, place: [addends[place]])


def foreign(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """The adjoint of a row that does not use this one, added."""
    for row in _nearest(rule, around):
        if f"bar {row}" not in names_of(rule.terms) and row != rule.subject.variable:
            yield Changed(joined("add", rule.terms, (Name(f"bar {row}", 0),)), {"other": key_text(row)})


def _through(addend: Terms) -> str:
    """The variable whose tangent or adjoint an addend is about."""
    return next((key_text(n.split(" ")[1]) for n in names_of(addend) if n.startswith(("dot ", "bar "))), "it")


def marked(by: str) -> Change:
    """Each tangent and each adjoint in the rule replaced: by ``1``, by the value ``v``."""

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        for key in names_of(rule.terms):
            mark, _, variable = key.partition(" ")
            made: Term = number(1) if by == "1" else Name(variable, 0)
            if mark in ("dot", "bar", "ddot") and made[0] != key:
                terms = tidy(replaced(rule.terms, {key: [made]}))
                yield Changed(terms, {"mark": key_text(key), "value": key_text(variable)})

    return change


def unmarked(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """Every tangent and every adjoint left out: the sum of the local partials."""
    if len(rule.addends) > 1:
        yield Changed(replaced(rule.terms, {key: (number(1),) for key in names_of(rule.terms) if " " in key}))


def _renamed(rule: Rule, names: Mapping[str, str], letters: str) -> Changed:
    """The rule with other names, and two letters for the first of them and what it becomes."""
    one, other = next(iter(names.items()))
    terms = replaced(rule.terms, {name: (Name(new, 0),) for name, new in names.items()})
    return Changed(terms, dict(zip(letters.split(), (key_text(one), key_text(other)), strict=True)))


def renamed(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """Each name replaced by that of another row, the nearest first."""
    for key in names_of(rule.terms):
        mark, _, variable = key.rpartition(" ")
        for row in _nearest(rule, around, variable):
            if row != variable and (other := f"{mark} {row}".strip()) != rule.subject.key:
                yield _renamed(rule, {key: other}, "before after")


def names_exchanged(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """Two names of one mark in each other's place."""
    for one, other in combinations(names_of(rule.terms)[:8], 2):
        if one.rpartition(" ")[0] == other.rpartition(" ")[0]:
            yield _renamed(rule, {one: other, other: one}, "u w")


def _nearest(rule: Rule, around: Surroundings, to: str = "") -> list[str]:
    """The variables of the table, those nearest to a row first."""
    rows = around.rows
    here = next((rows.index(n) for n in (to, rule.subject.variable) if n in rows), 0)
    first = max(0, here - _NEAREST)
    near = sorted(enumerate(rows[first : here + _NEAREST], first), key=lambda at: abs(at[0] - here))
    return [row for _, row in near[:_NEAREST]]


def kernels_turned(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """Each convolution with its kernel, or what it gives for the kernel, turned round."""
    for end, begin in places(rule.terms):
        term = rule.terms[end]
        if type(term) is Apply and term.head.startswith("conv") and term.arity == 2:
            whole = rule.terms[begin[end] : end + 1]
            turn, (of, kernel) = "u[::-1, ::-1]" if "2d" in term.head else "u[::-1]", split(whole)[1]
            of_kernel = any(n.startswith("bar ") for n in names_of(kernel))
            made = put(turn, {"u": whole}) if of_kernel else (*of, *put(turn, {"u": kernel}), term)
            yield replaced_at(rule.terms, begin[end], end, made, {})


def updated(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """Each independent variable after a step against its adjoint, at the usual learning rates."""
    for name in names_of(rule.terms):
        if f"bar {name}" in around.numbers and name not in around.operations and f"bar {name}" != rule.subject.key:
            for rate in ("1", "0.5", "0.1", "0.01", "0.001"):
                made = put(f"u - {rate}*w", {"u": (Name(name, 0),), "w": (Name(f"bar {name}", 0),)})
                yield Changed(replaced(rule.terms, {name: made}), {"before": key_text(name), "after": made})


def numbers_changed(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """Each number of the rule one more or one less, or another number of the table's operations."""
    if len(rule.terms) == 1:
        return
    others = [*islice((t for terms in around.operations.values() for t in terms if type(t) is Number), 12)]
    for place, term in enumerate(rule.terms):
        if type(term) is Number and place < 60:
            near = [number(term.digits + step) for step in (1, -1) if term.exponent == 0]
            for other in dict.fromkeys(t._replace(position=0) for t in (*near, *others)):
                if not same((other,), (term,)) and other.digits >= 0:
                    yield replaced_at(rule.terms, place, place, (other,), {})


def seeded(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """Another seed, where the rule is one: 1 and 0."""
    if len(rule.terms) == 1 and type(rule.terms[0]) is Number:
        for value in (1, 0):
            yield Changed((number(value),), {"before": rule.terms})


def other_numbers(exchanged: bool) -> Change:
    """The number of the same kind in another row; exchanged, if that has this one's number."""

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        def operands(name: str) -> tuple[str, ...]:
            return names_of(around.operations.get(name, ()))

        mark, own = rule.subject.key.rpartition(" ")[0], rule.subject.variable
        before = reached(own, operands)
        for row in _nearest(rule, around) if rule.quantity != PARTIAL else ():
            forwards, back, key = own in reached(row, operands), row in before, f"{mark} {row}".strip()
            computed = (forwards or back) if exchanged else back if mark.endswith("bar") else forwards
            if row != own and (key in around.wrong or not computed):  # what is computed from it may be it by right
                yield Changed((Name(key, 0),), {"other": key_text(row)}, exchanged=key if exchanged else "")

    return change


def beside(exchanged: bool) -> Change:
    """Another number of the same row."""

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        for key, words in around.beside.items():
            yield Changed((Name(key, 0),), {"words": words}, exchanged=key if exchanged else "")

    return change


def rounded(decimals: int) -> Change:
    """The rule of operands that are rounded before."""
    return lambda rule, around: [Changed(rule.terms, decimals=decimals)]


def _uses(rule: Rule, around: Surroundings) -> Iterator[tuple[str, str, Terms, tuple[Terms, ...]]]:
    """Of each addend of a derivative the row whose operation is derived, by which operand, and the other addends."""
    variable = rule.subject.variable
    if rule.quantity == PARTIAL:
        yield rule.subject.of, variable, rule.terms, ()
        return
    for place, addend in enumerate(rule.addends or (rule.terms,)):
        marks = [n for n in names_of(addend) if n.startswith(("dot ", "bar "))]
        if len(marks) == 1:
            other = marks[0].partition(" ")[2]
            of = (variable, other) if rule.quantity == TANGENT else (other, variable)
            yield *of, addend, rule.addends[:place] + rule.addends[place + 1 :]


def wrong_partials(table: Iterable[tuple[str, ...]], first: int = 0, last: int | None = None) -> Change:
    """The derivative by u of an operation of the table, which is the second of a line, taken as one of the others,
    from the ``first`` to before the ``last``.
    """
    made: dict[Any, list[tuple[str, ...]]] = {}  # by the last of the operation
    for line in table:
        made.setdefault(pattern(line[0])[0][-1][:2], []).append(line)

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        for row, operand, addend, rest in _uses(rule, around):
            operation = around.operations.get(row, ())
            for end, begin in places(operation):
                lines = ((line, matched(line[0], operation, begin, end)) for line in made.get(operation[end][:2], ()))
                fitting = ((line, bound) for line, bound in lines if bound and operand in names_of(bound["u"]))
                (_, right, *wrong), bound = next(fitting, (("", ""), {}))  # the most special line comes first
                for text in wrong[first:last]:
                    partial = put(text, bound)
                    fields = {"operation": operation[begin[end] : end + 1], "operand": bound["u"],
                              "right": put(right, bound), "wrong": partial}  # fmt: skip
                    yield Changed(total((*rest, _with(addend, fields["right"], partial))), fields)

    return change


def _with(addend: Terms, right: Terms, wrong: Terms) -> Terms:
    """An addend of a derivative with another partial in it; where it is written otherwise, by their quotient."""
    if not same(right, (number(1),)):
        for end in range(len(right) - 1, len(addend)):
            first = end - len(right) + 1
            if same(addend[first : end + 1], right):
                return (*addend[:first], *wrong, *addend[end + 1 :])
    return joined("mul", joined("div", addend, right), wrong)


def wrong_tangents(of: str, *wrong: str) -> Change:
    """The whole tangent of an operation of u and w taken as something else in u, w and their tangents p, q."""

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        operation = around.operations.get(rule.subject.variable, (number(0),))
        bound = matched(of, operation, starts(operation), len(operation) - 1)
        if bound is None or rule.quantity != TANGENT or len(operation) > 3:
            return
        for letter, mark in (("u", "p"), ("w", "q")):
            if letter in bound:
                names = names_of(bound[letter])
                if not names:
                    return
                bound[mark] = (Name(f"dot {names[0]}", 0),)
        for text in wrong:
            made = put(text, bound)
            yield Changed(made, bound | {"operation": operation, "wrong": made})

    return change
