"""What layers are called: by class in PyTorch and Keras, and by short names in the codes of papers and homeworks.

A signature says which kind a call is, its operands by position, and what its keywords mean; None is a keyword that
changes nothing in shapes.  A new class is one entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

IN, OUT, K, S, P, D, G, BIAS = (
    "in_channels", "out_channels", "kernel", "stride", "padding", "dilation", "groups", "bias",
)  # fmt: skip


class Signature(NamedTuple):
    """How a call is read."""

    kind: str
    positional: tuple[str, ...] = ()
    """The options that its operands are, in their order; "" for one that changes no shape."""
    keywords: Mapping[str, str] = {}
    """Further names of options; "" for one that changes no shape."""
    fixed: Mapping[str, Any] = {}
    """What every call of it has."""


_IGNORED = dict.fromkeys(
    ("activation", "name", "inplace", "eps", "epsilon", "momentum", "dim", "axis", "device", "dtype", "padding_mode",
     "data_format", "trainable", "kernel_initializer", "bias_initializer", "kernel_regularizer", "input_shape",
     "batch_first", "dropout", "recurrent_dropout", "track_running_stats", "padding_idx", "return_indices",
     "count_include_pad", "divisor_override", "negative_slope", "alpha", "start_dim", "end_dim", "seed", "rate",
     "mode", "align_corners", "interpolation", "recurrent_activation", "unit_forget_bias", "recurrent_initializer",
     "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint", "beta_initializer",
     "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer", "mask_zero",
     "embeddings_initializer", "stateful", "unroll", "go_backwards", "return_state", "noise_shape",
     "implementation", "use_cudnn", "depthwise_initializer", "pointwise_initializer", "approximate",
     "sparse", "max_norm", "scale_grad_by_freq", "norm_type", "add_bias_kv", "kdim", "vdim", "beta", "threshold",
     "synchronized", "dynamic", "batch_input_shape"), "",
)  # fmt: skip
"""Keywords that change nothing in shapes, in calls of any class."""

_TORCH = {"in_channels": IN, "out_channels": OUT, "kernel_size": K, "stride": S, "padding": P, "dilation": D,
          "groups": G, "bias": BIAS}  # fmt: skip
_KERAS = {"filters": OUT, "kernel_size": K, "strides": S, "padding": P, "dilation_rate": D, "groups": G,
          "use_bias": BIAS}  # fmt: skip
_SHORT = {"k": K, "f": K, "size": K, "ksize": K, "kernel": K, "kernels": OUT, "window": K, "pool_size": K,
          "s": S, "strides": S, "p": P, "pad": P, "pads": P, "d": D, "g": G, "n": OUT, "nf": OUT, "out": OUT,
          "channels": OUT, "num_filters": OUT,
          "ceil_mode": "ceil", "ceil": "ceil", **_TORCH, **_KERAS}  # fmt: skip
"""Keywords of codes, in any case."""
_POOL = {"kernel_size": K, "stride": S, "padding": P, "dilation": D, "ceil_mode": "ceil"}
_KERAS_POOL = {"pool_size": K, "strides": S, "padding": P}
_CELLS = {"input_size": "in_features", "hidden_size": "hidden", "num_layers": "layers",
          "bidirectional": "bidirectional", "bias": "two_biases"}  # fmt: skip
_KERAS_CELLS = {"units": "hidden", "return_sequences": "return_sequences", "use_bias": "one_bias",
                "reset_after": "reset_after"}  # fmt: skip


def _torch() -> dict[str, Signature]:
    signatures: dict[str, Signature] = {}
    for axes in (1, 2, 3):
        own = {"axes": axes}
        signatures |= {
            f"Conv{axes}d": Signature("conv", (IN, OUT, K, S, P, D, G, BIAS), _TORCH, own),
            f"LazyConv{axes}d": Signature("conv", (OUT, K, S, P, D, G, BIAS), _TORCH, own),
            f"ConvTranspose{axes}d": Signature(
                "conv_transpose", (IN, OUT, K, S, P, "output_padding", G, BIAS, D),
                {**_TORCH, "output_padding": "output_padding"}, own,
            ),
            f"MaxPool{axes}d": Signature("pool", (K, S, P, D, "", "ceil"), _POOL, {**own, "kind": "max"}),
            f"AvgPool{axes}d": Signature("pool", (K, S, P, "ceil"), _POOL, {**own, "kind": "avg"}),
            f"AdaptiveAvgPool{axes}d": Signature("adaptive_pool", ("size",), {"output_size": "size"}, {"kind": "avg"}),
            f"AdaptiveMaxPool{axes}d": Signature("adaptive_pool", ("size",), {"output_size": "size"}, {"kind": "max"}),
            f"BatchNorm{axes}d": Signature("batch_norm", (IN,), {"num_features": IN, "affine": "affine"}),
            f"InstanceNorm{axes}d": Signature("group_norm", (IN,), {"num_features": IN, "affine": "affine"},
                                              {"affine": False}),
            f"Dropout{axes}d": Signature("dropout", ("",), {"p": ""}),
            f"ZeroPad{axes}d": Signature("pad", ("torch_padding",), {"padding": "torch_padding"}),
        }  # fmt: skip
    cells = ("in_features", "hidden", "layers", "two_biases", "", "", "bidirectional")
    always = {"return_sequences": True, "biases": "two"}
    return signatures | {
        "Linear": Signature("linear", ("in_features", "out_features", BIAS)),
        "NonDynamicallyQuantizableLinear": Signature("linear", ("in_features", "out_features", BIAS)),
        "LazyLinear": Signature("linear", ("out_features", BIAS)),
        "GroupNorm": Signature("group_norm", ("", IN), {"num_channels": IN, "num_groups": "", "affine": "affine"}),
        "LayerNorm": Signature("layer_norm", ("shape",), {"normalized_shape": "shape", "elementwise_affine": "affine",
                                                          "bias": ""}),
        "RNN": Signature("rnn", (*cells[:3], "", "two_biases", "", "", "bidirectional"),
                         {**_CELLS, "nonlinearity": ""}, always),
        "LSTM": Signature("lstm", cells, _CELLS, always),
        "GRU": Signature("gru", cells, _CELLS, always),
        "MultiheadAttention": Signature("attention", ("in_features", "heads", "", BIAS),
                                        {"embed_dim": "in_features", "num_heads": "heads", "bias": BIAS}),
        "Embedding": Signature("embedding", ("num", "dim"), {"num_embeddings": "num", "embedding_dim": "dim",
                                                             "input_dim": "num", "output_dim": "dim",
                                                             "input_length": ""}),
        "Upsample": Signature("upsample", ("size_", "scale"), {"scale_factor": "scale"}),
        "UpsamplingNearest2d": Signature("upsample", ("size_", "scale"), {"scale_factor": "scale"}),
        "UpsamplingBilinear2d": Signature("upsample", ("size_", "scale"), {"scale_factor": "scale"}),
        "Identity": Signature("activation", (), {}, {"fn": "identity"}),
        "PReLU": Signature("activation", ("trained",), {"num_parameters": "trained", "init": ""},
                           {"fn": "prelu", "trained": 1}),
        "LocalResponseNorm": Signature("activation", ("", "", "", ""), {"size": "", "k": ""}, {"fn": "lrn"}),
    }  # fmt: skip


def _keras() -> dict[str, Signature]:
    signatures: dict[str, Signature] = {}
    for axes in (1, 2, 3):
        own = {"axes": axes}
        signatures |= {
            f"Conv{axes}D": Signature("conv", (OUT, K, S, P), _KERAS, own),
            f"Convolution{axes}D": Signature("conv", (OUT, K, S, P), _KERAS, own),
            f"DepthwiseConv{axes}D": Signature("conv", (K, S, P), {**_KERAS, "depth_multiplier": "depth_multiplier"},
                                               {**own, "depth_multiplier": 1}),
            f"Conv{axes}DTranspose": Signature("conv_transpose", (OUT, K, S, P),
                                               {**_KERAS, "output_padding": "output_padding"}, own),
            f"SeparableConv{axes}D": Signature("separable", (OUT, K, S, P),
                                               {**_KERAS, "depth_multiplier": "depth_multiplier"}, own),
            f"LocallyConnected{axes}D": Signature("locally_connected", (OUT, K, S, P), _KERAS, own),
            f"MaxPooling{axes}D": Signature("pool", (K, S, P), _KERAS_POOL, {**own, "kind": "max", K: 2}),
            f"MaxPool{axes}D": Signature("pool", (K, S, P), _KERAS_POOL, {**own, "kind": "max", K: 2}),
            f"AveragePooling{axes}D": Signature("pool", (K, S, P), _KERAS_POOL, {**own, "kind": "avg", K: 2}),
            f"AvgPool{axes}D": Signature("pool", (K, S, P), _KERAS_POOL, {**own, "kind": "avg", K: 2}),
            f"GlobalAveragePooling{axes}D": Signature("global_pool", (), {"keepdims": "keep"},
                                                      {"kind": "avg", "keep": False}),
            f"GlobalMaxPooling{axes}D": Signature("global_pool", (), {"keepdims": "keep"},
                                                  {"kind": "max", "keep": False}),
            f"UpSampling{axes}D": Signature("upsample", ("scale",), {"size": "scale"}),
            f"ZeroPadding{axes}D": Signature("pad", (P,), {"padding": P}),
            f"Cropping{axes}D": Signature("crop", ("by",), {"cropping": "by"}),
            f"SpatialDropout{axes}D": Signature("dropout", ("",)),
        }  # fmt: skip
    return signatures | {
        "Dense": Signature("linear", ("out_features", ""), {"units": "out_features", "use_bias": BIAS},
                           {"on_channels": True}),
        "BatchNormalization": Signature("batch_norm", (), {"center": "center", "scale": "scale"}),
        "LayerNormalization": Signature("layer_norm", (), {"center": "", "scale": ""}, {"on_channels": True}),
        "SimpleRNN": Signature("rnn", ("hidden",), _KERAS_CELLS),
        "keras.LSTM": Signature("lstm", ("hidden", ""), _KERAS_CELLS),
        "keras.GRU": Signature("gru", ("hidden", ""), _KERAS_CELLS, {"biases": "two"}),
        "Reshape": Signature("reshape", ("shape",), {"target_shape": "shape"}),
        "Activation": Signature("activation", ("fn",)),
        "MultiHeadAttention": Signature("attention", ("heads", "key_dim"), {"num_heads": "heads", "key_dim": "key_dim",
                                                                            "use_bias": BIAS, "value_dim": ""}),
        "Add": Signature("add"),
        "Concatenate": Signature("concat", ("concat_axis",), {"axis": "concat_axis"}),
        "Multiply": Signature("multiply"),
        "GaussianNoise": Signature("dropout", ("",), {"stddev": ""}),
    }  # fmt: skip


_ACTIVATIONS = (
    "ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Swish", "Mish", "Sigmoid", "Tanh", "Softmax",
    "LogSoftmax", "Softmax2d", "Softplus", "Softsign", "Hardswish", "Hardsigmoid", "Hardtanh", "LogSigmoid", "CELU",
    "Threshold",
)  # fmt: skip
_BOTH = {
    "Flatten": Signature("flatten", ("start_dim", "end_dim"), {"start_dim": "start_dim", "end_dim": "end_dim"}),
    "Dropout": Signature("dropout", ("",), {"p": ""}),
    "AlphaDropout": Signature("dropout", ("",), {"p": ""}),
    **{name: Signature("activation", ("", ""), {"max_value": "", "min_val": "", "max_val": "", "threshold": "",
                                                "value": ""}, {"fn": name.lower()}) for name in _ACTIVATIONS},
}  # fmt: skip

CLASSES: Mapping[str, Signature] = {**_keras(), **_torch(), **_BOTH}
"""The calls of PyTorch and Keras, as they spell them."""
ONE_NUMBER = ("LSTM", "GRU")
"""Classes of both: with one number Keras's, whose outputs come first; with two PyTorch's."""
TWO_NUMBERS = ("Dense",)
"""Classes of Keras's with one number, the outputs: two are those of nn.Linear, as people write a layer."""

_QUIET_NAMES = {
    "relu": "relu", "relu6": "relu6", "lrelu": "leaky_relu", "leakyrelu": "leaky_relu", "elu": "elu", "selu": "selu",
    "gelu": "gelu", "silu": "silu", "swish": "swish", "mish": "mish", "sigmoid": "sigmoid", "tanh": "tanh",
    "softmax": "softmax", "logsoftmax": "log_softmax", "softplus": "softplus", "lrn": "lrn", "norm": "lrn",
    "identity": "identity", "activation": "", "act": "", "hardswish": "hardswish", "nonlinearity": "",
}  # fmt: skip
SHORT: Mapping[str, Signature] = {
    **dict.fromkeys(("conv", "convolution", "convolutional", "cnn"), Signature("conv", (), _SHORT)),
    **{f"conv{axes}d": Signature("conv", (), _SHORT, {"axes": axes}) for axes in (1, 2, 3)},
    **dict.fromkeys(("dwconv", "depthwise", "depthwiseconv", "dw"), Signature("conv", (), _SHORT,
                                                                             {"depth_multiplier": 1})),
    **dict.fromkeys(("convt", "deconv", "upconv", "tconv", "convtranspose", "transposedconv"),
                    Signature("conv_transpose", (), {**_SHORT, "output_padding": "output_padding"})),
    **dict.fromkeys(("pool", "maxpool", "maxpooling", "mp", "max"), Signature("pool", (), _SHORT, {"kind": "max"})),
    **dict.fromkeys(("avgpool", "averagepool", "averagepooling", "avgpooling", "meanpool", "ap"),
                    Signature("pool", (), _SHORT, {"kind": "avg"})),
    **dict.fromkeys(("fc", "dense", "linear", "fullyconnected", "lin"),
                    Signature("linear", (), {"n": "out_features", "out": "out_features", "units": "out_features",
                                             "out_features": "out_features", "in_features": "in_features",
                                             "bias": BIAS, "use_bias": BIAS}, {"flat": True})),
    "flatten": Signature("flatten"), "flat": Signature("flatten"),
    **dict.fromkeys(("gap", "globalavgpool", "globalaveragepool", "globalaveragepooling", "globalpool"),
                    Signature("global_pool", (), {}, {"kind": "avg"})),
    **dict.fromkeys(("gmp", "globalmaxpool", "globalmaxpooling"), Signature("global_pool", (), {}, {"kind": "max"})),
    **dict.fromkeys(("bn", "batchnorm", "batchnormalization"), Signature("batch_norm")),
    **dict.fromkeys(("ln", "layernorm"), Signature("layer_norm")),
    **dict.fromkeys(("gn", "groupnorm"), Signature("group_norm")),
    **dict.fromkeys(("dropout", "drop"), Signature("dropout")),
    **dict.fromkeys(("upsample", "up", "upsampling", "unpool"), Signature("upsample", (), {"scale": "scale",
                                                                                         "size": "scale"})),
    **dict.fromkeys(("embedding", "embed", "emb"), Signature("embedding", (), {"num": "num", "dim": "dim", "v": "num",
                                                                              "d": "dim"})),
    "rnn": Signature("rnn", (), {"hidden": "hidden", "units": "hidden", "n": "hidden"}),
    "lstm": Signature("lstm", (), {"hidden": "hidden", "units": "hidden", "n": "hidden"}),
    "gru": Signature("gru", (), {"hidden": "hidden", "units": "hidden", "n": "hidden"}),
    **dict.fromkeys(("attention", "mha", "selfattention"), Signature("attention", (), {"heads": "heads",
                                                                                              "h": "heads"})),
    **dict.fromkeys(("add", "sum", "residual", "shortcut"), Signature("add")),
    **dict.fromkeys(("concat", "concatenate", "cat"), Signature("concat")),
    **dict.fromkeys(("multiply", "mul", "scale"), Signature("multiply")),
    "crop": Signature("crop", (), {"size": "size"}),
    "pad": Signature("pad", (), {"p": P, "padding": P}),
    **{name: Signature("activation", (), {}, {"fn": fn}) for name, fn in _QUIET_NAMES.items()},
}  # fmt: skip
"""The names of codes, without case, hyphens and blanks."""


def option_of(signature: Signature, keyword: str) -> str | None:
    """The option that a keyword is; "" if it changes no shape, None if nobody knows it."""
    for names in (signature.keywords, _IGNORED):
        if keyword in names:
            return names[keyword]
    return keyword if keyword in signature.positional and keyword else None


COUNTED = {"conv": OUT, "conv_transpose": OUT, "locally_connected": OUT, "linear": "out_features", "rnn": "hidden",
           "lstm": "hidden", "gru": "hidden", "upsample": "scale", "crop": "size", "pool": K,
           "attention": "heads", "pad": P}  # fmt: skip
"""What one number behind the name of a code is."""
