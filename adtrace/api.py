"""The library's front door: ``trace(expression, at=...)`` and the `Trace` that it returns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, overload

from adtrace.collector import uncollected
from adtrace.documents.output import require_file, write, write_whole
from adtrace.documents.shown import Shown, shown
from adtrace.documents.structure import structure
from adtrace.errors import OptionError, one_of
from adtrace.formats import FORMATS, PICTURES
from adtrace.language.syntax import Expression
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import Arithmetic
from adtrace.rows import Rows
from adtrace.settings import (
    AUTO,
    DISPLAYED,
    ENTRIES,
    FORWARD,
    KINDS_OF_ROWS,
    OPERATIONS,
    OWN,
    POINT,
    POWERS,
    REVERSE,
    ROWS,
    SECOND,
    SINGLE,
    STATEMENTS,
    SYNTAXES,
)  # fmt: skip
from adtrace.tables.extent import require_cells, require_seeds
from adtrace.tables.heard import tables as tables_of
from adtrace.tables.options import Options, format_of_file, options
from adtrace.tables.prose import LONGEST
from adtrace.tables.resources import checked_folder
from adtrace.tables.styles import CONTRIBUTIONS, Style, noted, style
from adtrace.tables.table import Table
from adtrace.traced import Traced, inputs_of, outputs_of
from adtrace.tracing.kinks import checked, conventions
from adtrace.tracing.letters import EVERY, letters_of, number_system, require_meant
from adtrace.tracing.lower import lower
from adtrace.tracing.point import Number
from adtrace.tracing.point_arrays import shapes_given
from adtrace.tracing.primal import Displayed, Evaluated
from adtrace.tracing.readers import Asked, dependent_names, lowered
from adtrace.tracing.reading import language, one_reading
from adtrace.tracing.seeds import EACH, Seed, entry_names, seed_count, seeds_of, weights_of
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.symbols import LONGEST as LONGEST_FORMULA
from adtrace.tracing.symbols import LONGEST_ENTRY, symbols
from adtrace.tracing.to_sympy import Formula

if TYPE_CHECKING:
    from adtrace.graphs.drawings import GraphText
    from adtrace.networks.call import Network


@dataclass(frozen=True, slots=True, repr=False)
class Trace(Traced):
    """A function evaluated and differentiated at a point, row by row: its numbers, and every table of them."""

    @property
    def rows(self) -> Rows:
        """The operations v_1..v_l as records: elemental, operands, value, tangent, adjoint, partials; see `Row`."""
        return Rows(self, range(1, len(self.wengert.rows) + 1))

    @property
    def variables(self) -> Rows:
        """All variables as such records, the independent ones v_{1-n}..v_0 first."""
        return Rows(self, range(self.wengert.first, len(self.wengert.rows) + 1))

    def table(self, **given: Any) -> str:
        """The table as text; the keyword arguments are those of `Options`.

        Raises `OptionError`, `TemplateError`, and `UndecidedError` if ``undecided="refuse"``.
        """
        with uncollected():
            return "".join(self._pieces(options(given)))

    def write(self, target: str | PathLike[str] | IO[Any], **given: Any) -> None:
        """Write the table to a file, or to a stream that is open; the keyword arguments are those of `Options`.

        A file gets its whole document or stays as it was; its ending gives the format, if none is named: ``.tex``,
        ``.md``, ``.html``, ``.json``, ..., and the pictures ``.pdf``, ``.png``, ``.svg`` (see `picture`).  However long
        a table is, its text is never held at once.  A stream gets text, one of bytes a picture.

        Raises as `table` and `picture`, and `InputError` for what cannot be written.
        """
        if isinstance(target, str | PathLike):
            named = "format" in given or not Path(target).suffix
            chosen = options(given if named else format_of_file(str(target)) | given)
            if chosen.format in PICTURES:
                require_file(str(target), chosen.format)
                write_whole(Path(target), self._picture(chosen))
            else:
                write(self._pieces(chosen), str(target), FORMATS[chosen.format].mark)
        elif given.get("format") in PICTURES:
            target.write(self._picture(options(given)))
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

        chosen, notation = self._as_traced(chosen), _notation(chosen)
        evaluations = self._evaluations(chosen, notation)
        shown = self._captioned(chosen)
        tables = tables_of(shown, evaluations, notation, chosen)
        if chosen.format == "html" and chosen.standalone:
            from adtrace.documents.page import page  # noqa: PLC0415

            return pieces(tables, notation, chosen, page(shown, evaluations, notation, chosen))
        return pieces(tables, notation, chosen)

    def tables(self, **given: Any) -> tuple[Table, ...]:
        """The tables as records of plain strings: what a template gets, for a program that lays out by itself."""
        chosen = options(given)
        if chosen.format == "json":
            raise OptionError("json is no table; to_dict() gives its structure")
        chosen, notation = self._as_traced(chosen), _notation(chosen)
        return tuple(tables_of(self._captioned(chosen), self._evaluations(chosen, notation), notation, chosen))

    def _as_traced(self, chosen: Options) -> Options:
        """The options with what a line is, and the decimals: those of the trace, unless the table has its own."""
        rows = self.kind_of_rows if chosen.rows is None else chosen.rows
        return replace(chosen, rows=rows, decimal=self.decimal if chosen.decimal is None else chosen.decimal)

    def _captioned(self, chosen: Options) -> Expression:
        """What captions show: the expression, or the formula that is given for it, if that is the same function."""
        text, names = chosen.caption_formula, self.wengert.independents
        if text is None:
            return self.expression
        if self.wengert.shapes:
            raise OptionError("caption_formula is for functions of numbers; with arrays, caption takes any text")
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
        wengert = lower(read, names, names=dependent_names(read, names), outputs=None, limits=self.evaluation.limits)
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
        chosen = options({"format": "pdf"} | given)
        if chosen.format not in PICTURES:
            raise OptionError(f"the format of a picture is {', '.join(PICTURES)}, not {chosen.format!r}")
        return self._picture(chosen)

    def _picture(self, chosen: Options) -> bytes:
        from adtrace.documents.picture import made  # noqa: PLC0415 - Typst is an extra

        return made("".join(self._rendered(replace(chosen, standalone=True))), chosen.format)

    @overload
    def graph(
        self, *, format: Literal["pdf", "png"], mode: str = ..., of: str | None = ..., edges: str = ..., **given: Any
    ) -> bytes: ...

    @overload
    def graph(
        self, *, format: str = ..., mode: str = ..., of: str | None = ..., edges: str = ..., **given: Any
    ) -> GraphText: ...

    def graph(
        self,
        *,
        format: str = "svg",  # noqa: A002
        mode: str = REVERSE,
        of: str | None = None,
        edges: str = "numbers",
        **given: Any,
    ) -> GraphText | bytes:
        """The computational graph as ``svg``, ``tikz``, ``dot`` or ``mermaid`` text, of which a notebook shows the
        first as a picture; as ``pdf`` or ``png`` its bytes, made without TeX (the extra ``adtrace[pdf]``).

        Values stand on the forward edges.  ``mode`` "reverse" puts adjoints on backward ones, "forward" the tangents
        below the values, "second" both with the derivatives of the adjoints along the seed, "evaluation" neither.
        ``of`` names the dependent variable whose adjoints they are, where there are several.  ``edges="partials"``
        puts the local partials on the edges, formula and number, and the values beside the vertices.  The other
        arguments are those of `Options` that numbers and names depend on: ``digits``, ``rounding``, ``numbers``,
        ``undecided``, ``style``, ``notation``, ``letters``, ``template_dir``.

        Raises `OptionError`, `BoundError` for a graph that nobody can read, and `UndecidedError`.
        """
        from adtrace.graphs.drawings import DRAWINGS, draw, known  # noqa: PLC0415

        form = known(format)
        chosen = options({"decimal": self.decimal} | given)
        notation = _notation(chosen)
        if self.each_entry:
            raise OptionError('a graph is of one sweep: weights="each" makes several; give the weights of an entry')
        if mode == SECOND:
            self._require_order(2, (REVERSE,))
        drawn = draw(self.expression, self._evaluations(chosen, notation), notation, chosen, (form, mode, of, edges))
        if not DRAWINGS[form].by:
            return drawn
        from adtrace.documents.picture import framed  # noqa: PLC0415 - Typst is an extra

        return framed(str(drawn), drawn.caption, chosen.language, form)

    def layers(self, input: str | None = None) -> Network:  # noqa: A002 - the word that says it
        """The layer table of a trace with arrays: its Wengert list swept in shapes (see `networks.listed`).

        ``input`` is the variable that flows through: the first of the data (``const``) where there are some, else the
        first.  Parameters are the variables that are no data.
        """
        from adtrace.networks.listed import listed  # noqa: PLC0415 - few traces are asked for it

        return listed(self.wengert, self.expression.text, input)

    def show(self, **given: Any) -> Shown:
        """The table as a notebook's cell shows it; the keyword arguments are those of `Options` but for ``format``.

        ``standalone=True`` shows the page that steps through the trace.
        """
        return shown(self.table, given)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The tables in every format that a notebook's front end may want."""
        return self.show()._repr_mimebundle_()

    def to_dict(self, **given: Any) -> dict[str, Any]:
        """The trace as plain data, dictionaries, lists, texts and numbers: see docs/reference/json.md, and the schema
        that `json_schema` returns.

        ``numbers`` "text" rounds them to ``digits`` decimals, "float" gives the nearest doubles, "exact" fractions as
        texts, ``"11/2"``, and the nearest doubles of what is none.  The other arguments are those of `Options`, such
        as ``mode``, ``digits``, ``order``.  Raises `OptionError`, and `UndecidedError` if ``undecided="refuse"``.
        """
        return self._structure(options({"format": "json"} | given))

    def _structure(self, chosen: Options) -> dict[str, Any]:
        names = entry_names(self.outputs) if self.each_entry else self.wengert.dependent_names
        document = structure(self.expression, self._evaluations(chosen, None), chosen, names)
        return document | ({"readings": list(self.readings)} if self.readings else {})

    def evaluations(self, chosen: Options) -> list[Evaluation]:
        """What the tables of these options are made from: the evaluation, or one for each output."""
        return self._evaluations(chosen, None)

    def _evaluations(self, chosen: Options, notation: Style | None) -> list[Evaluation]:
        """The evaluation that a table shows, or one for each output."""
        self._require_shown(chosen)
        several = self.has_several_sweeps
        each_input = notation is not None and notation.seeds == EACH and not self.chosen_seed
        count = len(self.wengert.independents) if each_input else len(self.evaluation.seeds)
        sweeps = self.sweeps if chosen.mode != FORWARD else 1
        require_cells(self.evaluation, sweeps, count, notation, chosen)
        evaluations = self.each_output(sweeps) if several else [self.evaluation]
        if chosen.learning_rate is not None:
            evaluations = [self.stepping(chosen.learning_rate)]
        if each_input:
            seeds = seeds_of(EACH, self.independents)
            evaluations = [evaluation.seeded(seeds) for evaluation in evaluations]
        if self.displayed:
            running = notation is None or any(panel.lines == CONTRIBUTIONS for panel in notation.reverse)
            displayed = Displayed(chosen.digits, chosen.rounding, running)
            evaluations = [evaluation.as_displayed(displayed) for evaluation in evaluations]
        return evaluations

    def _require_shown(self, chosen: Options) -> None:
        """Raise for digits past the bound, and for an order that this trace cannot show."""
        most = self.evaluation.limits.decimals
        if chosen.digits > most:
            chosen.refuse_digits(most)
        if chosen.order > 1:
            if chosen.rows == STATEMENTS:
                raise OptionError(
                    f"rows={STATEMENTS} has derivatives of the first order; rows={SINGLE} has those of higher order"
                )
            self._require_order(chosen.order, chosen.sweeps)

    def _require_order(self, order: int, sweeps: tuple[str, ...]) -> None:
        """Raise what a table of a higher order raises where it has no right numbers."""
        from adtrace.tracing.higher import missing  # noqa: PLC0415 - few tables ask for it

        if self.displayed:
            raise OptionError("displayed arithmetic has derivatives of the first order")
        if self.wengert.shapes:
            raise OptionError(
                'a table of arrays has derivatives of the first order; rows="entries" has those of higher order of each'
                " entry, and trace.hessian_vector() the products of arrays"
            )
        missing(self.evaluation, order, forward=FORWARD in sweeps, reverse=False)
        evaluations = self.each_output() if self.has_several_sweeps else [self.evaluation]
        for evaluation in evaluations if REVERSE in sweeps else []:
            missing(evaluation, order, forward=False, reverse=True)


def _notation(chosen: Options) -> Style:
    """The style that the options name, with the marks that they change."""
    return noted(style(chosen.style, checked_folder(chosen.template_dir)), chosen.notation)


def trace(
    expression: Any,
    at: Any = None,
    *,
    open: str | Sequence[str] | None = None,  # noqa: A002 - the word that says it
    seed: Seed | Sequence[Seed] | None = None,
    weights: Mapping[str, Number] | str | None = None,
    outputs: Sequence[str] | None = None,
    kinks: str | Mapping[str, object] | None = None,
    sharing: bool = True,
    powers: str = ROWS,
    rows: str = OPERATIONS,
    arithmetic: str = AUTO,
    longest: int = LONGEST_FORMULA,
    strict: bool = False,
    decimal: str | None = None,
    syntax: str = OWN,
    const: str | Sequence[str] = (),
    shape: str | Mapping[str, object] | None = None,
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
    outputs; without them each has a reverse sweep of its own, with "each" every entry of them.  ``outputs``
    chooses the outputs of a program by name.
    ``kinks`` are the conventions where no derivative exists (see `kinks.conventions`).
    Identical sub-expressions share a row unless ``sharing`` is False; ``powers="products"`` writes ``x^2`` as ``x*x``.
    ``rows`` says what a row is where there are arrays: "operations" puts a product and what is added to it, W @ x + b,
    into one, "single" parts them, "entries" has a row for each entry, as numbers; "statements" makes a row of each
    statement of any program.
    ``arithmetic`` is "certified", "float", "displayed" (every row from the rounded numbers shown above it), or
    "auto": certified up to ``limits.certified_rows`` rows.
    Text is read as people write it, LaTeX and Unicode included (docs/reference/language.md), if in one way only;
    ``strict`` takes the plain language alone, ``decimal="comma"`` reads 1,5 as a number, and prints it so; without it
    a point is read, and tables print what their language has.
    ``const`` names the variables that are data: they have no tangent, no adjoint and no entry in the gradient.
    ``shape`` makes open letters arrays, "x=5; W=2x2": the entries of x are the letters x_1 to x_5.
    ``syntax="sympy"`` has a text read by sympy's own parser (see `sympy_text`).

    Raises `ParseError`, `BindingError`, `BoundError`, `OptionError`; `DomainError` and `UndecidedError` from the
    mathematics.
    """
    one_of("syntax", syntax, SYNTAXES)
    one_of("powers", powers, POWERS)
    one_of("rows", rows, KINDS_OF_ROWS)
    _require_kinds(limits, sharing, outputs)
    shapes = shapes_given(shape, limits)
    letters = letters_of(at, open, shapes)
    symbolic = letters is None or bool(letters)
    system = number_system(symbolic, arithmetic, longest, limits)
    deciding = None if arithmetic == AUTO and not symbolic else system(0)
    allowed = language(strict=strict, decimal=POINT if decimal is None else decimal, limits=limits)
    asked = Asked(at, letters, outputs, sharing, powers, syntax, deciding, allowed, constants_of(const),
                  rows == ENTRIES, shapes)  # fmt: skip
    read = lowered(expression, asked)
    wengert = read.wengert
    count, independents, dependents = wengert.operations, wengert.independents, wengert.dependent_names
    require_seeds(wengert, seed_count(seed, independents), limits)
    each_entry = isinstance(weights, str) and weights == EACH
    several = weights is not None and not each_entry and len(dependents) > 1
    free = EVERY if letters is None else frozenset(letters)
    adjoints = weights_of(weights, outputs_of(wengert, limits, free))
    seeds = seeds_of(seed, inputs_of(wengert, limits, free))
    require_meant(letters, independents, (*seeds, adjoints))
    chosen, summed = checked(conventions(kinks), wengert), adjoints if several else None
    numbers = _of_arrays(system(count), longest) if wengert.shapes else system(count)
    evaluated = Evaluated(wengert, read.point, numbers, limits.of(count), chosen, summed=summed)
    evaluation = Evaluation(evaluated, seeds, adjoints, target=len(dependents) if several else 0)
    if read.computed is None:
        evaluation.first()
    else:
        evaluation.begun(read.computed)
    evaluation.require_derivatives()
    formula = Formula.of(read.expression, independents)
    displayed = arithmetic == DISPLAYED
    weighted = weights is not None and not each_entry
    return Trace(formula, evaluation, seed is not None, weighted, each_entry, displayed, read.readings, rows, decimal)


def _of_arrays(numbers: Arithmetic, longest: int) -> Arithmetic:
    """The number system on arrays, whose entries have short formulas unless a length is asked for."""
    from adtrace.tracing.arrays import arrays  # noqa: PLC0415 - numpy is imported where there are arrays

    return arrays(symbols(LONGEST_ENTRY) if numbers.formulas and longest == LONGEST_FORMULA else numbers)


def constants_of(given: object) -> tuple[str, ...]:
    """The names of the variables that are data."""
    if given == ():
        return ()
    names = [name.strip() for name in given.split(",")] if isinstance(given, str) else given
    if not isinstance(names, list | tuple | set | frozenset) or not all(isinstance(name, str) for name in names):
        raise OptionError(f"const is the name of a variable, or a list of names, not {given!r}")
    return tuple(names)


def _require_kinds(limits: object, sharing: object, outputs: object) -> None:
    """Raise `OptionError` for an argument of another kind."""
    if not isinstance(limits, Limits):
        raise OptionError(f"limits is a Limits(...), not {limits!r}")
    if not isinstance(sharing, bool):
        raise OptionError(f"sharing is True or False, not {sharing!r}")
    if outputs is None:
        return
    if not isinstance(outputs, list | tuple) or not outputs or not all(isinstance(name, str) for name in outputs):
        raise OptionError(f"outputs is a list of names of the program, not {outputs!r}")
    if len(set(outputs)) < len(outputs):
        raise OptionError("outputs names the same twice")
