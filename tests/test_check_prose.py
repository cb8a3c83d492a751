r"""What people write above and below a table besides: hints, rules, other questions, dates, points; it is no claim."""

from __future__ import annotations

import pytest

import adtrace

TABLES = {
    "tangents": """Let f(x, y) = x*y + sin(x) at x = 2, y = 5.

{}| v | formula | value | derivative by x |
|---|---|---|---|
| v1 | x | 2 | 1 |
| v2 | y | 5 | 0 |
| v3 | v1*v2 | 10 | 5 |
| v4 | sin(v1) | 0.9093 | -0.4161 |
| v5 | v3 + v4 | 10.9093 | 4.5839 |

{}""",
    "adjoints": r"""Let $f(x_1, x_2) = \ln x_1 + x_1 x_2 - \sin x_2$, $x_1 = 2$, $x_2 = 5$.

{}| node | value | adjoint |
|---|---|---|
| $v_{{-1}} = x_1$ | 2 | 5.5 |
| $v_0 = x_2$ | 5 | 1.7163 |
| $v_1 = \ln v_{{-1}}$ | 0.6931 | 1 |
| $v_2 = v_{{-1}} v_0$ | 10 | 1 |
| $v_3 = \sin v_0$ | -0.9589 | -1 |
| $v_4 = v_1 + v_2$ | 10.6931 | 1 |
| $v_5 = v_4 - v_3$ | 11.6521 | 1 |

{}""",
}
SENTENCES = r"""
Now repeat this for another point.
Compute the derivative at x = 3.
Use a step of h = 0.01 to check it numerically.
The derivative of sin is cos.
Recall that d/dx x^2 = 2x.
Recall that (uv)' = u'v + uv'.
In reverse mode we start with the seed 1 at the output.
In forward mode we set the seed of the input to 1.
Set $\bar y = 1$ and go backwards.
This part is worth 4 points out of 10.
Total: 12/15 points.
Remember to round to 4 decimals.
Round all numbers to 4 decimal places (0.00005 rounds up).
Question 2: let g(x) = x^3. Compute g'(2).
Exercise 3: Show that h'(t) = 2t for h(t) = t^2.
The program needs 7 operations and 2 inputs.
The chain rule says dy/dx = dy/du * du/dx.
The chain rule: $\frac{dy}{dx} = \frac{dy}{du}\frac{du}{dx}$.
By the product rule, $\dot v_3 = \dot v_1 v_2 + v_1 \dot v_2$.
dL/dW = delta x^T in general.
See Griewank and Walther, chapter 3, page 32, table 3.1.
See equation (3.2) on page 45.
Due on 12.05.2025, 23:59.
Student: Max Mustermann, ID 1234567.
Time used: 25 minutes.
Cost: 5 multiplications and 3 additions.
The learning rate is 0.1.
With learning rate 0.1 we would do one step of gradient descent.
Each adjoint is the sum over the uses of the row.
A forward sweep costs about 3 times the function itself.
Hint: use sin'(v) = cos(v) and ln'(v) = 1/v.
Note that cos(0) = 1 and sin(0) = 0.
Angles are in radians, not in degrees (180 degrees = pi).
The values are exact up to 1e-4.
We use e = 2.71828 and pi = 3.14159.
Let us write v_i for the intermediate values, i = 1, ..., 5.
Here $v_{i}$, $i = 1, \dots, 5$, are the intermediate variables.
The table has 5 rows and 3 columns.
We have n = 2 inputs and m = 1 output.
Number of inputs n = 2, number of outputs m = 1, so reverse mode is cheaper.
1. Fill in the table. 2. Compare with finite differences.
a) forward mode, b) reverse mode
(a) Compute the forward trace. (3 points)
The Jacobian is a 1x2 matrix.
Compare with the finite difference (f(2.001) - f(2))/0.001.
Version 2.1, 2024-11-03.
Group 3, room 2.14, Monday 10:15.
Check: the same numbers come out of PyTorch 2.1.0.
Verified with jax 0.4.30: all 5 numbers agree.
I used a calculator for step 4.
Steps 3 and 4 use the product rule.
All derivatives of v_1 are 0 except the first.
Therefore the sum has 2 terms.
Deadline: Friday, 10 am.
Solution:
Answer:
Forward pass:
Backward pass:
Step 1: evaluate. Step 2: differentiate.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("table", TABLES)
def test_sentences_besides_are_no_claims(table: str, sentence: str) -> None:
    """A point of another question was taken for an adjoint, the chain rule with u for one of the rows."""
    alone = adtrace.check(TABLES[table].format("", ""))
    for document in (TABLES[table].format(f"{sentence}\n\n", ""), TABLES[table].format("", f"{sentence}\n")):
        report = adtrace.check(document)
        assert (report.exit_status, report.counts) == (0, alone.counts), str(report)


@pytest.mark.parametrize(("printed", "right"), [("1.2e-4", "0.00000"), ("1.2e4", "0.0000")])
def test_a_number_beyond_bounds_is_told(printed: str, right: str) -> None:
    """exp(-1000000) beside a number with a power of ten: it ended in a traceback."""
    rows = f"| v1 | x | 1000 |\n| v2 | v1^2 | 1000000 |\n| v3 | -v2 | -1000000 |\n| v4 | exp(v3) | {printed} |\n"
    report = adtrace.check(f"f(x) = exp(-x^2) at x = 1000\n\n| v | formula | value |\n|---|---|---|\n{rows}")
    assert [mistake.expected for mistake in report.mistakes] == [right]
