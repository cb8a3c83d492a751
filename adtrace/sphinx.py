"""The Sphinx directive: ``extensions = ["adtrace.sphinx"]``.

    .. adtrace:: ln(x1) + x1*x2 - sin(x2)
       :at: x1=2, x2=5
       :mode: forward
       :label: table-forward

In MyST the same is a fenced block, ``{adtrace}``, or ``adtrace`` alone, as everywhere else.  LaTeX and HTML get our own
tables; every other builder gets a table of Sphinx with formulas of Sphinx, so EPUB and text show it in their own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from adtrace import __version__
from adtrace.errors import AdtraceError, OptionError
from adtrace.request import Request, are_settings, block, named
from adtrace.settings import LANGUAGES, SETTINGS, SPHINX, names

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from adtrace.tables.table import Block, Panel, Table

_MATH = re.compile(r"(?<!\\)\$([^$]+)\$")
_CALLED = re.compile(r"(?<=<caption>)<strong>[^<]*</strong> ")
"""What our caption begins with; the word and the number are Sphinx's."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&#(\d+);|&(lt|gt|amp);")


class traced(nodes.table):  # noqa: N801 - docutils finds the writer's method by this name
    """A table of a trace, with the HTML of all of it as ``page``."""


class AdtraceDirective(SphinxDirective):
    """``.. adtrace:: expression``, with every setting of a trace and of a table as an option."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = dict.fromkeys(
        [spelled for name in names(where=SPHINX) for spelled in (name, name.replace("_", "-"))], directives.unchanged
    )

    def run(self) -> list[nodes.Node]:
        """The nodes of the tables; an error of adtrace is an error at the directive's line."""
        try:
            first = [line for line in self.arguments if not (self.content and are_settings(line))]
            asked = block("\n".join([*first, *self.content]), "" if first else " ".join(self.arguments))
            settings = dict(asked.settings) | {named(name): text for name, text in self.options.items()}
            spoken = str(self.config.language or "").split("_", maxsplit=1)[0]
            if spoken in LANGUAGES:
                settings = {"language": spoken} | settings
            for name in settings:
                if name in SETTINGS and SPHINX in SETTINGS[name].not_in:
                    raise OptionError(f"{name} is Sphinx's to choose, by its builder")
            trace, options = Request(asked.expression, settings).trace()
            here = {"label": f"{self.env.docname}:{options['label']}"} if options.get("label") else {}
            latex = trace.table(**options | here, format="latex")  # a label as Sphinx writes them in LaTeX
            tables = trace.tables(**options, format="markdown")
            pages = trace.each_table(**options | {"label": None}, format="html")
        except AdtraceError as error:
            raise self.error(f"adtrace: {str(error).partition(chr(10))[0]}") from None
        elsewhere = addnodes.only(expr="not latex")
        for table, page in zip(tables, pages, strict=True):
            elsewhere += list(self._table(table, page))
        return [nodes.raw("", latex, format="latex"), elsewhere]

    def _table(self, table: Table, page: str) -> Iterator[nodes.Node]:
        """The table; what HTML has in the page of the first block is for the others alone."""
        others = addnodes.only(expr="epub or not html")
        for place, part in enumerate(table.blocks):
            node = nodes.table(classes=["adtrace-table"]) if place else traced(classes=["adtrace-table"], page=page)
            if place == 0 and table.caption:
                node += nodes.title("", "", *_inline(table.caption))
            if place == 0 and table.label:
                node["names"].append(table.label)
                self.state.document.note_explicit_target(node, node)
            node += _group(part)
            self.set_source_info(node)
            if place:
                others += node
            else:
                yield node
        others += [nodes.paragraph("", "", *_inline(note), classes=["adtrace-note"]) for note in table.notes]
        yield others


def _group(part: Block) -> nodes.tgroup:
    """The columns, the heading and the rows of a block."""
    widths = [max(column.width, 1) for panel in part.panels for column in panel.columns]
    group = nodes.tgroup(cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _row([_inline(head) for panel in part.panels for head in _heads(panel, len(part.panels))]))
    body = nodes.tbody()
    for line in chain.from_iterable(part.groups):
        body += _row([[nodes.math(cell, cell)] if cell else [] for cells in line for cell in cells])
    group += body
    return group


def _heads(panel: Panel, panels: int) -> list[str]:
    """The headings of a panel's columns, or its own over the first of them, with its arrow."""
    arrow = " ↑" if panel.upward else " ↓" if panels > 1 else ""
    own = [column.heading for column in panel.columns] if panel.headed else [panel.heading]
    return [own[0] + arrow, *own[1:], *[""] * (len(panel.columns) - len(own))]


def _row(cells: Sequence[Sequence[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry()
        entry += nodes.paragraph("", "", *cell)
        row += entry
    return row


def _inline(text: str) -> list[nodes.Node]:
    """Running text of the Markdown dialect as nodes: formulas between dollars, and characters no longer escaped."""
    pieces: list[nodes.Node] = []
    for place, piece in enumerate(_MATH.split(text)):
        if place % 2:
            pieces.append(nodes.math(piece, piece))
        elif piece:
            pieces.append(nodes.Text(_ESCAPE.sub(_plain, piece)))
    return pieces


def _plain(match: re.Match[str]) -> str:
    named = {"lt": "<", "gt": ">", "amp": "&"}
    return match[1] or (chr(int(match[2])) if match[2] else named[match[3]])


def _visit(translator: Any, node: nodes.Element) -> None:
    """A table of Sphinx."""
    translator.visit_table(node)


def _depart(translator: Any, node: nodes.Element) -> None:
    translator.depart_table(node)


def _visit_html(translator: Any, node: nodes.Element) -> None:
    """Our own table with Sphinx's number; in an EPUB, which takes no style in its text, a table of Sphinx."""
    if translator.builder.name == "epub":
        _visit(translator, node)
        return
    before = len(translator.body)
    if node["ids"]:
        translator.add_fignumber(node)
    number = "".join(translator.body[before:])
    del translator.body[before:]
    page = _CALLED.sub(lambda _: number, node["page"], count=1)
    translator.body.append(f"{translator.starttag(node, 'div')}{page}</div>\n")
    raise nodes.SkipNode


def _fence_of_myst(_app: Sphinx, config: Config) -> None:
    """In MyST a block for adtrace is the directive without its braces, too."""
    if "myst_fence_as_directive" in config:
        config.myst_fence_as_directive = {*config.myst_fence_as_directive, "adtrace"}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the packages that our LaTeX needs."""
    app.add_directive("adtrace", AdtraceDirective)
    app.add_enumerable_node(
        traced,
        "table",
        html=(_visit_html, _depart),
        **dict.fromkeys(("latex", "text", "man", "texinfo"), (_visit, _depart)),
    )
    app.connect("config-inited", _fence_of_myst)
    for package in ("amsmath", "array", "booktabs"):
        app.add_latex_package(package)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
