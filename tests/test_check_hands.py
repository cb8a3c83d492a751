"""Tables and sentences of other hands, of scalars; what is right was computed by hand."""

from __future__ import annotations

import pytest

import adtrace

F = "f(x, y) = x*y + sin(x) at x = 1, y = 3\n\n"
ROWS = "v_1 = x*y = 3\nv_2 = sin(x) = 0.8415\nv_3 = v_1 + v_2 = 3.8415\n"
COUNTED = (
    F
    + """| {head} | row | value |
|---|---|---|
| {0} | $v_{{-1}} = x$ | 1 |
| {1} | $v_0 = y$ | 3 |
| {2} | $v_1 = v_{{-1}} v_0$ | 3 |
| {3} | $v_2 = \\sin v_{{-1}}$ | 0.8415 |
| {4} | $v_3 = v_1 + v_2$ | 3.8415 |
"""
)


def cells(report: adtrace.Report, *states: str) -> list[tuple[int, str, str]]:
    """The line, the text and the state of each cell in one of these states."""
    return sorted((f.line, f.text, f.state) for f in report.findings if f.state in states)


@pytest.mark.parametrize("head", ["Step", "Index", "#"])
@pytest.mark.parametrize("place", range(5))
def test_a_number_that_breaks_the_count_of_rows_is_said(head: str, place: int) -> None:
    """The last one, too, which passed; in between the right numbers were not read, or blamed for not being values."""
    steps = [1, 2, 3, 4, 5]
    assert adtrace.check(COUNTED.format(*steps, head=head)).exit_status == 0
    assert adtrace.check(COUNTED.format(*steps[::-1], head=head)).exit_status == 0
    steps[place] += 3
    found = adtrace.check(COUNTED.format(*steps, head=head))
    assert cells(found, "wrong", "not read") == [(5 + place, str(steps[place]), "not read")]


@pytest.mark.parametrize(("row", "wrong"), [
    ("v̄_3 = v̄_2 = v̄_1 = 1", []), ("v̄_3 = v̄_2 = v̄_1 = 2", ["v̄_3 = v̄_2 = v̄_1 = 2"]),
])  # fmt: skip
def test_several_adjoints_in_one_chain(row: str, wrong: list[str]) -> None:
    """What stands behind them is said of each; they were blamed for not being each other's formulas."""
    report = adtrace.check(f"{F}{ROWS}{row}\nx̄ = v̄_1 y + v̄_2 cos(x) = 3.5403\nȳ = v̄_1 x = 1\n")
    assert [finding.text for finding in report.findings if finding.state == "wrong"] == wrong


@pytest.mark.parametrize(("value", "status"), [("2.32", 0), ("2.42", 3)])
def test_the_value_in_a_sentence_is_that_of_the_last_row(value: str, status: int) -> None:
    """It is no row of its own whose tangent is missing."""
    report = adtrace.check(f"""Forward mode of f(x) = x^2 + 0.32*x + 1 at x = 1.

| trace | value | tangent |
|---|---|---|
| v_1 = x^2 | 1 | 2 |
| v_2 = 0.32*x | 0.32 | 0.32 |
| v_3 = v_1 + v_2 | 1.32 | 2.32 |
| v_4 = v_3 + 1 | 2.32 | 2.32 |

so f(1) = {value}.
""")
    assert (report.exit_status, report.problems) == (status, ())


UNREAD = """| row | operation | value | {name} |
|---|---|---|---|
| v_1 | x | 2 | {0} |
| v_2 | v_1^2 | 4 | {1} |
| v_3 | v_2 + 1 | 5 | {2} |
| v_4 | see above | 4 | {3} |
| v_5 | v_3*v_4 | 20 | {4} |
"""


@pytest.mark.parametrize(("name", "numbers", "line", "text"), [
    ("tangent", (1, 4, 4, 4, 36), 6, "4"), ("adjoint", (36, 4, 4, 5, 1), 3, "36"),
])  # fmt: skip
def test_a_row_that_nobody_tells_how_to_compute_is_no_input(
    name: str, numbers: tuple[int, ...], line: int, text: str
) -> None:
    """Its tangent was to be 0, and the adjoints of what it may be computed from without it."""
    report = adtrace.check(UNREAD.format(*numbers, name=name))
    assert cells(report, "wrong", "following", "not read") == [(line, text, "not read")]


AT_A_TIE = r"""f(x, y) = max(x, y)*x at x = 2, y = 2

| row | operation | value |
|---|---|---|
| v_1 | max(x, y) | 2 |
| v_2 | v_1 x | 4 |

| adjoint | formula | value |
|---|---|---|
| $\bar v_2$ | 1 | 1 |
| $\bar v_1$ | $\bar v_2 x$ | 2 |
| $\bar y$ | {} | {} |
| $\bar x$ | {} | {} |
"""


@pytest.mark.parametrize(("row_cells", "lines"), [
    ((r"$\bar v_1 \cdot 0$", 0, r"$\bar v_1 \cdot 1 + \bar v_2 v_1$", 4), []),
    ((r"$\bar v_1 \cdot 1$", 2, r"$\bar v_1 \cdot 0 + \bar v_2 v_1$", 2), []),
    ((r"$\bar v_1 \cdot 0.5$", 1, r"$\bar v_1 \cdot 0.5 + \bar v_2 v_1$", 3), []),
    ((r"$\bar v_1 [y > x]$", 0, r"$\bar v_1 [x > y] + \bar v_2 v_1$", 2), []),
    (("", 0, "", 4), []), (("", 2, "", 2), []),
    ((r"$\bar v_1 \cdot 0$", 2, r"$\bar v_1 \cdot 1 + \bar v_2 v_1$", 4), [(12, "2", "wrong")]),
    ((r"$\bar v_1 \cdot 0$", 0, r"$\bar v_1 \cdot 1 + \bar v_2 v_1$", 2), [(13, "2", "wrong")]),
    (("", 0.0002, "", 4), [(12, "0.0002", "not read")]), (("", 1.2, "", 2.8), []),
    (("", 2, "", 4), [(13, "4", "not read")]), (("", 0, "", 2), [(13, "2", "not read")]),
])  # fmt: skip
def test_one_convention_at_a_kink(row_cells: tuple[object, ...], lines: list[tuple[int, str, str]]) -> None:
    """Numbers, and formulas beside them, by different ones passed."""
    assert cells(adtrace.check(AT_A_TIE.format(*row_cells)), "wrong", "not read") == lines


@pytest.mark.parametrize(("formula", "wrong"), [
    (r"2 v_3 \bar v_4", False), (r"\bar v_4 \frac{\partial v_4}{\partial v_3}", False), (r"0", False),
    (r"7 v_3 \bar v_4", True), (r"-\bar v_4 \frac{\partial v_4}{\partial v_3}", True),
])  # fmt: skip
def test_a_kink_hides_no_wrong_factor(formula: str, wrong: bool) -> None:
    """Beside a relu that is 0 to one side of it a wrong factor passed."""
    report = adtrace.check(rf"""f(w, x, b) = relu(w*x - b)^2 at w = 1, x = 2, b = 2

| row | operation | value |
|---|---|---|
| v_1 | w x | 2 |
| v_2 | v_1 - b | 0 |
| v_3 | relu(v_2) | 0 |
| v_4 | v_3^2 | 0 |

| adjoint | formula | value |
|---|---|---|
| $\bar v_4$ | 1 | 1 |
| $\bar v_3$ | ${formula}$ | 0 |
| $\bar v_2$ | $\bar v_3 \cdot 0$ | 0 |
| $\bar v_1$ | $\bar v_2$ | 0 |
| $\bar w$ | $\bar v_1 x$ | 0 |
| $\bar b$ | $-\bar v_2$ | 0 |
""")
    assert [finding.line for finding in report.mistakes] == [13] * wrong
    assert report.exit_status == 3 * wrong


@pytest.mark.parametrize(("formula", "wrong"), [("2*v_3*v̇_3", []), ("7*v_3*v̇_3", [8]), ("-2*v_3*v̇_3", [8])])
def test_a_tangent_that_is_0_at_a_kink_hides_no_factor(formula: str, wrong: list[int]) -> None:
    """To the side of the relu on which its tangent is 0 any factor passed."""
    report = adtrace.check(f"""f(w, x, b) = relu(w*x - b)^2 at w=1, x=2, b=2

| row | op | value | tangent formula | d/dw |
|---|---|---|---|---|
| v_1 | w x | 2 | ẇ x | 2 |
| v_2 | v_1 - b | 0 | v̇_1 | 2 |
| v_3 | relu(v_2) | 0 | 0*v̇_2 | 0 |
| v_4 | v_3^2 | 0 | {formula} | 0 |
""")
    assert [finding.line for finding in report.mistakes] == wrong


@pytest.mark.parametrize(("number", "wrong"), [("0.8904", []), ("0.8094", [8])])
def test_a_name_with_a_hyphen_and_a_mark(number: str, wrong: list[int]) -> None:
    """``v-1bar`` is the adjoint of v_-1."""
    report = adtrace.check(f"""y = (x1*cos(x1 + x2))^2 at x1 = 0.6, x2 = 1.7

v-1 = x1 = 0.6
v0 = x2 = 1.7
v1 = v-1 + v0 = 2.3
v2 = cos(v1) = -0.6663
v3 = v-1 * v2 = -0.3998
v-1bar = 2*v3*v2 - sin(v1)*2*v3*v-1 = {number}
v4 = v3^2 = 0.1598
""")
    assert [finding.line for finding in report.mistakes] == wrong


def test_several_lines_of_several_numbers_are_the_point() -> None:
    """Of two lines ``w, b = ...`` in a program the second was a table of its own, from which w was missing."""
    report = adtrace.check("""```python
w, b = 0.5, -1      # parameters
x, t = 3, 0.25      # input and target

m = w * x           # => 1.5
z = m + b           # => 0.5
L = (z - t) ** 2    # => 0.0625

dz = 2 * (z - t)    # => 0.5
db = dz             # => 0.5
dm = dz             # => 0.5
dw = dm * x         # => 1.5
```
""")
    assert (report.exit_status, report.problems, report.count("right")) == (0, (), 7)


def slipped(text: str, right: str, wrong: str, **told: object) -> tuple[int, list[int]]:
    """The exit status of a document that is right, and the lines of the mistakes with something wrong in it."""
    assert text.count(right) == 1
    return adtrace.check(text, **told).exit_status, [f.line for f in adtrace.check(text.replace(right, wrong)).mistakes]


def test_an_operation_leads_to_its_row() -> None:
    """``a*b -> p = 1.2`` is an equation of p; it was left out without a word, and passed."""
    text = """f(a, b) = sin(a*b) + a with a = 0.8 and b = 1.5

a*b    -> p = 1.200
sin(p) -> s = 0.932
s + a  -> f = 1.732
"""
    assert slipped(text, "1.200", "1.300") == (0, [3])


def test_formulas_beside_one_column_of_tangents_are_along_its_seed() -> None:
    """Along y alone ``3y^2`` was the tangent of y^3, though the column beside it is along (1, -2)."""
    text = r"""The directional derivative of $f(x,y)=\ln(xy)+y^3$ at $(2, 1)$ along $(1, -2)$.

| quantity | rule | value | rule of the derivative | value of the derivative |
|---|---|--:|---|--:|
| $x$ | | 2 | $\dot x$ | 1 |
| $y$ | | 1 | $\dot y$ | -2 |
| $a$ | $x\cdot y$ | 2 | $\dot x y + x\dot y$ | -3 |
| $b$ | $\ln a$ | 0.6931 | $\dot a / a$ | -1.5 |
| $c$ | $y^3$ | 1 | $3y^2\dot y$ | -6 |
| $f$ | $b+c$ | 1.6931 | $\dot b+\dot c$ | -7.5 |
"""
    assert slipped(text, r"$3y^2\dot y$", "$3y^2$") == (0, [9])


def test_a_point_of_three_numbers_beside_decimal_commas() -> None:
    """(1,2,3) is no number and a half."""
    text = """Soit f(x,y,z) = (xy+z)^2/x au point (1,2,3).

| nom | formule | valeur |
|---|---|---|
| u | xy | 2,0000 |
| v | u+z | 5,0000 |
| w | v^2 | 25,0000 |
| f | w/x | 25,0000 |
"""
    assert slipped(text, "v^2 | 25,0000", "v^2 | 24,0000") == (0, [7])


def test_seeds_in_brackets_behind_a_title_are_no_rows() -> None:
    """A right seed was blamed, and the bracket not read."""
    text = """Forward mode, two sweeps. f(x, y) = x^2 y + 1, (x, y) = (0.5, 2).

Sweep 1 (seed x' = 1, y' = 0):

    v1 = x^2      = 0.250      v1' = 2x x'             = 1.000
    v2 = v1 y     = 0.500      v2' = v1' y + v1 y'     = 2.000

Sweep 2 (seed x' = 0, y' = 1):

    v1 = x^2      = 0.250      v1' = 2x x'             = 0.000
    v2 = v1 y     = 0.500      v2' = v1' y + v1 y'     = 0.250
"""
    assert slipped(text, "= 2.000", "= 1.000") == (0, [6])


def test_headings_of_second_derivatives_in_plain_letters() -> None:
    """``d2/dxdy`` is by x and y."""
    text = """f(x, y) = x^2 y at (1.5, 2)

| row | value | d/dx | d/dy | d2/dxdy |
|---|---|---|---|---|
| a = x^2 | 2.25 | 3 | 0 | 0 |
| f = a*y | 4.5 | 6 | 2.25 | 3 |
"""
    assert slipped(text, "2.25 | 3 |\n", "2.25 | 2 |\n") == (0, [6])


def test_data_need_no_row_beside_weights() -> None:
    """x is no row that is missing, where w and b have one each and x is told."""
    text = """L = (w x + b)^2 with x = 1.5, w = 2, b = 0.5

| node | formula | value | gradient rule | gradient |
|---|---|---|---|---|
| z | w*x + b | 3.5 | dL * 2z | 7 |
| L | z^2 | 12.25 | 1 | 1 |
| w | | 2 | dz * x | 10.5 |
| b | | 0.5 | dz | 7 |
"""
    assert slipped(text, "10.5", "10.4") == (0, [7])


@pytest.mark.parametrize(("right", "wrong", "line"), [
    ("v_{-1}^{2}", "v_{-1}^{3}", 9), ("= 0.0625", "= 0.0725", 9),
    ("| $9$ |", "| $0$ |", 13), ("| $6$ |", "| $8$ |", 10),
])  # fmt: skip
def test_rows_that_only_their_numbers_name(right: str, wrong: str, line: int) -> None:
    """They are those that the formulas call v_1, v_2: wrong operations and numbers passed."""
    told = {"function": "sqrt(x/y) + exp(-x^2)", "at": {"x": "0.25", "y": "9"}}
    columns = "evaluation:name,formula,value;adjoint:name,formula,partial,value"
    text = adtrace.trace(told["function"], at=told["at"]).table(style="cppad", mode="forward", columns=columns)
    assert slipped(text, right, wrong, **told) == (0, [line])


def test_variables_side_by_side_that_their_numbers_name() -> None:
    """Below i stand -1, 0, 1, and the operations below v_i: all right cells were blamed."""
    text = r"""For $f(x_1,x_2)=\ln x_1+x_1x_2$ at $(2,5)$:
\[
\begin{array}{c|cccc}
i & -1 & 0 & 1 & 2 & 3\\\hline
v_i & x_1 & x_2 & \ln v_{-1} & v_{-1}v_0 & v_1+v_2\\
\text{value} & 2 & 5 & 0.69 & 10 & 10.69\\
\bar v_i & 5.50 & 2.00 & 1.00 & 1.00 & 1.00
\end{array}
\]
"""
    assert slipped(text, "5.50", "5.00") == (0, [7])
    assert slipped(text, "v_{-1}v_0", "v_{-1}v_1") == (0, [5])


def test_rows_past_which_local_derivatives_lead() -> None:
    """The adjoint of u need not stand in a chain df/dv dv/du du/dx, nor that of e = z - t beside its target."""
    chain = r"""Let $f(x) = 1/\sqrt{x^2+1}$ and $x = 2$. Then $u = x^2+1 = 5$,
$v = \sqrt u = 2.236$ and $f = 1/v = 0.447$.

The derivatives are $\frac{df}{dv} = -\frac{1}{v^2} = -0.200$, $\frac{dv}{du} = \frac{1}{2v} = 0.224$,
$\frac{du}{dx} = 2x = 4$,

$$\frac{df}{dx} = \frac{df}{dv}\frac{dv}{du}\frac{du}{dx} = -0.200\cdot 0.224\cdot 4 = -0.179$$
"""
    assert slipped(chain, "= -0.179", "= -0.197") == (0, [7])
    target = """L = (w x + b - t)^2 at w = 0.5, b = 0.1, x = 2, t = 2

z = w x + b = 1.1
e = z - t = -0.9
L = e^2 = 0.81
dL/dz = 2 e = -1.8
dL/dw = dL/dz x = -3.6
dL/db = dL/dz = -1.8
"""
    assert slipped(target, "-3.6", "-3.9") == (0, [7])


@pytest.mark.parametrize("step", ["x_1 = x_0 - 0.1*8 = {}", "x_new = x - 0.1*8 = {}"])
def test_a_step_of_gradient_descent_behind_a_trace(step: str) -> None:
    """x_0 is x, no row that is missing, and no tangent of the new x is missing."""
    text = f"""f(x) = x^2 + 4*x at x = 2

| row | op | value | derivative |
|---|---|---|---|
| v_1 | x^2 | 4 | 4 |
| v_2 | 4*x | 8 | 4 |
| v_3 | v_1 + v_2 | 12 | 8 |

One step:
{step.format("1.2")}
x_2 = 1.2 - 0.1*6.4 = 0.56
"""
    assert adtrace.check(text).problems == ()
    assert [f.line for f in adtrace.check(text.replace("8 = 1.2", "8 = 1.3")).mistakes] == [10]


def test_steps_with_numbers_put_in_are_judged_by_their_workings() -> None:
    """``w = 1 - 0.1*(-6)`` is no other value of w: right ones were blamed, and wrong steps passed."""
    update = """f(w,b) = (3w + b - 5)^2 at w = 1, b = 1

v_1 = 3w + b - 5 = -1
f = v_1^2 = 1
df/dv_1 = 2 v_1 = -2
df/dw = 3*(-2) = -6
df/db = -2

Update with learning rate 0.1:

w = 1 - 0.1*(-6) = 1.6
b = 1 - 0.1*(-2) = 1.2
"""
    assert slipped(update, "= 1.6", "= 1.5") == (0, [11])
    assert slipped(update, "= 1.2", "= 1.1") == (0, [12])
    line = """f(x) = x^2 + 4*x at x = 2

| row | op | value | derivative |
|---|---|---|---|
| v_1 | x^2 | 4 | 4 |
| v_2 | 4*x | 8 | 4 |
| v_3 | v_1 + v_2 | 12 | 8 |

Then x_1 = 2 - 0.1*8 = 1.2.
"""
    assert slipped(line, "= 1.2", "= 1.3") == (0, [9])


@pytest.mark.parametrize("numbers", [("1", "6"), ("2", "1")])
def test_a_column_of_numbers_behind_formulas_does_not_count(numbers: tuple[str, str]) -> None:
    """Below ``number`` 1 and 6 were no adjoints, and passed without a word."""
    text = r"""f(x,y) = x*y + y at x=2, y=3

| row | operation | value | adjoint | formula | number |
|---|---|---|---|---|---|
| v_1 | x*y | 6 | \bar v_1 | \bar f | {} |
| f | v_1 + y | 9 | \bar f | \bar f | {} |
"""
    assert adtrace.check(text.format(1, 1)).exit_status == 0
    wrong = [(5 + k, number, "wrong") for k, number in enumerate(numbers) if number != "1"]
    assert cells(adtrace.check(text.format(*numbers)), "wrong", "not read") == wrong


@pytest.mark.parametrize(("printed", "wrong"), [
    ((6.0707, 2.25), []), ((6.077, 2.25), [11]), ((6.0707, 2.52), [14]),
])  # fmt: skip
def test_derivatives_that_a_program_takes(printed: tuple[float, float], wrong: list[int]) -> None:
    """``jax.grad(f)(x, y)`` behind a trace; wrong ones passed."""
    report = adtrace.check(
        """f(x, y) = x^2 y + sin(x) at x = 1.5, y = 2

| row | op | value | d/dx | d/dy |
|---|---|---|---|---|
| a | x^2 | 2.25 | 3 | 0 |
| b | a*y | 4.5 | 6 | 2.25 |
| c | sin(x) | 0.9975 | 0.0707 | 0 |
| f | b + c | 5.4975 | 6.0707 | 2.25 |

```python
>>> jax.grad(f)(x, y)
{}
>>> # and by the other one
>>> print(jax.grad(f, argnums=1)(x, y))  # {}
```
""".format(*printed)
    )
    assert ([finding.line for finding in report.mistakes], report.exit_status) == (wrong, 3 * bool(wrong))


def test_registers_are_rows() -> None:
    """``%3 = %1 * %2`` was not read."""
    text = """Tape for r(a, b) = sqrt(a^2 + b^2) at a = 3, b = 4

    %1 = a              value 3.0000    grad 0.6000
    %2 = b              value 4.0000    grad 0.8000
    %3 = %1 * %1        value 9.0000    grad 0.1000
    %4 = %2 * %2        value 16.0000   grad 0.1000
    %5 = %3 + %4        value 25.0000   grad 0.1000
    %6 = sqrt(%5)       value 5.0000    grad 1.0000
"""
    assert slipped(text, "9.0000", "6.0000") == (0, [5])
    assert slipped(text, "%2 * %2", "%2 * %1") == (0, [6])


def test_equations_of_a_wiki_begin_with_a_colon() -> None:
    """A right row was blamed, and the others were not read."""
    text = r"""For <math>f(x_1, x_2) = x_1 x_2 + \sin x_1</math> at <math>x_1 = 0.5,\ x_2 = 4.2</math>:

: <math>w_3 = x_1 x_2 = 2.1000</math>
: <math>w_4 = \sin x_1 = 0.4794</math>
: <math>w_5 = w_3 + w_4 = 2.5794</math>
: <math>\bar w_5 = 1</math> (seed)
: <math>\bar w_4 = \bar w_5 \cdot 1 = 1</math>
: <math>\bar w_3 = \bar w_5 \cdot 1 = 1</math>
: <math>\bar x_2 = \bar w_3 \cdot x_1 = 0.5</math>
: <math>\bar x_1 = \bar w_3 \cdot x_2 + \bar w_4 \cdot \cos x_1 = 5.0776</math>
"""
    assert slipped(text, "5.0776", "5.0767") == (0, [10])


@pytest.mark.parametrize(("first", "gradient", "wrong"), [
    ("6.0", "(6/2, 2)", []), ("7.0", "(6/2, 2)", [4]), ("6.0", "(7/2, 2)", [7]),
])  # fmt: skip
def test_numbers_of_numpy_2_and_fractions_in_a_gradient(first: str, gradient: str, wrong: list[int]) -> None:
    """``np.float64(7.0)`` below a prompt and ``(7/2, 2)`` in a sentence: wrong ones passed."""
    text = f"f(x, y) = x*y at x = 2, y = 3\n\n```\n>>> v = x*y; v\nnp.float64({first})\n```\n"
    found = cells(adtrace.check(f"{text}So (∂f/∂x, ∂f/∂y) = {gradient}.\n"), "wrong")
    assert [line for line, _, _ in found] == wrong


@pytest.mark.parametrize("heading", [
    "naam | bewerking | waarde | afgeleide", "nazwa | działanie | wartość | pochodna", "名称 | 运算 | 值 | 梯度",
])  # fmt: skip
def test_headings_that_nothing_marks_are_in_the_languages_of_others(heading: str) -> None:
    """Their words were not read, as those of a row."""
    text = f"f(x, y) = x*y + x at x = 2, y = 3\n\n{heading}\nv_1 | x*y | 6 | {{}}\nv_2 | v_1 + x | 8 | {{}}\n"
    numbers = (1, 1) if "梯度" in heading else (3, 4)
    assert adtrace.check(text.format(*numbers).replace(" | ", "\t")).exit_status == 0


UNTOLD_RATE = """Gradient descent:

- f(x) = x^2
- x_0 = 1

| k | x_k | f'(x_k) |
|---|---|---|
| 0 | 1 | 2 |
| 1 | 0.8 | 1.6 |
| 2 | {} | {} |
"""


@pytest.mark.parametrize(("point", "slope", "status"), [("0.64", "1.28", 0), ("0.64", "1.38", 3), ("0.54", "1.08", 4)])
def test_steps_of_a_length_that_nobody_tells_are_of_one(point: str, slope: str, status: int) -> None:
    """The function is told in a list; steps of 0.1 and 0.16 times the slope passed, though they may be a slip."""
    assert adtrace.check(UNTOLD_RATE.format(point, slope)).exit_status == status


LISTED = """Let f(x, y) = x*y + x, at (x, y) = (2, 3), p = (1, 2).

- x = 2
- y = 3
- D_p x = 1
- D_p y = 2
- v_1 = x*y = 6
- $D_p v_1 = {}$
- v_2 = v_1 + x = 8
- D_p v_2 = 8
"""


@pytest.mark.parametrize("mark", ["D_p", "\\dot"])
def test_values_and_directional_derivatives_in_one_list(mark: str) -> None:
    """Values stand where seeds do, of which those with a mark are seeds; ``D_p v_1`` was no row."""
    for number, wrong in ("7", []), ("6", ["v_1"]):
        report = adtrace.check(LISTED.format(number).replace("D_p", mark))
        assert ([mistake.row for mistake in report.mistakes], report.count("right")) == (wrong, 8 - len(wrong))


SENTENCE = """f(x) = x^2 + x at x = 2

| row | op | value | derivative |
|---|---|---|---|
| v_1 | x^2 | 4 | 4 |
| v_2 | v_1 + x | 6 | 5 |

{}
"""


@pytest.mark.parametrize(("sentence", "state"), [
    ("so the derivative is 2*2 + 1 = 5, as expected.", ""), ("so the derivative is 2*2 + 1 = 6.", "wrong"),
    (r"The derivative is $2 \cdot 2 + 1 = 6$.", "wrong"), ("Since sin(2) = 0.91, it is small.", ""),
    ("Since sin(2) = 0.93, it is small.", "wrong"), ("2.3 + 4.1 = 6.5", "not read"), ("We need 1/3 = 0.333.", ""),
    ("Of 2 - 1 = 1 and x - 2 = 3 the first is right.", ""), ("f(1, 2) = 3, w_1 + 2 = 4, b 2 + 4 = 7", ""),
    ("Es ist 2,5 + 4,1 = 6,6.", ""), ("A window fits (7 - 2)/2 + 1 = 3 times.", ""), ("2 * 2 = 5 x", ""),
])  # fmt: skip
def test_sums_in_sentences(sentence: str, state: str) -> None:
    """Numbers in a sentence that no row has are held against what they come to: wrong ones passed."""
    report = adtrace.check(SENTENCE.format(sentence))
    assert [found for found in cells(report, "wrong", "not read") if found[0] > 6] == (
        [(8, found[1], state) for found in cells(report, state)] if state else []
    )
    assert report.exit_status == {"": 0, "wrong": 3, "not read": 4}[state]


@pytest.mark.parametrize("step", [
    "x1 = x0 - 0.1*f'(x0) = 2 - 0.1*{} = {}", r"$x_1 = x_0 - \eta f'(x_0) = 2 - 0.1 \cdot {} = {}$",
    "x_1 = x - 0.1*{} = {}", "x = 2 - 0.1*{} = {}", "x <- x - 0.1*{} = {}", "x := x - 0.1 * df/dx = 2 - 0.1*{} = {}",
    r"With $\eta = 0.1$ we get $x_{{new}} = 2 - 0.1 \cdot {} = {}$.",
])  # fmt: skip
def test_the_derivative_that_is_put_into_a_step(step: str) -> None:
    """A step with another number than the derivative passed, if it was worked out rightly."""
    right, wrong = (adtrace.check(SENTENCE.format(step.format(*numbers))) for numbers in ((5, 1.5), (4, 1.6)))
    assert (right.exit_status, right.problems) == (0, ())
    assert {mistake.line for mistake in wrong.mistakes} == {8}
    assert right.count("right") > 6
