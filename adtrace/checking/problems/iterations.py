r"""Tables of gradient descent, or of Newton's method, with a step a row, and lists of steps, as equations.

``k | x_k | f(x_k) | f'(x_k) | x_{k+1}`` below ``f(x) = x^2, step size 0.1`` says ``value_0 = x_0^2 = 4``,
``slope_0 = 2 x_0 = 4``, ``x_1 = x_0 - 0.1 slope_0 = 1.6``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import inf

from adtrace.checking.patterns import NUMBER
from adtrace.checking.problems.asked import Asked, asked
from adtrace.checking.readings.bare import flat
from adtrace.checking.readings.rewriting import renamed, replaced, text_of
from adtrace.checking.sheets import Sheet, of_equations
from adtrace.checking.words import COUNTS, DERIVATIVES, ERRORS, GRADIENTS
from adtrace.checking.work.partials import partial_terms
from adtrace.checking.work.values import NoValue, value_of
from adtrace.errors import InputError
from adtrace.language.syntax import Terms
from adtrace.numbers.floats import FLOATS

_MARKUP = re.compile(r"\\(?:left|right|mathbf|boldsymbol|vec|bm|,|!|;)(?![A-Za-z])|[\s$`{}*]")
_SIGNS = {"\\partial": "∂", "\\nabla": "∇", "\\theta": "theta", "θ": "theta", "′": "'", "\\tfrac": "\\frac",
          "\\dfrac": "\\frac"}  # fmt: skip
_NOW = r"(?:_?\(?[ijknt]\)?|\^\(?[ijknt]\)?)?"
_NEXT = r"(?:_?\(?[ijknt]\+1\)?|\^\(?[ijknt]\+1\)?|_?\^?\(?(?:new|neu|next)\)?)"
_COUNT = re.compile(rf"{COUNTS}|[jt]|(?:it|step|epoch|schritt)[a-z]*\.?|", re.I)
_RATE = re.compile(
    r"(?:learning rate|step ?size|Lernrate|Schrittweite|\\alpha|\\eta|\\gamma|[αηγ]|\blr|\brate"
    r"|\bstep(?!\s*\d+\b(?![.]\d)))"  # Step 1
    r"[^\d=.;\n]{0,20}=?[\s$]*(\d*\.?\d+(?:/\d+)?)",
    re.I,
)
_RATES = r"(?:\\eta|\\alpha|[ηαγ]|lr|rate|\d*\.\d+)"
_WORD = re.compile(
    r"^(?:current|old|aktuell\w*?|position|point|value)(?=\w|\()"
    r"|^(new|gradient|slope|derivative|update|step)(?=\W|\w|$)",
    re.I,
)
"""The words before the letter of a heading: ``Current x``, ``Gradient f'(x)``."""
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_NEWTON = re.compile(r"\bnewton", re.I)
_STEPS = re.compile(r"descent|newton|abstieg|step|rate|\\eta|η|[inkt]\s?\+\s?1", re.I)

_OF_STEP = re.compile(r"(value|slope)_\{(\d+)\}\s*=")
_FUNCTION = re.compile(
    r"\$?(?<![A-Za-z])[A-Za-z]\s*\([A-Za-z]\)\s*=[^$\n]*?(?:\$|(?=\s(?:by|with|using|from|and|at|starting)\b|[,;.](?:\s|$)|$))",
    re.M,
)
"""What is minimised, which is none of the rows."""
_MOVED, _OF_UPDATES = re.compile(r"([^\W\d_]\w*(?:_?\{-?\w+\})?)\s*-\s*\(?\d"), 4
"""The parameter in the heading of a step, ``w - 0.1*dL/dw``, and the columns of a table of such steps."""


def _updated(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """What each row of ``parameter | value | dL/dw | w - 0.1*dL/dw`` says, whose letter is any parameter's."""
    heads = [flat(heading)[0] for heading in sheet.heading]
    slope, step = heads[-2:] if len(heads) == _OF_UPDATES else ("", "")
    moved = _MOVED.match(step) if slope and step.endswith(slope) else None
    if moved is None or any(row[0].strip(" $").isdecimal() for row in sheet.rows):  # of steps, not of parameters
        return
    parameter = re.compile(rf"(?<![A-Za-z])(d?){re.escape(moved[1])}(?![A-Za-z])(\u0304?)")
    for row, line in zip(sheet.rows, sheet.lines, strict=True) if parameter.search(slope) else ():
        name, *cells = (flat(cell)[0] for cell in row)
        name = name.replace("\\", "")
        base = name.partition("_")[0].rstrip("0123456789")
        index = name.removeprefix(base)
        by, after = (parameter.sub(rf"\g<1>{base}\g<2>{index}", of) for of in (slope, step))
        new = ",".join(filter(None, (index.strip("_{}"), "new")))
        told = zip((name, by, f"{base}_{{{new}}} = {after}"), cells, strict=True)
        yield from ((line, f"{what} = {cell}") for what, cell in told if cell)


_ROLES = {
    "old": r"old|current|before|initial|previous|start|alt|bisher|ancien|antiguo|anterior|viejo",
    "step": r"step|change|increment|schritt|änderung|delta|Δ|η|α|lr\b|learning rate|-?\s*0?\.\d",
    "slope": rf"{DERIVATIVES}|{GRADIENTS}|[d∂]\s?\w?\s?/\s?[d∂]|\\frac",
    "new": r"new|update|after|next|neu|nouve|nuevo|novo|actualizad|atualizad|新|업데이트|새로운",
}
"""What a column is called in a table of parameters and one step of gradient descent."""
_PARAMETER = re.compile(r"(\\?[^\W\d_]+)_?\{?(\w*)\}?")


def _moved(sheet: Sheet, prose: str) -> Iterator[tuple[int, str]]:
    """What each row of ``parameter | old value | gradient | new value`` says, with the learning rate of the prose; the
    new values may have their workings and no gradient beside them.
    """
    names = [*filter(None, (_PARAMETER.fullmatch(flat(row[0])[0].strip()) for row in sheet.rows))]
    rate, roles = _RATE.search(prose), _roles(sheet.heading[1:])
    steps = rate[1] if rate and "slope" in roles else ""
    worked = "slope" not in roles and all("=" in row[-1] for row in sheet.rows)
    if roles[-1:] != ["new"] or not (steps or worked) or len(names) < len(sheet.rows):
        return
    sign = _sign_of_steps(sheet, roles)
    for row, line, name in zip(sheet.rows, sheet.lines, names, strict=True):
        said = _said(row[0], name, steps, sign)
        yield from ((line, f"{said[role]} = {cell}") for role, cell in zip(roles, row[1:], strict=True) if cell)


def _sign_of_steps(sheet: Sheet, roles: Sequence[str]) -> str:
    """A minus where the steps of most rows go against their gradients."""
    signed = [dict(zip(roles, ("-" in cell for cell in row[1:]), strict=True)) for row in sheet.rows]
    return "-" if 2 * sum(row.get("slope") != row.get("step") for row in signed) > len(signed) else ""


def _said(parameter: str, name: re.Match[str], rate: str, sign: str) -> Mapping[str, str]:
    """What the columns say of a parameter, with the formulas of a step of this rate if there is one."""
    base, index = name.groups()
    slope = f"\\bar{{{base}}}_{{{index}}}" if index else f"\\bar{{{base}}}"
    new, step = (f"{base}_{{{','.join(filter(None, (index, role)))}}}" for role in ("new", "step"))
    moved = f"{rate}*{slope}"
    by_formula = {"new": f"{new} = {parameter} - {moved}", "step": f"{step} = {sign}{moved}"}
    told = by_formula if rate else {"new": new, "step": step}
    return {"old": parameter, "slope": slope, **told, "working": told["new"]}


def _roles(headings: Sequence[str]) -> list[str]:
    """What the columns are of a table of parameters; nothing where one is none of these."""
    titles = [flat(heading)[0].lower() for heading in headings]
    roles = [next((role for role, said in _ROLES.items() if re.search(rf"(?<!\w)(?:{said})", t)), "") for t in titles]
    roles = [role if role != "new" or k == len(roles) - 1 else "working" for k, role in enumerate(roles)]
    return roles if len({*roles}) == len(roles) and "" not in roles else []


def stepwise(sheet: Sheet, earlier: str) -> Sheet:
    """A table of this kind as equations, and the equations of steps with the formulas of what they are; any other as it
    is.  What the prose before it does not tell the ``earlier`` one does.
    """
    if moved := [*_updated(sheet)] or [*_moved(sheet, f"{earlier}\n{sheet.after}")]:
        return of_equations(sheet, moved)
    for prose in dict.fromkeys((sheet.before, earlier)) if sheet.heading else ():
        if told := _steps_told(sheet, prose):
            before = _FUNCTION.sub("", sheet.before) if sheet.equations else ""
            return replace(of_equations(sheet, told), before=before)
    return sheet


def _steps_told(sheet: Sheet, prose: str) -> list[tuple[int, str]]:
    """What the steps of a sheet are below some prose; nothing where they are none."""
    if not _STEPS.search(f"{prose}\n{sheet.heading}"):
        return []
    try:
        problem = _in_what_moves(asked(None, None, prose), " ".join(sheet.heading))
        iteration = _Iteration(problem, prose)
        alone = len(problem.functions) == 1 and problem.variables
        return [*(iteration.listed if sheet.equations else iteration.equations)(sheet)] if alone else []
    except (InputError, NoValue):
        return []


def _in_what_moves(problem: Asked, headings: str) -> Asked:
    """The problem with numbers for the variables that stand still: x and y of (w x - y)^2 beside a column of w."""
    still = {
        v: problem.point[v] for v in problem.variables
        if v in problem.point and not re.search(rf"(?:^|[^A-Za-z]|[d∂]){v.replace('_', '_?')}(?![A-Za-z])", headings)
    }  # fmt: skip
    moving = tuple(v for v in problem.variables if v not in still)
    if not still or not moving:
        return problem
    point = {v: terms for v, terms in problem.point.items() if v not in still}
    return replace(
        problem, variables=moving, point=point, functions=tuple(replaced(terms, still) for terms in problem.functions)
    )


@dataclass(frozen=True)
class _Iteration:
    """Steps from one point to the next."""

    problem: Asked
    prose: str

    @cached_property
    def roles(self) -> Mapping[str, tuple[str, ...]]:
        """What a heading may be, as a pattern, and the names of the numbers below it."""
        variables, f = (
            self.problem.variables,
            re.escape(self.problem.called or next(filter(None, self.problem.outputs), "f")),
        )
        each = [re.escape(v.replace("_", "")) for v in variables]
        whole, slopes = rf"(?:\({','.join(v + _NOW for v in each)}\)|[a-z])", [f"slope_{v}" for v in variables]
        roles = {
            rf"(?:new)?{whole.replace(_NOW, _NEXT + '?')}(?:(?<=[a-z]){_NEXT})?": tuple(f"{v}+" for v in variables),
            rf"{whole}{_NOW}": variables,
            rf"{f}(?:\(.*\)|_?\(?[ijknt]\)?)?|loss|cost": ("value",),
            rf"(?:∇|grad(?:ient)?){f}?{_NOW}(?:\(.*\))?": (*slopes,),
            rf"(?i:.*(?:{ERRORS}).*)|": ("error",),
        }
        if len(variables) == 1:
            told = rf"(?:{f}'(?:\(.*\))?|[-+*^().\d{each[0]}]+)"
            roles[rf"(?:gradient|slope|derivative){told}"] = (*slopes,)
            roles[rf"(?:step|update):?{_RATES}.*(?:grad.*|{f}'.*|\d*{each[0]})"] = (f"move_{variables[0]}",)
            roles[rf"(?:update|step|new\w*)?:?{each[0]}{_NOW}[-−].*"] = (f"{variables[0]}+",)
        for v, name in zip(each, variables, strict=True):
            by = rf"(?:[d∂]{f}(?:\(.*\))?/[d∂]{v}|\\frac[d∂]{f}[d∂]{v}){_NOW}(?:\(.*\))?|{f}_{v}(?:\(.*\))?"
            roles |= {rf"new{v}|{v}{_NEXT}": (f"{name}+",), rf"{v}{_NOW}": (name,), by: (f"slope_{name}",)}
        return roles | {rf"{f}'(?:\(.*\))?{_NOW}|slope": (*slopes,)}

    def role(self, heading: str) -> tuple[str, ...]:
        """The names of the numbers below a heading; none where it is something else."""
        left = heading
        for sign, meant in _SIGNS.items():
            left = left.replace(sign, meant)
        left = _WORD.sub(lambda word: (word[1] or "").lower(), _MARKUP.sub("", left.partition("=")[0]))
        return next((names for pattern, names in reversed([*self.roles.items()]) if re.fullmatch(pattern, left)), ())

    def equations(self, sheet: Sheet) -> Iterator[tuple[int, str]]:
        """What each row says, cell by cell; nothing where a column is none of an iteration."""
        columns = [*map(self.role, sheet.heading)]
        counts = bool(_COUNT.fullmatch(_MARKUP.sub("", sheet.heading[0])))
        names = {name for column in columns[counts:] for name in column}
        sheet = _without_gaps(sheet)
        counted = counts and all(row[0].strip(" $").isdecimal() for row in sheet.rows)
        moves = any(name.startswith(("slope_", "value") if counted else "slope_") for name in names)
        if not moves or not all((*columns[counts:], names.issuperset(self.problem.variables))):
            return
        at = [int(row[0].strip(" $")) for row in sheet.rows if counted]
        entries = self._of_next([*_entries(sheet, columns, counts, at)], columns)
        shown = {(name.removesuffix("+"), k + name.endswith("+")): number for _, name, k, number in entries}
        yield from self._by_method(shown)._equations(entries, names)

    def _by_method(self, shown: Mapping[tuple[str, int], str]) -> _Iteration:
        """The iteration with its method, Newton's where nobody tells it and the numbers do.  Raises `NoValue`."""
        if _RATE.search(self.prose) or _NEWTON.search(self.prose):
            return self
        if self._is_newton(shown):
            return replace(self, prose=f"{self.prose}\nNewton")
        if not self._is_even(shown):
            raise NoValue("nobody tells how long its steps are, and they differ")
        return self

    def _equations(self, entries: Sequence[_Entry], names: set[str]) -> Iterator[tuple[int, str]]:
        """What each number of a table is."""
        steps = {k for *_, k, _ in entries}
        yield from ((line, f"{self._told(name, k, names, steps)} = {number}") for line, name, k, number in entries)

    def _of_next(self, entries: Sequence[_Entry], columns: Sequence[tuple[str, ...]]) -> list[_Entry]:
        """The numbers of a table, those of the function behind the next point as values there, if that fits better."""
        names, off = [*chain.from_iterable(columns)], [0, 0]
        variable, *others = self.problem.variables
        if others or not any(name.endswith("+") for name in names[: names.index("value") if "value" in names else 0]):
            return [*entries]
        shown = {(name, k): number for _, name, k, number in entries if _PLAIN.fullmatch(number)}
        for (name, k), number in shown.items():
            both = [shown.get((here, k)) for here in (variable, f"{variable}+")]
            for place, here in enumerate(both if name == "value" and all(both) else ()):
                true = value_of(self.problem.functions[0], {variable: float(here or 0)}, FLOATS)
                off[place] += abs(float(true) - float(number)) > 1e-2 * (1 + abs(float(true)))
        moved = off[1] <= off[0]
        return [(line, name, k + (moved and name == "value"), number) for line, name, k, number in entries]

    def _is_newton(self, shown: Mapping[tuple[str, int], str]) -> bool:
        """Whether most of the steps, whose method nobody tells, lead where the tangent is 0."""
        variable, *others = self.problem.variables
        rows = [[shown.get((name, k), "") for name in (variable, "value", f"slope_{variable}")]
                + [shown.get((variable, k + 1), "")] for name, k in shown if name == "value"]  # fmt: skip
        steps = [([*map(float, row)], _unit(row)) for row in rows if all(map(_PLAIN.fullmatch, row))]
        off = [abs(x - value / (slope or inf) - after) <= 0.05 * abs(x - after) + unit
               for (x, value, slope, after), unit in steps]  # fmt: skip
        return not others and 2 * sum(off) >= len(off) > 1

    def _is_even(self, shown: Mapping[tuple[str, int], str]) -> bool:
        """Whether steps whose length nobody tells may be of one, as far as their digits tell."""
        least, most, off = -inf, inf, 2 * _unit(shown.values())
        for v, k in ((v, k) for v in self.problem.variables for _, k in shown):
            told = [shown.get(at, "") for at in ((v, k), (v, k + 1), (f"slope_{v}", k))]
            if all(map(_PLAIN.fullmatch, told)) and abs(float(told[2])) > off:
                moved, slope = float(told[0]) - float(told[1]), float(told[2])
                ends = [(moved + a) / (slope + b) for a in (-off, off) for b in (-off, off)]
                least, most = max(least, min(ends)), min(most, max(ends))
        return least <= most

    def listed(self, sheet: Sheet) -> list[tuple[int, str]]:
        """What each equation says; nothing where no derivative of a step is among them."""
        rows = [re.sub(r"^[ijknt]\s*=\s*\d+\s*:\s*", "", row[0].strip(" $")) for row in sheet.rows]
        if len(self.problem.variables) > 1:
            return []
        slopes, steps = any(row.startswith("slope_") for row in rows), [*map(self._step_of.match, rows)]
        if not (slopes or (_RATE.search(self.prose) and steps and all(steps))):
            return []
        each = [(line, part) for line, row in zip(sheet.lines, rows, strict=True) for part in self._parts(row, slopes)]
        slopes = any(part.startswith("slope_") for _, part in each)
        return [(line, self._with_formula(part, slopes)) for line, part in each]

    def _parts(self, row: str, slopes: bool) -> tuple[str, ...]:
        """The slope and the step of ``x_1 = x_0 - 0.1*8 = 1.2``; a row that is none as it stands."""
        (variable,) = self.problem.variables
        told = re.fullmatch(
            rf"({variable}_\{{?(\d+)\}}?\s*=)\s*{variable}_\{{?\d+\}}?\s*-\s*(?P<rate>[\d.]+)\s*(?:[*·×]|\\cdot)"
            rf"\s*\(?(?P<slope>{NUMBER})\)?\s*=(?P<result>[^=]*)", row
        )  # fmt: skip
        if told is None or slopes:
            return (row,)
        before = f"_{{{int(told[2]) - 1}}}"
        step = f"{told[1]} {variable}{before} - {told['rate']}*slope{before} ={told['result']}"
        return f"slope{before} = {told['slope']}", step

    @cached_property
    def _step_of(self) -> re.Pattern[str]:
        """A step in numbers, ``x_1 = 2 - 0.1*8``, where x_0 may stand by its name."""
        (variable,) = self.problem.variables
        return re.compile(rf"{variable}_\{{?(\d+)\}}?\s*=(?=\s*(?:{variable}_\{{?\d+\}}?)?[^A-Za-z]*(?:[*·×]|\\cdot))")

    def _with_formula(self, row: str, slopes: bool) -> str:
        """An equation of a step with the formula of what it is, where it has numbers alone: ``x_1 = 2 - 0.1*8``."""
        (variable,), rate = self.problem.variables, _RATE.search(self.prose)
        if step := _OF_STEP.match(row):
            told = self.problem.functions[0] if step[1] == "value" else self._partials[variable]
            return f"{step[0]} {self._at(told, int(step[2]))} = {row[step.end() :]}"
        put = self._step_of.match(row)
        if not put or not rate or _NEWTON.search(self.prose) or f"- {rate[1]}*slope" in row:
            return row
        k = int(put[1]) - 1
        slope = f"slope_{{{k}}}" if slopes else f"({self._at(self._partials[variable], k)})"
        return f"{put[0]} {variable}_{{{k}}} - {rate[1]}*{slope} = {row[put.end() :]}"

    def _told(self, name: str, k: int, names: Collection[str], steps: Collection[int]) -> str:
        """A number of a step with its formula: of a variable the step to it, if its derivative is among ``names`` and
        the step before is one of those that stand there; an error is of a kind that nobody tells.
        """
        if name.startswith("move_") and (rate := _RATE.search(self.prose)):
            return f"{_numbered(name, k)} = {rate[1]}*{_numbered(name.replace('move', 'slope', 1), k)}"
        if name == "error":
            return f"off_{{{k}}} = error(x_{{{k}}})"
        variable = name.removeprefix("slope_").removesuffix("+")
        if name == "value":
            return f"value_{{{k}}} = {self._at(self.problem.functions[0], k)}"
        if name.startswith("slope_"):
            return f"{_numbered(name, k)} = {self._at(self._partials[variable], k)}"
        k += name.endswith("+")
        start = self.problem.beside.get(f"{variable}_0", ()) if not k else ()
        is_step = k - 1 in steps and f"slope_{variable}" in names
        step = self._step(variable, k - 1) if is_step else text_of(start) if start else ""
        return f"{_numbered(variable, k)} = {step}".rstrip(" =")

    def _step(self, variable: str, k: int) -> str:
        """Where a step leads; nothing where nobody tells how long it is."""
        rate, (slope, here) = _RATE.search(self.prose), (_numbered(f"slope_{variable}", k), _numbered(variable, k))
        if _NEWTON.search(self.prose):
            return f"{here} - ({self._at(self.problem.functions[0], k)}) / {slope}"
        return f"{here} - {rate[1]}*{slope}" if rate else ""

    @cached_property
    def _partials(self) -> Mapping[str, Terms]:
        return partial_terms(self.problem.functions[0])

    def _at(self, terms: Terms, k: int) -> str:
        """A formula at the point of a step."""
        return text_of(renamed(terms, {v: _numbered(v, k) for v in self.problem.variables}))


_Entry = tuple[int, str, int, str]
"""A number of a table of steps: its line, its name, its step and what is printed."""


def _without_gaps(sheet: Sheet) -> Sheet:
    """A table without the rows of dots for steps that are left out."""
    kept = [k for k, row in enumerate(sheet.rows) if any(cell.strip(" .$…⋮|") not in ("", "\\vdots") for cell in row)]
    return replace(sheet, rows=tuple(sheet.rows[k] for k in kept), lines=tuple(sheet.lines[k] for k in kept))


def _entries(sheet: Sheet, columns: Sequence[tuple[str, ...]], first: int, counted: Sequence[int]) -> Iterator[_Entry]:
    """The numbers of a table of steps from a column on, each with line, name and step.  Raises `NoValue`."""
    steps = [k - counted[0] for k in counted] or range(len(sheet.rows))
    for k, row, line in zip(steps, sheet.rows, sheet.lines, strict=True):
        for cell, column in zip(row[first:], columns[first:], strict=True):
            numbers = cell.strip(" $()[]").replace("−", "-").split(",") if len(column) > 1 else [cell.strip(" $*")]
            if len(numbers) != len(column) and any(numbers):
                raise NoValue("it is no point")
            told = zip(column, numbers, strict=False)
            yield from ((line, name, k, number) for name, number in told if number.strip("-–—"))


def _unit(numbers: Iterable[str]) -> float:
    """A unit of the last digit of what is printed sharpest."""
    return min((10.0 ** -len(x.partition(".")[2]) for x in numbers), default=1.0)


def _numbered(name: str, k: int) -> str:
    """The name of a number of a step."""
    base, _, index = name.partition("_")
    return f"{base}_{{{index},{k}}}" if index else f"{base}_{{{k}}}"
