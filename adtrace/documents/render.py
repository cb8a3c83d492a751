"""Tables and a template into a document.  The only module that imports Jinja.

Templates stand in ``templates/<format>/<style><ending>`` and get plain strings, numbers and tuples, in an immutable
sandbox: they lay out and never compute.  A user's folder comes before ours; ``adtrace/latex/three-part.tex`` is ours
even then, so that a template of one's own may begin with ours.
Delimiters are ``<% %> << >> <# #>``, for braces belong to LaTeX.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from importlib.resources.abc import Traversable
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adtrace.documents.page_records import Page, Section, Step
from adtrace.errors import AdtraceError, TemplateError
from adtrace.formats import FORMATS, PANDOC
from adtrace.settings import ENGLISH
from adtrace.tables.heard import quoted
from adtrace.tables.options import Options, of_templates
from adtrace.tables.patterns import CELL, EMPTY, PANEL, TIED
from adtrace.tables.resources import checked_folder, folders, found, source
from adtrace.tables.steps import Uncovered
from adtrace.tables.styles import Style
from adtrace.tables.table import Block, Column, Panel, Table, Written
from adtrace.tables.worked import WorkedColumn, WorkedPanel, WorkedTable
from adtrace.wording import wording
from adtrace.writing.aloud import labelled
from adtrace.writing.derived import csv_field, rst_apart
from adtrace.writing.dialects import width

_OURS = "adtrace/"
"""What names our template where a template of the user's has the same name: it extends or includes ours."""
WORKED = "_worked"
"""The template of tables of worked formulas; no style has its name."""
_LONGEST_RULE = 10_000
_WORKED = (WorkedTable, WorkedPanel, WorkedColumn)
_RECORDS = frozenset(
    (*_WORKED, Table, Block, Panel, Column, Uncovered, Page, Section, Step, LoopContext, TemplateReference)
)
_FIELDS = {record: frozenset(record._fields) for record in (*_WORKED, Table, Block, Panel, Column, Uncovered)}
_FIELDS[LoopContext] = frozenset(("first", "last", "index", "index0", "length"))  # type: ignore[index]
_FILTERS = ("join", "length", "first", "last", "max", "replace")


def _find(roots: Sequence[Traversable], name: str) -> str | None:
    """The text of the template in the first folder that has it; one that begins with `_OURS` in the last alone."""
    roots, name = (roots[-1:], name.removeprefix(_OURS)) if name.startswith(_OURS) else (roots, name)
    return next((text for text in (source(root, name) for root in roots) if text is not None), None)


def _load(roots: Sequence[Traversable], name: str) -> tuple[str, None, Callable[[], bool]] | None:
    """The template, and whether what was loaded is still it: a user edits templates between two calls."""
    text = _find(roots, name)
    return None if text is None else (text, None, lambda: len(roots) == 1 or _find(roots, name) == text)


def pad(text: str, columns: int) -> str:
    """The text filled with blanks to so many columns of a terminal."""
    return text + " " * (columns - width(text))


def padleft(text: str, columns: int) -> str:
    """The text set right in so many columns of a terminal."""
    return " " * (columns - width(text)) + text


def padboth(text: str, columns: int) -> str:
    """The text in the middle of so many columns of a terminal."""
    return pad(" " * ((columns - width(text)) // 2) + text, columns)


_WORTH_WRITING = 100_000


def rows(
    lines: Written,
    *,
    start: str,
    between: str,
    panels: str,
    end: str,
    opening: str = "",
    closing: str = "",
    tied: str | None = None,
) -> Iterator[str]:
    """The lines as text, some at a time: the panels of each, their cells with what stands between them.

    ``opening`` and ``closing`` stand round each cell that is not empty.  A line of the same operation as the one
    before begins with ``tied`` in place of ``start``.
    """
    tied = f"{start if tied is None else tied}{opening}"
    start, end = start + opening, closing + end
    between, panels = closing + between + opening, closing + panels + opening
    for part in lines.parts():
        if part:
            text = f"{start}{f'{end}{chr(10)}{start}'.join(part)}{end}"
            text = text.replace(start + TIED, tied).replace(CELL, between).replace(PANEL, panels)
            yield text.replace(opening + EMPTY + closing, "")


def singly(parts: Iterable[str]) -> Iterator[str]:
    """The lines of parts of some, one by one."""
    for part in parts:
        yield from part.split("\n")


def times(text: str, count: int) -> str:
    """The text so many times."""
    return text * min(count, _LONGEST_RULE)


@jinja2.pass_context
def say(context: jinja2.runtime.Context, key: str, language: str = "", **parts: object) -> str:
    """A phrase by its key in a language, the document's if none is named; in English where a template is imported
    without its context.
    """
    return wording(language or str(context.get("language", ENGLISH))).say(key, parts)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Where templates run: they lay out strings and lists, call nothing but their own macros, and do not multiply."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of one of our records at once; everything else by the rules of the sandbox."""
        fields = _FIELDS.get(type(obj))
        if fields is not None and attribute in fields:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
        """Refuse what makes large things of small ones."""
        raise SecurityError(f"a template does not compute: there is no {operator} in it")

    def is_safe_callable(self, obj: object) -> bool:
        """Whether the template made it itself."""
        return isinstance(obj, Macro | BlockReference | LoopContext)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Whether it is a field of our records or of a loop: nothing else has any that a layout needs."""
        return type(obj) in _RECORDS and not attr.startswith("_")


@lru_cache(maxsize=16)
def _environment(template_dir: str | None) -> jinja2.Environment:
    environment = _Sandbox(
        loader=jinja2.FunctionLoader(partial(_load, folders(template_dir))),
        undefined=jinja2.StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the cells are made harmless in their own dialect
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.filters |= {"pad": pad, "padleft": padleft, "padboth": padboth, "times": times}
    environment.filters |= {"rows": rows, "singly": singly, "rstrip": str.rstrip, "say": say, "field": csv_field}
    environment.filters |= {"labelled": labelled, "quoted": quoted, "apart": rst_apart}
    return environment


def shipped(name: str, **values: object) -> str:
    """One of our templates that is no table, such as ``latex/adtrace.sty``, with these values in it."""
    return _environment(None).get_template(name).render(values)


def pieces(tables: Sequence[Table], style: Style, options: Options, page: Page | None = None) -> Iterator[str]:
    """The document in pieces, of which none is long: a table is made while it is written.  An HTML page has more than
    tables.

    The template is the style's own for the format, or else the one that its record names.
    Raises `TemplateError` for a template that is not there, is not valid, or names what a table does not have.
    """
    yield from _rendered(_template((style.name, style.template), options), tables, options, page)


def worked(tables: Sequence[WorkedTable], options: Options) -> str:
    """A document of tables of worked formulas, by the template ``_worked`` of its format; raises as `pieces`."""
    return "".join(_rendered(_template((WORKED,), options), tables, options, None))


def _rendered(template: jinja2.Template, tables: Sequence[Any], options: Options, page: Page | None) -> Iterator[str]:
    ends = ""  # the line ends that stand last so far: of them a document keeps one
    try:
        variables = {
            "standalone": options.standalone,
            "several": sum(1 for table in tables if table.caption) > 1,
            "macros": options.macros,
            "overlay": options.overlay,
            "arrays": any(table.arrays for table in tables if isinstance(table, Table)),
            "format": options.format,
            "by_pandoc": FORMATS[options.format].by == PANDOC,
            "flavour": options.flavour,
            "language": options.language,
            "tag": wording(options.language).tag,
            "fonts": wording(options.language).fonts,
            "placement": options.placement or ("!htp" if options.standalone else "htbp"),
        }
        further = dict.fromkeys(of_templates(), "") | dict(options.of_templates)
        generated = template.generate(tables=tables, page=page, **further | variables)
        for part in _joined(generated):
            text = ends + part
            body = text.rstrip("\n")
            ends = text[len(body) :]
            yield body
    except AdtraceError:
        raise
    except jinja2.TemplateNotFound as missing:
        raise TemplateError(f"the template {template.name} includes {missing.name}, which is not there") from None
    except jinja2.TemplateSyntaxError as problem:
        raise TemplateError(f"the template {problem.name}, line {problem.lineno}: {problem.message}") from None
    except (MemoryError, RecursionError):
        endless = f"the template {template.name} does not come to an end, or makes too long a text"
        raise TemplateError(endless) from None
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as problem:
        raise TemplateError(f"the template {template.name}: {problem}") from None
    yield "\n"


def _joined(parts: Iterable[str]) -> Iterator[str]:
    """The parts, short ones joined to such as are worth writing."""
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _WORTH_WRITING:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _template(stems: Sequence[str], options: Options) -> jinja2.Template:
    """The first of these templates that there is for the format."""
    folder = checked_folder(options.template_dir)
    ending = FORMATS[options.source].ending
    names = [f"{options.source}/{stem}{ending}" for stem in stems]
    try:
        return _environment(folder).select_template(names)
    except jinja2.TemplatesNotFound:
        templates = ", ".join(found(folder, options.source, ending))
        raise TemplateError(f"there is no template {names[-1]}; for {options.source} there are {templates}") from None
    except jinja2.TemplateSyntaxError as problem:
        raise TemplateError(f"the template {problem.name}, line {problem.lineno}: {problem.message}") from None
    except (MemoryError, RecursionError):
        raise TemplateError(f"the template {names[0]} is nested too deeply") from None
