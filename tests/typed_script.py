"""A script of a user who has types checked strictly: everything public, with the types that it has."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import assert_type

import adtrace
from adtrace import Row, Trace, Value


def numbers(trace: Trace) -> float:
    """Values and what is computed from them."""
    value: Value = trace.value
    exact: Fraction | None = value.exact
    total = value + 1 - Fraction(1, 3) * value / 2 + 0.5**value - abs(value) + value % 2 + round(value, 2)
    assert_type(-value, Value)
    whole: int = value // 1 + int(value)
    gradient: dict[str, Value] = trace.gradient
    jacobian: dict[str, dict[str, Value]] = trace.jacobian
    second: Value = trace.hessian_vector({"x1": 1})["x1"]
    series: list[Value] = trace.taylor(3)["y"]
    larger = value > 1 and value != gradient["x1"] and sum(series, start=second) > whole
    texts: list[str] = [f"{value:.4f}", value.rounded(4), str(exact), str(larger)]
    print(texts, json.dumps(jacobian, default=adtrace.to_json))
    return float(total) + complex(value).real


def tables(trace: Trace, folder: Path) -> None:
    """Text, files, pictures, records and plain data."""
    text: str = trace.table(mode="reverse", format="latex")
    each: list[str] = trace.each_table()
    trace.write(folder / "t.tex")
    trace.write(io.StringIO(), format="markdown")
    trace.write(io.BytesIO(), format="pdf")
    picture: bytes = trace.picture(format="png")
    graph = trace.graph(mode="forward")
    svg: str | None = graph.svg
    captions: list[str] = [table.caption for table in trace.tables()]
    document: dict[str, object] = trace.to_dict(numbers="exact")
    schema: dict[str, object] = adtrace.json_schema()
    print(text + graph, each, picture, svg, captions, document, schema, trace.show())


def rows(trace: Trace) -> list[str]:
    """Every row, and what it has."""
    last: Row = trace.rows[-1]
    names: tuple[str, ...] = last.operands
    shape: tuple[int, ...] = last.shape
    print(names, shape, last.value, last.tangent, last.adjoint, last.partials, last.adjoints, last.tangents)
    return [f"{row.index} {row.variable} {row.elemental} {row.formula} {row.name}" for row in trace.variables]


def others(answers: str) -> None:
    """Checks, networks, windows, elementals, many tables, errors."""
    report: adtrace.Report = adtrace.check(answers)
    good: bool = report.ok
    network: adtrace.Network = adtrace.layers("CONV3-10, ReLU", input="32x32x3")
    parameters: int | None = network.total.params
    windows: adtrace.Windows = adtrace.window(64, 32, k=8)
    product: adtrace.Convolution = adtrace.convolution([1, 2, 3], [1, 0])
    adtrace.elemental("swoosh", "u/(1 + exp(-u))")
    several: list[str] = list(adtrace.tables_of([{"expression": "x^2", "at": {"x": 2}}]))
    print(good, parameters, windows.count, product, several, report.summary(), adtrace.sin(1.0) * adtrace.pi)


def main() -> None:
    """A trace in every way that it is asked for."""
    limits = adtrace.Limits(rows=100_000)
    trace: Trace = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}, limits=limits)
    there: Trace = trace.at([3, Fraction(1, 7)])
    try:
        numbers(there)
        tables(trace, Path())
        print(rows(trace))
        others(trace.table())
    except adtrace.ParseError as problem:
        print(problem.problem, problem.position)
    except (adtrace.DomainError, adtrace.UndecidedError, adtrace.BoundError, adtrace.OptionError) as problem:
        print(problem, problem.exit_status)


if __name__ == "__main__":
    main()
