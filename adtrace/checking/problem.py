"""The problem that a table answers: its function, variables and point, as given or as the document states them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adtrace.checking.freehand import Reader, canonical, split
from adtrace.checking.grid import Grid
from adtrace.checking.local import BITS, NoValue, names_of, value_of
from adtrace.checking.markup import Unread, plain
from adtrace.elementals import FUNCTIONS
from adtrace.errors import BindingError, InputError, ParseError
from adtrace.language.parse import parse
from adtrace.language.syntax import Name, Term, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.exact import precision
from adtrace.tracing.point import constant

_LONGEST_STATEMENT = 1_000


@dataclass
class Problem:
    """What is asked."""

    functions: list[Terms] = field(default_factory=list)
    """One expression for each dependent variable; empty where it is not known."""
    variables: tuple[str, ...] = ()
    point: dict[str, Scalar] = field(default_factory=dict)
    given: bool = False
    """Whether the caller named the function, and the document did not."""
    text: str = ""
    remarks: list[str] = field(default_factory=list)


def problem_of(functions: Sequence[str], at: Mapping[str, Any] | None, documents: Sequence[Grid]) -> Problem:
    """The problem from what the caller gives, and for the rest from the text round the tables.

    Raises `ParseError` for a function that cannot be read, `BindingError` for a point that is not numbers.
    """
    problem = Problem()
    with precision(BITS):
        for name, number in (at or {}).items():
            try:
                problem.point[canonical(name)] = value_of(constant(number, f"the value of {name}"), {})
            except NoValue as reason:
                raise BindingError(f"the value of {name} is no real number: {reason}") from None
    problem.variables = tuple(problem.point)
    stated = [text for grid in documents for text in _statements(f"{grid.before}\n{grid.after}")]
    if functions:
        problem.given = True
        for text in functions:
            _add(problem, text, required=True)
    else:
        for text in stated:
            if _add(problem, text, required=False):
                break
    if not problem.point:
        problem.point = _stated_point(problem.variables, "\n".join(f"{g.before}\n{g.after}" for g in documents))
    return problem


def _add(problem: Problem, text: str, *, required: bool) -> bool:
    """Add a function from its text; return whether it is one."""
    read = _function(text, problem.variables)
    if read is None:
        unknown = _undefined_function(text)
        if required and unknown:
            problem.remarks.append(f"{unknown} is not a function that is known, so the trace is not held against it")
            return False
        if required:
            raise InputError(
                f"the function {text[:200]!r} cannot be read; expected such as 'f(x1, x2) = ln(x1) + x1*x2'"
            )
        return False
    formulas, parameters = read
    names = tuple(dict.fromkeys(name for terms in formulas for name in names_of(terms)))
    order = parameters or problem.variables or names
    if problem.variables and not set(names) <= set(problem.variables):
        if required:
            missing = ", ".join(name for name in names if name not in problem.variables)
            raise BindingError(f"{missing} of the function has no value; give it one with --at")
        return False
    if not names:
        return False
    if parameters and (not problem.variables or set(parameters) == set(problem.variables)):
        problem.variables = parameters
    elif not problem.variables:
        problem.variables = tuple(order)
    problem.functions += formulas
    problem.text = problem.text or text.strip()
    return True


def _function(text: str, variables: Sequence[str]) -> tuple[list[Terms], tuple[str, ...]] | None:
    """The outputs of a formula or a program, and the variables of its left side."""
    if len(text) > _LONGEST_STATEMENT:
        return None
    try:
        expression = parse(text, FUNCTIONS, declared=frozenset(variables))
    except (ParseError, InputError):
        return _freehand(text, variables)
    parameters = tuple(canonical(name) for name in expression.parameters or ())
    said: dict[str, Terms] = {}
    found: list[Terms] = []
    for statement in expression.statements:
        terms: list[Term] = []
        for term in statement.terms:
            known = said.get(term.name) if type(term) is Name else None
            terms += known or (term._replace(name=canonical(term.name)) if type(term) is Name else term,)
            if len(terms) > _LONGEST_STATEMENT:
                return None
        found.append(tuple(terms))
        if statement.name is not None:
            said[statement.name] = found[-1]
    return found[-expression.outputs :], parameters


def _undefined_function(text: str) -> str:
    """The name of a function that the text applies and that nobody defines: an activation z(...)."""
    right = text.rpartition("=")[2]
    called = re.findall(r"(?<![A-Za-z_0-9])([A-Za-z]{1,8})\s*\(", right)
    return next((name for name in called if len(name) <= 2 and name not in FUNCTIONS), "")


def _freehand(text: str, variables: Sequence[str]) -> tuple[list[Terms], tuple[str, ...]] | None:
    try:
        parts = [part.strip() for part in split(plain(text))]
    except Unread:
        return None
    parameters: tuple[str, ...] = ()
    while len(parts) > 1:
        left = parts.pop(0)
        called = re.fullmatch(r"[A-Za-z]\w*\s*\(([^()]*)\)", left)
        if called:
            parameters = tuple(canonical(re.sub(r"[{}\s]", "", piece)) for piece in called.group(1).split(","))
    known = set(parameters) | set(variables)
    if not known:
        known = {canonical(m) for m in re.findall(r"(?<![A-Za-z])[a-z]_?\{?\d*\}?(?![A-Za-z(])", parts[0])} - {"e"}
        known = {name.replace("{", "").replace("}", "") for name in known}
    if any(not re.fullmatch(r"[A-Za-z]+(_-?\d+)?", name) for name in known):
        return None
    try:
        return [tuple(Reader(known).read(parts[0]).terms)], parameters
    except Unread:
        return None


_FUNCTION = re.compile(
    r"(?:[a-zA-Z]_?\d?\s*=\s*)?[a-zA-Z]_?\d?\s*\([^()=]{1,60}\)\s*=[^=\n]{1,300}|\b[yfz]\s*=[^=\n]{1,300}"
)


def _statements(text: str) -> list[str]:
    """The pieces of a document's text that look like a function: within dollars or code, or to the end of a clause."""
    text = text[-20_000:]
    found: list[str] = []
    for piece in re.findall(r"\${1,2}([^$\n]{3,400})\$|`([^`\n]{3,400})`|\\\(([^\n]{3,400}?)\\\)", text):
        inside = next(filter(None, piece), "")
        if "=" in inside and _FUNCTION.search(_unbraced(inside)):
            found.append(inside)
    for line in text.split("\n"):
        bare = line.strip().strip("*# ")
        if "$" in bare or "|" in bare:
            continue
        match = _FUNCTION.search(_unbraced(bare))
        if match:
            clause = match.group()
            for cut in (
                r"\s+at\s",
                r"\s+(?:where|with|for|using|by|evaluated|when|and|in)\s",
                r"[;:]",
                r"\.\s",
                r"\.$",
            ):
                clause = re.split(cut, clause)[0]
            found.append(_to_comma(clause).strip())
    return found


def _to_comma(clause: str) -> str:
    """The clause to its first comma outside brackets: a point or a remark comes after it."""
    depth = 0
    for place, char in enumerate(clause):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            return clause[:place]
    return clause


def _unbraced(text: str) -> str:
    return re.sub(r"_\{(-?\w+)\}", r"_\1", text)


def _stated_point(variables: Sequence[str], text: str) -> dict[str, Scalar]:
    """``(x_1, x_2) = (2, 5)`` or ``x = 2, y = 5`` in the text."""
    text = _unbraced(re.sub(r"\\[,;! ]|\$", " ", text[-20_000:])).replace("π", "pi").replace("−", "-")
    text = re.sub(r"(?<=\d)\s*(?:\\times|×|\*)\s*10\^\{?\(?(-?\d+)\)?\}?", r"e\1", text)
    found: dict[str, Scalar] = {}
    number = r"(-?[\w./\\*^()]+?(?:(?<=\de)-\d+)?)"
    numbers = r"((?:(?<=\d)e(?=[-\d])|[\d\s.,/*^+(){}-]|\\?pi\b|\\?sqrt\b|\\frac|\be\b){1,200}?)"
    tuples = re.findall(rf"\(([A-Za-z][\w, _]{{1,80}})\)\s*=\s*\({numbers}\)(?=[\s.,;]|$)", text)
    for names, values in tuples:
        left = [canonical(name.strip()) for name in names.split(",")]
        right = [value.strip() for value in values.split(",")]
        if len(left) == len(right) and set(left) <= set(variables):
            found |= _numbers(left, right)
    if not found:
        for name in variables:
            base, _, index = name.partition("_")
            match = re.search(
                rf"(?<![A-Za-z_ₚ\u0307\u0304\\])(?<!dot\s)(?<!bar\s){base}_?{index}\s*=\s*{number}(?=[\s,;]|\.\s|\.?$)",
                text,
                re.M,
            )
            if match:
                found |= _numbers([name], [match.group(1)])
    return found if set(found) == set(variables) else {}


def _numbers(names: Sequence[str], texts: Sequence[str]) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for name, text in zip(names, texts, strict=True):
        try:
            with precision(BITS):
                found[name] = value_of(Reader().read(text).terms, {})
        except (Unread, NoValue):
            continue
    return found
