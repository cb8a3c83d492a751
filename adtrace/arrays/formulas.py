"""Formulas of whole arrays: softmax, norm, normalization, losses."""

from __future__ import annotations

from math import prod

from adtrace.arrays.elemental import ArrayElemental, ShapeError, axes_of, broadcast, said
from adtrace.arrays.index_rules import Shape
from adtrace.language.syntax import Options


def _formula(  # noqa: PLR0917 - one is a line of the textbook
    head: str, options: Options, shapes: tuple[Shape, ...], shape: Shape, value: str, adjoints: tuple[str, ...],
    tangents: tuple[str, ...], *, stable: str = "", domain: str = "", smooth: str = "",
    computed: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
) -> ArrayElemental:  # fmt: skip
    return ArrayElemental(
        head, head, (), options=options, shapes=shapes, shape=shape, definition_text=value, value_text=stable or value,
        adjoints_text=adjoints, tangents_text=tangents, domain_text=domain, smooth_text=smooth,
        adjoints_computed=computed[0], tangents_computed=computed[1],
    )  # fmt: skip


def softmax(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The softmax along an axis, or its logarithm."""
    (shape,) = shapes
    if not shape:
        raise ShapeError(f"{head} is of an array, not of a number")
    (axis,) = axes_of(head, dict(options).get("axis", -1), len(shape))
    over = f", axis={axis}, keepdims=True" if len(shape) > 1 else ""
    # The entries of a softmax add up to 1, so that what all entries of an adjoint (or a tangent) have in common adds
    # nothing: without it a result that is 0 is an exact 0.
    first = f"[{':, ' * axis}0:1]"
    alike, moved = f"(a - a{first})", f"(du - du{first})"
    if head == "log_softmax":
        adjoint = f"a - exp(v)*sum(a{over})"
        return _formula(head, options, shapes, shape, f"u - ln(sum(exp(u){over}))",
                        (adjoint,), (f"du - sum(exp(v)*du{over})",),
                        stable=f"u - max(u{over}) - ln(sum(exp(u - max(u{over})){over}))",
                        computed=((adjoint,), (f"{moved} - sum(exp(v)*{moved}{over})",)))  # fmt: skip
    return _formula(head, options, shapes, shape, f"exp(u)/sum(exp(u){over})",
                    (f"v*(a - sum(a*v{over}))",), (f"v*(du - sum(v*du{over}))",),
                    stable=f"exp(u - max(u{over}))/sum(exp(u - max(u{over})){over})",
                    computed=((f"v*({alike} - sum({alike}*v{over}))",),
                              (f"v*({moved} - sum(v*{moved}{over}))",)))  # fmt: skip


def norm(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The Euclidean length: the root of the sum of the squares of all entries."""
    return _formula(head, options, shapes, (), "sqrt(sum(u*u))", ("a*u/v",), ("sum(u*du)/v",), smooth="v > 0")


def loss(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The losses: of predictions u and targets w, summed over all entries, or their mean."""
    shape = broadcast(shapes)
    if shapes[0] != shapes[1]:
        a_class = "; a class is given as a target, 0 but for a 1: [0, 1, 0]" if () in shapes and head != "mse" else ""
        unlike = f"not of {said(shapes[0])} and {said(shapes[1])}"
        raise ShapeError(f"{head} is of two arrays of one shape, {unlike}{a_class}")
    mean = dict(options).get("reduction", "mean" if head == "mse" else "sum")
    if mean not in ("sum", "mean"):
        raise ShapeError(f'reduction of {head} is "sum" or "mean", not {mean!r}')
    rowwise = head in ("cross_entropy", "softmax_cross_entropy")
    count = (prod(shape[:-1]) if rowwise else prod(shape)) if mean == "mean" else 1
    over = f"/{count}" if count > 1 else ""
    keep = ", axis=-1, keepdims=True" if len(shape) > 1 else ""
    if head == "mse":
        return _formula(head, options, shapes, (), f"sum((u - w)^2){over}",
                        (f"a*2*(u - w){over}", f"-a*2*(u - w){over}"),
                        (f"sum(2*(u - w)*du){over}", f"-sum(2*(u - w)*dw){over}"))  # fmt: skip
    if head == "cross_entropy":
        return _formula(head, options, shapes, (), f"-sum(w*ln(u)){over}", (f"-a*w/u{over}", f"-a*ln(u){over}"),
                        (f"-sum(w*du/u){over}", f"-sum(dw*ln(u)){over}"), domain="u > 0")  # fmt: skip
    if head == "bce":
        return _formula(head, options, shapes, (), f"-sum(w*ln(u) + (1 - w)*ln(1 - u)){over}",
                        (f"a*(u - w)/(u*(1 - u)){over}", f"a*(ln(1 - u) - ln(u)){over}"),
                        (f"sum((u - w)/(u*(1 - u))*du){over}", f"sum((ln(1 - u) - ln(u))*dw){over}"),
                        domain="u > 0, u < 1")  # fmt: skip
    axis = ", axis=-1" if len(shape) > 1 else ""
    return _formula(head, options, shapes, (), f"-sum(w*log_softmax(u{axis})){over}",
                    (f"a*(softmax(u{axis})*sum(w{keep}) - w){over}", f"-a*log_softmax(u{axis}){over}"),
                    (f"sum((softmax(u{axis})*sum(w{keep}) - w)*du){over}",
                     f"-sum(dw*log_softmax(u{axis})){over}"))  # fmt: skip


def normalize(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The entries less their mean, over their standard deviation (Ioffe and Szegedy 2015, section 3)."""
    (shape,) = shapes
    settings = dict(options)
    axes_of(head, settings.get("axis"), len(shape))
    over = f", axis={settings['axis']!r}, keepdims=True" if settings.get("axis") is not None else ""
    eps = f" + {settings['eps']}" if settings.get("eps") not in (None, 0, "0") else ""
    spread = f"sqrt(mean((u - mean(u{over}))^2{over}){eps})"
    alike, moved = f"(a - mean(a{over}))", f"(du - mean(du{over}))"  # v has the mean 0
    return _formula(head, options, shapes, shape, f"(u - mean(u{over}))/{spread}",
                    (f"(a - mean(a{over}) - v*mean(a*v{over}))/{spread}",),
                    (f"(du - mean(du{over}) - v*mean(du*v{over}))/{spread}",),
                    computed=((f"({alike} - v*mean({alike}*v{over}))/{spread}",),
                              (f"({moved} - v*mean({moved}*v{over}))/{spread}",)))  # fmt: skip
