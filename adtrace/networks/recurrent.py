"""Layers of sequences: recurrent ones of one, three and four gates, and self-attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adtrace.networks.maps import MAP, SEQUENCE, LayerError, Map, Outcome, Rules, one_operand, plain
from adtrace.networks.windowed import summed
from adtrace.writing.counts import Counted, Whole

Options = Mapping[str, Any]


def _steps(operand: Map, what: str) -> tuple[int, int]:
    """The steps and the features of a sequence; the places of a map in one row are steps."""
    shape = operand.shape
    if len(shape) != 2 or None in shape:
        raise LayerError(f"{what} reads steps of features, not {plain(shape)}")
    steps, features = shape if operand.kind == SEQUENCE else (shape[1], shape[0])
    return int(steps or 0), int(features or 0)


def recurrent(gates: int, what: str) -> Callable[[Options, Sequence[Map], Rules], Outcome]:
    """The rule of a layer with so many gates: each has D·H weights of the input, H·H of the state, and biases."""

    def rule(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
        steps, features = _steps(one_operand(operands), what)
        if options["in_features"] not in (None, features):
            raise LayerError(f"it is for {options['in_features']} features, and what it reads has {features}")
        hidden = options["hidden"]
        ways = 2 if options["bidirectional"] else 1
        biases = {"none": 0, "one": 1, "two": 2}[options["biases"]] if rules.biased else 0
        values: dict[str, Whole] = {"g": gates, "H": hidden, "T": steps, "b": ways}
        parts: list[str] = []
        matrices: list[str] = []
        for layer in range(options["layers"]):
            name = f"D{layer}"
            values[name] = features if layer == 0 else hidden * ways
            own = f"{name}*H + H*H"
            matrices.append(own)
            parts.append(own + ("", " + H", " + 2*H")[biases])
        lead = "b*" * (ways > 1) + "g*" * (gates > 1)
        params = Counted(_led(lead, " + ".join(parts)), values)
        weights = int(Counted(_led(lead, " + ".join(matrices)), values).value)
        times = Counted(_led(f"T*{lead}", " + ".join(matrices)), values)
        width = hidden * ways
        shape = (steps, width) if options["return_sequences"] else (width,)
        output = Map(shape, None, SEQUENCE if len(shape) > 1 else MAP)
        return Outcome(output, (), params, weights, int(params.value) - weights, times)

    return rule


def _led(lead: str, text: str) -> str:
    return f"{lead}({text})" if lead else text


def attention(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """Self-attention of several heads: four matrices D×D, and both products of T×T."""
    operand = one_operand(operands)
    steps, features = _steps(operand, "attention")
    if options["in_features"] not in (None, features):
        raise LayerError(f"it is for {options['in_features']} features, and what it reads has {features}")
    if features % options["heads"]:
        raise LayerError(f"{options['heads']} heads do not divide the {features} features")
    values: dict[str, Whole] = {"T": steps, "D": features}
    params = summed("4*D*D", "{4*D}" if options["bias"] and rules.biased else "", values)
    return Outcome(Map((steps, features), None, SEQUENCE), (), *params, Counted("4*T*D*D + 2*T*T*D", values))
