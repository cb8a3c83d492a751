r"""What is asked: the functions, the variables and the point, from the caller or from the prose round the tables.

``$f(x_1, x_2) = x_1 x_2$ at $(x_1, x_2) = (2, 5)$``, ``z = max(0, m) with m = k h at k = 2, h = 3``, ``For x = 2:``.
Patterns find where in the prose a formula may begin and end; what it says is read by the language of formulas.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain, combinations, groupby, islice
from typing import Any

from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import terms_shape
from adtrace.checking.problems.said import (
    END,
    Said,
    flat_prose,
    inlined,
    lettered,
    numbers_in,
    once,
    put_in,
    statements,
)
from adtrace.checking.problems.started import seed_of, starts_of, weights_of
from adtrace.checking.readings.arraytext import TRANSPOSE
from adtrace.checking.readings.hands import whole
from adtrace.checking.readings.names import LAYERED, Name, canonical, plainly
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.sheets import Sheet
from adtrace.checking.statements.pieces import is_of_arrays
from adtrace.checking.words import POINTS
from adtrace.checking.work.shapes import at_its_branch
from adtrace.checking.work.values import NoValue, value_of
from adtrace.elementals import FUNCTIONS, rule
from adtrace.errors import BindingError, InputError, ParseError
from adtrace.language.allowed import Language
from adtrace.language.readings import readings
from adtrace.language.syntax import Expression, Terms
from adtrace.numbers.floats import FLOATS
from adtrace.settings import COMMA, POINT
from adtrace.tracing.formulas import split
from adtrace.tracing.point import constant, read_point
from adtrace.tracing.point_arrays import Entries

_LONGEST_PROSE, _MOST_PARTS = 20_000, 12


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
    beside: Mapping[str, Terms] = field(default_factory=dict)
    """The values that the prose gives to other names, a learning rate."""
    definitions: Mapping[str, Terms] = field(default_factory=dict)
    """What the function is written in: m = k h of z = max(0, m)."""
    text: str = ""
    """The function as it is written."""
    each: tuple[Asked, ...] = ()
    """Several functions one by one, where each may belong to a table of its own."""
    told: bool = False
    """Whether the caller tells the functions."""
    pieces: int = 0
    """How many pieces of work there are."""
    seed: Mapping[str, Terms] = field(default_factory=dict)
    """The direction of the tangents that the prose tells: by x_2, along (1, -2)."""
    weights: Mapping[str, Terms] = field(default_factory=dict)
    """The adjoints of outputs that the prose tells, by their names; "" is the only one: with seed 2."""
    wanted: frozenset[str] = frozenset()
    """The variables by which the prose wants derivatives, gives ∂L/∂W and ∂L/∂x; none where it does not say."""
    constants: frozenset[str] = frozenset()
    """The variables that the prose holds constant: A of f(x) = x.T A x, too."""
    remarks: tuple[str, ...] = ()
    """What could not be held against the tables, and why."""

    @cached_property
    def called(self) -> str:
        """The letter of the function, f of f(x, y) = x y; nothing where it has none."""
        left = re.match(r"\s*([A-Za-z]\w{0,8})\s*\(", self.text.partition("=")[0] if "=" in self.text else "")
        return left[1] if left else ""

    @property
    def moving(self) -> tuple[str, ...]:
        """The variables by which it may be differentiated."""
        return tuple(name for name in self.variables if name not in self.constants)

    @property
    def alone(self) -> bool:
        """Whether one piece of work is to compute all functions."""
        return self.pieces == 1 and (self.told or not self.each)

    @property
    def parts(self) -> Iterator[Asked]:
        """Some of the functions without the others: most of them first, where one piece of work is to have all."""
        named = list(zip(self.functions, self.outputs, strict=True)) if self.alone else []
        some = chain.from_iterable(combinations(named, size) for size in reversed(range(1, len(named))))
        several = (tuple(zip(*of, strict=True)) for of in islice(some, _MOST_PARTS))
        yield from (replace(self, functions=of, outputs=names) for of, names in several) if named else self.each


def prose_of(sheets: Iterable[Sheet]) -> str:
    """The prose round the tables of a document, once; beside transposes ``T = 2`` counts steps and is no variable."""
    each = [*sheets]
    prose = "\n\n".join(dict.fromkeys(text for sheet in each for text in (sheet.before, sheet.after) if text.strip()))
    transposes = any(TRANSPOSE.search(cell) for sheet in each for row in sheet.rows for cell in row)
    return _STEPS.sub("", prose) if transposes else prose


_STEPS = re.compile(r"(?<![\w\\])T\s*=\s*\d+(?![\d.])")


def asked(
    told: Sequence[str] | str | None, at: Mapping[str, Any] | None, prose: str, decimal: str = POINT
) -> Asked:  # fmt: skip
    """What is asked: the caller's functions and point, for what the caller does not give the prose's; ``decimal`` is
    the sign of the tables.

    Raises `ParseError` for a function that cannot be read, `BindingError` for a point that does not fit it.
    """
    prose = _SPELLED.sub(r"\1_\2", prose[-_LONGEST_PROSE:])  # x-dot = 1
    decimal = _decimal(prose.replace("{,}", ","), decimal)
    text, point = flat_prose(prose), _point(at)
    said, text = statements(text, decimal, point), text.replace(END, " ")
    definitions = _definitions(said)
    remarks = [] if told else _unknown(said)
    functions = [_told_by(lettered(one), point, remarks) for one in ([told] if isinstance(told, str) else told or ())]
    whole = _joined(functions or [*map(_one, _functions(said))], definitions)
    if functions and at:
        _require_values(whole, point)
    point = point or _prose_point(text, said, whole, decimal)
    variables = _with_point(whole, point)
    definitions = _without(definitions, variables)
    beside = _without(_values(said), {*variables, *definitions})
    whole, *each = (replace(one, functions=tuple(at_its_branch(terms, point) for terms in one.functions), point=point)
                    for one in (whole, *whole.each))  # fmt: skip
    starts = starts_of(text, said, variables, decimal)
    return replace(
        whole, variables=variables, beside=beside, definitions=definitions, each=tuple(each), remarks=tuple(remarks),
        seed=seed_of(text, starts, variables), weights=weights_of(starts, whole.outputs, variables),
        wanted=_wanted(text, variables), constants=whole.constants | _constants(text, variables), told=bool(told),
    )  # fmt: skip


def _definitions(said: Sequence[Said]) -> dict[str, Terms]:
    """What formulas are written in: no number of the prose that none of them has."""
    used = {name for one in said for name in names_of(one.terms)}
    return {one.name: one.terms for one in said if one.is_definition and (one.has_names or one.name in used)}


def _without(said: Mapping[str, Terms], names: Collection[str]) -> dict[str, Terms]:
    return {name: terms for name, terms in said.items() if name not in names}


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


def _one(said: Said) -> Asked:
    """One function of the prose by itself."""
    functions = said.entries
    variables = tuple(chain.from_iterable(_called_so(name, _names_of_all(functions)) for name in said.parameters))
    names = [name.variable for name in said.names]
    outputs = (*names, *[""] * len(functions))[: len(functions)]
    every = _ordered(_names_of_all(functions))
    constants = frozenset(every).difference(variables) if variables else frozenset[str]()
    return Asked(functions, outputs, variables or every, text=said.text, constants=constants)


def _called_so(name: str, names: Sequence[str]) -> Sequence[str]:
    """A parameter, or what it stands for: w0 and w1 of f(w, x) = w0*x0 + w1."""
    numbered = [other for other in names if other.partition("_")[0] == name and "_" in other]
    return [name] if name in names else numbered or [name]


def _told_by(text: str, point: Mapping[str, Terms], remarks: list[str]) -> Asked | None:
    """The caller's function by itself; None, and a remark, where it applies what nobody defines."""
    try:
        expression = _told(text, tuple((name, terms_shape(terms)) for name, terms in point.items()))
    except ParseError as problem:
        unknown = re.search(r"unknown function '([A-Za-zα-ωΑ-Ω])'", str(problem))
        if not unknown:
            raise
        remarks.append(_remark(unknown.group(1)))
        return None
    functions = inlined(expression, map(plainly, point))
    variables = tuple(map(canonical, expression.parameters or ())) or tuple(point) or _ordered(_names_of_all(functions))
    last = expression.statements[-expression.outputs :]
    outputs = tuple(canonical(statement.name or "") for statement in last)
    return Asked(functions, outputs, variables, text=text.strip())


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
        constants=whole[0].constants if len(whole) == 1 else frozenset(),
    )


def _with(one: Asked, definitions: Mapping[str, Terms]) -> Asked:
    """A function with the definitions put in."""
    functions = one.functions
    own = set(_names_of_all(functions)).difference(one.variables)  # constants of f(x) = a x, with a = 3
    inner = {name: terms for name, terms in definitions.items() if names_of(terms) or name in own}
    if one.called:  # f(x, y), of which y = v_3 is the result
        told = {*one.variables, *definitions}
        inner = {n: terms for n, terms in inner.items() if n not in one.variables or told.issuperset(names_of(terms))}
    for _ in inner:
        functions = tuple(put_in(terms, inner) for terms in functions)
    names = _names_of_all(functions)
    kept = tuple(name for name in one.variables if name not in inner)
    return replace(one, functions=functions, variables=kept if set(names) <= set(kept) else _ordered(names))


def _unknown(said: Iterable[Said]) -> list[str]:
    """A remark on the first function that the prose applies and nobody defines, where it states no other."""
    formulas = [s.unknown for s in said if s.has_names]
    return [_remark(formulas[0])] if formulas and all(formulas) else []


def _formulas(said: Sequence[Said]) -> Iterator[Said]:
    """The statements that are formulas; none of v and z where v_1 has a number, the general ``y = v_j z_j``."""
    numbers = _values(said)
    for one in said:
        general = any(f"{name}_1" in numbers and name not in numbers for name in names_of(one.terms))
        if one.has_names and not (one.unknown or one.mark) and not general and not _is_activation(one, numbers):
            yield one


def _functions(said: Sequence[Said]) -> list[Said]:
    """The statements that are functions: those that say f(x) = ..., else the first formula with a name."""
    formulas = [*_formulas(said)]
    strong, weak = [s for s in formulas if s.parameters], [s for s in formulas if not s.inner]
    base = weak[0].name.partition("_")[0] if weak else ""
    several = [s for s in weak if re.fullmatch(rf"{re.escape(base)}_.*\d", s.name)]
    if base in _ROWS and len(several) > 1:
        return strong or _end(once(weak))
    return once(strong or _end_of(several, formulas) or several or weak[:1])


def _is_activation(said: Said, values: Mapping[str, Terms]) -> bool:
    """Whether a function is what neurons apply, told beside the numbers of others, and not what is asked."""
    if len(said.parameters) != 1 or {*said.parameters} == {*values} or any(map(terms_shape, values.values())):
        return False
    with suppress(NoValue):
        return any(_at_two(said.terms, said.parameters[0]) == _at_two(rule(f"{name}(x)"), "x") for name in _ACTIVATIONS)
    return False


def _at_two(terms: Terms, name: str) -> list[float]:
    """What a function comes to at two numbers, as doubles differ."""
    return [round(float(value_of(terms, {name: x}, FLOATS)), 9) for x in (-1.25, 0.75)]


_ACTIVATIONS = ("relu", "sigmoid", "tanh")


def _end_of(several: Sequence[Said], formulas: Sequence[Said]) -> list[Said]:
    """The end of formulas that use all of several, y = h_1 + h_2; nothing where they do not."""
    used = {name for one in formulas for name in names_of(one.terms)}
    return _end(once(formulas)) if len(several) > 1 and used.issuperset(one.name for one in several) else []


def _end(rows: Sequence[Said]) -> list[Said]:
    """The one of the rows that no other uses, the others put in; nothing where there are several."""
    whole = dict[str, Terms]()
    with suppress(InputError):  # too many terms
        for row in rows:
            whole[row.name] = put_in(row.terms, whole)
    ends = [row for row in rows if not any(row.name in names_of(other.terms) for other in rows)]
    return [replace(end, terms=whole[end.name]) for end in ends if len(ends) == 1 and end.name in whole]


_ROWS = ("v", "w", "u", "x", "t", "z")
"""Letters of rows: a list of them is the trace, and a function if it has one end."""


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


_PLACE = re.compile(
    rf"(?:\b(?:at|in|en|em|bei|from|start(?:ing)?(?:\s+(?:at|from))?:?|{POINTS})|точке|点|@)\s*(?:the\s+point\s+)?"
    r"(?:[a-z]\w*[\u0300-\u036f\u20d7]*\s*=\s*|P\s*)?"
    r"(\((?:[^()=\n]|\([^()]*\)){1,200}\)|\[[^\[\]=\n]{1,200}\])",
    re.I,
)


def _tuples(text: str, decimal: str, called: str) -> Iterator[list[Terms]]:
    """The numbers of the places in a text, and to which the function is applied: with the prose's decimals, else with
    commas, (0,5, 2) and (0,5 | 2).
    """
    calls = re.findall(rf"(?<![\w\\∂'/]){called}\s?(\([-+−\d][^()=\n]{{0,80}}\))", text) if called else []
    for place in (*_PLACE.findall(text), *calls):
        said = "(" + place[1:-1].replace("|", ";") + ")"
        yield numbers_in(said, decimal)
        yield numbers_in(re.sub(r",\s+", "; ", said), COMMA)
        yield [] if ";" in said else numbers_in(said, POINT)  # three of them, of which two stand for none


def _values(said: Iterable[Said]) -> dict[str, Terms]:
    """The first value of each name that has one."""
    single = dict[str, Terms]()
    for one in said:
        single |= {name: number for name, number in one.values.items() if name not in single}
    return single


def _prose_point(text: str, said: Sequence[Said], whole: Asked, decimal: str) -> dict[str, Terms]:
    """The point that the prose states: of all variables, or of some, if one is an array; without a function, what has
    values.
    """
    variables, single = whole.variables, _values(said)
    if not variables:
        return _without_coefficients(single)
    single |= _of_vector(variables, single)
    if set(variables) <= set(single):
        return {name: single[name] for name in variables}
    fitting = next((values for values in _tuples(text, decimal, whole.called) if len(values) == len(variables)), [])
    some = {name: terms for name, terms in single.items() if name in variables}
    of_arrays = any(map(is_of_arrays, whole.functions))
    if fitting and not of_arrays:  # else (1, -1) is one of them
        return dict(zip(variables, fitting, strict=True))
    return some


def _of_vector(variables: Sequence[str], point: Mapping[str, Terms]) -> dict[str, Terms]:
    """The entries of u = (2, 0.5), where variables are u_1 and u_2, or u_0 and u_1."""
    found = dict[str, Terms]()
    for base, entries_of in groupby(variables, lambda name: name.partition("_")[0]):
        names, vector = [*entries_of], point.get(base, ())
        found |= dict(zip(names, split(vector)[1], strict=True)) if terms_shape(vector) == (len(names),) else {}
    return {name: terms for name, terms in found.items() if name not in point}


def _without_coefficients(point: Mapping[str, Terms]) -> dict[str, Terms]:
    """The point without tangents beside the values of their variables: ``x^{(1)}`` of x."""
    parts = {name: LAYERED.fullmatch(name) for name in point}
    return {name: number for name, number in point.items() if not (of := parts[name]) or of[1] + of[3] not in point}


_SPELLED = re.compile(r"(?<!\w)([^\W\d_](?:_?\d{1,3})?)[- ](dot|bar)(?=\s*=)")
_DERIVATIVE = re.compile(r"∂\s*[A-Za-z]\w*(?:_\{?\w+\}?)?\s*/\s*∂\s*([A-Za-z][A-Za-z0-9]*(?:_\{?\w+\}?)?)")
_TANGENT = re.compile(r"Setting ([^.]*(?:\.\d[^.]*)*?) (?:gives|setzt|yields)\b")
_CONSTANT = re.compile(r"\b(?:with|where) ([^.;:]{1,400}?) (?:held )?constant\b")


def _constants(text: str, variables: Collection[str]) -> frozenset[str]:
    """What the prose holds constant."""
    return frozenset(
        name.variable for said in _CONSTANT.findall(text) for name in _listed(said, variables) if not name.mark
    )


def _wanted(text: str, variables: Collection[str]) -> frozenset[str]:
    """By what the prose wants derivatives."""
    wanted = {*map(canonical, _DERIVATIVE.findall(text))}
    told = [name for said in _TANGENT.findall(text) for name in _listed(said, variables)]
    if "other tangents" not in text and not (wanted and any(name.mark == "bar" for name in told)):
        wanted |= {name.variable for name in told if name.mark in ("dot", "order1")}  # else all that it wants is ∂y/∂x
    return frozenset(wanted)


def _listed(text: str, variables: Collection[str]) -> Iterator[Name]:
    """The names in a list of words and equations."""
    names = (whole(piece, frozenset(variables)) for piece in re.split(r",|=|\band\b|\bas in\b", text))
    return (name for name in names if name is not None)
