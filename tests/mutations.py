"""Every small change of our own tables: a row or a cell gone, doubled or exchanged, one character another.

`mutations` yields them with an oracle's word on each: whether the changed table *must* not pass, since a cell is now
empty, missing or wrong.  The oracle reads the cells by itself (latex_reader), at two points of its own, and knows what
leaves a table right: equal cells exchanged, ``v_1`` for ``v_2`` where both are the same function, a last digit.

    python tests/mutations.py [seed]      # all changes of all tables: about half an hour; what passes is printed
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from latex_reader import evaluate, key
from planted import FUNCTIONS, Numbers, fill, partials, structure

import adtrace

STYLES = (
    "three-part", "griewank", "cs107", "directional", "four-column", "aligned", "ledger", "numbered-from-one",
    "baydin", "cppad", "stored-partials",
)  # fmt: skip
MODES = ("forward", "reverse", "both")
FORMATS = ("markdown", "latex", "text", "html", "csv", "json")
TABLES = 40
DIGITS = 4


class Span(NamedTuple):
    """A cell: where it stands in the document, and what it says in LaTeX."""

    start: int
    end: int
    latex: str


@dataclass(frozen=True)
class Row:
    """A row: where it stands, its cells, and whether it is the first of a table."""

    start: int
    end: int
    cells: tuple[Span, ...]
    first: bool = False


@dataclass(frozen=True)
class Made:
    """A table that adtrace made, and what it is of."""

    place: int
    style: str
    mode: str
    format: str
    text: str = field(repr=False)
    rows: tuple[Row, ...] = field(repr=False)


class Mutation(NamedTuple):
    """A changed document: how it was changed, where, and whether it must not pass."""

    kind: str
    where: str
    document: str
    demanded: bool


# ---- reading our own documents -----------------------------------------------------------------------------------


def _plain(latex: str) -> str:
    """A cell's formula without what is only looks."""
    latex = re.sub(r"\\(mathbf|boldsymbol)\{([^{}]*)\}", r"\2", latex.replace("$", ""))
    latex = re.sub(r"D_\{p\}", r"\\dot", latex).replace("\\mathrel{+}=", "=").replace("\\,", " ")
    latex = re.sub(r"([a-z]_\{-?\d+\}|y)\^\{\(1\)\}", r"\\dot \1", latex)
    return latex.replace("\\tfrac", "\\frac").replace("} }", "}}").replace("} }", "}}").strip()


def _markdown(text: str) -> tuple[Row, ...]:
    rows, start, heading = [], 0, True
    for line in text.splitlines(keepends=True):
        if line.startswith("|:"):
            heading = False
            first = True
        elif line.startswith("|") and not heading:
            bars = [m.start() for m in re.finditer(r"(?<!\\)\|", line)]
            cells = [_span(text, start + a + 1, start + b) for a, b in pairwise(bars)]
            rows.append(Row(start, start + len(line), tuple(cells), first))
            first = False
        elif not line.startswith("|"):
            heading = True
        start += len(line)
    return tuple(rows)


def _span(text: str, start: int, end: int, said: Callable[[str], str] = _plain) -> Span:
    """A cell without the blanks round it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end, said(text[start:end]))


def _latex(text: str) -> tuple[Row, ...]:
    rows, first = [], True
    for match in re.finditer(r"^(\\adtrow|\\adttied) (.*?) \\\\\n|^\\adtheadend", text, re.M):
        if match[1] is None:
            first = True
            continue
        edges = [
            match.start(2) - 1,
            *(match.start(2) + e for m in re.finditer(r"&|\\adtand", match[2]) for e in m.span()),
        ]
        edges.append(match.end(2))
        starts = edges[0::2]
        cells = [_span(text, start, end) for start, end in zip(starts, edges[1::2], strict=True)]
        rows.append(Row(match.start(), match.end(), tuple(cells), first))
        first = False
    return tuple(rows)


_SMALL = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋", "0123456789-")


def _from_text(said: str) -> str:
    """Unicode of the text format as LaTeX."""
    said = re.sub(r"([₋]?[₀-₉]+)", lambda m: "_{" + m[1].translate(_SMALL) + "}", said)
    said = re.sub(r"([a-z])\u0304", r"\\bar \1", said.replace("ȳ", "y\u0304"))
    said = re.sub(r"([a-z])\u0307", r"\\dot \1", said.replace("ẋ", "x\u0307").replace("ẏ", "y\u0307"))
    said = re.sub(r"∂(\w_\{-?\d+\}|\w)/∂(\w_\{-?\d+\}|\w)", r"\\frac{\\partial \1}{\\partial \2}", said)
    said = re.sub(r"× (\\frac\{\\p)", r"\1", said.replace("+=", "="))
    said = re.sub(r"(?<![\\a-z])(ln|exp|sin|cos|sqrt)\(", r"\\\1(", said)
    return _plain(said.replace("×", r"\times").replace("−", "-").replace("Dₚ", "\\dot ").replace("⁽¹⁾", "^{(1)}"))


def _text(text: str) -> tuple[Row, ...]:
    rows, start, inside, first = [], 0, False, False
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare and not set(bare) - set("─ ═│"):
            inside, first = True, True
        elif not bare:
            inside = False
        elif inside and set(bare) - set("│▲▼┄ "):
            parts = [m.span() for m in re.finditer(r"(?:(?![│▲▼])\S)+(?: (?:(?![│▲▼])\S)+)*", line)]
            cells = [_span(text, start + a, start + b, _from_text) for a, b in parts]
            rows.append(Row(start, start + len(line), tuple(cells), first))
            first = False
        start += len(line)
    return tuple(rows)


def _from_html(said: str) -> str:
    """MathML of the page as LaTeX."""
    said = re.sub(r"<mover[^>]*>(.*?)<mo[^>]*>¯</mo></mover>", r"\\bar \1", said)
    said = re.sub(r"<mover[^>]*>(.*?)<mo[^>]*>˙</mo></mover>", r"\\dot \1", said)
    frac = r"<mfrac><mrow><mi>∂</mi>(.*?)</mrow><mrow><mi>∂</mi>(.*?)</mrow></mfrac>"
    said = re.sub(frac, r"\\frac{\\partial \1}{\\partial \2}", said)
    said = re.sub(r"<msub><mi>D</mi><mi>p</mi></msub><mo[^>]*>\u2062</mo>", r"\\dot ", said)
    first = r"<mrow><mo>\(</mo><mn>1</mn><mo>\)</mo></mrow>"
    said = re.sub(rf"<msubsup>(<mi>.</mi>)<mrow>([^()]*?)</mrow>{first}</msubsup>", r"\\dot \1_{\2}", said)
    said = re.sub(rf"<msup><mrow>(<mi>.</mi>)</mrow>{first}</msup>", r"\\dot \1", said)
    said = re.sub(r"<msub>(.*?)<mrow>(.*?)</mrow></msub>", r"\1_{\2}", said)
    said = re.sub(r"<msup>(.*?)<mrow>(.*?)</mrow></msup>", r"\1^{\2}", said)
    said = re.sub(r"<mi>(ln|exp|sin|cos)</mi>", r"\\\1", said)
    said = re.sub(r"<msqrt>(.*?)</msqrt>", r"\\sqrt{\1}", said)
    said = re.sub(r"<[^>]*>", "", said).replace("\u2061", "").replace("\u2062", " ").replace("+=", "=")
    return _plain(said.replace("×", r" \times ").replace("−", "-"))


def _html(text: str) -> tuple[Row, ...]:
    rows, first = [], True  # a heading in two lines has a row before the body
    each = re.compile(r'<tr role="row"[^>]*>.*?</tr>\n?|<tbody', re.S)
    for match in each.finditer(text, text.find("<tbody")):
        if match[0].startswith("<tbody"):
            first = True
        found = re.finditer(r'<(td|th) role="(?:cell|rowheader)"[^>]*>(.*?)</\1>', match[0], re.S)
        cells = [_span(text, match.start() + m.start(2), match.start() + m.end(2), _from_html) for m in found]
        if cells:
            rows.append(Row(match.start(), match.end(), tuple(cells), first))
            first = False
    return tuple(rows)


def _csv(text: str) -> tuple[Row, ...]:
    rows, start = [], 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        cells = [_span(text, start + m.start(1), start + m.end(1)) for m in re.finditer(r'"([^"]*)"', line)]
        if number and cells:
            rows.append(Row(start, start + len(line), tuple(cells), number == 1))
        start += len(line)
    return tuple(rows)


def _from_json(said: str) -> str:
    """A formula as Python would have it, in LaTeX."""
    said = re.sub(r"([a-z])_(\d+)", r"\1_{\2}", said.replace("*", r" \times "))
    return _plain(re.sub(r"(?<![\\a-z])(ln|exp|sin|cos|sqrt)\(", r"\\\1(", said))


def _json(text: str) -> tuple[Row, ...]:
    """The numbers and formulas of the rows, each object a row."""
    rows = []
    for match in re.finditer(r"    \{\n.*?\n    \},?\n", text, re.S):
        keys = r'"(?:formula|value|tangent|adjoint)": "([^"]*)"'
        found = re.finditer(keys, match[0])
        cells = [_span(text, match.start() + m.start(1), match.start() + m.end(1), _from_json) for m in found]
        if '"elemental"' in match[0]:
            rows.append(Row(match.start(), match.end(), tuple(cells)))
    return tuple(rows)


_READERS = {"markdown": _markdown, "latex": _latex, "text": _text, "html": _html, "csv": _csv, "json": _json}


def made(place: int, style: str, mode: str, form: str) -> Made:
    """A table in a style, a mode and a format; CSV is made from the Markdown."""
    expression, at = FUNCTIONS[place]
    trace = adtrace.trace(expression, at=at)
    text = trace.table(format="markdown" if form == "csv" else form, style=style, mode=mode, digits=DIGITS)
    if form == "csv":
        lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|:")]
        text = "".join(",".join(f'"{cell.strip()}"' for cell in line.split("|")[1:-1]) + "\n" for line in lines)
    return Made(place, style, mode, form, text, _READERS[form](text))


def tables(count: int = TABLES) -> Iterator[Made]:
    """Tables of every style, mode and format, each function in its turn."""
    for number in range(count):
        style, form = STYLES[number % len(STYLES)], FORMATS[number % len(FORMATS)]
        mode = MODES[number % len(MODES)] if form != "csv" else MODES[number // 6 % 2]
        yield made(number % len(FUNCTIONS), style, mode, form)


# ---- the oracle ----------------------------------------------------------------------------------------------------


def _renamed(style: str, numbers: Numbers) -> dict[str, str]:
    """The variables as the style numbers them, by adtrace's own names."""
    order = [*numbers.inputs, *(row.name for row in numbers.rows)]
    letter = {"cs107": "x_", "numbered-from-one": "v_"}.get(style)
    return {name: f"{letter}{i}" if letter else name for i, name in enumerate(order, start=1)}


@cache
def environments(place: int, style: str) -> tuple[dict[str, float], ...]:
    """What every name of a table stands for, at two points near the table's own."""
    chance = random.Random(place)
    found = []
    for _ in range(2):
        numbers = structure(*FUNCTIONS[place])
        point = {name: numbers.values[name] * chance.uniform(0.9, 1.1) for name in numbers.inputs}
        numbers.tangents.clear()
        fill(numbers, point)
        names = _renamed(style, numbers)
        shown = {
            name: "{}_{{{}}}".format(*other.replace("{", "").replace("}", "").split("_"))
            for name, other in names.items()
        }
        last = numbers.rows[-1].name
        values: dict[str, float] = {}
        aliases = [*((n, shown[n]) for n in names), (last, "y")]
        inputs = sorted(FUNCTIONS[place][1])
        aliases += [
            (n, key(f"{name[0]}_{{{name[1:]}}}" if name[1:] else name))
            for n, name in zip(numbers.inputs, inputs, strict=True)
        ]
        for name, alias in aliases:
            values[alias] = numbers.values[name]
            values[f"\\dot{alias}"] = numbers.tangents[0][name]
            values[f"\\bar{alias}"] = numbers.adjoints[name]
        for row in numbers.rows:
            for other, partial in partials(row, numbers.values.__getitem__).items():
                for above in ("y", shown[row.name]) if row.name == last else (shown[row.name],):
                    values[f"d{above}/d{shown[other]}"] = partial
        found.append(values)
    return tuple(found)


@cache
def tolerance(place: int) -> float:
    """By how much a printed number may be off, computed by hand from printed numbers."""
    numbers = structure(*FUNCTIONS[place])
    steepest = max(sum(map(abs, partials(row, numbers.values.__getitem__).values())) for row in numbers.rows)
    largest = max(1.0, *map(abs, numbers.adjoints.values()))
    return 3 * 10.0**-DIGITS * max(1.0, steepest) * largest


_NAME = re.compile(r"(\\bar |\\dot )?[a-z](_\{-?\d+\})?")


def wrong(old: str, new: str, table: Made) -> bool:
    """Whether a cell that says the new instead of the old must not pass."""
    before, after = ([part.strip() for part in said.split("=")] for said in (old, new))
    if len(before) != len(after):
        return False
    if before[0] != after[0] and _NAME.fullmatch(before[0]) and _free(before[0], table):
        return False
    return any(a != b and _other(a, b, table) for a, b in zip(before, after, strict=True))


def _free(name: str, table: Made) -> bool:
    """Whether a row may be called anything: what is a result, or an input by its own name, is used by no other row."""
    said = [span.latex for row in table.rows for span in row.cells]
    used = sum(name in each for each in said) - sum(re.split(" ?=", each)[0] == name for each in said)
    return not used or (table.style == "cs107" and re.fullmatch(r"x_\{[1-3]\}", name) is not None)


def _is_whole(new: str, row: Row, table: Made) -> bool:
    """Whether a formula is that of the adjoint that its row names, of all contributions at once: in the place of ``=
    bar v_{-2} + ...`` is ``= bar v_{+2} + ...`` where the first contribution was bar v_2 times 1.
    """
    names = [span.latex for span in row.cells if re.fullmatch(r"\\bar [a-z]_\{-?\d+\}", span.latex)]
    sides = [side for side in new.replace("{+", "{").split("=") if side.strip()]
    try:
        found = [
            abs(evaluate(side, values) - evaluate(names[-1], values)) < 1e-9
            for values in environments(table.place, table.style) for side in sides
        ]  # fmt: skip
    except (AssertionError, KeyError, ValueError, ZeroDivisionError, OverflowError, IndexError):
        return False
    return new.startswith("=") and bool(found) and all(found)


_LITERAL = re.compile(r"(?<![\d_{])\d+(?:\.\d+)?")


def _other(a: str, b: str, table: Made) -> bool:
    skeletons = [_LITERAL.sub("#", part) for part in (a, b)]
    if skeletons[0] == skeletons[1] and not re.search(r"[a-z]_", a):
        pairs = zip(_LITERAL.findall(a), _LITERAL.findall(b), strict=True)
        return any(abs(float(x) - float(y)) > tolerance(table.place) for x, y in pairs)
    for values in environments(table.place, table.style):
        try:
            first = evaluate(a, values)
        except (AssertionError, KeyError, ValueError, ZeroDivisionError, OverflowError, IndexError):
            return False  # the oracle does not know what this was
        try:
            second = evaluate(b, values)
        except (AssertionError, KeyError, ValueError, ZeroDivisionError, OverflowError, IndexError):
            return not re.fullmatch(r"(\\bar |\\dot )?[a-z]", b)  # the result may have any name
        if abs(first - second) > 1e-3 * max(abs(first), abs(second)) + tolerance(table.place):
            return True
    return False


# ---- the changes ---------------------------------------------------------------------------------------------------


def _without(text: str, start: int, end: int, instead: str = "") -> str:
    return text[:start] + instead + text[end:]


def _about(table: Made, row: int, cell: int | None = None) -> str:
    said = "" if cell is None else f", cell {cell} {table.rows[row].cells[cell].latex!r}"
    return f"{FUNCTIONS[table.place][0]}, {table.style}, {table.mode}, {table.format}: row {row}{said}"


def _renames(row: Row) -> bool:
    """Whether a row does no more than to give a result its name: ``y = v_5``, ``bar x_1 = bar v_0``.  Without it the
    table is whole: the row of v_5 has the number, and most textbooks end with it.
    """
    told = " | ".join(span.latex for span in row.cells)
    told = re.sub(r"(^|\| )([yf]) \| [a-z]_\{-?\d+\}(?= \|)", r"\1\2", told)  # y | v_5
    firsts = [said for said in told.split(" | ") if re.match(r"(\\bar |\\dot )?[a-z](_\{-?\d+\})?( ?=|$)", said)]
    return bool(firsts) and all(re.match(r"(\\bar x|\\dot [yf]|\\bar [yf]|[yf])", said) for said in firsts)


def _only_names(said: str) -> bool:
    """Whether a formula only says how the derivative of an input or of the result is called, ``dot v_0 = dot x_2`` or
    ``= bar y``: its number stands beside it, and is asked for.
    """
    sides = [side.strip() for side in said.split("=") if side.strip()]
    names = all(re.fullmatch(r"\\(bar|dot) [a-z](_\{-?\d+\})?", side) for side in sides)
    return names and any(re.match(r"\\(bar|dot) [xyf]", side) for side in sides)


def _numbered(table: Made, cell: int) -> bool:
    """Whether a column only numbers the steps."""
    steps = table.style in ("ledger", "cppad")
    firsts = [row.cells[cell].latex for row in table.rows if len(row.cells) > cell and row.cells[cell].latex]
    return steps and all(said.isdecimal() for said in firsts) and [int(said) for said in firsts[:3]] == [1, 2, 3]


def mutations(table: Made) -> Iterator[Mutation]:
    """Every change of a table."""
    text = table.text
    for r, row in enumerate(table.rows):
        about = _about(table, r)
        lines = text[row.start : row.end]
        if table.format != "json":
            yield Mutation("deleted row", about, _without(text, row.start, row.end), not _renames(row))
            yield Mutation("duplicated row", about, _without(text, row.start, row.start, lines), False)
        if r + 1 < len(table.rows) and not table.rows[r + 1].first and table.format != "json":
            below = table.rows[r + 1]
            swapped = text[below.start : below.end] + text[row.end : below.start] + lines
            yield Mutation("swapped rows", about, _without(text, row.start, below.end, swapped), False)
        for c, span in enumerate(row.cells):
            if span.latex and not _numbered(table, c):
                yield from _in_cell(table, r, c)


def _in_cell(table: Made, r: int, c: int) -> Iterator[Mutation]:
    text, row = table.text, table.rows[r]
    span, about = row.cells[c], _about(table, r, c)
    gap = " " * (span.end - span.start) if table.format == "text" else ""
    name = _NAME.fullmatch(span.latex) is not None
    free = (name and _renames(row)) or _only_names(span.latex)
    yield Mutation("emptied cell", about, _without(text, span.start, span.end, gap), not free)
    said = _READS.get(table.format, _plain)
    below = table.rows[r + 1] if r + 1 < len(table.rows) else None
    if (
        below
        and not below.first
        and len(below.cells) == len(row.cells)
        and below.cells[c].latex
        and table.format != "text"
    ):
        other = below.cells[c]
        middle = text[span.end : other.start]
        new = text[other.start : other.end] + middle + text[span.start : span.end]
        demanded = not name and wrong(span.latex, other.latex, table)
        yield Mutation("swapped cells", about, _without(text, span.start, other.end, new), demanded)
    shown = text[span.start : span.end]
    for place, new in _characters(shown, table.format):
        changed = shown[:place] + new + shown[place + 1 :]
        demanded = wrong(span.latex, said(changed), table) and not _is_whole(said(changed), row, table)
        kind = "digit" if shown[place].isdigit() else "sign" if shown[place] in "+-−₋" else "character"
        where = f"{about}, {shown[place]!r} becomes {new!r} at {place}"
        yield Mutation(
            f"changed {kind}", where, _without(text, span.start + place, span.start + place + 1, new), demanded
        )


_READS: dict[str, Callable[[str], str]] = {"text": _from_text, "html": _from_html, "json": _from_json}


def _characters(shown: str, form: str) -> Iterator[tuple[int, str]]:
    """The characters that can be another, and what they become."""
    chance = random.Random(shown)
    hidden = _hidden(shown, form)
    for place, character in enumerate(shown):
        if hidden[place]:
            continue
        digits = next((each for each in ("0123456789", "₀₁₂₃₄₅₆₇₈₉") if character in each), "")
        if digits:
            yield place, chance.choice(digits.replace(character, ""))
        elif character in _OTHERS:
            yield place, _OTHERS[character]
        elif character.islower() and character.isascii():
            yield place, "q"


_OTHERS = {"+": "-", "-": "+", "−": "+", "₋": "₂"}
_CALLED = ("ln", "exp", "sin", "cos")


def _hidden(shown: str, form: str) -> list[bool]:
    """Which characters are markup: tags, commands."""
    hidden = [False] * len(shown)
    markup = "<[^>]*>|" if form == "html" else ""
    for match in re.finditer(markup + r"\\?[a-zA-Z]+", shown):
        word = match[0].removeprefix("\\")
        whole = word not in _CALLED and len(word) > 1
        for place in range(match.start(), match.end() if whole else match.start() + len(match[0]) - len(word)):
            hidden[place] = True
    return hidden


# ---- running them --------------------------------------------------------------------------------------------------


def judged(mutation: Mutation, place: int, form: str) -> str:
    """What is amiss: "" if nothing, else what the checker did."""
    expression, at = FUNCTIONS[place]
    try:
        status = adtrace.check(
            mutation.document, at, function=expression, kind="csv" if form == "csv" else None
        ).exit_status
    except adtrace.InputError:
        status = 2
    except Exception as problem:
        return f"raises {problem!r}"
    return "passes" if status == 0 and mutation.demanded else ""


def main() -> None:
    """Every change of every table; what passes, and what raises, is printed."""
    counts: Counter[str] = Counter()
    for table in tables():
        for mutation in mutations(table):
            amiss = judged(mutation, table.place, table.format)
            counts["changes"] += 1
            counts["that must not pass"] += mutation.demanded
            counts["amiss"] += bool(amiss)
            if amiss:
                print(f"{mutation.kind}: {mutation.where}: {amiss}", flush=True)
    print(dict(counts))
    sys.exit(bool(counts["amiss"]))


if __name__ == "__main__":
    main()
