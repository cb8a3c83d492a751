"""Tables and a template into a document.  The only module that imports Jinja.

Templates stand in ``templates/<format>/<style><ending>`` and get plain strings, numbers and tuples, in an immutable
sandbox: they lay out and never compute.  A user's folder comes before ours.
Delimiters are ``<% %> << >> <# #>``, for braces belong to LaTeX.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adtrace.errors import TemplateError
from adtrace.mathml import formula
from adtrace.options import FORMATS, Options
from adtrace.page import Page
from adtrace.resources import checked_folder, folders, found, source
from adtrace.styles import Style
from adtrace.tables import Table, width

_LONGEST_RULE = 10_000


def pad(text: str, columns: int) -> str:
    """The text filled with blanks to so many columns of a terminal."""
    return text + " " * (columns - width(text))


def times(text: str, count: int) -> str:
    """The text so many times."""
    return text * min(count, _LONGEST_RULE)


@lru_cache(maxsize=16)
def _environment(template_dir: str | None) -> jinja2.Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader([jinja2.FunctionLoader(partial(source, root)) for root in folders(template_dir)]),
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
        auto_reload=False,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in ("join", "length", "first", "last", "replace")}
    environment.filters |= {"pad": pad, "times": times, "rstrip": str.rstrip, "math": formula}
    return environment


def render(tables: Sequence[Table], style: Style, options: Options, page: Page | None = None) -> str:
    """The document of these tables in a style and the format of the options; an HTML page has more than tables.

    The template is the style's own for the format, or else the one that its record names.
    Raises `TemplateError` for a template that is not there, is not valid, or names what a table does not have.
    """
    folder = checked_folder(options.template_dir)
    ending = FORMATS[options.format]
    names = [f"{options.format}/{stem}{ending}" for stem in (style.name, style.template)]
    try:
        template = _environment(folder).select_template(names)
    except jinja2.TemplatesNotFound:
        known = ", ".join(found(folder, options.format, ending))
        raise TemplateError(f"there is no template {names[-1]}; for {options.format} there are {known}") from None
    except jinja2.TemplateSyntaxError as problem:
        raise TemplateError(f"the template {problem.name}, line {problem.lineno}: {problem.message}") from None
    try:
        return template.render(tables=tables, standalone=options.standalone, page=page)
    except jinja2.TemplateNotFound as missing:
        raise TemplateError(f"the template {template.name} includes {missing.name}, which is not there") from None
    except jinja2.TemplateSyntaxError as problem:
        raise TemplateError(f"the template {problem.name}, line {problem.lineno}: {problem.message}") from None
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as problem:
        raise TemplateError(f"the template {template.name}: {problem}") from None
