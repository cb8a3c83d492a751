"""Hand-made layer tables of networks: every printed size, count and receptive field against the sweep in shapes.

    Sheet ──layer_rows──▶ LayerRow ... ──judged──▶ Finding ...

A number is right, or follows from a wrong one above it (the layer on what is printed before it comes to it), or is a
root, whose cause `layer_slips` may name.  What a code leaves open (padding, whether biases count, channels first or
last) is taken as it explains most cells, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice, product
from math import prod
from operator import itemgetter
from typing import Any

from adtrace.checking.judgements.told import only_asked
from adtrace.checking.layer_tables.columns import JUDGED, columns, transposed
from adtrace.checking.layer_tables.conventions import LEGENDS, Convention, believed, notes
from adtrace.checking.layer_tables.inputs import BY_NUMBERS, UNKNOWN, input_said, read_apart
from adtrace.checking.layer_tables.numbers import Number
from adtrace.checking.layer_tables.operands import maps_told, reaching, told_of_what_is_read
from adtrace.checking.layer_tables.printed import of_silent, results, zeros
from adtrace.checking.layer_tables.rows import LayerRow, are_left_out, are_unpooled, rows_of
from adtrace.checking.layer_tables.slips import BIASES, COUNTS, FIELD, PARAMS, SIZE, WEIGHTS, Case, Counting, half
from adtrace.checking.layer_tables.totals import judge_total
from adtrace.checking.layer_tables.verdicts import (
    Done,
    State,
    agrees,
    as_map,
    is_silent,
    judge_row,
    miscounted,
    told,
)
from adtrace.checking.layer_tables.words import PADDING
from adtrace.checking.reporting import MISSING_ROW, NOT_READ, WRONG, Finding, Place, Problem
from adtrace.checking.sheets import Sheet
from adtrace.checking.slips.explain import digit_slip
from adtrace.errors import InputError
from adtrace.networks.inputs import oriented, shape_of
from adtrace.networks.kinds import KINDS, WINDOW
from adtrace.networks.maps import SEQUENCE, Map, Outcome, Rules, displayed
from adtrace.networks.names import CLASSES
from adtrace.networks.network import Layer, input_map, outcome_of
from adtrace.networks.neutral import options_of
from adtrace.networks.notation import read


def layer_findings(sheet: Sheet, table: int, given: Any = None) -> tuple[list[Finding], list[Problem]]:
    """What is found in a layer table; ``given`` is the input's shape, which the table or its prose may have instead.

    A table whose layers are its columns is judged turned round.
    """
    if (held := columns(sheet)) is not None:
        return _findings(sheet, held, table, given)
    turned = transposed(sheet)
    found, problems = _findings(turned, columns(turned) or (0, []), table, given)

    def back(place: Place | None) -> Place | None:
        return place and Place(place.table, place.column - 1, place.row + 1)

    return [replace(one, place=Place(table, one.place.column - 1, one.place.row + 1), follows=back(one.follows),
                    line=sheet.lines[one.place.column - 1]) for one in found], problems  # fmt: skip


def _findings(sheet: Sheet, held: tuple[int, list[str]], table: int, given: Any) -> tuple[list[Finding], list[Problem]]:
    layer, kinds = held
    legends = {legend: rows_of(sheet, layer, kinds, legend) for legend in LEGENDS}
    rows = legends[()]
    sources = [(given, "")] if given is not None else input_said(sheet, rows, {*kinds})
    first = next((row.index for row in rows if SIZE in row.seen), -1)

    def held_to(source: tuple[Any, str]) -> tuple[list[Finding], list[Problem]]:
        (lengths, ordered), note = shape_of(source[0], None), source[1]
        apart = read_apart(rows, {*kinds}, is_told=given is not None or bool(note))
        convention, findings = believed(sheet, legends, ordered, is_told=not note, judged=lambda meant: _judged(
            sheet, table, legends[meant.legend], (lengths, meant.order[1]), meant, apart=apart))  # fmt: skip
        return findings, list(notes(convention, note))

    ways = [held_to(source) for source in sources]
    guessed = any(source[1].endswith(BY_NUMBERS) for source in sources)
    fit = [way for way in ways if not guessed or not _is_wrong_at(first, way[0])]  # its own numbers tell of another one
    return min(fit, key=lambda way: _count_of_wrong(way[0])) if fit else held_to(_by_first_size(legends))


def _is_wrong_at(row: int, findings: Sequence[Finding]) -> bool:
    """Whether the size of a row is wrong."""
    return any((one.place.row, one.quantity, one.state) == (row, SIZE, WRONG) for one in findings)


def _count_of_wrong(findings: Sequence[Finding]) -> int:
    return sum(one.state in (WRONG, NOT_READ) for one in findings)


def _by_first_size(legends: Mapping[tuple[str, ...], Sequence[LayerRow]]) -> tuple[Any, str]:
    """The first printed size as what the rows below it read, where the input is not known; those above are not read."""
    rows = legends[()]
    sized = (k for k, row in enumerate(rows) if row.is_layer and row.seen.get(SIZE, Number("")).literal)
    place = next(sized, len(rows))
    below = [layer for row in rows[place + 1 :] for layer in row.layers]
    shape = rows[place].seen[SIZE].shape if below else (1,)
    if len(shape) == 1 and any(layer.kind.family == WINDOW for layer in below):  # one side of a square
        shape = (1, *shape * 2)
    for each in legends.values():
        for row in each[: place + 1] if below else each:
            row.layers, row.problem = (), row.problem or UNKNOWN
    return shape, UNKNOWN


def layers_asked(
    judged: tuple[list[Finding], list[Problem]], asked: frozenset[str]
) -> tuple[list[Finding], list[Problem]]:
    """What is found in a layer table of what is asked for; a quantity that it has no column of is missing."""
    found, problems = judged
    rows = {one.place.row for one in found}
    wanted = () if asked.issuperset(JUDGED) else (word for word in JUDGED if word in asked)  # all: what there is
    problems = problems + [
        Problem(MISSING_ROW, f"no {word} is given", "", (word,) * len(rows))
        for word in wanted if not any(one.quantity == word for one in found)
    ]  # fmt: skip
    return [only_asked(one, asked) for one in found], problems


def _unread(state: State, row: LayerRow, reason: str) -> Iterator[Finding]:
    """What a row prints, where nothing can be held against it but how it is worked out."""
    for kind in (kind for kind in JUDGED if kind in row.cells):
        if kind in COUNTS and (wrong := miscounted(row, kind)):
            yield told(state, row, kind, WRONG, text=f"{wrong.value}", cause="arithmetic",
                       sentence=f"{wrong.text} is {wrong.value}")  # fmt: skip
        else:
            yield told(state, row, kind, NOT_READ, sentence=reason)


def _judged(
    sheet: Sheet,
    table: int,
    rows: Sequence[LayerRow],
    given: tuple[tuple[int, ...], bool],
    convention: Convention,
    *,
    apart: Mapping[int, Map],
) -> list[Finding]:
    """The findings of a table under one convention."""
    layers = [layer for row in rows for layer in row.layers]
    shape, _ = oriented(*given, layers, sides=True)
    source = input_map(shape, layers)
    printed = [len(row.seen[SIZE].shape) for row in rows if SIZE in row.seen and row.seen[SIZE].literal]
    flat_sizes = max(printed, default=0) < len(source.shape)
    one_side = max(printed, default=0) == 1
    state = State(convention, table, sheet, flat_sizes, one_side, results(rows, sheet), [Done(source, source)],
                  zeros=zeros(rows), of_silent=of_silent(rows), apart=apart,
                  unpooled=convention.unpooled or are_unpooled(rows),
                  elided=(gaps := are_left_out(rows)), is_whole=not gaps)  # fmt: skip
    _judge_rows(state, rows, source)
    return state.found


def _judge_rows(state: State, rows: Sequence[LayerRow], source: Map) -> None:
    """Judge all rows, of the input, of layers, of sums."""
    labels = _names_of_input(rows)
    for above, row in zip([None, *rows], rows, strict=False):
        if row.total or (row.seen and not row.name and SIZE not in row.cells):
            judge_total(state, row)
        elif row.elided:
            state.elided, state.is_whole = True, False
        elif above and above.elided and row.seen:
            _pass_over(state, row, "what it reads is left out", labels)
        elif row.input:
            labels |= dict.fromkeys(row.names, 0)
            judge_row(state, row, [Case(None, (), (Outcome(source),))], {})
        elif row.layers:
            _judge_layers(state, row, labels)
        elif row.seen:
            _pass_over(state, row, row.problem or "it has no name", labels)


def _names_of_input(rows: Sequence[LayerRow]) -> dict[str, int]:
    """What rows call the input, x, where no row is called so."""
    strays = {name for row in rows for name in row.reads} - {name for row in rows for name in row.names}
    return dict.fromkeys((name for name in strays if re.fullmatch(r"(?i:x_?\d?|input|image|in)", name)), 0)


def _pass_over(state: State, row: LayerRow, problem: object, labels: dict[str, int]) -> None:
    """A row whose layer is not read: nothing in it is judged, and sums and the next layers are of what it prints."""
    state.found += _unread(state, row, f"its layer is not read: {problem}")
    if not state.columns.keys() <= row.seen.keys():
        state.elided, state.is_whole = True, False
    before, shown = state.done[-1].right._replace(reach=None), row.seen.get(SIZE)  # nobody knows what it sees
    if shown and shown.literal and len(shown.shape) == 1 and not state.flat_sizes:
        before = before._replace(shape=shown.shape)
    _go_on(state, as_map(shown, before, state) if shown else before, row, {})
    for name in row.names:
        labels.setdefault(name, len(state.done) - 1)


def _judge_layers(state: State, row: LayerRow, labels: dict[str, int]) -> None:
    """Judge a row: its layers on what should be before them, and on what is printed before them."""
    rules = Rules(channels_last=state.convention.last, biased=state.convention.biased is not False)
    operands = told_of_what_is_read(state, row, _operands(state, row, labels))
    try:
        if stray := next((name for name in row.reads if name not in labels), ""):
            raise InputError(f"it reads {stray}, which is no row above it")
        layers = _told_of(row, state, operands[0].right)
        cases = [_swept(layers, tuple(one.right for one in operands), rules, state.convention.counting)]
    except InputError as problem:
        _pass_over(state, row, problem, labels)
        return
    roots = {kind: place for one in operands for kind, place in one.roots.items()}
    with suppress(InputError):
        layers = _told_of(row, state, operands[0].printed) if roots else []
        cases += [_swept(layers, tuple(one.printed for one in operands), rules, cases[0].counting)] if roots else []
    for option, value in row.contrary.items():
        state.found.append(told(state, row, option, WRONG, text=str(value), sentence=f"as {row.name} says"))
    state.found += maps_told(state, row, cases[0].output)
    own = judge_row(state, row, cases, roots)
    _go_on(state, cases[0].output, row, own)
    for name in row.names:
        labels.setdefault(name, len(state.done) - 1)


def _operands(state: State, row: LayerRow, labels: Mapping[str, int]) -> list[Done]:
    """The rows that a layer reads; one that names none adds to the last one what is of its shape, or puts beside it the
    last one with which it comes to its size.
    """
    if own := state.apart.get(row.index):
        return [Done(own, own)]
    last = max(len(state.done) - 1 - row.beside, 0)
    operands = [state.done[labels.get(name, last)] for name in row.reads or row.layers[0].operands]
    if row.layers[0].kind.name == "concat" and len(operands) == 1 and SIZE in row.seen:
        read = operands[0].right.shape
        count, *rest = as_map(row.seen[SIZE], operands[0].right, state).shape
        shape = (count - (read[0] or 0), *rest) if count and rest == [*read[1:]] else ()
        operands += [*islice((one for one in reversed(state.done) if one.right.shape == shape), 1)]
    return operands * 2 if row.layers[0].kind.name == "add" and len(operands) == 1 else operands


def _swept(layers: Sequence[Layer], operands: tuple[Map, ...], rules: Rules, counting: Counting) -> Case:
    """The layers of a row one after another."""
    outcomes = list[Outcome]()
    for layer in layers:
        read = (outcomes[-1].output,) if outcomes else operands
        outcomes.append(outcome_of(layer, read, rules))
    return Case(layer, read, tuple(outcomes), rules, counting)


_POOLS_BEFORE = tuple(read(code).layers for code in ("maxpool(2)", "gap"))


def _told_of(row: LayerRow, state: State, read_: Map) -> list[Layer]:
    """The layers of a row with what its numbers say of them; behind the pool by which these are nearest to what is
    printed, where the table leaves out all pools.
    """
    may_be = state.unpooled and len(read_.shape) > 2 and [one.kind.name for one in row.layers] in (["conv"], ["linear"])
    pools = ((), *_POOLS_BEFORE) if may_be else ((),)
    ways, problem = list[tuple[Any, list[Layer]]](), InputError("")
    for pool in pools:
        try:
            between = outcome_of(pool[0], (read_,), Rules()).output if pool else read_
            made = [*pool, *(_said(layer, state, row, between) for layer in row.layers)]
            ways.append((_off(made, read_, row, state) if pools[1:] else (), made))
        except InputError as own:
            problem = problem if str(problem) else own
    if not ways:
        raise problem
    return min(ways, key=itemgetter(0))[1]


def _off(way: Sequence[Layer], read_: Map, row: LayerRow, state: State) -> tuple[bool, Fraction]:
    """How far layers are from the size and the number of parameters that a row prints."""
    last, counted = _swept(way, (read_,), Rules(), state.convention.counting).outcomes[-1], row.seen.get(PARAMS)
    is_size = SIZE not in row.seen or agrees(row.seen[SIZE], SIZE, last.output.shape, last.output, state)
    each = (Fraction(last.weights), Fraction(last.weights + last.biases))
    return not is_size, min(abs(counted.value - one) for one in each) if counted and counted.value else Fraction(0)


def _said(layer: Layer, state: State, row: LayerRow, read: Map) -> Layer:
    """The layer with what only its printed size says: the number of its kernels, its outputs, its window."""
    shape, counted = row.seen[SIZE].shape if SIZE in row.seen else (), row.seen.get(PARAMS)
    alone = len(row.layers) == 1 and bool(shape and counted and counted.value)
    if layer.options.get("fn") == "softmax" and alone:  # the last FC by its activation
        linear = KINDS["linear"]
        return layer._replace(kind=linear, options=options_of(linear, {"out_features": prod(shape)}, ""))
    options = _options_said(layer, state, row, read, shape)
    needed = ("out_features", "kernel", "" if layer.kind.name == "layer_norm" else "shape")
    if not all(options.get(name, True) for name in needed) or (not shape and "hidden" in row.unsaid):
        raise InputError("neither the layer nor its size says how large it is")
    made = layer._replace(options=options)
    return _of_kind(made, read, row, state) if "kind" in row.unsaid and alone else made


def _options_said(layer: Layer, state: State, row: LayerRow, read: Map, shape: tuple[int, ...]) -> Mapping[str, Any]:
    """The options of a layer with those that its convention, its size and its parameters tell."""
    by_convention = _by_convention(layer, state.convention, row)
    said = chain(
        _of_all(layer, state, row), by_convention, _by_size(layer, state, row, read), _of_steps(row, shape, layer)
    )
    options = {**layer.options, **dict(said)}
    if "kernel" in row.unsaid:
        return _with_window(layer._replace(options=options), read, shape, row, state)
    if "padding" in row.unsaid and layer.kind.name in ("conv", "pool", "pad"):
        return _padded(layer._replace(options=options), read, shape, state)
    return options


def _of_kind(layer: Layer, read_: Map, row: LayerRow, state: State) -> Layer:
    """A recurrent layer of the kind that has the number of parameters, or nearly, where nothing else tells it."""
    kinds = (layer._replace(kind=KINDS[name]) for name in ("lstm", "gru", "rnn"))
    ways = [one._replace(options={**one.options, **dict(_by_convention(one, state.convention, row))}) for one in kinds]
    return max(ways, key=lambda way: _is_told(outcome_of(way, (read_,), Rules()), row.seen[PARAMS]))


_OF_KERAS = {one.kind: one.fixed.get("biases", "one") for name, one in CLASSES.items() if name.startswith("keras.")}
"""The vectors of biases of a gate of each kind, as Keras has them."""


def _by_convention(layer: Layer, convention: Convention, row: LayerRow) -> Iterator[tuple[str, Any]]:
    """The options that the convention tells."""
    if convention.ceil and layer.kind.name == "pool":
        yield "ceil", True
    if convention.gate and "biases" in layer.options:
        yield "biases", _OF_KERAS.get(layer.kind.name, "one") if convention.gate == "Keras'" else convention.gate
    if convention.biased is None and row.normed:
        yield "bias", False


def _by_size(layer: Layer, state: State, row: LayerRow, read: Map) -> Iterator[tuple[str, Any]]:
    """The options that the printed size tells."""
    shape = row.seen[SIZE].shape if SIZE in row.seen else ()
    in_steps = read.kind == SEQUENCE and _are_steps(shape, read.shape)
    last = state.convention.last
    if "size" in row.unsaid and layer.kind.name == "adaptive_pool":
        yield "size", (shape[:-1] if last else shape[1:]) or 1
    if "out_features" in row.unsaid:
        yield "out_features", _features(row, shape[-1:] if in_steps else shape, state)
    if layer.kind.name == "linear" and not in_steps and _is_row(shape):
        yield "flat", True
    if "out_channels" in row.unsaid and len(shape) >= len(state.done[0].right.shape):
        yield "out_channels", shape[-1 if last else 0]


def _features(row: LayerRow, shape: tuple[int, ...], state: State) -> int | None:
    """How many numbers come out, by the size or by the weights."""
    return prod(shape if SIZE in row.seen else _of_weights(row, state)) or None


def _are_steps(shape: Sequence[int], read: Sequence[int | None]) -> bool:
    """Whether a size is that of as many steps as are read."""
    return len(shape) == len(read) == 2 and shape[0] == read[0]


def _is_row(shape: Sequence[int]) -> bool:
    """Whether a size is that of a row of numbers, for which a map is flattened."""
    return sum(n > 1 for n in shape) < 2


def _of_all(layer: Layer, state: State, row: LayerRow) -> Iterator[tuple[str, Any]]:
    """The padding that the prose tells of all convolutions, where a row tells none."""
    is_open = PADDING not in row.told and "pad" not in row.name.lower()
    if state.convention.same and layer.kind.name.startswith("conv") and is_open:
        yield "padding", "same"


def _of_steps(row: LayerRow, shape: tuple[int, ...], layer: Layer) -> Iterator[tuple[str, Any]]:
    """The options of recurrent layers, embeddings and reshaping that the printed size tells; of the words the number
    of parameters.
    """
    if shape and "shape" in row.unsaid:
        yield "shape", shape
    if shape and "hidden" in row.unsaid:
        hidden = shape[-1] // (2 if layer.options["bidirectional"] else 1)
        yield from (("hidden", hidden), ("return_sequences", len(shape) > 1))
    if all(shape) and shape and "dim" in row.unsaid:
        counted = row.seen.get(PARAMS, Number("")).value or shape[-1]
        yield from (("dim", shape[-1]), ("num", int(counted / shape[-1]) or 1))


def _of_weights(row: LayerRow, state: State) -> tuple[int, ...]:
    """The outputs of a layer by the number of its biases, else by the shape of its matrix of weights."""
    biases, weights = (row.seen.get(kind, Number("")).shape for kind in (BIASES, WEIGHTS))
    rest = list(weights)
    if (features := state.done[-1].right.shape[-1]) in rest:
        rest.remove(features)
    return biases or tuple(rest[:1]) or (0,)


def _padded(layer: Layer, read: Map, shape: tuple[int, ...], state: State) -> dict[str, Any]:
    """The options with the padding by which the size is the printed one; that of most rows where none gives it."""
    if layer.kind.name == "pad":
        zeros = (1, ((0, 1),) * (len(read.shape) - 1), 2, 3, 4)
        return _first_giving(layer, [{"padding": padding} for padding in zeros], read, shape, state)
    kernel, is_half = layer.options["kernel"], state.convention.padded and layer.kind.name == "conv"
    if isinstance(kernel, tuple) and len({*kernel}) > 1 and layer.kind.name == "pool":
        return {**layer.options, "padding": 0}  # nobody pads a window along one side alone
    own = half(layer.options)
    ways = [{**layer.options, "padding": padding} for padding in ((own, 0) if is_half else (0, own))]
    return _first_giving(layer, ways, read, shape, state)


def _first_giving(
    layer: Layer, ways: Sequence[dict[str, Any]], read: Map, shape: tuple[int, ...], state: State
) -> dict[str, Any]:
    """The first options by which a layer comes to a printed size, else the first."""
    return next((way for way in ways if _gives(layer._replace(options=way), read, shape, state)), ways[0])


def _gives(layer: Layer, read: Map, shape: tuple[int, ...], state: State) -> bool:
    """Whether a layer comes to a printed size."""
    with suppress(InputError):
        output = outcome_of(layer, (read,), Rules(channels_last=state.convention.last)).output
        return agrees(Number("", shape), SIZE, output.shape, output, state)
    return False


def _with_window(layer: Layer, read: Map, shape: tuple[int, ...], row: LayerRow, state: State) -> dict[str, Any]:
    """The options with the window that explains most of what is printed: the size, and of a convolution the number of
    parameters; nothing where neither tells, or digits alone would have to be wrong that are not like the right ones.
    """
    pool, best = layer.kind.name == "pool", (0, {**layer.options, "kernel": None})
    own: dict[str, Any] = {option: layer.options[option] for option in ("stride", "padding") if option in row.told}
    whole = [(k, s, "same") for k, s, _ in _KERNELS] if layer.kind.name == "conv_transpose" else []
    for kernel, stride, padding in _pools(state) if pool else [*_KERNELS, *whole]:
        made = {**layer.options, "kernel": kernel, "stride": stride, "padding": padding, **own}
        with suppress(InputError):
            outcome = outcome_of(layer._replace(options=made), (read,), Rules(channels_last=state.convention.last))
            sized = agrees(Number("", shape), SIZE, outcome.output.shape, outcome.output, state)
            sides = sum(map(int.__eq__, displayed(outcome.output, state.convention.last), shape))
            told = _is_told(outcome, row.seen.get(PARAMS))
            is_it = pool or told > 1 or (sized and told)
            best = max(best, (is_it and 9 * (sized + told) + sides + 1, made), key=itemgetter(0))
    return best[1]


def _is_told(outcome: Outcome, counted: Number | None) -> int:
    """Whether a number of parameters is that of a window (2), with biases or without, may be meant so (1), or not."""
    if counted is None:
        return 1
    each = (outcome.weights, outcome.weights + outcome.biases)
    return 2 if counted.value in each else int(any(digit_slip(str(counted.value), str(one)) for one in each))


_KERNELS = [(kernel, stride, padding) for kernel in (3, 5, 1, 7, 2, 4, 9, 11, 8, 6, 10)
            for stride, padding in product((1, 2, 4, 3), (0, (kernel - 1) // 2 if kernel % 2 else "same"))]  # fmt: skip


def _pools(state: State) -> Sequence[tuple[Any, ...]]:
    """The windows that a pool may have that nobody tells."""
    sides = [*range(2, 9), *((k, 1) for k in range(2, 5)), *((1, k) for k in range(2, 5))]
    return [state.convention.window] if state.convention.window else [(k, k, 0) for k in sides]


def _go_on(state: State, right: Map, row: LayerRow, roots: dict[str, Place]) -> None:
    """The row is done: the next ones may read it."""
    printed = right
    if SIZE in roots:
        printed = as_map(row.seen[SIZE], right, state) if SIZE in row.seen else state.done[-1].printed
    if FIELD in roots and (shown := row.seen.get(FIELD)):
        printed = reaching(printed, shown)
    state.done.append(Done(right, printed, roots, is_silent(row)))
