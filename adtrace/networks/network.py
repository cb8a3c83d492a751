"""A network as rows, swept in shapes: what a layer table shows, as exact whole numbers.

    Swept ::= input, Row ...                  each row reads the rows that its operands name, 0 for the input

One sweep in the order of the rows: `KINDS` has the rule of each layer, and a row keeps what the rule came to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from adtrace.errors import BoundError, InputError, nearest
from adtrace.limits import DEFAULT, Limits
from adtrace.networks.kinds import JOINT, KINDS, QUIET, Kind, Rule
from adtrace.networks.maps import MAP, SEQUENCE, LayerError, Map, Outcome, Rules, displayed
from adtrace.networks.reach import START
from adtrace.writing.dialects import PLAIN

INPUT, PREVIOUS = "input", "prev"
"""What a layer may name as its operand besides labels: the network's input, and the layer before it."""


class Layer(NamedTuple):
    """A layer as it is read."""

    kind: Kind
    options: Mapping[str, Any]
    """Those of its kind, all of them."""
    written: str
    """As the author wrote it."""
    label: str = ""
    operands: tuple[str, ...] = (PREVIOUS,)
    place: int = 0
    """Which of the author's layers it is, from 1, for messages."""


class Statement(NamedTuple):
    """What a network has besides its layers: sentences about what was taken where nothing was said."""

    key: str
    """Its phrase."""
    codes: tuple[str, ...] = ()
    """What stands for ``{first}`` and for ``{others}``, as it was typed."""
    number: int = 0
    """What stands for ``{number}``."""


@dataclass(frozen=True)
class Row:
    """A layer, swept."""

    index: int
    layer: Layer
    operands: tuple[int, ...]
    """The rows that it reads; 0 for the input."""
    outcome: Outcome
    channels_last: bool

    def __repr__(self) -> str:
        """``<3 POOL-2: 16×16×10>``."""
        return f"<{self.index} {self.name}: {'×'.join(map(str, self.size))}>"

    @property
    def name(self) -> str:
        """The layer as its author wrote it."""
        return self.layer.written

    @property
    def kind(self) -> str:
        """The kind of layer, as in the neutral form."""
        return self.layer.kind.name

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The output's shape, channels first."""
        return self.outcome.output.shape

    @property
    def size(self) -> tuple[int, ...]:
        """The output's shape in the order of the network's input."""
        return displayed(self.outcome.output, self.channels_last)

    @property
    def activations(self) -> int | None:
        """How many numbers the output has."""
        return _count(self.shape)

    @property
    def params(self) -> int | None:
        """The trained numbers; None where the number of kernels has not been said."""
        if self.outcome.params is not None:
            return int(self.outcome.params.value)
        unsaid = None in self.shape and self.layer.kind.family != QUIET
        return None if unsaid and "out_channels" in self.layer.options else 0

    @property
    def weights(self) -> int | None:
        """Those of them that are factors."""
        return None if self.params is None else self.outcome.weights

    @property
    def biases(self) -> int | None:
        """Those of them that are added."""
        return None if self.params is None else self.outcome.biases

    @property
    def terms(self) -> str:
        """The parameters as the sum that they are: ``3·3·10·20 + 20``; empty where there are none."""
        return self.outcome.params.numbers(PLAIN) if self.outcome.params is not None else ""

    @property
    def multiplications(self) -> int | None:
        """Products of a weight with an input, zeros of the padding included."""
        if self.outcome.multiplications is not None:
            return int(self.outcome.multiplications.value)
        return 0 if self.params is not None else None

    @property
    def macs(self) -> int | None:
        """Multiplications with an addition each: as many as multiplications."""
        return self.multiplications

    @property
    def flops(self) -> int | None:
        """Multiplications and additions: two of them."""
        return None if self.multiplications is None else 2 * self.multiplications

    @property
    def field(self) -> tuple[int, ...] | None:
        """The receptive field along each axis, in places of the input; None where there are none."""
        reach = self.outcome.output.reach
        return None if reach is None else tuple(own.field for own in reach)

    @property
    def jump(self) -> tuple[int | Fraction, ...] | None:
        """How far the receptive field moves from one place to the next; None where every place reads the same."""
        reach = self.outcome.output.reach
        if reach is None or any(own.jump is None for own in reach):
            return None
        return tuple(own.jump for own in reach)  # type: ignore[misc]

    @property
    def remainder(self) -> tuple[int, ...]:
        """For each axis the places at the end of the padded input that no window reads; less than 0 where the last
        window reaches over it.
        """
        return tuple(size.unread for size in self.outcome.sizes if size.general)

    @property
    def silent(self) -> bool:
        """Whether it is an activation, dropout, or the same numbers in another shape."""
        return self.layer.kind.family == QUIET or self.kind in ("flatten", "reshape")

    @property
    def untrained(self) -> int:
        """Numbers that are kept and not trained."""
        return self.outcome.untrained


def _count(shape: Sequence[int | None]) -> int | None:
    count = 1
    for length in shape:
        if length is None:
            return None
        count *= length
    return count


class Total(NamedTuple):
    """The sums over all rows; None where a number of kernels has not been said."""

    params: int | None
    weights: int | None
    biases: int | None
    multiplications: int | None
    activations: int | None
    """Numbers in the input and in the outputs of all layers but activations, dropout, flattening and reshaping."""
    untrained: int

    @property
    def macs(self) -> int | None:
        """Multiplications with an addition each."""
        return self.multiplications

    @property
    def flops(self) -> int | None:
        """Multiplications and additions."""
        return None if self.multiplications is None else 2 * self.multiplications


@dataclass(frozen=True)
class Swept:
    """A network, swept in shapes."""

    text: str
    """What the author wrote; empty for a list or a model."""
    input: Map
    channels_last: bool
    rows: tuple[Row, ...]
    rules: Rules
    statements: tuple[Statement, ...] = field(default=())
    """What was taken where nothing was said."""
    input_size: tuple[int, ...] = ()
    """The input's shape in its order."""
    of_list: bool = False
    """Whether the rows are those of a Wengert list, not layers as their author wrote them."""

    def __hash__(self) -> int:
        return hash((self.text, self.input_size, tuple(row.name for row in self.rows)))

    def __repr__(self) -> str:
        """``<Network of 9 layers on 32×32×3: 3,910 parameters>``."""
        total = self.total.params
        count = "" if total is None else f": {total:,} parameters"
        return f"<Network of {len(self.rows)} layers on {'×'.join(map(str, self.input_size))}{count}>"

    @property
    def size(self) -> tuple[int, ...]:
        """The shape of the last output."""
        return self.rows[-1].size

    @property
    def total(self) -> Total:
        """The sums over all rows."""
        read = [self.input.shape, *(row.shape for row in self.rows if not row.silent)]
        return Total(
            _sum([row.params for row in self.rows]),
            _sum([row.weights for row in self.rows]),
            _sum([row.biases for row in self.rows]),
            _sum([row.multiplications for row in self.rows]),
            _sum([_count(shape) for shape in read]),
            sum(row.untrained for row in self.rows),
        )

    @property
    def branched(self) -> bool:
        """Whether a row reads another one than the row above it."""
        return any(row.operands != (row.index - 1,) for row in self.rows)


def _sum(numbers: Sequence[int | None]) -> int | None:
    return None if None in numbers else sum(number for number in numbers if number is not None)


def input_map(shape: Sequence[int | None], layers: Sequence[Layer]) -> Map:
    """The input: steps of features where the first layer that cares reads them so, else channels and places."""
    steps = ("rnn", "lstm", "gru", "attention", "layer_norm", "linear")
    reads = next((layer.kind.name for layer in layers if layer.kind.family != QUIET), "")
    if len(shape) == 2 and reads in steps:
        return Map(tuple(shape), None, SEQUENCE)
    return Map(tuple(shape), (START,) * (len(shape) - 1) if len(shape) > 1 else None, MAP)


def swept(
    layers: Sequence[Layer],
    shape: Sequence[int | None],
    *,
    channels_last: bool = False,
    text: str = "",
    rules: Rules | None = None,
    statements: Sequence[Statement] = (),
    limits: Limits = DEFAULT,
) -> Swept:
    """Sweep the layers in shapes.  Raises `InputError` for layers that do not fit, with the place and what would."""
    if not layers:
        raise InputError("a network has at least one layer")
    if len(layers) > limits.rows:
        raise BoundError(f"the network has {len(layers)} layers; the bound is {limits.rows}")
    dilated = any(_dilates(layer.options.get("dilation", 1)) for layer in layers)
    rules = (rules or Rules())._replace(channels_last=channels_last)
    rules = rules._replace(dilated=rules.dilated or dilated)
    source = input_map(shape, layers)
    maps, rows = [source], list[Row]()
    labels: dict[str, int] = {INPUT: 0}
    for index, layer in enumerate(layers, start=1):
        operands = tuple(_place(name, labels, index, layer) for name in layer.operands)
        if len(operands) == 1 and layer.kind.family == JOINT:
            operands = _all_ends(rows, index, operands, layer)
        try:
            outcome = outcome_of(layer, [maps[operand] for operand in operands], rules)
        except LayerError as problem:
            raise InputError(f"{_where(layer, index)}: {problem}") from None
        rows.append(Row(index, layer, operands, outcome, channels_last))
        maps.append(outcome.output)
        if layer.label:
            if layer.label in labels:
                raise InputError(f"{_where(layer, index)}: two layers are named {layer.label!r}")
            labels[layer.label] = index
    return Swept(text, source, channels_last, tuple(rows), rules, tuple(statements), displayed(source, channels_last))


def outcome_of(layer: Layer, operands: Sequence[Map], rules: Rules | None = None) -> Outcome:
    """What one layer comes to on what it reads: for a check that goes on from a row as it is printed.

    Raises `LayerError` for a layer that does not fit, in a sentence without its place.
    """
    assert layer.kind.rule is not None
    return _outcome(layer.kind.rule, tuple(layer.options.items()), tuple(operands), rules or Rules())


@lru_cache(maxsize=4096)
def _outcome(rule: Rule, options: tuple[tuple[str, Any], ...], operands: tuple[Map, ...], rules: Rules) -> Outcome:
    """What a rule says: a check asks for the same layer under each convention that a table may follow."""
    return rule(dict(options), operands, rules)


def _dilates(given: Any) -> bool:
    return given != 1 if isinstance(given, int) else any(entry != 1 for entry in given)


def _where(layer: Layer, index: int) -> str:
    return f"layer {layer.place or index}, {layer.written}"


def _place(name: str, labels: Mapping[str, int], index: int, layer: Layer) -> int:
    """The row that an operand names."""
    if name == PREVIOUS:
        return index - 1
    if name not in labels:
        raise InputError(f"{_where(layer, index)}: no layer before it is named {name!r}{nearest(name, labels)}")
    return labels[name]


def _all_ends(rows: Sequence[Row], index: int, operands: tuple[int, ...], layer: Layer) -> tuple[int, ...]:
    """What an addition without operands adds: the ends of all branches, where there are several."""
    read = {operand for row in rows for operand in row.operands}
    ends = [row.index for row in rows if row.index not in read]
    if len(ends) > 1 and layer.operands == (PREVIOUS,):
        return tuple(ends)
    return operands


def kind_of(name: str) -> Kind:
    """The kind of this name.  Raises `InputError`."""
    if name not in KINDS:
        raise InputError(f"there is no kind of layer {name!r}{nearest(name, KINDS)}; there are {', '.join(KINDS)}")
    return KINDS[name]
