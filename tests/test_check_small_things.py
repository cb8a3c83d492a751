"""Small things of hands and of reports, one for each that no other test holds; what is right was found by hand."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from test_check_cells import ROWS, said
from test_check_class import BAD, GOOD, Run, run
from test_check_command import RIGHT
from test_check_command import run as run_one

import adtrace
import adtrace.checking.check as check_module
from adtrace.checking.judgements.told import with_commas
from adtrace.checking.problems.asked import asked
from adtrace.checking.readings.cells import read_cell
from adtrace.checking.readings.names import Name, canonical, known, surroundings
from adtrace.checking.readings.parts import read_part
from adtrace.checking.readings.rewriting import in_doubles, key_text, pattern
from adtrace.checking.reporting.files import same
from adtrace.checking.reporting.formulas import _formula
from adtrace.checking.reporting.marks import shown
from adtrace.checking.sheets import sheets
from adtrace.checking.sheets.pipes import pipe_cells
from adtrace.checking.work.numerals import Printed, agreement, follows, printed
from adtrace.checking.work.values import value_of
from adtrace.errors import OptionError
from adtrace.language.syntax import Apply
from adtrace.language.syntax import Name as Leaf
from adtrace.writing.dialects import MARKDOWN

# ruff: noqa: E501 - documents stand here as they are written
__all__ = ["run"]  # a fixture
DERIVED = frozenset({"f", "x", "y", "L", "w", "v_1", "d"})


@pytest.mark.parametrize(("text", "names", "meaning"), [
    (r"\hat{1} + x", ROWS, "1 + x"), (r"x\text{y}", ROWS, "x*y"), (r"\underbrace{2 v_0} = 6", ROWS, "2*v_0 = 6"),
    (r"\underbrace{2 v_0}_6", ROWS, "2*v_0; 2*v_0 = 6"),
    (r"\underbrace{\overbrace{2}^{4} v_0}_{6}", ROWS, "2*v_0; 2*v_0 = 6; 2 = 4"),
    (r"\underbrace{x}_{2} \underbrace{y}_{3}", ROWS, "x*y; x = 2; y = 3"),
    (r"\overbrace{2 v_0}^{\text{twice}}", ROWS, "2*v_0"), ("x → 3", ROWS, "x = 3"), ("x → y", ROWS, "x -> y"),
    ("f_x", DERIVED, "<leibniz f x>"), ("f_{xy}", DERIVED, "<leibniz2 f x|y>"), ("f_{xq}", DERIVED, "f_xq"),
    ("dL_w", frozenset({"w", "x"}), "<d w>"), ("d x", DERIVED, "d*x"), ("d sin(x)", DERIVED, "d*sin(x)"),
    ("v_007", ROWS, "v_007"), ("W2t + 1", frozenset({"W_2t", "x"}), "W_2t + 1"), ("(1, 2) (x)", ROWS, "[1, 2] @ (x)"),
    (r"\sum_i 3", ROWS, "sum(3)"), (r"\sum_i x_j", ROWS, "sum(x)"), ("(x) sin (y)", ROWS, "(x)*sin(y)"),
])  # fmt: skip
def test_a_cell_in_an_odd_hand(text: str, names: frozenset[str], meaning: str) -> None:
    """Braces over and under, one within another; derivatives in indices; letters that are variables of their own."""
    assert said(text, names) == meaning


@pytest.mark.parametrize(("text", "name"), [
    ("x'", "x_prime"), ("w'_1", "w_prime_1"), ("w''", "w_prime_prime"), ("w'+", "w'+"), ("x\u0307_1", "x_dot_1"),
    ("v_001", "v_001"), ("v_01", "v_1"),
])  # fmt: skip
def test_identifiers_with_marks_have_one_spelling(text: str, name: str) -> None:
    """A mark that belongs to a name is a word in it; what is no name stays."""
    assert canonical(text) == name


def test_names_as_a_person_reads_them() -> None:
    """Second derivatives, directions, coefficients."""
    assert Name("x", "leibniz2", of="f", seed="y").text == "∂²f/∂x∂y"
    assert Name("v_1", "dot", seed="x").text == "v\u0307_1 (by x)"
    assert Name("v_1", "order2").text == "v_1^(2)"
    assert Name("v_1", "leibniz", of="y").text == "∂y/∂v_1"


def number(text: str) -> Printed:
    """The number that a text prints."""
    return printed(read_part(text, frozenset(), ""))


def test_numbers_that_are_hardly_any() -> None:
    """Nothing is no number; 0 is an array of zeros; three digits of a large number in a working are rounded."""
    zeros = np.array([fmpq(0), fmpq(0)], dtype=object)
    assert agreement(number("1"), arb("nan")) == ""
    assert agreement(number("0"), zeros) == "exact"
    assert agreement(number("0"), zeros + 1) == agreement(number("1"), zeros) == ""
    assert agreement(number("[3]"), fmpq(3)) == "exact"
    assert follows(number("1.23e5 + 1"), fmpq(123_301))
    assert not follows(number("1.23e5 + 1"), fmpq(125_000))
    assert "16 bars" in read_part("|" * 30 + "x", frozenset(), "").problem


@pytest.mark.parametrize(("text", "entries"), [
    ("[-[1, 2], [3, 4]]", [[-1, -2], [3, 4]]), ("[[1, 2] + [3, 4], [5, 6]]", [[4, 6], [5, 6]]),
    ("[1 + 2, 3]", [3, 3]), ("-[1, 2]", [-1, -2]),
])  # fmt: skip
def test_rows_of_an_array_may_be_worked_out(text: str, entries: list[Any]) -> None:
    """The sign before a row is that of each entry."""
    exact: Any = number(text).exact
    assert np.asarray(exact).reshape(-1).tolist() == np.array(entries).reshape(-1).tolist()


def test_rows_of_an_array_with_wrong_signs_are_found() -> None:
    """``[-[1, 2], [3, 4]]`` is no [[1, 2], [3, 4]]."""
    text = "| row | operation | value |\n|---|---|---|\n| x | | [[1, 2], [3, 4]] |\n| v | 2*x | {} |\n"
    assert adtrace.check(text.format("[2*[1, 2], [6, 8]]")).ok
    assert [one.row for one in adtrace.check(text.format("[-[2, 4], [6, 8]]")).mistakes] == ["v"]


HEAD = "| row | operation | value | adjoint |\n|---|---|---|---|\n"
TABLES: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
    ("a row is called as a product", "| x | | 3 | 2 |\n| W2t | 2*x | 6 | 1 |\n| y | W2t + 1 | 8 | 1 |\n", [("y", "7")]),
    ("an array of zeros", "| x | | [1, 2] | [2, 2] |\n| v | 2*x | [0, 0] | [1, 1] |\n| L | sum(v) | 6 | 1 |\n", [("v", "[2, 4]")]),
    ("several numbers for one", "| x | | [3, 4] | |\n| a | x^2 | 9 | |\n| b | x + 1 | 4 | |\n| c | a*b | 36 | |\n", [("x", "3")]),
    ("a maximum of three", "| x | | 1 | 0 |\n| y | | 2 | 0 |\n| z | | 3 | 1 |\n| m | max(x, y, z) | 4 | 1 |\n", [("m", "3")]),
    ("a choice", "| x | | 3 | 6 |\n| v | x^2 if x > 0 else -x | 8 | 1 |\n", [("v", "9")]),
    ("a step", "| z | | [-1, 2] | $\\bar h * (0 if z <= 0 else 1)$ = [0, 1] |\n| h | relu(z) | [0, 2] | [1, 1] |\n| L | sum(h) | 3 | 1 |\n", [("L", "2")]),
    ("a step the wrong way", "| z | | [-1, 2] | $\\bar h * (1 if z <= 0 else 0)$ = [0, 1] |\n| h | relu(z) | [0, 2] | [1, 1] |\n| L | sum(h) | 2 | 1 |\n", [("z", "")]),
    ("a number with a remark", "| x | | 3 (given) | 6 |\n| v | x^2 | 8 | 1 |\n", [("v", "9")]),
    ("a point that no row has", "| x | | 2 | |\n| a | x^2 | 9 | |\n| b | x + 1 | 4 | |\n| c | a*b | 36 | |\n", [("x", "3")]),
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=[table[0] for table in TABLES])
def test_one_number_is_wrong(table: tuple[str, str, list[tuple[str, str]]]) -> None:
    """It, and nothing else."""
    _, rows, wrong = table
    assert [(one.row, one.expected) for one in adtrace.check(HEAD + rows).mistakes] == wrong


@pytest.mark.parametrize(("numbers", "wrong"), [(("1", "2"), ["9"]), (("1", "1"), []), (("1", "2.5"), [])])
def test_a_column_of_numbers_names_the_rows(numbers: tuple[str, str], wrong: list[str]) -> None:
    """1, 2 beside v_i are v_1, v_2: 3^2 is no 8; numbers that are none of rows name nothing."""
    text = "| i | operation | v_i |\n|---|---|---|\n| {} | x | 3 |\n| {} | v_1^2 | 8 |\n"
    assert [one.expected for one in adtrace.check(text.format(*numbers)).mistakes] == wrong


def test_what_is_judged_by_has_another_letter_than_the_variables() -> None:
    """f is a variable, and so F the function; of many variables the first are told, of arrays their sizes."""
    rows = "| f | | 2 | 4 |\n| x | | 3 | 1 |\n| v_1 | f^2 | 4 | 1 |\n| v_2 | v_1 + x | 7 | 1 |\n"
    report = adtrace.check(HEAD + rows, {"f": 2, "x": 3}, function="f^2 + x")
    assert str(report).startswith("judged as F(f, x) = f^2 + x at f = 2, x = 3, reverse sweep, weight 1\n")
    many = [f"x_{k}" for k in range(1, 10)]
    rows = "".join(f"| {name} | | 1 | |\n" for name in many) + f"| y | {' + '.join(many)} | 9 | |\n"
    assert str(adtrace.check(HEAD + rows)).splitlines()[0].endswith("x_7 = 1, x_8 = 1, ...")
    rows = "| z | | [-1, -2] | |\n| L | sum(z) | -3 | |\n"
    assert str(adtrace.check(HEAD + rows)).startswith("judged as L = sum(z) at z = (2 numbers)\n")
    rows = "| x | | | 2*x |\n| y | x^2 | | 1 |\n"
    assert "without a value of x, reverse sweep" in str(adtrace.check(HEAD + rows))


def test_what_is_no_document_is_refused() -> None:
    """A number is none."""
    with pytest.raises(OptionError, match="a document is its text or a Path, not int"):
        adtrace.check(5)  # type: ignore[arg-type]


def test_points_and_files_of_odd_names() -> None:
    """Half a point; what comes from the standard input is no file."""
    assert (shown(Fraction(3, 2)), shown(Fraction(3))) == ("1.5", "3")
    assert not same("-", ["-"])
    assert same("./a", ["a"])


def test_options_of_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """All may be asked for by its word; a seed may be an assignment."""
    status, out, _ = run_one(capsys, tmp_path, RIGHT, "--asked", "all")
    assert (status, "no adjoint is given" in out) == (4, True), out
    status, _, err = run_one(capsys, tmp_path, RIGHT, "--seed", "nobody=1")
    assert (status, "nobody" in err) == (2, True)


def test_documents_of_a_class_with_odd_names(run: Run) -> None:
    """Folders outside of this one, a document that is given twice, blank lines in a file of points."""
    texts = {"in/mo-ada.md": "", "in/mo/ada.md": GOOD, "tu/ada.md": BAD}
    points = 'file,point\n\n , \nmo/ada.md,x1=2,,x2=5\n../tu/ada.md,"x1=2,x2=5"\n'
    assert run(texts | {"in/points.csv": points}, "tu/ada.md", "tu/ada.md", "--csv", "m.csv", "-o", "out")[0] == 2
    os.chdir("in")
    found = run({}, "mo/ada.md", "../tu/ada.md", "--csv", "m.csv", "-o", "out", "--points-file", "points.csv")
    assert found[0] == 3, found
    assert sorted(os.listdir("out")) == ["mo-ada.md.html", "tu-ada.md.html"]


CAUSES = (
    ("| x | | 2 | 3 |\n| y | | 3 | 3 |\n| v | x*y | 6 | 1 |\n", "the derivative of x*y by y is x, not y"),
    ("| x | | 2 | 3 |\n| y | | 3 | 2 |\n| v | x*y | 5 | 1 |\n", "x + y is taken in place of x*y"),
    ("| x | | 2 | 3 |\n| y | | 7 | 1 |\n| v | x*y | 15 | 1 |\n", ""),
    ("| x | | 2 | 0.4161 |\n| v | sin(x) | 0.9093 | 1 |\n", "right but for its sign"),
    ("| x | | 2 | -0.4161 |\n| v | sin(x) | 0.9039 | 1 |\n", "two digits are exchanged"),
    (
        "| x | | 2 | 5.6 |\n| v | x*5 + ln(x) | 10.6931 | 1 |\n",
        "one digit is wrong",
    ),  # 5 + ln(2) = 5.69 is cut so, by chance
    ("| x | | 2 | -0.4161 |\n| v | sin(x) | 0.0349 | 1 |\n", "degrees"),
)


@pytest.mark.parametrize(("rows", "cause"), CAUSES)
def test_the_first_mistake_has_a_cause(rows: str, cause: str) -> None:
    """Of the partial, of the operation, of the digits; a number that nothing gives has none."""
    mistake = adtrace.check(HEAD + rows).mistakes[0]
    assert cause in mistake.sentence if cause else mistake.cause == "", mistake.sentence


def test_a_gradient_in_the_wrong_order_is_told_as_that() -> None:
    """Behind a right sweep: 10 is what x*x adds to y's 12 as well, by chance."""
    sweep = "v1 = x*x = 9\nv2 = v1*y = 18\nv3 = v2 + y = 20\n\ndv3 = 1\ndv2 = 1\ndy = 1 + dv2*v1 = 10\ndv1 = dv2*y = 2\ndx = dv1*2*x = 12\n"
    text = f"Reverse mode for $f(x,y) = x^2 y + y$ at $x=3$, $y=2$.\n\n{sweep}\nSo the gradient is (10, 12).\n"
    assert [one.sentence.partition("(")[2] for one in adtrace.check(text).mistakes] == [
        "the numbers of the rows x and y are exchanged)", "the numbers of the rows y and x are exchanged)",
    ]  # fmt: skip


def test_a_partial_that_is_wrong_has_a_cause() -> None:
    """u/v by v is -u/v^2 = -6 at 1.5 and 0.5; -1/1.5^2 is what was published."""
    rows = "| name | value | partial 1 | partial 2 |\n|---|---|---|---|\n| x_1 | 1.5 | - | - |\n| x_2 | 0.5 | - | - |\n| v_1 = x_1/x_2 | 3 | 2 | -.444 |\n"
    (mistake,) = adtrace.check(rows, {"x_1": "1.5", "x_2": "0.5"}, function="x_1/x_2").mistakes
    assert (mistake.row, mistake.expected) == ("v_1", "-6")
    assert "the derivative of x_1/x_2 by x_2 is -x_1/x_2^2" in mistake.sentence


def test_by_what_several_tables_were_judged() -> None:
    """Those of one point together; those of another apart."""
    head, other = "| row | operation | value |\n|---|---|---|\n", "| row | adjoint |\n|---|---|\n| v | 1 |\n| x | 6 |\n"
    text = f"f = x^2 at x = 3\n\n{head}| x | | 3 |\n| v | x^2 | 9 |\n\n{other}\nNow x = 4.\n\n{head}| x | | 4 |\n| v | x^2 | 16 |\n"
    assert str(adtrace.check(text)).splitlines()[:2] == [
        "tables 1 and 2: judged as f(x) = x^2 at x = 3, reverse sweep, weight 1", "table 3: judged as f(x) = x^2 at x = 4",
    ]  # fmt: skip


def test_words_in_the_place_of_a_number_are_not_read() -> None:
    """They are told as what they are, and not as an empty cell."""
    report = adtrace.check(HEAD + "| x | | 3 | 12 |\n| v | x^2 | see above | 2 |\n| w | 2*v | 18 | 1 |\n")
    assert [(one.row, one.text) for one in report.of("not read")] == [("v", "see above")]
    assert not report.mistakes


def test_names_of_a_family_need_a_number_among_the_rows() -> None:
    """With v_1 there may be a v_7; with x alone there is no x_3."""
    assert known("v_7", surroundings(frozenset({"v_1", "x"})))
    assert not known("x_3", surroundings(frozenset({"v_1", "x"})))


def test_values_in_doubles_that_are_none() -> None:
    """Beyond the largest; of a head that nobody knows."""
    x, times = pattern("x*y")[0], {"x": 1e308, "y": 10.0}
    assert in_doubles(x, times) is None
    assert in_doubles((Leaf("x", 0), Apply("nonsense", 1, 0)), {"x": np.ones(2)}) is None
    assert key_text("leibniz y v_1") == "dy/dv_1"


def test_decimal_commas_leave_what_the_cell_says() -> None:
    """What should be there has commas, and semicolons between the entries of an array."""
    one = adtrace.check(HEAD + "| x | | 3 | 7 |\n| v | x^2 | 9 | 1 |\n").mistakes[0]
    told = with_commas(replace(one, text="0.5 x", expected="0.25 x", sentence="0.5 x should be 0.25 x"))
    assert (told.expected, told.sentence) == ("0,25 x", "0.5 x should be 0,25 x")
    told = with_commas(replace(one, text="[1, 2]", expected="[1, 3]", sentence="[1, 2] should be [1, 3]"))
    assert (told.expected, told.sentence) == ("[1; 3]", "[1, 2] should be [1; 3]")


@pytest.mark.parametrize(("cell", "shown_as_formula"), [
    ("1,5", True), ("1,234,567", False), ("D_x v_1", False), (r"$\dot v_1^{(x)}$", True), ("v_1 + 1", True),
])  # fmt: skip
def test_cells_are_set_as_formulas_if_they_can_be(cell: str, shown_as_formula: bool) -> None:
    """A decimal comma stays one; groups of digits, and a derivative along a name, stand as they are."""
    read = read_cell(cell, ROWS | {"x"}, "comma" if cell == "1,5" else "")
    assert bool(_formula(MARKDOWN, read)) == shown_as_formula


@pytest.mark.parametrize(("place", "numbers"), [
    ("at (2; 3)", ["2", "3"]), ("at (0,5, 2)", ["1/2", "2"]), ("at (0,5 | 2)", ["1/2", "2"]), ("at (0,5; 2)", ["1/2", "2"]),
    ("at (2,3, 4)", ["23/10", "4"]), ("at (1,2; 3,4)", ["6/5", "17/5"]), ("at (2,3)", ["2", "3"]),
    ("at the point (a, b), that is at (2, 5)", ["2", "5"]), ("at (1, 2, 3), or rather at (2, 5)", ["2", "5"]),
    ("at x = 3, y = 4, and so later x = 5", ["3", "4"]), ("at (2, 5) with 3 for z", ["2", "5"]),
])  # fmt: skip
def test_places_of_prose(place: str, numbers: list[str]) -> None:
    """Commas and semicolons between numbers and in them; the first place that has as many numbers as variables."""
    point = asked(None, None, f"f(x, y) = x y {place}.").point
    assert [str(value_of(terms, {})) for terms in point.values()] == numbers


@pytest.mark.parametrize(("said", "seed", "weights"), [
    ("with seed 1 for x and 2 for z", {"x": "1"}, {"z": "2"}), ("with weight 3 on f", {}, {"f": "3"}),
    ("with weight 3 on x", {"x": "3"}, {}), ("Forward mode with seed 2 for y", {"y": "2"}, {}),
])  # fmt: skip
def test_seeds_and_weights_of_prose(said: str, seed: dict[str, str], weights: dict[str, str]) -> None:
    """A start for a variable is a seed, another one a weight."""
    read = asked(None, None, f"f(x, y) = x y at (2, 3). {said}.")
    told = [{name: str(value_of(terms, {})) for name, terms in one.items()} for one in (read.seed, read.weights)]
    assert [told[0].get(name) for name in seed] == list(seed.values())
    assert told[1] == weights


SQUARE = "f(x, y) = x^2 y at x = 2, y = 3.\n\n| row | value | derivatives |\n|---|---|---|\n| $x$ | 2 | {} |\n| $y$ | 3 | {} |\n| $v_1 = x^2$ | 4 | {} |\n| $f = v_1 y$ | 12 | {} |\n"
MARKED: tuple[tuple[tuple[str, str, str, str], str], ...] = (
    ((r"\dot x^{(x)} = 1", r"\dot y^{(x)} = 0", r"\dot v_1^{(x)} = 4", r"\dot f^{(x)} = 12, \dot f^{(y)} = 5"), "4"),
    ((r"\dot x^{(y)} = 0", r"\dot y^{(y)} = 1", r"\dot v_1^{(x)} = 5", r"\dot f^{(x)} = 12, \dot f^{(y)} = 4"), "4"),
    ((r"\bar x^{(f)} = 12", r"\bar y^{(f)} = 5", r"\bar v_1^{(f)} = 3", r"\bar f^{(f)} = 1"), "4"),
    ((r"\nabla_x f = 12", r"\nabla_y f = 5", r"\nabla_{v_1} f = 3", r"\nabla_x v_1 = 4"), "4"),
    ((r"\nabla_x f = 12", r"\nabla_y f = 4", r"\nabla_{v_1} f = 3", r"\nabla_x v_1 = 3"), "4"),
    (
        (
            r"\frac{\partial^2 f}{\partial x^2} = 6",
            r"\frac{\partial^2 f}{\partial x \partial y} = 5",
            "",
            r"\frac{\partial^2 f}{\partial y^2} = 0",
        ),
        "4",
    ),
    (
        (
            r"\frac{\partial^2 v_1}{\partial x^2} = 3",
            r"\frac{\partial^2 f}{\partial x \partial y} = 4",
            "",
            r"\frac{\partial^2 f}{\partial y^2} = 0",
        ),
        "2",
    ),
    ((r"D_x x = 1", r"D_x y = 0", r"D_x v_1 = 4", r"D_x f = 13"), "12"),
)


@pytest.mark.parametrize(("cells", "right"), MARKED)
def test_marks_that_tell_their_direction(cells: tuple[str, str, str, str], right: str) -> None:
    """df/dx = 2 x y = 12, df/dy = x^2 = 4, d(x^2)/dx = 4, the second derivatives 6, 4 and 0: one of four is wrong."""
    report = adtrace.check(SQUARE.format(*(cell and f"${cell}$" for cell in cells)))
    assert [one.expected for one in report.mistakes] == [right], str(report)


def test_adjoints_of_two_results_are_told_by_their_names() -> None:
    """f = x y and g = x + y at 2 and 3: y, x and 1, 1."""
    rows = (
        r"| $x$ | 2 | $\bar x^{(f)} = 3$, $\bar x^{(g)} = 2$ |"
        + "\n"
        + r"| $y$ | 3 | $\bar y^{(f)} = 2$, $\bar y^{(g)} = 1$ |"
    )
    text = f"| row | value | adjoints |\n|---|---|---|\n{rows}\n| $f = x y$ | 6 | |\n| $g = x + y$ | 5 | |\n"
    assert [(one.row, one.expected) for one in adtrace.check(text).mistakes] == [("x", "1")]


def test_rows_are_called_as_they_are_written() -> None:
    """An index of several signs stands in braces, one sign does not."""
    rows = "| x_10 | | 2 |\n| x_1 | | 3 |\n| v_{-1} | x_10*x_1 | 7 |\n| v_2 | 2*v_{-1} | 13 |\n"
    found = adtrace.check(HEAD.replace(" adjoint |", "").replace("|---|---|---|---|", "|---|---|---|") + rows).findings
    assert [one.row for one in found if one.quantity == "value"] == ["x_{10}", "x_1", "v_{-1}", "v_2"]


def test_a_double_may_err_in_its_last_digits() -> None:
    """Some hundreds of units of the last of 17 digits, some units of 9; not of a few."""
    tenth = fmpq(1, 10)
    assert agreement(number("0.10000000000000555"), tenth)
    assert agreement(number("0.100000004"), tenth)
    assert not agreement(number("0.1004"), tenth)


def test_a_point_above_rows_is_none_of_them() -> None:
    """Also on the line before."""
    sheet = sheets("x_1 = 2, x_2 = 5\nv_1 = x_1 x_2 = 10\nv_2 = v_1 + 1 = 11\n")[0]
    assert (sheet.before, len(sheet.rows)) == ("x_1 = 2, x_2 = 5", 2)


def test_dollars_that_belong_to_different_cells() -> None:
    """As many cells as the heading has, though a formula would go over some of them."""
    assert pipe_cells("| 5$ | x | 6$ | 2 |", 4) == ("5$", "x", "6$", "2")
    assert pipe_cells("| $|x|$ | 2 |", 2) == ("$|x|$", "2")
    assert pipe_cells("| $|x|$ | 2 | 3 | 4 |", 3) == ("$|x|$", "2", "3", "4")


@pytest.mark.parametrize(
    "heading",
    ["| | x | y | v | w |\n|---|---|---|---|---|\n", "| | | | | |\n|---|---|---|---|---|\n| | x | y | v | w |\n"],
)
def test_rows_may_stand_side_by_side(heading: str) -> None:
    """Their names in the heading, or in a first row."""
    text = f"{heading}| operation | | | x*y | v + 1 |\n| value | 2 | 3 | 7 | 8 |\n| adjoint | 3 | 2 | 1 | 1 |\n"
    assert [(one.row, one.expected) for one in adtrace.check(text).mistakes] == [("v", "6")]


def test_one_operation_below_the_names_is_no_second_heading() -> None:
    """A word and a product stand below x, y and v: a row."""
    text = "| | x | y | v |\n|---|---|---|---|\n| operation | | | x*y |\n| value | 2 | 3 | 7 |\n"
    assert [(one.row, one.expected) for one in adtrace.check(text).mistakes] == [("v", "6")]


def test_cells_of_a_table_that_is_not_read() -> None:
    """Each that is filled, and none that is not: a product of what does not fit."""
    rows = "| W | | [[1, 2], [3, 4]] | |\n| x | | [1, 2, 3] | |\n| v | W @ x | [5, 11] | |\n| L | sum(v) | 16 | |\n"
    report = adtrace.check(HEAD + rows)
    assert [one.text for one in report.findings] == [
        "[[1, 2], [3, 4]]",
        "[1, 2, 3]",
        "W @ x",
        "[5, 11]",
        "sum(v)",
        "16",
    ]
    assert {one.state for one in report.findings} == {"not read"}


@pytest.mark.parametrize(("rows", "wrong"), [
    ("| a | x | 3 | |\n| x | a | 3 | |\n| c | a*x | 8 | |\n", [("c", "9")]),
    ("| x | | [1, 2, 3] | [2, 2, 2] |\n| v | 2*x | [2, 4] | [1, 1, 1] |\n| L | sum(v) | 12 | 1 |\n", [("v", "[2, 4, 6]")]),
    ("| W | | [[1, 2, 3]] | [[1, 1, 1]] |\n| B | | [[1, 1, 1], [2, 2, 2]] | |\n| v | W + B | [[2, 3, 4], [3, 4, 5]] | |\n| L | sum(v) | 21 | 1 |\n",
     [("W", "[[2, 2, 2]]")]),
    ("| W | | [[1, 2], [3, 4]] | [[1, 2], [5, 6]] |\n| v | W.T | [[1, 3], [2, 4]] | [[1, 2], [5, 6]] |\n| p | v * [[1, 2], [5, 6]] | [[1, 6], [10, 24]] | [[1, 1], [1, 1]] |\n| L | sum(p) | 41 | 1 |\n",
     [("W", "[[1, 5], [2, 6]]")]),
    ("| x | | 1000 | 1 |\n| v | exp(x) | 1.97e434 | |\n| w | ln(v) | 1001 | 1 |\n", [("w", "1000.0000")]),
])  # fmt: skip
def test_what_is_found_in_odd_rows(rows: str, wrong: list[tuple[str, str]]) -> None:
    """Two names of one variable, other shapes, repeated and transposed arrays, numbers beyond those of machines."""
    assert [(one.row, one.expected) for one in adtrace.check(HEAD + rows).mistakes] == wrong


@pytest.mark.parametrize(("operation", "working", "right"), [
    ("x*y", "0*4 = 0", False), ("x*y", "0*3 = 0", True), ("x*y", "3*0 = 0", True), ("x*y", "(0*4)*1 = 0", False),
    ("2*x", "3*0 = 0", False), ("2*x", "2*0 = 0", True), ("x*x", "0*0 = 0", True), ("x*y*1", "0*3*1 = 0", True),
    ("x y", "0*3.0 = 0", True), ("-x*y", "-0*3 = 0", True), ("x*y", "0", True), ("x/(2*y)", "0/(2*3) = 0", True),
    ("x/(2*y)", "0/(2*4) = 0", False), ("x/y", "0/3 = 0", True), ("x/y", "0/4 = 0", False), ("x*sin(y)", "0*0.14", True),
    ("x*sin(y)", "0*0.24", False), ("x*y/2", "0*3/2", True), ("x*y/2", "0*3/4", False),
])  # fmt: skip
def test_a_factor_0_of_a_value_hides_no_wrong_one(operation: str, working: str, right: bool) -> None:
    """x = 0 and y = 3: the product is 0 with any number in the place of y."""
    report = adtrace.check(HEAD + f"| x | | 0 | |\n| y | | 3 | |\n| v | {operation} | {working} | |\n")
    assert [one.row for one in report.mistakes] == ([] if right else ["v"])


@pytest.mark.parametrize(("row", "right", "wrong"), [
    ("| v | x | 0 | {} |\n| u | v^2 | 0 | 3 |\n| y | 3*u | 0 | 1 |\n",
     ["3*2*0 = 0", "2*0*3 = 0", "3*0 = 0", "1*3*2*0 = 0"], ["3*5*0 = 0", "0*7 = 0"]),
    ("| v | x | 3 | 1 | 0 |\n| u | v^2 | 9 | 6 | {} |\n| y | 3*u | 27 | 18 | 6 |\n",
     ["2*1*1 + 2*3*0 = 2", "2*1^2 + 6*0 = 2"], ["2*1*1 + 2*4*0 = 2", "2*1^2 + 5*0 = 2"]),
])  # fmt: skip
def test_a_factor_0_of_a_derivative_hides_no_wrong_one(row: str, right: list[str], wrong: list[str]) -> None:
    """Of v^2 and 3 u at 0: beside 0 in the adjoint of v stand 3, and 3 * 2; at 3 beside v'' = 0 stands 2 * 3."""
    second = "derivative | second derivative" if "27" in row else "adjoint"
    head = f"f(x) = 3*x^2 at x = {3 if '27' in row else 0}\n\n| row | operation | value | {second} |\n"
    rule = "|---" * (head.count("|") - 1) + "|\n"
    reports = {working: adtrace.check(head + rule + row.format(working)) for working in (*right, *wrong)}
    assert [working for working, report in reports.items() if report.mistakes] == wrong


VALUES, SWEPT = "| row | operation | value |\n|---|---|---|\n", "| row | operation | value | {} |\n|---|---|---|---|\n"
SAID: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("x before a sum is a variable, and no cross", "f(x, c) = 2 x + c at (2, 3) with c held constant\n\n" + SWEPT.format("tangent") + "| x | | 2 | 1 |\n| c | | 3 | |\n| v | 2*x | 4 | $2 \\dot x = 2$ |\n| y | v + c | 7 | $\\dot v = 2$ |\n", {}, ("2*x + c", "9 cells right, 0 mistakes.")),
    ("what comes from an array of another shape follows", VALUES + "| x | | [1, 2] |\n| v | 2*x | [2, 4, 6] |\n| L | sum(v) | 12 |\n", {}, ("1 mistake, 1 cell following",)),
    ("a partial from a rounded value", SWEPT.format("local partial") + "| x | | 2 | |\n| a | ln(x) | 0.7 | 0.5 |\n| b | a^3 | 0.33 | 1.47 |\n| c | b^2 | 0.11 | 0.66 |\n", {}, ("exactly it is 1.44", "0 mistakes")),
    ("adjoints by a wrong operation, beside no value", SWEPT.format("adjoint") + "| x | | 2 | -1.746 |\n| a | x^3 | | -0.1455 |\n| y | sin(a) | | 1 |\n", {"function": "sin(x^2)", "at": {"x": 2}}, ("2 cells following",)),
    ("a wrong formula that has the right number", SWEPT.format("tangent") + "| x | | 2 | $\\dot x = 1$ |\n| v | x^3 | 8 | $\\dot v = (x + 4) 2 \\dot x = 12$ |\n", {}, ("(x + 4) 2 ẋ is not the tangent formula of v",)),
    ("no number of a row without a value beside one that is rounded", VALUES + "| x | | 2 |\n| q | p + 1 | 5 |\n| c | x/3 | 0.6667 |\n| d | c*3 | 2.0001 |\n", {}, ("may be a slip; exactly it is 2",)),
    ("another name of an operand", SWEPT.format("adjoint") + "| x | | 3 | 6 |\n| a | x | 3 | |\n| y | x*a | 9 | 1 |\n", {}, ("0 mistakes",)),
    ("a sweep that does not go on to a constant", "f(x, c) = c x^2 at (2, 3) with c held constant\n\n" + SWEPT.format("adjoint") + "| x | | 2 | 12 |\n| c | | 3 | 0 |\n| v | x^2 | 4 | 3 |\n| y | c*v | 12 | 1 |\n", {}, ("10 cells right, 0 mistakes.",)),
    ("its adjoint, wrong", "f(x, c) = c x^2 at (2, 3) with c held constant\n\n" + SWEPT.format("adjoint") + "| x | | 2 | 12 |\n| c | | 3 | 5 |\n| v | x^2 | 4 | 3 |\n| y | c*v | 12 | 1 |\n", {}, ("5 should be 4",)),
    ("arrays of nothing", SWEPT.format("") + "| x | | [1, 2] | [5, 7] |\n| v | 2*x | [2, 4] | [11, 13] |\n| L | sum(v) | 6 | 17 |\n", {}, ("3 not read",)),
    ("a Hessian by no variable", SWEPT.format("$\\partial^2 f/\\partial p \\partial q$") + "| x | | 2 | 0 |\n| v | x^2 | 4 | 2 |\n", {}, ("order 2 by x",)),
    ("a second derivative by a row", VALUES + "| x | | 2 |\n| v | x^2 | 4 |\n| y | 3*v | 12 |\n\n$$\\frac{\\partial^2 y}{\\partial x \\partial v} = 5$$\n", {}, ("'5' is not read", "0 mistakes")),
    ("two entries by a whole factor", VALUES + "| x | | [1, 2] |\n| v | exp(x) | [5.4366, 14.7781] |\n| L | sum(v) | 10.1073 |\n", {}, ("it is twice as much as it should be",)),
    ("two entries by no whole factor", VALUES + "| x | | [1, 2] |\n| v | exp(x) | [3.5338, 9.6058] |\n| L | sum(v) | 10.1073 |\n", {}, ("[3.5338, 9.6058] should be [2.7183, 7.3891] 4 cells",)),
    ("text behind the last rule of a summary", "Layer (type)      Output Shape     Param #\n=====================\nconv3-4   (8, 8, 4)     112\n-----\nconv3-2    (8, 8, 2)     74\n=======\nAnd so on.\n\nThe input is 8x8x3.\n", {}, ("4 cells right, 0 mistakes.",)),
    ("a method that transposes", VALUES + "| W | | [[1, 2], [3, 4]] |\n| v | W.t() | [[1, 3], [2, 5]] |\n| L | np.sum(v) | 10 |\n", {}, ("[[1, 3], [2, 5]] should be [[1, 3], [2, 4]]", "1 mistake")),
    ("rows that are called as each other", VALUES + "| x | a | 3 |\n| a | x | 3 |\n| y | a^2 | 8 |\n", {"function": "x^2"}, ("8 should be 9", "5 cells right")),
    ("a slope at a corner", SWEPT.format("tangent") + "| x | | 0 | 1 |\n| a | abs(x) | 0 | 0.5 |\n| b | a + 1 | 1 | 3 |\n", {}, ("3 should be between -1 and 1", "1 mistake")),
)  # fmt: skip


@pytest.mark.parametrize(("document", "options", "words"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])
def test_what_is_said_where_one_thing_decides(document: str, options: dict[str, Any], words: tuple[str, ...]) -> None:
    """Cases that decide between two reports, of which only one is right."""
    text = " ".join(str(adtrace.check(document, **options)).split())
    assert [said for said in words if said not in text] == []


@pytest.mark.parametrize(("text", "kind", "words"), [
    ("[" * 200 + "]" * 200, "json", "60 lists within each other"), ("\\begin{a}\n" * 5001, "latex", "5000 environments"),
    ("|===\n|===\n", "asciidoc", "there is no trace table"),
])  # fmt: skip
def test_documents_of_nothing_but_their_form(text: str, kind: str, words: str) -> None:
    """What is too deep, too long or empty is refused in a sentence."""
    with pytest.raises(adtrace.InputError, match=words):
        adtrace.check(text, kind=kind)


def test_of_many_derivatives_those_are_tried_for_which_the_row_of_their_variable_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A column of derivatives by y has 1 in the row of y, 0 in those of others; a slip speaks neither way."""
    monkeypatch.setattr("adtrace.checking.interpretations.interpret._FEWEST_TRIED", 3)
    monkeypatch.setattr("adtrace.checking.interpretations.interpret._MOST_TRIED", 3)
    rows = ("| x | | 2 | 0 |\n", "| y | | 3 | 1 |\n", "| z | | 5 | 0 |\n")
    table = "{}| a | x*y | 6 | 2 |\n| b | a*z | 30 | 10 |\n| c | b + y | 33 | 11 |\n"
    for wrong in ("", "| z | | 5 | 4 |\n", "| y | | 3 | 4 |\n"):
        text = table.format("".join(wrong if wrong[:5] == row[:5] else row for row in rows))
        made = adtrace.check(SWEPT.format("") + text)
        assert [one.row for one in made.mistakes] == ([wrong[2]] if wrong else []), str(made)


def test_a_logarithm_of_two_operands_has_causes() -> None:
    """``log(v_2, v_1)`` keeps its base where spellings of one operand are made alike."""
    table = "| name | operation | value |\n|---|---|---|\n| v_1 | x | 8 |\n| v_2 | b | 2 |\n| v_3 | log(v_2, v_1) | 3 |"
    (mistake,) = adtrace.check(table, {"x": 8, "b": 2}, function="log(x, b)").mistakes
    assert (mistake.text, "exchanged" in mistake.sentence) == ("log(v_2, v_1)", True), mistake.sentence


def test_rows_that_compute_nothing_asked_for_are_tried_in_a_few_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts of the function that rows without an operation may be are many; of a long table ten are tried."""
    tried: list[int] = []
    interpreted = check_module.interpreted
    monkeypatch.setattr(check_module, "interpreted", lambda *given: tried.append(1) or interpreted(*given))
    rows = "".join(f"| $v_{{{k}}} = v_{{{k - 1}}} + 1$ | {k - 5}.625 |\n" for k in range(8, 60))
    head = "$f(x) = \\frac{x x}{2} + x + 1$ at $x = .5$\n\n| row | value |\n|---|---|\n| $v_7 = v_4 + v_6$ | 1.625 |\n"
    report = adtrace.check(head + rows)
    assert len(tried) == 10, report


def test_what_is_no_variable_of_the_function_is_said_so_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of x_3 beside f(x_1, x_2) it was said that ``x_3 should be x_3``."""
    monkeypatch.setattr(check_module, "_MOST_DRAFTS", 5_000)  # in a late one the rows may be of another function
    rows = (
        "v_{-2} | x_1 | 3 | 1", "v_{-1} | x_2 | 5 | 0", "v_0 | x_3 | 1.2 | 0", "v_1 | v_{-2} v_0 | 3.6 | 1.2",
        "v_2 | v_{-1} + v_{-2} | 8 | 1", r"v_3 | \ln(v_2) | 2.0794 | 0.125", r"v_5 | \exp(v_4) | 0.3012 | 0",
        "v_6 | v_3 v_5 | 0.6263 | 0.0376", "v_7 | v_1 + v_6 | 4.2263 | 1.2376", "y | v_7 | 4.2263 | 1.2376",
    )  # fmt: skip
    head = r"f(x_1, x_2) = (\sin(x_1/x_2) + x_1/x_2 - \exp(x_2)) (x_1/x_2 - \exp(x_2)) at (1.5, 0.5)"
    report = adtrace.check(head + "".join(f"\n| {row} |" for row in rows))
    (said,) = (line for line in str(report).split("\n") if "x_3 is no variable" in line)
    assert "should be" not in said, report


def test_what_was_meant_has_a_derivative_at_the_point() -> None:
    """The root of 0 is not what was meant by the fourth power of a relu at its kink; it ended in a traceback."""
    made = adtrace.trace("relu(w*x - b)^2", {"w": 1, "x": 2, "b": 2})
    table = made.table(format="markdown", mode="forward", rows="single", caption="")
    wrong = table.replace("v_{3}^{2}", "v_{3}^{4}", 1)
    report = adtrace.check(wrong, {"w": 1, "x": 2, "b": 2}, function="relu(w*x - b)^2")
    assert [mistake.row for mistake in report.mistakes] == ["v_4"], report
