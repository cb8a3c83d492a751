"""What the library returns can be sent to another process, kept on disk, copied, compared and hashed."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

import adtrace

WEIGHTS = np.array([[1.0, 2.0], [3.0, 4.5]])
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def recorded(x: Any) -> Any:
    """A Python function that branches."""
    return adtrace.sin(x[0]) * x[1] if x[0] > 0 else x[1]


TRACES: dict[str, Callable[[], adtrace.Trace]] = {
    "certified": lambda: adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}, seed="each"),
    "several outputs, a constant one": lambda: adtrace.trace("f(r, t) = (r*cos(t), 3)", at={"r": 2, "t": "pi/6"}),
    "double precision": lambda: adtrace.trace("ln(x)*y", at={"x": 2, "y": 5.5}, arithmetic="float"),
    "displayed": lambda: adtrace.trace("ln(x)*y", at={"x": 2, "y": "1/3"}, arithmetic="displayed"),
    "without a point": lambda: adtrace.trace("x*y + exp(x*y)"),
    "with an open letter": lambda: adtrace.trace("ln(x) + x*y", at={"x": 2}, open="y"),
    "recorded": lambda: adtrace.trace(recorded, at={"x": [1, 2]}),
    "a program": lambda: adtrace.trace("a = x*y; b = a + sin(a); b/x", at={"x": 2, "y": "1/3"}),
    "powers": lambda: adtrace.trace("x^3 + x^0.5 + polygamma(2, x) + x^y", at={"x": 2, "y": 3}),
    "kinks": lambda: adtrace.trace("abs(x)*y + max(x, y)", at={"x": 0, "y": 0}, kinks={"tie": "split"}),
    "arrays": lambda: adtrace.trace("f(W, x) = sum(tanh(W @ x))", at={"W": WEIGHTS, "x": [1, "1/3"]}, weights=None),
    "arrays of letters": lambda: adtrace.trace("f(W, x) = sum(W @ x)", shape="W=2x2; x=2"),
    "data": lambda: adtrace.trace("(w*x - 1)^2", at={"w": 2, "x": 3}, const="x"),
}  # fmt: skip


def everything(trace: adtrace.Trace) -> list[Any]:
    """All numbers of a trace that it has."""
    asked = ("values", "gradient", "jacobian", "tangents", "hessian")
    numbers = []
    for name in asked:
        try:
            numbers.append(getattr(trace, name))
        except adtrace.AdtraceError as problem:
            numbers.append(str(problem))
    return numbers


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_comes_back_as_it_was(name: str) -> None:
    """By every protocol: equal, with the same hash, numbers, tables, structure and pictures of its graph."""
    trace = TRACES[name]()
    numbers, tables, shown = everything(trace), trace.tables(), trace.table()
    for protocol in PROTOCOLS:
        back = pickle.loads(pickle.dumps(trace, protocol))
        assert back == trace
        assert hash(back) == hash(trace)
        assert repr(back) == repr(trace)
    assert everything(back) == numbers
    assert back.table() == shown
    assert back.tables() == tables
    assert back.to_dict() == trace.to_dict()
    assert copy.deepcopy(trace) == copy.copy(trace) == trace
    for protocol in PROTOCOLS:
        assert pickle.loads(pickle.dumps(numbers, protocol)) == numbers
        assert pickle.loads(pickle.dumps(tables, protocol)) == tables
    assert hash(pickle.loads(pickle.dumps(tables))) == hash(tables)


def test_a_sent_trace_goes_on() -> None:
    """It has another point, higher orders, other seeds and its function."""
    trace = TRACES["certified"]()
    back = pickle.loads(pickle.dumps(trace))
    assert back.at({"x1": 3, "x2": "1/7"}) == trace.at({"x1": 3, "x2": "1/7"})
    assert back.taylor(3) == trace.taylor(3)
    assert back.hessian_vector({"x1": 1, "x2": -1}) == trace.hessian_vector({"x1": 1, "x2": -1})
    assert back.function()([2.0, 5.0]) == trace.function()([2.0, 5.0])
    at_kink = adtrace.trace("abs(x)^3*y", at={"x": 0, "y": 2})
    assert pickle.loads(pickle.dumps(at_kink.hessian)) == at_kink.hessian


def test_a_pickle_holds_what_cannot_be_computed_again() -> None:
    """The pickle of a trace has no sweep in it: it is as long whatever was asked for before."""
    trace = TRACES["certified"]()
    before = len(pickle.dumps(trace))
    trace.gradient["x1"].rounded(90)
    trace.table()
    assert len(pickle.dumps(trace)) == before < 4_000


@pytest.mark.parametrize(
    "make",
    [
        lambda: adtrace.layers("conv 3x3, 8; relu; flatten; fc 10", input="3x32x32"),
        lambda: adtrace.trace("f(W, x) = relu(W @ x)", at={"W": WEIGHTS, "x": [1, 2]}).layers(),
        lambda: adtrace.convolve("[1,2,pi,4]", "[1,0,2]"),
        lambda: adtrace.convolve("[1,2,a,4]", "[1,0,2]"),
        lambda: adtrace.window(32, 32, k=3),
        lambda: adtrace.check(adtrace.trace("ln(x)*y", at={"x": 2, "y": 5}).table().replace("3.4657", "3.4666")),
        lambda: adtrace.Limits(rows=10),
        lambda: adtrace.sin,
        lambda: adtrace.softmax,
        lambda: adtrace.pi,
    ],
    ids=["layers", "layers of a trace", "convolution", "letters", "windows", "report", "limits", "elemental", "call",
         "pi"],
)  # fmt: skip
def test_the_others_come_back_as_they_were(make: Callable[[], Any]) -> None:
    """Networks, convolutions, windows, reports, bounds and functions."""
    thing = make()
    for protocol in PROTOCOLS:
        back = pickle.loads(pickle.dumps(thing, protocol))
        assert back == thing
        assert hash(back) == hash(thing)
        assert repr(back) == repr(thing)
    assert copy.deepcopy(thing) == thing
    for method in ("table", "render"):
        if hasattr(thing, method):
            assert getattr(back, method)() == getattr(thing, method)()


def test_errors_come_back() -> None:
    """An error of another process says what it said there."""
    for text, at in (("2*+", {}), ("ln(x)", {"x": -1}), ("x", {})):
        with pytest.raises(adtrace.AdtraceError) as raised:
            adtrace.trace(text, at=at)
        for protocol in PROTOCOLS:
            back = pickle.loads(pickle.dumps(raised.value, protocol))
            assert type(back) is type(raised.value)
            assert str(back) == str(raised.value)


def test_ones_own_elemental_is_sent_along(tmp_path: Path) -> None:
    """A trace with an elemental of one's own arrives in a process that has never heard of it; one that has another of
    this name, or lacks an operation of arrays, says so.
    """
    adtrace.elemental("swoosh", "u/(1 + exp(-u))")
    adtrace.elemental("sandwich", index="v = u[i]*w[i,j]*z[j]")
    own = adtrace.trace("swoosh(x)*x", at={"x": "1/3"})
    (tmp_path / "own").write_bytes(pickle.dumps(own))
    arrays = adtrace.trace("sandwich(a, W, b)", at={"a": [1, 2], "W": WEIGHTS, "b": [1, 2]})
    assert pickle.loads(pickle.dumps(arrays)).value == arrays.value
    (tmp_path / "arrays").write_bytes(pickle.dumps(arrays))
    child = f"""
import adtrace, pickle
from pathlib import Path
print(pickle.loads(Path({str(tmp_path / "own")!r}).read_bytes()).table(format="text"))
try:
    pickle.loads(Path({str(tmp_path / "arrays")!r}).read_bytes())
except adtrace.OptionError as problem:
    print(problem)
"""
    said = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True).stdout
    assert own.table(format="text") in said
    assert "the operation sandwich is not declared here" in said
    other = child.replace("import adtrace, pickle", "import adtrace, pickle; adtrace.elemental('swoosh', 'u^2')")
    run = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
    assert "another one than the swoosh that is here" in run.stderr


def traced(x: int) -> adtrace.Trace:
    """What a process of a pool is asked for."""
    return adtrace.trace("ln(x) + x*y", at={"x": x, "y": "1/3"})


def test_a_process_pool_returns_traces() -> None:
    """Traces made in another process are those that are made here, to their last digit."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(traced, (2, 3, 5)))
    for x, trace in zip((2, 3, 5), made, strict=True):
        assert trace == traced(x)
        assert trace.gradient == traced(x).gradient
        assert trace.value.rounded(80) == traced(x).value.rounded(80)


def test_joblib_caches_traces(tmp_path: Path) -> None:
    """`joblib.Memory` finds a trace, and what is asked for a trace, again."""
    calls = []
    memory = joblib.Memory(tmp_path, verbose=0)

    @memory.cache  # type: ignore[untyped-decorator,unused-ignore]
    def gradient(trace: adtrace.Trace) -> Any:
        calls.append(trace)
        return trace.gradient

    first, second = gradient(traced(2)), gradient(traced(2))
    assert first == second == traced(2).gradient
    assert len(calls) == 1
    assert gradient(traced(3)) != first
    assert len(calls) == 2
