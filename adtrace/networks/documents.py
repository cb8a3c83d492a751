"""A layer table in every format: text of a template, plain data, or a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from adtrace.documents.output import write as write_text
from adtrace.documents.output import write_whole
from adtrace.errors import OptionError
from adtrace.formats import FORMATS, PICTURES
from adtrace.networks.network import Swept
from adtrace.networks.options import options_of
from adtrace.networks.prose import stated
from adtrace.networks.quantities import QUANTITIES
from adtrace.networks.tabulate import tables
from adtrace.tables.options import Options, of_target
from adtrace.tables.tabulate import DIALECTS
from adtrace.writing.dialects import PLAIN
from adtrace.writing.spoken import spoken


def document(network: Swept, given: Mapping[str, Any]) -> str:
    """The table as text in a format.  Raises `OptionError`, `TemplateError`."""
    own, chosen = options_of(given)
    if chosen.format == "json":
        return json.dumps(structure(network, given), indent=2, ensure_ascii=False) + "\n"
    if chosen.format in PICTURES:
        raise OptionError(f"{chosen.format} is no text; picture(format={chosen.format!r}) gives its bytes")
    return _rendered(network, own, chosen)


def _rendered(network: Swept, own: Any, chosen: Options) -> str:
    from adtrace.documents.render import worked  # noqa: PLC0415 - Jinja is imported when a template is needed

    dialect = spoken(DIALECTS[FORMATS[chosen.format].dialect], chosen.language, chosen.decimal)
    text = chosen.caption
    if text:
        from adtrace.writing.mathtext import captioned  # noqa: PLC0415 - few captions are the author's own

        text = captioned(text, dialect)
    return worked(tables(network, own, dialect, text, chosen.label or ""), chosen)


def picture(network: Swept, given: Mapping[str, Any]) -> bytes:
    """The table as a PDF, PNG or SVG."""
    from adtrace.documents.picture import made  # noqa: PLC0415 - Typst is an extra

    own, chosen = options_of({"format": "pdf"} | dict(given))
    if chosen.format not in PICTURES:
        raise OptionError(f"the format of a picture is {', '.join(PICTURES)}, not {chosen.format!r}")
    return made(_rendered(network, own, replace(chosen, standalone=True)), chosen.format)


def write(network: Swept, target: Any, given: Mapping[str, Any]) -> None:
    """The table into a file or a stream: never a part of one."""
    if not isinstance(target, str | Path):
        target.write(document(network, given))
        return
    chosen = of_target(str(target), given)
    if chosen["format"] in PICTURES:
        write_whole(Path(target), picture(network, chosen))
    else:
        write_text(document(network, chosen), str(target), FORMATS[chosen["format"]].mark)


def structure(network: Swept, given: Mapping[str, Any]) -> dict[str, Any]:
    """The table as dictionaries, lists, whole numbers and strings:

    network, input, channels, layers [{index, layer, kind, of, size, params, terms, ...}], total {params, ...},
    statements [text].  The keys are the attributes of `Row` and `Total`; a jump of a fraction is a text, "1/2".
    """
    options_of({"format": "json"} | dict(given))
    total = network.total
    return {
        "network": network.text,
        "input": list(network.input_size),
        "channels": "last" if network.channels_last else "first",
        "layers": [
            {
                "index": row.index, "layer": row.name, "kind": row.kind, "of": list(row.operands),
                **{name: _plain(getattr(row, name)) for name in QUANTITIES},
                "terms": row.terms, "remainder": list(row.remainder), "untrained": row.untrained,
            }
            for row in network.rows
        ],
        "total": {name: getattr(total, name) for name in (*total._fields, "macs", "flops")},
        "statements": [stated(statement, PLAIN) for statement in network.statements],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return str(value) if isinstance(value, Fraction) else value
