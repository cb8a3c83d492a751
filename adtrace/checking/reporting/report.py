"""The answer of a check: `Report`, an account that can be printed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Self

from adtrace.checking.reporting.plain import plain
from adtrace.checking.reporting.records import Account
from adtrace.checking.reporting.sentences import summary
from adtrace.errors import OptionError

FORMATS = ("text", "markdown", "html", "json")
ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}


@dataclass(frozen=True, repr=False)
class Report(Account):
    """What was found in one document.

    ``ok`` is whether every cell that is asked for is there and right; ``mistakes`` are the root mistakes, each once;
    ``remarks`` are on cells that are right, but not as good as they could be; ``cells`` has the state of every cell,
    ``counts`` how many there are of each; ``problems`` belong to no cell: another function, a missing row, a table
    that is not read.  Print it for the tables and the sentences; a notebook shows it as a table.
    """

    def __hash__(self) -> int:
        return hash((self.name, self.summary()))

    def __repr__(self) -> str:
        """``<Report: 32 cells right, 2 mistakes>``."""
        return f"<Report: {self.summary()}>"

    def __str__(self) -> str:
        return self.render()

    def _repr_html_(self) -> str:
        return self._laid_out("fragment")

    def _repr_markdown_(self) -> str:
        return self.render("markdown")

    def summary(self) -> str:
        """One line that names all that counts: ``11 cells right, 1 mistake, 2 cells following from it, 3 empty``."""
        return summary(self)

    def render(self, format: str = "text", *, colour: bool = False) -> str:  # noqa: A002 - the option's name
        """The report as a document, in colour for a terminal.  Raises `OptionError` for a format that there is not."""
        if format not in FORMATS:
            raise OptionError(f"a report is {', '.join(FORMATS)}; not {format!r}")
        if format == "json":
            text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
            return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
        return self._laid_out(format, colour)

    def _laid_out(self, form: str, colour: bool = False) -> str:
        from adtrace.checking.reporting.layouts import laid_out  # noqa: PLC0415 - Jinja, only where something is shown

        return laid_out(self, form, colour=colour)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data; ``docs/tasks/checking.md`` has its keys."""
        return plain(self)

    def keeping(self, what: str) -> Self:
        """For a student: ``hide`` tells right or wrong and where, ``hint`` the cause of a mistake in a word, too."""
        return replace(self, kept=what)
