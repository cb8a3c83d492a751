r"""What a trace and its table can be asked: every setting once, for whoever passes it on.

The options of the command line, the settings of a request in a document (``\adtrace``, a fenced block, a directive),
batches, graphs and the documentation are loops over `SETTINGS`; `adtrace.trace` and `Options` are the calls that take
them, under the same names.
"""

from __future__ import annotations

from dataclasses import dataclass

from adtrace.formats import FORMATS

TRACE, TABLE = "trace", "table"
"""Whose argument a setting is: that of `adtrace.trace`, or of `Options`."""
TEXT, FLAG, SWITCH, COUNT, ASSIGNMENTS, SEEDS, NAMES = (
    "text", "flag", "switch", "count", "assignments", "seeds", "names",
)  # fmt: skip
"""What it takes: a text; yes, or yes and no; a whole number; ``x1=2, x2=5``; several seeds; several names."""
GRAPH, LATEX, SPHINX = "graph", "latex", "sphinx"
"""Where a setting may not apply: a graph, a request in a LaTeX document, a directive of Sphinx."""
DOCUMENTS = frozenset({GRAPH, LATEX, SPHINX})

MODES = FORWARD, REVERSE, BOTH, SECOND = "forward", "reverse", "both", "second"
"""Second is a reverse trace of order 2: adjoints with their derivatives along the seed."""
ROUNDINGS = HALF_EVEN, HALF_UP = "half-even", "half-up"
"""Ties to the even digit (IEEE 754, Python) or away from zero (as taught in schools)."""
FLAVOURS = GFM, PANDOC, QUARTO, MYST = "gfm", "pandoc", "quarto", "myst"
"""Markdown for GitHub and most others; with pandoc's captions; with Quarto's labels too; with MyST's directive."""
SIDE_BY_SIDE, STACKED = "side-by-side", "stacked"
NUMBERS = SHORT, FIXED, SIGNIFICANT, EXACT = "short", "fixed", "significant", "exact"
TEXTS, DOUBLES = "text", "float"
"""The numbers of JSON: texts with so many decimals, or JSON's own; with `EXACT` fractions are texts that are exact."""
UNDECIDED = MARK, REFUSE = "mark", "refuse"
KINDS_OF_ROWS = OPERATIONS, SINGLE, STATEMENTS, ENTRIES = "operations", "single", "statements", "entries"
"""A row for each operation, where a product and what is added to it are one (W @ x + b); for each single operation; for
each statement; for each entry of the arrays, as numbers."""
POWERS = ROWS, PRODUCTS = "rows", "products"
"""``x^3`` as one row, or as the products ``x*x`` and ``(x*x)*x``."""
DECIMALS = POINT, COMMA = "point", "comma"
"""What stands before the decimals of a number."""
ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "fr", "es", "pt", "zh", "ja", "ko")
"""The languages of documents, each with its phrases in ``languages/<code>.toml``."""
SYNTAXES = OWN, SYMPY = "adtrace", "sympy"
"""Whose language a text is in."""
AUTO, CERTIFIED, FLOAT, DISPLAYED = "auto", "certified", "float", "displayed"
SYSTEMS = {CERTIFIED: "certified.CERTIFIED", FLOAT: "floats.FLOATS", DISPLAYED: "certified.CERTIFIED"}
"""The number systems that can be asked for, by name: the module of `numbers`, and the `Arithmetic` in it."""
ARITHMETICS = (AUTO, *SYSTEMS)
LAYOUTS = (AUTO, SIDE_BY_SIDE, STACKED)
"""The traces as there is room, beside each other, one below the other."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, what it takes, and where it applies."""

    name: str
    of: str
    """`TRACE` or `TABLE`."""
    help: str
    """One sentence, with the default in brackets."""
    metavar: str = ""
    """What it takes, as the command line shows it; its values, if empty."""
    kind: str = TEXT
    values: tuple[str, ...] = ()
    """What it may be; anything that its kind allows, if empty."""
    words: tuple[str, ...] = ()
    """What it may be besides what its kind allows."""
    joint: str = ""
    """What parts several of them in one text; on the command line such an option may be repeated."""
    short: str = ""
    """Its short option of the command line, ``-f``."""
    not_in: frozenset[str] = frozenset()
    """Where it does not apply: `GRAPH`, `LATEX`, `SPHINX`."""

    @property
    def flag(self) -> str:
        """The option of the command line: ``--template-dir``."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def takes(self) -> str:
        """What the command line shows that it takes."""
        return self.metavar or "|".join(self.values)


_NO_GRAPH = frozenset({GRAPH})

# fmt: off
_TABLE = (
    Setting("at", TRACE, "The point: decimals, fractions, constants, exactly.  [formulas in the letters]",
            "x1=2,x2=pi/2", ASSIGNMENTS, joint=","),
    Setting("open", TRACE, "Letters that stay open beside a point, also of seeds and weights.", "x2,s", NAMES),
    Setting("const", TRACE, "Variables that are data: no tangent, no adjoint, no entry in the gradient.", "x,y", NAMES),
    Setting("shape", TRACE, "Open letters that are arrays, with their lengths.", "x=5; W=2x2", joint=";"),
    Setting("longest", TRACE, "Terms of a formula that stands in others; a longer one is named there.  [40]",
            "N", COUNT),
    Setting("mode", TABLE, "The derivative trace.  [both]", values=MODES, not_in=_NO_GRAPH),
    Setting("order", TABLE, "The highest derivatives, along a seed.  [1; of mode second 2]", "N", COUNT,
            not_in=_NO_GRAPH),
    Setting("seed", TRACE, "Tangents of the variables.  [the first]", "x1 | x1=1,x2=-2 | each", SEEDS, joint=";"),
    Setting("weights", TRACE, "The adjoints of several outputs, or a sweep for each entry.  [a sweep for each output]",
            "y1=1,y2=-2 | each", ASSIGNMENTS, words=("each",)),
    Setting("learning_rate", TABLE, "A step of gradient descent after the gradient: w - 0.1 dL/dw.", "0.1",
            not_in=_NO_GRAPH),
    Setting("outputs", TRACE, "The names of a program that are its outputs.  [its last statement]", "a,b", NAMES),
    Setting("kinks", TRACE, "Conventions where no derivative exists.",
            "abs=0,relu=1/2,tie=split,v_3=1 | error"),
    Setting("digits", TABLE, "Decimals of a rounded number.  [4]", "N", COUNT),
    Setting("rounding", TABLE, "Where a tie goes.  [half-even]", values=ROUNDINGS),
    Setting("format", TABLE, "NAMES, or an ending such as tex.  [from -o; else text in a terminal, and markdown]"
            .replace("NAMES", ", ".join(FORMATS)), "NAME", values=tuple(FORMATS), short="-f", not_in=DOCUMENTS),
    Setting("flavour", TABLE, "The flavour of Markdown.  [gfm]", values=FLAVOURS, not_in=frozenset({GRAPH, SPHINX})),
    Setting("style", TABLE, "The template.  [three-part]", "NAME"),
    Setting("notation", TABLE, "What is written otherwise than in the style.", "names=source,letter=w"),
    Setting("letters", TABLE, "Symbols that stand for names, in LaTeX.", r"yhat=\hat y; lr=\eta", joint=";"),
    Setting("layout", TABLE, "The traces beside or below each other.  [auto: as there is room]", "auto|side|stacked",
            values=LAYOUTS, not_in=_NO_GRAPH),
    Setting("columns", TABLE, "The parts of a row, of all traces or by the trace.  [each trace's own]",
            "name,formula,partial,numbers,value | evaluation:...;tangent:...;adjoint:...", not_in=_NO_GRAPH),
    Setting("standalone", TABLE, "A whole LaTeX or Typst document or, as -o FILE.html is, an HTML page.", kind=FLAG,
            not_in=DOCUMENTS),
    Setting("macros", TABLE, "Whether a LaTeX fragment brings its macros.  [macros]", kind=SWITCH, not_in=DOCUMENTS),
    Setting("caption", TABLE, "A caption in place of ours, with $LaTeX$; empty for none.", "TEXT",
            not_in=frozenset({GRAPH, LATEX})),
    Setting("caption_formula", TABLE, "The formula of a program, for the caption; it is compared.", "FORMULA",
            not_in=_NO_GRAPH),
    Setting("label", TABLE, "The label of the table.", "NAME", not_in=frozenset({GRAPH, LATEX})),
    Setting("placement", TABLE, "Where LaTeX may put the table.  [htbp]", "htbp", not_in=DOCUMENTS),
    Setting("overlay", TABLE, "On a slide of beamer the rows are uncovered in the order of the sweeps.", kind=FLAG,
            not_in=frozenset({GRAPH, SPHINX})),
    Setting("template_dir", TABLE, "Templates that come before ours.", "DIR", not_in=frozenset({LATEX, SPHINX})),
    Setting("undecided", TABLE, "Digits that no precision decides.  [mark]", values=UNDECIDED),
    Setting("rows", TRACE, "What a row is: W @ x + b, one operation, a statement, one entry.  [operations]",
            values=KINDS_OF_ROWS),
    Setting("powers", TRACE, "x^2 as one row, or as x*x.  [rows]", values=POWERS),
    Setting("sharing", TRACE, "Identical sub-expressions share a row.  [sharing]", kind=SWITCH),
    Setting("numbers", TABLE, "How values are written; text and float are JSON's.  [the style's; text]",
            values=(*NUMBERS, TEXTS, DOUBLES)),
    Setting("simplify", TABLE, "Formulas of open letters as sympy simplifies them.", kind=FLAG),
    Setting("arithmetic", TRACE, "displayed: from the rounded numbers shown.", values=ARITHMETICS),
    Setting("strict", TRACE, "Read the plain language alone: 2*x, not 2x.", kind=FLAG),
    Setting("decimal", TRACE, "What stands before decimals, typed (with a comma ; parts numbers) and printed.  "
            "[typed a point, printed the language's]", values=DECIMALS),
    Setting("language", TABLE, "The language of captions, headings and notes.  [en]", "|".join(LANGUAGES)),
    Setting("syntax", TRACE, "Whose language the text is in.  [adtrace]", values=SYNTAXES),
)
# fmt: on

SETTINGS = {setting.name: setting for setting in _TABLE}
"""Every setting by its name, in the order of the command line."""


def names(of: str | None = None, *, where: str | None = None) -> list[str]:
    """The settings of a trace or of a table (of both for None) that apply in a place."""
    return [s.name for s in _TABLE if of in (None, s.of) and where not in s.not_in]
