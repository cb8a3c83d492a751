"""The arithmetic of a window that moves along one axis: its places, the padding that a word means, what stays unread.

    places      = floor((n + before + after - d*(k - 1) - 1)/s) + 1
    transposed  = (n - 1)*s - before - after + d*(k - 1) + output_padding + 1

V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning* (2016), relationships 6, 8, 14 and 15.
Whole numbers only, so that a size of 10^9 costs what one of 10 does.
"""

from __future__ import annotations

from typing import NamedTuple

VALID, SAME, FULL, CAUSAL = "valid", "same", "full", "causal"
WORDS = (VALID, SAME, FULL, CAUSAL)
"""The words for a padding: none; as many places as ceil(n/s); a window wherever it meets the axis; all of it before."""


class AxisWindow(NamedTuple):
    """A window of ``kernel`` entries, ``dilation`` apart, moved by ``stride`` along an axis padded on both sides."""

    kernel: int
    stride: int = 1
    before: int = 0
    """The padding in front of the axis."""
    after: int = 0
    """The padding behind it."""
    dilation: int = 1
    ceil: bool = False
    """Whether a last window counts that reaches over the end (Caffe's pooling, PyTorch's ``ceil_mode``)."""

    @property
    def span(self) -> int:
        """The entries from its first to its last."""
        return self.dilation * (self.kernel - 1) + 1

    def room(self, n: int) -> int:
        """How far it can move; less than 0 where it is longer than the padded axis."""
        return n + self.before + self.after - self.span

    def places(self, n: int) -> int:
        """How many places it has on an axis of n; 0 where it is longer than the padded axis.

        With ``ceil`` the last one begins inside the axis or its padding in front, as in PyTorch.
        """
        room = self.room(n)
        if room < 0:
            return 0
        if not self.ceil:
            return room // self.stride + 1
        count = -(-room // self.stride) + 1
        return count - 1 if (count - 1) * self.stride >= n + self.before else count

    def unread(self, n: int) -> int:
        """The entries at the end of the padded axis that no place reads; less than 0 where the last reaches over it."""
        return self.room(n) - (self.places(n) - 1) * self.stride


def padding_of(word: str, n: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """The zeros (before, after) that a word of `WORDS` means; of "same" the odd one is behind (TensorFlow)."""
    over = dilation * (kernel - 1)
    if word == VALID:
        return 0, 0
    if word == FULL:
        return over, over
    if word == CAUSAL:
        return over, 0
    if word == SAME:
        both = max((-(-n // stride) - 1) * stride + over + 1 - n, 0)
        return both // 2, both - both // 2
    raise ValueError(word)


def transposed_places(n: int, window: AxisWindow, output_padding: int = 0) -> int:
    """The size that a transposed convolution makes of an axis of n: the axis on which the window has n places.

    Less than 1 where the padding takes all of it away.
    """
    return (n - 1) * window.stride - window.before - window.after + window.span + output_padding
