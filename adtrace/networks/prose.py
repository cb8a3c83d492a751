"""What the caption and the notes of a layer table say: in fixed sentences, and only what the table uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adtrace.networks.maps import MAP, SEQUENCE, Size
from adtrace.networks.network import Row, Statement, Swept
from adtrace.tables.worked import code
from adtrace.writing.counts import grouped, letters, sizes
from adtrace.writing.notation import Dialect

_LONGEST = 160
"""Characters of the longest network that a caption repeats."""
_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_PLACES = {1: ("places",), 2: ("rows", "columns"), 3: ("planes", "rows", "columns")}
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def caption(network: Swept, dialect: Dialect) -> str:
    """``Layers of CONV3-10, ... on a 32×32×3 image (height, width, channels).``, and what was taken."""
    text = " ".join(network.text.split())
    if network.of_list:
        return _of_list(network, text, dialect)
    count = len(network.rows)
    of = dialect.prose(f"a network of {count} layers" if count > 1 else f"a network of one, {network.rows[0].name},")
    if 0 < len(text) <= _LONGEST:
        of = code(text, dialect)
    on = dialect.math(sizes(network.input_size, dialect))
    words = dialect.prose(f"{_what(network)} ({', '.join(_words(network))})")
    article = "an" if str(network.input_size[0]).startswith(("8", "11", "18")) else "a"
    first = f"{dialect.prose('Layers of')} {of} {dialect.prose(f'on {article}')} {on} {words}."
    return " ".join([first, *(stated(statement, dialect) for statement in network.statements)])


def _of_list(network: Swept, text: str, dialect: Dialect) -> str:
    of = code(text, dialect) if 0 < len(text) <= _LONGEST else dialect.prose("the function")
    shape = dialect.math(sizes(network.input_size, dialect) or "1")
    first = f"{dialect.prose('The rows of')} {of} {dialect.prose('in shapes, from an input of')} {shape}."
    return " ".join([first, *(stated(statement, dialect) for statement in network.statements)])


def stated(statement: Statement, dialect: Dialect) -> str:
    """A statement, what was typed set as it was typed."""
    pieces = [typeset(piece, dialect) for piece in statement.text.split("{}")]
    codes = [code(text, dialect) for text in statement.codes]
    return "".join(piece + (codes[at] if at < len(codes) else "") for at, piece in enumerate(pieces))


def typeset(text: str, dialect: Dialect) -> str:
    """A sentence whose letters stand between dollars."""
    pieces = text.split("$")
    return "".join(
        dialect.math(letters(piece, dialect)) if at % 2 else dialect.prose(piece) for at, piece in enumerate(pieces)
    )


def _axes(network: Swept) -> int:
    return len(network.input.shape) - 1 if network.input.kind == MAP else 0


def _what(network: Swept) -> str:
    if not network.of_list and _axes(network) == 2 and network.input.shape[0] in (1, 3):
        return "image"
    return "input"


def _words(network: Swept) -> tuple[str, ...]:
    """What the lengths of the input are."""
    if network.input.kind == SEQUENCE:
        return ("steps", "features")
    axes = _axes(network)
    if axes == 0:
        return ("words",) if network.rows[0].kind == "embedding" else ("features",)
    names = _AXES.get(axes, tuple(f"axis {axis + 1}" for axis in range(axes)))
    return (*names, "channels") if network.channels_last else ("channels", *names)


def unread(sizes_: Sequence[Size]) -> str:
    """What a division with a remainder leaves out: "17/3 is not whole: the last two rows ... are not read."."""
    windows = [size for size in sizes_ if size.general]
    names = _PLACES.get(len(windows), ("places",) * len(windows))
    parts: dict[int, list[str]] = {}
    for size, name in zip(windows, names, strict=True):
        if size.unread:
            parts.setdefault(size.unread, []).append(name)
    if not parts:
        return ""
    over = list(dict.fromkeys(f"{size.over[0]}/{size.over[1]}" for size in windows if size.unread))
    whole = f"{' and '.join(over)} {'is' if len(over) == 1 else 'are'} not whole"
    return f"{whole}: {_left(parts) if max(parts) > 0 else _past(parts)}"


def _past(parts: Mapping[int, Sequence[str]]) -> str:
    places = " and ".join(f"{_number(-count)} {_together(of, -count)}" for count, of in parts.items())
    return f"the last window reaches {places} past the padded input."


def _left(parts: Mapping[int, Sequence[str]]) -> str:
    left = {count: of for count, of in parts.items() if count > 0}
    told = " and ".join(f"the last {_counted(count, of)}" for count, of in left.items())
    single = list(left) == [1] and len(left[1]) == 1
    return f"{told} of the padded input {'is' if single else 'are'} not read."


def _number(count: int) -> str:
    return _COUNTS[count] if count < len(_COUNTS) else str(count)


def _together(names: Sequence[str], count: int) -> str:
    return " and ".join(name if count > 1 else name.removesuffix("s") for name in names)


def _counted(count: int, names: Sequence[str]) -> str:
    return _together(names, 1) if count == 1 else f"{_number(count)} {_together(names, count)}"


def conventions(network: Swept, columns: Sequence[str], marks: Mapping[str, str], dialect: Dialect) -> tuple[str, ...]:
    """The notes: what marks stand for, then the conventions that the columns use."""
    notes = [f"{mark} {dialect.prose(text)}" for text, mark in marks.items()]
    notes += [typeset(sentence, dialect) for sentence in _sentences(network, columns)]
    return tuple(notes)


def _sentences(network: Swept, columns: Sequence[str]) -> list[str]:
    rows, found = network.rows, list[str]()
    for row in rows:
        for note in row.outcome.notes:
            sentence = f"{row.name} {note}.".replace("$", " ")
            if sentence not in found:
                found.append(sentence)
    if {"params", "weights", "biases"} & set(columns) and network.total.params:
        found += _of_params(network)
    counted = [name for name in ("multiplications", "macs", "flops") if name in columns]
    if counted and network.total.multiplications:
        found += _of_costs(rows, counted)
    if "field" in columns and any(row.field for row in rows):
        where = "pixels of the image" if _what(network) == "image" else "places of the input"
        jump = "$j$ is the product of the strides so far"
        found.append(f"The receptive field $r$ is in {where}, {jump}; padding does not change it.")
    if "activations" in columns:
        found.append("The total of activations counts the input, and no activation functions, dropout or flattening.")
    return found


def _of_params(network: Swept) -> list[str]:
    found = ["Biases are parameters." if network.total.biases else "No biases are counted." if not network.rules.biased
             else "There are no biases."]  # fmt: skip
    if network.total.untrained:
        found.append(
            f"{network.total.untrained:,} more numbers, running means and variances, are kept and not trained."
        )
    biases = {row.layer.options["biases"] for row in network.rows if "biases" in row.layer.options}
    if network.rules.biased and biases & {"one", "two"}:
        each = {"one": "one vector of biases", "two": "two, of the input and of the state"}
        found.append(f"A gate has {' or '.join(each[name] for name in sorted(biases) if name in each)}.")
    return found


_COSTS = {
    "multiplications": "Multiplications are weight times input, zeros of the padding included; "
    "additions are not counted.",
    "macs": "A MAC is a multiplication of weight and input with its addition, zeros of the padding included.",
    "flops": "FLOPs are multiplications of weight and input and as many additions, zeros of the padding included.",
}


def _of_costs(rows: Sequence[Row], counted: Sequence[str]) -> list[str]:
    found = [_COSTS[name] for name in counted]
    kinds = {row.kind for row in rows}
    if "conv_transpose" in kinds:
        found.append("Those of a transposed convolution are counted by the positions of its input.")
    if kinds & {"rnn", "lstm", "gru"}:
        found.append("Recurrent layers are counted over all steps.")
    if "attention" in kinds:
        found.append("Attention has both of its products of all steps with all steps.")
    return found


def number(value: int | None, dialect: Dialect) -> str:
    """A number in groups of three."""
    return "" if value is None else grouped(value, dialect)
