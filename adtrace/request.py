r"""A trace asked for in text: an expression and its settings, each a name and a text.

The same request comes from the options of ``\adtrace`` in a LaTeX document, from a fenced block in Markdown and from a
directive of a documentation tool.  Every keyword argument of `adtrace.trace` and of `Options` is a setting.

    ln(x1) + x1*x2 - sin(x2)
    at: x1=2, x2=5
    mode: forward
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from adtrace.errors import InputError, OptionError, nearest

if TYPE_CHECKING:
    from adtrace.api import Trace

_YES = {"true": True, "yes": True, "on": True, "": True, "false": False, "no": False, "off": False}
_NOT_SETTINGS = ("expression", "limits")


@dataclass(frozen=True, slots=True)
class Request:
    """An expression and its settings."""

    expression: str
    settings: Mapping[str, str]

    def trace(self) -> tuple[Trace, dict[str, Any]]:
        """The trace, and the options of its table.

        Raises `OptionError` for a setting that does not exist, and what `adtrace.trace` raises.
        """
        from adtrace.api import trace  # noqa: PLC0415 - a document whose traces are all there needs none of it
        from adtrace.tables.options import Options  # noqa: PLC0415

        parameters = inspect.signature(trace).parameters
        types = {field.name: str(field.type) for field in fields(Options)}
        known = setting_names()
        call: dict[str, Any] = {}  # of trace, whose own checks follow
        table: dict[str, Any] = {}
        for name, text in self.settings.items():
            if name not in known:
                raise OptionError(f"there is no option {name!r}{nearest(name, known)}; there are {', '.join(known)}")
            if name in types:
                table[name] = _typed(name, text, types[name])
            else:
                flag = isinstance(parameters[name].default, bool)
                call[name] = _assigned(name, _typed(name, text, "bool" if flag else "str"))
        if "at" not in call:
            raise OptionError("a trace needs its point, such as at: x1=2, x2=5")
        return trace(self.expression, **call), table


def _typed(name: str, text: str, kind: str) -> str | int | bool:
    """The text of a setting as its option wants it."""
    if kind == "bool":
        if text.lower() not in _YES:
            raise OptionError(f"{name} is true or false, not {text!r}")
        return _YES[text.lower()]
    if kind == "int":
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise OptionError(f"{name} is a whole number, not {text!r}")
        return int(text)
    return text


def _assigned(name: str, value: object) -> object:
    """``x1=2, x2=5`` as a mapping, where a setting is written so; several seeds are parted by semicolons."""
    from adtrace.tracing.point import assignments  # noqa: PLC0415

    if not isinstance(value, str):
        return value
    if name == "outputs":
        return [part.strip() for part in value.split(",")]
    if name == "seed":
        seeds = [assignments(seed, name) if "=" in seed else seed.strip() for seed in value.split(";")]
        return seeds if len(seeds) > 1 else seeds[0]
    return assignments(value, name) if name in ("at", "weights") else value


_SETTING = re.compile(r":?([a-z_]+):(?:[ \t]+(.*)|[ \t]*)\Z")


def block(body: str, given: str = "") -> Request:
    """The request of a block of text: lines ``name: value`` are settings, the others the expression.

    ``given`` are settings in one line, which come before those of the block.  Raises `InputError` for an empty block.
    """
    found = settings({}, given)
    expression: list[str] = []
    for line in body.splitlines():
        match = _SETTING.match(line.strip())
        if match:
            found[match[1]] = (match[2] or "").strip()
        elif line.strip():
            expression.append(line.strip())
    if not expression:
        raise InputError("a block for adtrace holds an expression, and lines such as at: x1=2, x2=5")
    return Request("\n".join(expression), found)


def setting_names() -> list[str]:
    """Every setting that a request may have."""
    from adtrace.api import trace  # noqa: PLC0415
    from adtrace.tables.options import Options  # noqa: PLC0415

    names = (*inspect.signature(trace).parameters, *(field.name for field in fields(Options)))
    return [name for name in names if name not in _NOT_SETTINGS]


def settings(pairs: Mapping[str, str], given: str) -> dict[str, str]:
    """``pairs`` and the settings of a line such as ``at="x1=2,x2=5" mode=forward``; see `words`.

    Raises `InputError` for a piece that is not a setting.
    """
    found = dict(pairs)
    for word in words(given):
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            raise InputError(f'a setting is written as name=value or name="value", not {word!r}')
        found[name] = value
    return found


def words(text: str) -> list[str]:
    """The words of a line, parted by blanks outside double or single quotes, the quotes left out."""
    found: list[str] = []
    word, quote, begun = "", "", False
    for char in text:
        if quote:
            if char == quote:
                quote = ""
            else:
                word += char
        elif char in "\"'":
            quote, begun = char, True
        elif char.isspace():
            if begun:
                found.append(word)
            word, begun = "", False
        else:
            word, begun = word + char, True
    if quote:
        raise InputError(f"a {quote} is not closed in {text!r}")
    return [*found, word] if begun else found
