"""What every document of worked tables can do: text in a format, a file, a picture, plain data, a notebook's cell."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from adtrace.documents.output import write, write_whole
from adtrace.errors import OptionError, nearest
from adtrace.formats import FORMATS, PICTURES
from adtrace.tables.options import Options, of_target, options
from adtrace.tables.tabulate import DIALECTS
from adtrace.tables.worked import WorkedTable
from adtrace.writing.notation import Dialect
from adtrace.writing.spoken import spoken

OF_DOCUMENTS = (
    "format", "flavour", "standalone", "macros", "caption", "label", "placement", "overlay", "template_dir",
    "language", "decimal",
)  # fmt: skip
OF_NUMBERS = ("digits", "rounding")


class WorkedDocument(ABC):
    """Worked tables in every format."""

    own: tuple[str, ...] = OF_DOCUMENTS
    """The options of its tables."""

    @abstractmethod
    def tables(self, dialect: Dialect, chosen: Options) -> Sequence[WorkedTable]:
        """Its tables in a dialect, with captions of its own."""

    @abstractmethod
    def to_dict(self, **given: Any) -> dict[str, Any]:
        """Its numbers as plain data."""

    def table(self, **given: Any) -> str:
        """The table as text; the keyword arguments are those of `Options` that are about documents.

        Raises `OptionError` and `TemplateError`.
        """
        chosen = self._chosen(given)
        if chosen.format == "json":
            numbers = {name: value for name, value in given.items() if name in OF_NUMBERS}
            return json.dumps(self.to_dict(**numbers), indent=2, ensure_ascii=False) + "\n"
        if chosen.format in PICTURES:
            raise OptionError(f"{chosen.format} is no text; picture(format={chosen.format!r}) gives its bytes")
        return self._rendered(chosen)

    def write(self, target: Any, **given: Any) -> None:
        """The table into a file, whose ending gives the format if none is named, or into an open stream."""
        if not isinstance(target, str | Path):
            target.write(self.table(**given))
            return
        shown = of_target(str(target), given)
        if shown["format"] in PICTURES:
            write_whole(Path(target), self.picture(**shown))
        else:
            write(self.table(**shown), str(target), FORMATS[shown["format"]].mark)

    def picture(self, **given: Any) -> bytes:
        """The table as a PDF, PNG or SVG, made without TeX."""
        from adtrace.documents.picture import made  # noqa: PLC0415 - Typst is an extra

        chosen = self._chosen({"format": "pdf"} | given)
        if chosen.format not in PICTURES:
            raise OptionError(f"the format of a picture is {', '.join(PICTURES)}, not {chosen.format!r}")
        return made(self._rendered(replace(chosen, standalone=True)), chosen.format)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The table as a notebook shows it."""
        return {"text/html": self.table(format="html"), "text/plain": self.table(format="text")}

    def _chosen(self, given: Mapping[str, Any]) -> Options:
        for name in given:
            if name not in self.own:
                names = ", ".join(self.own)
                raise OptionError(f"there is no option {name!r}{nearest(name, self.own)}; there are {names}")
        return options(dict(given))

    def _rendered(self, chosen: Options) -> str:
        from adtrace.documents.render import worked  # noqa: PLC0415 - Jinja is imported when a template is needed

        dialect = spoken(DIALECTS[FORMATS[chosen.format].dialect], chosen.language, chosen.decimal)
        tables = list(self.tables(dialect, chosen))
        if chosen.caption is not None:
            from adtrace.writing.mathtext import captioned  # noqa: PLC0415 - few captions are the author's own

            tables[0] = tables[0]._replace(caption=captioned(chosen.caption, dialect) if chosen.caption else "")
        tables[0] = tables[0]._replace(label=chosen.label or "")
        return worked(tables, chosen)


def listed_in_one(sentences: Iterable[str]) -> tuple[str, ...]:
    """Sentences that are not empty, each once."""
    return tuple(dict.fromkeys(filter(None, sentences)))
