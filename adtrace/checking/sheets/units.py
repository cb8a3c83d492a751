r"""Tables of units of a network, net inputs beside outputs, as equations: ``net_{h1} = 0.14``, ``h1 = 0.53``.

So do the worked examples of textbooks go (Han, Kamber, Pei, Data Mining, section 9.2: unit, net input I_j, output O_j).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from adtrace.checking.sheets import Sheet, of_equations
from adtrace.checking.sheets.shape import bare
from adtrace.checking.words import ACTIVATIONS, NETS, OPERATIONS, OUTPUTS

_NET, _OUT, _ERROR, _FORMULA = "net", "out", "delta", "formula"
_KINDS = {
    _NET: rf"(?:{NETS})s?", _OUT: rf"(?:out|{OUTPUTS}|{ACTIVATIONS})s?", _FORMULA: rf"(?:{OPERATIONS})s?",
    _ERROR: "δ|delta|error (?:term|signal)|local gradient",
}  # fmt: skip
_SYMBOL = r"([A-Za-z]{1,3})(?:_?\{?[ijk]\}?)?"
_LABEL = re.compile(r"(?:[^\W\d_]{3,} )?([A-Za-z]{0,2})_?\{?(\d{0,3})\}?")


def by_units(sheet: Sheet) -> Sheet:
    """The sheet with such a table as the equations of its cells, another as it is."""
    above = int(not any(sheet.heading))
    titles, *rows = sheet.rows if above else (sheet.heading, *sheet.rows)
    columns = [*map(_column, titles[1:])]
    labels = ["".join(label.groups()) if (label := _LABEL.fullmatch(_plain(row[0]))) else "" for row in rows]
    kinds = [kind for kind, _ in columns]
    if sheet.equations or not all((*labels, *kinds)) or not {_NET, _OUT} <= {*kinds} or len({*kinds}) < len(kinds):
        return sheet
    said = sheet.before + " ".join(map(" ".join, rows))
    told = (
        (line, equation)
        for row, line, label in zip(rows, sheet.lines[above:], labels, strict=True)
        for equation in _equations(dict(zip(kinds, row[1:], strict=True)), _names(dict(columns), label, said))
    )
    return of_equations(sheet, told)


def _column(title: str) -> tuple[str, str]:
    """What a column has of each unit, and the letter that stands for it."""
    words = bare(title).replace("$", "").strip("*` ")
    for kind, pattern in _KINDS.items():
        if said := re.fullmatch(rf"(?:{pattern})(?:\W+{_SYMBOL}\W*)?", words, re.IGNORECASE):
            return kind, said[1] or ""
    return "", ""


def _names(letters: Mapping[str, str], label: str, said: str) -> Mapping[str, str]:
    """What the numbers of a unit are called; its output as the unit itself, where nothing else is said."""
    net = f"{letters[_NET] or 'net'}_{{{label}}}"
    out = letters[_OUT] or ("out" if label.isdecimal() or "out_" in said else "")
    return {_NET: net, _OUT: f"{out}_{{{label}}}" if out else label, _ERROR: rf"\bar{{{net}}}"}


def _equations(cells: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    for kind, name in names.items():
        sides = [_plain(cells.get(of, "")) for of in ((_FORMULA, kind) if kind == _NET else (kind,))]
        if told := " = ".join(filter(None, sides)):
            yield told if re.match(r"[^\W\d]\w*\s*=", told) else f"{name} = {told}"


def _plain(cell: str) -> str:
    return cell.replace("$", "").strip(" *`")
