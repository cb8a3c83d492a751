"""The certified arithmetic: the primitives on exact numbers and balls.

Where a function has a rational value, or a rational multiple of pi, at an exact argument, that is its value.
"""

from __future__ import annotations

from flint import arb

from adtrace.limits import MAGNITUDE_BITS
from adtrace.numbers import Arithmetic, standing
from adtrace.numbers.exact import ONE, ZERO, PiMultiple, literal, precision, sign
from adtrace.numbers.primitives import PRIMITIVES

CERTIFIED = Arithmetic(
    name="certified",
    functions={name: primitive.certified for name, primitive in PRIMITIVES.items()},
    literal=literal,
    constants={"pi": lambda: PiMultiple(ONE), "e": arb.const_e},
    sign=sign,
    precision=precision,
    zero=ZERO,
    one=ONE,
    exact=True,
    magnitude_bits=MAGNITUDE_BITS,
    origin=(standing, ("certified.CERTIFIED",)),
)
