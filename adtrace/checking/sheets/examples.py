r"""Tables with an example, an entry or a step a row, and what is computed of each in its headings, as equations.

``x_i | y_i | \hat y_i = w x_i | \hat y_i - y_i`` above numbers is ``x = (1, 2)``, ``\hat y = w x = (3, 6)``, ...; with
``h_{t-1}`` in a heading each step has equations of its own, ``h_1 = tanh(a_1) = 0.38``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise

from adtrace.checking.patterns import FIGURES, MATRIX, NUMBER
from adtrace.checking.sheets import Sheet, of_equations
from adtrace.checking.sheets.equations import INSIDE
from adtrace.checking.sheets.units import by_units
from adtrace.checking.words import ADJOINTS, COUNTS, DERIVATIVES, TANGENTS
from adtrace.elementals import FUNCTIONS

_NUMBER = re.compile(NUMBER)
_ARRAY = re.compile(
    rf"[(\[][{FIGURES}()\[\]]*[)\]]|\\begin\{{({MATRIX})\}}(?:[{FIGURES}&]|\\\\)*\\end\{{\1\}}(?:\^.{{1,8}})?"
)
_WORD = re.compile(r"(?<![\\A-Za-z_{])[^\W\d_]{3,}(?![A-Za-z({])")
_FORMULA = re.compile(r"=|[-+*/^]|\\(?:frac|ln|log|exp|tanh|sigma|cdot)|[A-Za-z]\s*\(")
_RUNNING = re.compile(r"_\{([ijklmnt])\}|_([ijklmnt])(?![A-Za-z])|\^\{\(([ijklmnt])\)\}|\^\(([ijklmnt])\)")
_COUNTS = re.compile(rf"{COUNTS}|[jlmt]|layer|no\.?|example|sample|time|beispiel|exemple|ejemplo|", re.I)
_FUNCTION = re.compile(r"\$\s*\w+\s*\([^()=]*\)\s*=[^$]*\$")
_SPOKEN = re.compile(
    rf"{DERIVATIVES}|{ADJOINTS}|{TANGENTS}|val|wert|grad|adj|tang|forward|primal|dot|bar|[∂∇]|\\partial|\bd\w?/", re.I
)
_FEWEST = 2
"""Rows of numbers, and headings that are formulas, that such a table has at least."""


def by_columns(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The sheets with such tables as the equations of their columns, or of their rows where one is computed from the
    row before; ``p_{cat}`` elsewhere is the entry of the row cat.
    """
    sheets = [_by_names(by_units(sheet)) for sheet in sheets]
    if any(_OF_ARRAYS.search(text) for sheet in sheets for text in (sheet.before, *chain.from_iterable(sheet.rows))):
        sheets = [*map(_by_entries, sheets)]
    tables = [_table(sheet) for sheet in sheets]
    labels = {label: k for table in tables if table for k, label in enumerate(table.labels, 1) if label[1:].isalpha()}
    each = (table.equations(sheet) if table else sheet for sheet, table in zip(sheets, tables, strict=True))
    return tuple(_labelled(sheet, labels) if labels else sheet for sheet in each)


_NAME = re.compile(r"(?:[^\W\d_]|\\[a-z]+)(?:_?\d{1,2}|_\{?\w{1,3}\}?)?")


def _by_names(sheet: Sheet) -> Sheet:
    """The sheet with one row of numbers below names, a point as a rule, as an equation for each."""
    names, numbers = (tuple(map(_plain, (*row,))) for row in (sheet.heading, sheet.rows[0] if sheet.rows else ()))
    if len(sheet.rows) != 1 or not all(map(_NAME.fullmatch, names)) or not _are_numbers(numbers):
        return sheet
    told = (f"{name} = {number}" for name, number in zip(names, numbers, strict=True))
    return of_equations(sheet, ((sheet.lines[0], equation) for equation in told))


_OF_ARRAYS = re.compile(rf"\[\s*\[|\\begin\{{(?:{MATRIX})\}}")
_ENTRY = re.compile(r"(?:(?:entry|component|element|unit|neuron|eintrag|komponente)\s*|[ij]\s*=\s*)?(\d)", re.I)


def _by_entries(sheet: Sheet) -> Sheet:
    """The sheet with the entries of an array side by side, below their numbers, as an equation for each array."""
    first, *titles = (cell.strip(" $*") for cell in sheet.heading)
    places = [int(place[1]) for place in map(_ENTRY.fullmatch, titles) if place]
    counted = len(titles) > 1 and places in ([*range(len(titles))], [*range(1, len(titles) + 1)])
    arrays = [[number for number in map(_plain, row[1:]) if number] for row in sheet.rows]
    if sheet.equations or not counted or _COUNTS.fullmatch(first) or not all(map(_are_numbers, arrays)):
        return sheet
    told = [(line, f"{_plain(row[0])} = [{', '.join(numbers)}]") for row, line, numbers in
            zip(sheet.rows, sheet.lines, arrays, strict=True) if len(numbers) > 1]  # fmt: skip
    return of_equations(sheet, told) if len(told) == len(sheet.rows) else sheet


@dataclass(frozen=True)
class _Table:
    """Formulas above columns of numbers."""

    headings: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    """What the rows are called, or how they are counted."""
    lines: tuple[int, ...]

    @cached_property
    def letter(self) -> str:
        """The index of what stands in one row."""
        running = Counter(map("".join, _RUNNING.findall(" ".join(self.headings))))
        return next((letter for letter, _ in running.most_common(1)), "")

    @cached_property
    def is_stepwise(self) -> bool:
        """Whether a row is computed from the one before, or the next from it, or has arrays or derivatives of its own,
        and so is told by itself.
        """
        before = self.letter and re.search(rf"[{{_(]\s*{self.letter}\s*[-+]\s*1", " ".join(self.headings))
        derived = any(_DERIVED.match(heading) for heading in self.headings)
        return bool(before or derived or not all(map(_are_numbers, self.columns)))

    def equations(self, sheet: Sheet) -> Sheet:
        """The sheet with its equations, each a row."""
        told = of_equations(sheet, self._by_step() if self.is_stepwise else self._whole())
        moves = self.letter and re.search(rf"{self.letter}\s*\+\s*1", " ".join(self.headings))
        before = _FUNCTION.sub("", sheet.before) if moves else sheet.before  # what is minimised is no row
        if self.letter:  # nor is what is summed over all
            before = re.sub(rf"\$[^$]*\\sum_\{{?{self.letter}(?![A-Za-z])[^$]*\$", "", before)
        return replace(told, before=before)

    def _whole(self) -> Iterator[tuple[int, str]]:
        """All entries at once: x of x_i."""
        for heading, numbers in zip(self.headings, self.columns, strict=True):
            yield self.lines[0], f"{_RUNNING.sub(' ', heading)} = {_column(numbers)}"

    def _by_step(self) -> Iterator[tuple[int, str]]:
        """One step after the other: x_2 and h_1 of x_t and h_{t-1}."""
        counted = all(map(str.isdecimal, self.labels))
        for k, (label, line) in enumerate(zip(self.labels, self.lines, strict=True)):
            step = int(label) if counted else k + 1
            for heading, numbers in zip(self.headings, self.columns, strict=True):
                yield line, f"{self._at(heading, step)} = {numbers[k]}"

    def _at(self, heading: str, step: int) -> str:
        """A heading of one step: x_t is x_2 there, as is x where nothing has an index."""
        heading = re.sub(r"col_\{(\d+)\}", rf"col_{{\1,{step}}}", self._names.sub(rf"\1_{{{step}}}", heading))
        near = rf"(?<=[{{_(])\s*{self.letter or '(?!)'}\s*([-+])\s*1(?!\w)"
        heading = re.sub(near, lambda sign: str(step + (1 if sign[1] == "+" else -1)), heading)
        return _RUNNING.sub(lambda m: m[0].replace(self.letter, str(step)), heading)

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """The names that headings are of, where they stand without an index."""
        lefts = {_bare(heading.partition("=")[0]) for heading in self.headings}
        names = "|".join(left for left in lefts if re.fullmatch(r"[A-Za-z]+\d?", left)) or "(?!)"
        return re.compile(rf"(?<![\w\\]d)(?<![A-Za-z\\_](?<!d))({names})(?![A-Za-z_{{(]|[\s}}]*\^\s*\{{?\()")


def _table(sheet: Sheet) -> _Table | None:
    """A sheet of this kind, with numbers alone below headings of which several say how they are computed."""
    above = int(not any(sheet.heading))
    if sheet.equations or len(sheet.rows) < _FEWEST + above:
        return None
    titles = sheet.rows[0] if above else sheet.heading
    headings = tuple(_formula_of(title) or _by_words(title, sheet.before) for title in titles)
    headings = tuple(_told(headings, sheet.before))
    columns = tuple(zip(*(map(_plain, row) for row in sheet.rows[above:]), strict=True))
    first = int(bool(_COUNTS.fullmatch(headings[0])) or not _are_numbers(columns[0]))
    counted = columns[0] if first else tuple(map(str, range(1, len(columns[0]) + 1)))
    formulas = sum(bool(_FORMULA.search(heading)) for heading in headings[first:])
    table = _Table(headings[first:], columns[first:], counted, sheet.lines[above:])
    are_entries = _are_arrays if table.is_stepwise else _are_numbers
    if any(map(_SPOKEN.search, counted)):  # its columns are rows, with a value and an adjoint each
        return None
    return table if formulas >= _FEWEST and all(table.headings) and all(map(are_entries, table.columns)) else None


def _column(numbers: Sequence[str]) -> str:
    """A vector: (1, 2) may be a value and its tangent."""
    return "\\begin{bmatrix} " + r" \\ ".join(numbers) + " \\end{bmatrix}"


def _plain(cell: str) -> str:
    return cell.strip(" $*`").replace("−", "-")


def _are_numbers(cells: Sequence[str]) -> bool:
    return all(map(_NUMBER.fullmatch, cells))


def _are_arrays(cells: Sequence[str]) -> bool:
    return all(_ARRAY.fullmatch(cell) or _NUMBER.fullmatch(cell) for cell in cells)


def _formula_of(heading: str) -> str:
    """The formula of a heading, without the words beside it; nothing where it is words alone."""
    formulas = ["".join(found) for found in INSIDE.findall(heading)]
    text = formulas[0] if formulas else heading.strip(" *")
    words = {word.lower() for word in _WORD.findall(text)} - FUNCTIONS.keys() - {*_NAMED.findall(text.lower())}
    if words and (named := _BEHIND_WORDS.fullmatch(text)) and not formulas:
        return named[1]
    return "" if words or len(formulas) > 1 or _OPERATOR.fullmatch(text) else text.strip()


def _by_words(title: str, prose: str) -> str:
    """The formula that the prose has behind the words of a heading: ``hinge loss $y - t$``."""
    words = title.strip(" *")
    said = re.search(rf"\b{re.escape(words)}\s*(?:is|:|=)?\s*\$([^$=]+)\$", prose, re.I) if len(words) > 2 else None
    return said[1] if said else ""


_NAMED = re.compile(r"^[a-z]+(?=\s*=|/d)")
"""A word that a column is of: ``loss = max(0, 1 - m)``, ``dloss/dw``."""
_BEHIND_WORDS = re.compile(r"\W*(?:[^\W\d_]{3,}\s+)+([^\W\d]\w?(?:_\w{1,3})?)\W*")
"""Words with a name behind them: ``logit z``."""
_EXPONENTIAL = re.compile(r"(?:\\?exp\s*[({]|e\s*\^\s*\{?)\s*([^\W\d]\w*)[^\w+*/-]*")
_DERIVED = re.compile(r"(?:\\frac\s*\{)?\s*(?:\\partial\s*|[∂d])[^=]*/[^=]*$|\\frac\s*\{\s*\\partial[^=]*$")
_D = r"\s*(?:d|∂|\\partial)\s*"
_OPERATOR = re.compile(rf"{_D}/{_D}\\?\w+|\\[dt]?frac\s*\{{{_D}\}}\s*\{{{_D}\\?\w+\}}")
"""By what the rows of a table are differentiated, ``∂/∂x``."""
_INDEX = re.compile(r"_\{[^{}]*\}|_\w")
_BY = re.compile(r"(?:\\partial\s*|[∂d])([^\s={}/]+(?:\{[^{}]*\})?)\s*\}?\s*=")
"""By what is differentiated on the left of a heading."""


def _told(headings: Sequence[str], prose: str) -> Iterator[str]:
    """The formulas of headings as equations: as the prose before has them, with a name of its own for one without, and
    for the derivative by what is none of them, of one example alone.
    """
    lefts = {_bare(heading.partition("=")[0]) for heading in headings}
    if "z" in lefts:  # δ is its adjoint, as everybody calls it
        headings = [re.sub(r"^\\delta(?![A-Za-z])", r"\\bar{z}", heading) for heading in headings]
    sides = (formula.partition("=") for found in INSIDE.findall(prose) for formula in found)
    formulas = [*((left, right) for left, _, right in sides), *_softmaxes(headings, prose)]
    told = [_equation_of(heading, place, lefts, formulas) for place, heading in enumerate(headings, 1)]
    calls = [k for k, call in enumerate(headings) if call[-1:] == ")" and told[k].startswith(f"{call} =")]
    for text in told:
        for k in calls:
            text = text.replace(headings[k], f" col_{{{k + 1}}}")  # noqa: PLW2901
        yield text


def _softmaxes(headings: Sequence[str], prose: str) -> Iterator[tuple[str, str]]:
    """What stands beside exponentials where softmax is spoken of: ``z | e^z | p``."""
    for power, name in pairwise(headings) if "softmax" in prose.lower() else ():
        if (of := _EXPONENTIAL.fullmatch(_INDEX.sub("", power))) and "=" not in name:
            yield name, f"softmax({of[1]})"


def _equation_of(heading: str, place: int, lefts: Container[str], formulas: Sequence[tuple[str, str]]) -> str:
    """The formula of the heading at a place as an equation; ``lefts`` are what headings are of."""
    by, formula, right = _BY.search(heading), _INDEX.sub("", _RUNNING.sub("", heading)), _right_of(heading, formulas)
    if by and _bare(by[1]) not in lefts:
        return f"col_{{{place}}} = {heading.partition('=')[2]}"
    if "=" in heading or right or _DERIVED.match(heading) or not _FORMULA.search(formula):
        return heading + right
    return f"col_{{{place}}} = {heading}"


def _right_of(heading: str, formulas: Iterable[tuple[str, str]]) -> str:
    """What the prose says that a name is, after an equal sign; nothing where it says a number, or nothing."""
    same = (right for left, right in formulas if _bare(left) == _bare(heading) and "=" not in right)
    return next((f" = {right}" for right in same if re.search("[A-Za-z]", right)), "")


def _bare(name: str) -> str:
    """A name without the index of its row."""
    return _RUNNING.sub("", name).replace(" ", "").replace("{", "").replace("}", "")


def _labelled(sheet: Sheet, labels: Mapping[str, int]) -> Sheet:
    """A sheet with numbers for the labels of rows in indices."""
    index = re.compile(
        rf"_\{{?\s*(?:\\(?:text|mathrm)\s*\{{\s*)?({'|'.join(map(re.escape, labels))})\s*\}}{{0,2}}(?!\w)"
    )

    def numbered(text: str) -> str:
        return index.sub(lambda label: f"_{{{labels[label[1]]}}}", text)

    rows = tuple(tuple(map(numbered, row)) for row in sheet.rows)
    return replace(sheet, rows=rows, before=numbered(sheet.before), after=numbered(sheet.after))
