"""Why a number or a formula is wrong: the slips tried in turn, until one gives what is printed.

A slip changes the row's rule.  The changed rule is computed both from the true numbers and from those that the author
has, and a formula is held against it at random points, so that no factor 0 or 1 hides a slip.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import floor, isfinite
from typing import Any, NamedTuple

from flint import arb

from adtrace.arrays.elemental import said
from adtrace.checking.readings.rewriting import bare, in_doubles, key_text, names_of, placeless, same, text_of
from adtrace.checking.slips.changes import Changed
from adtrace.checking.slips.table import (
    BRACKETS,
    DIGITS,
    ENTRY,
    EXTRA_PATH,
    FACTOR,
    MISSING_PATH,
    OPERAND,
    PARTIAL_WRONG,
    SHAPE,
    SIGN,
    SLIPS,
    Slip,
)  # fmt: skip
from adtrace.checking.work.numerals import CUT, LAST_DIGIT, Printed, agreement
from adtrace.checking.work.rules import TANGENT, VALUE, Lazily, Rule, Surroundings
from adtrace.checking.work.shapes import squeezed
from adtrace.checking.work.values import entry_by_entry, middle, shape_of
from adtrace.language.syntax import CONSTANTS, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ball

_NOWHERE = Surroundings()
_Points = Sequence[Mapping[str, Any]]


class Explanation(NamedTuple):
    """A cause by its word, and the sentence that names it."""

    word: str
    sentence: str


def _doubled(number: Scalar) -> Any:
    return entry_by_entry(middle, number)


def _everywhere(holds: Any) -> bool:
    """Whether a comparison holds, and of arrays in every entry."""
    return bool(holds.all()) if hasattr(holds, "all") else bool(holds)


def _target(shown: Printed, shape: tuple[int, ...]) -> Any:
    """What is printed, in doubles; a row or a column where a vector is meant is one."""
    if not shown.shape:
        return middle(shown.exact)
    made = _doubled(shown.exact)
    return made.reshape(shape) if squeezed(made.shape) == squeezed(shape) and shape else made


# -------------------------------------------------------------------------------------------------------------- numbers


def explain(
    rule: Rule,
    numbers: Mapping[str, Scalar],
    printed_numbers: Mapping[str, Scalar],
    shown: Printed,
    around: Surroundings = _NOWHERE,
) -> Explanation | None:
    """Why the number is not the rule's: nothing rather than a cause that is doubtful.

    ``numbers`` are the true ones by key, ``printed_numbers`` those that the author has.
    """
    rule, around = plainly(rule, around)
    own = rule.subject.key  # from what is printed of it, all follows
    true = Lazily(lambda key: _doubled(numbers[key]))
    theirs = Lazily(lambda key: _doubled((printed_numbers if key in printed_numbers and key != own else numbers)[key]))
    contexts = true, theirs
    right = in_doubles(rule.terms, true)
    target = _target(shown, shape_of(right))
    if right is None:
        return None
    known = _significant(shown, right)
    for slip, changed in tried(rule, around, known):
        for context in contexts:
            value = in_doubles(changed.terms, _coarse(context, changed))
            if value is None or not _agrees(shown, target, value) or _near(value, right):
                continue
            if _unmoved(shown, value, in_doubles(rule.terms, context)):
                continue
            if not changed.exchanged or _exchanged(changed, printed_numbers, right):
                return Explanation(slip.word, _told(slip, changed, key_text(rule.subject.variable)))
    return _digits(shown, right) if type(target) is type(right) is float else _entries(target, right)


def plainly(rule: Rule, around: Surroundings) -> tuple[Rule, Surroundings]:
    """The rule, and the operations that it is about, without brackets and spellings, as the patterns are."""
    about = {name.split(" ")[-1] for name in names_of(rule.terms)}
    about |= {rule.subject.variable, rule.subject.of} & around.operations.keys()
    operations = {**around.operations, **{n: bare(around.operations[n]) for n in about if n in around.operations}}
    made = Rule(rule.subject, rule.quantity, bare(rule.terms), tuple(map(bare, rule.addends)))
    return made, replace(around, operations=operations)


def tried(rule: Rule, around: Surroundings, digits: int) -> Iterator[tuple[Slip, Changed]]:
    """Each slip in each place, as long as the row is not too long for it."""
    spent = 0
    for slip in SLIPS:
        if rule.quantity not in slip.of or digits < slip.digits:
            continue
        for changed in slip.change(rule, around):
            spent += len(changed.terms) + 3
            if spent > around.most:
                return
            yield slip, changed


def _of_terms(rule: Rule, around: Surroundings) -> Iterator[tuple[Slip, Changed]]:
    """The slips that are in formulas, not in numbers alone."""
    return ((slip, made) for slip, made in tried(rule, around, 9) if not made.exchanged and made.decimals is None)


def _coarse(numbers: Mapping[str, Any], changed: Changed) -> Mapping[str, Any]:
    """The numbers, rounded to a few decimals if that is the slip."""
    if changed.decimals is None:
        return numbers
    decimals = changed.decimals
    return Lazily(lambda key: round(x, decimals) if type(x := numbers[key]) is float else x)


def _near(some: Any, others: Any) -> bool:
    """Whether two numbers are one, as far as doubles show."""
    if type(some) is type(others) is float:
        return abs(some - others) <= 1e-9 * (1e-3 + abs(some) + abs(others))
    alike = some is not None and others is not None and shape_of(some) == shape_of(others)
    return alike and _everywhere(abs(some - others) <= 1e-9 * (1e-3 + abs(some) + abs(others)))


def _unmoved(shown: Printed, value: Any, unchanged: Any) -> bool:
    """Whether a slip leaves the number as it is, within what is printed, as a factor 1 left out does."""
    if unchanged is None or shape_of(value) != shape_of(unchanged):
        return False
    if _near(value, unchanged):
        return True
    decimals = max((entry.decimals for entry in shown.each), default=0)
    return decimals > 0 and _everywhere(abs(value - unchanged) <= 0.5 * 10.0**-decimals)


def _agrees(shown: Printed, target: Any, value: Any) -> bool:
    """Whether the printed number is this one: at a glance in doubles first; of an array, its shape and each entry."""
    if type(target) is not float or type(value) is not float:
        if shape_of(target) != shape_of(value):
            return False
        from numpy import ravel  # noqa: PLC0415 - only where there are arrays

        each = zip(shown.each, ravel(target).tolist(), ravel(value).tolist(), strict=True)
        return all(_agrees(*entry) for entry in each)
    if not isfinite(target):
        return False
    unit = 2 * float(ball(shown.fuzzy).rad()) + (0.5 if abs(target) >= 100 and target == floor(target) else 0)
    if abs(value - target) > unit + 1e-9 * (1 + abs(target)):
        return False
    if abs(value - target) <= 1e-10 * (1e-2 + abs(target)):
        return True
    how = agreement(shown, arb(value))
    return bool(how) and _significant(shown, value) >= _DIGITS_FOR.get(how, 0)


_DIGITS_FOR = {CUT: 3, LAST_DIGIT: 4}
"""By chance a number is met twice as often if it may be cut, and thrice as often if its last digit may be another."""


def _significant(shown: Printed, right: Any) -> int:
    """How many digits the number has that could be otherwise: 0 for 0 and 1, 1 for 5 and 50, 4 for 0.9093.

    The zeros of 0.5000 count where the right number is no whole one: among whole numbers they are there by themselves.
    """
    if shown.shape:
        return 3
    target = abs(middle(shown.exact))
    if target in (0, 1) or not isfinite(target):
        return 0
    if shown.number is not None:
        digits = str(shown.number.digits)
        return len(digits if type(right) is float and right != floor(right) else digits.rstrip("0"))
    return len(str(int(target)).rstrip("0")) if target == floor(target) else 4


def _exchanged(changed: Changed, printed_numbers: Mapping[str, Scalar], right: Any) -> bool:
    """Whether the other cell has this one's number in turn."""
    other = printed_numbers.get(changed.exchanged)
    alike = other is not None and shape_of(other) == shape_of(right)
    return alike and _everywhere(abs(_doubled(other) - right) <= 5e-3 * abs(right) + 1e-12)


def _told(slip: Slip, changed: Changed, row: str) -> str:
    """The sentence with its letters filled in."""
    given: dict[str, Terms | str] = {"after": changed.terms, **changed.fields}
    asked = {name: of for name, of in given.items() if f"{{{name}}}" in slip.sentence}
    fields = {name: of if isinstance(of, str) else text_of(of) for name, of in asked.items()}
    return slip.sentence.format_map({"row": row} | fields)


def digit_slip(shown: str, right: str) -> str:
    """What is wrong with the digits of a number, if it is one digit, a pair of them, or a zero."""
    if shown.rstrip("0") == right.rstrip("0"):
        return "a factor of ten" if shown != right else ""
    if len(shown) == len(right):
        differ = [place for place, (a, b) in enumerate(zip(shown, right, strict=True)) if a != b]
        if len(differ) == 1:
            return "one digit is wrong"
        if len(differ) == 2 and sorted(shown) == sorted(right):
            return "two digits are exchanged"
    longer, shorter = (shown, right) if len(shown) > len(right) else (right, shown)
    near = len(longer) == len(shorter) + 1 and len(shorter) > 2
    if near and any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))):
        return "a digit too many" if longer == shown else "a digit is missing"
    return ""


def explain_alone(shown: Printed, right: Scalar) -> Explanation | None:
    """What is seen of a number that no rule tells of: its sign, its digits."""
    value, sign = _doubled(right), next(slip for slip in SLIPS if slip.word == SIGN)
    if shown.shape or type(value) is not float:
        return None
    turned = value and _agrees(shown, middle(shown.exact), -value)
    return Explanation(SIGN, sign.sentence) if turned else _digits(shown, value)


def _digits(shown: Printed, right: float) -> Explanation | None:
    """A digit of a number that has three or more."""
    wrong, wanted = (f"{abs(x):.{min(shown.decimals, 15)}f}" for x in (middle(shown.exact), right))
    told = digit_slip(wrong, wanted) if len(wanted.strip("0.")) > 2 else ""
    return Explanation(DIGITS, told) if told else None


def _entries(target: Any, right: Any) -> Explanation | None:
    """What is to be seen of an array that no slip gives: another shape, a factor of all entries, one wrong entry."""
    if shape_of(target) != shape_of(right):
        return Explanation(SHAPE, f"its shape is {said(shape_of(target))}, and should be {said(shape_of(right))}")
    wrong = abs(target - right) > 6e-3 * (abs(right) + 1e-2)
    ratios = target[wrong & (right != 0)] / right[wrong & (right != 0)]
    if wrong.sum() == (right != 0).sum() and (what := _times(ratios)):
        return Explanation(FACTOR, f"every entry is {what}")
    if wrong.sum() == 1 and wrong.size > 1:
        place = ", ".join(str(int(axis[0]) + 1) for axis in wrong.nonzero())
        return Explanation(ENTRY, f"only the entry {place} is wrong")
    return None


def _times(ratios: Any) -> str:
    """By what all entries are multiplied, if by one number; of two entries only a whole one, or its reciprocal."""
    ratio = float(ratios.mean()) if len(ratios) > 1 else 0.0
    if not ratio or ratios.max() - ratios.min() >= 6e-3 * abs(ratio):
        return ""
    parts = round(1 / ratio)
    if parts > 1 and abs(ratio * parts - 1) < 6e-3:
        return f"divided by {parts}, and should not be"
    return f"{ratio:.4g} times what it should be" if len(ratios) > 2 or abs(ratio - round(ratio)) < 2e-3 else ""


# ------------------------------------------------------------------------------------------------------------- formulas


def explain_formula(rule: Rule, terms: Terms, around: Surroundings = _NOWHERE) -> Explanation | None:
    """Why a formula is not the row's rule, held against it at two random points; nothing if no slip gives it."""
    rule, around = plainly(rule, around)
    terms = bare(terms)
    tries = (_sample(rule, terms, around, attempt) for attempt in range(8))
    points = [point for point in tries if in_doubles(terms, point) is not None][:2]
    if not points or _alike(rule.terms, terms, points):
        return _named(rule, terms)
    return _brackets(rule, terms, around, points) or _slip(rule, terms, around, points) or _named(rule, terms)


def _brackets(rule: Rule, terms: Terms, around: Surroundings, points: _Points) -> Explanation | None:
    """Brackets that are missing or too many, looked for in what is written."""
    brackets = next(slip for slip in SLIPS if slip.word == BRACKETS)
    for changed in brackets.change(Rule(rule.subject, rule.quantity, tuple(terms)), around):
        if _alike(rule.terms, changed.terms, points):
            back = changed._replace(fields={"before": changed.fields["after"], "after": changed.fields["before"]})
            return Explanation(BRACKETS, _told(brackets, back, key_text(rule.subject.variable)))
    return None


def _slip(rule: Rule, terms: Terms, around: Surroundings, points: _Points) -> Explanation | None:
    """The slip that makes this formula of the rule, rather than one that has its value."""
    row, alike = key_text(rule.subject.variable), None
    for slip, changed in _of_terms(rule, around):
        if same(changed.terms, terms):  # it says just what was done
            sign = alike is not None and alike.word == SIGN and slip.word == PARTIAL_WRONG
            return Explanation(SIGN if sign else slip.word, _told(slip, changed, row))
        if alike is None and _alike(changed.terms, terms, points):
            alike = Explanation(slip.word, _told(slip, changed, row))
    return alike


def _alike(some: Terms, others: Terms, points: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two formulas have one value at each point."""
    return all(_near(in_doubles(some, point), in_doubles(others, point)) for point in points)


def _sample(rule: Rule, terms: Terms, around: Surroundings, attempt: int) -> Lazily:
    """A random point near the table's own: values follow from the operations, tangents and adjoints are free."""
    computed, waiting = dict[str, Any](), iter(around.rows)

    def free(name: str) -> Any:
        rng, given = random.Random(f"{attempt} {name}"), around.numbers.get(name)
        base = rng.uniform(0.4, 1.6) if given is None else _doubled(given)
        return base * rng.uniform(0.9, 1.1) + rng.uniform(0.01, 0.1)

    def number(name: str) -> Any:
        if name in CONSTANTS and name not in around.rows:
            raise KeyError(name)
        for row in waiting if name in around.rows else ():  # operands before use, as far as they are asked for
            follows = row in around.operations and row != rule.subject.key
            value = in_doubles(around.operations[row], computed) if follows else None
            computed[row] = free(row) if value is None else value
            if row == name:
                break
        return computed[name] if name in computed else free(name)

    return Lazily(number)


def _named(rule: Rule, terms: Terms) -> Explanation | None:
    """What a formula names and should not, or should and does not."""
    mark, what = ("dot", "an operand of the row") if rule.quantity == TANGENT else ("bar", "a row that uses it")
    written, wanted = ([n for n in names_of(t) if n.startswith(mark + " ")] for t in (terms, rule.terms))
    stray = next((key for key in written if key == rule.subject.key or key not in wanted), "")
    missing = next((key for key in wanted if key not in written), "")
    if stray and stray == rule.subject.key:
        return Explanation(OPERAND, f"it refers to itself, {key_text(stray)}")
    if stray:
        return Explanation(OPERAND if mark == "dot" else EXTRA_PATH, f"{key_text(stray)} is not of {what}")
    return Explanation(MISSING_PATH, f"{key_text(missing)} is missing") if missing else None


# ---------------------------------------------------------------------------------------------------------- other roads


def mended(rule: Rule, around: Surroundings = _NOWHERE) -> Iterator[Changed]:
    """The operations that may have been meant by one that is wrong, the likeliest first, each once."""
    seen: set[tuple[Any, ...]] = set()
    rule, around = plainly(Rule(rule.subject, VALUE, rule.terms), around)
    for slip, changed in _of_terms(rule, around):
        terms = tuple(map(placeless, changed.terms))
        if terms not in seen and slip.word != DIGITS:
            seen.add(terms)
            yield changed
