"""Tables and a template into a document.  The only module that imports Jinja.

Templates stand in ``templates/<format>/<style><ending>`` and get plain strings, numbers and tuples, in an immutable
sandbox: they lay out and never compute.  A user's folder comes before ours.
Delimiters are ``<% %> << >> <# #>``, for braces belong to LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.loaders import split_template_path
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adtrace.errors import TemplateError
from adtrace.options import FORMATS, Options
from adtrace.tables import Table, width

_LONGEST_RULE = 10_000
_FILTERS = ("join", "length", "first", "last", "max", "replace")
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
    """The text of a template below a folder; a name with ``..`` is none."""
    try:
        return root.joinpath(*split_template_path(name)).read_text(encoding="utf-8")
    except (jinja2.TemplateNotFound, FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise TemplateError(f"the template {name} cannot be read: {problem}") from None


def _found(folders: Sequence[Traversable], name: str) -> str | None:
    """The text of the template in the first folder that has it."""
    return next((text for text in (_source(folder, name) for folder in folders) if text is not None), None)


def _load(folders: Sequence[Traversable], name: str) -> tuple[str, None, Callable[[], bool]] | None:
    """The template, and whether what was loaded is still it: a user edits templates between two calls."""
    text = _found(folders, name)
    return None if text is None else (text, None, lambda: len(folders) == 1 or _found(folders, name) == text)


def pad(text: str, columns: int) -> str:
    """The text filled with blanks to so many columns of a terminal."""
    return text + " " * (columns - width(text))


def times(text: str, count: int) -> str:
    """The text so many times."""
    return text * min(count, _LONGEST_RULE)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Where templates run: they lay out strings and lists, call nothing but their own macros, and do not multiply."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
        """Refuse what makes large things of small ones."""
        raise SecurityError(f"a template does not compute: there is no {operator} in it")

    def is_safe_callable(self, obj: object) -> bool:
        """Whether the template made it itself."""
        return isinstance(obj, Macro | BlockReference | LoopContext)


@lru_cache(maxsize=16)
def _environment(template_dir: str | None) -> jinja2.Environment:
    folders: list[Traversable] = [Path(template_dir)] if template_dir is not None else []
    folders.append(template_root())
    environment = _Sandbox(
        loader=jinja2.FunctionLoader(partial(_load, folders)),
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
    environment.filters |= {"pad": pad, "times": times, "rstrip": str.rstrip}
    return environment


def render(tables: Sequence[Table], options: Options) -> str:
    """The document of these tables in the style and format of the options.

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
        return template.render(tables=tables, standalone=options.standalone).rstrip("\n") + "\n"
    except jinja2.TemplateNotFound as missing:
        if missing.name != name:
            raise TemplateError(f"the template {name} includes {missing.name}, which is not there") from None
        known = ", ".join(styles(options.format, folder))
        raise TemplateError(f"there is no style {options.style!r} for {options.format}; there are {known}") from None
    except jinja2.TemplateSyntaxError as problem:
        raise TemplateError(f"the template {name}, line {problem.lineno}: {problem.message}") from None
    except (RecursionError, MemoryError):
        raise TemplateError(f"the template {name} goes on without end") from None
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as problem:
        raise TemplateError(f"the template {name}: {problem}") from None
