"""The library's front door: ``trace(expression, at=...)`` and the `Trace` that it returns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from adtrace.collector import uncollected
from adtrace.documents.output import write
from adtrace.documents.shown import Shown, shown
from adtrace.documents.structure import structure
from adtrace.elementals import Abstract
from adtrace.errors import BindingError, OptionError, ParseError, listed, printable
from adtrace.formats import PICTURES
from adtrace.language.allowed import Language
from adtrace.language.syntax import CONSTANTS, TRUE, Expression, Name, Statement, Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import Arithmetic
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.value import Value, named_values
from adtrace.settings import ARITHMETICS, AUTO, DISPLAYED, FORWARD, OWN, POINT, POWERS, REVERSE, ROWS, SYMPY, SYNTAXES
from adtrace.tables.extent import require_cells, require_seeds
from adtrace.tables.options import Options, of_file, options
from adtrace.tables.prose import LONGEST
from adtrace.tables.resources import checked_folder
from adtrace.tables.styles import CONTRIBUTIONS, Style, noted, style
from adtrace.tables.tabulate import Table, tabulate
from adtrace.tracing.branching import require_same_branches
from adtrace.tracing.calls import bind_call
from adtrace.tracing.conditions import decided
from adtrace.tracing.from_sympy import convert, is_sympy, legible
from adtrace.tracing.from_sympy import names as convert_names
from adtrace.tracing.kinks import checked, conventions
from adtrace.tracing.lower import lower
from adtrace.tracing.point import Number, bind_point, constant, opened, read_point, value_of
from adtrace.tracing.primal import Displayed, Evaluated
from adtrace.tracing.quantities import ADJOINT, CONSTANT, TANGENT, VALUE, Address, Quantity
from adtrace.tracing.reading import language, one_reading
from adtrace.tracing.record import record
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.symbols import LONGEST as LONGEST_FORMULA
from adtrace.tracing.symbols import symbols
from adtrace.tracing.to_sympy import Formula
from adtrace.tracing.wengert import Branch, Variable, WengertList
from adtrace.writing.dialects import plain, same_printed

if TYPE_CHECKING:
    from adtrace.tracing.straight_line import Cost

_ARITHMETICS = {CERTIFIED.name: CERTIFIED, FLOATS.name: FLOATS, DISPLAYED: CERTIFIED}
EACH = "each"
"""The seed that stands for a sweep for every independent variable."""

Seed = str | Mapping[str, Number]


_SHOWN, _SHOWN_NAMES = 60, 6
"""Characters of a function, and variables, in the line that stands for a trace."""


@dataclass(frozen=True, slots=True, repr=False)
class Trace:
    """A function evaluated and differentiated at a point, row by row."""

    expression: Formula
    evaluation: Evaluation
    chosen_seed: bool = False
    """Whether the caller gave a seed; else a style may have its own."""
    chosen_weights: bool = False
    """Whether the caller weighted the outputs; else each has a reverse sweep of its own."""
    displayed: bool = False
    """Whether tables are computed from the rounded numbers that they show."""
    readings: tuple[str, ...] = ()
    """How the text and its point were read, where they are not in the plain language: ``read as 2*x + sin(x)``."""

    def __repr__(self) -> str:
        """``<Trace of x*y at x=1, y=2: f = 2>``, in one line however long the function is."""
        text = " ".join(self.expression.text.split())
        text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        named = zip(self.wengert.independents, self.evaluation.point, strict=True)
        point = ", ".join(
            name if plain(terms) == name else f"{name}={plain(terms)}" for name, terms in islice(named, _SHOWN_NAMES)
        )
        more = ", ..." if len(self.wengert.independents) > _SHOWN_NAMES else ""
        results = (f"{name} = {value}" for name, value in islice(self.values.items(), _SHOWN_NAMES))
        return f"<Trace of {text} at {point}{more}: {', '.join(results)}>"

    @property
    def wengert(self) -> WengertList:
        """The function as a Wengert list."""
        return self.evaluation.wengert

    @property
    def value(self) -> Value:
        """The value of the dependent variable; with several, see `values`."""
        return self._only(self.values, "values")

    @property
    def values(self) -> dict[str, Value]:
        """The value of each dependent variable."""
        return {name: self._dependent(place, VALUE) for place, name in self._dependents()}

    @property
    def gradient(self) -> dict[str, Value]:
        """The partial derivative by each independent variable, from the reverse sweep: of the dependent variable, or of
        the weighted sum of several; without weights, see `jacobian`.
        """
        if len(self.wengert.dependents) > 1 and not self.chosen_weights:
            raise OptionError("there are several outputs: give them weights, or read trace.jacobian")
        return _adjoints(self.evaluation)

    @property
    def jacobian(self) -> dict[str, dict[str, Value]]:
        """For each dependent variable its partial derivatives, from a reverse sweep for each."""
        each = self._each_output()
        return {name: _adjoints(each[place]) for place, name in self._dependents()}

    @property
    def tangent(self) -> Value:
        """The derivative in the direction of the (first) seed, from the forward sweep; with several outputs, see
        `tangents`.
        """
        return self._only(self.tangents[0], "tangents")

    @property
    def tangents(self) -> list[dict[str, Value]]:
        """For each seed the tangent of each dependent variable."""
        return [
            {name: self._dependent(place, TANGENT, k) for place, name in self._dependents()}
            for k in range(len(self.evaluation.seeds))
        ]

    def taylor(self, order: int, seed: Seed | None = None) -> dict[str, list[Value]]:
        """For each dependent variable its Taylor coefficients of order 0 to ``order`` along a seed (the trace's first
        by default): y(x + t s) = c_0 + c_1 t + c_2 t^2 + ...; the derivative of order k along s is k! c_k.

        Raises `OptionError` for an order that is none, `DomainError` where a derivative does not exist.
        """
        from adtrace.higher import coefficients  # noqa: PLC0415

        rows = coefficients(self.evaluation, self._direction(seed), order)
        return dict(zip(self.wengert.dependent_names, rows, strict=True))

    def hessian_vector(self, seed: Seed | None = None) -> dict[str, Value]:
        """The product of the Hessian with a seed (the trace's first by default), an entry for each variable.

        With several outputs it is that of their weighted sum; without weights, see `hessian`.  Raises `DomainError`
        where a second derivative does not exist.
        """
        if len(self.wengert.dependents) > 1 and not self.chosen_weights:
            raise OptionError("there are several outputs: give them weights, or read trace.hessian")
        return self._hessian_vector(self.evaluation, self._direction(seed))

    @property
    def hessian(self) -> dict[str, Any]:
        """The second derivatives: ``trace.hessian["x1"]["x2"]``; of several outputs by output first."""
        if len(self.wengert.dependents) > 1 and not self.chosen_weights:
            each = self._each_output()
            return {name: self._hessian(each[place]) for place, name in self._dependents()}
        return self._hessian(self.evaluation)

    def _hessian(self, evaluation: Evaluation) -> dict[str, dict[str, Value]]:
        names = self.wengert.independents
        return {name: self._hessian_vector(evaluation, _unit(place, len(names))) for place, name in enumerate(names)}

    def _hessian_vector(self, evaluation: Evaluation, direction: tuple[Terms, ...]) -> dict[str, Value]:
        from adtrace.higher import hessian_vector  # noqa: PLC0415

        return dict(zip(self.wengert.independents, hessian_vector(evaluation, direction), strict=True))

    def _direction(self, seed: Seed | None) -> tuple[Terms, ...]:
        """The direction that a seed is; the first of the trace by default."""
        return self.evaluation.seeds[0] if seed is None else _seeds(seed, self.wengert.independents, self.limits)[0]

    @property
    def limits(self) -> Limits:
        """The bounds of the trace."""
        return self.evaluation.limits

    def at(self, point: Mapping[str, Number]) -> Trace:
        """The same function at another point; nothing is read or lowered again.

        Raises `DomainError` where a recorded function would take another branch.
        """
        _require_rules(self.wengert)
        names = self.wengert.independents
        typed, _ = read_point(point, language(limits=self.evaluation.limits))
        values = bind_point(typed, names, list(names), self.evaluation.limits)
        evaluated = replace(self.evaluation.evaluated, point=tuple(values[name] for name in names))
        if evaluated.arithmetic.formulas:
            evaluated = replace(evaluated, arithmetic=_arithmetic(AUTO, len(self.wengert.rows), self.limits))
            _require_numbers(self.evaluation.seeds, self.evaluation.weights)
        evaluation = replace(self.evaluation, evaluated=evaluated)
        evaluation.first()
        evaluation.require_derivatives()
        if self.wengert.branches:
            require_same_branches(evaluation)
        return replace(self, evaluation=evaluation)

    def function(self) -> Callable[[Any], Any]:
        """The function as compiled straight-line code in double precision: ``value, gradient`` of any point, or of
        an array of points; see `compiled.compiled`.
        """
        from adtrace.tracing.straight_line import compiled  # noqa: PLC0415 - only who asks often pays for it

        _require_rules(self.wengert)
        return compiled(self.evaluation)

    def cost(self) -> Cost:
        """The operations of the function and of its reverse sweep, counted; prints as a sentence."""
        from adtrace.tracing.straight_line import cost  # noqa: PLC0415

        return cost(self.wengert)

    def table(self, **given: Any) -> str:
        """The table as text; the keyword arguments are those of `Options`.

        Raises `OptionError`, `TemplateError`, and `UndecidedError` if ``undecided="refuse"``.
        """
        with uncollected():
            return "".join(self._pieces(options(given)))

    def write(self, target: str | Path | TextIO, **given: Any) -> None:
        """Write the table to a file, or to a stream that is open; the keyword arguments are those of `Options`.

        A file gets its whole document or stays as it was; its ending gives the format, if none is named.  However long
        a table is, its text is never held at once.  Raises as `table`, and `InputError` for what cannot be written.
        """
        if isinstance(target, str | Path):
            chosen = options(given if "format" in given else of_file(target) | given)
            write(self._pieces(chosen), str(target))
        else:
            for piece in self._pieces(options(given)):
                target.write(piece)

    def _pieces(self, chosen: Options) -> Iterator[str]:
        """The document, in pieces."""
        if chosen.format == "json":
            yield json.dumps(self._structure(chosen), indent=2, ensure_ascii=False) + "\n"
        elif chosen.format in PICTURES:
            raise OptionError(f"{chosen.format} is no text; picture(format={chosen.format!r}) gives its bytes")
        else:
            yield from self._rendered(chosen)

    def _rendered(self, chosen: Options) -> Iterator[str]:
        from adtrace.documents.render import pieces  # noqa: PLC0415 - Jinja is imported when a template is needed

        notation = _notation(chosen)
        evaluations = self._evaluations(chosen, notation)
        shown = self._captioned(chosen)
        tables = tabulate(shown, evaluations, notation, chosen)
        if chosen.format == "html" and chosen.standalone:
            from adtrace.documents.page import page  # noqa: PLC0415

            return pieces(tables, notation, chosen, page(shown, evaluations, notation, chosen))
        return pieces(tables, notation, chosen)

    def tables(self, **given: Any) -> tuple[Table, ...]:
        """The tables as records of plain strings: what a template gets, for a program that lays out by itself."""
        chosen = options(given)
        if chosen.format == "json":
            raise OptionError("json is no table; to_dict() gives its structure")
        notation = _notation(chosen)
        return tuple(tabulate(self._captioned(chosen), self._evaluations(chosen, notation), notation, chosen))

    def _captioned(self, chosen: Options) -> Expression:
        """What captions show: the expression, or the formula that is given for it, if that is the same function."""
        text, names = chosen.caption_formula, self.wengert.independents
        if text is None:
            return self.expression
        read, _ = one_reading(text, language(declared=frozenset(names), limits=self.evaluation.limits))
        if read.conditional:
            raise OptionError("caption_formula is a formula without conditions")
        if not read.is_formula or read.outputs != len(self.wengert.dependents):
            outputs = len(self.wengert.dependents)
            raise OptionError(f"caption_formula is one formula for each output, of which there are {outputs}")
        if read.parameters not in (None, names):
            raise OptionError(f"caption_formula is a formula of ({', '.join(names)}), in this order")
        if sum(len(statement.terms) for statement in read.statements) > LONGEST:
            raise OptionError(f"caption_formula is longer than a caption: it has more than {LONGEST} terms")
        wengert = lower(read, names, names=_dependent_names(read, names), outputs=None, limits=self.evaluation.limits)
        from adtrace.tracing.sameness import differing  # noqa: PLC0415

        difference = differing(self.evaluation.evaluated, replace(self.evaluation.evaluated, wengert=wengert))
        if difference:
            raise OptionError(f"caption_formula is another function: {difference}")
        return read

    def each_table(self, **given: Any) -> list[str]:
        """The tables as `table` writes them, the text of each by itself."""
        from adtrace.documents.render import pieces  # noqa: PLC0415

        chosen = options(given)
        tables = self.tables(**given)
        return ["".join(pieces((table,), _notation(chosen), chosen)) for table in tables]

    def picture(self, **given: Any) -> bytes:
        """The table as a PDF, PNG or SVG, made without TeX; the keyword arguments are those of `Options`.

        Raises as `table`, and `OptionError` where the extra ``adtrace[pdf]`` is not installed.
        """
        from adtrace.documents.picture import typeset  # noqa: PLC0415 - Typst is an extra

        chosen = options({"format": "pdf"} | given)
        if chosen.format not in PICTURES:
            raise OptionError(f"the format of a picture is {', '.join(PICTURES)}, not {chosen.format!r}")
        return typeset("".join(self._rendered(replace(chosen, standalone=True))), chosen.format)

    def graph(
        self,
        *,
        format: str = "svg",  # noqa: A002
        mode: str = REVERSE,
        of: str | None = None,
        **given: Any,
    ) -> str:
        """The computational graph as ``svg``, ``tikz``, ``dot`` or ``mermaid`` text.

        Values stand on the forward edges.  ``mode`` "reverse" puts adjoints on backward ones, "forward" the tangents
        below the values, "evaluation" neither.  ``of`` names the dependent variable whose adjoints they are, where
        there are several.  The other arguments are those of `Options` that numbers and names depend on: ``digits``,
        ``rounding``, ``numbers``, ``undecided``, ``style``, ``template_dir``.

        Raises `OptionError`, `BoundError` for a graph that nobody can read, and `UndecidedError`.
        """
        from adtrace.graphs.drawings import draw  # noqa: PLC0415

        chosen = options(given)
        notation = _notation(chosen)
        return draw(self.expression, self._evaluations(chosen, notation), notation, chosen, (format, mode, of))

    def show(self, **given: Any) -> Shown:
        """The table as a notebook's cell shows it; the keyword arguments are those of `Options` but for ``format``.

        ``standalone=True`` shows the page that steps through the trace.
        """
        return shown(self.table, given)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The tables in every format that a notebook's front end may want."""
        return self.show()._repr_mimebundle_()

    def to_dict(self, **given: Any) -> dict[str, Any]:
        """The structure that `document` describes, as plain data."""
        return self._structure(options({"format": "json"} | given))

    def _structure(self, chosen: Options) -> dict[str, Any]:
        document = structure(self.expression, self._evaluations(chosen, None), chosen)
        return document | ({"readings": list(self.readings)} if self.readings else {})

    def evaluations(self, chosen: Options) -> list[Evaluation]:
        """What the tables of these options are made from: the evaluation, or one for each output."""
        return self._evaluations(chosen, None)

    def _evaluations(self, chosen: Options, notation: Style | None) -> list[Evaluation]:
        """The evaluation that a table shows, or one for each output."""
        most = self.evaluation.limits.decimals
        if chosen.digits > most:
            chosen.refuse_digits(most)
        if chosen.order > 1:
            from adtrace.higher import require_smooth  # noqa: PLC0415 - few tables ask for it

            require_smooth(self.evaluation, chosen.order)
            if self.displayed:
                raise OptionError("displayed arithmetic has tangents of the first order")
        several = len(self.wengert.dependents) > 1 and not self.chosen_weights
        each_input = notation is not None and notation.seeds == EACH and not self.chosen_seed
        count = len(self.wengert.independents) if each_input else len(self.evaluation.seeds)
        sweeps = len(self.wengert.dependents) if several and chosen.mode != FORWARD else 1
        require_cells(self.evaluation, sweeps, count, notation, chosen)
        evaluations = self._each_output(sweeps) if several else [self.evaluation]
        if each_input:
            seeds = _seeds(EACH, self.wengert.independents, self.evaluation.limits)
            evaluations = [evaluation.seeded(seeds) for evaluation in evaluations]
        if self.displayed:
            running = notation is None or any(panel.lines == CONTRIBUTIONS for panel in notation.reverse)
            displayed = Displayed(chosen.digits, chosen.rounding, running)
            evaluations = [evaluation.as_displayed(displayed) for evaluation in evaluations]
        return evaluations

    def _each_output(self, sweeps: int | None = None) -> list[Evaluation]:
        """A reverse sweep for each dependent variable, or for so many; they share the evaluation trace."""
        count = len(self.wengert.dependents)
        places = range(count if sweeps is None else sweeps)
        return [self.evaluation.weighted(_unit(place, count), place) for place in places]

    def _dependents(self) -> list[tuple[int, str]]:
        return list(enumerate(self.wengert.dependent_names))

    def _dependent(self, place: int, quantity: Quantity, seed: int = 0) -> Value:
        """A number of a dependent variable; a constant one has its own value, and the tangent zero."""
        operand = self.wengert.dependents[place]
        if isinstance(operand, Variable):
            return self.evaluation.value(Address(quantity, operand - self.wengert.first, seed))
        if quantity is VALUE:
            return self.evaluation.value(Address(CONSTANT, id(operand)))
        return self.evaluation.number(lambda sweep: self.evaluation.arithmetic.zero)

    def _only(self, values: dict[str, Value], where: str) -> Value:
        if len(values) > 1:
            raise OptionError(f"there are several outputs: read trace.{where}")
        return next(iter(values.values()))


def _notation(chosen: Options) -> Style:
    """The style that the options name, with the marks that they change."""
    return noted(style(chosen.style, checked_folder(chosen.template_dir)), chosen.notation)


def _adjoints(evaluation: Evaluation) -> dict[str, Value]:
    names, at = evaluation.wengert.independents, evaluation.at
    if evaluation.arithmetic.formulas:
        return {
            name: evaluation.value(Address(ADJOINT, place))
            for place, name in enumerate(names)
        }
    with uncollected():
        return named_values(names, evaluation.first().adjoints, lambda bits: at(bits).adjoints, evaluation.limits)


def trace(
    expression: Any,
    at: Any = None,
    *,
    open: str | Sequence[str] | None = None,  # noqa: A002 - the word that says it
    seed: Seed | Sequence[Seed] | None = None,
    weights: Mapping[str, Number] | None = None,
    outputs: Sequence[str] | None = None,
    kinks: str | Mapping[str, object] | None = None,
    sharing: bool = True,
    powers: str = ROWS,
    arithmetic: str = AUTO,
    longest: int = LONGEST_FORMULA,
    strict: bool = False,
    decimal: str = POINT,
    syntax: str = OWN,
    limits: Limits = DEFAULT,
) -> Trace:
    """Trace a formula or a program, a Python function (see `record`), or a sympy object (see `from_sympy`), at a point,
    or without one in symbols.

    ``at`` gives each independent variable a number (see `point`); its order is theirs unless the expression has a left
    side, ``f(x1, x2) = ...``.  For a Python function it may be its arguments, too, ``at=(2, 5)`` (see `calls`).
    Without ``at`` every letter stays open, and values, tangents and adjoints are formulas in them (see `symbols`);
    beside a point those stay open that ``open`` names, which may be letters of seeds and weights, too.  In others a
    formula of more than ``longest`` terms stands by its row's name.
    ``seed`` is the tangent of the independent variables: the name of one, or a number for each (0 where none is
    given), or a list of such seeds, or "each"; the first variable by default.  ``weights`` are the adjoints of several
    outputs; without them each has a reverse sweep of its own.  ``outputs`` chooses the outputs of a program by name.
    ``kinks`` are the conventions where no derivative exists (see `kinks.conventions`).
    Identical sub-expressions share a row unless ``sharing`` is False; ``powers="products"`` writes ``x^2`` as ``x*x``.
    ``arithmetic`` is "certified", "float", "displayed" (every row from the rounded numbers shown above it), or
    "auto": certified up to ``limits.certified_rows`` rows.
    Text is read as people write it, LaTeX and Unicode included (see docs/language.md), if there is one way to read it;
    ``strict`` takes the plain language alone, ``decimal="comma"`` reads 1,5 as a number.
    ``syntax="sympy"`` has a text read by sympy's own parser (see `sympy_text`).

    Raises `ParseError`, `BindingError`, `BoundError`, `OptionError`; `DomainError` and `UndecidedError` from the
    mathematics.
    """
    if syntax not in SYNTAXES:
        raise OptionError(f"syntax is {' or '.join(SYNTAXES)}, not {syntax!r}")
    if powers not in POWERS:
        raise OptionError(f"powers is {' or '.join(POWERS)}, not {powers!r}")
    if not isinstance(limits, Limits):
        raise OptionError(f"limits is a Limits(...), not {limits!r}")
    if not isinstance(sharing, bool):
        raise OptionError(f"sharing is True or False, not {sharing!r}")
    if outputs is not None and not (
        isinstance(outputs, list | tuple) and outputs and all(isinstance(name, str) for name in outputs)
    ):
        raise OptionError(f"outputs is a list of names of the program, not {outputs!r}")
    if outputs is not None and len(set(outputs)) < len(outputs):
        raise OptionError("outputs names the same twice")
    letters = _letters(at, open)
    symbolic = letters is None or bool(letters)
    number_system = _number_system(symbolic, arithmetic, longest, limits)
    told: tuple[str, ...] = ()
    rows: dict[str, Any] = {"sharing": sharing, "powers": powers, "limits": limits}
    if callable(expression) and not is_sympy(expression):
        if outputs is not None:
            raise OptionError("outputs chooses names of a program; a Python function returns the ones that are wanted")
        with uncollected():
            call = bind_call(expression, at, limits, letters)
        deciding = None if arithmetic == AUTO and not symbolic else number_system(0)
        wengert, computed = record(expression, call, arithmetic=deciding, **rows)
        given: Sequence[Terms] = call.point
        read = Expression(call.text, (), len(wengert.dependents), call.function, call.names)
    else:
        allowed = language(strict=strict, decimal=decimal, limits=limits)
        read, point, branches, told = _read(expression, at, letters, allowed, syntax)
        computed = None
        names = tuple(outputs) if outputs is not None else _dependent_names(read, tuple(point))
        wengert = lower(read, tuple(point), names=names, outputs=outputs, branches=branches, **rows)
        given = tuple(point.values())
    require_seeds(wengert, _count(seed, wengert.independents), limits)
    several = weights is not None and len(wengert.dependents) > 1
    free = _EVERY if letters is None else frozenset(letters)
    adjoints = _weights(weights, wengert.dependent_names, limits, free)
    chosen = _seeds(seed, wengert.independents, limits, free)
    _require_meant(letters, wengert.independents, (*chosen, adjoints))
    evaluation = Evaluation(
        Evaluated(
            wengert,
            given,
            number_system(len(wengert.rows)),
            limits.of(len(wengert.rows)),
            checked(conventions(kinks), wengert),
            summed=adjoints if several else None,
        ),
        chosen,
        adjoints,
        target=len(wengert.dependents) if several else 0,
    )
    if computed is None:
        evaluation.first()
    else:
        evaluation.begun(computed)
    evaluation.require_derivatives()
    read = Formula.of(read, wengert.independents)
    return Trace(read, evaluation, seed is not None, weights is not None, arithmetic == DISPLAYED, told)


class _Every(frozenset[str]):
    """The letters that may stay open where all of them do."""

    def __contains__(self, name: object) -> bool:
        return True


_EVERY = _Every()


def _letters(at: Any, given: object) -> tuple[str, ...] | None:
    """The letters that stay open; None for every one."""
    if given is None:
        return None if at is None else ()
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise OptionError(f"open is the name of a letter, or a list of names, not {given!r}")
    return tuple(names)


def _number_system(symbolic: bool, arithmetic: str, longest: object, limits: Limits) -> Callable[[int], Arithmetic]:
    """The number system for so many rows."""
    if type(longest) is not int or longest < 1:
        raise OptionError(f"longest is a whole number from 1, not {longest!r}")
    if not symbolic:
        return lambda rows: _arithmetic(arithmetic, rows, limits)
    if arithmetic not in (AUTO, CERTIFIED.name):
        raise OptionError(f"open letters have formulas, not numbers: arithmetic is {AUTO}, not {arithmetic!r}")
    return lambda rows: symbols(longest)


def _require_meant(
    letters: tuple[str, ...] | None, names: tuple[str, ...], vectors: Sequence[Sequence[Terms]]
) -> None:
    """Raise `BindingError` for an open letter that stands nowhere."""
    if letters:
        used = {term[0] for vector in vectors for terms in vector for term in terms if type(term) is Name}
        for name in letters:
            if name not in names and name not in used:
                raise BindingError(f"{printable(name) or 'nothing'} is to stay open, and stands neither in the "
                                   "expression nor in a seed or a weight")  # fmt: skip


def _require_rules(wengert: WengertList) -> None:
    """Raise `OptionError` for a function without a rule, which has no numbers."""
    for signature in dict.fromkeys(wengert.flat.kinds):  # each once: they are few, however many rows there are
        if isinstance(signature.elemental, Abstract):
            raise OptionError(f"{signature.elemental.of} has no rule, and so no numbers")


def _require_numbers(seeds: Sequence[Sequence[Terms]], weights: Sequence[Terms]) -> None:
    """Raise `OptionError` for a letter in a seed or a weight."""
    for terms in (*(terms for seed in seeds for terms in seed), *weights):
        if any(type(term) is Name and term.name not in CONSTANTS for term in terms):
            raise OptionError(f"{plain(terms)} of a seed or a weight is a letter, which has no value")


def _read(
    given: Any, at: Any, letters: tuple[str, ...] | None, allowed: Language, syntax: str
) -> tuple[Expression, dict[str, Terms], tuple[Branch, ...], tuple[str, ...]]:
    """A text or a sympy object with its point, the conditions that were decided to read it, and how it was read."""
    if not isinstance(given, str) and not is_sympy(given):
        raise OptionError(f"an expression is text, a function or a sympy object, not {type(given).__name__}")
    at = {} if at is None else at
    if not isinstance(at, Mapping):
        raise BindingError("the point is a mapping of names to numbers, such as {'x1': 2, 'x2': 5}")
    limits = allowed.limits
    held = isinstance(given, str) and syntax == SYMPY
    if held:
        from adtrace.tracing.sympy_text import parsed_by_sympy  # noqa: PLC0415

        given = parsed_by_sympy(given, at, limits)
    if isinstance(given, str):
        at, told = read_point(at, allowed)
        read, said, abstract = _reading(given, at, letters, allowed)
        told = ((f"read as {said}",) if said else ()) + told + abstract
        at = at if letters == () else opened(at, _of_text(read, letters), read.parameters or _used(read))
        point = bind_point(at, read.parameters, _used(read), limits)
        if read.conditional:
            return *_decided(read, point, limits), told
        return read, point, (), told
    named = {legible(str(getattr(symbol, "name", symbol))): number for symbol, number in at.items()}
    if letters != ():
        named = opened(named, letters, convert_names(given))
    values = {name: value_of(name, number, limits) for name, number in named.items()}
    converted = convert(given, values, limits, held=held)
    point = bind_point(named, converted.parameters, list(converted.symbols), limits)
    statements = tuple(Statement(name, terms) for name, terms in converted.outputs)
    text = ", ".join(plain(terms) for _, terms in converted.outputs)
    text = text if len(statements) == 1 else f"({text})"
    return Expression(text, statements, len(statements), None, converted.parameters), point, converted.branches, ()


def _decided(
    read: Expression, point: dict[str, Terms], limits: Limits
) -> tuple[Expression, dict[str, Terms], tuple[Branch, ...]]:
    """The branches that are taken at the point."""
    taken, branches = decided(read, point, limits)
    return taken, point, branches


_CALL = re.compile(r"([A-Za-z]+(?:_?[0-9]+)?)\s*\(", re.ASCII)
_UNKNOWN = re.compile(r"unknown function '([A-Za-z]+(?:_?[0-9]+)?)'", re.ASCII)
_MOST_ABSTRACT = 16


def _reading(
    text: str, at: Mapping[str, Number], letters: tuple[str, ...] | None, allowed: Language
) -> tuple[Expression, str, tuple[str, ...]]:
    """The expression, how it was read, and the functions without a rule, which are read where letters are open."""
    abstract: list[str] = []
    named = allowed.with_names([*at, *(letters or ())])
    while True:
        functions: dict[str, tuple[int, int | None]] = {**named.functions, **dict.fromkeys(abstract, (1, 2))}
        try:
            read, said = one_reading(text, replace(named, functions=functions))
        except ParseError as problem:
            found = _UNKNOWN.fullmatch(problem.problem)
            if letters == () or found is None or found[1] in abstract or len(abstract) == _MOST_ABSTRACT:
                raise
            abstract.append(found[1])
            continue
        clash = set(abstract).intersection(_used(read), read.parameters or ())
        if clash:
            name = min(clash)
            raise ParseError(f"{name} is a letter and a function here; a product is written {name}*(...)", text,
                             next(m.start() for m in _CALL.finditer(text) if m[1] == name))  # fmt: skip
        told = (f"{name} is a function without a rule, with the derivative {name}'" for name in abstract)
        return read, said, tuple(told)


def _of_text(read: Expression, letters: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The open letters that are variables; others are those of seeds and weights."""
    return letters and tuple(name for name in letters if name in (read.parameters or _used(read)))


def _used(read: Expression) -> list[str]:
    """The names that are read before a statement gives them a value, in their order."""
    used: dict[str, None] = {}
    assigned: set[str | None] = set()
    for statement in read.statements:
        used |= dict.fromkeys(t[0] for t in statement.terms if type(t) is Name and t[0] not in assigned)
        assigned.add(statement.name)
    used.pop(TRUE, None)  # of a condition
    return list(used)


def _dependent_names(read: Expression, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the dependent variables: the left side's, else y, else the first that is free."""
    last = read.statements[-read.outputs :]
    given = [statement.name for statement in last if statement.name is not None]
    if len(given) == len(last):
        return tuple(f"{name}_new" if same_printed([name], names) else name for name in given)
    taken = {*names, *filter(None, (statement.name for statement in read.statements))}
    letters = chain(("y", read.function, "f", "z", "w"), (f"y{k}" for k in count()))
    places = range(1, read.outputs + 1)
    several = ([letter] if read.outputs == 1 else [f"{letter}_{k}" for k in places] for letter in letters if letter)
    return tuple(next(those for those in several if not same_printed([*those, those[0].partition("_")[0]], taken)))


def _seeds(
    given: Seed | Sequence[Seed] | None, names: tuple[str, ...], limits: Limits, letters: frozenset[str] = frozenset()
) -> tuple[tuple[Terms, ...], ...]:
    """The seeds: the tangents of the independent variables, once for each."""
    if given is None:
        return (_unit(0, len(names)),)
    chosen: list[Any] = [given] if not isinstance(given, list | tuple) else list(given)
    if EACH not in names:
        chosen = [one for entry in chosen for one in (names if isinstance(entry, str) and entry == EACH else (entry,))]
    if not all(isinstance(one, str | Mapping) for one in chosen):
        raise BindingError(f"a seed is the name of a variable, a mapping of names to numbers, or a list; not {given!r}")
    if not chosen:
        raise BindingError("there is no seed in the list")
    return tuple(_seed({one: 1} if isinstance(one, str) else one, names, limits, letters) for one in chosen)


def _count(given: object, names: tuple[str, ...]) -> int:
    """How many seeds there are, before any is made."""
    each = len(names) if EACH not in names else 1
    entries = given if isinstance(given, list | tuple) else [given]
    return sum(each if isinstance(entry, str) and entry == EACH else 1 for entry in entries)


_ONE, _ZERO = constant(1, "1"), constant(0, "0")


def _unit(place: int, count: int) -> tuple[Terms, ...]:
    """1 at one place and 0 at the others."""
    return (*(_ZERO,) * place, _ONE, *(_ZERO,) * (count - place - 1))


def _seed(
    chosen: Mapping[str, Number], names: tuple[str, ...], limits: Limits, letters: frozenset[str]
) -> tuple[Terms, ...]:
    there = frozenset(names)
    unknown = [name for name in chosen if name not in there]
    if unknown:
        wanted = listed(name or "nothing" for name in unknown)
        raise BindingError(f"the seed names {wanted}; the variables are {listed(names)}")
    return tuple(
        constant(chosen[name], f"the seed of {name}", limits, None, letters) if name in chosen else _ZERO
        for name in names
    )


def _weights(
    given: Mapping[str, Number] | None, names: tuple[str, ...], limits: Limits, letters: frozenset[str]
) -> tuple[Terms, ...]:
    """The adjoints of the dependent variables: 1 for a single one, or as given (0 where none is)."""
    if given is None:
        return (_ONE,) * len(names)
    if not isinstance(given, Mapping):
        raise BindingError(f"weights is a mapping of outputs to numbers, not {given!r}")
    there = frozenset(names)
    unknown = [name for name in given if name not in there]
    if unknown:
        raise BindingError(f"the weights name {listed(unknown)}; the outputs are {listed(names)}")
    return tuple(constant(given.get(name, 0), f"the weight of {name}", limits, None, letters) for name in names)


def _arithmetic(name: str, rows: int, limits: Limits) -> Arithmetic:
    if name == AUTO:
        return CERTIFIED if rows <= limits.certified_rows else FLOATS
    if not isinstance(name, str) or name not in _ARITHMETICS:
        raise OptionError(f"arithmetic is {', '.join(ARITHMETICS[:-1])} or {ARITHMETICS[-1]}, not {name!r}")
    return _ARITHMETICS[name]
