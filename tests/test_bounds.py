"""Large input of every kind in every format: at the default bounds each ends within two seconds of processor time and
512 MB, in a document or in one message of ours that is no longer than a message.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_hostile import fault, run

import adtrace
from adtrace.errors import listed
from adtrace.limits import DEFAULT, HIGHEST, Limits

SIZES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "sizes.json").read_text(encoding="utf-8"))
LONGEST = 1_500
"""Characters of a message."""


def text(given: Any) -> str:
    """A text of the corpus: as it is, or pieces with the number of their repetitions, ``{k}`` being which."""
    pieces = given if isinstance(given, list) else [[given, 1]]
    return "".join(piece.replace("{k}", str(k)) for piece, count in pieces for k in range(count))


def arguments(case: dict[str, Any]) -> list[str]:
    """The call that a case of the corpus is."""
    options = ["--at", text(case.get("at", "x=1")), "--format", case.get("format", "text")]
    more = [text([option] if isinstance(option[0], str) and isinstance(option, list) else option)
            for option in case.get("more", [])]  # fmt: skip
    return [text(case["text"]), *options, *more, *["--seed", "x=1"] * case.get("seeds", 0)]


@pytest.mark.parametrize("group", SIZES)
def test_large_input_ends_soon(group: str, tmp_path: Path) -> None:
    """Processor time and memory are measured in a child process, and its message is short."""
    calls = [arguments(case) for case in SIZES[group]]
    faults = []
    for case, report in zip(SIZES[group], run(calls, tmp_path, compiles=True), strict=True):
        report["err"] = report["err"] if len(report["err"]) < LONGEST else "too long a message"
        faults.append(f"{case!r:.150} {fault(report)}" if fault(report) else "")
    assert not any(faults), "\n".join(filter(None, faults))


def outputs(count: int) -> str:
    """So many outputs."""
    return f"({', '.join(f'x*{k}' for k in range(2, count + 2))})"


@pytest.mark.parametrize("format_", ["markdown", "html", "json"])
def test_cells_are_bounded_and_the_bound_is_raised(format_: str) -> None:
    """More cells than the bound are refused with both numbers; with the bound that the message names it is a table."""
    trace = adtrace.trace(outputs(20), at={"x": 2}, limits=Limits(cells=50_000))
    assert trace.table(format=format_)
    less = adtrace.trace(outputs(20), at={"x": 2}, limits=Limits(cells=600, rows=100))
    with pytest.raises(
        adtrace.BoundError, match=r"20 outputs, 41 lines has \d+ cells; the bound is \d+ .*cells=N?"
    ) as error:
        less.table(format=format_)
    most = int(str(error.value).partition("--limit cells=")[2].partition(" ")[0])
    again = adtrace.trace(outputs(20), at={"x": 2}, limits=Limits(cells=most, rows=100))
    assert again.table(format=format_) == trace.table(format=format_)


def test_where_more_rows_are_allowed_so_are_their_cells() -> None:
    """A caller who raises ``rows`` alone gets the table."""
    text_ = "\n".join(["a=x", *["a=a*x"] * 20_100])
    trace = adtrace.trace(text_, at={"x": 1}, limits=Limits(rows=100_000, characters=10**6))
    assert trace.table(mode="forward").count("\n") > 20_100


def test_the_precision_of_a_long_trace_ends_sooner() -> None:
    """Rows times bits are bounded; a number that is lost in its ball is marked, or refused."""
    assert DEFAULT.of(200) is DEFAULT
    assert DEFAULT.of(5_000).bits * 5_000 <= DEFAULT.row_bits
    chaos = "\n".join(["a=x", *["a=4*sin(3*a)"] * 300])
    trace = adtrace.trace(chaos, at={"x": "1/3"}, limits=Limits(row_bits=900 * 512))
    short = trace.to_dict(mode="forward")
    assert "at 512 bits" in " ".join(short["notes"])
    whole = adtrace.trace(chaos, at={"x": "1/3"})
    exact = whole.to_dict(mode="forward")
    assert not any("bits" in note for note in exact["notes"])
    pairs = [(one["value"], other["value"]) for one, other in zip(short["rows"], exact["rows"], strict=True)]
    assert all(lost.endswith("?") or lost == right for lost, right in pairs)
    assert any(lost.endswith("?") for lost, _ in pairs)
    with pytest.raises(adtrace.UndecidedError):
        trace.table(undecided="refuse")


def test_numbers_are_the_same_at_whatever_precision_they_are_found() -> None:
    """Digits that need more and more precision are those of each number asked for alone."""
    trace = adtrace.trace("\n".join(["a=x", *["a=4*sin(3*a)"] * 60]), at={"x": "1/3"})
    rows = trace.to_dict(digits=30, mode="forward")["rows"]
    one = adtrace.trace("\n".join(["a=x", *["a=4*sin(3*a)"] * 37]), at={"x": "1/3"})
    assert rows[37 * 3 - 1]["value"] == one.value.rounded(30)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], ""),
        (["x"], "x"),
        (["x", "y\n"], "x, y\\n"),
        ([f"x{k}" for k in range(9)], "x0, x1, x2, x3, x4, x5, x6, x7, ... (9 in all)"),
        (["a" * 50], f"{'a' * 40}..."),
    ],
)
def test_a_list_of_names_is_short(names: list[str], sentence: str) -> None:
    """Few names stand there whole; of many the first ones and their number."""
    assert listed(names) == sentence


@pytest.mark.parametrize("kind", [adtrace.InputError, adtrace.BindingError, adtrace.UndecidedError])
def test_no_message_is_endless(kind: type[adtrace.AdtraceError]) -> None:
    """Whatever a message is made of, its lines and their number are bounded, in Python too."""
    message = str(kind("\n".join(["a" * 10_000] * 1_000)))
    assert len(message) < 6_000
    assert str(kind("short\nlines")) == "short\nlines"


def test_every_bound_has_a_highest_value() -> None:
    """Each bound may be raised so far and no further."""
    assert set(HIGHEST) == set(Limits.__slots__)
