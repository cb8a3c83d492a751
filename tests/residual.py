"""ResNet-50 and VGG-16 as lists of layers, of He et al. (2016) and of Simonyan and Zisserman (2015)."""

from __future__ import annotations

from typing import Any

Layer = dict[str, Any]


def conv(made: int, kernel: int, stride: int = 1, **more: Any) -> list[Layer]:
    """A convolution without biases, batch normalisation behind it; what is given names the normalised map."""
    named = {key: value for key, value in more.items() if key == "name"}
    rest = {key: value for key, value in more.items() if key != "name"}
    return [{"op": "conv", "out_channels": made, "kernel": kernel, "stride": stride, "padding": kernel // 2,
             "bias": False, **rest}, {"op": "batch_norm", **named}]  # fmt: skip


def resnet50() -> list[Layer]:
    """Bottleneck blocks of 3, 4, 6 and 3, the stride in the middle convolution, as torchvision has it."""
    relu = {"op": "activation", "fn": "relu"}
    layers = [*conv(64, 7, 2), relu, {"op": "pool", "kernel": 3, "stride": 2, "padding": 1, "name": "b0"}]
    last = "b0"
    for stage, (blocks, width) in enumerate(zip((3, 4, 6, 3), (64, 128, 256, 512), strict=True)):
        for block in range(blocks):
            here = f"{stage}.{block}"
            stride = 2 if stage and not block else 1
            layers += [*conv(width, 1, inputs=[last]), relu, *conv(width, 3, stride), relu,
                       *conv(4 * width, 1, name=f"{here}m")]  # fmt: skip
            other = last
            if not block:
                other = f"{here}d"
                layers += conv(4 * width, 1, stride, inputs=[last], name=other)
            last = f"b{here}"
            layers += [{"op": "add", "inputs": [f"{here}m", other]}, {**relu, "name": last}]
    return [*layers, {"op": "global_pool"}, {"op": "flatten"}, {"op": "linear", "out_features": 1000}]


VGG16 = ("CONV3-64 *2, POOL-2, CONV3-128 *2, POOL-2, CONV3-256 *3, POOL-2, CONV3-512 *3, POOL-2, CONV3-512 *3, POOL-2, "
         "FC-4096 *2, FC-1000")  # fmt: skip
