"""``adtrace.layers(...)``: a network in any way of writing, swept in shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple, Self

from adtrace.errors import InputError, OptionError
from adtrace.limits import DEFAULT, Limits
from adtrace.networks import documents
from adtrace.networks.inputs import LAST, oriented, shape_of
from adtrace.networks.maps import Rules
from adtrace.networks.models import is_model, layers_of_model
from adtrace.networks.network import Layer, Statement, Swept, swept
from adtrace.networks.neutral import layers_of
from adtrace.networks.notation import read


class Network(Swept):
    """A network, swept in shapes: its rows, its totals, and every table of them."""

    @classmethod
    def of(cls, network: Swept) -> Self:
        """The network with its tables."""
        return cls(**{entry.name: getattr(network, entry.name) for entry in fields(network)})

    def table(self, **given: Any) -> str:
        """The layer table as text; the keyword arguments are those of `LayerOptions` and of documents.

        Raises `OptionError`, and `InputError` for a column that nobody can know.
        """
        return documents.document(self, given)

    def write(self, target: Any, **given: Any) -> None:
        """Write the table to a file, whose ending gives the format if none is named, or to a stream that is open."""
        documents.write(self, target, given)

    def picture(self, **given: Any) -> bytes:
        """The table as a PDF, PNG or SVG, made without TeX."""
        return documents.picture(self, given)

    def to_dict(self, **given: Any) -> dict[str, Any]:
        """The table as plain data, under the names of the attributes: see `documents.structure`."""
        return documents.structure(self, given)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The table as a notebook shows it."""
        kinds = {"text/html": "html", "text/markdown": "markdown", "text/plain": "text"}
        return {kind: self.table(format=name) for kind, name in kinds.items()}


def layers(
    network: Any,
    *,
    input: Any = None,  # noqa: A002 - the word that says it
    channels: str | None = None,
    let: str | Sequence[str] = (),
    bias: bool | None = None,
    limits: Limits = DEFAULT,
) -> Network:
    """A network swept in shapes: sizes, parameters, multiplications and receptive fields of its layers, exactly.

    ``network`` is text (see `notation`), a list of dictionaries (see `neutral`), or a model of PyTorch or Keras (see
    `models`), of which nothing is imported.  ``input`` is its input without the batch: ``(3, 32, 32)`` and
    ``"3,32,32"`` with channels first, ``"32x32x3"`` with channels last, as ``channels`` may say otherwise; tables keep
    its order.  ``let`` are lines of a legend, ``"CONVk-N(s,p): s=1,p=1"``.  ``bias=False``: no layer has biases.

    Raises `InputError` for layers that cannot be read or do not fit, `OptionError` for an input that is none.
    """
    source = _source(network, [let] if isinstance(let, str) else list(let))
    if input is not None:
        lengths, last = shape_of(input, channels)
        last = last or (channels is None and source.keras and len(lengths) == 1)
    elif source.input is not None:
        lengths, last = source.input if channels is None else (source.input[0], channels == LAST)
    else:
        raise OptionError("what is the shape of the input? input=(3, 32, 32), or --input 32x32x3")
    shape, told = oriented(lengths, last, source.layers, sides=isinstance(network, str))
    try:
        return Network.of(swept(source.layers, shape, channels_last=last, text=source.text, limits=limits,
                                rules=Rules(biased=bias is not False),
                                statements=[*source.statements, *told]))  # fmt: skip
    except InputError as problem:
        if not source.printed:
            raise
        raise InputError(f"{problem}; {_OF_PRINTED}") from None


class _Source(NamedTuple):
    """A network as it was given."""

    layers: Sequence[Layer]
    text: str = ""
    input: tuple[tuple[int, ...], bool] | None = None
    """The shape of its input, if it has it, and whether the channels are last."""
    statements: Sequence[Statement] = ()
    keras: bool = False
    printed: bool = False


def _source(network: Any, lines: Sequence[str]) -> _Source:
    """The layers of text, of a model, or of a list."""
    if isinstance(network, str):
        reading = read(network, lines)
        told = list(reading.statements)
        return _Source(reading.layers, network, reading.input, told, reading.keras, reading.printed)
    if lines:
        raise OptionError("a legend is for text")
    if is_model(network):
        stack, shape, last, statements = layers_of_model(network)
        return _Source(stack, input=None if shape is None else (shape, last), statements=statements)
    if isinstance(network, Sequence):
        return _Source(layers_of(network))
    raise InputError(
        "a network is text, a list of dictionaries, or a model of PyTorch or Keras, not "
        f"{type(network).__name__}; of a trace, trace.layers() is the table"
    )


_OF_PRINTED = "print(model) does not say how its layers are called: give the model itself, or write labels, add of x y"
