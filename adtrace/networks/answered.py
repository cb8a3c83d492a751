"""A question about a window with all its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adtrace.networks import families
from adtrace.networks.asked import Asked
from adtrace.networks.families import sentence, value
from adtrace.networks.inverse import Answer, Found
from adtrace.writing.dialects import PLAIN


@dataclass(frozen=True)
class Answered:
    """A question with all its answers."""

    asked: Asked
    found: Found

    def __repr__(self) -> str:
        """``<(s, p) = (2, 3)>``."""
        return f"<{self.all}>"

    @property
    def label(self) -> str:
        """What the question is called; of several axes the axis."""
        return self.asked.label

    @property
    def answers(self) -> tuple[dict[str, Any], ...]:
        """Each answer by its letters: in, out, k, s, p, d, and what is left: rest, or a of a transposed convolution."""
        return tuple(plain_answer(answer, self.asked) for answer in self.found.answers)

    @property
    def count(self) -> int | None:
        """How many answers there are; None where there are more than can be counted at once."""
        return self.found.count

    @property
    def complete(self) -> bool:
        """Whether `answers` has all of them."""
        return self.found.complete

    @property
    def all(self) -> str:
        """All answers in one sentence: listed, as a family, or as the condition that they meet."""
        pieces = families.every(self.found, self.asked)
        if self.count == 1:
            names = [letter for letter in "kspdaio" if letter in self.asked.sought]
            row = [value(self.found.answers[0], name, transposed=self.asked.transposed) for name in names]
            pieces = [families.listing(names, [tuple(row)])] if names else pieces
        return sentence(pieces, PLAIN)


def plain_answer(answer: Answer, asked: Asked) -> dict[str, Any]:
    """An answer by its letters."""
    names = {"in": "i", "out": "o", "k": "k", "s": "s", "p": "p", "d": "d"}
    own = {name: value(answer, letter, transposed=asked.transposed) for name, letter in names.items()}
    return own | {"a" if asked.transposed else "rest": answer.rest}


def sides_of(found: Any) -> str:
    """``3``; of a padding whose sides differ ``1:2``."""
    return f"{found[0]}:{found[1]}" if isinstance(found, tuple) else str(found)
