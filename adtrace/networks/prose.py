"""What the caption and the notes of a layer table say: in fixed sentences, and only what the table uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adtrace.networks.maps import MAP, SEQUENCE, Size
from adtrace.networks.network import Statement, Swept
from adtrace.tables.worked import code
from adtrace.wording import wording
from adtrace.writing.counts import grouped, in_prose, letters, sizes
from adtrace.writing.notation import Dialect

_LONGEST = 160
"""Characters of the longest network that a caption repeats."""
_LONGEST_NAME = 34
"""Characters of a layer that its row shows; of a longer one what stands first in its brackets."""
_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_PLACES = {1: ("place",), 2: ("row", "column"), 3: ("plane", "row", "column")}
_MOST_WORDS = 10
"""The largest number that is a word."""


def caption(network: Swept, dialect: Dialect) -> str:
    """``Layers of CONV3-10, ... on a 32×32×3 image (height, width, channels).``, and what was taken."""
    text = " ".join(network.text.split())
    if network.of_list:
        first = _of_list(network, text, dialect)
    else:
        first = dialect.say("layers_of", network=_named(network, text, dialect), input=_input(network, dialect))
    statements = [stated(statement, dialect) for statement in network.statements]
    return dialect.say("sentence_between").join([first, *statements])


def _named(network: Swept, text: str, dialect: Dialect) -> str:
    """The network as it was typed, or how many layers it has."""
    if 0 < len(text) <= _LONGEST:
        return code(text, dialect)
    count = len(network.rows)
    if count == 1:
        return dialect.say("network_of_one", name=dialect.prose(network.rows[0].name))
    return dialect.say("network_of", count=count)


def _input(network: Swept, dialect: Dialect) -> str:
    """``a 32×32×3 image (height, width, channels)``."""
    article = "an" if str(network.input_size[0]).startswith(("8", "11", "18")) else "a"
    axes = dialect.say("list_between").join(_words(network, dialect))
    return dialect.say(f"{article}_{_what(network)}", size=dialect.math(sizes(network.input_size, dialect)), axes=axes)


def _of_list(network: Swept, text: str, dialect: Dialect) -> str:
    of = code(text, dialect) if 0 < len(text) <= _LONGEST else dialect.say("the_function")
    shape = dialect.math(sizes(network.input_size, dialect) or "1")
    return dialect.say("rows_in_shapes", network=of, size=shape)


def stated(statement: Statement, dialect: Dialect) -> str:
    """A statement, what was typed set as it was typed."""
    codes = [code(text, dialect) for text in statement.codes]
    parts = {"first": "".join(codes[:1]), "others": dialect.say("list_between").join(codes[1:]),
             "number": statement.number}  # fmt: skip
    return typeset(statement.key, dialect, **parts)


def typeset(key: str, dialect: Dialect, **parts: object) -> str:
    """A phrase whose letters stand between dollars, with these pieces of the document in its places."""
    pieces = wording(dialect.language).pieces(key)
    return "".join(str(parts[piece]) if at % 2 else _typeset(piece, dialect) for at, piece in enumerate(pieces))


def _typeset(text: str, dialect: Dialect) -> str:
    pieces = text.split("$")
    return "".join(
        dialect.math(letters(piece, dialect)) if at % 2 else piece.replace("×", dialect.prose("×"))
        for at, piece in enumerate(pieces)
    )


def _axes(network: Swept) -> int:
    return len(network.input.shape) - 1 if network.input.kind == MAP else 0


def _what(network: Swept) -> str:
    if not network.of_list and _axes(network) == 2 and network.input.shape[0] in (1, 3):
        return "image"
    return "input"


def _words(network: Swept, dialect: Dialect) -> list[str]:
    """What the lengths of the input are."""
    if network.input.kind == SEQUENCE:
        return [dialect.say("steps"), dialect.say("features")]
    axes = _axes(network)
    if axes == 0:
        return [dialect.say("words" if network.rows[0].kind == "embedding" else "features")]
    names = [dialect.say(name) for name in _AXES.get(axes, ())]
    names = names or [dialect.say("axis_number", number=axis + 1) for axis in range(axes)]
    channels = dialect.say("channels")
    return [*names, channels] if network.channels_last else [channels, *names]


def unread(sizes_: Sequence[Size], dialect: Dialect) -> str:
    """What a division with a remainder leaves out: "17/3 is not whole: the last two rows ... are not read."."""
    windows = [size for size in sizes_ if size.general]
    names = _PLACES.get(len(windows), ("place",) * len(windows))
    parts: dict[int, list[str]] = {}
    for size, name in zip(windows, names, strict=True):
        if size.unread:
            parts.setdefault(size.unread, []).append(name)
    if not parts:
        return ""
    over = list(dict.fromkeys(f"{size.over[0]}/{size.over[1]}" for size in windows if size.unread))
    rest = _left(parts, dialect) if max(parts) > 0 else _past(parts, dialect)
    key = "not_whole" if len(over) == 1 else "not_whole_both"
    return dialect.say(key, divisions=dialect.say("both_between").join(over), rest=rest)


def _past(parts: Mapping[int, Sequence[str]], dialect: Dialect) -> str:
    places = dialect.say("both_between").join(
        dialect.say("some_places", count=_number(-count, dialect), names=_together(of, -count, dialect))
        for count, of in parts.items()
    )
    return dialect.say("reaches_past", places=places)


def _left(parts: Mapping[int, Sequence[str]], dialect: Dialect) -> str:
    left = {count: of for count, of in parts.items() if count > 0}
    places = dialect.say("both_between").join(
        dialect.say("last_place", names=_together(of, 1, dialect)) if count == 1 else
        dialect.say("last_places", count=_number(count, dialect), names=_together(of, count, dialect))
        for count, of in left.items()
    )  # fmt: skip
    single = list(left) == [1] and len(left[1]) == 1
    return dialect.say("not_read" if single else "not_read_both", places=places)


def _number(count: int, dialect: Dialect) -> str:
    return dialect.say(f"count_{count}") if count <= _MOST_WORDS else str(count)


def _together(names: Sequence[str], count: int, dialect: Dialect) -> str:
    return dialect.say("both_between").join(
        dialect.say(f"{name}_one" if count == 1 else f"{name}_many") for name in names
    )


def conventions(network: Swept, columns: Sequence[str], marks: Mapping[str, str], dialect: Dialect) -> tuple[str, ...]:
    """The notes: what marks stand for, then the conventions that the columns use."""
    return (*(f"{mark} {text}" for text, mark in marks.items()), *_sentences(network, columns, dialect))


def _sentences(network: Swept, columns: Sequence[str], dialect: Dialect) -> list[str]:
    sentences = list(dict.fromkeys(
        dialect.say("of_layer", layer=dialect.prose(row.name.replace("$", " ")), what=dialect.told(note))
        for row in network.rows for note in row.outcome.notes
    ))  # fmt: skip
    if {"params", "weights", "biases"} & set(columns) and network.total.params:
        sentences += _of_params(network, dialect)
    if network.total.multiplications:
        sentences += _of_costs(network, columns, dialect)
    if "field" in columns and any(row.field for row in network.rows):
        sentences.append(typeset("field_of_image" if _what(network) == "image" else "field_of_input", dialect))
    if "activations" in columns:
        sentences.append(dialect.say("activations_counted"))
    return sentences


def _of_costs(network: Swept, columns: Sequence[str], dialect: Dialect) -> list[str]:
    """How multiplications are counted, where a column does."""
    counted = [f"counted_{name}" for name in ("multiplications", "macs", "flops") if name in columns]
    kinds = {row.kind for row in network.rows} if counted else set()
    return [dialect.say(key) for key in (*counted, *(key for key, of in _COSTS.items() if kinds & of))]


def _of_params(network: Swept, dialect: Dialect) -> list[str]:
    key = "biases_counted" if network.total.biases else "no_biases" if network.rules.biased else "biases_left_out"
    sentences = [dialect.say(key)]
    if network.total.untrained:
        sentences.append(dialect.say("untrained", count=in_prose(network.total.untrained, dialect)))
    biases = {row.layer.options["biases"] for row in network.rows if "biases" in row.layer.options}
    if network.rules.biased and biases & {"one", "two"}:
        key = "gate_both" if biases >= {"one", "two"} else "gate_one" if "one" in biases else "gate_two"
        sentences.append(dialect.say(key))
    return sentences


_COSTS = {
    "counted_transposed": {"conv_transpose"},
    "counted_recurrent": {"rnn", "lstm", "gru"},
    "counted_attention": {"attention"},
}
"""What is said of the costs of kinds of layers."""


def number(value: int | None, dialect: Dialect) -> str:
    """A number in groups of three."""
    return "" if value is None else grouped(value, dialect)


def shortened(name: str) -> str:
    """The name of a layer in its row, options past the longest left out: ``nn.Conv2d(3, 16, 3, ...)``."""
    if len(name) <= _LONGEST_NAME:
        return name
    head, bracket, inner = name.partition("(")
    if not bracket:
        return f"{name[: _LONGEST_NAME - 3]}..."
    start = ""
    for piece in inner.split(", "):
        if len(head) + len(start) + len(piece) > _LONGEST_NAME - 8:
            break
        start += f"{piece}, "
    return f"{head}({start}...)"


def unabridged(network: Swept, said: str, dialect: Dialect) -> list[str]:
    """The layers whose names are shortened in their rows, where the caption does not have them: each is told whole."""
    names: dict[str, list[str]] = {}
    for row in network.rows if code(" ".join(network.text.split()), dialect) not in said else ():
        if (short := shortened(row.name)) != row.name:
            names.setdefault(short, []).append(row.name)
    told = {short: whole if len({*whole}) > 1 else whole[:1] for short, whole in names.items()}
    return [
        f"{code(short, dialect)} = {', '.join(code(name, dialect) for name in whole)}." for short, whole in told.items()
    ]
