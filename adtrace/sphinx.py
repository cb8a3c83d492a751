"""The Sphinx directive: ``extensions = ["adtrace.sphinx"]``.

    .. adtrace:: ln(x1) + x1*x2 - sin(x2)
       :at: x1=2, x2=5
       :mode: forward
       :label: table-forward

In MyST the same is a fenced block, ``{adtrace}``.  LaTeX gets our own tables; every other builder gets a table of
Sphinx with formulas of Sphinx, so HTML, EPUB and text all show it in their own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from adtrace import __version__
from adtrace.errors import AdtraceError
from adtrace.request import Request, block
from adtrace.settings import SPHINX, names

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from adtrace.tables.tabulate import Block, Table

_MATH = re.compile(r"(?<!\\)\$([^$]+)\$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&#(\d+);|&(lt|gt|amp);")


class AdtraceDirective(SphinxDirective):
    """``.. adtrace:: expression``, with every setting of a trace and of a table as an option."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = dict.fromkeys(names(where=SPHINX), directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """The nodes of the tables; an error of adtrace is an error at the directive's line."""
        try:
            asked = block("\n".join([*self.arguments, *self.content]))
            made, options = Request(asked.expression, dict(asked.settings) | self.options).trace()
            here = {"label": f"{self.env.docname}:{options['label']}"} if options.get("label") else {}
            latex = made.table(**options | here, format="latex")  # a label as Sphinx writes them in LaTeX
            tables = made.tables(**options, format="markdown")
        except AdtraceError as error:
            raise self.error(f"adtrace: {error}") from error
        elsewhere = addnodes.only(expr="not latex")
        for table in tables:
            elsewhere += list(self._table(table))
        return [nodes.raw("", latex, format="latex"), elsewhere]

    def _table(self, table: Table) -> Iterator[nodes.Node]:
        for place, part in enumerate(table.blocks):
            made = nodes.table(classes=["adtrace"])
            if place == 0 and table.caption:
                made += nodes.title("", "", *_inline(table.caption))
            if place == 0 and table.label:
                made["names"].append(table.label)
                self.state.document.note_explicit_target(made, made)
            made += _group(part)
            self.set_source_info(made)
            yield made
        for note in table.notes:
            yield nodes.paragraph("", "", *_inline(note), classes=["adtrace-note"])


def _group(part: Block) -> nodes.tgroup:
    """The columns, the heading and the rows of a block."""
    widths = [max(column.width, 1) for panel in part.panels for column in panel.columns]
    group = nodes.tgroup(cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    heads: list[str] = []
    for panel in part.panels:
        arrow = "" if len(part.panels) == 1 and not panel.upward else " ↑" if panel.upward else " ↓"
        own = [column.heading for column in panel.columns] if panel.headed else [panel.heading]
        own[0] += arrow
        heads += own + [""] * (len(panel.columns) - len(own))
    group += nodes.thead("", _row([_inline(head) for head in heads]))
    body = nodes.tbody()
    for lines in part.groups:
        for line in lines:
            body += _row([[nodes.math(cell, cell)] if cell else [] for cells in line for cell in cells])
    group += body
    return group


def _row(cells: Sequence[Sequence[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry()
        entry += nodes.paragraph("", "", *cell)
        row += entry
    return row


def _inline(text: str) -> list[nodes.Node]:
    """Running text of the Markdown dialect as nodes: formulas between dollars, and characters no longer escaped."""
    found: list[nodes.Node] = []
    for place, piece in enumerate(_MATH.split(text)):
        if place % 2:
            found.append(nodes.math(piece, piece))
        elif piece:
            found.append(nodes.Text(_ESCAPE.sub(_plain, piece)))
    return found


def _plain(match: re.Match[str]) -> str:
    named = {"lt": "<", "gt": ">", "amp": "&"}
    return match[1] or (chr(int(match[2])) if match[2] else named[match[3]])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the packages that our LaTeX needs."""
    app.add_directive("adtrace", AdtraceDirective)
    for package in ("amsmath", "array", "booktabs"):
        app.add_latex_package(package)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
