"""What others make of the same problems, as far as they are installed."""

from __future__ import annotations

import contextlib
import importlib
import linecache
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from problems import PROBLEMS

Job = Callable[[], Any]


def _module(name: str) -> Any:
    with contextlib.suppress(ImportError):
        return importlib.import_module(name)
    return None


def gradients(problem: str, n: int) -> dict[str, Job]:
    """Value and gradient at a point, from the callable."""
    function, point = PROBLEMS[problem](n)
    found: dict[str, Job] = {}
    autograd, numpy, casadi = _module("autograd"), _module("autograd.numpy"), _module("casadi")
    if autograd:
        gradient = autograd.grad(lambda x: function([x[k] for k in range(len(point))], numpy))
        at = numpy.array(point)
        found["autograd"] = lambda: gradient(at)
    if casadi:

        def build_and_run() -> Any:
            x = casadi.SX.sym("x", len(point))
            y = function([x[k] for k in range(len(point))], casadi)
            return casadi.Function("g", [x], [y, casadi.gradient(y, x)])(point)

        found["casadi, built and run"] = build_and_run
    return found


def tables(n: int) -> dict[str, Job]:
    """Each peer's nearest thing to a trace of the chain, as text."""
    function, point = PROBLEMS["chain"](n)
    found: dict[str, Job] = {}
    casadi, algopy, handcalcs = _module("casadi"), _module("algopy"), _module("handcalcs.decorator")
    if casadi:

        def listing() -> Any:
            x = casadi.SX.sym("x", 2)
            y = function([x[0], x[1]], casadi)
            return casadi.Function("g", [x], [y, casadi.gradient(y, x)]).str(True)

        found["casadi: listing without numbers"] = listing
    if algopy:
        import numpy

        def graph() -> Any:
            made = algopy.CGraph()
            x = algopy.Function(numpy.array(point))
            y = function([x[0], x[1]], SimpleNamespace(sin=algopy.sin))
            made.trace_off()
            made.independentFunctionList, made.dependentFunctionList = [x], [y]
            made.gradient(list(point))
            return str(made)

        found["algopy: values and adjoints as text"] = graph
    if handcalcs and n <= 1000:
        found["handcalcs: values alone, LaTeX"] = _handcalcs(handcalcs, n, point)
    return found


def _handcalcs(handcalcs: Any, n: int, point: list[float]) -> Job:
    steps, last = [], "x_1"
    for k in range(1, n, 3):
        steps += [f"v_{k} = sin({last})", f"v_{k + 1} = v_{k} * x_1", f"v_{k + 2} = v_{k + 1} + x_2"]
        last = f"v_{k + 2}"
    source = "def f(x_1, x_2):\n" + "".join(f"    {step}\n" for step in steps)
    linecache.cache["<handcalcs>"] = (len(source), None, source.splitlines(True), "<handcalcs>")
    space: dict[str, Any] = {"sin": math.sin}
    exec(compile(source, "<handcalcs>", "exec"), space)
    return lambda: handcalcs.handcalc(precision=4)(space["f"])(*point)
