r"""A name as a record, a variable in its one spelling with its mark, and which words are names of a document.

What a mark *means* (a tangent, an adjoint, a partial; of which seed) is not decided here: a `Name` is what is written.
Texts are `flat` ones of ``bare``: Greek letters are letters, accents stand behind their letters, indices are ``_{1}``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from adtrace.checking.readings.bare import STAR
from adtrace.elementals import FUNCTIONS
from adtrace.language.signs import GREEK
from adtrace.language.spellings import GENERAL
from adtrace.language.syntax import CONSTANTS

EDGE = "->"


class Name(NamedTuple):
    r"""A variable and its mark, as an author writes them.

    ``∂y/∂v_1`` is ``Name("v_1", "leibniz", of="y")``, ``∂²f/∂x∂y`` ``Name("x", "leibniz2", of="f", seed="y")``, and
    ``\dot v_1^{(x)}``, ``D_x v_1`` and ``\nabla_x v_1`` tell their direction: ``seed="x"``; that of an edge is `EDGE`.
    """

    variable: str
    mark: str = ""
    """``dot``, ``ddot``, ``bar``, ``dotbar``, ``ddotbar``, ``prime``, ``prime2``, ``d``, ``grad``, ``delta``,
    ``leibniz``, ``leibniz2``, or ``order0`` to ``order9``, the coefficient ``v_1^{(2)}``.
    """
    of: str = ""
    seed: str = ""

    @property
    def key(self) -> str:
        """How it stands in terms: ``v_1``, ``dot v_1``, ``leibniz y v_1``, ``grad v_1|x``; see `named`."""
        words = " ".join(part for part in (self.mark, self.of, self.variable) if part)
        return f"{words}|{self.seed}" if self.seed else words

    @property
    def text(self) -> str:
        """As a person reads it: ``v_1``, ``v̇_1``, ``∂y/∂v_1``."""
        x, of, seed = map(plainly, (self.variable, self.of, self.seed))
        if self.mark.startswith("leibniz"):
            return f"∂²{of}/∂{x}∂{seed}" if self.mark == "leibniz2" else f"∂{of}/∂{x}"
        letters = re.split("[_⁽]", x)[0]
        marked = _SHOWN.get(self.mark, "{}").format(letters) + x.removeprefix(letters)
        marked += f"^({self.mark[-1]})" if self.mark.startswith("order") else ""
        return f"{marked} (by {seed})" if seed else marked


_SHOWN = {"dot": "{}\u0307", "ddot": "{}\u0308", "bar": "{}\u0304",
          "dotbar": "{}\u0304\u0307", "ddotbar": "{}\u0304\u0308", "prime": "{}'", "prime2": "{}''", "d": "d{}",
          "grad": "∇{}", "delta": "Δ{}"}  # fmt: skip


@lru_cache(maxsize=4096)
def named(key: str) -> Name:
    """The name whose key this is."""
    words, _, seed = key.partition("|")
    parts = words.split(" ")
    if len(parts) == 1:
        return Name(words, seed=seed)
    return Name(parts[-1], parts[0], parts[1] if len(parts) == 3 else "", seed)


LETTERS = f"A-Za-z{''.join(GREEK)}"
INDEX = (
    rf"(?:_\s*\{{[^{{}}]{{1,30}}(?:\{{[^{{}}]{{0,30}}\}}[^{{}}]{{0,30}})?\}}|_\(\s*[-+]?\d{{1,6}}\s*\)|_[-+]?\d{{1,6}}"
    rf"|_[{LETTERS}][{LETTERS}0-9]{{0,20}}|\d{{1,6}}(?![\d.]*\d*[eE]?\())"
)
"""The pattern of an index: ``_{12}``, ``_(-1)``, ``_1``, ``_in``, ``1``."""
LAYER = r"\^(?:\(\s*\d{1,3}\s*\)|\{\s*\(\s*\d{1,3}\s*\)\s*\})"
"""The pattern of a number in brackets above a name, ``W^{(1)}``: of a layer, or of a coefficient."""
WORN = {"\u0302": "hat", "\u0303": "tilde", "\u20d7": "vec", "\u030a": "ring", "\u0331": "low", "\u0332": "low"}
"""Accents that are part of a variable's name."""
OWN = "\u2060"
"""Behind a variable that is called as a constant is, ``e``: its name in terms is its own; `plainly` takes it off."""
MARKING = "\u2061"
"""Before a letter that marks the name before it, ``wb``, though it is a variable, too; declared as names are; before
``lambda z``, where λ_3 is the adjoint of z_3.
"""
_CLEAN = re.compile(r"[\s{}()+]|^_|\\[A-Za-z]+")


OWN_MARKS = {"star": STAR, "prime2": "''", "prime": "'", "ddot": "\u0308", "dot": "\u0307", "bar": "\u0304"}
"""Marks that may belong to a variable's own name, and how they are written."""
_LAST = re.compile(r"(?P<index>.+?)_(?P<mark>(?:prime_)?prime|star)")
_OF_A_NAME = re.compile(rf"['{STAR}\u0307\u0308\u0304]")


def signs_of(text: str) -> Counter[str]:
    """How many dots, bars, primes and stars stand in a text."""
    return Counter(_OF_A_NAME.findall(text.replace("\u0308", "\u0307\u0307")))


def owned(base: str, index: str, mark: str) -> str:
    """A variable that is called with a mark, as the language spells it: ``w_prime``, ``x_dot_1``."""
    return spelled(base, f"{mark.replace('prime2', 'prime_prime')}_{index.strip('_{} ')}".rstrip("_"))


def as_written(variable: str) -> str:
    """A variable with the mark that belongs to its name, if it has one: ``w'`` of ``w_prime``."""
    base, _, rest = variable.partition("_")
    for mark, sign in OWN_MARKS.items():
        word = mark.replace("prime2", "prime_prime")
        if rest == word or rest.startswith(f"{word}_"):
            return base + sign.replace(STAR, "⋆") + rest.removeprefix(word)
    return variable


@lru_cache(maxsize=8192)
def spelled(base: str, index: str = "") -> str:
    """The one spelling of a base and an index: ``v_1``, ``v_-1``, ``w_21``, ``v_1_2``, ``yhat``."""
    for sign, word in WORN.items():
        base = base.replace(sign, word)
    base = "".join(GREEK.get(char, char) for char in base)
    inner = _CLEAN.sub("", index.strip().removeprefix("_"))
    inner = "".join(GREEK.get(char, char) for char in re.sub(r"[,;_]+", "_", inner)).strip("_")
    if last := _LAST.fullmatch(inner):  # w_1' is w'_1
        inner = f"{last['mark']}_{last['index']}"
    if re.fullmatch(r"-?\d+", inner):
        inner = str(int(inner)) if len(inner.lstrip("-")) < 3 or inner[0] != "0" else inner
    if inner in WORN.values() or (inner.partition("_")[0] in WORN.values()):
        worn, _, inner = inner.partition("_")
        base += worn
    found = f"{base}_{inner}" if inner else base
    return found + OWN if found in CONSTANTS else found


def layered(variable: str, above: str) -> str:
    """The one spelling of a variable with a number in brackets above it: ``W⁽¹⁾``, ``W⁽¹⁾_1_2``."""
    base, line, index = variable.partition("_")
    number = "".join(_ABOVE[digit] for digit in above if digit.isdigit())
    return f"{base}⁽{number}⁾{line}{index}" if above else variable


LAYERED = re.compile(r"([^⁽]+)⁽([⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁾(.*)")
"""A variable with a number above it, and what stands behind that."""


def numbered(name: str) -> str:
    """With the number above it as the first index, as programs write it: ``W_1_2`` of ``W_2^{(1)}``."""
    layer = LAYERED.fullmatch(name)
    return f"{layer[1]}_{unicodedata.normalize('NFKC', layer[2])}{layer[3]}" if layer else name


def plainly(text: str) -> str:
    """A text in which variables are called as the author calls them."""
    return text.replace(OWN, "")


_ABOVE = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_TAKEN_APART = re.compile(rf"([{LETTERS}]+[\u0300-\u036f\u20d7]*)(?P<up>{LAYER})?({INDEX})?(?P<up2>{LAYER})?")


@lru_cache(maxsize=8192)
def canonical(name: str) -> str:
    """The one spelling of an identifier of the language: ``x1`` is ``x_1``, ``y_hat`` is ``yhat``."""
    text = name.strip()
    text = text[1:-1].strip() if text[:1] == "{" and text[-1:] == "}" else text
    if _OF_A_NAME.search(text):
        mark = next((mark for mark, sign in OWN_MARKS.items() if signs_of(sign) <= signs_of(text)), "")
        match = _TAKEN_APART.fullmatch(_OF_A_NAME.sub("", text))
        return owned(match[1], match[3] or "", mark) if match and mark else name
    match = _TAKEN_APART.match(text)
    if match is None:
        return name
    base, index = match.group(1), match.group(3) or ""
    rest = text[match.end() :]
    return layered(spelled(base, index.lstrip("_") + rest if index else rest), match["up"] or match["up2"] or "")


def function_named(word: str) -> str:
    """The function of the language that a word is the name of, if it is one."""
    word = GREEK.get(word, word)
    meaning = GENERAL.get(word, word if word in FUNCTIONS else word.lower())
    return meaning if isinstance(meaning, str) and meaning in FUNCTIONS else ""


def is_function(word: str) -> bool:
    """Whether a word calls a function of the language, alone or for something else."""
    return word in FUNCTIONS or word in GENERAL or word.lower() in FUNCTIONS


class Surroundings(NamedTuple):
    """The names that a document has: which words are variables."""

    declared: frozenset[str]
    families: frozenset[str]
    """The letters of numbered names: ``v_7`` is one of ``v_1``, ``v_2``, though there be no such row."""
    adjoints: Mapping[str, str]
    """The letters of rows that are the adjoints of numbered rows, and the letter of those: λ_3 is that of z_3."""
    products: bool = False
    """Whether ``dx`` is d times x, and not a marked x."""


@lru_cache(maxsize=256)
def surroundings(declared: frozenset[str]) -> Surroundings:
    """The names that are declared, and their letters."""
    marking = (name[1:].partition(" ") for name in declared if name[0] == MARKING)
    adjoints = {letter: base for letter, _, base in marking if base}
    return Surroundings(declared, frozenset(name.partition("_")[0] for name in declared if "_" in name), adjoints)


def known(variable: str, around: Surroundings) -> bool:
    """Whether this is a variable of the document, or one of its numbered families."""
    return variable in around.declared or ("_" in variable and variable.partition("_")[0] in around.families)
