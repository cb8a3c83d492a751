"""The command ``adtrace layers``: the layer table of a network."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from adtrace.documents.output import require_file, write, write_whole
from adtrace.errors import OptionError, printable, shortened
from adtrace.formats import ENDINGS, FORMATS, PICTURES, printed
from adtrace.settings import SETTINGS
from adtrace.sources import faults_of, object_of, read


@click.command()
@click.argument("network")
@click.option("--input", "input_", metavar="32x32x3|3,32,32", help="The shape of the input, without the batch.")
@click.option("--channels", metavar="first|last", help="Where the channels stand.  [last for 32x32x3, else first]")
@click.option("--let", multiple=True, metavar='"CONVk-N(s,p): s=1,p=1"', help="A line of the legend; may be repeated.")
@click.option("--columns", metavar="NAMES", help="size, activations, params, weights, biases, multiplications, macs, "
              "flops, field, jump.  [size,params,multiplications,field]")  # fmt: skip
@click.option("--counts", metavar="mults|macs|flops", help="What is counted.  [mults]")
@click.option("--bias/--no-bias", default=None, help="Biases as the layers have them, or none.  [bias]")
@click.option("--sum", metavar="terms|per-kernel|none", help="Parameters as k·k·C·N+N, (k·k·C+1)·N, a number.  [terms]")
@click.option("--product", metavar="dot|times", help="The sign of products.  [dot]")
@click.option("--dilation", metavar="auto|always", help="d in size formulas.  [auto: where the network dilates]")
@click.option("--merge", is_flag=True, help="Activations in the line of the layer before them.")
@click.option("--fold", is_flag=True, help="Blocks that are repeated as one line.")
@click.option("--layout", metavar="auto|side|stacked", help="stacked: sizes and fields above, costs below.  [auto]")
@click.option("--python", is_flag=True, help="NETWORK is FILE.py:name, a model of PyTorch or Keras; the file is run.")
@click.option("-f", "--format", "format_", metavar="NAME", help=SETTINGS["format"].help)
@click.option("--flavour", metavar="|".join(SETTINGS["flavour"].values), help=SETTINGS["flavour"].help)
@click.option(
    "--standalone", is_flag=True, help="A whole LaTeX or Typst document or, as -o FILE.html is, an HTML page."
)
@click.option("--macros/--no-macros", default=None, help=SETTINGS["macros"].help)
@click.option("--caption", metavar="TEXT", help=SETTINGS["caption"].help)
@click.option("--label", metavar="NAME", help=SETTINGS["label"].help)
@click.option("--placement", metavar="htbp", help=SETTINGS["placement"].help)
@click.option("--overlay", is_flag=True, help="On a slide of beamer the rows are uncovered one by one.")
@click.option("--template-dir", metavar="DIR", help=SETTINGS["template_dir"].help)
@click.option("--language", metavar=SETTINGS["language"].takes, help=SETTINGS["language"].help)
@click.option("--decimal", metavar=SETTINGS["decimal"].takes, help="What stands before decimals.  [the language's]")
@click.option("-o", "--output", multiple=True, metavar="FILE", help="Write to a file; its ending gives the format.")
def layers(network: str, output: Sequence[str], **given: Any) -> None:
    """Print the layer table of NETWORK: sizes, parameters, multiplications and receptive fields, worked out.

    NETWORK is text, "CONV3-10, ReLU, POOL-2, FLATTEN, FC-10", calls of PyTorch or Keras, what print(model) printed, or
    a list of dictionaries in JSON.  - reads it from stdin, @FILE from a file.  With --python it is a model in a Python
    file, model.py:net; the file is run, so it is to be one that you trust.
    """
    from adtrace.networks.call import layers as swept  # noqa: PLC0415 - nothing of it is needed for --help

    source = _model(network) if given.pop("python") else _listed(read(network, "network"))
    asked = {"input": given.pop("input_"), "channels": given.pop("channels"), "bias": given.pop("bias")}
    table = swept(source, let=given.pop("let"), **asked)
    if output and table.statements:
        from adtrace.networks.prose import stated  # noqa: PLC0415
        from adtrace.writing.dialects import PLAIN  # noqa: PLC0415

        for statement in table.statements:
            click.echo(f"adtrace: {shortened(printable(stated(statement, PLAIN)))}", err=True)
    format_ = given.pop("format_")
    chosen = {name: value for name, value in given.items() if value is not None and value is not False}
    if given["macros"] is False:
        chosen["macros"] = False
    for path in output or ("-",):
        put(table, path, _fitted(table, shown_as(path, format_) | chosen, path))


def put(table: Any, path: str, shown: dict[str, Any]) -> None:
    """A table with these options into a file, or to stdout; a picture has a file of its own."""
    if shown["format"] not in PICTURES:
        write(table.table(**shown), path, FORMATS[shown["format"]].mark)
    else:
        require_file(path, shown["format"])
        write_whole(Path(path), table.picture(**shown))


def _fitted(table: Any, shown: dict[str, Any], path: str) -> dict[str, Any]:
    """The options: in a terminal that is too narrow for a table in text, its costs stand below."""
    if path != "-" or not sys.stdout.isatty() or shown["format"] != "text" or "layout" in shown:
        return shown
    import shutil  # noqa: PLC0415

    lines = table.table(**{**shown, "caption": ""}).split("\n\n")[0].splitlines()
    widest = max(map(len, lines), default=0)
    return {**shown, "layout": "stacked"} if widest > shutil.get_terminal_size().columns else shown


def _listed(text: str) -> Any:
    """A text, or the list of dictionaries that it is in JSON."""
    if not text.lstrip().startswith(("[{", "[ {", "[\n")):
        return text
    import json  # noqa: PLC0415

    try:
        entries = json.loads(text)
    except ValueError:
        return text
    return entries if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries) else text


def _model(network: str) -> Any:
    """The model in a file of the user's: what stands under the name, or what a function of that name returns."""
    from adtrace.networks.models import is_model  # noqa: PLC0415

    model = object_of(network)
    if not is_model(model) and callable(model):
        with faults_of(network):
            model = model()
    if not (is_model(model) or isinstance(model, (str, list))):
        raise OptionError(f"{printable(network)} is {type(model).__name__}, no model of PyTorch or Keras, text or list")
    return model


def shown_as(output: str, format_: str | None) -> dict[str, Any]:
    """The format that is named, or that a file is in; a terminal shows text, and whatever reads on Markdown."""
    from adtrace.tables.options import of_target  # noqa: PLC0415

    if format_ is not None:
        return {"format": ENDINGS.get(f".{format_}", format_)}
    if output == "-":
        return {"format": printed()}
    return of_target(output, {})
