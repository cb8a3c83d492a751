"""Programs: several statements, names assigned again, comments, files, and errors that point to the right line."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace

AT = {"x1": 2, "x2": 5}
PROGRAM = "a = x1*x2; b = sin(a); y = a + b"


def rows(trace: adtrace.Trace) -> list[tuple[str, list[str]]]:
    """The Wengert list as plain data."""
    return [(row["elemental"], row["operands"]) for row in trace.to_dict()["rows"]]


def test_a_program_is_its_formula() -> None:
    """Statements give the rows of the formula that they spell out."""
    program, formula = adtrace.trace(PROGRAM, at=AT), adtrace.trace("x1*x2 + sin(x1*x2)", at=AT)
    assert rows(program) == rows(formula)
    assert program.gradient["x1"].rounded(20) == formula.gradient["x1"].rounded(20)


@pytest.mark.parametrize(
    "text",
    [
        "a = x1*x2\nb = sin(a)\ny = a + b",
        "a = x1*x2\r\nb = sin(a)\r\ny = a + b\r\n",
        "\n\na = x1*x2   # the product\n# a line of its own\n\nb = sin(a);\ny = a + b\n\n",
        "a=x1*x2;b=sin(a);y=a+b;",
        "a = (x1\n  * x2)\nb = sin(\n a\n)\ny = a + b",
        "a = x1*x2; b = sin(a); a + b",
    ],
)
def test_every_way_to_write_it(text: str) -> None:
    """Lines or semicolons, comments, blank lines and brackets over several lines make the same program."""
    assert rows(adtrace.trace(text, at=AT)) == rows(adtrace.trace(PROGRAM, at=AT))


def test_names_are_kept_where_asked() -> None:
    """The notation names=source writes the program's names; unnamed variables keep the trace's letter."""
    table = adtrace.trace(PROGRAM, at=AT).table(format="text", mode="forward", notation="names=source")
    for line in ("a  = x₁ × x₂ = 2 × 5", "b  = sin(a)  = sin(10)", "y  = a + b"):
        assert line in table
    assert "v₁" not in table
    unnamed = adtrace.trace("a = 2*x + 1", at={"x": 3}).table(format="text", notation={"names": "source"})
    assert "v₁ = 2 × x" in unnamed
    assert "a  = v₁ + 1" in unnamed


def test_a_name_never_means_two_variables() -> None:
    """Where the program has a v1 of its own, the unnamed variables take another letter."""
    table = adtrace.trace("v1 = sin(x); v2 = exp(-v1); v1*v2", at={"x": 3}).table(
        format="text", notation="names=source"
    )
    assert "t₂ = -v1" in table
    assert "v2 = exp(t₂)" in table
    assert "v₂" not in table


def test_the_first_of_two_names_stays() -> None:
    """Statements that are the same variable have its first name."""
    table = adtrace.trace("a = x^2; b = a; c = x^2; c + b", at={"x": 3}).table(format="text", notation="names=source")
    assert "a  = x^2" in table
    assert "v₂ = a + a" in table


def test_a_name_assigned_again() -> None:
    """Each value is a variable of its own, numbered where names are kept; a note says so."""
    trace = adtrace.trace("x = x*y; x = sin(x); z = x + y", at={"x": 2, "y": 3})
    assert rows(trace) == rows(adtrace.trace("sin(x*y) + y", at={"x": 2, "y": 3}))
    plain = trace.table(format="text", mode="forward")
    assert "x is assigned again, so each value is a variable of its own: its values are v₁ and v₂." in plain
    named = trace.table(format="text", mode="forward", notation="names=source")
    assert "its values are x₁ and x₂." in named
    assert "x₁ = x × y" in named
    assert "x₂ = sin(x₁)" in named


def test_a_result_with_the_name_of_a_variable() -> None:
    """A result that is named as an input is not mistaken for it."""
    trace = adtrace.trace("a = x*y; y = a + sin(a)", at={"x": 2, "y": 3})
    assert list(trace.values) == ["y_new"]
    table = trace.table(format="text", mode="forward", notation="names=source")
    assert "y₁    = a + v₂" in table
    assert "y_new = y₁" in table


def test_a_constant_statement() -> None:
    """A name may stand for a constant, which goes into the formulas as typed."""
    trace = adtrace.trace("k = 2*pi; y = sin(k*x)", at={"x": "1/8"})
    assert rows(trace) == [("mul", ["2*pi", "v_0"]), ("sin", ["v_1"])]


def test_outputs_are_chosen() -> None:
    """Any names of the program can be its outputs."""
    trace = adtrace.trace(PROGRAM, at=AT, outputs=["b", "y"])
    assert list(trace.values) == ["b", "y"]
    assert trace.jacobian["b"]["x1"].rounded(8) == adtrace.trace("sin(x1*x2)", at=AT).gradient["x1"].rounded(8)


def test_unused_statements_have_rows_and_no_adjoints() -> None:
    """What no output depends on is evaluated, and takes no part in the reverse sweep."""
    trace = adtrace.trace("a = x^2; b = sin(x); y = 3*x", at={"x": 1})
    assert len(trace.wengert.rows) == 3
    assert [row + trace.wengert.first for row in trace.evaluation.spread.rows] == [3]


NAMES = st.sampled_from(["a", "b", "c"])
TERMS = st.sampled_from(["x", "y", "x*y", "sin(x)", "x + y", "2*x", "y^2"])


@settings(max_examples=40)
@given(st.lists(st.tuples(NAMES, TERMS, st.sampled_from("+-*")), min_size=1, max_size=6))
def test_a_program_means_what_python_means(statements: list[tuple[str, str, str]]) -> None:
    """Reassignments are as in Python: each name has the value that it was given last."""
    at = {"x": 1.25, "y": -0.5}
    values, lines = dict(at), []
    known: list[str] = []
    formulas = {"x": lambda: values["x"], "y": lambda: values["y"], "x*y": lambda: values["x"] * values["y"],
                "sin(x)": lambda: math.sin(values["x"]), "x + y": lambda: values["x"] + values["y"],
                "2*x": lambda: 2 * values["x"], "y^2": lambda: values["y"] ** 2}  # fmt: skip
    join = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}
    for name, term, sign in statements:
        old = known[-1] if known else "x"
        lines.append(f"{name} = {old} {sign} ({term})")
        values[name] = join[sign](values[old], formulas[term]())
        known.append(name)
    program = "\n".join([*lines, f"result = {known[-1]} + 0*x + 0*y"])
    assert float(adtrace.trace(program, at=at).value) == pytest.approx(values[known[-1]])


WRONG = [
    ("a = x1*x2\nb = a + )\ny = b", "')' has no operand before it\n  line 2: b = a + )\n                  ^"),
    ("a = x1\nb = sin(a\ny = a*b", "this bracket is never closed\n  line 2: b = sin(a\n                 ^"),
    (
        "a = x1\nb = 1/2a",
        "this can be read in two ways: 1/2*a or 1/(2*a); write the one that is meant\n"
        "  line 2: b = 1/2a\n               ^",
    ),
    ("a = x1*x2\ny = a*c", "c has no value; give it one with c=..."),
    ("b = a\na = x1\ny = a*x2", "a is used before it is assigned"),
    ("x1*x2; x1 + x2", "only the last statement may stand without a name, such as y = ..."),
    ("f(x1) = x1; y = f", "f(...) = is the left side of the last statement only"),
    ("a = b = x1", "'=' is not part of the language: an equals sign stands after the left side only"),
    ("# nothing", "there is no expression"),
    ("a = x1*x1, b = x2", "a comma separates the operands of a function"),
    ("a = x1*x2; y = a +", "the expression ends too early"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_errors_point_to_the_line(text: str, sentence: str) -> None:
    """A mistake is named with its line, and a caret under it."""
    with pytest.raises(adtrace.InputError) as caught:
        adtrace.trace(text, at=AT)
    assert str(caught.value).startswith(sentence)
    if "\n" in text:
        assert "^" in str(caught.value)


def test_a_variable_that_is_only_assigned_is_none_of_the_point() -> None:
    """The sentence about a value too many lists the variables that are read, not the names that are assigned."""
    with pytest.raises(adtrace.BindingError, match=r"^x2 is not a variable of the expression; its variable is x1$"):
        adtrace.trace("a = x1; y = a^2", at=AT)


@pytest.mark.parametrize("where", ["-", "@file"])
def test_from_a_file_or_stdin(where: str, tmp_path: Path) -> None:
    """The command line reads a program from stdin or from a file, with its comments."""
    program = "# a small program\na = x1*x2\ny = a + sin(a)  # the result\n"
    (tmp_path / "p.txt").write_text(program, encoding="utf-8")
    argument = "-" if where == "-" else f"@{tmp_path / 'p.txt'}"
    command = [sys.executable, "-m", "adtrace", "table", argument, "--at", "x1=2,x2=5", "--format", "text"]
    done = subprocess.run(command, input=program, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == adtrace.trace(program, at=AT).table(format="text")
