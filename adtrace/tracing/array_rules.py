"""The printed adjoints of an operation of one's own, held against its index rule."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import prod

from flint import fmpq

from adtrace.arrays.declared import sample_shapes
from adtrace.arrays.elemental import ShapeError, terms_of
from adtrace.arrays.table import entry
from adtrace.elementals import SLOTS
from adtrace.errors import InputError
from adtrace.numbers.certified import CERTIFIED
from adtrace.tracing.arrays import arrays, partials_of, rule_value, value_of
from adtrace.tracing.entries import entries_of, filled, of_entries, shape_of


def require_adjoints(name: str, index: str, adjoints: Sequence[str]) -> None:
    """Raise `InputError` for a printed adjoint that is another than the rule's at random fractions."""
    numbers, rng = arrays(CERTIFIED), random.Random(1)
    for _ in range(3):
        shapes = sample_shapes(index, rng)
        operands = [
            of_entries([fmpq(rng.randint(-9, 9), rng.randint(1, 9)) for _ in range(prod(shape))], shape, numbers)
            for shape in shapes
        ]
        elemental = entry(name, (), shapes)
        value = value_of(elemental, operands, numbers)
        ones = [fmpq(rng.randint(-9, 9)) for _ in entries_of(value)]
        slots = dict(zip(SLOTS, operands, strict=False)) | {"v": value, "a": of_entries(ones, elemental.shape, numbers)}
        partials = partials_of(elemental, [True] * len(operands), operands, value, numbers)
        for text, partial in zip(adjoints, partials, strict=False):
            assert partial is not None
            computed = partial.back(slots["a"])
            try:
                printed = rule_value(terms_of(text), slots, numbers)
            except ShapeError as problem:
                raise InputError(f"the adjoint {text} of {name}: {problem}") from None
            alike = shape_of(printed) in (shape_of(computed), ())
            if not alike or entries_of(filled(printed, partial.shape)) != entries_of(computed):
                raise InputError(f"the adjoint {text} of {name} is not what the rule {index} gives")
