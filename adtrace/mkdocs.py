"""Fenced ``adtrace`` blocks in MkDocs, and wherever Python-Markdown is; see docs/tasks/sites.md.

    markdown_extensions:
      - adtrace.mkdocs

Each block becomes its table in HTML, with formulas in MathML: no script and no font is needed.  With
``format=markdown`` it is a table of Markdown, for the MathJax or KaTeX that the site has.  Settings of the extension,
``adtrace.mkdocs: {digits: 3}``, are those of every block.

The blocks are read before superfences sees them.  `fence` and `validator` are for those who rather use its own way,
``custom_fences``, which reads settings with quotes alone: ``mode="forward"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from adtrace.errors import AdtraceError, OptionError
from adtrace.fences import expanded
from adtrace.request import Request, block

_BEFORE_SUPERFENCES = 28
"""Superfences is at 25; the lines have been tidied at 30."""
_HTML, _MARKDOWN = "html", "markdown"


class _Tables(Extension):
    """The extension of Python-Markdown; its settings are those of every block."""

    def __init__(self, **settings: Any) -> None:
        super().__init__()
        self.settings = {name: str(value) for name, value in settings.items()}

    def extendMarkdown(self, md: Any) -> None:  # noqa: N802 - Markdown's name
        """Read the blocks before anything else does."""
        md.preprocessors.register(_Blocks(md, self.settings), "adtrace", _BEFORE_SUPERFENCES)


class _Blocks(Preprocessor):
    """The blocks of a page, replaced by their tables."""

    def __init__(self, md: Any, settings: Mapping[str, str]) -> None:
        super().__init__(md)
        self.settings = settings

    def run(self, lines: list[str]) -> list[str]:
        """The lines of the page with each block as a table."""
        page, above = _page(self.md)
        try:
            return expanded(lines, self._text, above)
        except AdtraceError as error:
            raise _stopped(error, page) from None

    def _text(self, asked: Request) -> str:
        table, format_ = _table(asked, self.settings)
        return f"\n{self.md.htmlStash.store(table)}\n" if format_ == _HTML else f"\n{table}"


def makeExtension(**settings: Any) -> Extension:  # noqa: N802 - the name that Markdown calls
    """What Markdown makes of ``adtrace.mkdocs``."""
    return _Tables(**settings)


def _table(asked: Request, given: Mapping[str, str]) -> tuple[str, str]:
    """The table of a block, and its format: HTML, or Markdown where that is asked for."""
    trace, options = Request(asked.expression, {"format": _HTML} | dict(given) | dict(asked.settings)).trace()
    if options["format"] not in (_HTML, _MARKDOWN):
        raise OptionError(f"the format of a page's table is {_HTML} or {_MARKDOWN}, not {options['format']!r}")
    return trace.table(**options), options["format"]


def _page(md: Any) -> tuple[str, int]:
    """The page that MkDocs is reading and the lines above its text; nothing where it is not MkDocs that reads."""
    paths = md.treeprocessors["relpath"] if "relpath" in md.treeprocessors else None  # noqa: SIM401 - it has no get
    file = getattr(paths, "file", None)
    if file is None:
        return "", 0
    from mkdocs.utils.meta import get_data  # noqa: PLC0415 - it is MkDocs that asks

    source = Path(file.abs_src_path).read_text(encoding="utf-8-sig")
    return str(file.src_uri), source.count("\n") - get_data(source)[0].count("\n")


def _stopped(error: AdtraceError, page: str) -> Exception:
    """What ends the build in one line: MkDocs' own error, where it is MkDocs that reads."""
    if not page:
        return error
    from mkdocs.exceptions import BuildError  # noqa: PLC0415

    stopped: Exception = BuildError(_sentence(error, page))
    return stopped


def _sentence(error: AdtraceError, page: str) -> str:
    return f"adtrace: {page}{', ' if page else ''}{str(error).partition(chr(10))[0]}"


def validator(_language: str, inputs: dict[str, str], options: dict[str, Any], *_: object) -> bool:
    """Take every setting of the block's first line; `fence` says which there are."""
    options.update(inputs)
    return True


def fence(source: str, _language: str, css_class: str, options: dict[str, Any], md: Any, **_: object) -> str:
    """The block as HTML, for superfences.  An error in it stops the build, as superfences wants it: with its own
    exception.
    """
    from pymdownx.superfences import SuperFencesException  # noqa: PLC0415

    page, above = _page(md)
    try:
        table, format_ = _table(block(source), {name: str(value) for name, value in options.items()})
    except AdtraceError as error:
        if not page:
            raise SuperFencesException(_sentence(error, page)) from error
        from mkdocs.exceptions import BuildError  # noqa: PLC0415

        class Stopped(SuperFencesException, BuildError):
            """An error that superfences lets through and MkDocs says in one line."""

        raise Stopped(_sentence(error, f"{page}{_line(md, source, above)}")) from None
    if format_ == _MARKDOWN:
        own = Markdown(
            extensions=["tables", "pymdownx.arithmatex"], extension_configs={"pymdownx.arithmatex": {"generic": True}}
        )
        table = own.convert(table)
    return f'<div class="{escape(css_class or "adtrace")}">{table}</div>'


def _line(md: Any, source: str, above: int) -> str:
    """The line of the fence above this text, where it can be told from the others."""
    lines = [line.strip(" >") for line in md.lines]
    wanted = [line.strip(" >") for line in source.split("\n")]
    places = [at for at in range(len(lines)) if lines[at : at + len(wanted)] == wanted]
    return f", line {places[0] + above}" if len(places) == 1 else ""
