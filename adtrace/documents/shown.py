"""What a notebook's cell shows for a trace.

A front end gets HTML (MathML, which needs nothing else), Markdown, LaTeX and text, and takes what it shows best:
JupyterLab and VS Code the HTML, ``nbconvert --to latex`` the LaTeX, a terminal the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from adtrace.errors import BoundError, OptionError
from adtrace.formats import FORMATS
from adtrace.tables.options import options

MIME_TYPES = {entry.mime: entry.name for entry in FORMATS.values() if entry.mime}


@dataclass(frozen=True, slots=True)
class Shown:
    """The tables of a trace with these options, as a notebook shows them."""

    table: Callable[..., str]
    """The trace's `table`."""
    given: dict[str, Any]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The tables in every format that a front end may want; the page, if it is asked for, in a frame."""
        fragment = {name: value for name, value in self.given.items() if name != "standalone"}
        bundle: dict[str, str] = {}
        for kind, format_ in MIME_TYPES.items():
            try:
                bundle[kind] = self.table(format=format_, **fragment)
            except BoundError as problem:  # a front end shows what is left of a long trace
                bundle.setdefault("text/plain", str(problem))
        if "text/latex" in bundle:
            bundle["text/latex"] = _in_place(bundle["text/latex"])
        if self.given.get("standalone"):
            document = escape(self.table(format="html", **self.given))
            bundle["text/html"] = (
                f'<iframe srcdoc="{document}" title="Step through the trace" sandbox="allow-scripts" '
                'style="width: 100%; height: 46rem; border: 0"></iframe>'
            )
        return bundle

    def __repr__(self) -> str:
        return self.table(format="text", **{k: v for k, v in self.given.items() if k != "standalone"})


def _in_place(latex: str) -> str:
    r"""The tables where their cell stands, with captions: nbconvert lets tables float off, and hides every caption."""
    begin = r"\begin{table}[htbp]"
    here = (
        r"\ifdefined\floatplacement\def\adtplace{H}\else\def\adtplace{htbp}\fi"
        "\n"
        r"\def\adtbegin{\begin{table}}\expandafter\adtbegin\expandafter[\adtplace]"
        "\n"
        r"\ifdefined\captionsetup\captionsetup{format=plain}\fi"
    )
    return latex.replace(begin, here)


def shown(table: Callable[..., str], given: dict[str, Any]) -> Shown:
    """What a notebook shows; raises `OptionError` for options that a table does not have."""
    if "format" in given:
        raise OptionError("a notebook chooses the format; trace.table(format=...) gives the text of one")
    options({"format": "html"} | given)
    return Shown(table, given)
