"""A model of PyTorch or Keras as layers, read from what it says of itself: neither is imported, and no weight is read.

A ``torch.nn.Module`` is told by where its class lives.  A Sequential is its children; of others the graph is asked of
``torch.fx``, which is there where the model is.  A Keras model is its ``get_config()``, which is plain data.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adtrace.errors import InputError, printable
from adtrace.networks.calls import Arguments, called
from adtrace.networks.kinds import JOINT, KINDS
from adtrace.networks.names import CLASSES, IN, OUT, D, G, K, P, S
from adtrace.networks.network import INPUT, PREVIOUS, Layer, Statement
from adtrace.networks.neutral import options_of

_DEEPEST = 50


def is_model(given: Any) -> bool:
    """Whether it is a model that this module reads."""
    return _is_torch(given) or _is_keras(given)


def _homes(given: Any) -> set[str]:
    return {base.__module__.partition(".")[0] for base in type(given).__mro__}


def _is_torch(given: Any) -> bool:
    return "torch" in _homes(given) and hasattr(given, "named_children")


def _is_keras(given: Any) -> bool:
    return bool(_homes(given) & {"keras", "tf_keras", "tensorflow"}) and hasattr(given, "get_config")


def layers_of_model(model: Any) -> tuple[list[Layer], tuple[int, ...] | None, bool, list[Statement]]:
    """The layers of a model, the shape of its input if it knows it, whether channels are last, and what is to be told.

    Raises `InputError` for what cannot be read, by its name.
    """
    if _is_keras(model):  # asked first: on PyTorch's backend a model of Keras is a module of PyTorch, too
        return _keras(model)
    return [*_torch(model)], None, False, []


# -- PyTorch ---------------------------------------------------------------------------------------------------------


def _torch(module: Any) -> Sequence[Layer]:
    layers: list[Layer] = []
    if _is_chain(module):
        for name, child in _chain(module, ""):
            written = f"{name} ({type(child).__name__})" if name else type(child).__name__
            _add(layers, _module(child, name), name, (PREVIOUS,), written)
        return layers
    return _traced(module)


def _is_chain(module: Any) -> bool:
    """Whether it is a layer, or layers one after the other all the way down."""
    if type(module).__name__ in CLASSES:
        return True
    return type(module).__name__ == "Sequential" and all(_is_chain(child) for _, child in module.named_children())


def _chain(module: Any, name: str) -> Iterator[tuple[str, Any]]:
    if type(module).__name__ in CLASSES:
        yield name, module
        return
    for own, child in module.named_children():
        yield from _chain(child, f"{name}.{own}" if name else own)


def _leaves(module: Any) -> Iterator[str]:
    """The classes of what a module holds that is no Sequential."""
    children = list(module.named_children())
    if type(module).__name__ != "Sequential" or not children:
        yield type(module).__name__
    else:
        for _, child in children:
            yield from _leaves(child)


def _traced(module: Any) -> Sequence[Layer]:
    """The layers of the graph that ``torch.fx`` makes of a module."""
    fx = getattr(sys.modules.get("torch"), "fx", None) or sys.modules.get("torch.fx")
    kind = type(module).__name__
    if fx is None:
        strange = next((own for own in _leaves(module) if own not in CLASSES), kind)
        raise InputError(
            f"{strange} is no layer that is known here, and torch.fx, which tells what it calls, is not loaded"
        )
    try:
        graph = fx.symbolic_trace(module).graph
    except Exception as problem:
        raise InputError(f"torch.fx cannot trace {kind}: {printable(str(problem)[:200])}") from None
    modules = dict(module.named_modules())
    layers: list[Layer] = []
    for node in graph.nodes:
        operands = tuple(str(source.name) for source in node.all_input_nodes)
        if node.op == "placeholder":
            labels = _Labels(str(node.name))
        elif node.op == "call_module":
            child = modules[str(node.target)]
            written = f"{node.target} ({type(child).__name__})"
            _add(layers, _module(child, str(node.target)), str(node.name), labels.of(operands), written)
        elif node.op in ("call_function", "call_method"):
            name = str(getattr(node.target, "__name__", node.target))
            own = _function(name, node, operands)
            if own is None:
                labels.same(str(node.name), operands)
            else:
                joint = KINDS[own[0][0]].family == JOINT
                _add(layers, own, str(node.name), labels.of(operands if joint else operands[:1]), name)
    return layers


class _Labels:
    """What the nodes of a graph are called among the layers: some are none, and stand for what they read."""

    def __init__(self, source: str) -> None:
        self.others = {source: INPUT}

    def of(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.others.get(name, name) for name in names)

    def same(self, name: str, operands: Sequence[str]) -> None:
        self.others[name] = self.of(operands[:1])[0]


Read = list[tuple[str, dict[str, Any]]]

_FUNCTIONS = {
    "add": "add", "iadd": "add", "mul": "multiply", "cat": "concat", "concat": "concat", "flatten": "flatten",
    "relu": "activation", "relu_": "activation", "sigmoid": "activation", "tanh": "activation", "softmax": "activation",
    "log_softmax": "activation", "gelu": "activation", "silu": "activation", "hardtanh": "activation",
    "leaky_relu": "activation", "elu": "activation", "dropout": "dropout", "add_": "add", "hardswish": "activation",
    "mean": "global_pool", "max_pool2d": "pool", "avg_pool2d": "pool", "max_pool1d": "pool", "avg_pool1d": "pool",
    "adaptive_avg_pool2d": "adaptive_pool", "interpolate": "upsample", "view": "flatten", "reshape": "flatten",
}  # fmt: skip
_NOTHING = ("contiguous", "size", "getattr", "clone", "detach", "getitem", "float", "to")


def _function(name: str, node: Any, operands: Sequence[str]) -> Read | None:
    """A function that a graph calls, as a layer; None for one that changes nothing."""
    if name in _NOTHING:
        return None
    kind = _FUNCTIONS.get(name)
    if kind is None:
        raise InputError(f"{printable(name)}, which the model calls, is no layer that is known here")
    if kind in ("add", "multiply") and len(operands) < 2:
        return None  # with a constant
    values = [value for value in node.args[1:] if isinstance(value, (int, tuple, list, float))]
    keywords = {key: value for key, value in dict(node.kwargs).items() if value is not None}
    return [(kind, _OPTIONS[kind](name, values, keywords) if kind in _OPTIONS else {})]


Keywords = Mapping[str, Any]


def _of_pool(name: str, given: Sequence[Any], keywords: Keywords) -> dict[str, Any]:
    options: dict[str, Any] = {
        "kind": "avg" if name.startswith("avg") else "max",
        **dict(zip((K, S, P), given, strict=False)),
    }
    words = {"kernel_size": K, "stride": S, "padding": P, "ceil_mode": "ceil", "dilation": D}
    return options | {words[key]: value for key, value in keywords.items() if key in words}


def _of_upsampling(name: str, given: Sequence[Any], keywords: Keywords) -> dict[str, Any]:
    if not keywords.get("scale_factor"):
        raise InputError("interpolate with a size, which the model calls, is not known here; with a scale_factor it is")
    return {"scale": int(keywords["scale_factor"])}


def _of_flattening(name: str, given: Sequence[Any], keywords: Keywords) -> dict[str, Any]:
    first = keywords.get("start_dim", given[0] if given else 0 if name == "flatten" else None)
    if name == "flatten" and first != 1:
        raise InputError(f"flatten from axis {first}, which the model calls, is not known here; flatten(1) is")
    if name != "flatten" and tuple(given)[-1:] != (-1,):
        raise InputError(f"{name} to {printable(str(given))} is not known here; flatten(1) is")
    return {}


def _of_concatenation(name: str, given: Sequence[Any], keywords: Keywords) -> dict[str, Any]:
    axis = keywords.get("dim", given[-1] if given else 0)
    if axis != 1:
        raise InputError(
            f"cat along axis {axis}, which the model calls, is not known here; along the channels, 1, it is"
        )
    return {}


def _of_mean(name: str, given: Sequence[Any], keywords: Keywords) -> dict[str, Any]:
    axes = keywords.get("dim", given[0] if given else None)
    if axes is None or list(axes if isinstance(axes, (tuple, list)) else [axes]) not in ([2, 3], [-2, -1], [2], [-1]):
        raise InputError(f"mean over {axes}, which the model calls, is not known here; over all places, (2, 3), it is")
    return {"kind": "avg", "keep": bool(keywords.get("keepdim", given[1] if len(given) > 1 else False))}


_OPTIONS: Mapping[str, Callable[[str, Sequence[Any], Keywords], dict[str, Any]]] = {
    "activation": lambda name, given, keywords: {"fn": name.strip("_")},
    "adaptive_pool": lambda name, given, keywords: {"size": keywords.get("output_size", given[0] if given else 1)},
    "pool": _of_pool, "upsample": _of_upsampling, "flatten": _of_flattening, "concat": _of_concatenation,
    "global_pool": _of_mean,
}  # fmt: skip
"""The options of a function that a graph calls, from its operands."""


_ATTRIBUTES = {
    "in_channels": IN, "out_channels": OUT, "kernel_size": K, "stride": S, "padding": P, "dilation": D, "groups": G,
    "output_padding": "output_padding", "ceil_mode": "ceil", "in_features": "in_features",
    "out_features": "out_features", "num_features": IN, "affine": "affine", "output_size": "size",
    "normalized_shape": "shape", "elementwise_affine": "affine", "num_channels": IN, "num_embeddings": "num",
    "embedding_dim": "dim", "input_size": "in_features", "hidden_size": "hidden", "num_layers": "layers",
    "bidirectional": "bidirectional", "embed_dim": "in_features", "num_heads": "heads", "num_parameters": "trained",
    "scale_factor": "scale",
}  # fmt: skip


def _module(module: Any, name: str) -> Read:
    """A module of PyTorch as a layer, from its plain attributes."""
    own = type(module).__name__
    kind = KINDS.get(CLASSES[own].kind) if own in CLASSES else None
    if kind is None:
        raise InputError(f"{printable(name)} is a {own}, which is no layer that is known here")
    options = {key: value for key, value in CLASSES[own].fixed.items() if key in kind.options}
    for attribute, option in _ATTRIBUTES.items():
        value = getattr(module, attribute, None)
        if value is not None and option in kind.options:
            options[option] = _plain(value)
    if kind.name in _FURTHER:
        options |= _FURTHER[kind.name](module, name)
    elif "bias" in kind.options and hasattr(module, "bias"):
        options["bias"] = module.bias is not None and module.bias is not False
    return [(kind.name, options)]


def _of_cells(module: Any, name: str) -> dict[str, Any]:
    return {"biases": "two" if getattr(module, "bias", True) else "none"}


def _of_flatten(module: Any, name: str) -> dict[str, Any]:
    if (getattr(module, "start_dim", 1), getattr(module, "end_dim", -1)) != (1, -1):
        raise InputError(f"{printable(name)} flattens some axes alone, which is not known here")
    return {}


_FURTHER: Mapping[str, Callable[[Any, str], dict[str, Any]]] = {
    "pad": lambda module, name: {P: called("ZeroPad2d", Arguments([_plain(module.padding)], {}), name)[0][1][P]},
    "rnn": _of_cells, "lstm": _of_cells, "gru": _of_cells, "flatten": _of_flatten,
    "attention": lambda module, name: {"bias": getattr(module, "in_proj_bias", True) is not None},
}  # fmt: skip
"""What a module says otherwise than by an attribute that is an option."""


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(_plain(entry) for entry in value)
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


def _add(layers: list[Layer], read: Read, label: str, operands: tuple[str, ...], written: str = "") -> None:
    for place, (kind, options) in enumerate(read):
        own = KINDS[kind]
        where = f"layer {len(layers) + 1}, {printable(written or label)}"
        whole = options_of(own, options, where)
        last = place == len(read) - 1
        layers.append(
            Layer(own, whole, written or label, label if last else "", operands if place == 0 else (PREVIOUS,),
                  len(layers) + 1)
        )  # fmt: skip


# -- Keras -----------------------------------------------------------------------------------------------------------


def _keras(model: Any) -> tuple[list[Layer], tuple[int, ...] | None, bool, list[Statement]]:
    return _of_config(type(model).__name__, model.get_config())


def _of_config(
    name: str, config: Mapping[str, Any]
) -> tuple[list[Layer], tuple[int, ...] | None, bool, list[Statement]]:
    if "layers" not in config:
        raise InputError(
            f"{printable(name)} has no layers in its configuration; a subclassed model does not say what it calls"
        )
    layers: list[Layer] = []
    others: dict[str, str] = {}
    for entry in config["layers"]:
        kind, own = str(entry["class_name"]), entry.get("config", {})
        label = str(entry.get("name") or own.get("name") or "")
        if kind == "InputLayer":
            others[label] = INPUT
            continue
        if kind in ("Sequential", "Functional", "Model"):
            raise InputError(f"{printable(label)} is a model in a model; give the inner one by itself")
        inbound = _inbound(entry.get("inbound_nodes", []))
        operands = tuple(others.get(operand, operand) for operand in inbound) or (PREVIOUS,)
        _add(layers, _keras_layer(kind, own, label), label, operands, f"{label} ({kind})")
    return layers, _input_of(config["layers"]), not _channels_first(config["layers"]), []


def _input_of(entries: Sequence[Mapping[str, Any]]) -> tuple[int, ...] | None:
    """The shape of the input without the batch, from the first layer that tells it."""
    for entry in entries:
        own = entry.get("config", {})
        shape = own.get("batch_shape") or own.get("batch_input_shape")
        if shape:
            return tuple(int(length) for length in shape[1:] if length is not None)
    return None


def _channels_first(entries: Sequence[Mapping[str, Any]]) -> bool:
    return any(entry.get("config", {}).get("data_format") == "channels_first" for entry in entries)


def _inbound(nodes: Any) -> Iterator[str]:
    """The names of the layers that a layer reads, in the configurations of Keras 2 and 3."""
    if isinstance(nodes, Mapping):
        history = nodes.get("keras_history") or (nodes.get("config") or {}).get("keras_history")
        if history:
            yield str(history[0])
            return
        for value in nodes.values():
            yield from _inbound(value)
    elif isinstance(nodes, (list, tuple)):
        if len(nodes) >= 3 and isinstance(nodes[0], str) and isinstance(nodes[1], int):
            yield nodes[0]
            return
        for value in nodes:
            yield from _inbound(value)


def _keras_layer(kind: str, config: Mapping[str, Any], label: str) -> Read:
    if kind == "Bidirectional":
        inner = config["layer"]
        own = _keras_layer(str(inner["class_name"]), inner["config"], label)
        return [(name, {**options, "bidirectional": True}) for name, options in own]
    name = f"keras.{kind}" if kind in ("LSTM", "GRU") else kind
    if name not in CLASSES:
        raise InputError(f"{printable(label)} is a {printable(kind)}, which is no layer that is known here")
    signature = CLASSES[name]
    settings = {key: value for key, value in config.items() if signature.keywords.get(key) and value is not None}
    if kind == "Activation":
        settings = {"fn": config.get("activation")}
    named = {key: _plain(value) for key, value in settings.items()}
    return called(kind, Arguments([], named), label) if kind == name else _cell(name, named, label)


def _cell(name: str, named: dict[str, Any], label: str) -> Read:
    """A cell of Keras, whose name PyTorch has too."""
    return called(name.removeprefix("keras."), Arguments([named.pop("units")], named), label)
