"""What a text may hold: the one record by which the reader knows what to read and what to refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from adtrace.language.syntax import CONSTANTS
from adtrace.limits import DEFAULT, Limits
from adtrace.settings import POINT

Functions = Mapping[str, tuple[int, int | None]]
"""The functions that may be called: name, and the least and the largest number of operands (None: any)."""

PRODUCTS, SIGNS, LATEX, BARS, BARE, SPELLINGS, CONDITIONS, PRIMES = (
    "products", "signs", "latex", "bars", "bare", "spellings", "conditions", "primes",
)  # fmt: skip
FREE = frozenset((PRODUCTS, SIGNS, LATEX, BARS, BARE, SPELLINGS, CONDITIONS, PRIMES))
"""All that is read beside the plain language: products without a sign, the signs of Unicode, LaTeX, ``|x|``, functions
without brackets, the spellings of other tools, conditions, and names with primes."""
STRICT: frozenset[str] = frozenset()
"""The plain language alone."""


@dataclass(frozen=True)
class Language:
    """Which functions and names there are, and which forms are allowed."""

    functions: Functions
    declared: frozenset[str] = frozenset()
    """The names of variables: each beats a function or a constant of the same name."""
    forms: frozenset[str] = FREE
    decimal: str = POINT
    """What stands before the decimals of a number: a comma is read so only when it is asked for."""
    limits: Limits = field(default=DEFAULT)
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The shapes of variables that are arrays; the others are numbers."""

    def with_names(self, names: Iterable[str]) -> Language:
        """The same language with further names."""
        return replace(self, declared=self.declared.union(names))

    @cached_property
    def _alike(self) -> dict[str, str]:
        """The declared names without underscores, which print alike; none for two that do."""
        names: dict[str, str] = {}
        for name in self.declared:
            key = name.replace("_", "")
            names[key] = name if key not in names else ""
        return names

    def value(self, text: str) -> str | None:
        """The name that is meant, if it has a value: as declared (``x1`` is ``x_1``), or a constant."""
        if text in self.declared:
            return text
        alike = self._alike.get(text.replace("_", ""))
        if alike and (len(text) > 1 or "_" in alike):
            return alike
        return text if text in CONSTANTS else None
