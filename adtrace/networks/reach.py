"""Which places of the input one place of an output reads, along one axis: the receptive field and the jump, exactly.

Place o reads from ``lows[o % m] + advance*(o // m)`` to ``highs[o % m] + advance*(o // m)``, with
m = len(lows).  m is 1 until
something makes a map larger: then places differ in what they read, and the field is that of the widest one.
Of maps without that it comes to r + d(k-1)j and j·s (A. Araujo, W. Norris, J. Sim, *Computing receptive fields of
convolutional neural networks*, Distill, 2019).  Padding shifts what is read, and cuts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from adtrace.arrays.axis_windows import AxisWindow
from adtrace.errors import BoundError

_MOST = 2_048
"""Places that may differ in what they read."""


class Reach(NamedTuple):
    """What the places of one axis read."""

    lows: tuple[int, ...]
    highs: tuple[int, ...]
    advance: int
    """How far the reading moves over as many places as there are lows; 0 where every place reads the same."""

    @property
    def field(self) -> int:
        """The receptive field: the places of the input from the first to the last that is read."""
        return max(high - low for low, high in zip(self.lows, self.highs, strict=True)) + 1

    @property
    def jump(self) -> int | Fraction | None:
        """How far the reading moves from one place to the next; None where every place reads the same."""
        if not self.advance:
            return None
        jump = Fraction(self.advance, len(self.lows))
        return int(jump) if jump.denominator == 1 else jump

    def at(self, place: int) -> tuple[int, int]:
        """The first and the last place that a place reads."""
        turns, rest = divmod(place, len(self.lows))
        return self.lows[rest] + self.advance * turns, self.highs[rest] + self.advance * turns

    def over(self, places: Sequence[int]) -> tuple[int, int]:
        """The first and the last place that places at equal distances read together: so many as differ at each end."""
        period = len(self.lows)
        pairs = [self.at(place) for place in (*places[:period], *places[-period:])]
        return min(low for low, _ in pairs), max(high for _, high in pairs)

    def windowed(self, window: AxisWindow) -> Reach:
        """Behind a window that moves over it."""
        period = len(self.lows)
        turns = period // gcd(period, window.stride)
        starts = (place * window.stride - window.before for place in range(turns))
        pairs = [self.over(range(start, start + window.span, window.dilation)) for start in starts]
        return _of(pairs, self.advance * (turns * window.stride // period))

    def transposed(self, window: AxisWindow) -> Reach:
        """Behind a transposed convolution: the places that are written to o are those whose window, moved, meets it."""
        pairs, stride = list[tuple[int, int]](), window.stride
        apart = gcd(window.dilation, stride)
        inverse = pow(window.dilation // apart, -1, stride // apart)
        for place in range(_bounded(len(self.lows) * stride)):
            at = place + window.before
            first = at // apart * inverse % (stride // apart) * window.dilation  # the first tap that meets a place
            taps = range(first, window.span, window.dilation * stride // apart) if at % apart == 0 else range(0)
            if taps:
                pairs.append(
                    self.over(range((at - taps[0]) // stride, (at - taps[-1]) // stride - 1, -taps.step // stride))
                )
            else:  # a gap between kernels: nothing is read, and it widens nothing
                pairs.append((self.at(at // window.stride + 1)[0], self.at(at // window.stride)[1]))
        return _of(pairs, self.advance)

    def enlarged(self, scale: int) -> Reach:
        """Behind an upsampling by repetition."""
        return _of([self.at(place // scale) for place in range(_bounded(len(self.lows) * scale))], self.advance)

    def shifted(self, by: int) -> Reach:
        """Behind a crop, which takes places away at the front; of a padding, which adds some, it is negative."""
        return _of([self.at(place + by) for place in range(len(self.lows))], self.advance)

    def whole(self, places: int) -> Reach:
        """Where all so many places are read."""
        return _of([self.over(range(places) if len(self.lows) > 1 else (0, places - 1))], 0)


START = Reach((0,), (0,), 1)
"""What the places of the input read: themselves."""


def _bounded(period: int) -> int:
    """How many places differ in what they read.  Raises `BoundError`."""
    if period > _MOST:
        raise BoundError(f"{period} places next to each other would differ in what they read; {_MOST} may")
    return period


def _of(pairs: Sequence[tuple[int, int]], advance: int) -> Reach:
    """The reading, in as few places as say it."""
    period = len(pairs)
    for shorter in range(1, period):
        if period % shorter == 0 and advance % (period // shorter) == 0:
            step = advance // (period // shorter)
            if all(
                pairs[place] == (pairs[place - shorter][0] + step, pairs[place - shorter][1] + step)
                for place in range(shorter, period)
            ):
                pairs, advance = pairs[:shorter], step
                break
    return Reach(tuple(low for low, _ in pairs), tuple(high for _, high in pairs), advance)


def joined(reaches: Sequence[Reach]) -> Reach:
    """What is read together where branches meet; of such as move differently the widest alone."""
    first = reaches[0]
    if any(other.jump != first.jump for other in reaches):
        return max(reaches, key=lambda reach: reach.field)
    period = lcm(*(len(reach.lows) for reach in reaches))
    pairs = [[reach.at(place) for reach in reaches] for place in range(period)]
    advance = first.advance * (period // len(first.lows))
    return _of([(min(low for low, _ in own), max(high for _, high in own)) for own in pairs], advance)
