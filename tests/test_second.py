"""Tables of second order: adjoints with their derivatives along the seed, against sympy, differences and each other."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from latex_reader import evaluate
from oracles import close, digits, value_of
from samples import ALL
from test_elementals import ENTRIES, samples
from test_higher import NAMES, program

import adtrace
from adtrace.elementals import Elemental, rule
from adtrace.latexbuild.fragments import values
from adtrace.tables.resources import found
from adtrace.tracing.differentials import higher_contribution, higher_tangent, in_coefficients

SYMBOLS = sp.symbols(NAMES)
ALONG = {"x1": 1, "x2": -2}
TRACE = adtrace.trace("x1*sin(x2)/sqrt(x1) + x2^3 - exp(-x1)/x2", at={"x1": 2, "x2": "1/3"}, seed=ALONG)
PLAIN = [entry for entry in ENTRIES.values() if not entry.order and entry.kink is None]


def traced(seed: int) -> tuple[adtrace.Trace, sp.Expr, dict[sp.Symbol, sp.Rational], list[int]]:
    """A random formula at a random point, with a seed: as a trace, and what sympy needs to know."""
    text, expression = program(seed)
    choose = random.Random(seed)
    point = {name: f"{choose.randint(-8, 8)}/{choose.randint(1, 5)}" for name in NAMES}
    along = [choose.randint(-2, 2) for _ in NAMES]
    trace = adtrace.trace(f"f(x1, x2, x3) = {text}", at=point, seed=dict(zip(NAMES, along, strict=True)))
    return trace, expression, {sp.Symbol(name): sp.Rational(x) for name, x in point.items()}, along


@pytest.mark.parametrize("block", range(10))
def test_the_adjoints_derivatives_are_sympys(block: int) -> None:
    """The Hessian times the seed of random formulas (70, on demand 200), to 12 decimals, from the table's own numbers;
    along the seed once more it is the second derivative that the forward table shows.
    """
    for seed in range(20 * block, 20 * block + (20 if ALL else 7)):
        trace, expression, at, along = traced(seed)
        document = trace.to_dict(mode="second", digits=12)
        slope = sum(s * sp.diff(expression, x) for s, x in zip(along, SYMBOLS, strict=True))
        product = [sp.N(sp.diff(slope, x), 30, subs=at) for x in SYMBOLS]
        ours = [sp.Float(document["hessian_vector"][name], 30) for name in NAMES]
        for wanted, shown in zip(product, ours, strict=True):
            assert abs(wanted - shown) <= sp.Float("0.6e-12"), expression
        assert [entry["second_adjoint"] for entry in document["independents"]] == list(
            document["hessian_vector"].values()
        )
        forward = trace.to_dict(mode="forward", order=2, digits=12)["dependents"][0]["second"]
        twice = sum(s * x for s, x in zip(along, ours, strict=True))
        assert abs(sp.Float(forward, 30) - twice) < sp.Float("5e-12"), expression


@pytest.mark.parametrize("block", range(3))
def test_forward_over_reverse_is_reverse_over_forward(block: int) -> None:
    """The gradient of the tangent, as a function that sympy writes and adtrace traces, is the adjoint's derivative; and
    the Hessian of the several seeds of one table is symmetric, to the last digit that is shown.
    """
    for seed in range(10 * block, 10 * block + 10):
        trace, expression, at, along = traced(seed)
        slope = sum(s * sp.diff(expression, x) for s, x in zip(along, SYMBOLS, strict=True))
        used = [x for x in SYMBOLS if slope.has(x)] if isinstance(slope, sp.Expr) else []
        other = adtrace.trace(slope, at={str(x): at[x] for x in used}).gradient if used else {}
        product = trace.hessian_vector()
        for name in NAMES:
            assert product[name].rounded(25) == (other[name].rounded(25) if name in other else "0." + "0" * 25), slope
        each = adtrace.trace(trace.expression.text, at=dict(zip(NAMES, at.values(), strict=True)), seed="each")
        hessian = each.to_dict(mode="second", digits=20)["hessian_vector"]
        for i, a in enumerate(NAMES):
            for k, b in enumerate(NAMES):
                assert hessian[a][k] == hessian[b][i]


def test_higher_orders_are_sympys() -> None:
    """The second and third derivative of the gradient along the seed."""
    for seed in range(8 if ALL else 4):
        trace, expression, at, along = traced(seed)
        t = sp.Symbol("t")
        document = trace.to_dict(mode="reverse", order=4, digits=12)
        for place, x in enumerate(SYMBOLS):
            moved = {y: at[y] + s * t for y, s in zip(SYMBOLS, along, strict=True)}
            slope = sp.diff(expression, x).subs(moved, simultaneous=True)
            for name, k in (("third_adjoint", 2), ("fourth_adjoint", 3)):
                wanted = sp.diff(slope, t, k).subs(t, 0).evalf(40)
                shown = sp.Float(document["independents"][place][name], 40)
                assert abs(shown - wanted) <= sp.Float("0.6e-12"), (expression, x, name)


@pytest.mark.parametrize("entry", PLAIN, ids=lambda entry: f"{entry.name}{entry.arity}-{entry.formula_text}")
def test_a_rule_is_the_derivative_of_adjoint_times_partial(entry: Elemental) -> None:
    """Along a curve a(t), u(t), w(t) each rule gives the derivatives of a(t) times the partial that mpmath finds."""
    slopes = {"u": ("0.7", "-1.3"), "w": ("-0.6", "0.9"), "a": ("0.8", "-0.2")}
    constant = entry.formula_text == "u^w" and entry.name != "pow"
    active = (True, False)[: entry.arity] if constant else (True,) * entry.arity
    with digits(60):
        start = {slot: value_of(sp_terms, {}) for slot, sp_terms in zip("uw", _constants(entry), strict=False)}
        start["a"] = mp.mpf("1.7")
        still = {slot for slot, moving in zip("uw", active, strict=False) if not moving}
        moves = {of: [mp.mpf(0) if of in still else mp.mpf(s) for s in slopes[of]] for of in start}

        def curve(t: mp.mpf) -> dict[str, mp.mpf]:
            at = {of: x + moves[of][0] * t + moves[of][1] * t**2 / 2 for of, x in start.items()}
            return at | {"v": value_of(entry.definition, at)}

        for slot, moving in enumerate(active):
            if not moving:
                continue

            def added(t: mp.mpf, slot: int = slot) -> mp.mpf:
                at = curve(t)
                return at["a"] * value_of(entry.partials[slot], at)

            names = curve(mp.mpf(0))
            for of, (first, second) in moves.items():
                names |= {f"d{of}": first, f"dd{of}": second}
            names |= {"dv": mp.diff(lambda t: curve(t)["v"], 0), "ddv": mp.diff(lambda t: curve(t)["v"], 0, 2)}
            for order in (1, 2):
                ours = value_of(higher_contribution(entry.signatures[active], (slot,), order), names)
                assert close(ours, mp.diff(added, 0, order), -12), (slot, order, ours)


def _constants(entry: Elemental) -> list[Any]:
    """The sample point of an elemental, as terms."""
    return [rule(str(text)) for text in samples(entry)[0]]


def test_cells_with_numbers_put_in_have_the_value_beside_them() -> None:
    """A reader of LaTeX gets from each cell with numbers the number beside it, also where they are added."""
    checked = 0
    for style in ("four-column", "griewank"):
        table = TRACE.table(style=style, mode="reverse", order=3, digits=12)
        for cell in re.findall(r"\$([^$]*)\$", "\n".join(table.splitlines()[2:])):
            pieces = [piece.strip() for piece in cell.lstrip("= ").split(" = ")]
            if len(pieces) > 1 and not re.search(r"[vxy]", "".join(pieces[-2:])):
                assert evaluate(pieces[-2], {}) == pytest.approx(evaluate(pieces[-1], {}), abs=1e-8), cell
                checked += 1
    assert checked > 80


def test_every_style_and_format_shows_it() -> None:
    """Each style has the product of the Hessian with the seed in each format and layout; mode second is order 2."""
    wanted = [f"{float(number):.4f}".lstrip("-") for number in TRACE.hessian_vector().values()]
    for name in found(None, "styles", ".toml"):
        for form in ("markdown", "latex", "text", "html", "typst"):
            for layout in ("side-by-side", "stacked"):
                document = TRACE.table(style=name, format=form, layout=layout, mode="second")
                assert all(number in document for number in wanted), (name, form)
                assert document == TRACE.table(style=name, format=form, layout=layout, mode="reverse", order=2)
                assert "product of the Hessian with the seed" in document
    texts = values(TRACE, {"mode": "second"})
    assert [texts["dbar x1"].lstrip("-"), texts["dbar x2"].lstrip("-")] == wanted


def test_the_marks() -> None:
    """A dot over the bar, in each dialect; a mark of the style's in its place; no brace before an underscore, which
    parsers of Markdown take for emphasis.
    """
    given: dict[str, Any] = {"mode": "second", "caption": ""}
    assert r"\dot{\bar v}_{1}" in TRACE.table(format="latex", **given)
    markdown = TRACE.table(format="markdown", **given)
    assert r"\dot{\bar v}\textstyle_{1}" in markdown
    assert "}_" not in markdown
    assert "dot(macron(v))_(1)" in TRACE.table(format="typst", **given)
    assert "v\u0304\u0307₁" in TRACE.table(format="text", **given)
    bar = '<mover accent="true"><mi>v</mi><mo stretchy="false">\u00af</mo></mover>'
    dotted = f'<mover accent="true">{bar}<mo stretchy="false">˙</mo></mover>'
    assert f"<msub>{dotted}<mrow><mn>1</mn></mrow></msub>" in TRACE.table(format="html", **given)
    assert "Dₚv\u0304₁" in TRACE.table(format="text", notation="tangent=directional", **given)
    named = adtrace.trace("rate = v1*w_out; y = rate^2", at={"v1": 2, "w_out": 3})
    latex = named.table(format="latex", notation="names=source", **given)
    assert r"\dot{\overline{\mathit{rate}}}" in latex
    assert r"\mathrm{\dot{\bar v}_{1}}" in latex
    assert 'dot(overline(italic("rate")))' in named.table(format="typst", notation="names=source", **given)


def test_several_outputs_and_weights() -> None:
    """Without weights a table for each output, with them one of the weighted sum; seeds beside each other."""
    several = adtrace.trace("(x*y^2, x^3, 7)", at={"x": 2, "y": 3}, seed=["x", "y"])
    document = several.to_dict(mode="second", digits=0)
    assert document["hessian_vectors"]["f_1"] == {"x": ["0", "6"], "y": ["6", "4"]}
    assert document["hessian_vectors"]["f_2"] == {"x": ["12", "0"], "y": ["0", "0"]}
    assert document["hessian_vectors"]["f_3"] == {"x": ["0", "0"], "y": ["0", "0"]}
    assert len(several.tables(mode="second")) == 3
    weighted = adtrace.trace("(x*y^2, x^3, 7)", at={"x": 2, "y": 3}, weights={"f_1": 1, "f_2": -2, "f_3": 0})
    made = weighted.to_dict(mode="second", digits=0)
    assert made["hessian_vector"] == {"x": "-24", "y": "6"}
    assert [entry["second_total"] for entry in made["contributions"]][-1] in ("-24", "6")
    zero = adtrace.trace("(x*y^2, x^3)", at={"x": 2, "y": 3}, weights={"f_1": 1, "f_2": 0}).to_dict(mode="second")
    first = adtrace.trace("x*y^2", at={"x": 2, "y": 3}).to_dict(mode="second")
    assert [c["row"] for c in zero["contributions"]] == [c["row"] for c in first["contributions"]]


def test_contributions_add_up() -> None:
    """Each total is the one before and what is added, and the last one is the derivative of the adjoint."""
    document = TRACE.to_dict(mode="second", digits=15)
    last: dict[str, float] = {}
    for made in document["contributions"]:
        total = last.get(made["target"], 0.0) + float(made["second_increment"])
        assert total == pytest.approx(float(made["second_total"]), abs=1e-12)
        last[made["target"]] = float(made["second_total"])
    for entry in (*document["independents"], *document["rows"]):
        assert last.get(entry["variable"], 0.0) == pytest.approx(float(entry["second_adjoint"]), abs=1e-12)


def test_without_a_point() -> None:
    """The product of the Hessian with a seed of letters, as formulas: sympy's."""
    trace = adtrace.trace("ln(x1) + x1*x2 - sin(x2)/x1", seed={"x1": "s", "x2": "t"})
    shown = trace.to_dict(mode="second")["hessian_vector"]
    x1, x2, s, t = sp.symbols("x1 x2 s t")
    f = sp.log(x1) + x1 * x2 - sp.sin(x2) / x1
    for name, x in (("x1", x1), ("x2", x2)):
        wanted = s * sp.diff(f, x1, x) + t * sp.diff(f, x2, x)
        ours = sp.sympify(shown[name].replace("ln", "log"))
        assert sp.simplify(ours - wanted) == 0
    assert "∂v̇₁/∂v₋₁" in trace.table(mode="second", format="text")


def test_graph_and_page() -> None:
    """The edges carry both derivatives; the page says both at each step back, and draws the same."""
    simple = adtrace.trace("x1*x2", at={"x1": 2, "x2": 5}, seed=ALONG)
    assert '"2, 1"' in simple.graph(format="mermaid", mode="second")
    assert '"5, -2"' in simple.graph(format="mermaid", mode="second")
    page = TRACE.table(format="html", standalone=True, mode="second")
    steps = re.findall(r'<li id="step-\d+"><a href="#\d+">(\w+)</a>(.*?)</li>', page, re.DOTALL)
    assert {sweep for sweep, _ in steps} == {"forward", "reverse"}
    assert all(said.count("adt-line") == 2 for _, said in steps)
    exponential = adtrace.trace("exp(x)", at={"x": 0})  # 1/2 is the coefficient, 1 the derivative
    said = exponential.table(format="html", standalone=True, style="cppad", mode="forward", order=2)
    step = re.findall(r'<li id="step-2">(.*?)</li>', said, re.DOTALL)[0].rpartition("adt-line")[2]
    assert "<mn>0.5</mn></math>" in step
    with pytest.raises(adtrace.OptionError, match="name one of"):
        adtrace.trace("(x, x^2)", at={"x": 1}).graph(mode="second")


def test_what_is_not_shown() -> None:
    """Order 1 has nothing of it; a reverse table without order 2 neither."""
    for mode in ("reverse", "both", "forward"):
        text = json.dumps(TRACE.to_dict(mode=mode))
        assert "second" not in text
        assert "hessian" not in text
    with pytest.raises(adtrace.OptionError, match=r"arrays .* rows=.entries"):
        adtrace.trace("sum(x*x)", at={"x": [1, 2]}).table(mode="second")
    assert adtrace.trace("sum(x*x)", at={"x": [1, 2]}, rows="entries").to_dict(mode="second")["hessian_vector"] == {
        "x_1": "2.0000",
        "x_2": "0.0000",
    }
    with pytest.raises(adtrace.OptionError, match="displayed"):
        adtrace.trace("x1", at={"x1": 2}, arithmetic="displayed").table(mode="second")


@pytest.mark.parametrize("entry", PLAIN, ids=lambda entry: f"{entry.name}{entry.arity}-{entry.formula_text}")
def test_a_rule_of_coefficients_is_that_of_derivatives(entry: Elemental) -> None:
    """With k! c_k for each derivative it gives 1/m! of the derivative: of the row, and of what a contribution adds."""
    constant = entry.formula_text == "u^w" and entry.name != "pow"
    active = (True, False)[: entry.arity] if constant else (True,) * entry.arity
    choose = random.Random(entry.formula_text)
    with digits(40):
        names = {slot: value_of(terms, {}) for slot, terms in zip("uw", _constants(entry), strict=False)}
        names |= {"a": mp.mpf("1.7"), "v": value_of(entry.definition, names)}
        for of in "uwva":
            for k in (1, 2, 3):
                number = mp.mpf(choose.randint(-9, 9)) / 7
                names |= {"d" * k + of: number, "c" * k + of: number / mp.factorial(k)}
        for order in (2, 3):
            rules = [higher_tangent(entry.signatures[active], order)]
            varying = [slot for slot, moving in enumerate(active) if moving]
            rules += [higher_contribution(entry.signatures[active], (slot,), order) for slot in varying]
            for terms in rules:
                ours = value_of(in_coefficients(terms, order), names)
                assert close(ours, value_of(terms, names) / mp.factorial(order), -25), order


def test_the_style_of_coefficients() -> None:
    """Its numbers are those of `taylor`, forward and, of the gradient, reverse; caption and headings say so, in each
    format; a table of order 1 has nothing of it.
    """
    for form in ("markdown", "latex", "text", "html", "typst"):
        table = TRACE.table(style="cppad", mode="forward", order=4, format=form, digits=6)
        for k, coefficient in enumerate(TRACE.taylor(4)["y"]):
            assert coefficient.rounded(6).lstrip("-") in table, (form, k)
        assert "are the Taylor coefficients of" in table
        assert "Coefficients of order 4" in table
        assert "Taylor" not in TRACE.table(style="cppad", mode="forward", format=form)
    reverse = TRACE.table(style="cppad", mode="reverse", order=4, format="text", digits=6)
    for name, variable in (("third_adjoint", 2), ("fourth_adjoint", 6)):
        for entry in TRACE.to_dict(mode="reverse", order=4, digits=12)["independents"]:
            assert f"{float(entry[name]) / variable:.6f}".lstrip("-") in reverse
    assert "coefficients of order 3" in reverse
    chained = TRACE.table(mode="reverse", order=3, format="text", notation="higher=coefficients")
    twice, once = "v\u0304\u0308₃ × ∂v₃/∂v₁", "v\u0304\u0307₃ × ∂v\u0307₃/∂v₁"
    assert f"{twice} + {once}" in chained  # no binomial coefficient
    assert f"{twice} + 2 × {once}" in TRACE.table(mode="reverse", order=3, format="text")
