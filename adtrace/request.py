r"""A trace asked for in text: an expression and its settings, each a name and a text.

The same request comes from the options of ``\adtrace`` in a LaTeX document, from a fenced block in Markdown and from a
directive of a documentation tool, and from the command line.  `settings.SETTINGS` says what there is.

    ln(x1) + x1*x2 - sin(x2)
    at: x1=2, x2=5
    mode: forward
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from adtrace.errors import InputError, OptionError, nearest
from adtrace.settings import ASSIGNMENTS, COUNT, FLAG, NAMES, POINT, SEEDS, SETTINGS, SWITCH, TABLE, TRACE, Setting

if TYPE_CHECKING:
    from adtrace.api import Trace


@dataclass(frozen=True, slots=True)
class Request:
    """An expression and its settings."""

    expression: Any
    """A text; from the command line also a Python function."""
    settings: Mapping[str, str]
    point: Mapping[str, Any] = field(default_factory=dict)
    """What of the point is in files."""

    def trace(self, spelled: Callable[[str], str] = str, **bounds: Any) -> tuple[Trace, dict[str, Any]]:
        """The trace, and the options of its table; ``spelled`` is how a message names a setting.

        Raises `OptionError` for a setting that does not exist, and what `adtrace.trace` raises.
        """
        from adtrace.api import trace  # noqa: PLC0415 - a document whose traces are all there needs none of it

        calls: dict[str, dict[str, Any]] = {TRACE: {}, TABLE: {}}  # their own checks follow
        reading = {"decimal": self.settings.get("decimal", POINT), "strict": _yes(self.settings.get("strict", "no"))}
        for written, text in self.settings.items():
            name = named(written)
            if name not in SETTINGS:
                raise OptionError(
                    f"there is no option {name!r}{nearest(name, SETTINGS)}; there are {', '.join(SETTINGS)}"
                )
            calls[SETTINGS[name].of][name] = _read(SETTINGS[name], text, spelled(name), reading)
        if self.point:
            typed = calls[TRACE].setdefault("at", {})
            for name in self.point:
                if name in typed:
                    raise OptionError(f"{name} is given twice, in {spelled('at')} and in its file")
            typed |= self.point
        return trace(self.expression, **calls[TRACE], **bounds), calls[TABLE]


_YES = {"true": True, "yes": True, "on": True, "": True, "false": False, "no": False, "off": False}


def _yes(text: str) -> bool:
    """Whether a flag is set; what is neither yes nor no is refused where it is read."""
    return _YES.get(text.lower(), False)


def _read(setting: Setting, text: str, name: str, reading: Mapping[str, Any]) -> object:
    """What a text says for a setting, as the call takes it; ``reading`` is how points are read."""
    from adtrace.tracing.point import assignments  # noqa: PLC0415

    if text.strip() in setting.words:
        return text.strip()
    if setting.kind in (FLAG, SWITCH):
        if text.lower() not in _YES:
            raise OptionError(f"{name} is true or false, not {text!r}")
        return _YES[text.lower()]
    if setting.kind == COUNT:
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise OptionError(f"{name} is a whole number, not {text!r}")
        return int(text)
    if setting.kind == SEEDS:
        parts = text.split(setting.joint)
        seeds = [assignments(seed, name, **reading) if "=" in seed else seed.strip() for seed in parts]
        return seeds if len(seeds) > 1 else seeds[0]
    if setting.kind == NAMES:
        return [part.strip() for part in text.split(",")]
    return assignments(text, name, **reading) if setting.kind == ASSIGNMENTS else text


_SETTING = re.compile(r":?([a-z][a-z_-]*):(?:[ \t]+(.*)|[ \t]*)\Z")


def block(body: str, given: str = "") -> Request:
    """The request of a block of text: lines ``name: value`` are settings, the others the expression.

    ``given`` are settings in one line, which come before those of the block.  Raises `InputError` for an empty block.
    """
    values = settings({}, given)
    expression: list[str] = []
    for line in body.splitlines():
        match = _SETTING.match(line.strip())
        if match:
            values[named(match[1])] = (match[2] or "").strip()
        elif line.strip():
            expression.append(line.strip())
    if not expression:
        raise InputError("a block for adtrace holds an expression, and lines such as at: x1=2, x2=5")
    return Request("\n".join(expression), values)


def settings(pairs: Mapping[str, str], given: str) -> dict[str, str]:
    """``pairs`` and the settings of a line such as ``at="x1=2,x2=5" mode=forward``; see `words`.

    Raises `InputError` for a piece that is not a setting.
    """
    values = dict(pairs)
    for word in words(given):
        name, equals, value = word.partition("=")
        if not equals or not named(name).isidentifier():
            raise InputError(f'a setting is written as name=value or name="value", not {word!r}')
        values[named(name)] = value
    return values


def named(name: str) -> str:
    """The name of a setting, with hyphens as on the command line, too."""
    return name.replace("-", "_")


def are_settings(line: str) -> bool:
    """Whether a line is settings alone, as ``mode=forward digits=3``; an expression is not."""
    try:
        values = settings({}, line)
    except InputError:
        return False
    return bool(values) and values.keys() <= SETTINGS.keys()


def words(text: str) -> list[str]:
    """The words of a line, parted by blanks outside double or single quotes, the quotes left out."""
    import shlex  # noqa: PLC0415 - few requests have it

    reader = shlex.shlex(text, posix=True)
    reader.whitespace_split, reader.commenters, reader.escape = True, "", ""
    try:
        return list(reader)
    except ValueError:
        raise InputError(f"a quote is not closed in {text!r}") from None
