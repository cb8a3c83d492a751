"""The sentences of a table: its caption, its notes and the headings of its seeds, in one dialect."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from operator import mul
from typing import Any

from adtrace.elementals import CORNER, EDGE, JUMP, NONE, SLOTS, TIE, Elemental, rule
from adtrace.language.syntax import Expression, Name, Terms
from adtrace.numbers import START_BITS
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.rounding import significant
from adtrace.settings import AUTO, BOTH, FORWARD, HALF_EVEN, REVERSE, SECOND, STACKED
from adtrace.tables import styles
from adtrace.tables.array_panels import is_of_arrays
from adtrace.tables.cells import Cells
from adtrace.tables.numerals import MARK, Numerals
from adtrace.tables.options import Options
from adtrace.tracing.assumed import assumptions, conventions_told
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.kinks import SINGULAR, Convention
from adtrace.tracing.quantities import BACKWARDS, TANGENT, TANGENTS
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.symbols import in_language, is_letter
from adtrace.tracing.wengert import Operand, Variable
from adtrace.wording import said
from adtrace.writing.dialects import LATEX, plain
from adtrace.writing.notation import Dialect, Drawn, written

LONGEST = 60
"""Terms of the longest expression that a caption shows."""
_MOST_NAMES = 8
"""A caption lists at most so many variables."""
_SLOPE_DIGITS = 4
"""Significant digits of a slope in a note."""
_MOST_BRANCHES = 12
"""Notes list at most so many comparisons."""


def caption(expression: Expression, cells: Cells, mode: str, options: Options) -> str:
    """``Forward mode AD of y = f(x1, x2) = ... at (x1, x2) = (2, 5). Setting ... gives ... in one forward sweep.``"""
    dialect = cells.dialect
    what = dialect.say(f"caption_{options.order if mode == SECOND else mode}", function=heading(expression, cells))
    if mode == FORWARD:
        sentences = [_seeding(cells), *_orders(cells, options.order)]
    elif mode == SECOND:
        sentences = _moved(cells, options)
    else:
        sentences = [_weighted(cells, options)]
    return dialect.say("sentence_between").join([what, *sentences])


def _read_upwards(cells: Cells, options: Options) -> str:
    """`` (read the right panel upwards)``, where one is."""
    dialect, several = cells.dialect, options.order > 1
    upward = [panel for panel in cells.style.reverse if panel.upward]
    if not upward or (cells.arrays and options.layout == STACKED):
        return ""
    beside, below = dialect.say("upwards_panels" if several else "upwards_panel"), dialect.say("upwards_adjoints")
    if options.layout == STACKED or len(cells.style.reverse) == 1:
        return below
    if options.layout == AUTO and dialect.name == LATEX.name:  # TeX knows it when it sets the caption
        return rf"\adtside{{{beside}}}{{{below}}}"
    return beside


def _moved(cells: Cells, options: Options) -> list[str]:
    """``Setting dx1 = 1 and by = 1 gives dy/dx1, and as dbx1 the product of the Hessian with the seed``."""
    dialect, naming, order = cells.dialect, cells.naming, options.order
    seeds, (settings, result) = cells.evaluation.seeds, _weighting(cells)
    each = _each(cells)
    if len(seeds) == 1 and len(seeds[0]) <= _MOST_NAMES:
        settings = [*_settings(cells), *settings]
    second = [dialect.math(naming.mark(BACKWARDS[2].adjoint)(name)) for name in naming.independents]
    given: dict[str, str] = {"settings": dialect.listed(settings)} if settings else {}
    named = {"names": dialect.listed(second)} if len(second) <= _MOST_NAMES else {}
    key = "second" + "_as" * bool(named) + each
    sentences = [dialect.say(key, result=result, upwards=_read_upwards(cells, options), **given, **named)]
    higher = "adjoint_coefficient" if cells.style.higher == styles.COEFFICIENTS else "adjoint_derivative"
    for k in range(2, order):
        name = dialect.math(naming.mark(BACKWARDS[k + 1].adjoint)(naming.dependents[0]))
        sentences.append(dialect.say(higher + each, name=name, ordinal=dialect.say(f"ordinal_{k}")))
    return sentences


def _each(cells: Cells) -> str:
    """The end of the key of a phrase about the seed, or about each of several."""
    return "_each" if len(cells.evaluation.seeds) > 1 else "_one"


def heading(expression: Expression, cells: Cells) -> str:
    """``y = f(x1, x2) = ... at (x1, x2) = (2, 5)``."""
    dialect, function, point = cells.dialect, cells.dialect.math(_function(expression, cells)), _at(cells)
    return dialect.say("function_at", function=function, point=point) if point else function


def _tuple(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _function(expression: Expression, cells: Cells) -> str:
    """``y = f(x1, x2) = ln(x1) + ...``, or without the right side where that is long or a program."""
    dialect, independents = cells.dialect, cells.naming.independents
    function = expression.function or _free_letter(cells)
    names = independents if len(independents) <= _MOST_NAMES else [*independents[:2], dialect.dots]
    left = f"{dialect.name_of(function)}({', '.join(names)})"
    if list(cells.wengert.dependent_names) != [function]:
        left = f"{_tuple(cells.naming.dependents)} = {left}"
    terms = [statement.terms for statement in expression.statements]
    if not expression.is_formula or not all(terms) or sum(map(len, terms)) > LONGEST:
        return left
    lettered = any(isinstance(name, Drawn) for name in (*independents, *cells.naming.dependents))
    if expression.latex and not lettered and _prints(expression.latex, dialect):
        return f"{left} = {expression.latex}"
    if is_of_arrays(cells) and cells.wengert.shapes:
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return f"{left} = {_tuple([array_prose.whole(part, cells) for part in terms])}"
    return f"{left} = {_tuple([_whole(part, dialect) for part in terms])}"


def _free_letter(cells: Cells) -> str:
    """The letter of a function that has no name: f, or F where that is a variable."""
    wengert = cells.wengert
    several = len(cells.naming.dependents) > 1
    taken = (*wengert.independents, *wengert.dependent_names) if several else wengert.independents
    return "F" if "f" in taken else "f"


_EMPHASIS = re.compile(r"[*]|[^A-Za-z0-9]_|\\[^A-Za-z]")
"""What a parser of Markdown does not leave alone in a formula."""


def _prints(latex: str, dialect: Dialect) -> bool:
    """Whether a dialect prints the author's LaTeX as it stands."""
    return dialect.name == "latex" or (dialect.name == "markdown" and not _EMPHASIS.search(latex))


@lru_cache(maxsize=64)
def _whole(terms: Terms, dialect: Dialect) -> str:
    """A right side, which stands in the caption of every table of a trace."""
    return written(terms, dialect)


def _at(cells: Cells) -> str:
    """``(x1, x2) = (2, 5)``."""
    if is_of_arrays(cells) and cells.wengert.shapes:
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return array_prose.point(cells)
    if len(cells.naming.independents) > _MOST_NAMES:
        return ""
    known = [(name, written(terms, cells.dialect)) for name, terms in
             zip(cells.naming.independents, cells.evaluation.point, strict=True)
             if not (cells.numerals.formulas and is_letter(terms))]  # fmt: skip
    names, point = [name for name, _ in known], [number for _, number in known]
    return cells.dialect.math(f"{_tuple(names)} = {cells.dialect.grouped(point)}") if known else ""


def seed_heading(cells: Cells, seed: int, mark: str) -> str:
    """What tells a seed from another, for a mark of `styles.SEED_MARKS`."""
    dialect, vector = cells.dialect, cells.evaluation.seeds[seed]
    place = cells.naming.units[seed]
    if place is not None and mark != styles.VECTOR:
        variable = dialect.math(cells.naming.independents[place])
        return dialect.say("by_variable", variable=variable) if mark == styles.BY else variable
    if mark == styles.BY:
        return dialect.say("along_vector", vector=seed_heading(cells, seed, styles.VECTOR))
    if len(vector) > _MOST_NAMES:
        return dialect.say("seed_number", number=seed + 1)
    return _vector(vector, dialect)


def _vector(vector: Sequence[Terms], dialect: Dialect) -> str:
    """``p = (1, -2)``."""
    return dialect.math(f"p = {dialect.grouped([written(terms, dialect) for terms in vector])}")


def _derivatives(cells: Cells, place: int) -> str:
    """The derivatives of the dependent variables by one independent variable."""
    dialect, naming = cells.dialect, cells.naming
    return dialect.listed([dialect.math(dialect.derivative(y, naming.independents[place])) for y in naming.dependents])


def _seeding(cells: Cells) -> str:
    """``Setting dx1 = 1 and dx2 = 0 gives dy/dx1 in one forward sweep.``"""
    dialect, seeds, dot = cells.dialect, cells.evaluation.seeds, cells.naming.mark(TANGENT)
    arrays = is_of_arrays(cells) and bool(cells.wengert.shapes)
    if len(seeds) > 1:
        units = cells.naming.units
        if not arrays and sorted(units, key=str) == sorted(range(len(seeds[0])), key=str):
            return dialect.say("forward_each_variable")
    if is_of_arrays(cells) and arrays:
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        if len(seeds) > 1 and (names := array_prose.held(cells)):
            return dialect.say("forward_sweeps_constant", count=len(seeds), names=names)
    if len(seeds) > 1:
        return dialect.say("forward_sweeps", count=len(seeds))
    if is_of_arrays(cells) and arrays:
        settings, result = array_prose.seeding(cells)
        return dialect.say("forward", settings=dialect.listed(settings), result=result)
    place = cells.naming.units[0]
    result = _derivatives(cells, place) if place is not None else dialect.say(
        "in_this_direction", names=dialect.listed([dialect.math(dot(y)) for y in cells.naming.dependents])
    )  # fmt: skip
    if len(seeds[0]) > _MOST_NAMES:
        return dialect.say("forward_seed", result=result)
    return dialect.say("forward", settings=dialect.listed(_settings(cells)), result=result)


def _settings(cells: Cells) -> list[str]:
    """``dx1 = 1`` and ``dx2 = 0``: the tangents of the first seed."""
    dialect, dot = cells.dialect, cells.naming.mark(TANGENT)
    return [
        dialect.math(f"{dot(name)} = {written(terms, dialect)}")
        for name, terms in zip(cells.naming.independents, cells.evaluation.seeds[0], strict=True)
    ]


def _orders(cells: Cells, order: int) -> list[str]:
    """What the derivatives of higher order are, and what they are not."""
    dialect, y, each = cells.dialect, cells.naming.dependents[0], _each(cells)
    names = [dialect.math(cells.naming.mark(TANGENTS[k])(y)) for k in range(1, order + 1)]
    if order > 1 and cells.style.higher == styles.COEFFICIENTS:
        k, factorial = map(dialect.math, ("k", "k!"))
        output = dialect.math(y)
        return [
            dialect.say(f"coefficients{each}", names=dialect.listed(names), output=output, k=k, factorial=factorial)
        ]
    return [
        dialect.say(f"derivative{each}", name=names[k - 1], ordinal=dialect.say(f"ordinal_{k}"),
                    factorial=dialect.math(f"{k}!"))
        for k in range(2, order + 1)
    ]  # fmt: skip


def _weighted(cells: Cells, options: Options) -> str:
    """``Setting by = 1 gives dy/dx1 and dy/dx2 in one reverse sweep (read the right panel upwards).``"""
    settings, result = _weighting(cells)
    dialect, upwards = cells.dialect, _read_upwards(cells, options)
    if not settings:
        return dialect.say("reverse_alone", result=result, upwards=upwards)
    return dialect.say("reverse", settings=dialect.listed(settings), result=result, upwards=upwards)


def _weighting(cells: Cells) -> tuple[list[str], str]:
    """``by = 1``, and ``dy/dx1 and dy/dx2``: what starts the reverse sweep, and what it gives."""
    if is_of_arrays(cells) and cells.wengert.shapes:
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return array_prose.weighting(cells)
    dialect, weights = cells.dialect, cells.evaluation.weights
    place = cells.sweep.unit(weights)
    settings = [
        dialect.math(f"{dialect.bar(y)} = {written(terms, dialect)}")
        for y, terms in zip(cells.naming.dependents, weights, strict=True)
    ]
    settings = settings if len(settings) <= _MOST_NAMES else [dialect.say("output_adjoints")]
    if place is None:
        return settings, dialect.say("gradient_of_sum")
    y, data = cells.naming.dependents[place], cells.evaluation.wengert.data
    independents = [name for at, name in enumerate(cells.naming.independents) if at not in data]
    if len(independents) > _MOST_NAMES:
        return settings, dialect.say("whole_gradient", output=dialect.math(y))
    return settings, dialect.listed([dialect.math(dialect.derivative(y, x)) for x in independents])


def notes(
    evaluation: Evaluation, undecided: bool, numerals: Numerals, cells: Cells | None, mode: str, *, order: int = 1
) -> tuple[str, ...]:
    """What stands under a table: branches taken, names, conventions at kinks, undecided digits, uncertified numbers.

    ``undecided`` tells whether a digit carries the mark; ``numerals`` are those of the table; ``cells`` gives the
    dialect and the names, None for plain text.
    """
    from adtrace.writing.dialects import PLAIN  # noqa: PLC0415 - only the JSON document has no cells

    dialect = cells.dialect if cells else PLAIN

    def named(variable: int) -> str:
        return dialect.math(cells.naming.name(variable) if cells else dialect.subscript("v", variable))

    found = _branches(evaluation, named, dialect)
    if evaluation.arithmetic.formulas:
        found += _assumption_notes(evaluation, named, cells, dialect)
    kinks = [kink for kink in evaluation.first().primal.kinks if _counts(evaluation, kink, mode)]
    found += [kink_note(evaluation, kink, named, dialect, cells) for kink in kinks]
    found += _open_notes(evaluation, mode, cells, dialect)
    if mode != REVERSE and not evaluation.wengert.shapes:  # slopes to both sides are known of numbers alone
        found += _direction_notes(evaluation, kinks, cells, dialect)
    if mode != FORWARD:
        found += _missed_notes(evaluation, cells, dialect)
    if order > 1:
        found += _higher_notes(evaluation, named, cells, dialect, mode=mode, order=order)
    found += _assignments(evaluation, named, dialect)
    found += notes_of_digits(evaluation, undecided, dialect)
    if evaluation.displayed is not None:
        found.append(dialect.say("displayed", digits=evaluation.displayed.digits))
    if not evaluation.arithmetic.exact:
        found.append(dialect.say("uncertified", arithmetic=dialect.told(said(evaluation.arithmetic.words))))
        found += _disagreements(evaluation, numerals, dialect)
    return tuple(found)


def notes_of_digits(evaluation: Evaluation, undecided: bool, dialect: Dialect) -> tuple[str, ...]:
    """What is told of digits that are marked as undecided."""
    if not undecided:
        return ()
    return (dialect.say("undecided_digit", mark=dialect.prose(MARK), bits=evaluation.limits.bits),)


def _assumption_notes(
    evaluation: Evaluation, named: Callable[[int], str], cells: Cells | None, dialect: Dialect
) -> list[str]:
    """What is assumed of the open letters, what the brackets are, and what jumps."""

    def text(terms: Terms) -> str:
        return in_language(terms, evaluation.wengert.first) if cells is None else cells.texts.formula(terms)

    found = []
    choices = [
        dialect.say("or_between").join(
            dialect.math(f"{text(left)} {dialect.relation(sign)} {text(right)}") for left, sign, right in one
        )
        for one in assumptions(evaluation.evaluated)
    ]
    if choices:
        found.append(dialect.say("assumed", conditions=dialect.listed(choices)))
    told = conventions_told(evaluation.evaluated)
    if any(kind in (CORNER, TIE) for _, kind, _ in told):
        brackets = "where(condition, 1, 0)" if cells is None else dialect.math("...".join(dialect.bracket))
        found.append(dialect.say("bracket", bracket=brackets))
    for row, kind, words in told:
        who = _row(named(row), evaluation.wengert.rows[row - 1].elemental, dialect)
        if kind != NONE:
            key = "assumed_jump" if kind == JUMP else "assumed_kink"
            found.append(dialect.say(key, row=who, convention=dialect.told(words)))
    return found


def _row(name: str, entry: Elemental, dialect: Dialect) -> str:
    """``v3 (abs)``."""
    return f"{name} ({dialect.told(entry.told)})"


def _disagreements(evaluation: Evaluation, numerals: Numerals, dialect: Dialect) -> list[str]:
    """A note for each seed for which rounding errors leave the two sweeps with different digits."""
    sweep, found = evaluation.first(), []
    n, first = len(evaluation.wengert.independents), evaluation.wengert.first
    weights = [constant_value(terms, evaluation.arithmetic, plain) for terms in evaluation.weights]
    for tangents in sweep.tangents:
        forward = sum(
            _total(weight * tangents[y - first])
            for weight, y in zip(weights, evaluation.wengert.dependents, strict=True)
            if isinstance(y, Variable)
        )
        reverse = sum(map(_total, map(mul, tangents[:n], sweep.adjoints[:n])))
        texts = [dialect.math(dialect.number(numerals.double(float(number)))) for number in (forward, reverse)]
        if texts[0] != texts[1]:
            found.append(dialect.say("disagreement", forward=texts[0], reverse=texts[1]))
    return found


def _total(number: Any) -> Any:
    """The sum of the entries of an array; a number is its own."""
    return number.sum() if hasattr(number, "sum") else number


def _branches(evaluation: Evaluation, named: Callable[[int], str], dialect: Dialect) -> list[str]:
    """``x > 0 held.`` for each comparison that chose the rows."""
    wengert = evaluation.wengert

    def side(of: Variable | Terms) -> str:
        if not isinstance(of, Variable):
            return dialect.math(written(of, dialect))
        return dialect.math(dialect.name_of(wengert.independents[of - wengert.first])) if of <= 0 else named(of)

    found = []
    for branch in wengert.branches[:_MOST_BRANCHES]:
        comparison = f"{side(branch.left)} {dialect.math(dialect.relation(branch.relation))} {side(branch.right)}"
        key = ("held" if branch.held else "not_held") + "_at_edge" * branch.boundary
        found.append(dialect.say(key, comparison=comparison))
    further = len(wengert.branches) - _MOST_BRANCHES
    if further > 0:
        found.append(dialect.say("further_comparisons" if further > 1 else "further_comparison", count=further))
    return found


def _counts(evaluation: Evaluation, kink: Convention, mode: str) -> bool:
    """Whether a convention reaches a number of the table: if an operand of the row moves, or its adjoint is spread, and
    an output has no derivative for it.
    """
    if kink.kind == JUMP or mode in (BOTH, SECOND):
        return True
    if mode != FORWARD:
        return kink.row - evaluation.wengert.first in evaluation.spread.rows and evaluation.target in kink.targets
    sweep, offset = evaluation.first(), -evaluation.wengert.first
    operands = evaluation.wengert.rows[kink.row - 1].operands
    return any(target < len(evaluation.wengert.dependents) for target in kink.targets) and any(
        not _is_exact_zero(tangents[operand + offset])
        for operand in operands
        if isinstance(operand, Variable)
        for tangents in sweep.tangents
    )


def _output(
    evaluation: Evaluation, place: int, cells: Cells | None, dialect: Dialect, key: str = "weighted_sum"
) -> str:
    """The name of an output; the weighted sum, which is the one past the last, by the phrase of this key."""
    if place == len(evaluation.wengert.dependents):
        return dialect.say(key)
    name = cells.naming.dependents[place] if cells else dialect.name_of(evaluation.wengert.dependent_names[place])
    return dialect.math(name)


def _open_notes(evaluation: Evaluation, mode: str, cells: Cells | None, dialect: Dialect) -> list[str]:
    """A note for each output of which no precision decides whether it has a derivative."""
    undecided = evaluation.first().primal.resolution.undecided
    count = len(evaluation.wengert.dependents)
    asked = [evaluation.target] if mode == REVERSE else range(count + (evaluation.target == count))
    return [
        dialect.say("open_derivative", output=_output(evaluation, place, cells, dialect), bits=evaluation.limits.bits)
        for place in asked
        if place in undecided
    ]


def _direction_notes(
    evaluation: Evaluation, kinks: Sequence[Convention], cells: Cells | None, dialect: Dialect
) -> list[str]:
    """A note for each seed and output whose slope is not the tangent, or not one, and no convention says so."""
    told = {target for kink in kinks for target in kink.targets}
    arithmetic, sentences = evaluation.arithmetic, []
    for seed, place, move, exists in evaluation.directions():
        if place in told and not exists:
            continue
        vector = evaluation.seeds[seed]
        where = dialect.say("of_the_seed") if len(vector) > _MOST_NAMES else _vector(vector, dialect)
        who = _output(evaluation, place, cells, dialect)
        with arithmetic.precision(START_BITS):
            known = move if move is not None and not arithmetic.formulas else None
            slopes = () if known is None else (arithmetic.functions["sub"](known.slope, known.jump), known.slope)
            numbers = [significant(slope, _SLOPE_DIGITS, HALF_EVEN) or "?" for slope in slopes]
        texts = [dialect.math(dialect.number(number)) for number in numbers]
        sentences.append(_direction_note(exists, {"output": who, "direction": where}, texts, dialect))
    return sentences


def _direction_note(exists: bool | None, told: Mapping[str, str], slopes: Sequence[str], dialect: Dialect) -> str:
    """The note for one seed and output: whether there is a derivative along it, and the slopes that are known."""
    if exists:
        return dialect.say("direction_slope", slope=slopes[0], **told)
    if exists is None:
        return dialect.say("direction_undecided", **told)
    if slopes:
        return dialect.say("direction_slopes", slopes=dialect.listed(slopes), **told)
    return dialect.say("direction_none", **told)


def _missed_notes(evaluation: Evaluation, cells: Cells | None, dialect: Dialect) -> list[str]:
    """A note for an output that has partial derivatives other than the numbers that the rows give."""
    names = cells.naming.independents if cells else [dialect.name_of(name) for name in evaluation.wengert.independents]
    missed = [place for place, target in sorted(evaluation.first().primal.resolution.missed)
              if target == evaluation.target]  # fmt: skip
    if not missed:
        return []
    by = dialect.listed([dialect.math(names[place]) for place in missed])
    who = _output(evaluation, evaluation.target, cells, dialect, "of_weighted_sum")
    return [dialect.say("missed", output=who, variables=by)]


def _higher_notes(
    evaluation: Evaluation, named: Callable[[int], str], cells: Cells | None, dialect: Dialect, *, mode: str, order: int
) -> list[str]:
    """What derivatives of higher order do not exist at kinks, and what stands for them."""
    sides = evaluation.first().primal.sides
    if not sides:
        return []
    from adtrace.tracing.higher import missing  # noqa: PLC0415 - few tables of a higher order are made at a kink

    absent = missing(evaluation, order, forward=mode in (FORWARD, BOTH), reverse=mode != FORWARD)
    if not absent:
        return []
    found = []
    for index in sorted(sides):
        entry = evaluation.wengert.rows[index - 1].elemental
        texts = evaluation.first().primal.written.get(index, ())
        moving = any(type(term) is Name and term.name in SLOTS for text in texts for term in rule(text))
        where = "higher_tie" if entry.kink and entry.kink.kind == TIE else "higher_kink"
        key = f"{where}_moving" if moving else f"{where}_still"
        found.append(dialect.say(key, row=_row(named(index), entry, dialect)))
    several = len(evaluation.seeds) > 1
    for seed, output, k in absent:
        told: dict[str, object] = {"number": seed + 1} if several else {}
        if output is None:
            key, of = "no_product", "of_weighted_sum"
        else:
            key, of = ("no_derivative" if k == 1 else "no_higher_derivative"), "weighted_sum"
            told |= {"ordinal": dialect.say(f"ordinal_{k}")} if k > 1 else {}
        told["output"] = _output(evaluation, evaluation.target if output is None else output, cells, dialect, of)
        found.append(dialect.say(key + ("_number" if several else ""), **told))
    return found


def _is_exact_zero(number: Any) -> bool:
    return all(entry == 0 for entry in getattr(number, "flat", [number]))


def kink_note(
    evaluation: Evaluation, kink: Convention, named: object, dialect: Dialect, cells: Cells | None = None
) -> str:
    """Which row is at a kink, its one-sided slopes, and the convention."""
    row = evaluation.wengert.rows[kink.row - 1]
    entry = row.elemental
    assert callable(named)
    operands = [named(x) if isinstance(x, Variable) else dialect.math(written(x.terms, dialect)) for x in row.operands]
    names = dict(zip(SLOTS, operands, strict=False))
    text = dialect.prose(entry.kink.where).replace(", ", dialect.say("both_between")) if entry.kink else ""
    text = re.sub(rf"\b({'|'.join(names)})\b", lambda slot: names[slot[0]], text)
    several = entry.kink is not None and ", " in entry.kink.where
    where = dialect.say("a_tie") if kink.kind == TIE else dialect.say("where", conditions=text) if several else text
    told = {"row": _row(named(kink.row), entry, dialect), "convention": dialect.told(kink.words)}
    if kink.kind == SINGULAR:
        return dialect.say("kink_singular", **told)
    if kink.entries and kink.kind != EDGE:
        bare = dialect.subscript("v", kink.row) if cells is None else cells.naming.name(kink.row)
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        there = array_prose.at_entries(evaluation, kink, bare, dialect)
        key = ("has_tie" if kink.kind == TIE and not entry.kink else "at_kink") + ("_entries" if there else "")
        return dialect.say(key, entries=there, **told)
    slopes = _slopes(entry, dialect)
    if kink.kind in (EDGE, JUMP):
        return dialect.say("kink_edge" if kink.kind == EDGE else "kink_jump", where=where, **told)
    if not slopes:
        return dialect.say("kink_none", where=where, **told)
    return dialect.say("kink_slopes", where=where, slopes=slopes, **told)


def _slopes(entry: Elemental, dialect: Dialect) -> str:
    """The slopes to both sides of a kink in words, where they are numbers: ``-1 and 1``."""
    sides = (entry.kink.below, entry.kink.above) if entry.kink and entry.kink.sided else ()
    if not sides or any(type(term) is Name for side in sides for text in side for term in rule(text)):
        return ""
    number = partial(constant_value, arithmetic=FLOATS, spelled=plain)
    below, above = sorted((side[0] for side in sides), key=lambda text: float(number(rule(text))))
    return dialect.say("two", first=dialect.told(below), second=dialect.told(above))


def _assignments(evaluation: Evaluation, named: object, dialect: Dialect) -> list[str]:
    """A note for each name that a program assigns again."""
    assigned = evaluation.wengert.assigned
    assert callable(named)
    found: list[str] = []
    if not assigned:
        return found
    by_name: dict[str, list[Operand]] = {}
    for name, operand in assigned:
        by_name.setdefault(name, []).append(operand)
    independents = frozenset(evaluation.wengert.independents)
    for name, operands in by_name.items():
        given = name in independents
        if len(operands) + given > 1:
            variables = [named(operand) for operand in operands if isinstance(operand, Variable)]
            again = {"name": dialect.math(dialect.name_of(name))}
            if variables:
                found.append(dialect.say("assigned_values", variables=dialect.listed(variables), **again))
            else:
                found.append(dialect.say("assigned", **again))
    return found
