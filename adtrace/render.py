"""Tables and a template into a document.  The only module that imports Jinja.

Templates stand in ``templates/<format>/<style><ending>`` and get plain strings, numbers and tuples, in an immutable
sandbox: they lay out and never compute.  A user's folder comes before ours.
Delimiters are ``<% %> << >> <# #>``, for braces belong to LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adtrace.errors import TemplateError
from adtrace.mathml import formula
from adtrace.options import FORMATS, Options
from adtrace.page import Page
from adtrace.tables import Table, width

_LONGEST_RULE = 10_000
_STYLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)


def template_root() -> Traversable:
    """Our templates: inside the installed package, or beside it in a checkout."""
    packaged = files("adtrace").joinpath("templates")
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parent.parent / "templates"


def styles(format: str, template_dir: str | Path | None = None) -> list[str]:  # noqa: A002 - the option's name
    """The styles of a format, ours and those of a user's folder."""
    ending = FORMATS[format]
    found: set[str] = set()
    for root in (template_root(), *([Path(template_dir)] if template_dir is not None else [])):
        folder = root.joinpath(format)
        if folder.is_dir():
            found.update(entry.name.removesuffix(ending) for entry in folder.iterdir() if entry.name.endswith(ending))
    return sorted(style for style in found if not style.startswith("_"))


def _source(root: Traversable, name: str) -> str | None:
    """The text of a template below a folder."""
    try:
        return root.joinpath(*name.split("/")).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise TemplateError(f"the template {name} cannot be read: {problem}") from None


def pad(text: str, columns: int) -> str:
    """The text filled with blanks to so many columns of a terminal."""
    return text + " " * (columns - width(text))


def times(text: str, count: int) -> str:
    """The text so many times."""
    return text * min(count, _LONGEST_RULE)


@lru_cache(maxsize=16)
def _environment(template_dir: str | None) -> jinja2.Environment:
    folders: list[Traversable] = [Path(template_dir)] if template_dir is not None else []
    folders.append(template_root())
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader([jinja2.FunctionLoader(partial(_source, folder)) for folder in folders]),
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


def render(tables: Sequence[Table], options: Options, page: Page | None = None) -> str:
    """The document of these tables in the style and format of the options; an HTML page has more than tables.

    Raises `TemplateError` for a template that is not there, is not valid, or names what a table does not have.
    """
    if not _STYLE.fullmatch(options.style):
        raise TemplateError(f"a style is a name of letters, digits and - _ ., not {options.style!r}")
    folder = None
    if options.template_dir is not None:
        folder = str(Path(options.template_dir).resolve())
        if not Path(folder).is_dir():
            raise TemplateError(f"the template folder {str(options.template_dir)!r} is not there")
    name = f"{options.format}/{options.style}{FORMATS[options.format]}"
    environment = _environment(folder)
    try:
        template = environment.get_template(name)
        return template.render(tables=tables, standalone=options.standalone, page=page)
    except jinja2.TemplateNotFound as missing:
        if missing.name != name:
            raise TemplateError(f"the template {name} includes {missing.name}, which is not there") from None
        known = ", ".join(styles(options.format, folder))
        raise TemplateError(f"there is no style {options.style!r} for {options.format}; there are {known}") from None
    except jinja2.TemplateSyntaxError as problem:
        raise TemplateError(f"the template {name}, line {problem.lineno}: {problem.message}") from None
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as problem:
        raise TemplateError(f"the template {name}: {problem}") from None
