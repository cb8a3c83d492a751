"""The errors that a user can meet.  Each says what, where, and what is allowed.

    AdtraceError
    ├── InputError            exit status 2: the input or the call is wrong
    │   ├── ParseError        the text is not in the language; carries the place
    │   ├── BindingError      a variable has no value, or a value has no variable
    │   ├── OptionError       an option does not exist or does not take that value
    │   ├── BoundError        larger than a documented bound (see `limits`)
    │   ├── RecordingError    a Python function does with a recorded value what has no elemental
    │   └── TemplateError     a template is missing or names what is not there
    └── MathematicsError      exit status 1: the mathematics says no
        ├── DomainError       an elemental has no real value, or no derivative, at this point
        └── UndecidedError    the highest precision does not settle a comparison or a digit

The command line prints ``adtrace: error: <message>`` and exits with ``exit_status``;
anything else that escapes is a fault of ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

_MOST_NAMES, _LONGEST_NAME = 8, 40
"""Names that a message lists, and characters of each."""
_LONGEST_LINE, _MOST_LINES = 400, 12
"""Characters of a line of a message, and lines of it, that are shown."""
_MOST_COMPARED = 1_000
"""Words that are compared with one that is not known."""
_EXCERPT = 60
"""Characters of a long line shown on either side of the place of an error."""


class AdtraceError(Exception):
    """Base of every error that adtrace raises on purpose."""

    exit_status = 2

    def __str__(self) -> str:
        return shortened(super().__str__())


class InputError(AdtraceError):
    """The input or the call is wrong."""


class ParseError(InputError):
    """The text is not in the language.

    ``problem`` is the sentence, ``text`` what was read, ``position`` the offset of the fault in it.
    """

    def __init__(self, problem: str, text: str, position: int) -> None:
        self.problem = problem
        self.text = text
        self.position = position
        super().__init__(f"{problem}\n{caret(text, position)}")

    def __reduce__(self) -> tuple[type[ParseError], tuple[str, str, int]]:
        return type(self), (self.problem, self.text, self.position)


class BindingError(InputError):
    """A variable has no value, or a value has no variable."""


class OptionError(InputError):
    """An option does not exist, or does not take that value."""


class BoundError(InputError):
    """The input, or a number on the way, is larger than a documented bound."""


class RecordingError(InputError, TypeError):
    """A Python function does with a recorded value what has no elemental, or returns what is no value."""


class TemplateError(InputError):
    """A template is missing, is not valid, or names what the table does not have."""


class MathematicsError(AdtraceError):
    """The mathematics says no."""

    exit_status = 1


class DomainError(MathematicsError):
    """An elemental has no real value, or no derivative, at this point."""


class UndecidedError(MathematicsError):
    """The highest precision does not settle a comparison or a digit."""


def printable(text: str) -> str:
    """The text with control characters and line ends shown, not obeyed; any blank is one."""
    shown = (" " if c in _BLANKS else c for c in text)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)


_BLANKS = "\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""Unicode's separators but for those of lines, which Python counts among what cannot be printed."""


def shortened(message: str) -> str:
    """The message, of which a name of a thousand letters is shown in part."""
    lines = message.split("\n")
    lines = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}..." for line in lines]
    return "\n".join(lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "..."])


def listed(names: Iterable[object], last: str = ", ") -> str:
    """``x1, x2, x3``, each printable and short; of many the first ones and how many there are."""
    names = list(names)
    shown = [printable(str(name)[: _LONGEST_NAME + 1]) or "''" for name in names[:_MOST_NAMES]]
    shown = [name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..." for name in shown]
    if len(names) > _MOST_NAMES:
        return f"{', '.join(shown)}, ... ({len(names)} in all)"
    return f"{', '.join(shown[:-1])}{last}{shown[-1]}" if len(shown) > 1 else "".join(shown)


def one_of(name: str, given: object, choices: Sequence[str]) -> None:
    """Raise `OptionError` for what is none of the choices."""
    if given not in choices:
        guess = nearest(given, choices) if isinstance(given, str) else ""
        raise OptionError(f"{name} is {either(choices)}, not {given!r}{guess}")


def either(choices: Sequence[str]) -> str:
    """``a, b or c``."""
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else choices[0]


def caret(text: str, position: int) -> str:
    """Two lines: the line of the text with the position, or an excerpt of it, and a caret under it."""
    first = text.rfind("\n", 0, position) + 1
    last = text.find("\n", position)
    last = len(text) if last < 0 else last
    start, end = max(first, position - _EXCERPT), min(last, position + _EXCERPT)
    before = ("..." if start > first else "") + printable(text[start:position])
    after = printable(text[position:end]) + ("..." if end < last else "")
    number = f"line {text.count(chr(10), 0, first) + 1}: " if "\n" in text.strip() else ""
    return f"  {number}{before}{after}\n  {' ' * sum(map(columns, number + before))}^"


def columns(char: str) -> int:
    """The columns that a character takes in a terminal."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'sin'?)`` for the known word closest to this one, or nothing."""
    if len(word) > _LONGEST_NAME:
        return ""
    near = (other for other in known if len(other) <= 2 * len(word) + 2)
    close = _close(word.lower(), tuple(islice(near, _MOST_COMPARED)))
    return f" (did you mean {close[0]!r}?)" if close else ""


@lru_cache(maxsize=1024)
def _close(word: str, known: tuple[str, ...]) -> list[str]:
    """The known word closest to this one, if one is close: a reader that tries several ways asks for it each time."""
    return get_close_matches(word, known, n=1, cutoff=0.55)
