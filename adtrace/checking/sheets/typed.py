"""Documents of rows as they are: CSV, JSON (our own, too), and notebooks."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from adtrace.checking.sheets.directives import csv_rows
from adtrace.checking.sheets.latex import without_macros
from adtrace.checking.sheets.lettered import accented
from adtrace.checking.sheets.listings import statement_of, with_outputs
from adtrace.checking.sheets.rows import DEEPEST, TABLE, Block, Lines, Row, moved, prose, table
from adtrace.checking.sheets.scan import html_blocks, scan
from adtrace.checking.sheets.worded import is_record
from adtrace.errors import BoundError, InputError

_DELIMITERS = ";\t,"
_GUARD = re.compile(r"^'(?=[=+\-@'\d])")
"""What keeps a spreadsheet from computing with a cell: ``'-1*2``."""
_CODE = re.compile(r";[ \t]*//")
_GAP = re.compile(r"[^,;\s] {2,}[^,;\s]")
"""What stands between columns of text."""


def is_csv(text: str) -> bool:
    """Whether nearly every line of the text has as many commas, semicolons or tabs as the others, and no bars."""
    lines = [line for line in text.split("\n") if line.strip()][:100]
    if len(lines) < 2 or "|" in text or "$$" in text or _CODE.search(text):
        return False
    share, delimiter = _shares(text)
    apart = sum(bool(_GAP.search(line)) for line in lines)
    others = max(apart, sum(map(is_record, lines)), sum(map(_is_sentence, lines)), _broken(lines, delimiter))
    return share >= 0.8 and 2 * others < len(lines)


def _is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence of five words or more."""
    return line.rstrip().endswith(".") and len(re.findall(r"[^\W\d_]{2,}", line)) >= 5


def _broken(lines: Sequence[str], delimiter: str) -> int:
    """In how many lines a part of a formula, or of an array, stands between two delimiters."""
    try:
        rows = [*csv.reader(lines, delimiter=delimiter, skipinitialspace=True)]
    except csv.Error:
        return 0
    return sum(
        any(cell.count("$") % 2 or any(cell.count(a) != cell.count(b) for a, b in ("()", "[]")) for cell in row)
        for row in rows
    )


def _shares(text: str) -> tuple[float, str]:
    """How many of the lines have the commonest number of cells, and for which delimiter."""
    best = (0.0, ",")
    lines = [line for line in text.split("\n") if line.strip()][:100]
    for delimiter in _DELIMITERS:
        try:
            counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
        except csv.Error:
            continue
        count, times = max(((c, n) for c, n in counts.items() if c > 1), key=lambda entry: entry[1], default=(0, 0))
        if count and times / len(lines) > best[0]:
            best = (times / len(lines), delimiter)
    return best


def csv_blocks(text: str, delimiter: str = "") -> list[Block]:
    """Tables of CSV, parted by lines with one cell or none, which are prose.  Raises `InputError`."""
    delimiter = delimiter or _shares(text.lstrip()[:20_000])[1]
    found: list[Block] = []
    rows: list[Row] = []
    names: set[str] = set()
    lines = pairwise(("", *text.split("\n")))
    for row in csv_rows(((k, line) for k, (above, line) in enumerate(lines, start=1) if line or above), delimiter):
        row = row._replace(cells=tuple(_GUARD.sub("", cell) for cell in row.cells))  # noqa: PLW2901
        filled = sum(map(bool, row.cells))
        if filled > 1 or (rows and len(row.cells) > 1 and filled):
            rows.append(row)
            continue
        found += _block(rows, names)
        said = " ".join(row.cells).strip()
        found += [prose(row.line, said)] if said else []
        rows = []
    return [*found, *_block(rows, names)]


_EQUATIONS = re.compile(r"[^\W\d_]{3,20}:?(?:\t[^\t=]{1,20}=[^\t]+)+\t*")
"""A row of equations behind a word: ``Point | x = 4 | y = 3``."""


def _block(rows: Sequence[Row], names: set[str]) -> list[Block]:
    """Rows as a table; as prose if they tell a function and a point."""
    if all(_EQUATIONS.fullmatch("\t".join(row.cells)) for row in rows):
        return [prose(row.line, ", ".join(filter(None, row.cells[1:]))) for row in rows]
    return [table(accented(rows, names))]


def _loaded(text: str) -> Any:
    """The JSON of a text.  Raises `BoundError` for lists too deep in each other, `InputError` for what is no JSON."""
    signs = (match[0] for match in re.finditer(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', text))
    depths = accumulate((sign in ("[", "{")) - (sign in ("]", "}")) for sign in signs)
    if max(depths, default=0) > DEEPEST:
        raise BoundError(f"the JSON has more than {DEEPEST} lists within each other, which is the bound")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"this is not JSON: {problem}") from None


def json_form(text: str) -> str:
    """Whether a text is JSON, or a notebook; "" if it is neither."""
    if not text.lstrip().startswith(("{", "[")) or not text.rstrip().endswith(("}", "]")):
        return ""
    try:
        loaded = _loaded(text)
    except InputError:
        return ""
    return "ipynb" if isinstance(loaded, dict) and "cells" in loaded and "nbformat" in loaded else "json"


def json_blocks(text: str) -> list[Block]:
    """The tables of JSON: {columns, rows}, lists of rows or records, {tables: [...]}, our own.  Raises `InputError`."""
    places = _Places(text)
    found: list[Block] = []
    for entry in _tables_in(_loaded(text)):
        said = [str(entry[key]) for key in ("title", "caption", "function", "expression") if entry.get(key)]
        found += (prose(1, line) for line in said)
        found.append(_of_json(entry, places))
    if not any(block.kind == TABLE for block in found):
        raise InputError('there is no table in the JSON: expected {"columns": [...], "rows": [[...], ...]}')
    return found


def _of_json(entry: Mapping[str, Any], places: _Places) -> Block:
    rows = entry["rows"]
    if not all(isinstance(row, list | dict) for row in rows):
        raise InputError('each of the "rows" is a list of cells')
    given = entry.get("columns") or entry.get("heading") or list(
        dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))  # fmt: skip
    if not isinstance(given, list):
        raise InputError('the "columns" are a list of headings')
    listed = [[row.get(name) for name in given] if isinstance(row, dict) else row for row in rows]
    made = [Row(1, tuple(str(name) for name in given), heading=True)]
    for cells in listed:
        made.append(Row(places.line(cells), tuple(map(_cell, cells))))
    return table(made)


def _cell(cell: Any) -> str:
    """A value of JSON as the text of a cell."""
    if isinstance(cell, list):
        return f"[{', '.join(map(_cell, cell))}]"
    if isinstance(cell, dict):
        return "; ".join(f"{name} = {_cell(value)}" for name, value in cell.items())
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def _tables_in(loaded: Any) -> Iterator[Mapping[str, Any]]:
    """The tables in what a JSON document holds: a list of rows is one, a list of what has rows is several."""
    loaded = loaded.get("tables", loaded) if isinstance(loaded, dict) else loaded
    entries = loaded if isinstance(loaded, list) else [loaded]
    tables = [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("rows"), list)]
    if isinstance(loaded, list) and not tables and all(isinstance(row, list | dict) for row in loaded):
        tables = [{"rows": loaded}]
    for entry in tables:
        yield from _own(entry) if "independents" in entry else [entry]
    yield from (_of_layers(entry) for entry in entries if isinstance(entry, dict) and _records(entry, "layers"))


_BESIDE = ("elemental", "operands", "shape", "operand_shapes", "slots", "name")
"""Of a row of our own JSON what no cell of a table says."""
_DERIVED = {"tangent", "tangents", "adjoint"}


def _own(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What ``adtrace table --format json`` writes: its rows as a table, its increments of adjoints as another."""
    begins = [{**row, "formula": row.get("name")} for row in _records(data, "independents")]
    ends = [
        {**row, "formula": row.get("variable"), "variable": row.get("name")} for row in _records(data, "dependents")
    ]
    rows = [*begins, *_records(data, "rows"), *ends]
    columns = dict.fromkeys(("variable", "formula", *(key for row in rows for key in row if key not in _BESIDE)))
    yield {"columns": list(columns), "rows": rows, **_heads(str(data.get("expression", "")), begins)}
    if added := _records(data, "contributions"):
        sums = [[f"\\bar {row.get('target', '')}", row.get("increment"), row.get("total")] for row in added]
        yield {"columns": ["adjoint", "increment", "total"], "rows": sums}


_QUANTITIES = {"layer": "layer", "size": "output size", "activations": "activations", "params": "parameters",
               "weights": "weights", "biases": "biases", "multiplications": "multiplications", "macs": "MACs",
               "flops": "FLOPs", "field": "receptive field", "jump": "jump"}  # fmt: skip
"""The headings of what ``adtrace layers --format json`` writes."""


def _of_layers(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What ``adtrace layers --format json`` writes: its layers as a table, the input before them, the total behind."""
    sums = data.get("total")
    end = {**(sums if isinstance(sums, dict) else {}), "layer": "total"}
    rows = [{"layer": "input", "size": data.get("input")}, *_records(data, "layers"), end]
    listed = [[row.get(name) for name in _QUANTITIES] for row in rows]
    return {"columns": list(_QUANTITIES.values()), "rows": listed}


def _records(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The records of a list, where a document that somebody changed has such."""
    rows = data.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _heads(said: str, begins: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What stands over our own rows: the function, the point, and what is held constant."""
    names = ", ".join(str(row.get("name")) for row in begins)  # without them a variable y would be the output
    text = said if re.match(r"[^=]*\)\s*=", said) else f"f({names}) = {said}" if "=" not in said else ""
    held = [str(row.get("name")) for row in begins if not _DERIVED & row.keys()]
    point = ", ".join(f"{row.get('name')} = {_cell(row.get('value'))}" for row in begins)
    return {"function": text, "caption": f"at {point}", "title": f"with {', '.join(held)} constant"}


class _Places:
    """The lines of a JSON document at which rows stand, found one after the other."""

    def __init__(self, text: str) -> None:
        self.text, self.position, self.number = text, 0, 1

    def line(self, cells: Sequence[Any]) -> int:
        """The line of the first text of a row, from the row before on; that row's line, if it is not found."""
        first = next((cell for cell in cells if isinstance(cell, str) and cell), "")
        return self.next(first, '"')

    def next(self, first: str, end: str = "") -> int:
        """The line of a text, or of one that only begins so, from the text before on."""
        for spelled in (json.dumps(first), json.dumps(first, ensure_ascii=False)):
            place = self.text.find(spelled[:-1] + end, self.position, self.position + 200_000)
            if place >= 0:
                self.number += self.text.count("\n", self.position, place)
                self.position = place + 1
                break
        return self.number


def notebook_blocks(text: str) -> list[Block]:
    """The Markdown cells of a notebook, and what its code printed.  Raises `InputError`."""
    loaded = _loaded(text)
    cells = loaded.get("cells") if isinstance(loaded, dict) else None
    if not isinstance(cells, list):
        raise InputError("this is no notebook: it has no cells")
    cells = [cell for cell in cells if isinstance(cell, dict)]
    listings = [_listing(cell) for cell in cells]
    told = any(lines != [*map(statement_of, source)] for source, lines in listings)  # else a program is not looked at
    places = _Places(text)
    found: list[Block] = []
    for cell, (source, lines) in zip(cells, listings, strict=True):
        shows = lines == [*map(statement_of, source)] and cell.get("outputs")
        if told and lines and not shows:
            numbers = [places.next(line) if line.strip() else places.number for line in source]
            found += [moved(block, numbers) for block in scan(Lines(lines), code=True)]
        else:
            found += _shown_blocks(cell, places)
        found.append(prose(places.number, ""))
    return found


def _shown_blocks(cell: Mapping[str, Any], places: _Places) -> list[Block]:
    """A cell of Markdown, or what one of code shows."""
    found: list[Block] = []
    if cell.get("cell_type") in ("markdown", "raw"):
        found += _cell_blocks(_source(cell.get("source")), "text/markdown", places)
    for output in cell.get("outputs") or ():
        offered = output.get("data") or {"text/plain": output.get("text", "")} if isinstance(output, dict) else {}
        kinds = ("text/html", "text/markdown", "text/latex", "text/plain")
        kind = next((kind for kind in kinds if isinstance(offered, dict) and offered.get(kind)), "")
        found += _cell_blocks(_source(offered[kind]), kind, places) if kind else []
    return found


def _listing(cell: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The lines of a cell of code, and those with what they print, if that is numbers and arrays alone."""
    if cell.get("cell_type") != "code":
        return [], []
    outputs = [output for output in cell.get("outputs") or () if isinstance(output, dict)]
    shown = [data if isinstance(data := output.get("data"), dict) else output for output in outputs]
    texts = [_source(of.get("text/plain") or of.get("text")).rstrip("\n") for of in shown]
    source = _source(cell.get("source")).split("\n")
    return source, with_outputs(source, "\n".join(texts))


def _source(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")


def _cell_blocks(text: str, kind: str, places: _Places) -> list[Block]:
    """The blocks of one cell, each at the line of the notebook at which it begins."""
    lines = (without_macros(text) if kind == "text/latex" else text).split("\n")
    if kind == "text/html":
        numbers, blocks = [places.number] * len(lines), html_blocks(text)
    else:
        numbers = [places.next(line) if line.strip() else places.number for line in lines]
        blocks = scan(Lines(lines))
    return [moved(block, numbers) for block in blocks]
