"""What a table can be asked to be: every option, its default and what it takes, in one place.

`trace.table(...)`, `trace.to_dict(...)` and the command line all read their options from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from adtrace.errors import OptionError, either, nearest, one_of
from adtrace.formats import ENDINGS, FORMATS, REFUSED
from adtrace.limits import DEFAULT
from adtrace.settings import (
    AUTO,
    BOTH,
    DOUBLES,
    ENGLISH,
    FORWARD,
    GFM,
    HALF_EVEN,
    MARK,
    NUMBERS,
    QUARTO,
    REVERSE,
    SECOND,
    SETTINGS,
    SIDE_BY_SIDE,
    TABLE,
    TEXTS,
)
from adtrace.tables.styles import notation
from adtrace.tracing.quantities import REVERSE as ADJOINTS
from adtrace.tracing.quantities import TANGENTS, TRACES
from adtrace.wording import code_of

if TYPE_CHECKING:
    from adtrace.writing.letters import Letters

_SIDE = "side"
"""Short for side-by-side."""
PARTIAL = "partial"
COLUMNS = ("name", "formula", PARTIAL, "numbers", "value")
"""The parts of a row: the variable; its formula; the formula with the local partial written out (adjoint rows);
the formula with numbers put in; the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one table."""

    mode: str = BOTH
    """The derivative trace beside the evaluation trace: forward, reverse, or a table of each; second is a reverse trace
    of order 2."""
    order: int = 1
    """The highest derivatives that the tables show: along the seed, and in a reverse table of order k the derivatives
    of the adjoints along the seed up to order k - 1."""
    learning_rate: Any = None
    """A number, or a letter: after the gradient a table of each variable less that times its derivative."""
    digits: int = 4
    """Decimals of a rounded number."""
    rounding: str = HALF_EVEN
    """Where a tie goes: to the even digit, or up (away from zero)."""
    format: str = "markdown"
    flavour: str = GFM
    """The Markdown that captions and labels are written in: gfm, pandoc, quarto or myst."""
    style: str = "three-part"
    """The template, ``templates/<format>/<style>``."""
    layout: str = AUTO
    """The two traces beside each other, or one below the other; auto: as there is room, where that can be known."""
    rows: str | None = None
    """What a line is where there are arrays, or with "statements" of any program: see `settings.KINDS_OF_ROWS`; None
    for what the trace has.  "entries" can only be asked of a trace."""
    columns: Mapping[str, tuple[str, ...]] | None = None
    """The parts of a row by the trace (evaluation, tangent, adjoint); None for each trace's own.  They may be given
    as one list for all, ``name,formula,value``, or for some, ``evaluation:formula;adjoint:formula,partial,value``."""
    standalone: bool = False
    """Not a fragment: LaTeX or Typst that compiles alone, HTML that is a page with the graph and a step-through."""
    macros: bool = True
    """Whether a LaTeX fragment brings its macros; with ``\\usepackage{adtrace}`` it need not."""
    caption: str | None = None
    """Text in place of the caption, with formulas of LaTeX between dollars; empty for none."""
    caption_formula: str | None = None
    """The formula that the caption shows, for a program or a Python function that computes the same."""
    label: str | None = None
    """The label of the table, in LaTeX, Typst and Markdown with labels; with both sweeps it ends in
    -forward and -reverse."""
    placement: str | None = None
    """Where LaTeX may put the table: some of h, t, b, p, H and !; None for htbp."""
    overlay: bool = False
    """Whether the rows are uncovered on a slide of LaTeX's beamer, in the order of the sweeps."""
    template_dir: str | Path | None = None
    """A folder of templates that come before adtrace's own."""
    numbers: str | None = None
    """How values are written: short, fixed, significant or exact; None for the style's own."""
    notation: Mapping[str, str] | None = None
    """What is written otherwise than in the style: letter, numbering, names, tangent, adjoint."""
    letters: Letters = ()
    r"""Symbols that stand for names, ``"yhat=\hat y; lr=\eta"`` or a mapping: see `writing.letters`."""
    simplify: bool = False
    """Whether the formulas of a trace with open letters are shown as sympy simplifies them."""
    language: str = ENGLISH
    """The language of captions, headings and notes: one of `settings.LANGUAGES`, or what LaTeX calls it."""
    decimal: str | None = None
    """Whether decimals are printed behind a point or a comma; None for what the trace has, and then the language."""
    undecided: str = MARK
    """A digit that the highest precision does not decide: marked with ``?``, or refused."""
    of_templates: Mapping[str, object] = field(default_factory=dict)
    """The settings of tables that are no field here, as given: templates read them by name."""

    def __post_init__(self) -> None:
        self._check_words()
        if type(self.order) is not int or not 1 <= self.order <= max(TANGENTS):
            raise OptionError(f"the order of a table is a whole number from 1 to {max(TANGENTS)}, not {self.order!r}")
        if self.mode == SECOND:
            object.__setattr__(self, "order", max(self.order, 2))
        if self.learning_rate is not None and REVERSE not in self.sweeps:
            raise OptionError(f"a learning rate goes with a gradient, and mode {self.mode} has none")
        if type(self.digits) is not int or self.digits < 0:
            self.refuse_digits(DEFAULT.decimals)
        if self.notation is not None:
            object.__setattr__(self, "notation", notation(self.notation))
        if self.letters != ():
            from adtrace.writing.letters import assigned  # noqa: PLC0415 - few tables have any

            object.__setattr__(self, "letters", assigned(self.letters))
        if self.columns is not None:
            object.__setattr__(self, "columns", _columns(self.columns))
        if self.placement is not None:
            _placed(self.placement)
        self._check_format()
        if self.label is not None:
            _check_label(self.label, self.flavour)

    def _check_format(self) -> None:
        """Refuse what belongs to another format."""
        if self.standalone and not FORMATS[self.source].standalone:
            raise OptionError(f"standalone makes a whole document; it goes with format {either(_WHOLE)}")
        if self.overlay and self.format != "latex":
            raise OptionError(f"overlay uncovers rows on slides of LaTeX's beamer; the format is {self.format}")
        if self.numbers in (TEXTS, DOUBLES) and self.format != "json":
            raise OptionError(f"numbers={self.numbers} is for JSON; a table has {either(NUMBERS)}")
        if self.flavour != GFM and self.format != "markdown":
            raise OptionError(f"a flavour is one of Markdown's, and the format is {self.format}")

    def _check_words(self) -> None:
        """Refuse what is no text, and a word that an option does not know."""
        object.__setattr__(self, "layout", SIDE_BY_SIDE if self.layout == _SIDE else self.layout)
        object.__setattr__(self, "format", ENDINGS.get(f".{self.format}", self.format))
        if self.language != ENGLISH:
            object.__setattr__(self, "language", code_of(self.language))
        for name, given in self.changed.items():
            if SETTINGS[name].values:
                one_of(name, given, SETTINGS[name].values)
        for name, given in self.of_templates.items():
            if not isinstance(given, str | bool | int):
                raise OptionError(f"{name} is text, not {given!r}")
        for name in ("style", "caption", "caption_formula", "label"):
            given = getattr(self, name)
            if not isinstance(given, str) and (given is not None or name == "style"):
                raise OptionError(f"{name} is text, not {given!r}")
        if self.caption:
            from adtrace.writing.mathtext import parted  # noqa: PLC0415 - few captions are the author's own

            parted(self.caption)
        if self.template_dir is not None and not isinstance(self.template_dir, str | Path):
            raise OptionError(f"template_dir is the path of a folder, not {self.template_dir!r}")

    @property
    def changed(self) -> dict[str, object]:
        """The options that are not what they are by default, by name."""
        own = {name: getattr(self, name) for name in _DEFAULTS}
        return {name: given for name, given in own.items() if given != _DEFAULTS[name]} | {**self.of_templates}

    @property
    def sweeps(self) -> tuple[str, ...]:
        """The derivative traces that there is a table of, each `FORWARD` or `REVERSE`."""
        return {BOTH: (FORWARD, REVERSE), SECOND: (REVERSE,)}.get(self.mode, (self.mode,))

    @property
    def source(self) -> str:
        """The format that a template writes: a picture's is Typst."""
        return FORMATS[self.format].source

    def refuse_digits(self, most: int) -> NoReturn:
        """Say how many digits there may be: the limit ``decimals`` of a trace."""
        raise OptionError(f"digits is a whole number from 0 to {most}, not {self.digits!r}")


def of_file(path: str | Path) -> dict[str, str]:
    """The options that the ending of a file's name asks for; none for an ending that is not known."""
    ending = Path(path).suffix.lower()
    if ending in REFUSED:
        raise OptionError(f"{ending} is not written: {REFUSED[ending]}")
    settings = {"format": ENDINGS[ending]} if ending in ENDINGS else {}
    return settings | ({"flavour": QUARTO} if ending == ".qmd" else {})


def format_of_file(path: str) -> dict[str, str]:
    """The same; raises `OptionError` for an ending that is not known."""
    if settings := of_file(path):
        return settings
    raise OptionError(f"no format is known for {path!r}; name one with format=")


def of_target(path: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the format that the ending of a file asks for; a page of HTML is whole."""
    if "format" in given:
        return dict(given)
    settings = format_of_file(path)
    whole = {"standalone": True} if settings["format"] == "html" else {}
    return settings | whole | dict(given)


def options(given: dict[str, Any]) -> Options:
    """The options from keyword arguments; raises `OptionError` for one that does not exist."""
    try:
        return _made(**given)
    except TypeError:  # a list or a mapping, which cannot be looked up
        return _made.__wrapped__(**given)


_PLACES = "htbpH!"
_WHOLE = tuple(name for name, entry in FORMATS.items() if entry.standalone)
_DEFAULTS = {field.name: field.default for field in fields(Options) if field.name in SETTINGS}


@lru_cache(maxsize=64, typed=True)
def _made(**given: Any) -> Options:
    """The options, checked once for each way of asking."""
    names = [*_DEFAULTS, *of_templates()]
    for name in given:
        if name not in names:
            raise OptionError(f"there is no option {name!r}{nearest(name, names)}; there are {', '.join(names)}")
    further = {name: given.pop(name) for name in of_templates() if name in given}
    return Options(**given, of_templates=further)


def of_templates() -> list[str]:
    """The settings of tables that only templates read: those that are no field of `Options`."""
    return [name for name, setting in SETTINGS.items() if setting.of == TABLE and name not in _DEFAULTS]


def _columns(given: object) -> Mapping[str, tuple[str, ...]]:
    """The columns of each trace from ``"name,formula"``, ``"evaluation:formula;adjoint:partial"``, or the same as a
    sequence or a mapping; the name always leads.
    """
    if isinstance(given, str) and ":" in given:
        given = _by_trace(given)
    if not isinstance(given, Mapping):
        parts = _parts(given)
        others = tuple(part for part in parts if part != PARTIAL)
        every = {role: parts if role == ADJOINTS else others for role in TRACES}
        return {role: own for role, own in every.items() if own}  # checked again, the mapping stays what it is
    for role in given:
        one_of("each trace of columns", role, TRACES)
    columns = {role: _parts(parts) for role, parts in given.items()}
    for role, parts in columns.items():
        if PARTIAL in parts and role != ADJOINTS:
            raise OptionError(f"{PARTIAL} is a part of the {ADJOINTS} trace, not of the {role} trace")
    return columns


def _by_trace(text: str) -> dict[str, str]:
    """``"evaluation:formula;adjoint:partial"`` as a mapping."""
    pairs = [entry.partition(":") for entry in text.split(";") if entry.strip()]
    by_trace = {name.strip(): parts for name, _, parts in pairs}
    if len(by_trace) != len(pairs):
        raise OptionError("columns names a trace twice")
    return by_trace


def _parts(given: object) -> tuple[str, ...]:
    """The parts of a row but its name."""
    if not isinstance(given, str | list | tuple):
        raise OptionError(f"columns is a text such as 'name,formula', or a list of names, not {given!r}")
    parts = [part.strip() for part in given.split(",")] if isinstance(given, str) else list(given)
    for part in parts:
        one_of("each of columns", part, COLUMNS)
    if len(set(parts)) != len(parts):
        raise OptionError("columns names a part twice")
    rest = tuple(part for part in parts if part != "name")
    if not rest:
        raise OptionError(f"columns needs a part besides the name: {', '.join(COLUMNS[1:])}")
    return rest


def _placed(place: object) -> None:
    """Raise `OptionError` for what is no place of a float."""
    if not isinstance(place, str) or not place or not set(place) <= set(_PLACES):
        raise OptionError(f"placement is some of the letters {_PLACES}, such as htbp, not {place!r}")


def _check_label(label: str, flavour: str) -> None:
    """Raise `OptionError` for what is no label of a table."""
    if flavour == QUARTO and not label.startswith("tbl-"):
        raise OptionError(f"Quarto's labels of tables begin with tbl-, such as tbl-{label}")
    if not _is_label(label):
        raise OptionError(f"a label is letters, digits and the marks - _ : . /, not {label!r}")


def _is_label(text: str) -> bool:
    return bool(text) and text.isascii() and all(c.isalnum() or c in "-_:./" for c in text)
