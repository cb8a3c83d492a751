"""Layer tables: published networks to the last integer, random ones against numpy, every way of writing, refusals."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from network_oracle import Run, field, random_network
from residual import VGG16, resnet50

import adtrace
from adtrace.cli import main
from adtrace.errors import BoundError, InputError, OptionError
from adtrace.networks.kinds import KINDS
from adtrace.networks.quantities import QUANTITIES

CASES = {case["id"]: case for case in json.loads(
    (Path(__file__).parent / "published_networks.json").read_text(encoding="utf-8")
)}  # fmt: skip
"""Published networks and their figures, which were recomputed with PyTorch and gradients, apart from adtrace."""
FORWARD = [case for case in CASES.values() if case["kind"] == "forward"]
SEED = "CONV3-10, ReLU, POOL-2, CONV3-20(3,2), ReLU, POOL-2, FLATTEN, FC-10"


def swept(case: dict[str, Any]) -> Any:
    """A case's network."""
    return adtrace.layers(case["layers"], input=tuple(case["input"]["shape"]))


@pytest.mark.parametrize("case", FORWARD, ids=lambda case: case["id"])
def test_published_networks_to_the_last_integer(case: dict[str, Any]) -> None:
    """Sizes, parameters, weights, biases, multiplications, fields, jumps and totals are those that were recomputed."""
    network = swept(case)
    for row, known in zip(network.rows, case["computed"]["layers"], strict=True):
        assert list(row.shape) == known["out"]
        assert (row.params, row.weights, row.biases) == (known["params"], known["weights"], known["biases"])
        assert row.multiplications == known["mults"]
        assert (list(row.field) if row.field else None) == known.get("rf")
        jump = None if row.jump is None else [j if isinstance(j, int) else str(j) for j in row.jump]
        assert jump == known.get("jump")
        if "params_sum" in known:
            assert f"{row.terms} = {row.params}" == known["params_sum"]
    total, known = network.total, case["computed"]["totals"]
    assert (total.params, total.weights, total.biases) == (known["params"], known["weights"], known["biases"])
    assert total.multiplications == known["mults"]
    assert total.activations == known["activations_with_input"]


_OURS = {"out": "shape", "params": "params", "mults": "multiplications", "weights": "weights", "rf": "field"}


@pytest.mark.parametrize("case", FORWARD, ids=lambda case: case["id"])
def test_every_published_figure_is_ours_or_is_named_wrong(case: dict[str, Any]) -> None:
    """A figure of the source that differs from ours is one of those that were found to be wrong, and no other is."""
    network, published = swept(case), case["published"]
    wrong: set[tuple[int, str]] = set()
    for quantity, attribute in _OURS.items():
        for place, figure in published.get(quantity, {}).items():
            value = getattr(network.rows[int(place)], attribute)
            value = list(value) if isinstance(figure, list) else value[0] if isinstance(value, tuple) else value
            if value != figure:
                wrong.add((int(place), quantity))
    for place, side in published.get("out_side", {}).items():
        assert network.rows[int(place)].shape[1] == side
    named: set[tuple[int, str]] = set()
    for error in case["published_errors"]:
        first, _, last = str(error["where"]).partition("-")
        if first.isdigit():
            named |= {(place, error["quantity"]) for place in range(int(first), int(last or first) + 1)}
    assert wrong <= named
    assert {one for one in named if one[1] in published and str(one[0]) in published[one[1]]} == wrong
    if "params" in published.get("totals", {}):
        assert network.total.params == published["totals"]["params"]


@pytest.mark.parametrize("seed", range(60))
def test_random_networks_are_what_numpy_makes_of_them(seed: int) -> None:
    """Shapes are those of arrays that are padded, cut and joined; parameters are counted in arrays of weights."""
    layers, shape = random_network(seed)
    run = Run(layers, np.zeros(shape))
    network = adtrace.layers(layers, input=shape)
    assert [row.shape for row in network.rows] == [array.shape for array in run.arrays[1:]]
    assert [row.params for row in network.rows] == run.params
    assert [row.multiplications for row in network.rows] == run.multiplications
    assert all(str(row.params) == row.terms.split("= ")[-1] or row.params is not None for row in network.rows)


def stack(seed: int) -> list[dict[str, Any]]:
    """Windows of all kinds, one behind the other, of one channel."""
    chance = np.random.default_rng(seed)
    made: list[dict[str, Any]] = []
    for _ in range(chance.integers(2, 7)):
        kind = chance.random()
        k, s, p, d = (int(chance.integers(*of)) for of in ((1, 5), (1, 4), (0, 3), (1, 3)))
        if kind < 0.5:
            made.append({"op": "conv", "out_channels": 1, "kernel": k, "stride": s, "dilation": d, "padding": p})
        elif kind < 0.7:
            made.append({"op": "pool", "kernel": 2 + k % 2, "stride": 1 + s % 2})
        elif kind < 0.85:
            made.append({"op": "conv_transpose", "out_channels": 1, "kernel": k + 1, "stride": s, "padding": p % 2})
        else:
            made.append({"op": "upsample", "scale": 2})
    return made


@pytest.mark.parametrize("seed", range(40))
def test_receptive_fields_are_the_inputs_that_change_an_output(seed: int) -> None:
    """The field of a layer is the widest of what its outputs depend on, found by running one input for each entry."""
    layers, length = stack(seed), 120
    try:
        network = adtrace.layers(layers, input=(1, length))
    except InputError:
        pytest.skip("a window is larger than its input")
    for row, (width, _) in zip(network.rows, field(layers, length), strict=False):
        assert row.field == (width,)


def test_jumps_are_how_far_the_dependence_moves() -> None:
    """Without enlargements the jump is exactly the distance of what neighbouring outputs depend on."""
    layers = [{"op": "conv", "out_channels": 1, "kernel": 3, "stride": 2, "padding": 1}, {"op": "pool", "kernel": 2},
              {"op": "conv", "out_channels": 1, "kernel": 5, "padding": 2, "dilation": 2}]  # fmt: skip
    network = adtrace.layers(layers, input=(1, 200))
    assert [row.jump for row in network.rows] == [(2,), (4,), (4,)]
    assert [round(jump, 6) for _, jump in field(layers, 200)] == [2, 4, 4]


# -- every kind -----------------------------------------------------------------------------------------------------

KNOWN = [
    ({"op": "conv", "out_channels": 6, "kernel": 3, "dilation": 2}, (4, 9), (6, 5), 78, 6 * 5 * 12),
    ({"op": "conv", "out_channels": 8, "kernel": [3, 1, 2], "groups": 2}, (4, 5, 5, 5), (8, 3, 5, 4), 8 * 2 * 6 + 8,
     3 * 5 * 4 * 8 * 12),
    ({"op": "conv", "out_channels": 4, "kernel": 3, "padding": "causal", "dilation": 4}, (2, 10), (4, 10), 28, 240),
    ({"op": "conv", "out_channels": 1, "kernel": 3, "padding": [[0, 1], [2, 0]]}, (1, 4, 4), (1, 3, 4), 10, 108),
    ({"op": "locally_connected", "out_channels": 2, "kernel": 3}, (1, 5), (2, 3), 2 * 3 * 3 + 6, 18),
    ({"op": "pool", "kernel": 3, "stride": 2, "ceil": True}, (1, 6, 6), (1, 3, 3), 0, 0),
    ({"op": "pool", "kind": "avg", "kernel": 2, "trainable": True}, (6, 28, 28), (6, 14, 14), 12, 0),
    ({"op": "adaptive_pool", "size": 7}, (5, 14, 14), (5, 7, 7), 0, 0),
    ({"op": "crop", "size": 56}, (3, 64, 64), (3, 56, 56), 0, 0),
    ({"op": "pad", "padding": [[1, 2], [0, 3]]}, (3, 4, 4), (3, 7, 7), 0, 0),
    ({"op": "reshape", "shape": [4, -1]}, (2, 6), (4, 3), 0, 0),
    ({"op": "linear", "out_features": 5, "bias": False}, (7, 3), (7, 5), 15, 105),
    ({"op": "batch_norm"}, (9, 2, 2), (9, 2, 2), 18, 0),
    ({"op": "layer_norm"}, (10, 64), (10, 64), 128, 0),
    ({"op": "embedding", "num": 100, "dim": 8}, (12,), (12, 8), 800, 0),
    ({"op": "rnn", "hidden": 4}, (5, 3), (4,), 4 * 3 + 16 + 4, 5 * 28),
    ({"op": "lstm", "hidden": 4, "biases": "two", "return_sequences": True}, (5, 3), (5, 4), 4 * (28 + 8), 5 * 112),
    ({"op": "gru", "hidden": 4, "biases": "none", "bidirectional": True}, (5, 3), (8,), 2 * 3 * 28, 5 * 2 * 3 * 28),
    ({"op": "lstm", "hidden": 4, "layers": 2, "biases": "one"}, (5, 3), (4,), 4 * (28 + 4) + 4 * (32 + 4), 5 * 4 * 60),
    ({"op": "attention", "heads": 8}, (10, 64), (10, 64), 4 * 64 * 64 + 256, 176_640),
    ({"op": "activation", "fn": "prelu", "trained": 1}, (3, 4), (3, 4), 1, 0),
]  # fmt: skip
"""Layers with what PyTorch and Keras have of them, counted by hand; 176,640 is the attention of the peers' page."""


@pytest.mark.parametrize(("layer", "shape", "size", "params", "products"), KNOWN, ids=lambda of: str(of)[:40])
def test_a_layer_of_each_kind(layer: dict[str, Any], shape: Any, size: Any, params: int, products: int) -> None:
    """The size, the parameters and the multiplications of single layers."""
    (row,) = adtrace.layers([layer], input=shape).rows
    assert (row.shape, row.params, row.multiplications) == (size, params, products)


def test_every_kind_is_held_by_a_test() -> None:
    """A kind that nothing above runs would be an entry that nobody has looked at."""
    used = {layer["op"] for case in FORWARD for layer in case["layers"]} | {layer["op"] for layer, *_ in KNOWN}
    used |= {layer["op"] for seed in range(60) for layer in random_network(seed)[0]}
    assert set(KINDS) - used <= {"group_norm", "multiply"}
    wide = adtrace.layers("x: conv1-8, gap, FC-8, s: sigmoid, multiply of x s, gn", input="3,4,4")
    assert [row.params for row in wide.rows][-2:] == [0, 16]


# -- ways of writing ------------------------------------------------------------------------------------------------

WRITTEN = {
    "codes": SEED,
    "dls": "CONV3-10 | ReLU | POOL2 | CONV3-20(3,2) | ReLU | POOL2 | FLATTEN | FC-10",
    "torch": "nn.Conv2d(3, 10, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 3, stride=3, padding=2), "
             "nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(20*3*3, 10)",
    "arrows": "Conv(3x3, 10, p=1) → ReLU → MaxPool(2x2) → Conv(3x3, n=20, s=3, p=2) -> ReLU -> MaxPool(2x2) -> "
              "Flatten -> FC(10)",
    "words": "conv 3x3, 10, relu, max pool 2x2, CONV3-20(s=3, p=2), relu, max pool 2x2, flatten, fc 10",
    "printed": """Net(
      (features): Sequential(
        (0): Conv2d(3, 10, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
        (1): ReLU(inplace=True)
        (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
        (3): Conv2d(10, 20, kernel_size=(3, 3), stride=(3, 3), padding=(2, 2))
        (4): ReLU()
        (5): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
      )
      (fc): Linear(in_features=180, out_features=10, bias=True)
    )""",
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_one_network_in_many_ways_of_writing(text: str) -> None:
    """All of them come to the homework's figures."""
    network = adtrace.layers(text, input=(3, 32, 32))
    assert (network.total.params, network.total.multiplications) == (3910, 343_080)
    assert [row.params for row in network.rows if row.params] == [280, 1820, 1810]


def test_functional_calls_of_keras() -> None:
    """Names mean the layer that they were given last; a shape may stand in the input or in the first layer."""
    text = """inputs = keras.Input(shape=(32, 32, 3))
    x = layers.Conv2D(8, 3, padding='same', activation='relu')(inputs)
    y = layers.MaxPooling2D()(x)
    y = layers.Conv2D(16, 3, padding='same')(y)
    y = layers.Conv2DTranspose(8, 2, strides=2)(y)
    z = layers.Concatenate()([x, y])
    z = layers.GlobalAveragePooling2D()(z)
    outputs = layers.Dense(2)(z)"""
    network = adtrace.layers(text)
    assert [row.operands for row in network.rows] == [(0,), (1,), (2,), (3,), (1, 4), (5,), (6,)]
    assert network.total.params == 1946  # as Keras 3 counts it
    added = "model.add(Conv2D(32, (3, 3), input_shape=(28, 28, 1)))\nmodel.add(Flatten())\nmodel.add(Dense(10))"
    assert adtrace.layers(added).total.params == 320 + 26 * 26 * 32 * 10 + 10


def test_the_legend_decides() -> None:
    """The same code means another padding where the author's legend says so; what it leaves open is refused."""
    sizes = [
        adtrace.layers("CONV3-10", input="32x32x3", let=let).rows[0].size
        for let in ((), "CONVk-N(s,p): s=1,p=1", "CONVk-N: s=1,p=0", "CONVk-N: p=valid, s=2")
    ]
    assert sizes == [(32, 32, 10), (32, 32, 10), (30, 30, 10), (15, 15, 10)]
    with pytest.raises(InputError, match="leaves s open"):
        adtrace.layers("CONV3-10", input="32x32x3", let="CONVk-N(s,p): p=1")


def test_a_number_of_kernels_that_nobody_has_said() -> None:
    """Sizes and fields are known without it; parameters are refused with what would say them."""
    network = adtrace.layers("CONV1(f=5,s=1), POOL-2", input="32x32x3")
    assert "28×28" in network.table(columns="size,field", format="text")
    with pytest.raises(InputError, match="how many kernels"):
        network.table()


def test_the_order_of_the_input_is_that_of_the_table() -> None:
    """A tuple has its channels first, 32x32x3 last, and channels says otherwise."""
    assert adtrace.layers("POOL-2", input="32x32x3").rows[0].size == (16, 16, 3)
    assert adtrace.layers("POOL-2", input=(3, 32, 32)).rows[0].size == (3, 16, 16)
    assert adtrace.layers("POOL-2", input="3,32,32").rows[0].size == (3, 16, 16)
    assert adtrace.layers("POOL-2", input=(32, 32, 3), channels="last").rows[0].size == (16, 16, 3)
    assert adtrace.layers("INPUT [32x32x3], POOL-2").rows[0].size == (16, 16, 3)


REFUSED = [
    ("POOL-2", (4, 1, 1), "a window of 2×2 is larger than its input, 1×1"),
    ("Conv2d(6, 9, 3, groups=4)", (6, 8, 8), "4 groups do not divide the 6 channels"),
    ("Conv2d(16, 32, 3)", (10, 8, 8), "it is for 16 channels, and what it reads has 10"),
    ("Conv2d(3, 16, 5), MaxPool2d(2), Flatten(), Linear(400, 120)", (3, 12, 12), "for 400 features.*has 256"),
    ("x: conv3-8, a: conv3-8/2 of x, add of x a", (3, 8, 8), "8×8×8 and 8×4×4, which are not of one shape"),
    ("x: relu, concat of x y", (3, 8, 8), "no layer before it is named 'y'"),
    ("FC3", (8,), "the 3rd layer, or 3 outputs"),
    ("CONV1(f=5), FC-2", (3, 8, 8), "how many channels there are has not been said"),
    ("CONV4-10", (3, 8, 8), "no whole number"),
    ("convolutoin3-10", (3, 8, 8), "is no layer that is known here"),
    ("Conv2d(3, 10, 3, strid=2)", (3, 8, 8), "did you mean 'stride'"),
    ("Conv2d(3, 10", (3, 8, 8), "a bracket is not closed"),
    ("Conv1d(3, 10, 3)", (3, 8, 8), "it moves along 1 axis, and what it reads has 2 axes"),
    ("FLATTEN, CONV3-10", (3, 8, 8), "192 numbers in a row"),
    ("LSTM(3, 4)", (5, 7), "it is for 3 features, and what it reads has 7"),
    ("ConvTranspose2d(3, 8, 3, stride=2, output_padding=2)", (3, 8, 8), "output padding is 2.*less than its stride"),
    ("CONV5-8(f=3)", (3, 8, 8), "kernel 5 or 3"),
    ("__import__('os').system('true')", (3,), "a layer begins with its name"),
]


@pytest.mark.parametrize(("text", "shape", "sentence"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_does_not_fit_is_refused_with_what_would(text: str, shape: tuple[int, ...], sentence: str) -> None:
    """Each refusal names the layer by its place and as it was typed."""
    with pytest.raises(InputError, match=sentence):
        adtrace.layers(text, input=shape)


def test_refusals_of_lists_and_bounds() -> None:
    """Lists with unknown kinds and options, numbers that are none, and networks without end."""
    for layer, sentence in (
        ({"op": "cnv"}, "did you mean 'conv'"), ({"op": "conv", "kernal": 3}, "did you mean 'kernel'"),
        ({"op": "conv", "out_channels": 3}, "how large is its window"), ({"kernel": 3}, "has no op"),
        ({"op": "conv", "kernel": 2.5, "out_channels": 1}, "whole number"),
        ({"op": "conv", "kernel": 3, "padding": "smae", "out_channels": 1}, "valid, same, full, causal|valid"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=sentence):
            adtrace.layers([layer], input=(1, 8, 8))
    with pytest.raises(BoundError):
        adtrace.layers("(conv3-8 *9999) *99", input=(8, 8, 8))
    with pytest.raises(OptionError, match="what is the shape of the input"):
        adtrace.layers("POOL-2")


# -- models, by what they say of themselves ----------------------------------------------------------------------------


def torch_like(name: str, children: Any = (), **attributes: Any) -> Any:
    """An object whose class lives in torch, with attributes as PyTorch's modules have."""
    kind = type(name, (), {"__module__": "torch.nn.modules", "named_children": lambda self: list(children)})
    module = kind()
    for key, value in attributes.items():
        setattr(module, key, value)
    return module


def conv(made: int, read: int, **more: Any) -> Any:
    """A Conv2d with the attributes of PyTorch's."""
    given = {"in_channels": read, "out_channels": made, "kernel_size": (3, 3), "stride": (1, 1), "padding": (1, 1),
             "dilation": (1, 1), "groups": 1, "bias": object(), "output_padding": (0, 0)}  # fmt: skip
    return torch_like("Conv2d", **given | more)


def test_a_sequential_of_pytorch_by_its_attributes() -> None:
    """Nothing of torch is imported; a layer without a bias has None there."""
    inner = torch_like("Sequential", [("0", conv(10, 3)), ("1", torch_like("ReLU"))])
    model = torch_like("Sequential", [
        ("features", inner), ("pool", torch_like("MaxPool2d", kernel_size=2, stride=2, padding=0, dilation=1,
                                                 ceil_mode=False)),
        ("last", conv(4, 10, bias=None, stride=(2, 2), padding=(0, 0))),
    ])  # fmt: skip
    network = adtrace.layers(model, input=(3, 32, 32))
    assert [row.name for row in network.rows] == [
        "features.0 (Conv2d)", "features.1 (ReLU)", "pool (MaxPool2d)", "last (Conv2d)",
    ]  # fmt: skip
    assert [row.params for row in network.rows] == [280, 0, 0, 360]
    with pytest.raises(InputError, match="Strange is no layer"):
        adtrace.layers(torch_like("Sequential", [("x", torch_like("Strange"))]), input=(3, 8, 8))


def test_a_graph_of_pytorch_with_a_residual_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph that torch.fx makes of a module gives operands: here x + bn(conv(x))."""
    modules = {"conv": conv(3, 3, bias=None), "bn": torch_like("BatchNorm2d", num_features=3, affine=True)}
    block = torch_like("Block", list(modules.items()))
    block.named_modules = lambda: list(modules.items())

    def node(op: str, name: str, target: Any, reads: list[Any]) -> Any:
        return SimpleNamespace(op=op, name=name, target=target, all_input_nodes=reads, args=(), kwargs={})

    x = node("placeholder", "x", "x", [])
    first = node("call_module", "conv", "conv", [x])
    second = node("call_module", "bn", "bn", [first])
    total = node("call_function", "add", SimpleNamespace(__name__="add"), [second, x])
    graph = SimpleNamespace(nodes=[x, first, second, total, node("output", "output", "output", [total])])
    torch = ModuleType("torch")
    torch.fx = SimpleNamespace(symbolic_trace=lambda module: SimpleNamespace(graph=graph))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    network = adtrace.layers(block, input=(3, 8, 8))
    assert [(row.name, row.operands) for row in network.rows] == [
        ("conv (Conv2d)", (0,)), ("bn (BatchNorm2d)", (1,)), ("add", (2, 0)),
    ]  # fmt: skip
    assert network.total.params == 81 + 6


def test_a_keras_model_by_its_configuration() -> None:
    """A configuration of Keras 3 with a branch: channels last, the input's shape from the model, no Keras."""

    def layer(kind: str, name: str, reads: list[str], **config: Any) -> dict[str, Any]:
        nodes = [
            {"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": [of, 0, 0]}} for of in reads]}
        ]
        return {"class_name": kind, "name": name, "config": {"name": name, **config}, "inbound_nodes": nodes}

    config = {"layers": [
        layer("InputLayer", "in", [], batch_shape=(None, 16, 16, 3)),
        layer("Conv2D", "a", ["in"], filters=8, kernel_size=(3, 3), strides=(1, 1), padding="same",
              dilation_rate=(1, 1), groups=1, use_bias=True, data_format="channels_last"),
        layer("Conv2D", "b", ["in"], filters=8, kernel_size=(1, 1), strides=(1, 1), padding="valid", use_bias=False),
        layer("Add", "c", ["a", "b"]),
        layer("GlobalAveragePooling2D", "d", ["c"], keepdims=False),
        layer("Dense", "e", ["d"], units=10, use_bias=True),
    ]}  # fmt: skip
    kind = type("Functional", (), {"__module__": "keras.src.models.functional", "get_config": lambda self: config})
    network = adtrace.layers(kind())
    assert [row.size for row in network.rows] == [(16, 16, 8), (16, 16, 8), (16, 16, 8), (8,), (10,)]
    assert [row.params for row in network.rows] == [224, 24, 0, 0, 90]
    assert network.rows[2].operands == (1, 2)


# -- tables -----------------------------------------------------------------------------------------------------------


def test_the_homework_table_in_the_terminal() -> None:
    """Formulas with numbers put in, sums written out, the remainder noted, totals, the convention below."""
    text = adtrace.layers(SEED, input="32x32x3").table(format="text")
    for piece in (
        "⌊(n+2p-k)/s⌋+1", "k·k·C·N+N", "n′·n′·N·(k·k·C)", "r+(k-1)·j",
        "CONV3-20(3,2)  ⌊(16+2·2-3)/3⌋+1 = 6×6×20 [a]   3·3·10·20+20 = 1,820     6·6·20·90 =  64,800   4+2·2 =   8",
        "FLATTEN                  3·3·20 = 180", "180·10+10 = 1,810", "total   3,910", "total   343,080",
        "[a] 17/3 is not whole: the last two rows and columns of the padded input are not read.",
        "Biases are parameters.", "zeros of the padding included", "padding does not change it",
    ):  # fmt: skip
        assert piece in text, piece


@pytest.mark.parametrize("kind", ["text", "markdown", "latex", "html", "typst"])
@pytest.mark.parametrize("case", FORWARD, ids=lambda case: case["id"])
def test_every_published_network_has_a_table_in_every_format(case: dict[str, Any], kind: str) -> None:
    """Each total stands in it with its groups of three digits."""
    network = swept(case)
    text = network.table(format=kind)
    plain = text.replace("{,}", ",").replace('","', ",")
    if network.total.params:
        assert f"{network.total.params:,}" in plain
    assert f"{network.total.multiplications or 0:,}" in plain


@pytest.mark.parametrize("kind", ["text", "markdown", "latex", "html", "typst", "json"])
def test_options_in_every_format(kind: str) -> None:
    """Columns of choice, counts, sums per kernel, crosses, activations merged, folded blocks, two tables."""
    network = adtrace.layers("conv3-8, (conv3-8, bn, relu)*4, POOL-2, FC-10", input="3,16,16")
    every = ",".join(QUANTITIES)
    for options in (
        {"columns": every}, {"counts": "flops"}, {"counts": "macs", "sum": "per-kernel"}, {"product": "times"},
        {"merge": True, "fold": True}, {"layout": "stacked", "sum": "none", "dilation": "always"},
    ):  # fmt: skip
        assert network.table(format=kind, **options)


def test_words_of_columns_attributes_and_json_are_one() -> None:
    """Every quantity is an attribute of a row and a key of JSON; those with totals are attributes of the total."""
    network = adtrace.layers(SEED, input="32x32x3")
    document = network.to_dict()
    for name, quantity in QUANTITIES.items():
        assert hasattr(network.rows[0], name)
        assert name in document["layers"][0]
        assert hasattr(network.total, name) == quantity.summed
        assert not quantity.summed or document["total"][name] == getattr(network.total, name)
    assert json.loads(network.table(format="json")) == document
    assert document["layers"][3]["terms"] == "3·3·10·20 + 20"
    assert document["layers"][3]["remainder"] == [2, 2]


def test_the_formulas_of_a_table_are_right() -> None:
    """Read from the printed table and computed by Python, each formula comes to the number beside it."""
    for case in FORWARD:
        network = swept(case)
        for row in network.rows:
            for counted in filter(None, (row.outcome.params, row.outcome.multiplications, *row.outcome.fields,
                                         *(size.formula for size in row.outcome.sizes))):  # fmt: skip
                from adtrace.writing.dialects import PLAIN

                text = counted.numbers(PLAIN).replace("·", "*")
                text = re.sub(r"⌊(.*)/(\d+)⌋", r"(\1)//\2", text)
                text = re.sub(r"⌈(.*)/(\d+)⌉", r"-(-(\1)//\2)", text)
                assert re.fullmatch(r"[\d+*/() -]+", text)
                assert eval(text) == counted.value, text


def test_a_page_says_what_a_number_came_from() -> None:
    """On the page a formula names the cells that its numbers stand in, and each of these is there."""
    page = adtrace.layers("x: conv3-8, a: conv3-8 of x, add of x a, POOL-2", input="3,8,8").table(
        format="html", standalone=True
    )
    named = {name for names in re.findall(r'data-of="([^"]*)"', page) for name in names.split()}
    there = set(re.findall(r'id="(adt-[^"]+)"', page))
    assert named
    assert {name for name in named if not name.endswith("-jump")} <= there


def test_branches_say_what_they_read_and_repeated_blocks_fold() -> None:
    """A column of row numbers and one of what is read, where a row reads another one than the row above."""
    text = adtrace.layers("x: relu, a: conv3-4 of x, b: conv1-4 of x, add of a b", input="4,8,8").table(format="text")
    assert re.search(r"^3\s+conv1-4\s+1\s", text, re.MULTILINE)
    assert re.search(r"^4\s+add\s+2, 3\s", text, re.MULTILINE)
    blocks = adtrace.layers("conv3-8, (conv3-8, bn, relu)*4", input="3,16,16")
    folded = blocks.table(format="text", fold=True)
    assert "rows 5-13 as 2-4, 3 times" in folded
    assert f"{blocks.total.params:,}" in folded


def test_markdown_is_read_by_its_parsers() -> None:
    """Every line of the table has as many cells as its head."""
    from markdown_it import MarkdownIt

    text = adtrace.layers(SEED, input="32x32x3").table(format="markdown")
    page = MarkdownIt("commonmark").enable("table").render(text)
    counts = {row.count("<td") + row.count("<th") for row in page.split("<tr>")[1:]}
    assert counts == {12}


# -- traces with arrays -----------------------------------------------------------------------------------------------


def test_the_layers_of_a_trace_are_its_list_in_shapes() -> None:
    """The homework's network of one dimension: a trace and a layer table from the same list."""
    program = "z = conv1d(x, k) + b; h = relu(z); v = maxpool1d(h, 2, stride=1); y = dot(w, v) + a; L = (y - t)^2/2"
    point = {"x": [1, 2, -1, 3, 0], "k": [1, 0, -1], "b": 1, "w": [1, 2], "a": 0, "t": 1}
    trace = adtrace.trace(program, at=point, const=["x", "t"])
    network = trace.layers()
    assert [row.layer.label for row in network.rows] == ["z", "h", "v", "y", "", "", "L"]
    assert [row.size for row in network.rows] == [(3,), (3,), (2,), (), (), (), ()]
    assert [row.params for row in network.rows] == [4, 0, 0, 3, 0, 0, 0]
    assert [row.multiplications for row in network.rows][:4] == [9, 0, 0, 2]
    assert [row.field for row in network.rows][:3] == [(3,), (3,), (4,)]
    trained = set(point) - {"x", "t"}
    assert network.total.params == sum(np.size(point[name]) for name in trained)
    assert "⌊(5+2·0-3)/1⌋+1 = 3" in network.table(format="text")
    with pytest.raises(OptionError, match="numbers alone"):
        adtrace.trace("x*y", at={"x": 1, "y": 2}).layers()


def test_a_trace_and_a_list_of_layers_agree() -> None:
    """A convolution network as a program of arrays has the sizes, costs and fields of the same network as text."""
    point = {"X": np.ones((2, 8, 8)), "K": np.ones((4, 2, 3, 3)), "V": np.ones((3, 16))}
    program = "Z = conv2d(X, K, padding=1, stride=2); P = maxpool2d(relu(Z), 2); f = flatten(P); y = V @ f"
    trace = adtrace.trace(program, at=point, const="X")
    text = (
        "Conv2d(2, 4, 3, padding=1, stride=2, bias=False), ReLU(), MaxPool2d(2), Flatten(), Linear(16, 3, bias=False)"
    )
    ours, known = trace.layers().rows, adtrace.layers(text, input=(2, 8, 8)).rows
    assert [row.size for row in ours] == [row.size for row in known]
    assert [row.params for row in ours] == [row.params for row in known]
    assert [row.multiplications for row in ours] == [row.multiplications for row in known]
    assert [row.field for row in ours][:3] == [row.field for row in known][:3]


# -- the command ------------------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The exit status, stdout and stderr of a call."""
    status = main(["layers", *arguments])
    return status, *capsys.readouterr()


def test_the_command_prints_and_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Text to stdout, files by their endings, what was taken to stderr."""
    status, out, _ = run(capsys, SEED, "--input", "32x32x3", "-f", "text")
    assert (status, out) == (0, adtrace.layers(SEED, input="32x32x3").table(format="text"))
    target = tmp_path / "layers.tex"
    status, out, told = run(capsys, SEED, "--input", "32x32x3", "-o", str(target), "-o", str(tmp_path / "layers.json"))
    assert (status, out) == (0, "")
    assert "where nothing is said the stride is 1" in told
    assert r"\adttable" in target.read_text(encoding="utf-8")
    assert json.loads((tmp_path / "layers.json").read_text(encoding="utf-8"))["total"]["params"] == 3910
    status, _, told = run(capsys, "CONV3-10, POOL-99", "--input", "32x32x3")
    assert status == 2
    assert "layer 2, POOL-99: a window of 99×99 is larger than its input, 32×32" in told


def test_the_command_reads_lists_files_and_models(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """JSON of the neutral form, @FILE, and with --python what a file holds."""
    source = tmp_path / "net.json"
    source.write_text(json.dumps([{"op": "conv", "out_channels": 10, "kernel": 3, "padding": 1}]), encoding="utf-8")
    status, out, _ = run(capsys, f"@{source}", "--input", "3,32,32", "-f", "json")
    assert (status, json.loads(out)["total"]["params"]) == (0, 280)
    script = tmp_path / "model_of_layers.py"
    script.write_text("net = 'CONV3-10, POOL-2'\ndef made():\n    return [{'op': 'flatten'}]\nnumber = 3\n", "utf-8")
    assert run(capsys, f"{script}:net", "--python", "--input", "3,8,8", "-f", "text")[0] == 0
    assert run(capsys, f"{script}:made", "--python", "--input", "3,8,8", "-f", "text")[0] == 0
    assert "is int, no model" in run(capsys, f"{script}:number", "--python", "--input", "3,8,8")[2]
    assert "has no 'nett'" in run(capsys, f"{script}:nett", "--python", "--input", "3,8,8")[2]


def test_networks_of_the_literature() -> None:
    """ResNet-50 and VGG-16 have the parameters that torchvision has, and the multiplications that are reported."""
    network = adtrace.layers(resnet50(), input=(3, 224, 224))
    assert network.total.params == 25_557_032
    assert network.total.multiplications == 4_089_184_256
    assert network.rows[-1].size == (1000,)
    vgg = adtrace.layers(VGG16, input="224x224x3")
    assert (vgg.total.params, vgg.total.multiplications) == (138_357_544, 15_470_264_320)
    assert vgg.rows[17].field == (212, 212)


def test_dense_is_on_channels_and_linear_on_the_last_axis() -> None:
    """On a map Keras' Dense is a 1×1 convolution, PyTorch's Linear acts on the last axis, FC reads it all."""
    shapes = {text: adtrace.layers(text, input=(3, 4, 5)).rows[0] for text in ("Dense(7)", "Linear(5, 7)", "FC-7")}
    assert [row.shape for row in shapes.values()] == [(7, 4, 5), (3, 4, 7), (7,)]
    assert [row.params for row in shapes.values()] == [3 * 7 + 7, 5 * 7 + 7, 60 * 7 + 7]
    assert [row.multiplications for row in shapes.values()] == [20 * 21, 12 * 35, 420]


def test_a_transposed_convolution_as_keras_pads_it() -> None:
    """As Keras 3 says: n·s places with "same", n·s + max(k - s, 0) with "valid"; here kernels of 2 and 5, stride 3."""
    sizes = [
        adtrace.layers(f"Conv1DTranspose(1, {k}, strides=3, padding='{padding}')", input="7x1").rows[0].shape[1]
        for k in (2, 5) for padding in ("same", "valid")
    ]  # fmt: skip
    assert sizes == [21, 21, 21, 23]


def test_one_layer_goes_on_from_a_printed_size() -> None:
    """A check recomputes a row from the row above as it is printed, whatever stands further up."""
    from adtrace.networks.maps import LayerError, Map
    from adtrace.networks.network import outcome_of

    layer = adtrace.layers("CONV3-20(3,2)", input=(10, 16, 16)).rows[0].layer
    assert outcome_of(layer, [Map((10, 15, 15), None)]).output.shape == (20, 6, 6)
    with pytest.raises(LayerError, match="larger than its padded input"):
        outcome_of(adtrace.layers("Conv2d(1, 1, 9, padding=1)", input=(1, 9, 9)).rows[0].layer, [Map((1, 2, 2), None)])


def test_what_a_call_changes_in_shapes_is_read_or_refused() -> None:
    """Operands that would make another shape are no silent loss."""
    for text, sentence in (
        ("nn.Flatten(2)", "start_dim=1"), ("Upsample(32)", "scale_factor=2"),
        ("Conv2d(3, 4, 3, 1, 0, 1, 1, True, 7)", "8 operands"), ("x: relu, Concatenate(axis=1) of x x", "axis=-1"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=sentence):
            adtrace.layers(text, input=(3, 8, 8))


HYPHENS = [
    ("64C3-MP2-10C5-AP2-FC7", "CONV3-64(1,0), POOL-2, CONV5-10(1,0), AP-2, FC-7"),
    ("64C3S2P1-MP3S2-10N", "CONV3-64(2,1), POOL-3/2, FC-10"),
    ("64c3p1s2-mp2-7fc", "CONV3-64(2,1), POOL-2, FC-7"),
    ("32C5-P2-64C5-P2-1024FC-10", "CONV5-32(1,0), POOL-2, CONV5-64(1,0), POOL-2, FC-1024, FC-10"),
    ("6C5-S2-16C5-S2-120F-FC-84", "CONV5-6(1,0), AP-2, CONV5-16(1,0), AP-2, FC-120, FC-84"),
    ("2x16C3-BN-ReLU-GAP-softmax", "CONV3-16(1,0), CONV3-16(1,0), BN, ReLU, GAP, softmax"),
    ("IN-16C3 -> MP2 -> 10N", "CONV3-16(1,0), POOL-2, FC-10"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "layers"), HYPHENS, ids=[code for code, _ in HYPHENS])
def test_codes_of_hyphens_are_the_layers_that_they_name(code: str, layers: str) -> None:
    """Every kind of part, against the same network in the notation of courses."""
    short = adtrace.layers(code, input="32x32x3")
    whole = adtrace.layers(layers.replace("AP-2", "AvgPool2d(2)"), input="32x32x3")
    assert [(row.size, row.params, row.multiplications, row.field) for row in short.rows] == [
        (row.size, row.params, row.multiplications, row.field) for row in whole.rows
    ]
    assert short.total.params == whole.total.params


def test_the_input_of_a_code_of_hyphens_may_have_its_maps_first() -> None:
    """Ciresan 2011: 1x29x29-20C4-MP2-40C5-MP3-150N-10N, whose last maps are 40 of 3 by 3; a photo has 3 last."""
    assert adtrace.layers("1x29x29-20C4-MP2-40C5-MP3-150N-10N").rows[3].size == (40, 3, 3)
    assert adtrace.layers("32x32x3-64C3-MP2").rows[0].size == (30, 30, 64)


@pytest.mark.parametrize(("code", "sentence"), [
    ("C3-MP2-FC7", "how many kernels has C3"), ("64C3-MQ2", "a layer begins with its name"),
    ("64C3-FC", "a layer begins with its name"),
])  # fmt: skip
def test_a_code_of_hyphens_that_says_too_little_is_refused(code: str, sentence: str) -> None:
    """With the layer, and what is missing."""
    with pytest.raises(adtrace.InputError, match=sentence):
        adtrace.layers(code, input="32x32x3")
