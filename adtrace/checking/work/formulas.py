"""Whether a formula that somebody wrote is the formula of a number, however it is written.

It is compared at a point nearby, in doubles: once as the rule of its row, where the tangents or adjoints that it names
are numbers of their own, so that no factor 0 or 1 hides a slip; once as any expression that comes to the same.
A formula with numbers put in is compared with the names put back in their place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, product

from adtrace.checking.readings.names import Name as Marked
from adtrace.checking.readings.names import named
from adtrace.checking.readings.rewriting import names_of, reached
from adtrace.checking.work.contexts import Context
from adtrace.checking.work.figures import ANYWHERE, Figures, Subject, Work
from adtrace.checking.work.partials import sum_of
from adtrace.checking.work.rules import ADJOINT, AND, ORDERS, SECOND_ADJOINT, SECOND_PARTIAL, TANGENT, VALUE
from adtrace.checking.work.shapes import SPREAD, close, entries_named, numbers_of, rows_added
from adtrace.checking.work.values import NoValue, Numbers, middle, shape_of
from adtrace.language.syntax import Apply, Name, Number, Term, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.floats import FLOATS

_CLOSE = 1e-7
_MOST_READINGS = 16
_MOST_PUT_BACK = 96


class Unknown(NoValue):
    """A name in a formula that no row has."""


def holds(terms: Terms, subject: Subject, work: Work, context: Context) -> bool:
    """Whether a formula is that of a number.  Raises `Unknown` for a name that stands for nothing."""
    if not work.near:
        return False
    terms = entries_named(terms, work.near[0].shapes, work.from_zero)
    lines = () if subject.quantity == VALUE else work.straight
    if lines and holds_around(terms, subject, work, context):
        return True
    each = product(lines or work.near, _meant(terms, work, context))
    return any(_holds_at(terms, subject, figures, meaning) for figures, meaning in each)


def holds_around(terms: Terms, subject: Subject, work: Work, context: Context) -> bool:
    """Whether a formula is that of a number to both sides of a kink, and not by a convention alone."""
    meanings = _meant(terms, work, context)
    return any(all(_holds_at(terms, subject, figures, meaning) for figures in work.near) for meaning in meanings)


def _meant(terms: Terms, work: Work, context: Context) -> list[dict[str, Subject]]:
    key = (tuple(terms), context)
    if key not in work.meant:
        work.meant[key] = meanings_of(terms, work, context)
    return work.meant[key]


def meanings_of(terms: Terms, work: Work, context: Context) -> list[dict[str, Subject]]:
    """All that the names of a formula may stand for together, at most so many.  Raises `Unknown`."""
    keys = names_of(terms)
    names, choices = list(map(named, keys)), list[Sequence[Subject]]()
    for key, name in zip(keys, names, strict=True):
        choices.append(context.open.subjects(name, work))  # in a chain a quotient may be either
        if not choices[-1]:
            raise Unknown(key)
    if any(name.mark == "leibniz" for name in names):
        beside = {(context.marks.get(name.mark, ""), work.same.get(name.variable, "")) for name in names}
        choices = [[of for of in several if _is_meant(name, of, beside, work)]
                   for name, several in zip(names, choices, strict=True)]  # fmt: skip
    return [dict(zip(keys, chosen, strict=True)) for chosen in islice(product(*choices), _MOST_READINGS)]


def _is_meant(name: Marked, subject: Subject, beside: Collection[tuple[str, str]], work: Work) -> bool:
    """Whether a name may stand for a number beside these adjoints and tangents of rows: a quotient is a partial there,
    or through every path from a row whose adjoint stands there, ȳ ∂y/∂x, or to an input whose tangent does, ∂v_3/∂x ẋ.
    """
    whole = name.mark == "leibniz" and subject.quantity in (TANGENT, ADJOINT)
    if not whole or not any(quantity in (TANGENT, ADJOINT) for quantity, _ in beside):
        return True
    of, by = work.same.get(name.of, ""), work.same[name.variable]
    reached = by == of or by in work.ancestors(of)
    return reached and ((ADJOINT, of) in beside or (by in work.inputs and (TANGENT, by) in beside))


def _holds_at(terms: Terms, subject: Subject, figures: Figures, meaning: Mapping[str, Subject]) -> bool:
    """Whether it is at a point, once for all columns and cells in which its names mean the same."""
    key = (tuple(terms), subject, tuple(meaning.items()))
    if key not in figures.held:
        figures.held[key] = _is_formula(terms, subject, figures, meaning)
    return figures.held[key]


def _is_formula(terms: Terms, subject: Subject, figures: Figures, meaning: Mapping[str, Subject]) -> bool:
    quantities = {of.quantity for of in meaning.values()}
    named_too = figures.of_arrays or subject.quantity in quantities
    is_first = subject.quantity in (TANGENT, ADJOINT)
    if is_first and not quantities.isdisjoint(ORDERS):
        return False  # v̇_1 is no v_0'', though both be 0
    with suppress(NoValue):  # where none is named to be chosen at will, the rule gives the number itself
        if named_too and is_first and _is_rule(terms, subject, figures, meaning):
            return True
        if is_first and any(_is_later(other, subject, figures.work) for other in meaning.values()):
            return False
        for seed in _seeds(subject, figures.work, meaning):
            moved = tuple((key, _along(seed, other)) for key, other in meaning.items())
            if not _is_one_of(_values(terms, figures, moved), figures[_along(seed, subject)], terms):
                return False
        return not _is_void(terms, subject, figures, meaning)
    return False


def _is_void(terms: Terms, subject: Subject, figures: Figures, meaning: Mapping[str, Subject]) -> bool:
    """Whether a derivative is 0 whatever a formula says that is not its rule, as all that it names are 0."""
    each = [of for of in (subject, *meaning.values()) if of.quantity == subject.quantity]
    held = subject.quantity == TANGENT and subject.variable in figures.work.constant
    if figures.of_arrays or subject.quantity not in (TANGENT, ADJOINT, SECOND_ADJOINT) or len(each) == 1 or held:
        return False
    if any(figures[_along(ANYWHERE, of)] for of in each):
        return False
    with suppress(NoValue):
        return not _is_rule(terms, subject, figures, meaning)
    return False


def _is_later(other: Subject, subject: Subject, work: Work) -> bool:
    """Whether a derivative is computed from another, from which it is said to come."""
    if other.quantity != subject.quantity:
        return False
    row, named_row = (work.same.get(of.variable, of.variable) for of in (subject, other))
    before, after = (row, named_row) if subject.quantity == TANGENT else (named_row, row)
    return before != after and before in work.ancestors(after)


def _seeds(subject: Subject, work: Work, meaning: Mapping[str, Subject]) -> Sequence[str]:
    """The seeds for which a formula must hold: each, if it names tangents; else the one that its cell is of, whose
    numbers may stand in it for derivatives of the independent variables, 1 and 0.
    """
    named_ = {of.quantity for of in meaning.values()}
    moving = {work.same[of.variable] for of in meaning.values() if of.quantity in (TANGENT, *ORDERS)}
    inputs = {*work.inputs}.intersection(work.operands.get(work.same[subject.variable], ()))
    if subject.quantity in ORDERS and inputs and not moving & inputs:
        return [""]
    if subject.quantity == TANGENT and TANGENT in named_:
        return [name for name in work.inputs if name not in work.constants]
    moved = subject.quantity in (SECOND_ADJOINT, SECOND_PARTIAL) and meaning
    return [ANYWHERE if moved or (subject.quantity in ORDERS and named_ & {TANGENT, *ORDERS}) else ""]


def _along(seed: str, subject: Subject) -> Subject:
    """A derivative along another seed."""
    if seed and subject.quantity in (SECOND_ADJOINT, SECOND_PARTIAL):
        return subject._replace(by=f"{subject.by.partition(AND)[0]}{AND}{seed}")
    return subject._replace(by=seed) if seed and subject.quantity in (TANGENT, *ORDERS) else subject


def _values(terms: Terms, figures: Figures, named: tuple[tuple[str, Subject], ...]) -> tuple[Scalar, ...]:
    """What a formula comes to at a point, in all ways, once for all that it may be of.  Raises `NoValue`."""
    key = (tuple(terms), named)
    if key not in figures.formulas:
        numbers = {name: figures[of] for name, of in named}
        figures.formulas[key] = tuple(numbers_of(terms, numbers, FLOATS))
    return figures.formulas[key]


def _comes_to(terms: Terms, numbers: Numbers, wanted: Scalar) -> bool:
    """Whether a formula has a value, in any way in which it may be meant."""
    return _is_one_of(numbers_of(terms, numbers, FLOATS), wanted, terms)


def _is_one_of(values: Iterable[Scalar], wanted: Scalar, terms: Terms) -> bool:
    """Whether a number is one of those that terms come to."""
    filled = any(getattr(t, "head", "") == SPREAD or getattr(t, "digits", 0) == 1 for t in terms)  # ones, or 1 as such
    return any(close(found, wanted, _CLOSE, filled) for found in values)


def _is_rule(terms: Terms, subject: Subject, figures: Figures, meaning: Mapping[str, Subject]) -> bool:
    """Whether it is the sum over operands, or uses, with the numbers that it names chosen at will."""
    work = figures.work
    if subject.quantity == SECOND_ADJOINT:
        subject, meaning = _along(ANYWHERE, subject), {key: _along(ANYWHERE, of) for key, of in meaning.items()}
    mentioned = {work.same[s.variable] for s in meaning.values() if s.quantity == subject.quantity}
    row = work.same[subject.variable]
    if row not in work.operands and subject.quantity == TANGENT:
        return False
    if mentioned == {row}:  # one number under two names
        made, numbers, _ = _with_addends(terms, subject, figures, meaning, mentioned)
        return _comes_to(made, numbers, _at_will(row, figures))
    if not mentioned <= work.sources(subject).keys():  # whose tangent is 0 for one seed alone, is 0 by chance
        return False
    made, numbers, addends = _with_addends(terms, subject, figures, meaning, mentioned)
    return bool(addends) and _comes_to(made, numbers, sum_of(addends.values(), figures.arithmetic))


def contribution(terms: Terms, subject: Subject, work: Work, context: Context) -> str | None:
    """The use whose contribution to an adjoint a formula is, where it is that of one alone; it may be added to the
    adjoint so far: ``v̄_1 = v̄_1 + ...``.
    """
    row = work.same[subject.variable]
    subject = _along(ANYWHERE, subject) if subject.quantity == SECOND_ADJOINT else subject
    for figures, meaning in product((*work.near[:1], *work.straight), meanings_of(terms, work, context)):
        moved = {key: _along(subject.by.partition(AND)[2], of) for key, of in meaning.items()}
        named_ = {work.same[of.variable] for of in moved.values() if of.quantity == subject.quantity}
        with suppress(NoValue):
            free = {row, *work.sources(subject)}
            made, numbers, addends = _with_addends(terms, subject, figures, moved, free)
            so_far = _at_will(row, figures) if row in named_ else None
            for use, addend in addends.items():
                if _comes_to(made, numbers, addend if so_far is None else addend + so_far):
                    return use
    return None


def _with_addends(
    terms: Terms, subject: Subject, figures: Figures, meaning: Mapping[str, Subject], free: Collection[str]
) -> tuple[Terms, dict[str, Scalar], dict[str, Scalar]]:
    """A formula, the numbers of its names, and what each operand or use adds, some tangents or adjoints at will."""
    work = figures.work
    chosen = {name: _at_will(name, figures) for name in free}
    chosen |= {u: figures[subject._replace(variable=u)] for u in work.sources(subject) if u not in free}
    numbers = {}
    for key, of in meaning.items():
        row = work.same.get(of.variable, of.variable)
        numbers[key] = chosen[row] if of.quantity == subject.quantity and row in chosen else figures[of]
    addends = figures.addends(subject, chosen)
    return *rows_added(terms, numbers, lambda key: _of_use(key, meaning, work, addends)), addends


def _of_use(key: str, meaning: Mapping[str, Subject], work: Work, addends: Mapping[str, Scalar]) -> Scalar:
    """What the row adds whose adjoint a key is, or the operand whose tangent it is."""
    use = work.same.get(meaning[key].variable, "")
    if use not in addends:
        raise NoValue("it is of no row that uses it")
    return addends[use]


def _at_will(name: str, figures: Figures) -> Scalar:
    """A number of its own for each name, the same in every run; for an array an array."""
    number = 0.7 + sum(ord(char) * (k + 1) for k, char in enumerate(name)) % 97 / 61
    value = figures[Subject(VALUE, name)]
    if not shape_of(value):
        return number
    from numpy import arange, sin  # noqa: PLC0415

    return number + sin(arange(1, value.size + 1) * number).reshape(value.shape)


def put_back(terms: Terms, subject: Subject, work: Work, context: Context) -> Iterator[Terms]:
    """A formula with its numbers replaced by the names, in the rule of its number, that have these values."""
    candidates = _values_in_rule(subject, work, context)

    def meant(term: Term) -> Iterator[Terms]:
        yield (term,)
        if isinstance(term, Number):
            x = term.digits * 10.0**term.exponent
            width = 1.01 * 10.0**term.exponent if term.exponent < 0 else 1e-12  # rounded or cut
            close_ = {key: value for key, value in candidates.items() if abs(abs(value) - x) <= width}
            yield from (_size_of(key, value, term) for key, value in close_.items())

    for chosen in islice(product(*map(meant, terms)), 1, _MOST_PUT_BACK):
        yield tuple(term for piece in chosen for term in piece)


def _size_of(key: str, value: float, term: Number) -> Terms:
    """The name of a number in place of its digits, which have no sign."""
    return (Name(key, term.position), *((Apply("neg", 1, term.position),) if value < 0 else ()))


def put_in(terms: Terms, subject: Subject, work: Work, context: Context) -> tuple[str, str] | None:
    """The number in a working that is another than it should be, and the key of what it stands for."""
    for place, term in ((place, term) for place, term in enumerate(terms) if isinstance(term, Number)):
        for key, value in _values_in_rule(subject, work, context).items():
            tried = (*terms[:place], *_size_of(key, value, term), *terms[place + 1 :])
            if any(holds(names, subject, work, context) for names in (tried, *put_back(tried, subject, work, context))):
                return term.text, key
    return None


def _values_in_rule(subject: Subject, work: Work, context: Context) -> dict[str, float]:
    """The numbers from which a number is computed, by their keys."""
    row, quantity = work.same[subject.variable], subject.quantity
    operands, uses = work.operands.get(row, ()), work.uses.get(row, ()) if quantity == ADJOINT else ()
    plain = [row, *operands, *(name for use in uses for name in (use, *work.operands[use]))]
    later = reached(row, lambda name: work.uses.get(name, ())) if quantity == ADJOINT else frozenset[str]()
    keys = {f"bar {name}": Subject(ADJOINT, name, subject.by) for name in work.operations if name in later}
    if quantity not in (ADJOINT, VALUE):
        keys |= {f"dot {u}": Subject(TANGENT, u, context.seed) for u in operands}
    keys |= {name: Subject(VALUE, name) for name in plain if quantity != VALUE or name != row}
    found: dict[str, float] = {}
    for key, of in keys.items():
        with suppress(NoValue):
            number = work.exact[of]
            if not shape_of(number):
                found[key] = middle(number)
    return found
