"""The table of calls: the functions of arrays, how many operands each has, and what may be given beside them.

An entry is one line: the head, the number of its operands, and its options with their kinds and defaults in the order
in which they may stand without their names.  The first entries are functions whose elementals are in
`arrays.table`; those with a ``text`` are written out in the language, and those of `CONSTANT_ARRAYS` are arrays of
numbers.  A function of the table of elementals under the same name comes first: ``max(x, y)`` is of two operands, and
``max(x)`` of one array.  A declared name beats both.

`LIBRARY_CALLS` says what a name means behind the prefix of its library, with that library's defaults, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from adtrace.language.syntax import ARRAY, MATMUL, PART, TRANSPOSE, Option

AXIS, AXES, FLAG, COUNT, FROM_0, SHAPE, PLACES, NUMBER, WHOLE = (
    "axis", "axes", "flag", "count", "from 0", "shape", "places", "number", "whole",
)  # fmt: skip
"""Kinds of options: one axis (or None); one axis, several in brackets or None; True or False; a whole number from 1, or
one for each axis; the same from 0; the lengths of axes; a list of places; a number as text; a whole number."""


class Slot(NamedTuple):
    """An option: its name, its kind or the words that it may be, and its value where none is given."""

    name: str
    kind: str | tuple[str, ...]
    default: Option = None


REQUIRED = "required"
"""The default of an option that has none."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of arrays."""

    head: str
    operands: int | None
    """How many there are; None: any number, or one list of them."""
    slots: tuple[Slot, ...] = ()
    text: str = ""
    """What it is written out as, with ``u, w, t`` for its operands."""
    first: bool = False
    """Whether the options stand before the operands."""
    advice: str = ""
    """What to write where the number of operands is another."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its options."""
        return tuple(slot.name for slot in self.slots)

    def slot(self, name: str) -> Slot | None:
        """The option of this name."""
        return next((slot for slot in self.slots if slot.name == name), None)


_AXES, _KEEP = Slot("axis", AXES), Slot("keepdims", FLAG, False)
_LAST, _FIRST = (Slot("axis", AXIS, default) for default in (-1, 0))
_STRIDE, _PADDING, _DILATION = Slot("stride", COUNT, 1), Slot("padding", FROM_0, 0), Slot("dilation", COUNT, 1)
_SIZE, _BY_SIZE = Slot("size", COUNT, REQUIRED), Slot("stride", COUNT, None)
"""A pool moves by its own size, unless it is told otherwise."""
_MODE = Slot("mode", ("full", "same", "valid"), "full")
_SUM, _MEAN = (Slot("reduction", ("none", "sum", "mean"), default) for default in ("sum", "mean"))
_EPS = Slot("eps", NUMBER, "0")
_SHAPE = Slot("shape", SHAPE, REQUIRED)

_TABLE = (
    Call("sum", 1, (_AXES, _KEEP), advice="numbers are added with +"),
    Call("mean", 1, (_AXES, _KEEP), advice="that of numbers is written mean([a, b])"),
    Call("max", 1, (_AXES, _KEEP)),
    Call("min", 1, (_AXES, _KEEP)),
    Call("norm", 1, advice="that of numbers is written norm([a, b])"),
    Call("dot", 2),
    Call("outer", 2),
    Call("matmul", 2),
    Call("trace", 1),
    Call("einsum", None, (Slot("subscripts", "einsum", REQUIRED),), first=True),
    Call("softmax", 1, (_LAST,)),
    Call("log_softmax", 1, (_LAST,)),
    Call("logsumexp", 1, (_AXES, _KEEP), advice="that of numbers is written ln(exp(a) + exp(b))"),
    Call("cross_entropy", 2, (_SUM,), advice="cross_entropy(p, y) has probabilities first and then the target; of "
         "scores z it is softmax_cross_entropy(z, y)"),
    Call("softmax_cross_entropy", 2, (_SUM,), advice="softmax_cross_entropy(z, y) has scores first, then the target"),
    Call("bce", 2, (_SUM,), advice="bce(p, y) has probabilities first and then the target; of scores z it is "
         "bce(sigmoid(z), y)"),
    Call("mse", 2, (_MEAN,)),
    Call("conv1d", 2, (_STRIDE, _PADDING, _DILATION), advice="a bias is added: conv1d(x, k) + b"),
    Call("conv2d", 2, (_STRIDE, _PADDING, _DILATION), advice="a bias is added: conv2d(x, k) + b"),
    Call("convolve", 2, (_MODE,)),
    Call("convolve1d", 2, (_MODE,)),
    Call("maxpool1d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("maxpool2d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("avgpool1d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("avgpool2d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("flatten", 1),
    Call("reshape", 1, (_SHAPE,)),
    Call("transpose", 1, (Slot("axes", PLACES),)),
    Call("concat", None, (_FIRST,)),
    Call("stack", None, (_FIRST,)),
    Call("batch_norm", 3, (_EPS,)),
    Call("layer_norm", 3, (_EPS,)),
    Call("normalize", 1, (_LAST, _EPS)),
    Call("embedding", 1, (Slot("index", PLACES, REQUIRED),)),
    Call("dropout", 2, text="u*w", advice="the mask is given: dropout(x, mask)"),
    Call("zeros", 0, (_SHAPE,)),
    Call("ones", 0, (_SHAPE,)),
    Call("eye", 0, (Slot("count", WHOLE, REQUIRED),)),
    Call("one_hot", 0, (Slot("place", PLACES, REQUIRED), Slot("count", WHOLE, REQUIRED))),
)  # fmt: skip

CALLS: dict[str, Call] = {call.head: call for call in _TABLE}
"""The functions of arrays by name."""
CONSTANT_ARRAYS = ("zeros", "ones", "eye", "one_hot")
"""Calls that are arrays of numbers."""
ONE_NAME = {"convolve1d": "convolve"}
"""Two names of one head."""
HEADS = {*CALLS, ARRAY, MATMUL, TRANSPOSE, PART} - {"max", "min"}
"""Every head that is of arrays alone."""


# -- behind the prefix of a library ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LibraryCall:
    """What a name means behind the prefix of its library."""

    call: Call
    """Its operands and its options, under the names and with the defaults that the library has."""
    text: str | tuple[str, ...]
    """What it is in our names: a head, or a formula in ``u, w, t`` (one for each number of operands)."""
    ours: Mapping[str, str] = field(default_factory=dict)
    """Our names of its options, where they differ; an empty one for an option that only has its default."""
    fixed: Mapping[str, Option] = field(default_factory=dict)
    """Options of ours that hold unless they are given."""
    note: str = ""
    """What is told about it, with ``{reduction}`` for an option."""


_DIM, _KEEPDIM = Slot("dim", AXES), Slot("keepdim", FLAG, False)
_ONE_DIM, _DIM_0 = Slot("dim", AXIS, REQUIRED), Slot("dim", AXIS, 0)
_KERNEL = (Slot("kernel_size", COUNT, REQUIRED), _BY_SIZE, _PADDING)
_OURS = {"dim": "axis", "keepdim": "keepdims", "kernel_size": "size", "dims": "axes", "num_classes": "count",
         "tensor": "place", "input": "index", "size": "shape", "n": "count"}  # fmt: skip
_BIAS = "a bias is added behind it: F.conv1d(x, k) + b"
_NO_FLIP = "it does not flip the kernel"
_AT_DEFAULT = Slot("reduction", ("none", "sum", "mean"), "mean")
_IS_MEAN = {"reduction": "mean"}


def _like(head: str, *slots: Slot, text: str | tuple[str, ...] = "", note: str = "", advice: str = "",
          fixed: Mapping[str, Option] | None = None) -> LibraryCall:  # fmt: skip
    """A call with the operands of ours, and options of its own."""
    own = CALLS[head]
    call = Call(head, own.operands, slots, first=own.first, advice=advice or own.advice)
    return LibraryCall(call, text or head, _OURS, fixed or {}, note)


def _of(operands: int | None, text: str | tuple[str, ...], note: str) -> LibraryCall:
    """A call of so many operands that is written out."""
    return LibraryCall(Call("", operands), text, _OURS, {}, note)


_PYTORCH: dict[str, LibraryCall] = {
    "sum": _like("sum", _DIM, _KEEPDIM), "mean": _like("mean", _DIM, _KEEPDIM),
    "max": _like("max"), "min": _like("min"),
    "amax": _like("max", _DIM, _KEEPDIM), "amin": _like("min", _DIM, _KEEPDIM),
    "norm": _like("norm"), "vector_norm": _like("norm"),
    "softmax": _like("softmax", _ONE_DIM), "log_softmax": _like("log_softmax", _ONE_DIM),
    "logsumexp": _like("logsumexp", Slot("dim", AXES, REQUIRED), _KEEPDIM),
    "cross_entropy": _like(
        "softmax_cross_entropy", _AT_DEFAULT, fixed=_IS_MEAN,
        note="it is of logits, softmax being part of it; the reduction is {reduction!r}, over the rows"),
    "binary_cross_entropy": _like("bce", _AT_DEFAULT, fixed=_IS_MEAN,
                                  note="the reduction is {reduction!r}, over all entries"),
    "binary_cross_entropy_with_logits": _like(
        "bce", _AT_DEFAULT, text="bce(sigmoid(u), w)", fixed=_IS_MEAN,
        note="it is of logits, sigmoid being part of it; the reduction is {reduction!r}, over all entries"),
    "mse_loss": _like("mse", _AT_DEFAULT, fixed=_IS_MEAN, note="the reduction is {reduction!r}, over all entries"),
    "l1_loss": _of(2, "mean(abs(u - w))", "the reduction is 'mean', over all entries"),
    "conv1d": _like("conv1d", _STRIDE, _PADDING, _DILATION, advice=_BIAS, note=_NO_FLIP),
    "conv2d": _like("conv2d", _STRIDE, _PADDING, _DILATION, advice=_BIAS, note=_NO_FLIP),
    "max_pool1d": _like("maxpool1d", *_KERNEL), "max_pool2d": _like("maxpool2d", *_KERNEL),
    "avg_pool1d": _like("avgpool1d", *_KERNEL), "avg_pool2d": _like("avgpool2d", *_KERNEL),
    "flatten": _like("flatten"), "ravel": _like("flatten"), "reshape": _like("reshape", _SHAPE),
    "t": _like("transpose"), "permute": _like("transpose", Slot("dims", PLACES, REQUIRED)),
    "matmul": _like("matmul"), "mm": _like("matmul"), "mv": _like("matmul"), "bmm": _like("matmul"),
    "dot": _like("dot"), "inner": _like("dot"), "outer": _like("outer"), "trace": _like("trace"),
    "einsum": LibraryCall(CALLS["einsum"], "einsum"),
    "cat": _like("concat", _DIM_0), "concat": _like("concat", _DIM_0), "concatenate": _like("concat", _DIM_0),
    "stack": _like("stack", _DIM_0),
    "linear": _of(None, ("u @ w.T", "u @ w.T + t"), "it is x @ W.T + b: the rows of W are outputs"),
    "one_hot": _like("one_hot", Slot("tensor", PLACES, REQUIRED), Slot("num_classes", WHOLE, REQUIRED)),
    "zeros": _like("zeros", Slot("size", SHAPE, REQUIRED)), "ones": _like("ones", Slot("size", SHAPE, REQUIRED)),
    "eye": _like("eye", Slot("n", WHOLE, REQUIRED)),
    "embedding": LibraryCall(Call("embedding", 1, (Slot("input", PLACES, REQUIRED),), first=True), "embedding", _OURS),
}  # fmt: skip
_JAX: dict[str, LibraryCall] = {
    "softmax": _like("softmax", _LAST),
    "log_softmax": _like("log_softmax", _LAST),
    "logsumexp": _like("logsumexp", _AXES, _KEEP),
    "one_hot": _like("one_hot", Slot("tensor", PLACES, REQUIRED), Slot("num_classes", WHOLE, REQUIRED)),
}
_SCIPY = {"logsumexp": _JAX["logsumexp"]}
_NUMPY: dict[str, LibraryCall] = {
    **{name: LibraryCall(CALLS[name], name) for name in (
        "sum", "mean", "max", "min", "outer", "matmul", "trace", "einsum", "transpose", "reshape", "concat", "stack",
        "zeros", "ones", "eye")},
    "amax": _like("max", _AXES, _KEEP), "amin": _like("min", _AXES, _KEEP),
    "dot": _like("matmul", note="it is u @ w: of two vectors their dot product, of matrices their product"),
    "inner": _like("dot"), "vdot": _like("dot"), "ravel": _like("flatten"), "norm": _like("norm"),
    "concatenate": _like("concat", _FIRST),
    "convolve": _like("convolve", _MODE, note="it flips the kernel; the mode is {mode!r}", fixed={"mode": "full"}),
    "correlate": _like("conv1d", Slot("mode", ("valid",), "valid"), note=f"{_NO_FLIP}; the mode is 'valid'"),
}  # fmt: skip
_TENSORFLOW = {
    **{name: _NUMPY[name] for name in (
        "matmul", "transpose", "reshape", "einsum", "concat", "stack", "zeros", "ones", "eye", "norm", "trace")},
    **{f"reduce_{name}": _NUMPY[name] for name in ("sum", "mean", "max", "min")},
}  # fmt: skip
_NUMPY_NAMES, _TORCH_NAMES = ("np", "numpy", "jnp", "jax.numpy", "cp", "cupy", "anp", "onp"), ("torch", "F")
LIBRARY_CALLS: Mapping[str, Mapping[str, LibraryCall]] = {
    **dict.fromkeys((*_NUMPY_NAMES, *(f"{name}.linalg" for name in _NUMPY_NAMES)), _NUMPY),
    **dict.fromkeys((*_TORCH_NAMES, "nn.functional", "torch.nn.functional", "torch.linalg", "torch.special"), _PYTORCH),
    **dict.fromkeys(("tf", "tf.math", "tf.linalg", "tensorflow"), _TENSORFLOW),
    **dict.fromkeys(("jax.nn", "nn", "tf.nn"), _JAX),
    **dict.fromkeys(("scipy.special", "special", "sc"), _SCIPY),
}
"""The calls of libraries, by prefix and name."""

LIBRARY_NAMES = frozenset(name for table in LIBRARY_CALLS.values() for name in table)
"""Every name that one of them has."""

ELSEWHERE: Mapping[str, str] = {
    "dropout": "dropout(x, mask), with a mask that is given", "batch_norm": "batch_norm(X, g, b, eps=1e-5)",
    "layer_norm": "layer_norm(x, g, b, eps=1e-5)", "var": "mean((x - mean(x))^2)", "std": "sqrt(mean((x - mean(x))^2))",
    "nll_loss": "-sum(y*z)/n", "hstack": "concat(a, b, axis=...)", "vstack": "concat(a, b, axis=...)",
    "expand_dims": "reshape(x, ...)", "unsqueeze": "reshape(x, ...)", "squeeze": "reshape(x, ...)",
    "view": "reshape(x, ...)", "swapaxes": "transpose(x, axes=(...))", "moveaxis": "transpose(x, axes=(...))",
    "adaptive_avg_pool2d": "avgpool2d(x, size)", "adaptive_max_pool2d": "maxpool2d(x, size)",
    "tensordot": "einsum(...)", "rms_norm": "x/sqrt(mean(x^2))*g",
    "normalize": "x/norm(x)", "cosine_similarity": "dot(a, b)/(norm(a)*norm(b))", "kl_div": "sum(p*ln(p/q))",
    "average": "mean(x)", "flip": "x[::-1]", "cumsum": "sum(x[0:k])", "bilinear": "x @ W @ y",
}  # fmt: skip
"""What is written here for functions of libraries that are not read."""


def declare(head: str, operands: int | None) -> None:
    """Add a function of arrays of one's own, or, for None, take it out again."""
    if operands is None:
        del CALLS[head]
        HEADS.discard(head)
    else:
        CALLS[head] = Call(head, operands)
        HEADS.add(head)
