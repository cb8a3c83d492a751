r"""What is asked: the functions, the variables and the point, from the caller or from the prose round the tables.

``$f(x_1, x_2) = x_1 x_2$ at $(x_1, x_2) = (2, 5)$``, ``z = max(0, m) with m = k h at k = 2, h = 3``, ``For x = 2:``.
Patterns find where in the prose a formula may begin and end; what it says is read by the language of formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import terms_shape
from adtrace.checking.bare import flat
from adtrace.checking.names import canonical, plainly
from adtrace.checking.rewriting import names_of
from adtrace.checking.said import Said, formula_in, inlined, lettered, put_in, statements, unmarked, valued
from adtrace.checking.sheets import Sheet
from adtrace.elementals import FUNCTIONS
from adtrace.errors import BindingError, ParseError
from adtrace.language.allowed import Language
from adtrace.language.readings import readings
from adtrace.language.syntax import Expression, Terms
from adtrace.settings import COMMA, POINT
from adtrace.tracing.point import constant, read_point
from adtrace.tracing.point_arrays import Entries

_LONGEST_PROSE = 20_000


@dataclass(frozen=True)
class Asked:
    """What a table is to answer.  Names are spelled with their index apart, x_1."""

    functions: tuple[Terms, ...] = ()
    """One for each dependent variable, in the variables alone; none where it is not known."""
    outputs: tuple[str, ...] = ()
    """Their names, "" where they have none."""
    variables: tuple[str, ...] = ()
    """The independent variables, in their order."""
    point: Mapping[str, Terms] = field(default_factory=dict)
    """The values of the variables that have one; of an array its entries, one after the other, between brackets."""
    definitions: Mapping[str, Terms] = field(default_factory=dict)
    """What the function is written in: m = k h of z = max(0, m)."""
    text: str = ""
    """The function as it is written."""
    each: tuple[Asked, ...] = ()
    """Several functions one by one, where each may belong to a table of its own."""
    seed: Mapping[str, Terms] = field(default_factory=dict)
    """The direction of the tangents that the prose tells: by x_2, along (1, -2)."""
    weights: Mapping[str, Terms] = field(default_factory=dict)
    """The adjoints of outputs that the prose tells, by their names; "" is the only one: with seed 2."""
    wanted: frozenset[str] = frozenset()
    """The variables by which the prose wants derivatives, gives ∂L/∂W and ∂L/∂x; none where it does not say."""
    constants: frozenset[str] = frozenset()
    """The variables that the prose holds constant."""
    remarks: tuple[str, ...] = ()
    """What could not be held against the tables, and why."""


def prose_of(sheets: Iterable[Sheet]) -> str:
    """The prose round the tables of a document, once."""
    return "\n\n".join(dict.fromkeys(text for sheet in sheets for text in (sheet.before, sheet.after) if text.strip()))


def asked(
    told: Sequence[str] | str | None, at: Mapping[str, Any] | None, prose: str, decimal: str = POINT
) -> Asked:  # fmt: skip
    """What is asked: the caller's functions and point, for what the caller does not give the prose's; ``decimal`` is
    the sign of the tables.

    Raises `ParseError` for a function that cannot be read, `BindingError` for a point that does not fit it.
    """
    accents = {"dot": "\u0307", "bar": "\u0304"}
    prose = _SPELLED.sub(lambda m: m[1] + accents[m[2]], prose[-_LONGEST_PROSE:])  # x-dot = 1
    decimal = _decimal(prose.replace("{,}", ","), decimal)
    point = _point(at)
    given = [Said(lettered(function)) for function in _functions_of(told)]
    said = statements(prose, decimal)
    definitions = {s.name: s.terms[0] for s in said if s.is_definition}
    remarks: list[str] = []
    whole = _joined([_of(one, point, remarks) for one in given or _functions(said)], definitions)
    if not whole.functions and not given:
        remarks += _unknown(prose)
    point = point or _prose_point(prose, said, whole, decimal)
    if given and at:
        _require_values(whole, point)
    variables = _with_point(whole, point)
    definitions = {name: terms for name, terms in definitions.items() if name not in variables}
    each = tuple(replace(one, point=point) for one in whole.each)
    text = flat(prose)[0]
    made = replace(whole, variables=variables, point=point, definitions=definitions, each=each,
                   remarks=tuple(remarks), wanted=_wanted(text), constants=_constants(text))  # fmt: skip
    starts = _starts(text, decimal)
    return replace(made, seed=_seed(prose, starts, made, decimal), weights=_weights(text, starts, made, decimal))


def _functions_of(told: Sequence[str] | str | None) -> Sequence[str]:
    return [told] if isinstance(told, str) else told or ()


def _require_values(whole: Asked, point: Mapping[str, Terms]) -> None:
    missing = sorted({*_names_of_all(whole.functions)} - set(point))
    if missing:
        raise BindingError(f"{', '.join(missing)} of the function has no value; give it one with --at")


def _with_point(whole: Asked, point: Mapping[str, Terms]) -> tuple[str, ...]:
    """The variables, those of the point too where the function says fewer, or others than it has."""
    variables = whole.variables or tuple(point)
    if set(variables) >= {*_names_of_all(whole.functions)} and not set(point) > set(variables):
        return variables
    return tuple(dict.fromkeys((*variables, *point)))


def _names_of_all(functions: Iterable[Terms]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(map(names_of, functions))))


def _of(said: Said, point: Mapping[str, Terms], remarks: list[str]) -> Asked | None:
    """One function by itself; None, and a remark, where it applies what nobody defines."""
    expression = said.expression
    if expression is None:  # the caller's: it must be read
        try:
            expression = _told(said.text, tuple((name, terms_shape(terms)) for name, terms in point.items()))
        except ParseError as problem:
            unknown = re.search(r"unknown function '([A-Za-zα-ωΑ-Ω])'", str(problem))
            if not unknown:
                raise
            remarks.append(_remark(unknown.group(1)))
            return None
    functions = inlined(expression, {*said.beside, *map(plainly, point)})
    variables = tuple(map(canonical, expression.parameters or ())) or tuple(point) or _ordered(_names_of_all(functions))
    last = expression.statements[-expression.outputs :]
    outputs = tuple(canonical(statement.name) if statement.name else "" for statement in last)
    return Asked(functions, outputs, variables, text=said.text.strip())


@lru_cache(maxsize=64)
def _told(text: str, point: tuple[tuple[str, Shape], ...]) -> Expression:
    """The caller's function, in which the variables of the point are what they are there: one for a whole class."""
    language = Language(FUNCTIONS, frozenset(dict(point)), shapes={name: shape for name, shape in point if shape})
    return readings(text, language, 1)[0].expression


def _ordered(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names with an index each in the order of these, others as they come."""
    parts = [re.fullmatch(r"([^_]+)_(-?\d+)", name) for name in names]
    numbered = sorted((m.group(1), int(m.group(2)), m.group()) for m in parts if m)
    return tuple(name for *_, name in numbered) if all(parts) else names


def _remark(name: str) -> str:
    return f"{name} is not a function that is known, so the trace is not held against it"


def _joined(found: Iterable[Asked | None], definitions: Mapping[str, Terms]) -> Asked:
    """The functions as outputs of one, and each by itself; definitions are put in."""
    whole = tuple(_with(one, definitions) for one in found if one)
    return Asked(
        tuple(chain.from_iterable(one.functions for one in whole)),
        tuple(chain.from_iterable(one.outputs for one in whole)),
        tuple(dict.fromkeys(chain.from_iterable(one.variables for one in whole))),
        text="; ".join(one.text for one in whole),
        each=whole if len(whole) > 1 else (),
    )


def _with(one: Asked, definitions: Mapping[str, Terms]) -> Asked:
    """A function with the definitions put in."""
    functions = one.functions
    own = set(_names_of_all(functions)).difference(one.variables)  # constants of f(x) = a x, with a = 3
    inner = {name: terms for name, terms in definitions.items() if names_of(terms) or name in own}
    for _ in inner:
        functions = tuple(put_in(terms, inner) for terms in functions)
    names = _names_of_all(functions)
    kept = tuple(name for name in one.variables if name not in inner)
    return replace(one, functions=functions, variables=kept if set(names) <= set(kept) else _ordered(names))


def _functions(said: Sequence[Said]) -> list[Said]:
    """The statements that are functions: those that say f(x) = ..., else the first formula with a name."""
    formulas = [s for s in said if s.has_names]
    strong, weak = [s for s in formulas if s.strong], [s for s in formulas if not s.inner]
    base = weak[0].name.partition("_")[0] if weak else ""
    several = [s for s in weak if re.fullmatch(rf"{re.escape(base)}_.*\d", s.name)] if base not in _ROWS else []
    return _once(strong or several or weak[:1])


def _once(said: Iterable[Said]) -> list[Said]:
    """The statements without those that say the same as one before."""
    once: dict[tuple[object, ...], Said] = {}
    for one in said:
        once.setdefault(tuple(tuple(term[0] for term in terms) for terms in one.terms), one)
    return list(once.values())


_ROWS = ("v", "w", "u", "x", "t", "z")
"""Letters of rows: a list of them is the trace, and no function with several outputs."""


def _unknown(prose: str) -> list[str]:
    """A remark on the first function that the prose applies and nobody defines: y = g(a b)."""
    applied = re.search(r"\b\w+(?:\([^()=]*\))?\s*=\s*\$?\s*([fghFGHφψϕ])\s*\(", prose)
    return [_remark(applied.group(1))] if applied and not re.search(rf"{applied.group(1)}\([^()]*\)\s*=", prose) else []


_COMMA = re.compile(
    r"\b(?:bei|und|mit|der|die|das|Stelle|Punkt|Ableitung|für|von|im|em|de|voor|het|een|et|och|og|avec|pour|dla|con|para)\b|"
    r"\d,\d+\s*;|(?<![\w,)}])(?<!, )[A-Za-z]\w*(?:_\{?\w+\}?)?\s*=\s*[-−]?\d+,\d+(?![\d,]|\s*,\s*\d)"
)
"""What tells decimal commas: words of their languages, semicolons between numbers, one name with 1,2."""


def _decimal(prose: str, tables: str) -> str:
    """A comma, where the prose writes 0,5 and never 0.5, and its words or its tables have commas."""
    comma = re.search(r"\d,\d", prose) and not re.search(r"\d\.\d", prose)
    return COMMA if comma and (tables == COMMA or _COMMA.search(prose)) else POINT


def _point(at: Mapping[str, Any] | None) -> dict[str, Terms]:
    """The caller's point.  Raises `BindingError`."""
    numbers, _ = read_point(at or {}, Language(FUNCTIONS))
    return {
        canonical(name): tuple(number) if isinstance(number, Entries) else constant(number, f"the value of {name}")
        for name, number in numbers.items()
    }


_PLACE = re.compile(r"(?:\b(?:at|point|in|bei|Stelle|Punkt)|@)\s*(?:the\s+point\s+)?(?:\$|`|\\\()?\s*"
                    r"(?:(?:\\(?:mathbf|boldsymbol|bm|vec|underline)\s*)?\{?[a-z]\w*\}?\s*=\s*|P\s*)?"
                    r"((?:\((?:[^()=\n$]|\([^()]*\)){1,200}\)|\[[^\[\]=\n$]{1,200}\]))", re.I)  # fmt: skip
_BAR = re.compile(r"\||\\mid(?![A-Za-z])")


def _values(text: str, decimal: str) -> list[Terms]:
    """The numbers of a tuple ``(2, pi/3)``; none if they are no constants."""
    parted = ";" in text
    text = text.replace(";", ",") if parted and decimal == POINT else text
    read = formula_in(f"p = {text}", decimal)
    found = list(inlined(read)) if read else []
    return found if not any(names_of(terms) for terms in found) else []


def _tuples(text: str, decimal: str) -> Iterator[list[Terms]]:
    """The numbers of the places that a text names: as decimals are in the prose, else with commas in the numbers of
    (0,5, 2) and (0,5 | 2).
    """
    for place in _PLACE.findall(text):
        said = "(" + _BAR.sub(";", place[1:-1]) + ")"
        yield _values(said, decimal)
        if re.search(r"\d,\d", said):
            yield _values(said if ";" in said else re.sub(r",\s+", "; ", said), COMMA)


def _prose_point(prose: str, said: Sequence[Said], whole: Asked, decimal: str) -> dict[str, Terms]:
    """The point that the prose states: of all variables, or none; without a function, what has values."""
    variables, single = whole.variables, dict[str, Terms]()
    for read in (s.expression for s in said if s.expression and not (s.strong or s.has_names)):
        single = single | {name: terms for name, terms in valued(read).items() if name not in single}
    if not variables:
        return single
    if set(variables) <= set(single):
        return {name: single[name] for name in variables}
    text = re.sub(r"_\{(-?\w+)\}", r"_\1", unmarked(prose))
    fitting = next((values for values in _tuples(text, decimal) if len(values) == len(variables)), [])
    return dict(zip(variables, fitting, strict=False))


_DERIVATIVE = re.compile(
    r"(?:∂|\\partial)\s*\{?[A-Za-z]\w*(?:_\{?\w+\}?)?\s*/\s*(?:∂|\\partial)\s*\{?([A-Za-z][A-Za-z0-9]*(?:_\{?\w+\}?)?)"
)


_TANGENT = re.compile(r"Setting ([^.]*(?:\.\d[^.]*)*?) (?:gives|setzt|yields)\b")
_CONSTANT = re.compile(r"\b(?:with|where) ([^.;:]{1,400}?) (?:held )?constant\b")


def _constants(text: str) -> frozenset[str]:
    """What the prose holds constant."""
    return frozenset(name for said in _CONSTANT.findall(text) for name in _listed(said, _NAMED))


def _wanted(text: str) -> frozenset[str]:
    """By what the prose wants derivatives."""
    wanted = {*map(canonical, _DERIVATIVE.findall(text))}
    if "other tangents" not in text:
        wanted |= {name for said in _TANGENT.findall(text) for name in _listed(said, _DOTTED)}
    return frozenset(wanted)


_NAMED = re.compile(r"\s*[^\W\d]\w*(?:_\{?\w+\}?)?\s*")
_DOTTED = re.compile(r"\s*(?=\w+\u0307)[^\W\d][\w\u0307]*(?:_\{?\w+\}?)?\s*")


def _listed(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The names of this kind in a list of words and equations, without their marks."""
    for piece in re.split(r",|=|\band\b|\bas in\b", text):
        if pattern.fullmatch(piece):
            yield canonical(piece.replace("\u0307", ""))


_BY = re.compile(r"\b(?:by|with respect to|w\.?r\.?t\.?|nach)\s*(?:\$|`)?\s*([A-Za-z](?:_?\{?\d+\}?)?)(?![\w(])", re.I)
_ALONG = re.compile(
    r"\b(?:along|direction|entlang|Richtung|seed)\s*(?:\$|`)?\s*(?:[a-z]\s*=\s*)?(\([^()\n$=]{1,200}\))", re.I
)


_STARTED = r"([-−+]?\s*(?:\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?|\\frac\{\d+\}\{\d+\}))(?![\w(/]|[.,]\d|\s*[*·×^+\-−])"
_MARKED = re.compile(rf"(?<![^\W_])([^\W\d_]\w*)([\u0304\u0307])(_?\{{?-?\w*\}}?)\s*=\s*{_STARTED}")
"""A tangent or an adjoint that is a number: ``ẋ_1 = 2``, ``f̄ = 2``."""
_SPELLED = re.compile(r"(?<!\w)([^\W\d_](?:_?\d{1,3})?)[-_ ]?(dot|bar)(?=\s*=)")
_BARE = re.compile(
    rf"\b(?:seed(?:ed)?(?:\s+(?:with|by|of|is))?|weight(?:ed)?(?:\s+(?:by|of|is))?|Gewicht|Saat(?:wert)?)\s*[:=]?\s*"
    rf"{_STARTED}(?:\s+(?:on|for|of|at|für)\s+(?:the\s+output\s+)?([A-Za-z]\w{{0,8}}(?:_\{{?\w+\}}?)?)(?!\w))?",
    re.I,
)
"""A seed without its mark: with seed 2, weight 3 on y."""
_WEIGHED = re.compile(r"\b(?:weights|seeds|Gewichte)(?!\w)([^.;]*(?:\.\d[^.;]*)*)", re.I)
_EACH = re.compile(rf"{_STARTED}\s+(?:on|for|of|für)\s+([A-Za-z]\w{{0,8}}(?:_\{{?\w+\}}?)?)(?!\w)")
_LIST = re.compile(r"\s*(?:are|of)?\s*(?:[a-z]\s*=\s*)?(\([^()=]{1,200}\))")
"""Several: weights 3 on y and -1 on z, weights (3, -1)."""
_FORWARDS = re.compile(r"forward|tangent|vorwärts", re.I)
_DOT, _BAR_OVER, _FORWARD, _BACKWARD = "\u0307", "\u0304", ">", "<"
"""What starts a sweep: a marked name, or a bare seed in a sentence that speaks of a forward sweep, or does not."""


def _starts(text: str, decimal: str) -> list[tuple[str, str, Terms]]:
    """The numbers with which the prose starts its sweeps, each with its mark and its name, "" where it has none; none
    to what is marked and has several.
    """
    told: dict[tuple[str, str], set[str]] = {}
    for name, mark, index, number in _MARKED.findall(text):
        told.setdefault((mark, canonical(name + index)), set()).add(number)
    found = [(mark, name, *numbers) for (mark, name), numbers in told.items() if len(numbers) == 1]
    for sentence in re.split(r"[.;](?!\d)|\n\n", text):
        mark = _FORWARD if _FORWARDS.search(sentence) else _BACKWARD
        found += [(mark, canonical(name) if name else "", number) for number, name in _BARE.findall(sentence)]
    return [(mark, name, values[0]) for mark, name, number in found if (values := _values(number, decimal))]


def _weights(text: str, starts: Sequence[tuple[str, str, Terms]], made: Asked, decimal: str) -> dict[str, Terms]:
    """The adjoints with which the prose starts the reverse sweep; a bare seed of a forward sweep is none."""
    found: dict[str, Terms] = {}
    for mark, name, number in starts:
        if mark in (_BAR_OVER, _BACKWARD) and name not in made.variables:
            found.setdefault(name, number)
    for several in _WEIGHED.findall(text):
        each = {canonical(name): _values(number, decimal) for number, name in _EACH.findall(several)}
        found |= {name: values[0] for name, values in each.items() if values and name not in made.variables}
        values = _values(listed[1], decimal) if (listed := _LIST.match(several)) else []
        if len(values) == len(made.outputs) > 1 and all(made.outputs):
            found |= dict(zip(made.outputs, values, strict=True))
    return found


def _started(starts: Sequence[tuple[str, str, Terms]], variables: Sequence[str]) -> dict[str, Terms]:
    """The tangents with which a sweep is said to start: by their marks, else by the first start that names one."""
    alone = variables[0] if len(variables) == 1 else ""
    named = [(mark, name or ("" if mark == _DOT else alone), x) for mark, name, x in starts]
    dotted = [(name, x) for mark, name, x in named if mark == _DOT and name in variables]
    bare = [(name, x) for mark, name, x in named if name and mark in (_FORWARD, _BACKWARD)]
    return dict(dotted or [one for one in bare[:1] if one[0] in variables])


def _seed(prose: str, starts: Sequence[tuple[str, str, Terms]], made: Asked, decimal: str) -> dict[str, Terms]:
    """The direction of the tangents, where the prose tells of one."""
    along = _ALONG.search(prose)
    values = _values(along.group(1), decimal) if along else []
    if values and len(values) == len(made.variables):
        return dict(zip(made.variables, values, strict=True))
    if tangents := _started(starts, made.variables):
        return tangents
    names = {canonical(name) for name in _BY.findall(prose)} & set(made.variables)
    if len(names) != 1:
        return {}
    return {name: constant(int(name in names), name) for name in made.variables}
