"""Worked automatic-differentiation traces: the three-part tables of the textbooks, every digit right.

    text ──parse──▶ Expression ──lower──▶ WengertList ──sweep──▶ Sweep ──tabulate──▶ Table ──render──▶ document

Each arrow is one module, each noun one record, and a module imports only from those before it:
errors, limits, sources, formats, settings, wording, stops, progress, processes, collector, language, numbers,
elementals, arrays, writing, tracing, tables, graphs, documents, networks, derive, trials, declare, json_form, traced,
rows, api, batch, checking, request, latexbuild, fences, mkdocs, sphinx, cli, notebook.
Those that are folders name their modules in the same way.

The public names below are imported when they are first used, and every other name is an elemental as a function
(``adtrace.sin``) or a function of arrays (``adtrace.softmax``), so that ``adtrace --help`` loads none of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adtrace.api import Trace as Trace
    from adtrace.api import trace as trace
    from adtrace.batch import tables_of as tables_of
    from adtrace.checking.check import check as check
    from adtrace.checking.reporting.report import Report as Report
    from adtrace.declare import elemental as elemental
    from adtrace.errors import AdtraceError as AdtraceError
    from adtrace.errors import BindingError as BindingError
    from adtrace.errors import BoundError as BoundError
    from adtrace.errors import DomainError as DomainError
    from adtrace.errors import InputError as InputError
    from adtrace.errors import MathematicsError as MathematicsError
    from adtrace.errors import OptionError as OptionError
    from adtrace.errors import ParseError as ParseError
    from adtrace.errors import RecordingError as RecordingError
    from adtrace.errors import TemplateError as TemplateError
    from adtrace.errors import UndecidedError as UndecidedError
    from adtrace.json_form import json_schema as json_schema
    from adtrace.json_form import to_json as to_json
    from adtrace.limits import Limits as Limits
    from adtrace.networks.call import Network as Network
    from adtrace.networks.call import layers as layers
    from adtrace.networks.convolve import Convolution as Convolution
    from adtrace.networks.convolve import convolution as convolution
    from adtrace.networks.convolve import convolve as convolve
    from adtrace.networks.window import Windows as Windows
    from adtrace.networks.window import window as window
    from adtrace.notebook import load_ipython_extension as load_ipython_extension
    from adtrace.numbers.value import Value as Value
    from adtrace.rows import Row as Row
    from adtrace.tracing.written import e as e
    from adtrace.tracing.written import pi as pi

__version__ = "1.0.0"

_HOMES = {
    "errors": (
        "AdtraceError", "BindingError", "BoundError", "DomainError", "InputError", "MathematicsError", "OptionError",
        "ParseError", "RecordingError", "TemplateError", "UndecidedError",
    ),
    "limits": ("Limits",),
    "numbers.value": ("Value",),
    "api": ("Trace", "trace"),
    "batch": ("tables_of",),
    "checking.check": ("check",),
    "checking.reporting.report": ("Report",),
    "networks.call": ("Network", "layers"),
    "networks.convolve": ("Convolution", "convolution", "convolve"),
    "networks.window": ("Windows", "window"),
    "declare": ("elemental",),
    "tracing.written": ("e", "pi"),
    "rows": ("Row",),
    "json_form": ("json_schema", "to_json"),
    "notebook": ("load_ipython_extension",),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted([*_HOME, "__version__"])  # noqa: PLE0605 - one list of the names is enough


def __getattr__(name: str) -> Any:
    """A public name from the module that it lives in; every other one is an elemental (``adtrace.sin``), or a call."""
    if name in _HOME:
        value = getattr(import_module(f"adtrace.{_HOME[name]}"), name)
    elif not name.startswith("_") and name in import_module("adtrace.language.calls").CALLS:
        value = import_module("adtrace.tracing.array_calls").ArrayFunction(name)
    elif not name.startswith("_") and name in import_module("adtrace.elementals").FUNCTIONS:
        value = import_module("adtrace.tracing.functions").function(name)
    else:
        raise AttributeError(f"module 'adtrace' has no attribute {name!r}")
    globals()[name] = value  # the next time it is at hand
    return value


def __dir__() -> list[str]:
    return __all__
