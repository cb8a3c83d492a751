"""Names and formulas of a checked table in words: ``v_{-1}``, ``the tangent of v_3``, ``v_4 - v_3``."""

from __future__ import annotations

import re

from adtrace.checking.freehand import PARTIAL
from adtrace.checking.markup import BAR, DOT
from adtrace.language.syntax import Name, Terms
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import spelled


def name_text(name: str) -> str:
    """A variable as it is printed."""
    if PARTIAL in name:
        above, below = name.split(PARTIAL)
        return f"∂{name_text(above)}/∂{name_text(below)}"
    mark = {DOT: "d", BAR: "b"}.get(name[:1], "")
    return mark + re.sub(r"_(-\d+)$", r"_{\1}", name.lstrip(".~"))


def operand_words(name: str) -> str:
    """A variable, its tangent or its adjoint, in words."""
    if name.startswith(DOT):
        return f"the tangent of {name_text(name[1:])}"
    if name.startswith(BAR):
        return f"the adjoint of {name_text(name[1:])}"
    return name_text(name)


def formula_text(terms: Terms) -> str:
    """A formula as text."""
    marked: dict[str, str] = {}
    renamed = []
    for index, term in enumerate(terms):
        if type(term) is Name and term.name not in ("pi", "e"):
            stand = f"qz{len(marked)}zq" if term.name not in marked.values() else ""
            stand = stand or next(k for k, v in marked.items() if v == term.name)
            marked[stand] = term.name
            renamed.append(Name(stand, index))
        else:
            renamed.append(term)  # type: ignore[arg-type]
    text = spelled(tuple(renamed), PLAIN).text
    for stand, name in marked.items():
        text = text.replace(stand, name_text(name))
    return text
