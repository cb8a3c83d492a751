"""Text that describes a network, into layers: codes of papers, calls of PyTorch and Keras, arrows, ``print(model)``.

    network ::= layer (separator layer) ...          separator: , ; | -> → + or a new line
    layer   ::= [label ":"] one ["of" label ...] ["*" count]
    one     ::= call | code | "(" network ")" | 64C3-MP2-10N
    call    ::= name "(" operand, ... ")"            Conv2d(3, 10, 3), nn.Conv2d(...), Conv2D(10, 3), Conv(7*7, s=2)
    code    ::= name with numbers as a legend says   CONV3-10(3,2), conv3-64/2, POOL-2, FC-10, ReLU

Nothing is evaluated; what a legend leaves open is refused, or stated below the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from adtrace.errors import BoundError, InputError, nearest, printable
from adtrace.limits import DEFAULT
from adtrace.networks.calls import arguments, called, class_of, simple
from adtrace.networks.hyphens import WORD, Code, code, is_code
from adtrace.networks.kinds import KINDS, WINDOWED
from adtrace.networks.legends import USUAL, Legend, legend
from adtrace.networks.names import CLASSES, COUNTED, SHORT
from adtrace.networks.network import INPUT, PREVIOUS, Layer, Statement
from adtrace.networks.neutral import options_of

_MOST = 4_000
"""Layers that a text may come to, repeated ones counted."""
_ARROWS = re.compile(r"-{1,2}>|=>|[→⇒➔➜⟶⟹]")
_COMMENT = re.compile(r"#[^\n]*")
_OPEN, _CLOSE = "([{", ")]}"
_LABEL = re.compile(r"\s*(?:self\.)?\(?([A-Za-z_0-9][\w.-]*)\)?\s*(?::|=(?=\s*[A-Za-z_][\w.]*\())\s*(?=\S)")
_FUNCTIONAL = re.compile(r"([A-Za-z_]\w*)\s*=\s*([A-Za-z_][\w.]*\s*\(.*\))\s*\(\s*\[?([\w\s,]*)\]?\s*\)", re.DOTALL)
_SHAPED = re.compile(r"\binput_shape\s*=\s*[(\[]([\d\s,]+)[)\]]")
_TIMES = re.compile(r"(?:\s*[*×]\s*|\s+[xX]\s*)(\d{1,4})$")
_BEFORE = re.compile(r"(\d{1,4})\s*[xX×*]\s*(?=[(\[A-Za-z])(?!C\d)")
_OF = re.compile(r"\s+of\s+(.+)$", re.IGNORECASE)
_OPEN_OF = re.compile(r"\sof\s[\w.\s&+-]*$")
_KEYWORD = re.compile(r"[A-Za-z_]\w*\s*=\s*[^=\s].*")
_TRAILING = re.compile(r"((?:\s+[A-Za-z_]\w*\s*=\s*(?:\([^()]*\)|\S+))+)$")
_CONTAINERS = ("Sequential", "ModuleList", "Model", "Functional", "ModuleDict")


_UNPADDED = Statement("unpadded")
_PRINTED = Statement("printed_order", ("print(model)",))


class Named(NamedTuple):
    """How a layer is written, and what it is called and reads."""

    written: str
    label: str = ""
    operands: tuple[str, ...] = ()


@dataclass
class Reading:
    """What has been read so far."""

    legends: Sequence[Legend]
    layers: list[Layer] = field(default_factory=list)
    statements: dict[Statement, None] = field(default_factory=dict)
    input: tuple[tuple[int, ...], bool] | None = None
    """The shape of the input, where the text has it, and whether its channels are last."""
    labels: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    """What the names of functional calls stand for by now."""
    inputs: set[str] = field(default_factory=set)
    """What the text calls its input."""
    keras: bool = False
    """Whether there are layers as Keras calls them, whose channels are last."""
    printed: bool = False
    """Whether the text is what ``print(model)`` printed."""


def read(text: str, legends: Sequence[str] = ()) -> Reading:
    """The layers of a text.  Raises `InputError` for what cannot be read, or what a legend leaves open."""
    if len(text) > DEFAULT.characters:
        raise BoundError(f"the network has {len(text)} characters; the bound is {DEFAULT.characters}")
    reading = Reading([legend(line) for line in legends])
    source = _COMMENT.sub("", text)
    for item in _items(source):
        _item(item, reading, "")
    if not reading.layers:
        raise InputError('a network is layers such as "CONV3-10, ReLU, POOL-2, FLATTEN, FC-10"; there are none here')
    if reading.printed:
        reading.statements[_PRINTED] = None
    return reading


def _items(text: str) -> Iterator[str]:
    """What stands between separators outside of brackets; ``k=3`` goes with the layer before it."""
    held: list[str] = []
    for part in _parts(_ARROWS.sub("\n", text)):
        if _KEYWORD.fullmatch(part) and held and not _LABEL.match(part):
            held[-1] += f" {part}"
            continue
        if held and part.isdigit() and _LAST.fullmatch(held[-1]):
            held[-1] += f"-{part}"
            continue
        if held and re.fullmatch(r"\d+|/\s*\d+", part) and _FIRST.fullmatch(held[-1]):
            held[-1] += f", {part}"
            continue
        if held and _OPEN_OF.search(held[-1]) and _is_label(part, held):
            held[-1] += f" {part}"
            continue
        held.append(part)
    yield from held


def _is_label(word: str, before: Sequence[str]) -> bool:
    """Whether a layer before has this label."""
    return any((match := _LABEL.match(text)) and match[1] == word for text in before)


def _parts(text: str) -> Iterator[str]:
    depth, start, quote = 0, 0, ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
            if depth < 0:
                raise InputError(f"a bracket is closed that is not open: {printable(text[max(at - 20, 0) : at + 1])!r}")
        elif depth == 0 and (char in ",;|\n" or (char == "+" and text[at - 1 : at + 2] == " + ")):
            yield from filter(None, [text[start:at].strip()])
            start = at + 1
    if depth:
        raise InputError("a bracket is not closed in the network")
    yield from filter(None, [text[start:].strip()])


def _item(text: str, reading: Reading, label: str) -> None:
    """One layer of the text, or several."""
    if len(reading.layers) > _MOST:
        raise BoundError(f"the network has more than {_MOST} layers")
    text = text.strip()
    wrapped = re.fullmatch(r"\w+\.add\((.*)\)", text, re.DOTALL)
    if wrapped:
        _item(wrapped[1], reading, label)
        return
    functional = _FUNCTIONAL.fullmatch(text)
    if functional and functional[2].count("(") == functional[2].count(")"):
        _called_on(functional, reading)
        return
    match = _LABEL.match(text)
    if match:
        own, text = match[1], text[match.end() :].strip()
        label = "" if match[0].lstrip().startswith("(") else own  # (conv1): is an attribute, as PyTorch prints it
    count, text = _repeated(text)
    body = _container(text)
    for _ in range(count):
        if body is not None:
            name, inner = body
            reading.printed = reading.printed or bool(re.search(r"^\s*\(\w+\):", inner, re.MULTILINE))
            if name == "MultiheadAttention":
                _attention(text, inner, reading)
                continue
            for part in _items(inner):
                _item(part, reading, "")
        else:
            _one(text, reading, label)
            label = ""


def _called_on(match: re.Match[str], reading: Reading) -> None:
    """``x = Conv2D(32, 3)(x)``: Keras' functional calls, whose names mean another layer each time."""
    name, call, operands = match.groups()
    reads = [reading.names.get(operand, operand) for operand in re.findall(r"[A-Za-z_]\w*", operands)]
    label = name if name not in reading.labels else f"{name}'{len(reading.layers)}"
    _one(f"{call} of {' '.join(reads)}", reading, label)
    reading.names[name] = label


def _repeated(text: str) -> tuple[int, str]:
    """How often a layer is repeated, and the layer."""
    if is_code(text):
        return 1, text
    if match := _TIMES.search(text):
        return int(match[1]), text[: match.start()].strip()
    if match := _BEFORE.match(text):
        return int(match[1]), text[match.end() :].strip()
    return 1, text


def _container(text: str) -> tuple[str, str] | None:
    """The name and the inside of what holds layers: brackets, Sequential(...), a model as it is printed."""
    match = re.fullmatch(r"([\w.]*)\s*([(\[])(.*)[)\]]", text, re.DOTALL)
    if match is None:
        return None
    name, inner = match[1].rpartition(".")[2], match[3].strip()
    if not name:
        return name, inner
    printed = re.match(r"\s*\([\w.-]+\):\s*\S", inner)
    if name in _CONTAINERS or printed:
        whole = re.fullmatch(r"\[(.*)\],?(?:\s*name\s*=.*)?", inner, re.DOTALL)
        return name, whole[1] if whole else inner
    return None


def _attention(text: str, inner: str, reading: Reading) -> None:
    """PyTorch prints of its attention the last matrix alone."""
    match = re.search(r"in_features=(\d+)", inner)
    options = {"in_features": int(match[1])} if match else {}
    _append(reading, "attention", options, Named(text.partition("(")[0]))


def _one(text: str, reading: Reading, label: str) -> None:
    where = f"layer {len(reading.layers) + 1}, {printable(' '.join(text.split())[:60])}"
    operands: tuple[str, ...] = ()
    match = _OF.search(text)
    written = text
    if match and not set("()[]") & set(match[1]):
        operands = tuple(name for name in re.split(r"[\s,&+]+|\band\b", match[1]) if name)
        text = text[: match.start()].strip()
        written = text
    if (hyphened := code(text, where)) is not None:
        _hyphened(hyphened, reading, where)
        return
    if _is_input(text, reading, where):
        reading.inputs.update([label] if label else [])
        return
    operands = tuple(INPUT if name in reading.inputs else name for name in operands)
    trailing = _TRAILING.search(text)
    further = trailing[1] if trailing and "(" not in text[: trailing.start()] else ""
    core = _turned(text[: trailing.start()] if further and trailing else text)
    for kind, options in _layer(core, further, reading, where):
        _append(reading, kind, options, Named(written, label, operands))
        label = ""


def _append(reading: Reading, kind: str, options: dict[str, Any], named: Named) -> None:
    """One more layer, its options checked."""
    place, written = len(reading.layers) + 1, " ".join(named.written.split())
    where = f"layer {place}, {printable(written[:60])}"
    own = KINDS[kind]
    if "axes" not in own.options:
        options.pop("axes", None)
    if named.label:
        reading.labels.add(named.label)
    for operand in named.operands:
        if operand not in reading.labels and operand not in (INPUT, PREVIOUS):
            guess = f"{printable(operand)!r}{nearest(operand, reading.labels)}"
            raise InputError(f"{where}: no layer before it is named {guess}; write x: relu, add of x y")
    whole = options_of(own, options, where)
    reading.layers.append(Layer(own, whole, written, named.label, named.operands or (PREVIOUS,), place))


_INPUT_NAMES = ("input", "inputs", "inputlayer", "image", "in")


def _is_input(text: str, reading: Reading, where: str) -> bool:
    """Whether it is the input with its shape, ``INPUT [224x224x3]`` or ``Input(shape=(32, 32, 3))``."""
    match = re.match(r"(?:[\w.]*\.)?([A-Za-z]+)\b[\s:=]*", text)
    bare = re.fullmatch(r"[\[(]?\s*\d+(?:\s*[xX×*]\s*\d+)+\s*[\])]?", text)
    if not bare and (not match or simple(match[1]) not in _INPUT_NAMES):
        return False
    if reading.layers:
        raise InputError(f"{where}: an input stands before all layers")
    numbers = re.findall(r"\d+|None", text)
    lengths = tuple(int(number) for number in numbers if number != "None")
    if lengths:
        times = bool(re.search(r"\d\s*[xX×*]\s*\d", text))
        keras = "shape" in text
        reading.input = (lengths, times or keras)
    return True


def _hyphened(whole: Code, reading: Reading, where: str) -> None:
    """``16C3-MP2-32C3-ReLU-10N``: kernels and their window, pooling, names alone, outputs."""
    if whole.shape:
        first, *sides = whole.shape
        reading.input = (whole.shape, len(sides) != 2 or len({*sides}) == 2 or first == sides[0])  # 3x48x48: maps first
    for part in whole.parts:
        if part.kind == WORD:
            for kind, options in _layer(part.written, "", reading, where):
                _append(reading, kind, options, Named(part.written))
            continue
        _append(reading, part.kind, dict(part.options), Named(part.written))
        key, said = part.statement
        if key:
            reading.statements[Statement(key, (said,))] = None


_NAME = re.compile(r"(?:\w+\.)*([A-Za-z][A-Za-z_ ]*?(?:-?[123][dD](?:Transpose)?)?(?=\W|\d|$|_)[A-Za-z]*)")


def _layer(text: str, further: str, reading: Reading, where: str) -> list[tuple[str, dict[str, Any]]]:
    """The kinds and options of one layer."""
    legended = _by_legend(text, reading.legends, reading, where)
    if legended is not None:
        return [_with(legended, further, where)]
    call = re.fullmatch(r"([A-Za-z_][\w.]*)\s*\((.*)\)\s*", text, re.DOTALL)
    _take_in(text, reading, is_call=call is not None)
    if class_of(text):  # Flatten, AveragePooling2D: a call without operands
        return _required(called(text, arguments(further, where), where), text, where)
    if call and class_of(call[1]):
        return called(call[1], arguments(call[2] + (f", {further}" if further else ""), where), where)
    if call and call[1].rpartition(".")[2] == "Bidirectional":
        return [(kind, {**options, "bidirectional": True}) for kind, options in _layer(call[2], "", reading, where)]
    usual = _by_legend(text, USUAL, reading, where)
    if usual is not None:
        return [_with(usual, further, where)]
    coded = _by_code(text, further, reading, where)
    return _by_name(text, call, further, reading, where) if coded is None else [coded]


def _take_in(text: str, reading: Reading, *, is_call: bool) -> None:
    """What the text of a layer says of the library that it is of, and a call before all others of the input."""
    shaped = _SHAPED.search(text) if is_call and reading.input is None and not reading.layers else None
    if shaped:
        reading.input = (tuple(map(int, re.findall(r"\d+", shaped[1]))), True)
    reading.keras = reading.keras or bool(re.match(r"[\w.]*[123]D(?:Transpose)?\b", text))


def _by_code(text: str, further: str, reading: Reading, where: str) -> tuple[str, dict[str, Any]] | None:
    """``CONV3-10(s=2, p=1)``: a code whose options stand in brackets, and may not say otherwise."""
    named = _NAMED.fullmatch(text)
    coded = _by_legend(named[1], USUAL, reading, where) if named else None
    if named is None or coded is None or not coded[1].get("out_channels"):
        return None
    whole = _with(coded, f" {re.sub(r'[,;]', ' ', named[2])} {further}", where)
    for option in ("kernel", "out_channels"):
        if whole[1][option] != coded[1][option]:
            raise InputError(f"{where}: {option.replace('_', ' ')} {coded[1][option]} or {whole[1][option]}?")
    return whole


def _with(layer: tuple[str, dict[str, Any]], further: str, where: str) -> tuple[str, dict[str, Any]]:
    """The options with those that stand behind them, s=2."""
    kind, options = layer
    if not further:
        return kind, options
    name = next(name for name, signature in SHORT.items() if signature.kind == kind)
    return kind, options | called(name, arguments(_joined(further), where), where)[0][1]


def _joined(further: str) -> str:
    return re.sub(r"\s+(?=[A-Za-z_]\w*\s*=)", ", ", further.strip())


def _by_legend(text: str, legends: Sequence[Legend], reading: Reading, where: str) -> tuple[str, dict[str, Any]] | None:
    folded = simple(text)
    for own in legends:
        if not folded.startswith(own.name):
            continue
        at = next(end for end in range(len(text) + 1) if simple(text[:end]) == own.name)
        rest = text[at:].strip()
        if rest[:1].isalpha() and not re.match(r"[spdx]\s*\d", rest):
            continue
        outcome = own.read(rest, where)
        if outcome is None:
            continue
        options, completed = outcome
        if not own.stated and own.signature.kind == "pool" and options["kernel"] == 1 and rest == "1":
            raise InputError(f"{where}: a window of 1? if it is the first of its kind, write POOL-2 with its window")
        if own.stated or completed or "(" in text:
            reading.statements[own.statement] = None
        return own.signature.kind, {**own.signature.fixed, **options}
    return None


_FIRST = re.compile(r"(\d+\s*[xX×]\s*\d+)\s*([A-Za-z][A-Za-z ]*?)(?:,\s*(\d+))?(?:,?\s*/\s*(\d+))?")
"""``7x7 conv, 64, /2``, as residual networks are drawn."""


_LAST = re.compile(r"[A-Za-z][A-Za-z ]*\s*\d+\s*[xX×]\s*\d+")
"""``conv 3x3``, behind which ``, 64`` stands."""
_NAMED = re.compile(r"([^()]+\d)\s*\(([^()]*=[^()]*)\)")
"""``CONV3-10(s=2, p=1)``."""


def _turned(text: str) -> str:
    """A window that stands before its name behind it."""
    match = _FIRST.fullmatch(text)
    if match is None or simple(match[2]) not in SHORT:
        return text
    window, name, count, stride = match.groups()
    return f"{name}{re.sub(r'[ ]', '', window)}" + (f"-{count}" if count else "") + (f"/{stride}" if stride else "")


def _by_name(
    text: str, call: re.Match[str] | None, further: str, reading: Reading, where: str
) -> list[tuple[str, dict[str, Any]]]:
    """A short name, alone, with a number, or called."""
    match = re.match(r"([A-Za-z][A-Za-z_ ]*)(.*)$", text, re.DOTALL)
    if match is None:
        raise InputError(f"{where}: a layer begins with its name, such as CONV3-10, POOL-2 or Conv2d(3, 10, 3)")
    name, rest = match[1], match[2].strip()
    words = re.match(r"([123])[dD]\b(.*)$", rest, re.DOTALL)
    if words and simple(f"{name}{words[1]}d") in SHORT:
        name, rest = f"{name}{words[1]}d", words[2].strip()
    if simple(name) not in SHORT:
        names = [*SHORT, *CLASSES]
        raise InputError(
            f"{where}: {printable(name.strip())!r} is no layer that is known here{nearest(simple(name), names)}"
        )
    signature = SHORT[simple(name)]
    bracket = re.fullmatch(r"-?\s*(\d*)\s*\((.*)\)", rest, re.DOTALL)
    if bracket:  # CONV1(f=5,s=1): the number counts layers
        inner = bracket[2] + (f", {_joined(further)}" if further else "")
        layers = called(name, arguments(inner, where), where)
        if layers[0][0] == "conv" and "padding" not in layers[0][1]:
            reading.statements[_UNPADDED] = None
        return _required(layers, text, where)
    options: dict[str, Any] = dict(signature.fixed)
    number = re.fullmatch(r"(-?)\s*(\d+(?:x\d+)*)((?:-\d+)*)", rest)
    if number:
        options |= _numbered(signature.kind, name, number, reading, where)
    elif rest:
        raise InputError(f"{where}: {printable(rest)!r} cannot be read; {_wanted(signature.kind)}")
    return _required([_with((signature.kind, options), further, where)], text, where)


_WANTED = {"conv": "write CONV3-10 for 10 kernels of 3×3, CONV3-10(2,1) with stride 2 and padding 1",
           "pool": "write POOL-2, POOL-3/2 or POOL-3(2,1)",
           "linear": "write FC-10", "conv_transpose": "write CONVT4-64(2,1)"}  # fmt: skip


def _wanted(kind: str) -> str:
    return _WANTED.get(kind, "a name alone, or a call with operands")


def _numbered(kind: str, name: str, number: re.Match[str], reading: Reading, where: str) -> dict[str, Any]:
    """What one number behind a name is."""
    dash, first, others = number.groups()
    if kind == "embedding" and others:
        return {"num": int(first), "dim": int(others.strip("-"))}
    if others or "x" in first:
        raise InputError(f"{where}: {first}{others} cannot be read; {_wanted(kind)}")
    count = int(first)
    if kind == "linear" and not dash:
        if count < 10:
            raise InputError(
                f"{where}: the {_ordinal(count)} layer, or {count} outputs? write FC-{count}, or FC-N with its N"
            )
        reading.statements[Statement("code_outputs", (f"{name.strip()}N",))] = None
    if kind in ("conv", "conv_transpose"):
        raise InputError(f"{where}: how many kernels? {_wanted(kind)}")
    if kind not in COUNTED:
        return {}  # bn1, relu3: a number that counts layers
    return {COUNTED[kind]: count}


def _ordinal(count: int) -> str:
    return f"{count}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(count, 'th') }"


def _required(layers: list[tuple[str, dict[str, Any]]], text: str, where: str) -> list[tuple[str, dict[str, Any]]]:
    for kind, options in layers:
        if kind in WINDOWED and "kernel" not in options:
            raise InputError(f"{where}: how large is its window? {_wanted(kind)}")
        if kind == "linear" and "out_features" not in options:
            raise InputError(f"{where}: how many outputs? {_wanted(kind)}")
    return layers
