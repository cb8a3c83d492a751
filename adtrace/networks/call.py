"""``adtrace.layers(...)``: a network in any way of writing, swept in shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Self

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
    lines = [let] if isinstance(let, str) else list(let)
    made: list[Layer]
    statements: list[Statement] = []
    text, own, keras, printed = "", None, False, False
    if isinstance(network, str):
        text = network
        reading = read(network, lines)
        made, statements = reading.layers, list(reading.statements)
        own, keras, printed = reading.input, reading.keras, reading.printed
    elif is_model(network):
        made, shape, last, statements = layers_of_model(network)
        own = None if shape is None else (shape, last)
    elif isinstance(network, Sequence):
        made = layers_of(network)
    else:
        raise InputError(
            "a network is text, a list of dictionaries, or a model of PyTorch or Keras, not "
            f"{type(network).__name__}; of a trace, trace.layers() is the table"
        )
    if isinstance(network, Mapping) or (lines and not isinstance(network, str)):
        raise OptionError("a legend is for text")
    if input is None and own is None:
        raise OptionError("what is the shape of the input? input=(3, 32, 32), or --input 32x32x3")
    if input is None and own is not None:
        lengths, channels_last = own if channels is None else (own[0], channels == LAST)
    else:
        lengths, channels_last = shape_of(input, channels)
        channels_last = channels_last or (channels is None and keras and len(lengths) == 1)
    oriented_shape, told = oriented(lengths, channels_last, made, sides=isinstance(network, str))
    rules = Rules(biased=bias is not False)
    try:
        made_of = swept(made, oriented_shape, channels_last=channels_last, text=text, rules=rules,
                        statements=[*statements, *told], limits=limits)  # fmt: skip
    except InputError as problem:
        if not printed:
            raise
        raise InputError(f"{problem}; {_OF_PRINTED}") from None
    return Network.of(made_of)


_OF_PRINTED = "print(model) does not say how its layers are called: give the model itself, or write labels, add of x y"
