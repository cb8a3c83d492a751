"""The commands ``adtrace window`` and ``adtrace convolve``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from adtrace.errors import OptionError
from adtrace.networks.command import put, shown_as
from adtrace.settings import COUNT, FLAG, SETTINGS, SWITCH
from adtrace.sources import read

if TYPE_CHECKING:
    from adtrace.networks.worked_documents import WorkedDocument

_OF_DOCUMENTS = (
    "format", "flavour", "standalone", "macros", "caption", "label", "placement", "overlay", "template_dir",
    "language", "decimal",
)  # fmt: skip
_OF_NUMBERS = ("digits", "rounding")


def _settings(*names: str) -> Callable[[Any], Any]:
    """The options of a document, as `adtrace table` has them."""

    def added(command: Any) -> Any:
        for name in reversed(names):
            setting = SETTINGS[name]
            flags = [setting.flag] if setting.kind != SWITCH else [f"{setting.flag}/--no-{setting.flag[2:]}"]
            kind: dict[str, Any] = {"metavar": setting.takes, "type": int if setting.kind == COUNT else str}
            if setting.kind in (FLAG, SWITCH):
                kind = {"is_flag": True, "default": None}
            click.option(*filter(None, [setting.short]), *flags, name, help=setting.help, **kind)(command)
        return click.option(
            "-o", "--output", multiple=True, metavar="FILE", help="Write to a file; its ending gives the format."
        )(command)

    return added


@click.command()
@click.option("--in", "in_", metavar="64|64x48", help="The length of the input along each axis, without channels.")
@click.option("--out", metavar="32|32x24", help="The length of the output.")
@click.option("--set", "set_", multiple=True, metavar="k=8,d=1", help="What is known: k, s, p, d; p=1:2, p=same, k=s.")
@click.option("--find", metavar="s,p", help="What is sought.  [what is not given, but for d, which is 1]")
@click.option("--bounds", metavar="k=1..10,p<=31", help="From where to where.  [up to the longer axis]")
@click.option("--case", "cases", multiple=True, metavar='"i=8,o=4,p=0"', help="A question; several make one table.")
@click.option("--exact", is_flag=True, help="Only divisions without a remainder.")
@click.option("--ceil", is_flag=True, help="Pooling that rounds up, as PyTorch's ceil_mode.")
@click.option("--transposed", is_flag=True, help="A transposed convolution; a is its output padding.  [a=0]")
@click.option("--asymmetric", is_flag=True, help="One zero more may stand behind than in front.")
@click.option("--nonoverlapping", is_flag=True, help="Windows side by side: k = s.")
@click.option("--any-padding", is_flag=True, help="Paddings as long as the window, too: windows of zeros alone.")
@_settings(*_OF_DOCUMENTS)
def window(output: Sequence[str], set_: Sequence[str], cases: Sequence[str], **given: Any) -> None:
    """Find all windows that take an axis of one length to another: kernel, stride, padding, dilation.

    adtrace window --in 64 --out 32 --set k=8,d=1 --find s,p
    """
    from adtrace.networks.asked import pairs_of  # noqa: PLC0415 - nothing of it is needed for --help
    from adtrace.networks.window import window as windows  # noqa: PLC0415

    shown = {name: given.pop(name) for name in _OF_DOCUMENTS}
    values: dict[str, Any] = {}
    for text in set_:
        for letter, value in pairs_of(text, "--set").items():
            if letter in values:
                raise OptionError(f"--set gives {letter} twice")
            values[letter] = value
    asked = [_case(text) for text in cases] or None
    _written(windows(given.pop("in_"), given.pop("out"), cases=asked, **values, **given), output, shown)


@click.command()
@click.argument("signal")
@click.argument("kernel", required=False)
@click.option("--modes", metavar="full,same,valid", help="What is worked out.  [all three; of correlation valid]")
@click.option("--flip/--no-flip", default=True, help="Convolution, or correlation, as deep learning has it.  [flip]")
@click.option("--same", metavar="numpy|tensorflow|centred", help="Whose same.  [numpy; of correlation tensorflow]")
@click.option("--stride", metavar="2|2x1", help="The stride.  [1; of pooling the window]")
@click.option("--padding", metavar="1|1:2|1x0", help="Zeros in place of a mode: on both sides, before:after, by axis.")
@click.option("--dilation", metavar="2|2x1", help="The dilation.  [1]")
@click.option("--pool", metavar="max|mean", help="Pooling, without a kernel.")
@click.option("--size", "k", metavar="2|3x3", help="The window of pooling.")
@_settings(*_OF_NUMBERS, *_OF_DOCUMENTS)
def convolve(signal: str, kernel: str | None, output: Sequence[str], **given: Any) -> None:
    """Work out the convolution of SIGNAL with KERNEL: the window at each place, its products, the results.

    Both are vectors, "[1,2,3,4]", or matrices, "[[1,0],[0,1]]", of numbers, fractions, pi, and letters that stay open.
    - reads SIGNAL from stdin, @FILE from a file.
    """
    from adtrace.networks.convolve import convolution  # noqa: PLC0415 - nothing of it is needed for --help

    shown = {name: given.pop(name) for name in (*_OF_NUMBERS, *_OF_DOCUMENTS)}
    own = {name: value for name, value in given.items() if value is not None}
    operands = [read(text, "operand") for text in (signal, kernel) if text is not None]
    _written(convolution(*operands, **own), output, shown)


def _case(text: str) -> dict[str, Any]:
    """``1a: i=8, o=4, p=0, find k s``: a question with its label."""
    from adtrace.networks.asked import pairs_of  # noqa: PLC0415

    label, colon, rest = text.partition(":")
    if not colon or "=" in label:
        label, rest = "", text
    body, _, sought = rest.partition(" find ")
    case: dict[str, Any] = dict(pairs_of(body, "--case"))
    if label.strip():
        case["label"] = label.strip()
    if sought.strip():
        case["find"] = sought.replace(",", " ").split()
    return case


def _written(document: WorkedDocument, output: Sequence[str], shown: Mapping[str, Any]) -> None:
    """The document to stdout, or into files."""
    chosen = {name: value for name, value in shown.items() if value is not None}
    named = chosen.pop("format", None)
    for path in output or ("-",):
        put(document, path, shown_as(path, named) | chosen)
