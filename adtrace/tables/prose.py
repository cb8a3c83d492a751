"""The sentences of a table: its caption, its notes and the headings of its seeds, in one dialect."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
    kind = f"{mode.capitalize()} mode"
    if mode == SECOND:
        kind = f"{TANGENTS[options.order].name.capitalize()}-order reverse mode"
    what = f"{kind} AD of {dialect.math(_function(expression, cells))}{_at(cells)}."
    if mode == FORWARD:
        return f"{what} {_seeding(cells)}.{_orders(cells, options.order)}"
    if mode == SECOND:
        return f"{what} {_moved(cells, options)}."
    return f"{what} {_weighting(cells)} in one reverse sweep{_read_upwards(cells, options)}."


def _read_upwards(cells: Cells, options: Options) -> str:
    """`` (read the right panel upwards)``, where one is."""
    dialect, several = cells.dialect, options.order > 1
    upward = [panel for panel in cells.style.reverse if panel.upward]
    how = ""
    if upward and not (cells.arrays and options.layout == STACKED):
        beside, below = "the right panels" if several else "the right panel", "the adjoints"
        words = below if options.layout == STACKED or len(cells.style.reverse) == 1 else beside
        if words == beside and options.layout == AUTO and dialect.name == LATEX.name:  # TeX knows it when it sets it
            words = rf"\adtside{{{beside}}}{{{below}}}"
        how = f" (read {words} upwards)"
    return how


def _moved(cells: Cells, options: Options) -> str:
    """``Setting dx1 = 1 and by = 1 gives dy/dx1, and as dbx1 the product of the Hessian with the seed``."""
    dialect, naming, order = cells.dialect, cells.naming, options.order
    seeds, weighting = cells.evaluation.seeds, _weighting(cells)
    along = "the seed" if len(seeds) == 1 else "each seed"
    second = [dialect.math(naming.mark(BACKWARDS[2].adjoint)(name)) for name in naming.independents]
    where = f" as {_listed(second)}" if len(second) <= _MOST_NAMES else ""
    given = ""
    if len(seeds) == 1 and len(seeds[0]) <= _MOST_NAMES:
        weighting = weighting.replace("Setting ", "", 1)
        given = f"Setting {', '.join(_settings(cells))} and "
    sentence = (
        f"{given}{weighting}, and{where} the product of the Hessian with {along}, "
        f"in one reverse sweep{_read_upwards(cells, options)}"
    )
    names = [dialect.math(naming.mark(BACKWARDS[k].adjoint)(naming.dependents[0])) for k in range(3, order + 1)]
    what = "derivative" if cells.style.higher != styles.COEFFICIENTS else "of the Taylor coefficients"
    return sentence + "".join(
        f". {name} is the {TANGENTS[k].name} {what} of the adjoint along {along}"
        for k, name in enumerate(names, start=2)
    )


def heading(expression: Expression, cells: Cells) -> str:
    """``y = f(x1, x2) = ... at (x1, x2) = (2, 5)``."""
    return f"{cells.dialect.math(_function(expression, cells))}{_at(cells)}"


def _tuple(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


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
    """`` at (x1, x2) = (2, 5)``."""
    if is_of_arrays(cells) and cells.wengert.shapes:
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return array_prose.point(cells)
    if len(cells.naming.independents) > _MOST_NAMES:
        return ""
    known = [(name, written(terms, cells.dialect)) for name, terms in
             zip(cells.naming.independents, cells.evaluation.point, strict=True)
             if not (cells.numerals.formulas and is_letter(terms))]  # fmt: skip
    names, point = [name for name, _ in known], [number for _, number in known]
    return f" at {cells.dialect.math(f'{_tuple(names)} = {_tuple(point)}')}" if known else ""


def seed_heading(cells: Cells, seed: int, mark: str) -> str:
    """What tells a seed from another, for a mark of `styles.SEED_MARKS`."""
    vector = cells.evaluation.seeds[seed]
    place = cells.naming.units[seed]
    if place is not None and mark != styles.VECTOR:
        return ("by " if mark == styles.BY else "") + cells.dialect.math(cells.naming.independents[place])
    if mark == styles.BY:
        return f"along {seed_heading(cells, seed, styles.VECTOR)}"
    if len(vector) > _MOST_NAMES:
        return f"seed {seed + 1}"
    return cells.dialect.math(f"p = {_tuple([written(terms, cells.dialect) for terms in vector])}")


def _derivatives(cells: Cells, place: int) -> str:
    """The derivatives of the dependent variables by one independent variable."""
    dialect, naming = cells.dialect, cells.naming
    return _listed([dialect.math(dialect.derivative(y, naming.independents[place])) for y in naming.dependents])


def _seeding(cells: Cells) -> str:
    """``Setting dx1 = 1 and dx2 = 0 gives dy/dx1 in one forward sweep``."""
    if is_of_arrays(cells) and cells.wengert.shapes:
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return array_prose.seeding(cells)
    dialect, seeds, dot = cells.dialect, cells.evaluation.seeds, cells.naming.mark(TANGENT)
    if len(seeds) > 1:
        units = cells.naming.units
        if sorted(units, key=str) == sorted(range(len(seeds[0])), key=str):
            return "A forward sweep for each independent variable gives the whole gradient"
        return f"There are {len(seeds)} forward sweeps, one for each seed"
    place = cells.naming.units[0]
    result = _derivatives(cells, place) if place is not None else (
        f"the derivative {_listed([dialect.math(dot(y)) for y in cells.naming.dependents])} in this direction"
    )  # fmt: skip
    if len(seeds[0]) > _MOST_NAMES:
        return f"The seed gives {result} in one forward sweep"
    return f"Setting {_listed(_settings(cells))} gives {result} in one forward sweep"


def _settings(cells: Cells) -> list[str]:
    """``dx1 = 1`` and ``dx2 = 0``: the tangents of the first seed."""
    dialect, dot = cells.dialect, cells.naming.mark(TANGENT)
    return [
        dialect.math(f"{dot(name)} = {written(terms, dialect)}")
        for name, terms in zip(cells.naming.independents, cells.evaluation.seeds[0], strict=True)
    ]


def _orders(cells: Cells, order: int) -> str:
    """What the derivatives of higher order are, and what they are not."""
    along, y = "each seed" if len(cells.evaluation.seeds) > 1 else "the seed", cells.naming.dependents[0]
    if order > 1 and cells.style.higher == styles.COEFFICIENTS:
        names = [cells.dialect.math(cells.naming.mark(TANGENTS[k])(y)) for k in range(1, order + 1)]
        k, factorial = map(cells.dialect.math, ("k", "k!"))
        what = f"the Taylor coefficients of {cells.dialect.math(y)} along {along}"
        return f" {_listed(names)} are {what}, the derivative of each order {k} over {factorial}."
    sentences = (
        f" {cells.dialect.math(cells.naming.mark(TANGENTS[k])(y))} is the {TANGENTS[k].name} derivative along {along}, "
        f"{cells.dialect.math(f'{k}!')} times the Taylor coefficient."
        for k in range(2, order + 1)
    )
    return "".join(sentences)


def _weighting(cells: Cells) -> str:
    """``Setting by = 1 gives dy/dx1 and dy/dx2``."""
    if is_of_arrays(cells) and cells.wengert.shapes:
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return array_prose.weighting(cells)
    dialect, weights = cells.dialect, cells.evaluation.weights
    place = cells.sweep.unit(weights)
    settings = [
        dialect.math(f"{dialect.bar(y)} = {written(terms, dialect)}")
        for y, terms in zip(cells.naming.dependents, weights, strict=True)
    ]
    setting = _listed(settings) if len(settings) <= _MOST_NAMES else "the adjoints of the outputs"
    if place is None:
        return f"Setting {setting} gives the gradient of their weighted sum"
    y, data = cells.naming.dependents[place], cells.evaluation.wengert.data
    independents = [name for at, name in enumerate(cells.naming.independents) if at not in data]
    if len(independents) > _MOST_NAMES:
        return f"Setting {setting} gives the whole gradient of {dialect.math(y)}"
    return f"Setting {setting} gives {_listed([dialect.math(dialect.derivative(y, x)) for x in independents])}"


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
        found.append(
            "Every row is computed from the numbers shown above it, rounded to "
            f"{evaluation.displayed.digits} decimals, as by hand: the last digits are not those of the exact values."
        )
    if not evaluation.arithmetic.exact:
        found.append(f"Computed in {evaluation.arithmetic.words}: the digits are not certified.")
        found += _disagreements(evaluation, numerals, dialect)
    return tuple(found)


def notes_of_digits(evaluation: Evaluation, undecided: bool, dialect: Dialect) -> tuple[str, ...]:
    """What is told of digits that are marked as undecided."""
    if not undecided:
        return ()
    return (
        f"{dialect.prose(MARK)} marks a last digit that is undecided: at {evaluation.limits.bits} bits "
        "the number cannot be told from a tie of the rounding.",
    )


def _assumption_notes(
    evaluation: Evaluation, named: Callable[[int], str], cells: Cells | None, dialect: Dialect
) -> list[str]:
    """What is assumed of the open letters, what the brackets are, and what jumps."""

    def text(terms: Terms) -> str:
        return in_language(terms, evaluation.wengert.first) if cells is None else cells.texts.formula(terms)

    found = []
    choices = [
        " or ".join(dialect.math(f"{text(left)} {dialect.relation(sign)} {text(right)}") for left, sign, right in one)
        for one in assumptions(evaluation.evaluated)
    ]
    if choices:
        found.append(f"For {_listed(choices)}.")
    told = conventions_told(evaluation.evaluated)
    if any(kind in (CORNER, TIE) for _, kind, _ in told):
        brackets = "where(condition, 1, 0)" if cells is None else dialect.math("...".join(dialect.bracket))
        found.append(f"A bracket {brackets} is 1 where its condition holds, and else 0.")
    for row, kind, words in told:
        who = f"{named(row)} ({dialect.prose(evaluation.wengert.rows[row - 1].elemental.spoken)})"
        if kind == JUMP:
            found.append(f"{who} jumps: by convention {dialect.prose(words)}.")
        elif kind != NONE:
            found.append(f"At a kink of {who} by convention {dialect.prose(words)}.")
    return found


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
        texts = [dialect.math(numerals.double(float(number))) for number in (forward, reverse)]
        if texts[0] != texts[1]:
            found.append(f"Its rounding errors show: the derivative is {texts[0]} by the forward sweep "
                         f"and {texts[1]} by the reverse sweep.")  # fmt: skip
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
        held = "held" if branch.held else "did not hold"
        edge = "; its sides are equal here, and the derivative is that of the branch taken" if branch.boundary else ""
        found.append(f"{comparison} {held}{edge}.")
    further = len(wengert.branches) - _MOST_BRANCHES
    if further > 0:
        found.append(f"{further} further comparison{'s were' if further > 1 else ' was'} decided in the same way.")
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


def _output(evaluation: Evaluation, place: int, cells: Cells | None, dialect: Dialect) -> str:
    """The name of an output; the weighted sum is the one past the last."""
    if place == len(evaluation.wengert.dependents):
        return "the weighted sum"
    name = cells.naming.dependents[place] if cells else dialect.name_of(evaluation.wengert.dependent_names[place])
    return dialect.math(name)


def _open_notes(evaluation: Evaluation, mode: str, cells: Cells | None, dialect: Dialect) -> list[str]:
    """A note for each output of which no precision decides whether it has a derivative."""
    undecided = evaluation.first().primal.resolution.undecided
    count = len(evaluation.wengert.dependents)
    asked = [evaluation.target] if mode == REVERSE else range(count + (evaluation.target == count))
    return [
        f"Whether {_output(evaluation, place, cells, dialect)} has a derivative here is undecided: as far as "
        f"{evaluation.limits.bits} bits tell, its one-sided slopes agree."
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
        where = "of the seed" if len(vector) > _MOST_NAMES else (
            dialect.math(f"p = {_tuple([written(terms, dialect) for terms in vector])}")
        )  # fmt: skip
        who = _output(evaluation, place, cells, dialect)
        with arithmetic.precision(START_BITS):
            known = move if move is not None and not arithmetic.formulas else None
            slopes = () if known is None else (arithmetic.functions["sub"](known.slope, known.jump), known.slope)
            texts = [dialect.math(significant(slope, _SLOPE_DIGITS, HALF_EVEN) or "?") for slope in slopes]
        sentences.append(_direction_note(exists, who, where, texts))
    return sentences


def _direction_note(exists: bool | None, who: str, where: str, slopes: Sequence[str]) -> str:
    """The note for one seed and output: whether there is a derivative along it, and the slopes that are known."""
    if exists:
        return (f"In the direction {where} {who} has the slope {slopes[0]} to both sides, which is not its "
                "tangent here: no partials of its rows give it.")  # fmt: skip
    if exists is None:
        return f"Whether {who} has a derivative in the direction {where} is undecided."
    sides = f": its one-sided slopes are {_listed(slopes)}" if slopes else ""
    return (f"{who} has no derivative in the direction {where}{sides}. "
            "Its tangent is the sum of its partial derivatives times the seed.")  # fmt: skip


def _missed_notes(evaluation: Evaluation, cells: Cells | None, dialect: Dialect) -> list[str]:
    """A note for an output that has partial derivatives other than the numbers that the rows give."""
    names = cells.naming.independents if cells else [dialect.name_of(name) for name in evaluation.wengert.independents]
    missed = [place for place, target in sorted(evaluation.first().primal.resolution.missed)
              if target == evaluation.target]  # fmt: skip
    if not missed:
        return []
    by = _listed([dialect.math(names[place]) for place in missed])
    who = _output(evaluation, evaluation.target, cells, dialect)
    return [f"The derivative of {who} by {by} exists and is another number: no partials of its rows give it."]


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
        says = "its higher derivatives are those of its partial" if moving else "its second derivative is 0"
        where = "a tie" if entry.kink and entry.kink.kind == TIE else "its kink"
        found.append(f"{named(index)} ({dialect.prose(entry.spoken)}) is at {where}: by convention {says}.")
    several = len(evaluation.seeds) > 1
    for seed, output, k in absent:
        along = f"seed {seed + 1}" if several else "the seed"
        what = f"{TANGENTS[k].name} derivative" if k in TANGENTS and k > 1 else "derivative"
        if output is None:
            who = _output(evaluation, evaluation.target, cells, dialect)
            found.append(f"No product of the Hessian of {who} with {along} exists: "
                         "what stands there is by that convention.")  # fmt: skip
        else:
            who = _output(evaluation, output, cells, dialect)
            found.append(f"{who} has no {what} along {along}: what stands there is by that convention.")
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
    text = dialect.prose(entry.kink.where.replace(", ", " and ")) if entry.kink else ""
    text = re.sub(rf"\b({'|'.join(names)})\b", lambda slot: names[slot[0]], text)
    where = "a tie" if kink.kind == TIE else text if " and " not in text else f"where {text}"
    who = f"{named(kink.row)} ({dialect.prose(entry.spoken)})"
    if kink.kind == EDGE:
        return f"{who} is at its kink, {where}, the edge of its domain: its partial is {dialect.prose(kink.words)}."
    if kink.kind == SINGULAR:
        return f"{who} has an infinite partial here. By convention {dialect.prose(kink.words)}."
    row_is = f"{who} is at its kink, {where}"
    if kink.entries:
        name = named(kink.row)
        bare = dialect.subscript("v", kink.row) if cells is None else cells.naming.name(kink.row)
        ties = kink.kind == TIE and not entry.kink
        what = "has a tie" if ties else "is at its kink"
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        there = array_prose.at_entries(evaluation, kink, bare, dialect)
        return f"{name} ({dialect.prose(entry.spoken)}) {what}{there}. By convention {dialect.prose(kink.words)}."
    if kink.kind == JUMP:
        return f"{row_is}: its value jumps there. By convention {dialect.prose(kink.words)}."
    slopes = _slopes(entry)
    if not slopes:
        return f"{row_is}: no derivative exists there. By convention {dialect.prose(kink.words)}."
    return (
        f"{row_is}: its one-sided slopes are {dialect.prose(slopes)}, and no derivative exists. "
        f"By convention {dialect.prose(kink.words)}."
    )


def _slopes(entry: Elemental) -> str:
    """The slopes to both sides of a kink in words, where they are numbers: ``-1 and 1``."""
    sides = (entry.kink.below, entry.kink.above) if entry.kink and entry.kink.sided else ()
    if not sides or any(type(term) is Name for side in sides for text in side for term in rule(text)):
        return ""
    number = partial(constant_value, arithmetic=FLOATS, spelled=plain)
    return " and ".join(sorted((side[0] for side in sides), key=lambda text: float(number(rule(text)))))


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
            shown = f": its values are {_listed(variables)}" if variables else ""
            again = f"{dialect.math(dialect.name_of(name))} is assigned again"
            found.append(f"{again}, so each value is a variable of its own{shown}.")
    return found
