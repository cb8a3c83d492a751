"""The goldens: tables as whole files, ``tests/golden/<case>/<file>``, and how each is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import adtrace
from adtrace.tables.resources import found

FOLDER = Path(__file__).parent / "golden"

FILES: dict[str, dict[str, Any]] = {
    "table.md": {"format": "markdown"},
    "table.tex": {"format": "latex"},
    "standalone.tex": {"format": "latex", "standalone": True},
    "table.txt": {"format": "text"},
    "table.json": {"format": "json"},
    "table.html": {"format": "html"},
    "table.typ": {"format": "typst"},
    "bare.tex": {"format": "latex", "macros": False},
    "table.rst": {"format": "rst"},
    "table.adoc": {"format": "asciidoc"},
    "table.csv": {"format": "csv"},
    "uncovered.tex": {"format": "latex", "macros": False, "overlay": True},
}
"""Every file of a case, with the options that it is made with."""

DOCUMENTS = ("table.md", "table.tex", "table.txt", "table.json")
WHOLE = (*DOCUMENTS, "standalone.tex")
SLIDES = "uncovered.tex"
ALL_COLUMNS = "name,formula,partial,numbers,value"


FURTHER = ("table.rst", "table.adoc", "table.csv")
EACH_FORMAT = ("table.md", "bare.tex", "table.txt", "table.html", "table.typ")
OF_SLIDES = ("cs107", "ledger")
"""Styles of which the steps of slides are a golden, too: cells with steps of their own, a running total."""
STYLES = found(None, "styles", ".toml")


@dataclass(frozen=True)
class Case:
    """A trace and its options."""

    expression: str
    at: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    traced: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = DOCUMENTS

    def trace(self) -> adtrace.Trace:
        """The trace of the case."""
        return adtrace.trace(self.expression, self.at, **self.traced)

    def document(self, file: str) -> str:
        """The file as adtrace prints it now."""
        given = self.options | FILES[file]
        if file == "table.json":
            given = {name: given[name] for name in ("mode", "order", "digits", "rounding", "format") if name in given}
        return self.trace().table(**given)


_FIRST = ("f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", {"x1": "2", "x2": "5"})
_SECOND = ("f(x1, x2) = 1/(x1 + x2) + x2^2 + cos(x1)", {"x1": "3", "x2": "6"})
_PRODUCTS = {"powers": "products"}

REFERENCE = {
    "table-1": Case(*_FIRST, {"mode": "forward", "label": "tab:one"}, files=WHOLE),
    "table-2": Case(*_FIRST, {"mode": "reverse", "label": "tab:two"}, files=(*WHOLE, SLIDES, *FURTHER)),
    "table-3": Case(*_SECOND, {"mode": "forward", "label": "tab:three"}, _PRODUCTS, files=WHOLE),
    "table-4": Case(*_SECOND, {"mode": "reverse", "label": "tab:four"}, _PRODUCTS, files=WHOLE),
}
"""Baydin's tables and those of the homework, corrected."""

CASES = REFERENCE | {
    "stacked": Case(*_FIRST, {"layout": "stacked", "columns": ALL_COLUMNS}),
    "partials": Case(*_SECOND, {"mode": "reverse", "columns": "name,formula,partial,value"}),
    "kink": Case("relu(x1)*x2 + abs(x1 - x3) + max(x2, x3)", {"x1": "0", "x2": "0", "x3": "0"}),
    "pi-half": Case("x2*sin(x1) + cos(x1)", {"x1": "pi/2", "x2": "1/3"}, {"columns": "name,formula,numbers,value"}),
    "constants": Case("1/3*x + 2e-3*x^2 - pi/4", {"x": "-1.5"}, {"columns": ALL_COLUMNS}),
    "negative": Case("x1*x2 - x2/x1 - (-x1)^3", {"x1": "-2", "x2": "-1/3"}, {"columns": ALL_COLUMNS}),
    "single": Case("tanh(x)/(1 + exp(-x))", {"x": "0.1"}, {"digits": 6}),
    "independent": Case("x", {"x": "2"}),
    "undecided": Case("x*(4*(atan(1/2) + atan(1/3))/pi) + x", {"x": "2.00005"}, {"mode": "forward"}),
    "arrays": Case(
        "z = W @ x + b\nh = sigmoid(z)\nL = bce(h, y)",
        {"x": "[1, 2]", "W": "[[1, -1], [0.5, 0.25]]", "b": "[0.5, -0.5]", "y": "[1, 0]"},
        {"mode": "reverse", "label": "tab:dense"},
        {"const": ["y"]},
        files=(*EACH_FORMAT, *FURTHER, "table.json"),
    ),
    "convolution": Case(
        "z = conv1d(x, k) + b\nr = relu(z)\nv = maxpool1d(r, 2, stride=1)\nyhat = w @ v + a\nL = (y - yhat)^2/2",
        {"x": "[1, 2, -1, 3, 0.5]", "k": "[1, -1, 2]", "b": "0.5", "w": "[2, -1]", "a": "0.25", "y": "1"},
        {},
        {"const": ["y"], "rows": "statements"},
        files=("table.md", "table.txt", "bare.tex"),
    ),
    "names": Case(
        "rate*w_out - beta*x_1_2 + v1",
        {"rate": "0.5", "w_out": "2", "beta": "-1", "x_1_2": "3", "v1": "4"},
        {"mode": "reverse"},
    ),
    "letters": Case(
        "z = w*x + b\nyhat = 1/(1 + exp(-z))\nloss = (yhat - y)^2",
        {"w": "1", "x": "2", "b": "0", "y": "1"},
        {
            "mode": "reverse",
            "notation": {"names": "source"},
            "letters": r"yhat=\hat y; loss=\mathcal L; w=\mathbf{w}^{(1)}; b=\theta_{\mathrm{old}}",
        },
        files=EACH_FORMAT,
    ),
    "powers": Case(
        "x1^x2 + cbrt(x1)*e^(x1*x2) - log(x2, 10)/log2(x1)", {"x1": "2", "x2": "0.5"}, {"columns": ALL_COLUMNS}
    ),
    "second": Case(
        "x1*sin(x2) + x1^2/x2",
        {"x1": "2", "x2": "pi/3"},
        {"mode": "second", "label": "tab:second"},
        {"seed": {"x1": "1", "x2": "-2"}},
        files=(*DOCUMENTS, "table.html"),
    ),
    "cppad": Case(
        "exp(x1)*sin(x2)",
        {"x1": "1/2", "x2": "2"},
        {"mode": "forward", "order": 2, "style": "cppad"},
        {"seed": {"x1": "1", "x2": "3"}},
        files=(*DOCUMENTS, "table.html"),
    ),
    "captioned": Case(
        "x^2",
        {"x": "3"},
        {
            "mode": "forward",
            "caption": "Q4 (50% of é & ß): x_1 < {y} | #1 \\$2 ~ ^ \\foo [a](b) *c* `d` α → Ж 中 «q» – “r”",
            "label": "tab:captioned",
        },
        files=("table.md", "table.tex", "table.txt", *FURTHER),
    ),
    "german": Case(
        "ln(x1) + max(x1*x2, abs(x2 - 2))",
        {"x1": "1.5", "x2": "2"},
        {"language": "de"},
        files=("table.tex",),
    ),
    "chinese": Case(
        "ln(x1) + max(x1*x2, abs(x2 - 2))",
        {"x1": "1.5", "x2": "2"},
        {"language": "zh"},
        files=("table.html",),
    ),
    "long": Case(
        " + ".join(f"sin({k}*x)" for k in range(2, 12)), {"x": "1"}, {"mode": "forward"}, files=("table.tex",)
    ),
}

# Each style in each format: a variable that is used twice, so that an adjoint is a sum and its parts.
CASES |= {
    f"style-{name}": Case(
        "x*sin(x)",
        {"x": "2"},
        {"style": name, "mode": "both", "label": "t"},
        files=(*EACH_FORMAT, "table.csv", *([SLIDES] if name in OF_SLIDES else [])),
    )
    for name in STYLES
}


@dataclass(frozen=True)
class Worked:
    """A table that is no trace: of layers, of windows, of a convolution."""

    made: Callable[[], Any]
    files: tuple[str, ...] = ("table.md", "bare.tex", "table.txt", "table.html", "table.typ", *FURTHER)

    def document(self, file: str) -> str:
        """The file as adtrace prints it now."""
        return str(self.made().table(**FILES[file]))


WORKED = {
    "layers": Worked(partial(
        adtrace.layers, "CONV3-10(2,1), ReLU, BN, POOL-2, dw: DWCONV3, add of dw dw, GAP, FC-10", input="32x32x3"
    )),
    "layers-hyphens": Worked(partial(adtrace.layers, "1x29x29-20C4-MP2-40C5-MP3-150N-10N"), ("table.md", "table.txt")),
    "windows": Worked(partial(adtrace.window, in_=64, out=32, k=8, d=1)),
    "convolved": Worked(partial(adtrace.convolution, [1, 2, 3, 4], [1, 0, 2])),
}  # fmt: skip
