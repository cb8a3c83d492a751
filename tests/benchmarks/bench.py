"""How long adtrace takes beside yardsticks that do only a part of the job, and beside the peers that are installed.

    python tests/benchmarks/bench.py [--lines 1,3] [--most 100000] [--samples 5] [--json FILE] [--markdown FILE]

A ratio is the median over samples in which the job and its yardstick take turns, in CPU time, so that a busy machine
counts for little.  Nothing here asserts a time.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import math
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from itertools import cycle, islice, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from problems import PROBLEMS  # noqa: E402
from yardsticks import TapedMath, straight_line, tape_gradient, trace_writer  # noqa: E402

import adtrace  # noqa: E402

Job = Callable[[], Any]
MATH = SimpleNamespace(sin=adtrace.sin, tanh=adtrace.tanh, log=adtrace.ln)
UNBOUNDED = adtrace.Limits(rows=10_000_000, certified_rows=10_000_000, characters=100_000_000)
SIZES = (10, 100, 1_000, 10_000, 100_000)
STYLES = (
    "three-part", "griewank", "cs107", "directional", "four-column", "aligned", "ledger", "numbered-from-one",
    "baydin", "cppad", "stored-partials",
)  # fmt: skip
BAYDIN = "ln(x1) + x1*x2 - sin(x2)"


class Found(NamedTuple):
    """One measurement."""

    line: int
    what: str
    n: int | None
    found: float
    aim: str
    unit: str = "times"


class Settings(NamedTuple):
    """How much is measured."""

    samples: int
    most: int

    @property
    def sizes(self) -> list[int]:
        """The sizes up to the largest."""
        return [n for n in SIZES if n <= self.most]


_LONGEST = 120
"""Seconds after which a child is given up."""

# -- measuring ---------------------------------------------------------------------------------------------


def seconds(job: Job, calls: int = 1) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    for _ in range(calls):
        job()
    return (time.process_time() - start) / calls


def calls_for(job: Job) -> int:
    """So many calls that a sample lasts about a tenth of a second."""
    job()
    once = max(seconds(job), 1e-7)
    return max(1, min(10_000, int(0.1 / once)))


def ratio(job: Job, yardstick: Job, samples: int) -> float:
    """The median ratio of a job to its yardstick, sample by sample."""
    calls, others = calls_for(job), calls_for(yardstick)
    found = []
    for _ in range(samples):
        gc.collect()
        mine = seconds(job, calls)
        gc.collect()
        found.append(mine / max(seconds(yardstick, others), 1e-9))
    return statistics.median(found)


def in_turn(jobs: list[Job], rounds: int) -> list[float]:
    """For each job the median time of a single call, where the jobs take turns."""
    times: list[list[float]] = [[] for _ in jobs]
    for turn in range(rounds + 2):
        for job, own in zip(jobs, times, strict=True):
            start = time.perf_counter()
            job()
            if turn > 1:  # the first calls load what is used
                own.append(time.perf_counter() - start)
    return [statistics.median(own) for own in times]


@lru_cache(maxsize=8)
def posed(problem: str, n: int) -> Any:
    """A problem: the function and the point, which are given to a yardstick, too."""
    return PROBLEMS[problem](n)


def traced(problem: str, n: int) -> adtrace.Trace:
    """A problem recorded from its callable, in double precision."""
    function, point = posed(problem, n)
    return adtrace.trace(lambda x: function(x, MATH), at={"x": point}, arithmetic="float", limits=UNBOUNDED)


def child(*arguments: object) -> dict[str, float]:
    """A measurement in a process of its own."""
    command = [sys.executable, str(HERE / "bench.py"), "--child", *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        return {}
    if done.returncode:
        sys.stderr.write(done.stderr[-300:] + "\n")
        return {}
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peak() -> float:
    """The largest memory of this process so far, in bytes; from the kernel, which counts its parent's before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return float(lines["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


# -- the lines ---------------------------------------------------------------------------------------------


def small_table(settings: Settings) -> Iterator[Found]:
    """1: Baydin's function, text to both tables in LaTeX, warm.

    The figures that the aim is set beside were medians of single calls in turn with other libraries (sympy here), in
    which nobody's code stays in the processor's cache; in a loop of its own each is faster, and the tape most of all.
    """
    import sympy

    def yardstick() -> Any:
        function = eval(f"lambda x1, x2: {BAYDIN}", {"ln": TapedMath.log, "sin": TapedMath.sin})
        return tape_gradient(lambda x, _: function(*x), [2.0, 5.0])

    def tables() -> str:
        return adtrace.trace(BAYDIN, at={"x1": 2, "x2": 5}).table(format="latex", mode="both")

    def other() -> Any:
        formula = sympy.parse_expr(BAYDIN)
        return [formula.diff(x).evalf(subs={"x1": 2, "x2": 5}) for x in sympy.symbols("x1 x2")]

    tape, mine, _ = in_turn([yardstick, tables, other], settings.samples * 20)
    yield Found(1, "text to both tables, warm / tape from text, in turn", None, mine / tape, "25")
    found = ratio(tables, yardstick, settings.samples * 3)
    yield Found(1, "the same, each in a loop of its own", None, found, "")


def cold(settings: Settings) -> Iterator[Found]:
    """2: the command line, cold."""

    def cpu(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False, cwd=HERE.parent.parent)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def against(mine: list[str], other: str) -> float:
        found = [cpu(*mine) / cpu("-c", other) for _ in range(settings.samples + 2)]
        return statistics.median(found)

    table = ["-m", "adtrace", "table", BAYDIN, "--at", "x1=2,x2=5"]
    yield Found(2, "a whole run, cold / import sympy, jinja2", None, against(table, "import sympy, jinja2"), "1.4")
    for option in ("--help", "--version"):
        yield Found(2, f"{option} / python -c pass", None, against(["-m", "adtrace", option], "pass"), "8")


def long_tables(settings: Settings) -> Iterator[Found]:
    """3: n operations to finished text, from a callable, in double precision."""
    for problem, make in PROBLEMS.items():
        for n in settings.sizes:
            function, point = make(n)
            for form in ("latex", "markdown"):
                job = lambda form=form: traced(problem, n).table(format=form, mode="reverse")  # noqa: E731, B023
                found = ratio(job, lambda: trace_writer(function, point), settings.samples)  # noqa: B023
                aim = "5" if n >= 100 else ""
                yield Found(3, f"{problem} to {form} / f-string writer", n, found, aim)
    for form in ("latex", "markdown"):
        used = child("memory", "chain", settings.most, form)
        if used:
            yield Found(3, f"memory of a row, chain to {form}", settings.most, used["bytes"] / 1e3, "3", "kB")
    if settings.most >= 100_000:
        used = child("stream", "chain", 1_000_000, "latex")
        if used:
            yield Found(3, "the file that is streamed", 1_000_000, used["file"] / 1e6, "", "MB")
            yield Found(3, "memory beside the trace while it is", 1_000_000, used["beside"] / 1e6, "", "MB")
            yield Found(3, "CPU time of recording, sweeps and file", 1_000_000, used["seconds"], "", "s")


def gradients(settings: Settings) -> Iterator[Found]:
    """4: value and gradient, and 5: what a gradient costs beside its function."""
    for problem, make in PROBLEMS.items():
        for n in settings.sizes:
            function, point = make(n)
            job = lambda: traced(problem, n).gradient  # noqa: E731, B023
            found = ratio(job, lambda: tape_gradient(function, point), settings.samples)  # noqa: B023
            yield Found(4, f"{problem}: recorded, swept / tape", n, found, "2")
        for n in (100, 1_000, 10_000):
            if n > settings.most:
                continue
            function, point = make(n)
            mine = traced(problem, n).function()
            both, value = straight_line(function, len(point))
            found = ratio(lambda: mine(point), lambda: both(point), settings.samples)  # noqa: B023
            yield Found(4, f"{problem}: trace.function() / straight-line code", n, found, "1.3")
            yield Found(5, f"{problem}: gradient / value, compiled", n, ratio(lambda: mine(point), lambda: value(point),  # noqa: B023
                        settings.samples), "5")  # fmt: skip
            yield from _arrays(problem, n)
        yield Found(5, f"{problem}: trace.cost(), operations", 1_000, traced(problem, 1_000).cost().ratio, "4")


def _arrays(problem: str, n: int) -> Iterator[Found]:
    """Many points at once, in a process of its own: how memory is laid out by what came before counts here."""
    used = child("arrays", problem, n)
    if used:
        what = f"{problem}: at {used['points']:,.0f} points through numpy, a point / straight-line code"
        yield Found(4, what, n, used["ratio"], "0.1")


TEXTS: dict[str, Callable[[int], str]] = {
    "terms": lambda n: " + ".join(f"{k % 7 + 1}*x" for k in range(n)),
    "factors": lambda n: "*".join(f"(x + {k})" for k in range(n)),
    "nestings": lambda n: "sin(" * n + "x" + ")" * n,
    "Horner steps": lambda n: "(" * n + "1" + "".join(f")*x + {k % 9 + 1}" for k in range(n)),
}


def texts(settings: Settings) -> Iterator[Found]:
    """6: long texts into Wengert lists."""
    for name in TEXTS:
        for n in (1_000, 10_000, 100_000):
            if n > settings.most:
                continue
            mine, other = child("lower", name, n), child("symengine", name, n)
            if not mine:
                continue
            yield Found(6, f"{name}: read and lowered", n, mine["seconds"], "", "s")
            if other:
                yield Found(6, f"{name} / symengine", n, mine["seconds"] / other["seconds"], "15")


def certified(settings: Settings) -> Iterator[Found]:
    """7: certified sweeps beside those in double precision."""
    from adtrace.numbers.certified import CERTIFIED
    from adtrace.numbers.floats import FLOATS

    for problem in PROBLEMS:
        for n, aim in ((10, "3"), (100, "3"), (1_000, ""), (10_000, "20")):
            if n > settings.most:
                continue
            evaluation = traced(problem, n).evaluation

            def swept(arithmetic: Any, evaluation: Any = evaluation) -> Any:
                sweep = replace(evaluation, evaluated=replace(evaluation.evaluated, arithmetic=arithmetic)).first()
                return sweep.tangents, sweep.adjoints

            found = ratio(lambda: swept(CERTIFIED), lambda: swept(FLOATS), settings.samples)
            yield Found(7, f"{problem}: certified / float sweeps", n, found, aim)


def many(settings: Settings) -> Iterator[Found]:
    """8: a thousand small tables, another point, and processes."""
    requests = different(1_000)
    options = {"format": "latex", "mode": "both"}

    def one() -> Any:
        return adtrace.trace(BAYDIN, at={"x1": 2, "x2": 5}).table(**options)

    found = ratio(lambda: adtrace.tables_of(requests, **options), lambda: [one() for _ in requests], settings.samples)
    yield Found(8, "1,000 different tables / 1,000 times the first", None, found, "1")
    again = statistics.median(
        first / max(once_more, 1e-9) for first, once_more in map(_twice, different(2_000)[1_000:])
    )
    yield Found(8, "a text for the first time / once more", None, again, "")
    trace, points = traced("chain", 1_000), [{"x_1": 1.1, "x_2": 0.3}, {"x_1": 1.2, "x_2": 0.2}]
    again = ratio(lambda: trace.at(points[1]).gradient, lambda: traced("chain", 1_000).gradient, settings.samples)
    yield Found(8, "trace.at(point) / recorded anew, with the gradient", 1_000, again, "")
    for count in (4_000, 20_000):
        used = child("processes", count)
        for pool, key in (("their start included", ""), ("started before", "warm ")) if used else ():
            yield Found(8, f"two processes, {pool}: CPU time of one / of each", count, used[f"{key}cpu"], "1.8")
            yield Found(8, f"two processes, {pool}: wall time", count, used[f"{key}wall"], "1.8")


def _twice(request: dict[str, Any]) -> tuple[float, float]:
    """The seconds of a table, and of the same again."""
    job = lambda: adtrace.tables_of([request], format="latex", mode="both")  # noqa: E731
    return seconds(job), seconds(job)


def different(count: int) -> list[dict[str, Any]]:
    """Different texts of the size of Baydin's function: two elementals of a variable, one of both, and two signs."""
    heads = ("ln", "sin", "exp", "sqrt", "cos", "tanh", "atan", "cbrt", "sinh", "sigmoid", "asinh", "log10")
    names = (("x1", "x2"), ("x", "y"), ("a", "b"), ("u", "w"), ("p", "q"), ("r_1", "r_2"))
    ways = list(product(heads, heads, "*/", ("+-", "-+", "++", "--"), names))
    random.Random(count).shuffle(ways)
    return [
        {"expression": f"{f}({a}) {first} {a}{sign}{b} {second} {g}({b})", "at": {a: k % 9 + 1, b: k % 5 + 2}}
        for k, (f, g, sign, (first, second), (a, b)) in enumerate(islice(cycle(ways), count))
    ]


def linear(settings: Settings) -> Iterator[Found]:
    """9: the exponent in n of each arrow."""
    from adtrace.elementals import FUNCTIONS
    from adtrace.language.parse import parse
    from adtrace.tables.options import options as chosen
    from adtrace.tables.styles import style
    from adtrace.tables.tabulate import tabulate
    from adtrace.tracing.lower import lower

    sizes = [n for n in (1_000, 3_000, 10_000, 30_000, 100_000) if n <= settings.most]
    times: dict[str, list[float]] = {name: [] for name in ("parse", "lower", "sweep", "tabulate", "render")}

    def least(job: Job) -> float:
        gc.collect()
        return min(seconds(job) for _ in range(settings.samples))

    options = chosen({"format": "latex", "mode": "reverse"})
    notation = style("three-part", None)
    for n in sizes:
        text = TEXTS["terms"](n)
        times["parse"].append(least(lambda: parse(text, FUNCTIONS, limits=UNBOUNDED)))  # noqa: B023
        read = parse(text, FUNCTIONS, limits=UNBOUNDED)
        times["lower"].append(least(lambda: lower(read, ("x",), limits=UNBOUNDED)))  # noqa: B023
        trace = traced("chain", n)

        def swept(trace: Any = trace) -> Any:
            sweep = replace(trace.evaluation, evaluated=replace(trace.evaluation.evaluated)).first()
            return sweep.tangents, sweep.adjoints

        times["sweep"].append(least(swept))

        def tabulated(trace: Any = trace) -> None:
            for table in tabulate(trace.expression, [trace.evaluation], notation, options):
                for block in table.blocks:
                    deque((part for group in block.groups for part in group.parts()), maxlen=0)

        times["tabulate"].append(least(tabulated))
        times["render"].append(least(lambda: trace.table(format="latex", mode="reverse")))  # noqa: B023
    times["render"] = [whole - part for whole, part in zip(times["render"], times["tabulate"], strict=True)]
    for name, found in times.items():
        yield Found(9, f"exponent of {name}", sizes[-1], slope(sizes, found), "1.1", "")


def slope(sizes: list[int], found: list[float]) -> float:
    """The exponent of a power law through the points, by least squares of the logarithms."""
    xs, ys = [math.log(n) for n in sizes], [math.log(max(t, 1e-9)) for t in found]
    x, y = statistics.mean(xs), statistics.mean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def checked(settings: Settings) -> Iterator[Found]:
    """10: a document of both of Baydin's tables, and one of a long table, checked; beside making them."""
    for what, text, at in (
        ("Baydin's tables", BAYDIN, {"x1": 2, "x2": 5}),
        ("a table of 60 rows", "*".join(f"sin({k}*x)" for k in range(1, 21)), {"x": "1/2"}),
    ):

        def made(text: str = text, at: dict[str, Any] = at) -> str:
            return adtrace.trace(text, at=at).table(mode="both")

        document = made()
        found = ratio(lambda: adtrace.check(document), made, settings.samples)  # noqa: B023
        yield Found(10, f"{what} checked / made", None, found, "")
    yield Found(10, "a class, --csv", 1_000, a_class(1_000), "40", "s of processor")


def a_class(size: int) -> float:
    """The seconds of processor, of all processes, that a class takes: all styles in four formats, each with a point of
    its own, every third one with a mistake.
    """
    endings = {"markdown": "md", "latex": "tex", "text": "txt", "html": "html"}
    with tempfile.TemporaryDirectory() as folder:
        points = {}
        for number in range(size):
            at = {"x1": f"{number % 70 / 10 + 2}", "x2": f"{number % 40 / 10 + 1}"}
            form, style = list(endings)[number % 4], STYLES[number % len(STYLES)]
            mode = ("forward", "reverse", "both")[number % 3]
            document = adtrace.trace(BAYDIN, at=at).table(format=form, style=style, mode=mode, digits=4)
            head, digit, tail = document.rpartition("1")
            name = str(Path(folder, f"{number}.{endings[form]}"))
            points[name] = ",".join(f"{variable}={value}" for variable, value in at.items())
            text = f"{head}7{tail}" if digit and number % 3 == 1 else document
            Path(name).write_text(text, encoding="utf-8")
        lines = "".join(f'{name},"{point}"\n' for name, point in points.items())
        own, marks = Path(folder, "points.csv"), Path(folder, "marks.csv")
        own.write_text(lines, encoding="utf-8")
        command = [sys.executable, "-m", "adtrace", "check", "--function", BAYDIN, "--points-file", str(own)]
        before = os.times()
        subprocess.run([*command, "--csv", str(marks), *points], capture_output=True, check=False)
        after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def beside_peers(settings: Settings) -> Iterator[Found]:
    """0: what the installed peers take for their part of the job."""
    import peers

    for n in (100, 1_000):
        function, point = PROBLEMS["chain"](n)
        for name, job in peers.gradients("chain", n).items():
            found = ratio(job, lambda: tape_gradient(function, point), settings.samples)  # noqa: B023
            yield Found(0, f"gradient of the chain by {name} / tape", n, found, "")
        for name, job in peers.tables(n).items():
            with_yardstick = ratio(job, lambda: trace_writer(function, point), settings.samples)  # noqa: B023
            yield Found(0, f"chain to text by {name} / f-string writer", n, with_yardstick, "")


def arrays(settings: Settings) -> Iterator[Found]:
    """11: functions of numpy's arrays, recorded and swept, beside the same by hand in numpy, and autograd."""
    import numpy as np
    from networks import NETWORKS, in_autograd

    with suppress(ImportError):
        import autograd
        import autograd.numpy as anp
    for name, make in NETWORKS.items():
        network = make()

        def recorded(of: Any = network) -> Any:
            trace = adtrace.trace(of.function, at=of.point, arithmetic="float")
            return float(trace.value), [np.asarray(slope) for slope in trace.gradient.values()]

        def by_hand(of: Any = network) -> Any:
            return of.hand(*of.point)

        for mine, other in zip(recorded()[1], by_hand()[1], strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-8, atol=1e-12)
        again = adtrace.trace(network.function, at=network.point, arithmetic="float").function()
        large = network.point[0].size > 1_000
        aim = "3" if large else ""
        yield Found(11, f"{name}: recorded and swept / by hand in numpy", None,
                    ratio(recorded, by_hand, settings.samples), aim)  # fmt: skip
        yield Found(11, f"{name}: trace.function() / by hand in numpy", None,
                    ratio(partial(again, *network.point), by_hand, settings.samples), aim)  # fmt: skip
        if "autograd" in sys.modules and not name.startswith("LeNet"):
            gradient = autograd.value_and_grad(in_autograd(network, anp), argnum=(0, 1, 2, 3, 4))
            yield Found(11, f"{name}: recorded and swept / autograd", None,
                        ratio(recorded, partial(gradient, *network.point), settings.samples), "")  # fmt: skip


def layer_tables(settings: Settings) -> Iterator[Found]:
    """12: the shapes of ResNet-50 and VGG-16, and the table of the first as LaTeX."""
    from residual import VGG16, resnet50

    listed = resnet50()
    adtrace.layers(VGG16, input="224x224x3")  # imports and formulas once
    for name, network in (("ResNet-50", listed), ("VGG-16", VGG16)):
        found = seconds(lambda: adtrace.layers(network, input=(3, 224, 224)).total, 3)  # noqa: B023
        yield Found(12, f"{name} swept in shapes", None, found, "0.1", "seconds")
    swept = adtrace.layers(listed, input=(3, 224, 224))
    yield Found(12, "ResNet-50 as a table in LaTeX", None, seconds(lambda: swept.table(format="latex")), "", "seconds")


LINES: dict[int, Callable[[Settings], Iterator[Found]]] = {
    0: beside_peers, 1: small_table, 2: cold, 3: long_tables, 4: gradients, 6: texts, 7: certified, 8: many, 9: linear,
    10: checked, 11: arrays, 12: layer_tables,
}  # fmt: skip


# -- children ----------------------------------------------------------------------------------------------


def in_child(arguments: list[str]) -> dict[str, float]:
    """What a child measures."""
    kind, *rest = arguments
    sys.set_int_max_str_digits(0)
    if kind in ("memory", "stream"):
        return _memory(kind, rest[0], int(rest[1]), rest[2])
    if kind == "arrays":
        return _at_many_points(rest[0], int(rest[1]))
    if kind == "processes":
        return _processes(int(rest[0]))
    text = TEXTS[rest[0]](int(rest[1]))
    if kind == "symengine":
        import symengine

        return {"seconds": min(seconds(lambda: symengine.sympify(text)) for _ in range(3))}
    from adtrace.elementals import FUNCTIONS
    from adtrace.language.parse import parse
    from adtrace.tracing.lower import lower

    return {"seconds": min(seconds(lambda: lower(parse(text, FUNCTIONS, limits=UNBOUNDED), ("x",), limits=UNBOUNDED))
                           for _ in range(3))}  # fmt: skip


def _memory(kind: str, problem: str, n: int, form: str) -> dict[str, float]:
    traced(problem, 10).table(format=form, mode="reverse")
    before, start = peak(), time.process_time()
    trace = traced(problem, n)
    if kind == "memory":
        text = trace.table(format=form, mode="reverse")
        assert text
        return {"bytes": (peak() - before) / len(trace.wengert.rows)}
    assert trace.evaluation.first().adjoints
    recorded = peak()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.tex"
        trace.write(file, format=form, mode="reverse")
        size = file.stat().st_size
    return {"beside": peak() - recorded, "file": size, "seconds": time.process_time() - start}


def _at_many_points(problem: str, n: int) -> dict[str, float]:
    import numpy as np

    function, point = posed(problem, n)
    mine, (both, _) = traced(problem, n).function(), straight_line(function, len(point))
    count = 10_000 if n <= 1_000 else 1_000
    points = np.array(point) * (1 + 1e-3 * np.arange(count)[:, None] / count)
    return {"points": count, "ratio": ratio(lambda: mine(points), lambda: [both(point) for _ in range(count)], 5)}


def _processes(count: int) -> dict[str, float]:
    """Tables in one process, in two that are started for them, and in the same two once more."""
    from joblib.externals.loky import get_reusable_executor

    requests, options = different(count), {"format": "latex", "mode": "both"}
    adtrace.tables_of(requests[:50], **options)

    def cost(jobs: int) -> tuple[float, float, float]:
        """Wall time, and the CPU time of this process and of the busier one of its workers so far."""
        wall, start = time.perf_counter(), time.process_time()
        adtrace.tables_of(requests, jobs=jobs, **options)
        return time.perf_counter() - wall, time.process_time() - start, max(_workers(), default=0.0)

    one, cold, warm = cost(1), cost(2), cost(2)
    get_reusable_executor().shutdown(wait=True)
    return {
        "cpu": one[1] / max(cold[1:]),
        "wall": one[0] / cold[0],
        "warm cpu": one[1] / max(warm[1], warm[2] - cold[2]),
        "warm wall": one[0] / warm[0],
    }


def _workers() -> list[float]:
    """The CPU time of each child of this process so far, in seconds; from the kernel."""
    tick = os.sysconf("SC_CLK_TCK")
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # one that ends meanwhile
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                found.append((int(fields[11]) + int(fields[12])) / tick)
    return found


# -- the report --------------------------------------------------------------------------------------------


def machine() -> str:
    """The machine in a few words."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return f"{os.cpu_count()} processors ({model}), Python {platform.python_version()}, {date.today().isoformat()}"


def markdown(found: list[Found]) -> str:
    """The measurements as a Markdown table."""
    text = io.StringIO()
    text.write(f"{machine()}\n\n| line | what | n | found | aim |\n|---|---|---|---|---|\n")
    for entry in found:
        size = "" if entry.n is None else f"{entry.n:,}"
        aim = f"at least {entry.aim}" if entry.what.startswith("two processes") else f"at most {entry.aim}"
        unit = f" {entry.unit}" if entry.unit not in ("times", "") else ""
        row = (str(entry.line or ""), entry.what, size, f"{entry.found:.3g}{unit}", f"{aim}{unit}" if entry.aim else "")
        text.write(f"| {' | '.join(row)} |\n")
    return text.getvalue()


def main() -> None:
    """Measure what is asked for, and write the table."""
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(in_child(sys.argv[2:])))
        return
    parser = argparse.ArgumentParser(description="adtrace beside its yardsticks and its peers")
    parser.add_argument("--lines", default=",".join(map(str, LINES)), help="the lines to measure; 0: the peers")
    parser.add_argument("--most", type=int, default=100_000, help="the largest n")
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    settings, found = Settings(given.samples, given.most), list[Found]()
    for line in map(int, given.lines.split(",")):
        for entry in LINES[line](settings):
            found.append(entry)
            sys.stderr.write(
                f"{entry.line} {entry.what} {entry.n or ''} {entry.found:.3g} {entry.unit} ({entry.aim})\n"
            )
    if given.json:
        given.json.write_text(
            json.dumps({"machine": machine(), "found": [e._asdict() for e in found]}, indent=1) + "\n"
        )
    if given.markdown:
        given.markdown.write_text(markdown(found), encoding="utf-8")
    print(markdown(found))


if __name__ == "__main__":
    main()
