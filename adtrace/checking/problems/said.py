r"""The equations that prose says, each side read by the hand that reads cells.

``let z = x^2 y with x = 3`` says ``z = x^2 y`` and ``x = 3``; ``\dot x = 1`` says something of the tangent of x.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import chain, islice
from typing import NamedTuple

from adtrace.arrays.index_rules import Shape
from adtrace.checking.brackets import within
from adtrace.checking.patterns import FIGURES
from adtrace.checking.readings.bare import STAR, flat
from adtrace.checking.readings.hands import whole
from adtrace.checking.readings.names import INDEX, LAYER, LETTERS, Name, canonical, numbered
from adtrace.checking.readings.parts import read_part
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.sheets.listings import is_general
from adtrace.checking.words import DIRECTIONS, POINTS
from adtrace.checking.work.shapes import entries_named
from adtrace.checking.work.values import has_shape
from adtrace.errors import InputError
from adtrace.language.syntax import ARRAY, CONSTANTS, Expression, Term, Terms
from adtrace.language.syntax import Name as NameTerm
from adtrace.settings import COMMA, POINT
from adtrace.tracing.formulas import split

_LONGEST_STATEMENT, _MOST_STATEMENTS, _MOST_TERMS = 1_000, 100, 5_000


@dataclass(frozen=True)
class Said:
    """One equation of the prose."""

    text: str
    names: tuple[Name, ...]
    """What stands on its left side: one name, or a list of them; none for f(x, y) = ..."""
    terms: Terms
    """Its right side, a list as an array."""
    parameters: tuple[str, ...] = ()
    """The variables of a function: x and y of f(x, y) = ..."""
    inner: bool = False
    """Whether it defines a name within a function: with m = k h."""
    unknown: str = ""
    """A function that it applies and nobody defines."""

    @property
    def name(self) -> str:
        """The variable on its left side; the last one of a list."""
        return self.names[-1].variable if self.names else ""

    @property
    def mark(self) -> str:
        """What makes that one of a tangent or of an adjoint."""
        return self.names[-1].mark if self.names else ""

    @property
    def entries(self) -> tuple[Terms, ...]:
        """Its right sides: of a list each by itself."""
        return entries(self.terms)

    @property
    def is_definition(self) -> bool:
        """Whether it defines a name within a function."""
        return self.inner and not self.mark and not self.unknown and len(self.names) == len(self.entries) == 1

    @property
    def has_names(self) -> bool:
        """Whether it is a formula, and no number."""
        return bool(names_of(self.terms))

    @property
    def values(self) -> dict[str, Terms]:
        """The names to which it gives numbers, and these."""
        if self.has_names or self.parameters or self.mark or not has_shape(self.terms):
            return {}
        if len(self.names) == 1:
            return {self.name: self.terms}
        pairs = zip(self.names, self.entries, strict=False)
        return {name.variable: terms for name, terms in pairs} if len(self.names) == len(self.entries) else {}


def entries(terms: Terms) -> tuple[Terms, ...]:
    """The entries of a list, each by itself; what is none is one."""
    head, operands = split(terms)
    return tuple(operands) if head == ARRAY else (terms,)


def numbers_in(text: str, decimal: str) -> list[Terms]:
    """The entries of a tuple of numbers, ``(2, pi/3)``, none if they are no constants."""
    text = text.replace(";", ",") if decimal == POINT else text
    part = read_part(text, frozenset(), decimal)
    return [*entries(part.readings[0])] if part.is_number else []


def once(said: Iterable[Said]) -> list[Said]:
    """The statements without those that say the same as one before."""
    first: dict[tuple[object, ...], Said] = {}
    for one in said:
        key = "" if one.has_names else (one.mark, one.name)
        first.setdefault((key, *(term[0] for term in one.terms)), one)
    return list(first.values())


def inlined(expression: Expression, beside: Iterable[str] = ()) -> tuple[Terms, ...]:
    """The outputs of a formula or a program, the statements before them put in, their names spelled alike."""
    known: dict[str, Terms] = {}
    found: list[Terms] = []
    own = {*CONSTANTS}.difference(beside, expression.parameters or (), (s.name for s in expression.statements))
    for statement in expression.statements:
        found.append(put_in((_called(term, own) for term in statement.terms), known))
        if statement.name is not None:
            known[canonical(statement.name)] = found[-1]
    return tuple(found[-expression.outputs :])


def _called(term: Term, own: set[str]) -> Term:
    """A name in its one spelling; ``own`` are those of constants."""
    return term._replace(name=canonical(term.name)) if type(term) is NameTerm and term.name not in own else term


def put_in(terms: Iterable[Term], known: Mapping[str, Terms]) -> Terms:
    """The terms with what is known in place of its names.  Raises `InputError` where they become too many."""
    made: list[Term] = []
    for term in terms:
        made += known.get(term.name, (term,)) if type(term) is NameTerm else (term,)
        if len(made) > _MOST_TERMS:
            raise InputError(f"the function has more than {_MOST_TERMS} terms when its statements are put in")
    return tuple(made)


_INSIDE = re.compile(
    r"\$\$([^$]{3,1000})\$\$|\$([^$\n]{3,400})\$|`([^`\n]{3,400})`|\\\(([^\n]{3,400}?)\\\)|\\\[(.{3,1000}?)\\\]", re.S
)
END = "\x1e"
"""Behind a formula of the prose."""
_ONE_DIGIT = re.compile(r"_(\d)(?=[A-Za-z\\])")


def _inside(match: re.Match[str]) -> str:
    """A formula of the prose, parted from what is round it; an index of TeX is one digit: ``x_1x_2`` is a product."""
    text = " ".join(next(filter(None, match.groups())).split())
    return f" {_ONE_DIGIT.sub(lambda m: f'_{m[1]} ', text)} {END} "


_ON = f"['{STAR}]*"
_VARIABLE = rf"[{LETTERS}][{LETTERS}0-9]{{0,20}}[\u0300-\u036f\u20d7]*{_ON}(?:{LAYER})?(?:{INDEX})?(?:{LAYER})?{_ON}"
_MARKED = rf"(?:(?:[dD]|D_\{{?\w\}}?)\s|[δΔ∂∇]\s?)?{_VARIABLE}"
_LIST = r"\((?:[^()=\n]|\^\{?\(\d{1,3}\)\}?){1,120}\)"
_LEFT = re.compile(
    rf"(?<![\w\\.'^}}/∂∇\u0300-\u036f])(?<!∂ )(?!(?:at|in|bei|with|for|mit|für|{DIRECTIONS}|{POINTS})\s)(?:"
    rf"(?P<name>{_MARKED})\s?(?P<of>{_LIST})?|(?P<list>{_LIST})|"
    rf"(?m:^)(?P<bare>{_VARIABLE}(?:\s*,\s*{_VARIABLE}){{1,8}}))\s*=(?!=)"
)
"""The left side of an equation: a name, a function of names, or a list of names."""
_ENDS = re.compile(
    r"\s+(?:at|where|with|for|using|by|evaluated|when|and|in|on|along|if|is|starting|bei|mit|und|für|an|wobei|to|so|gives|from|then|"
    r"em|en|im|no|nel|nella|al|au|para|pour|con|com|voor|avec|för|dla|weights?)\b|"
    rf"(?<=[\d}}])\s+(?:et|e|y|i|a|och|og|ja|és|ve|oraz|и)\s+(?={_VARIABLE}\s*=(?!=))|[;:\n{END}]|\.(?!\d|T\b|[a-z]+\()|[\u3000-\u9fff]|"
    rf",\s*(?={_MARKED}(?:{_LIST})?\s*=|(?:{POINTS}|{DIRECTIONS}|start\w*)\b|[a-z]{{2,}}\b(?!\s*\())"
    rf"|\s\((?=[A-Za-z]{{2,}}\s+[A-Za-z]{{2,}}|{_VARIABLE}\s*=(?!=))|\s{{2,}}(?={_VARIABLE}\s*=(?!=))|(?<=\d)\s(?={_VARIABLE}=(?!=))"
)
SEED = "seed"
"""The mark of what is said to be a seed: with seed x = 1."""
_SEED = re.compile(r"\bseed(?:ed|s)?(?:\s+(?:with|by|is|are|of|vectors?|values?))?\s*:?\s*$", re.I)
_INNER = re.compile(r"\b(?:with|where|wobei|mit)\s*$", re.I)
_DUAL = re.compile(r"(?<=[\d)])\s*\+\s*[\d.]*\s*[*·]?\s*(?:ε|epsilon)(?!\w)")
"""The dual part of a number, ``2 + 1ε``."""
_LAYER = re.compile(r"(?<![A-Za-z])([A-Za-z])\^\((\d{1,3})\)")
_COMPOSED = re.compile(r"\w+(?:\s*(?:\\circ|∘)\s*\w+)+")
"""A composition of functions, and no product of entries: ``f ∘ g``."""
_COMMA = re.compile(r"[,;](?![^{]*\})")
"""A comma between names, and not between the indices of one."""


def flat_prose(prose: str) -> str:
    """The prose in the flat form of ``bare``, `END` behind its formulas."""
    prose = re.sub(
        r"(?<=[,;])~(?!~)|:math:(?=`)|(?m:^[ \t]*(?:#+|[-*•](?=[ \t]+\$?\w+(?:\([^()=]*\))?\s*=))[ \t])"
        r"|\\(?:adtcaption|caption|textbf|emph)\b\*?",
        " ",
        prose,
    )
    return _with_layers(flat(_INSIDE.sub(_inside, unescape(prose)))[0].replace("\u2009", " ").replace("**", "^"))


def _with_layers(text: str) -> str:
    """The text with ``x^(1)`` as ``x^{(1)}``, where that is a variable of a function: else it is a power."""
    if "^(" not in text:
        return text
    listed = {name for left in _LEFT.finditer(text) for name in _LAYER.findall(left["of"] or left["list"] or "")}
    return _LAYER.sub(lambda m: f"{m[1]}^{{({m[2]})}}" if m.groups() in listed else f"{m[1]}^{m[2]} ", text)


def lettered(text: str) -> str:
    """What a caller tells, with names in letters where they have a star or a number above them."""
    source = _with_layers(flat(text)[0])
    found = _DRESSED.sub(lambda name: numbered(canonical(name.group())), source)
    return found if found != source else text


_DRESSED = re.compile(rf"(?=[^\W\d_]\w*(?:{STAR}|\^\{{))(?<![\w\\]){_VARIABLE}")


class _Equation(NamedTuple):
    """The sides of an equation as text."""

    left: re.Match[str]
    right: str
    inner: bool
    seeds: bool
    called: str = ""
    """What stands before it in a chain: y of y = f(x) = x^2."""

    def told(self, count: int, decimal: str) -> str:
        """Its right side, a list where the left one is: (x, y) = (3,2) has two numbers beside decimal commas, too."""
        listed = decimal == COMMA and count - 1 == self.right.count(",") > 0 and ";" not in self.right
        right = self.right.replace(",", ";") if listed else self.right
        return f"({right})" if self.left["bare"] else right

    def names(self, declared: frozenset[str]) -> list[Name | None]:
        """The names on its left side."""
        listed = self.left["list"] or self.left["bare"] or (self.called if self.left["of"] else self.left["name"])
        names = (whole(text, declared) for text in _listed(listed))
        return [
            name._replace(mark=SEED) if self.seeds and name and name.mark in ("", "prime") else name for name in names
        ]

    def layered(self, declared: frozenset[str]) -> list[str]:
        """Its name with a number above it, where no variable is called so without that."""
        alone = not (self.left["of"] or self.left["list"] or self.left["bare"])
        return [
            canonical(self.left["name"]) for name in self.names(declared)
            if alone and name and name.mark.startswith("order") and name.variable not in declared
        ]  # fmt: skip

    @property
    def parameters(self) -> tuple[str, ...]:
        """The variables of a function."""
        names = _listed(self.left["of"] or "")
        return tuple(map(canonical, names)) if all(map(whole, names)) else ()  # f(3) = 9

    @property
    def own(self) -> list[str]:
        """The variables that are called with a mark: w' of a function of w and w', or in a list beside w."""
        told = _listed(self.left["of"] or self.left["list"] or "")
        marked = [text for text in told if (name := whole(text)) is not None and name.mark]
        return [*map(canonical, marked)] if self.left["of"] or len(marked) < len(told) else []


def _listed(text: str) -> list[str]:
    """The names of a list, in brackets or not."""
    return [name.strip() for name in _COMMA.split(text[1:-1] if text[:1] == "(" else text) if name.strip()]


def statements(text: str, decimal: str, beside: Iterable[str] = ()) -> list[Said]:
    """The equations of a `flat_prose`, a name, a call or a list on their left; ``beside`` are names with a value."""
    found = [
        equation
        for equation in _equations(text)
        if not (_COMPOSED.fullmatch(equation.right) or is_general(f"{equation.left.group()} {equation.right}"))
    ]
    declared = _declared(found, beside)
    read = (_read(equation, declared, decimal) for equation in found)
    said = [one for one in read if one and (one.parameters or one.name not in names_of(one.terms))]  # x = cos(x)
    said = [replace(one, terms=entries_named(one.terms, *_arrays_of(one, said, declared))) for one in said]
    used = {name for one in said for name in names_of(one.terms)}
    return [replace(one, inner=one.inner or _is_used(one, used)) for one in said]


def _arrays_of(
    formula: Said, said: Sequence[Said], declared: frozenset[str]
) -> tuple[dict[str, Shape], frozenset[str]]:
    """The names whose entries a formula has, ``p_2`` where p is said to be a formula and p_2 is not, with a shape of as
    many axes as the index has digits; and those that are counted from 0.
    """
    bases = {one.name for one in said if one.has_names and not one.parameters and one.name != formula.name}
    parted = (name.partition("_") for name in names_of(formula.terms) if name not in declared)
    indices = [(base, index) for base, _, index in parted if base in bases and index.isdecimal()]
    from_zero = frozenset(base for base, index in indices if "0" in index)
    return {base: (9,) * len(index) for base, index in indices}, from_zero


def _declared(found: Sequence[_Equation], beside: Iterable[str]) -> frozenset[str]:
    """The variables that equations name on their left."""
    own = frozenset(chain.from_iterable(one.own for one in found))
    left = (name.variable for one in found if not one.left["of"] for name in one.names(own) if name and not name.mark)
    parameters = frozenset(chain.from_iterable(one.parameters for one in found))
    tangents = {f"{name}d" for name in parameters if "d" not in parameters and len(name) == 1} - parameters
    declared = own.union(beside, left, parameters) - tangents
    return declared.union(chain.from_iterable(one.layered(declared) for one in found))


def _equations(text: str) -> list[_Equation]:
    """Where equations begin and end; of x = y = 2 both names have the last side."""
    found, inner, seeds = list[_Equation](), False, False
    lefts = [left for left in islice(_LEFT.finditer(text), _MOST_STATEMENTS) if not _is_operand(text, left)]
    for match in lefts:
        before = text[max(match.start() - 60, 0) : match.start()].rpartition("\n")[2].rstrip(f" {END}")
        listed = before.endswith((",", "and", "und"))
        inner = bool(_INNER.search(before)) or (inner and listed)
        seeds = bool(_SEED.search(before)) or (seeds and listed)
        found.append(_Equation(match, _right(text, match.end()), inner, seeds))
    for k in range(len(found) - 2, -1, -1):
        if not text[lefts[k].end() : lefts[k + 1].start()].strip():
            found[k] = found[k]._replace(right=found[k + 1].right)
            found[k + 1] = found[k + 1]._replace(called=lefts[k]["name"] or "")
    return found


_OPERAND = re.compile(
    r"(?:/\s?∂[^=]{1,9}=|[-+*/⊙]|(?<![^\W_])(?:ln|log|exp|sqrt|sin|cos|tan|tanh)(?=\s)|(?<![^\W_]|[\u0300-\u036f])[A-Zb-df-hj-np-xz](?:_\{?\w+\}?)?|\^\{?\s*T\s*\}?|ᵀ)\s*"
)


def _is_operand(text: str, left: re.Match[str]) -> bool:
    """Whether what stands before an equal sign is the last operand of a formula, ``u = A x = (1, 2)``, or what a
    derivative is called, ``∂L/∂p = g = (1, 2)``, and no name with a value.
    """
    before = text[max(left.start() - 20, 0) : left.start()]
    signs = [*_OPERAND.finditer(before)]
    return bool(signs) and signs[-1].end() == len(before) and END not in before[signs[-1].start() :]


_ZERO = re.compile(r"(?<=[^=<>\s])\s*=\s*0\.?$")
"""The other side of an equation that is to be solved: ``f(x) = x^2 - 2 = 0``."""
_NUMBERS_TOLD = re.compile(rf"\s*[(\[][{FIGURES}/]+[)\]](?=\s+[^\W\d_]+\s+[^\W\d_])")
"""A list of numbers before words of a sentence: ``z = (1, -1) e a classe``."""


def _right(text: str, begin: int) -> str:
    """The right side that begins here, to the end of the brackets in which it stands: (y = (0, 1, 0))."""
    rest = within(text[begin : begin + _LONGEST_STATEMENT])
    told = _NUMBERS_TOLD.match(rest)
    rest = told[0] if told else rest
    ends = (end.start() for end in _ENDS.finditer(rest))
    end = next((end for end in ends if rest[:end].strip() and _balanced(rest[:end])), len(rest))
    return _DUAL.sub("", _ZERO.sub("", rest[:end].strip(" ,*")).rstrip(" ,.*"))


def _balanced(text: str) -> bool:
    pairs = (*"()", *"[]", *"{}", "\\begin", "\\end")
    return all(text.count(a) == text.count(b) for a, b in zip(pairs[::2], pairs[1::2], strict=True))


def _read(equation: _Equation, declared: frozenset[str], decimal: str) -> Said | None:
    """An equation, where its sides can be read, and no tangent or adjoint stands on the right."""
    left, names = equation.left, equation.names(declared)
    part = read_part(equation.told(len(names), decimal), declared, decimal)
    unknown = part.unknown if len(part.unknown) == 1 else ""
    function = whole(left["name"], declared) if left["of"] else None
    if not (part.readings or unknown) or not part.is_plain or (function is not None and function.mark):
        return None
    told = tuple(name for name in names if name is not None)
    if len(told) < len(names) or not (told or equation.parameters):
        return None
    text = f"{left.group().strip()} {equation.right}"
    terms = part.readings[0] if part.readings else (NameTerm(unknown, 0),)
    return Said(text, told, terms, equation.parameters, equation.inner, part.unknown)


def _is_used(said: Said, names: Collection[str]) -> bool:
    """Whether a formula is that of a name in another: u = x y beside z = sin(u); lists of rows are none."""
    return said.name in names and "_" not in said.name and said.has_names and not said.parameters
