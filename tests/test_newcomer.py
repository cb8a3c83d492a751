"""The command line as somebody meets it who has read nothing: what they type first works, or says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

import adtrace
from adtrace.cli import main


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """What the command prints: its answer if it succeeds, else its message."""
    assert main(["table", *arguments]) == status
    out, err = capsys.readouterr()
    assert (err if status == 0 else out) == ""
    return err if status else out


@pytest.mark.parametrize("expression", ["-x^2", "-exp(x)/2", "-2*x + 1", "-(x)", "-.5*x", "-ln(x)"])
def test_an_expression_may_begin_with_a_minus_sign(capsys: pytest.CaptureFixture[str], expression: str) -> None:
    """A leading minus sign is no option, wherever the expression stands and with or without ``--``."""
    plain = printed(capsys, "--at", "x=3", "--", expression)
    assert plain.startswith("**Table 1.**")
    assert printed(capsys, expression, "--at", "x=3") == plain
    assert printed(capsys, "--at", "x=3", expression) == plain


def test_an_option_s_text_may_begin_with_a_minus_sign(capsys: pytest.CaptureFixture[str]) -> None:
    """The text after ``--caption`` belongs to it, whatever it begins with."""
    shown = printed(capsys, "x", "--at", "x=1", "--mode", "forward", "--caption", "-x")
    assert shown.partition("\n")[0].endswith("-x")


def test_a_mistyped_option_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """``--fromat`` is not taken for an expression."""
    assert "--format" in printed(capsys, "x", "--at", "x=1", "--fromat", "text", status=2)


def test_no_decimals_are_a_number_of_decimals(capsys: pytest.CaptureFixture[str]) -> None:
    """``--digits 0`` rounds to whole numbers; it is not the default."""
    shown = printed(capsys, "exp(x)", "--at", "x=1", "--digits", "0", "--format", "text", "--mode", "forward")
    assert "▼ y  = v₁      = 3 " in shown


def test_the_point_may_be_given_in_pieces(capsys: pytest.CaptureFixture[str]) -> None:
    """``--at x=1 --at y=2`` is ``--at x=1,y=2``; a variable given twice is refused."""
    assert printed(capsys, "x*y", "--at", "x=1", "--at", "y=2") == printed(capsys, "x*y", "--at", "x=1,y=2")
    assert "x is given twice" in printed(capsys, "x", "--at", "x=1", "--at", "x=2", status=2)


def test_an_expression_comes_from_stdin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """``-`` reads the expression, line ends and all."""
    written = tmp_path / "expression.txt"
    written.write_text("-x^2\n", encoding="utf-8")
    with written.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        read = printed(capsys, "-", "--at", "x=3")
    assert read == printed(capsys, "-x^2", "--at", "x=3")


def test_a_caret_stands_under_a_number_that_is_too_large(capsys: pytest.CaptureFixture[str]) -> None:
    """The excerpt is indented as in every other message, so that the caret points at the number."""
    *_, excerpt, caret = printed(capsys, "x + 1e1000", "--at", "x=1", status=2).splitlines()
    assert excerpt.index("1e1000") == caret.index("^")


def test_what_is_first_typed_prints_a_line() -> None:
    """A trace and a report stand for themselves in one short line; a report prints as its text."""
    assert repr(adtrace.trace("x*y", at={"x": 1, "y": "1/2"})) == "<Trace of x*y at x=1, y=1/2: f = 0.5>"
    long = adtrace.trace("+".join(f"x^{k}" for k in range(1, 60)), at={"x": 1})
    assert len(repr(long)) < 100
    table = adtrace.trace("x*y", at={"x": 1, "y": 3}).table()
    report = adtrace.check(table)
    assert repr(report).startswith("<Report: ")
    assert repr(report).endswith(" cells right, 0 mistakes>")
    assert str(report) == report.render()
