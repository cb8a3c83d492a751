"""The neutral form of a network, a list of dictionaries, and the checks that every way of writing goes through.

    {"op": "conv", "out_channels": 10, "kernel": 3, "stride": 1, "padding": 1}, {"op": "flatten"}, ...

``name`` labels a layer, ``inputs`` lists the labels that it reads ("prev", which is the default, or "input"), and the
other keys are the options of its kind in `kinds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adtrace.errors import InputError, nearest, printable
from adtrace.networks.kinds import AXES, COUNT, FLAG, NEEDED, PADDING, SHAPE, WINDOWED, WORD, Kind, Option
from adtrace.networks.network import PREVIOUS, Layer, kind_of

_LARGEST = 10**9
"""The largest number that an option may be: sizes past it are slips."""


def options_of(kind: Kind, given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """All options of a kind, those that are given checked.  Raises `InputError` for what it does not have or take."""
    for name in given:
        if name not in kind.options:
            raise InputError(f"{where}: {kind.name} has no {name!r}{nearest(name, kind.options)}")
    options: dict[str, Any] = {}
    for name, option in kind.options.items():
        value = given.get(name, option.default)
        if value is NEEDED:
            raise InputError(f"{where}: {_question(kind, name)}")
        options[name] = value if name not in given else _checked(option, name, value, where)
    return options


def _question(kind: Kind, name: str) -> str:
    asked = {
        "kernel": "how large is its window?",
        "out_features": "how many outputs has it?",
        "hidden": "how many numbers has its state?",
    }
    return asked.get(name, f"{kind.name} needs {name}")


def _checked(option: Option, name: str, value: Any, where: str) -> Any:
    """A value of the kind that the option takes; lists become tuples."""
    if value is None and option.default is None:
        return value
    return _CHECKS[option.takes](option, value, f"{where}: {name} is")


def _flag(option: Option, value: Any, said: str) -> bool:
    if not isinstance(value, bool):
        raise InputError(f"{said} yes or no (true, false), not {_short(value)}")
    return value


def _word(option: Option, value: Any, said: str) -> str:
    if not isinstance(value, str) or (option.words and value not in option.words):
        raise InputError(f"{said} {', '.join(option.words) or 'a word'}, not {_short(value)}")
    return value


def _count(option: Option, value: Any, said: str) -> int:
    _whole(value, option.least, f"{said} a whole number from {option.least}")
    return int(value)


def _axes(option: Option, value: Any, said: str) -> int | tuple[int, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        for entry in value:
            _whole(entry, option.least, f"{said} whole numbers from {option.least}")
        return tuple(value)
    _whole(value, option.least, f"{said} a whole number from {option.least}, or one for each axis")
    return int(value)


def _shape(option: Option, value: Any, said: str) -> tuple[int, ...]:
    value = (value,) if isinstance(value, int) else value
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise InputError(f"{said} a list of whole numbers, not {_short(value)}")
    for entry in value:
        _whole(entry, -1, f"{said} whole numbers")
    return tuple(value)


def _paddings(option: Option, value: Any, said: str) -> Any:
    return _padding(value, f"{said} a number, one for each axis, a pair for each axis, valid, same, causal or full")


_CHECKS = {COUNT: _count, AXES: _axes, PADDING: _paddings, FLAG: _flag, WORD: _word, SHAPE: _shape}


def _padding(value: Any, said: str) -> Any:
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, Sequence) and value:
        return tuple(_padding(entry, said) for entry in value)
    _whole(value, 0, said)
    return value


def _whole(value: Any, least: int, said: str) -> None:
    if type(value) is not int or not least <= value <= _LARGEST:
        raise InputError(f"{said}, not {_short(value)}")


def _short(value: Any) -> str:
    return repr(printable(value[:60])) if isinstance(value, str) else printable(repr(value)[:60])


def layers_of(given: Sequence[Mapping[str, Any]]) -> list[Layer]:
    """The layers of a list of dictionaries.  Raises `InputError`."""
    layers: list[Layer] = []
    for place, entry in enumerate(given, start=1):
        if not isinstance(entry, Mapping):
            raise InputError(f"layer {place} is a dictionary such as {{'op': 'conv', ...}}, not {_short(entry)}")
        options = dict(entry)
        op, label = options.pop("op", None), options.pop("name", "")
        inputs = options.pop("inputs", (PREVIOUS,))
        if not isinstance(op, str):
            raise InputError(f"layer {place} has no op, such as 'conv', 'pool' or 'linear'")
        kind = kind_of(op)
        if not isinstance(label, str) or isinstance(inputs, str) or not all(isinstance(name, str) for name in inputs):
            raise InputError(f"layer {place}: name is a text, and inputs is a list of names")
        whole = options_of(kind, options, f"layer {place}, {op}")
        layers.append(Layer(kind, whole, written_of(kind, whole), label, tuple(inputs) or (PREVIOUS,), place))
    return layers


def written_of(kind: Kind, options: Mapping[str, Any]) -> str:
    """A layer as one may write it, where its author has not."""
    if kind.name in WINDOWED:
        return _window(kind, options)
    if kind.name == "activation":
        return _ACTIVATIONS.get(options["fn"].lower(), options["fn"]) or "ACTIVATION"
    count = next((options[name] for name in ("out_features", "hidden", "dim") if options.get(name)), None)
    if kind.name == "global_pool":
        return "GAP" if options["kind"] == "avg" else "GMP"
    return f"{kind.short}-{count}" if count else kind.short


_ACTIVATIONS = {"relu": "ReLU", "": "", "elu": "ELU", "selu": "SELU", "gelu": "GELU", "prelu": "PReLU",
                "leaky_relu": "LeakyReLU", "silu": "SiLU"}  # fmt: skip


def _window(kind: Kind, options: Mapping[str, Any]) -> str:
    short = kind.short
    if kind.name == "conv" and options.get("groups", 1) > 1:
        short = "DWCONV" if options["groups"] == options["out_channels"] else f"{options['groups']}-CONV"
    kernel, stride = options["kernel"], options["stride"]
    text = f"{short}{_by(kernel)}" if kind.name != "pool" else f"{short}-{_by(kernel)}"
    channels = options.get("out_channels")
    text += f"-{channels}" if channels else ""
    usual = kernel if kind.name == "pool" else 1
    return text + (f"/{_by(stride)}" if stride not in (None, usual) else "")


def _by(given: Any) -> str:
    return str(given) if isinstance(given, int) else "x".join(map(str, given))
