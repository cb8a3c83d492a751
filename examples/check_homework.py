"""The official answer of a deep-learning course's homework, checked: 1/(x1 + x2) + x2^2 + cos(x1) at (3, 6).

A student runs ``adtrace check answer.md`` on the table in a homework file; here the same is done by a call.  Two
mistakes are found, and what follows from one of them is not blamed again.  Then three answers are marked as a class
would be.
"""

from __future__ import annotations

import adtrace
from adtrace.checking.reporting.marks import Rubric

QUESTION = "f(x1, x2) = 1/(x1 + x2) + x2^2 + cos(x1)"
POINT = {"x1": 3, "x2": 6}

FORWARD = r"""
| Forward evaluation trace | | | Forward derivative trace | | |
|---|---|---|---|---|---|
| $v_{-1}$ | $= x_1$ | $= 3$ | $\dot{v}_{-1}$ | $= \dot{x}_1$ | $= 1$ |
| $v_0$ | $= x_2$ | $= 6$ | $\dot{v}_0$ | $= \dot{x}_2$ | $= 0$ |
| $v_1$ | $= v_{-1} + v_0$ | $= 3 + 6$ | $\dot{v}_1$ | $= \dot{v}_{-1} + \dot{v}_0$ | $= 1$ |
| $v_2$ | $= v_0 v_0$ | $= 6 \times 6$ | $\dot{v}_2$ | $= 2 \times \dot{v}_0 \times v_0$ | $= 2 \times 0 \times 6$ |
| $v_3$ | $= 1/v_1$ | $= 1/9$ | $\dot{v}_3$ | $= -\dot{v}_1 / v_1 \times v_1$ | $= -1/81$ |
| $v_4$ | $= \cos(v_{-1})$ | $= \cos(3)$ | $\dot{v}_4$ | $= -\sin(v_{-1}) \dot{v}_{-1}$ | $= -\sin(3)$ |
| $v_5$ | $= v_3 + v_2$ | $= 1/9 + 36$ | $\dot{v}_5$ | $= \dot{v}_3 + \dot{v}_2$ | $= -0.01234 + 0$ |
| $v_6$ | $= v_5 + v_4$ | $= 36.0278 - 0.9899$ | $\dot{v}_6$ | $= \dot{v}_5 + \dot{v}_4$ | $= -0.0123 - 0.1411$ |
| $y$ | $= v_6$ | $= 35.0379$ | $\dot{y}$ | $= \dot{v}_6$ | $= -0.1534$ |
"""

REVERSE = r"""
| Reverse adjoint trace | | |
|---|---|---|
| $\bar{x}_1$ | $= \bar{v}_{-1}$ | $= -0.1534$ |
| $\bar{x}_2$ | $= \bar{v}_0$ | $= 11.9877$ |
| $\bar{v}_0$ | $= \bar{v}_0 + \bar{v}_1 \partial v_1/\partial v_0$ | $= 12 - 0.0123$ |
| $\bar{v}_{-1}$ | $= \bar{v}_{-1} + \bar{v}_1 \partial v_1/\partial v_{-1}$ | $= -0.0123 - 0.1411$ |
| $\bar{v}_0$ | $= \bar{v}_2 \partial v_2/\partial v_0$ | $= 12$ |
| $\bar{v}_1$ | $= \bar{v}_3 \partial v_3/\partial v_1$ | $= -1/81$ |
| $\bar{v}_{-1}$ | $= \bar{v}_4 \partial v_4/\partial v_{-1}$ | $= -0.1411$ |
| $\bar{v}_2$ | $= \bar{v}_5 \partial v_5/\partial v_2$ | $= 1$ |
| $\bar{v}_3$ | $= \bar{v}_5 \partial v_5/\partial v_3$ | $= 1$ |
| $\bar{v}_4$ | $= \bar{v}_6 \partial v_6/\partial v_4$ | $= 1$ |
| $\bar{v}_5$ | $= \bar{v}_6 \partial v_6/\partial v_5$ | $= 1$ |
| $\bar{v}_6$ | $= \bar{y}$ | $= 1$ |
"""


def main() -> None:
    report = adtrace.check(FORWARD + REVERSE, POINT, function=QUESTION)
    print("The official answer:")
    for mistake in report.mistakes:
        print(f"  {mistake.row}, {mistake.quantity}: {mistake.sentence}")
    print(f"  {report.summary()}.")

    right = adtrace.trace(QUESTION, at=POINT).table(mode="forward")
    answers = {"right": right, "official": FORWARD, "sign lost": right.replace("-0.1535", "0.1535")}
    for name, answer in answers.items():
        marked = adtrace.check(answer, POINT, function=QUESTION, rubric=Rubric())
        assert marked.marks is not None
        print(f"{name}: {marked.marks.sentence()}")


if __name__ == "__main__":
    main()
