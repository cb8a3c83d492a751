"""What each part of the job costs when nothing but that part is done, in plain Python.

``tape_gradient``   value and gradient from one flat tape of local partials            (lines 1 and 4)
``straight_line``   a function compiled to one line of Python for each operation        (lines 4 and 5)
``trace_writer``    the rows of both sweeps as LaTeX from f-strings, without a table    (line 3)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

# -- the flat tape -----------------------------------------------------------------------------------------


class Tape:
    """Four lists: for each entry two places and two partials."""

    __slots__ = ("i", "j", "p", "q")

    def __init__(self) -> None:
        self.i: list[int] = []
        self.p: list[float] = []
        self.j: list[int] = []
        self.q: list[float] = []


class Taped:
    """A value on a tape."""

    __slots__ = ("place", "tape", "value")

    def __init__(self, tape: Tape, value: float, i: int = -1, p: float = 0.0, j: int = -1, q: float = 0.0) -> None:
        self.tape, self.value, self.place = tape, value, len(tape.i)
        tape.i.append(i)
        tape.p.append(p)
        tape.j.append(j)
        tape.q.append(q)

    def __add__(self, other: Any) -> Taped:
        if type(other) is Taped:
            return Taped(self.tape, self.value + other.value, self.place, 1.0, other.place, 1.0)
        return Taped(self.tape, self.value + other, self.place, 1.0)

    def __sub__(self, other: Any) -> Taped:
        if type(other) is Taped:
            return Taped(self.tape, self.value - other.value, self.place, 1.0, other.place, -1.0)
        return Taped(self.tape, self.value - other, self.place, 1.0)

    def __rsub__(self, other: float) -> Taped:
        return Taped(self.tape, other - self.value, self.place, -1.0)

    def __mul__(self, other: Any) -> Taped:
        if type(other) is Taped:
            return Taped(self.tape, self.value * other.value, self.place, other.value, other.place, self.value)
        return Taped(self.tape, self.value * other, self.place, other)

    def __truediv__(self, other: Any) -> Taped:
        if type(other) is Taped:
            value = self.value / other.value
            return Taped(self.tape, value, self.place, 1 / other.value, other.place, -value / other.value)
        return Taped(self.tape, self.value / other, self.place, 1 / other)

    __radd__, __rmul__ = __add__, __mul__


class TapedMath:
    """Functions of taped values."""

    @staticmethod
    def sin(x: Taped) -> Taped:
        """The sine."""
        return Taped(x.tape, math.sin(x.value), x.place, math.cos(x.value))

    @staticmethod
    def tanh(x: Taped) -> Taped:
        """The hyperbolic tangent."""
        value = math.tanh(x.value)
        return Taped(x.tape, value, x.place, 1 - value * value)

    @staticmethod
    def log(x: Taped) -> Taped:
        """The natural logarithm."""
        return Taped(x.tape, math.log(x.value), x.place, 1 / x.value)


def tape_gradient(function: Callable[..., Any], point: list[float]) -> tuple[float, list[float]]:
    """Value and gradient: one pass of recording, one pass back."""
    tape, n = Tape(), len(point)
    result = function([Taped(tape, value) for value in point], TapedMath)
    adjoints = [0.0] * (len(tape.i) + 1)  # the last one takes what belongs to no place
    adjoints[result.place] = 1.0
    entries = zip(reversed(tape.i), reversed(tape.p), reversed(tape.j), reversed(tape.q), strict=True)
    for place, (i, p, j, q) in zip(range(len(tape.i) - 1, n - 1, -1), entries, strict=False):
        adjoint = adjoints[place]
        if adjoint:
            adjoints[i] += adjoint * p
            adjoints[j] += adjoint * q
    return result.value, adjoints[:n]


# -- straight-line code ------------------------------------------------------------------------------------


class Named:
    """A value that is the name of a line of code."""

    __slots__ = ("lines", "name")

    def __init__(self, lines: list[tuple[str, str, list[tuple[str, str]]]], name: str) -> None:
        self.lines, self.name = lines, name

    def made(self, code: str, partials: list[tuple[str, str]]) -> Named:
        """A new line, with what it adds to the adjoint of each operand."""
        name = f"v{len(self.lines)}"
        self.lines.append((name, code, partials))
        return Named(self.lines, name)

    def __add__(self, other: Any) -> Named:
        return self.made(f"{self.name}+{_text(other)}", [(self.name, "a"), (_text(other), "a")])

    def __sub__(self, other: Any) -> Named:
        return self.made(f"{self.name}-{_text(other)}", [(self.name, "a"), (_text(other), "-a")])

    def __rsub__(self, other: Any) -> Named:
        return self.made(f"{_text(other)}-{self.name}", [(self.name, "-a")])

    def __mul__(self, other: Any) -> Named:
        u, w = self.name, _text(other)
        return self.made(f"{u}*{w}", [(u, f"a*{w}"), (w, f"a*{u}")])

    def __truediv__(self, other: Any) -> Named:
        u, w = self.name, _text(other)
        return self.made(f"{u}/{w}", [(u, f"a/{w}"), (w, f"-a*v{len(self.lines)}/{w}")])

    __radd__, __rmul__ = __add__, __mul__


def _text(value: Any) -> str:
    return value.name if type(value) is Named else repr(float(value))


class NamedMath:
    """Functions of named values."""

    @staticmethod
    def sin(x: Named) -> Named:
        """The sine."""
        return x.made(f"sin({x.name})", [(x.name, f"a*cos({x.name})")])

    @staticmethod
    def tanh(x: Named) -> Named:
        """The hyperbolic tangent."""
        own = f"v{len(x.lines)}"
        return x.made(f"tanh({x.name})", [(x.name, f"a*(1.0-{own}*{own})")])

    @staticmethod
    def log(x: Named) -> Named:
        """The natural logarithm."""
        return x.made(f"log({x.name})", [(x.name, f"a/{x.name}")])


def straight_line(function: Callable[..., Any], n: int) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Value and gradient, and the value alone, as compiled functions of a point."""
    lines: list[tuple[str, str, list[tuple[str, str]]]] = [(f"v{k}", "", []) for k in range(n)]
    result = function([Named(lines, f"v{k}") for k in range(n)], NamedMath).name
    head = f" {','.join(f'v{k}' for k in range(n))},=x"
    forward = [f" {name}={code}" for name, code, _ in lines[n:]]
    back = [f" b{result}=1.0"]
    seen = {result}
    for name, _, partials in reversed(lines[n:]):
        if name not in seen:
            continue
        for target, increment in partials:
            if target[0] == "v":
                sign = "+=" if target in seen else "="
                back.append(f" b{target}{sign}{increment.replace('a', f'b{name}', 1)}")
                seen.add(target)
    gradient = ",".join(f"bv{k}" if f"v{k}" in seen else "0.0" for k in range(n))
    space: dict[str, Any] = {"sin": math.sin, "cos": math.cos, "tanh": math.tanh, "log": math.log}
    exec("\n".join(["def both(x):", head, *forward, *back, f" return {result},[{gradient}]"]), space)
    exec("\n".join(["def value(x):", head, *forward, f" return {result}"]), space)
    return space["both"], space["value"]


# -- the trace writer --------------------------------------------------------------------------------------


_TWO = {"add": "+", "sub": "-", "mul": r"\times", "div": "/"}


def trace_writer(function: Callable[..., Any], point: list[float]) -> str:
    """Both sweeps as rows of LaTeX: name, formula, numbers and value; name, formula and value of each adjoint."""
    rows: list[Any] = [("x", -1, -1, value, 0.0, 0.0) for value in point]

    class Row:
        __slots__ = ("place", "value")

        def __init__(self, value: float) -> None:
            self.value, self.place = value, len(rows)

    def made(head: str, left: Any, right: Any, value: float, p: float, q: float) -> Row:
        row = Row(value)
        rows.append((head, left, right, value, p, q))
        return row

    def two(head: str, compute: Callable[..., Any], swapped: bool) -> Callable[..., Any]:
        def operator(self: Row, other: Any) -> Row:
            u, w = (other, self) if swapped else (self, other)
            a, b = (u.value if type(u) is Row else u), (w.value if type(w) is Row else w)
            value, p, q = compute(a, b)
            return made(head, u.place if type(u) is Row else -1, w.place if type(w) is Row else -1, value, p, q)

        return operator

    rules: dict[str, Callable[..., Any]] = {
        "add": lambda a, b: (a + b, 1.0, 1.0),
        "sub": lambda a, b: (a - b, 1.0, -1.0),
        "mul": lambda a, b: (a * b, b, a),
        "div": lambda a, b: (a / b, 1 / b, -a / b / b),
    }
    for head, python in {"add": "add", "sub": "sub", "mul": "mul", "div": "truediv"}.items():
        setattr(Row, f"__{python}__", two(head, rules[head], False))
        setattr(Row, f"__r{python}__", two(head, rules[head], True))

    class RowMath:
        sin = staticmethod(lambda u: made("sin", u.place, -1, math.sin(u.value), math.cos(u.value), 0.0))
        tanh = staticmethod(lambda u: made("tanh", u.place, -1, (t := math.tanh(u.value)), 1 - t * t, 0.0))
        log = staticmethod(lambda u: made("ln", u.place, -1, math.log(u.value), 1 / u.value, 0.0))

    inputs = []
    count = len(point)
    for k, value in enumerate(point):
        row = Row(value)
        row.place = k
        inputs.append(row)
    result = function(inputs, RowMath)
    forward, back = [], []
    for k in range(count, len(rows)):
        head, i, j, value, p, q = rows[k]
        name = k - count + 1
        if head in _TWO:
            sign, a, b = _TWO[head], rows[i][3] if i >= 0 else q, rows[j][3] if j >= 0 else p
            u = f"v_{{{i - count + 1}}}" if i >= 0 else "c"
            w = f"v_{{{j - count + 1}}}" if j >= 0 else "c"
            forward.append(f"$v_{{{name}}}$ & $= {u} {sign} {w}$ & $= {a:.4f} {sign} {b:.4f}$ & $= {value:.4f}$ \\\\")
        else:
            u, a = f"v_{{{i - count + 1}}}", rows[i][3]
            forward.append(f"$v_{{{name}}}$ & $= \\{head}({u})$ & $= \\{head}({a:.4f})$ & $= {value:.4f}$ \\\\")
    adjoints = [0.0] * (len(rows) + 1)
    adjoints[result.place] = 1.0
    for k in range(len(rows) - 1, count - 1, -1):
        head, i, j, value, p, q = rows[k]
        adjoint, name = adjoints[k], k - count + 1
        for place, partial in ((i, p), (j, q)):
            if place >= 0:
                adjoints[place] += adjoint * partial
                target = place - count + 1
                back.append(
                    f"$\\bar v_{{{target}}}$ & $= \\bar v_{{{target}}} + \\bar v_{{{name}}} "
                    f"\\partial v_{{{name}}} / \\partial v_{{{target}}}$ & $= {adjoints[place]:.4f}$ \\\\"
                )
    return "\n".join(forward) + "\n" + "\n".join(back)
