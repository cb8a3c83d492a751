r"""A request of a document into its answer: the fragment and the values, or the error that LaTeX will raise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from adtrace.errors import AdtraceError, OptionError
from adtrace.latexbuild.exchange import request
from adtrace.settings import FIXED, LATEX, SETTINGS, SHORT
from adtrace.tables.naming import Naming, source_names
from adtrace.tables.numerals import Numerals
from adtrace.tables.options import Options
from adtrace.tables.options import options as checked
from adtrace.tables.styles import noted, style
from adtrace.tables.texts import Texts
from adtrace.tracing.quantities import BACKWARDS, CONSTANT, TANGENTS, VALUE, Address, Quantity
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Variable, WengertList
from adtrace.writing.dialects import LATEX as IN_LATEX
from adtrace.writing.matrices import kept_places, laid_out

if TYPE_CHECKING:
    from adtrace.api import Trace

LABEL = "adt"
"""Our label in a fragment; adtrace.sty puts the author's in place of it, with what follows (-forward, -reverse)."""


class Answer(NamedTuple):
    """The answer to one request."""

    tex: str
    """What stands in ``main.adtout``."""
    problem: str
    """The message, if the trace cannot be made; else empty."""


def answer(total: str, text: str, template_dir: Path | None) -> Answer:
    """The answer to a request; an error in it is an answer, too."""
    try:
        traced, options = _trace(text)
        fragment = traced.table(**options, macros=False, label=LABEL, template_dir=template_dir)
        results = values(traced, options)
    except AdtraceError as error:
        return _failure(total, str(error))
    except Exception as fault:  # one trace must not take the document with it
        return _failure(total, f"a fault of adtrace, please report it: {type(fault).__name__}: {fault}")
    tex = [f"\\adtfragment{{{total}}}{{%", _body(fragment) + "}"]
    tex += [f"\\adtresult{{{total}}}{{{name}}}{{{number}}}" for name, number in results.items()]
    return Answer("\n".join(tex), "")


def _trace(text: str) -> tuple[Trace, dict[str, Any]]:
    asked = request(text)
    for name in asked.settings:
        if name == "template_dir":
            raise OptionError("a document does not choose its templates: name the folder to adtrace tex --template-dir")
        if name in SETTINGS and LATEX in SETTINGS[name].not_in:
            raise OptionError(f"{name} is not an option of a trace in a document")
    traced, options = asked.trace()
    return traced, options | {"format": "latex"}


def _body(fragment: str) -> str:
    """The fragment as the argument of a macro: without whole lines of comment, and # doubled."""
    lines = [line for line in fragment.rstrip().split("\n") if not line.startswith("%")]
    return re.sub(r"(?<!\\)((?:\\\\)*)#", r"\1##", "\n".join(lines).strip("\n"))


def values(traced: Trace, options: dict[str, Any]) -> dict[str, str]:
    r"""The numbers that ``\adtvalue`` knows, as the table prints them.

    ``y`` is the value of the dependent variable, ``dot y`` its tangent, ``x1`` the partial derivative by x1;
    ``v3``, ``dot v3`` and ``bar v3`` are those of v_3; with order 2 ``ddot y`` is the second derivative along the seed.
    With several outputs ``y1 x1`` is a partial derivative of y1.  ``dbar v3`` and ``dbar x1`` are the derivatives of
    those adjoints along the seed: of order 2, and so of mode second.
    Of an array ``W`` is the whole, and ``W[0,1]`` an entry, counted from 0; the variables of a program with arrays have
    the names of its statements, too: ``z[0]``, ``bar z[0]``.
    """
    chosen, wengert = checked(options), traced.wengert
    evaluations, orders = traced.evaluations(chosen), range(1, chosen.order + 1)
    numbers = [_written(evaluation, chosen) for evaluation in evaluations]
    forward = [VALUE, *(TANGENTS[order] for order in orders)]
    adjoints, count = [BACKWARDS[order].adjoint for order in orders], len(evaluations)
    texts: dict[str, str] = {}
    for name, sweep, address in (
        *_of_variables(wengert, [*forward, *(adjoints if count == 1 else ())]),
        *_of_gradients(wengert, adjoints, count),
        *_of_outputs(wengert, forward),
    ):
        texts |= _entries(name, evaluations[sweep], numbers[sweep], address) if address else {name: "0"}
    return texts


_Named = tuple[str, int, Address | None]
"""How a document names a number, the reverse sweep that it is of, and where it stands; None for one that is 0."""


def _of_variables(wengert: WengertList, quantities: Sequence[Quantity]) -> Iterator[_Named]:
    """``v3``, ``dot v3``, ``bar v3``; in a program of arrays by the names of its statements, too."""
    names = {variable: name for name, variable in source_names(wengert)} if wengert.shapes else {}
    for place in range(len(wengert.independents) + len(wengert.rows)):
        variable = Variable(place + wengert.first)
        for quantity in quantities:
            if quantity is VALUE or place not in wengert.data:
                for name in filter(None, (f"v{variable}", names.get(variable))):
                    yield f"{_spoken(quantity)} {name}".strip(), 0, Address(quantity, place)


def _of_gradients(wengert: WengertList, adjoints: Sequence[Quantity], sweeps: int) -> Iterator[_Named]:
    """``x1``, ``dbar x1``; with several sweeps ``y1 x1``."""
    for sweep, output in enumerate(wengert.dependent_names[:sweeps]):
        for place, name in enumerate(wengert.independents):
            for quantity in adjoints if place not in wengert.data else ():
                words = (output if sweeps > 1 else "", _spoken(quantity) * (quantity.order > 1), name)
                yield " ".join(filter(None, words)), sweep, Address(quantity, place)


def _of_outputs(wengert: WengertList, quantities: Sequence[Quantity]) -> Iterator[_Named]:
    """``y``, ``dot y``; an output that is constant has no derivative but 0."""
    for name, operand in zip(wengert.dependent_names, wengert.dependents, strict=True):
        for quantity in quantities:
            words = f"{_spoken(quantity)} {name}".strip()
            if isinstance(operand, Variable):
                yield words, 0, Address(quantity, operand - wengert.first)
            else:
                yield words, 0, Address(CONSTANT, id(operand)) if quantity is VALUE else None


_MOST_ENTRIES = 400
"""Entries of the largest array of which a document can ask for each."""


def _entries(name: str, evaluation: Evaluation, number: Callable[[Address], str], address: Address) -> dict[str, str]:
    """A number under its name; of an array the whole, and each entry under its index."""
    shape = getattr(evaluation.first()[address], "shape", ())
    if not shape:
        return {name: number(address)}

    assert IN_LATEX.brackets is not None
    shown = [number(address._replace(entry=entry)) for entry in kept_places(shape)]
    texts = {name: laid_out(shown, shape, IN_LATEX.brackets)}
    if prod(shape) <= _MOST_ENTRIES:
        for entry, index in enumerate(product(*map(range, shape))):
            texts[f"{name}[{','.join(map(str, index))}]"] = number(address._replace(entry=entry))
    return texts


def _written(evaluation: Evaluation, chosen: Options) -> Callable[[Address], str]:
    """How a number is written: in its digits, or as the formula that it is."""
    form = FIXED if evaluation.displayed else chosen.numbers or SHORT
    numerals = Numerals(evaluation, chosen.digits, chosen.rounding, form, simplify=chosen.simplify)
    if not numerals.formulas:
        return numerals.text

    notation = noted(style(chosen.style, None), chosen.notation)
    return Texts(Naming(numerals.evaluation, IN_LATEX, notation), numerals).plain


def _spoken(quantity: Quantity) -> str:
    """How a document names a quantity: dot, ddot, bar."""
    return "d" * (quantity.order - 1) + quantity.mark


_SPECIAL = {
    "\\": "\\@backslashchar ", "{": "\\adt@open ", "}": "\\adt@close ", "%": "\\@percentchar ", "#": "\\adt@hash ",
    "~": r"\string~", "^": r"\string^", "$": r"\string$", "&": r"\string&", "_": r"\string_", "\n": "\\MessageBreak\n",
    " ": "\\space ",
}  # fmt: skip


def _failure(total: str, problem: str) -> Answer:
    """The error, in characters that TeX prints and does not obey."""
    lines = "".join(_SPECIAL.get(c, c if c.isprintable() else "?") for c in problem)
    return Answer(f"\\makeatletter\\adtfailure{{{total}}}{{{lines}}}\\makeatother", problem)
