"""The Wengert list of a trace with arrays, swept in shapes: the layer table of a function that is traced.

The rows are the list's own.  Of an elemental with an index rule, ``v[i] = u[i*2 + j - 1]*w[j]``, the size, the products
and what is read follow from the rule; elementwise ones keep the size; of all others the list has the shape.  A bias
that is added to a product stands in the product's line.  Parameters are the variables that are no input and no data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from adtrace.arrays.axis_windows import AxisWindow
from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.index_rules import Axis, IndexRule
from adtrace.elementals import SLOTS
from adtrace.errors import OptionError, nearest
from adtrace.networks.call import Network
from adtrace.networks.kinds import QUIET, WINDOW, Kind
from adtrace.networks.maps import Map, Outcome, Rules, Size, product
from adtrace.networks.network import Layer, Row, Statement, Swept
from adtrace.networks.reach import START, Reach, joined
from adtrace.networks.windowed import sized
from adtrace.tracing.wengert import Constant, Operand, Variable, WengertList
from adtrace.writing.counts import Counted, Whole
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import with_names

Read = dict[int, tuple[Reach, int | None]]
"""For each axis of the input what an array reads of it, and the axis of the array along which that moves."""

_ADDED = ("add", "sub")


@dataclass
class _Sweep:
    """A list on its way through the sweep."""

    wengert: WengertList
    input: int
    """The place of the input among the independent variables."""
    rows: list[Row] = field(default_factory=list)
    layer_of: dict[int, int] = field(default_factory=dict)
    """For the places of variables that come from the input, the layer that makes each."""
    reads: dict[int, Read] = field(default_factory=dict)
    from_params: dict[int, frozenset[int]] = field(default_factory=dict)
    """For the places of the others, the parameters that they come from."""
    counted: set[int] = field(default_factory=set)
    """The parameters that a layer has counted."""
    windowed: set[int] = field(default_factory=set)
    """The axes of the input along which windows move."""

    def shape(self, operand: Operand) -> tuple[int, ...]:
        return self.wengert.operand_shape(operand)

    def place(self, operand: Operand) -> int | None:
        """The place of a variable; None for a constant."""
        return None if isinstance(operand, Constant) else operand - self.wengert.first


def listed(wengert: WengertList, text: str, name: str | None = None) -> Network:
    """The layer table of a list; ``name`` is the input: by default the first of the data, or else the first variable.

    Raises `OptionError` for a list without arrays, for a name that no variable has, and where nothing reads the input.
    """
    if not wengert.shapes:
        raise OptionError("layers are of a trace with arrays; this one has numbers alone")
    names = wengert.independents
    if name is not None and name not in names:
        raise OptionError(f"no variable is named {name!r}{nearest(name, names)}; there are {', '.join(names)}")
    place = min(wengert.data, default=0) if name is None else names.index(name)
    sweep = _Sweep(wengert, place)
    shape = wengert.shapes[place]
    sweep.layer_of[place] = 0
    sweep.reads[place] = {axis: (START, axis) for axis in range(len(shape))}
    for other in range(len(names)):
        if other != place:
            sweep.from_params[other] = frozenset() if other in wengert.data else frozenset({other})
    rows = list(wengert.rows)
    merged = _merged(sweep, rows)
    for at in range(len(rows)):
        if at not in merged.values():
            _visit(sweep, rows, at, merged.get(at))
    if not sweep.rows:
        raise OptionError(f"nothing that is computed reads {names[place]}; name the input, input='x'")
    return Network.of(_swept(sweep, text, names[place]))


def _merged(sweep: _Sweep, rows: Sequence[Any]) -> dict[int, int]:
    """For additions of a bias, the row of the product that is added to: it has no line of its own."""
    uses = Counter(operand for row in rows for operand in row.operands if not isinstance(operand, Constant))
    ends = {operand for operand in sweep.wengert.dependents if type(operand) is Variable}
    products: dict[int, int] = {}
    for at, row in enumerate(rows):
        inner = _product_with_bias(sweep, row) if row.elemental.name in _ADDED else None
        if inner is not None and uses[inner] == 1 and inner not in ends and _is_product(rows[inner - 1].elemental):
            products[at] = inner - 1
    return products


def _product_with_bias(sweep: _Sweep, row: Any) -> Variable | None:
    """The intermediate variable that a row adds a parameter to, if it does that."""
    variables = [operand for operand in row.operands if not isinstance(operand, Constant)]
    inner = [operand for operand in variables if operand > 0]
    others = [operand - sweep.wengert.first for operand in variables if operand <= 0]
    is_bias = len(others) == 1 and others[0] not in sweep.wengert.data and others[0] != sweep.input
    return inner[0] if is_bias and len(inner) == 1 else None


def _is_product(elemental: Any) -> bool:
    return isinstance(elemental, ArrayElemental) and _products(elemental) is not None


def _products(elemental: ArrayElemental) -> IndexRule | None:
    """The rule of an elemental whose entries are sums of products of two operands or more."""
    rule = elemental.index
    return rule if rule is not None and len(rule.operands) > 1 and not rule.choice else None


def _visit(sweep: _Sweep, rows: Sequence[Any], at: int, inner: int | None) -> None:
    """One row of the list, with the product that it adds a bias to."""
    row, n = rows[at] if inner is None else rows[inner], len(sweep.wengert.independents)
    place, shape = n + at, sweep.wengert.shapes[n + at]
    places = [sweep.place(operand) for operand in row.operands]
    others = [own for own in (*places, *_added(sweep, rows[at], inner)) if own is not None]
    flowing = [own for own in dict.fromkeys(others) if own in sweep.layer_of]
    params = frozenset[int]().union(*(sweep.from_params.get(own, frozenset()) for own in others))
    if not flowing:
        sweep.from_params[place] = params
        return
    outcome = _outcome(sweep, row, places, shape)
    read = sweep.reads[place] = _read(sweep, row, places, shape)
    counted = _params(sweep, *_new(sweep, row, params, None if inner is None else places))
    index = len(sweep.rows) + 1
    kind = Kind(row.elemental.name, row.elemental.name, None, {}, _family(row, outcome, counted[0], flowing))
    written = f"{_name(sweep, place) or f'v{at + 1}'} = {_written(sweep, rows[at], rows, inner)}"
    layer = Layer(kind, {}, written, _name(sweep, place), (), index)
    output = Map(shape, tuple(own for own, _ in read.values()))
    whole = outcome._replace(output=output, params=counted[0], weights=counted[1], biases=counted[2])
    sweep.rows.append(Row(index, layer, tuple(sweep.layer_of[own] for own in flowing), whole, False))
    sweep.layer_of[place] = index


def _added(sweep: _Sweep, row: Any, inner: int | None) -> list[int | None]:
    """The places of what is added to the product that stands in the line of an addition."""
    if inner is None:
        return []
    hidden = len(sweep.wengert.independents) + inner
    return [own for own in map(sweep.place, row.operands) if own != hidden]


def _new(
    sweep: _Sweep, row: Any, params: frozenset[int], places: Sequence[int | None] | None
) -> tuple[list[int], list[int]]:
    """The parameters that no row before has counted: factors, and what is added."""
    new = sorted(params - sweep.counted)
    sweep.counted |= params
    if row.elemental.name in _ADDED:
        return [], new
    if places is None:
        return new, []
    return [own for own in new if own in places], [own for own in new if own not in places]


def _family(row: Any, outcome: Outcome, params: Counted | None, flowing: Sequence[int]) -> str:
    """A window, nothing but new values, or neither."""
    if any(size.general for size in outcome.sizes):
        return WINDOW
    several = not isinstance(row.elemental, ArrayElemental) and len(flowing) > 1
    return "" if params is not None or several else QUIET


def _params(sweep: _Sweep, weights: Sequence[int], biases: Sequence[int]) -> tuple[Counted | None, int, int]:
    """The parameters of a layer as the products of their lengths, added up."""
    values: dict[str, Whole] = {}
    parts: list[str] = []
    for own in (*weights, *biases):
        lengths = sweep.wengert.shapes[own] or (1,)
        names = [f"w{own}x{axis}" for axis in range(len(lengths))]
        values |= dict(zip(names, lengths, strict=True))
        parts.append(product(names))
    if not parts:
        return None, 0, 0
    numbers = [prod(sweep.wengert.shapes[own]) for own in weights]
    params = Counted(" + ".join(parts), values)
    return params, sum(numbers), int(params.value) - sum(numbers)


def _window(axis: Axis, rule: IndexRule) -> tuple[str, AxisWindow] | None:
    """The letter of the result and the window, of an axis such as i*2 + j - 1."""
    moving = [(letter, factor) for letter, factor in axis.factors if letter in rule.result and factor > 0]
    within = [(letter, factor) for letter, factor in axis.factors if letter not in rule.result]
    if len(moving) != 1 or len(within) != 1:
        return None
    (letter, stride), (inner, dilation) = moving[0], within[0]
    kernel = rule.sizes[inner]
    flipped = abs(dilation) * (kernel - 1) if dilation < 0 else 0
    before = -axis.constant + flipped
    return letter, AxisWindow(kernel, stride, before, before, abs(dilation))


def _outcome(sweep: _Sweep, row: Any, places: Sequence[int | None], shape: tuple[int, ...]) -> Outcome:
    """Sizes, multiplications and fields of a row."""
    empty = Map(shape, None)
    elemental = row.elemental
    if not isinstance(elemental, ArrayElemental) or elemental.index is None:
        return Outcome(empty)
    rule, sizes, fields = elemental.index, list[Size](), list[Counted]()
    for slot, axes in enumerate(rule.operands):
        if places[slot] not in sweep.layer_of:
            continue
        for at, axis in enumerate(axes):
            pair = _window(axis, rule)
            if pair is None:
                continue
            letter, window = pair
            n = elemental.shapes[slot][at]
            window = window._replace(after=_after(n, window, rule.sizes[letter]))
            sizes.append(sized(n, window, Rules(dilated=window.dilation > 1)))
            fields += _field(sweep.reads[places[slot] or 0], at, window)
    times = None if _products(elemental) is None else _times(rule)
    return Outcome(empty, tuple(sizes), multiplications=times, fields=tuple(fields))


def _after(n: int, window: AxisWindow, m: int) -> int:
    """The padding behind the axis that makes so many places: that in front, unless fewer or more are made."""
    if window.places(n) == m:
        return window.after
    return max((m - 1) * window.stride + window.span - n - window.before, 0)


def _times(rule: IndexRule) -> Counted:
    """The products: one for each entry of the result and each place that is summed over."""
    outs = {f"n_{place}": rule.sizes[letter] for place, letter in enumerate(rule.result)}
    inner = {f"k{place}": rule.sizes[letter] for place, letter in enumerate(rule.others)}
    text = product(list(outs)) or "1"
    if inner:
        text = f"{text}*{{{product(list(inner))}}}" if outs else product(list(inner))
    return Counted(text, {**outs, **inner} if outs or inner else {})


def _field(read: Read, at: int, window: AxisWindow) -> Iterable[Counted]:
    """r + (k - 1)j along the axis of the input that moves with this axis."""
    for own, along in read.values():
        if along == at and own.jump is not None:
            values: Mapping[str, Whole] = {"r": own.field, "k": window.kernel, "j": own.jump, "d": window.dilation}
            text = "r + d*{k - 1}*j" if window.dilation > 1 else "r + {k - 1}*j"
            yield Counted(text, values)


def _read(sweep: _Sweep, row: Any, places: Sequence[int | None], shape: tuple[int, ...]) -> Read:
    """What a row reads of each axis of the input."""
    reaches: dict[int, list[tuple[Reach, int | None]]] = {}
    for slot, place in enumerate(places):
        if place not in sweep.layer_of or place is None:
            continue
        for axis, (reach, along) in sweep.reads[place].items():
            reaches.setdefault(axis, []).append(_moved(sweep, row, slot, shape, (axis, reach, along)))
    return {axis: (joined([reach for reach, _ in own]), own[0][1]) for axis, own in reaches.items()}


def _moved(
    sweep: _Sweep, row: Any, slot: int, shape: tuple[int, ...], read: tuple[int, Reach, int | None]
) -> tuple[Reach, int | None]:
    """What is read of one axis of the input behind an elemental."""
    axis, reach, along = read
    elemental, own = row.elemental, sweep.shape(row.operands[slot])
    if along is None:
        return reach, None
    whole = reach.whole(own[along]), None
    if not isinstance(elemental, ArrayElemental):
        return reach, along + len(shape) - len(own)  # axes are aligned at the right
    if elemental.index is not None:
        index = elemental.index.operands[slot][along]
        if index.letter is not None:
            letters = elemental.index.result
            return (reach, letters.index(index.letter)) if index.letter in letters else whole
        window = _window(index, elemental.index)
        if window is None:
            return whole
        sweep.windowed.add(axis)
        return reach.windowed(window[1]), elemental.index.result.index(window[0])
    if elemental.name == "transpose" and len(shape) == len(own) == 2:
        return reach, 1 - along
    return whole


def _name(sweep: _Sweep, place: int) -> str:
    """The name that the author gave to what a row makes."""
    variable = place + sweep.wengert.first
    ends = zip(sweep.wengert.dependent_names, sweep.wengert.dependents, strict=True)
    named = [*sweep.wengert.assigned, *((name, own) for name, own in ends if type(own) is Variable)]
    return next((name for name, own in reversed(named) if own == variable), "")


def _spelled(sweep: _Sweep, operand: Operand) -> str:
    if isinstance(operand, Constant):
        return with_names(operand.terms, PLAIN, {}).text
    place = operand - sweep.wengert.first
    if place < len(sweep.wengert.independents):
        return sweep.wengert.independents[place]
    return _name(sweep, place) or f"v{operand}"


def _written(sweep: _Sweep, row: Any, rows: Sequence[Any], inner: int | None) -> str:
    """The row in the author's names."""

    def spelled(own: Any) -> str:
        names: dict[str, str] = {}
        for slot, operand in zip(SLOTS, own.operands, strict=False):
            hidden = inner is not None and not isinstance(operand, Constant) and operand == inner + 1 and own is row
            names[slot] = spelled(rows[inner]) if hidden and inner is not None else _spelled(sweep, operand)
        return with_names(own.elemental.formula, PLAIN, names).text

    return spelled(row)


def _swept(sweep: _Sweep, text: str, name: str) -> Swept:
    """The rows as a network; the fields are those along the axes on which windows move."""
    wengert = sweep.wengert
    axes = sorted(sweep.windowed)
    rows: list[Row] = []
    for row in sweep.rows:
        place = next(place for place, index in sweep.layer_of.items() if index == row.index)
        read = sweep.reads[place]
        reach = tuple(read[axis][0] for axis in axes if axis in read) if axes else None
        output = row.outcome.output._replace(reach=reach or None)
        fields = row.outcome.fields if reach and len(row.outcome.fields) == len(axes) else ()
        outcome = row.outcome._replace(output=output, fields=fields)
        rows.append(Row(row.index, row.layer, row.operands, outcome, False))
    shape = wengert.shapes[sweep.input]
    source = Map(shape, (START,) * len(axes) if axes else None)
    others = [wengert.independents[place] for place in sorted(sweep.counted)]
    told = Statement("list_input_parameters" if others else "list_input", (name, *others))
    return Swept(text, source, False, tuple(rows), Rules(), (told,), shape, of_list=True)
