"""The author's own symbols for names: how each format draws them, what is refused, and that nothing is obeyed."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outside import needs
from samples import in_turn

import adtrace
from adtrace.cli import main
from adtrace.errors import AdtraceError, OptionError
from adtrace.fences import replaced
from adtrace.formats import FORMATS, PICTURES
from adtrace.writing.items import ACCENTS, COMMANDS, FONTS, LETTER
from adtrace.writing.letters import symbol

NET = "z = w*x + b\nyhat = 1/(1 + exp(-z))\nloss = (yhat - y)^2"
POINT = {"w": 1, "x": 2, "b": 0, "y": 1}
LETTERS = r"yhat=\hat y; loss=\mathcal L; w=\mathbf{w}^{(1)}; b=\vec b_0"
TRACE = adtrace.trace(NET, at=POINT)
SOURCE = {"notation": "names=source", "mode": "reverse"}
TEXTS = [name for name in FORMATS if name not in PICTURES and name != "json"]

DRAWN = [  # each by hand: in LaTeX, in text, with its bar, in Typst
    (r"\hat{y}", r"\hat y", "y\u0302", r"\bar{\hat y}", "y\u0302\u0304", "hat(y)"),
    ("ŷ", r"\hat y", "y\u0302", r"\bar{\hat y}", "y\u0302\u0304", "hat(y)"),
    (r"\eta", r"\eta", "η", r"\bar \eta", "η\u0304", "η"),
    (r"\varepsilon", r"\varepsilon", "ε", r"\bar \varepsilon", "ε\u0304", "ε"),
    ("θ₁₂", r"\theta_{12}", "θ₁₂", r"\bar \theta_{12}", "θ\u0304₁₂", "θ_(12)"),
    (r"\mathbf{W}^{(1)}", r"\mathbf W^{(1)}", "𝐖⁽¹⁾", r"\bar{\mathbf W}^{(1)}", "𝐖\u0304⁽¹⁾",
     r"upright(bold(W))^(\( 1 \))"),
    (r"\tilde x_{t-1}", r"\tilde x_{t-1}", "x\u0303ₜ₋₁", r"\bar{\tilde x}_{t-1}", "x\u0303\u0304ₜ₋₁",
     "tilde(x)_(t - 1)"),
    (r"\mathrm{loss}_k", r"\mathrm{loss}_{k}", "lossₖ", r"\overline{\mathrm{loss}}_{k}", "l\u0304ossₖ",
     'upright("loss")_(k)'),
    (r"\theta_{\text{old}}", r"\theta_{\text{old}}", "θ_old", r"\bar \theta_{\text{old}}", "θ\u0304_old",
     'θ_(upright("old"))'),
    ("w'", "w'", "w′", r"\bar w'", "w\u0304′", "w^(′)"),
    ("w^*", r"w^{\ast}", "w*", r"\bar w^{\ast}", "w\u0304*", r"w^(\*)"),
]  # fmt: skip


@pytest.mark.parametrize(("given_", "drawn"), [(given_, drawn) for given_, *drawn in DRAWN])
def test_a_symbol_is_drawn_in_each_format(given_: str, drawn: list[str]) -> None:
    """As written in LaTeX, with characters in text, with functions in Typst; a bar stands over its letter alone."""
    latex, text, latex_bar, text_bar, typst = drawn
    trace, options = adtrace.trace("3*q", at={"q": 2}), {"mode": "reverse", "letters": {"q": given_}}
    rows = trace.table(format="latex", macros=False, **options)
    assert f"v_{{0}} & = {latex} &" in rows
    assert rf"\adtand {latex_bar} &" in rows
    lines = trace.table(format="text", **options)
    assert f"v₀ = {text} " in lines
    assert re.search(rf"▲ {re.escape(text_bar)} +=", lines)
    assert f", $= {typst}$)" in trace.table(format="typst", **options)


def test_a_symbol_in_markdown_leads_with_a_letter_before_a_subscript() -> None:
    """cmark-gfm takes }_ for emphasis, and * for it, too."""
    table = TRACE.table(format="markdown", letters=LETTERS, **SOURCE)
    assert r"$\bar{\vec b}\textstyle_{0}$" in table
    assert "}_" not in table.replace("}\\textstyle_", "")
    assert r"w^{\ast}" in adtrace.trace("w^2", at={"w": 1}).table(letters="w=w^*", mode="forward")


def test_mathml_has_characters_and_accents_one_on_the_other() -> None:
    """Bold and script letters are characters; a bar stands over the hat; every element is closed."""
    html = TRACE.table(format="html", letters=LETTERS, **SOURCE)
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    ET.fromstring(f"<all>{body}</all>")
    for piece in ("<mi mathvariant=\"normal\">𝐰</mi>", "<mi mathvariant=\"normal\">ℒ</mi>",
                  '<mover accent="true"><mrow><mi>y</mi></mrow><mo stretchy="false">^</mo></mover></mrow>'
                  '<mo stretchy="false">¯</mo></mover>'):  # fmt: skip
        assert piece in html


def test_a_name_with_a_superscript_has_brackets_where_it_is_raised() -> None:
    """x^{(1)}^2 is no LaTeX, and x⁽¹⁾^2 could be read otherwise; so are primes of derivatives kept apart."""
    trace, letters = adtrace.trace("x^2 + x^3/x"), r"x=x^{(1)}"
    assert "(x^{(1)})^{2}" in trace.table(letters=letters, format="latex", mode="forward")
    assert "(x⁽¹⁾)^2" in trace.table(letters=letters, format="text", mode="forward", notation="names=source")
    assert "(x^{(1)})'" in trace.table(
        letters=letters, format="latex", mode="forward", notation="names=source,tangent=prime"
    )
    assert "x'^{2}" in trace.table(letters="x=x'", format="latex", mode="forward", notation="names=source")


def test_the_symbols_are_those_of_every_name_and_the_numbers_stay() -> None:
    """In captions, rows, headings and derivatives, of inputs, statements, outputs and the function."""
    table = TRACE.table(format="text", letters=LETTERS, **SOURCE)
    assert not re.search(r"yhat|loss|\bw\b", table)
    assert re.findall(r"[0-9.]{6,}", table) == re.findall(r"[0-9.]{6,}", TRACE.table(format="text", **SOURCE))
    function = adtrace.trace("g(x) = x^2", at={"x": 3})
    named = function.table(letters=r"g=\mathcal G; x=\xi", format="text", mode="forward")
    assert named.startswith("Table. Forward mode AD of y = 𝒢(ξ) = ξ^2 at ξ = 3. Setting ξ̇ = 1 gives ∂y/∂ξ")
    typed = adtrace.trace(r"\frac{x_1}{x_2}", at={"x1": 1, "x2": 2}).table(letters=r"x1=\xi; x2=\zeta", format="latex")
    assert r"f(\xi, \zeta) = \xi/\zeta" in typed  # not as the author wrote it, which has other letters


def test_arrays_and_their_entries_have_the_symbol() -> None:
    """An index stands behind the subscript of the symbol, in every format, under its bar."""
    trace = adtrace.trace("L = sum(W @ x)", at={"W": [[1, 2], [3, 4]], "x": [5, 6]})
    table = trace.table(letters=r"W=\mathbf{W}^{(1)}; x=\mathbf x_0; L=\mathcal L", format="text")
    assert "𝐖⁽¹⁾" in table
    assert "𝐱₀" in table
    opened = adtrace.trace("sum(x*x)", shape="x=2").table(letters=r"x=\mathbf x_0", format="latex", mode="reverse")
    assert r"\mathbf x_{0,1}" in opened
    assert r"\bar{\mathbf x}_{0}" in opened


def test_graphs_and_pages_have_them() -> None:
    """In every format of a graph, and in the page's formulas and drawing."""
    for kind, name in (("svg", "y\u0302"), ("dot", "y\u0302"), ("tikz", r"$\hat y$"), ("mermaid", "y\u0302")):
        assert name in TRACE.graph(format=kind, letters=LETTERS, notation="names=source")
    page = TRACE.table(format="html", standalone=True, letters=LETTERS, **SOURCE)
    assert "y\u0302</tspan>" in page
    assert "yhat" not in re.sub(r"<style.*?</style>|<script.*?</script>", "", page, flags=re.DOTALL)


def test_json_keeps_plain_names() -> None:
    """What a program reads has the names that were typed."""
    assert json.loads(TRACE.table(format="json", letters=LETTERS)) == json.loads(TRACE.table(format="json"))


def test_an_unread_name_is_drawn_as_ever() -> None:
    """Names without a symbol stay what they are."""
    table = TRACE.table(format="latex", letters=r"w=\omega", **SOURCE)
    assert r"\mathit{yhat}" in table
    assert r"\omega \times x" in table


HOSTILE = [
    r"\input{/etc/passwd}", r"\write18{ls}", r"\catcode`\%=12", r"\csname x\endcsname", r"\def\x{}", "x}{", r"\hat{y",
    "$x$", "<b>x</b>", "x&lt;", "a%b", "#1", "x^^41", "x_{<script>}", r"\href{javascript:x}{y}", "[x](y)", "`x`",
    '#eval("1")', '"x"', "x\ny", "x~y", r"\text{a b}", r"\mathrm{\input x}", r"x_{\frac12}", r"\sqrt x", "xy", "x+y",
    "", "12", r"\sin", r"\mathrm{sin}", "x_1_2", "x" * 200, "_{" * 60 + "x", r"\hat", r"x_{=}", "x;y", "\u202ex",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_symbol_is_refused_in_every_format(text: str) -> None:
    """With a sentence, also in LaTeX and Markdown: nothing of a symbol is passed on as it was written."""
    for kind in TEXTS:
        with pytest.raises(OptionError, match=r"symbol|nothing that it is of|letters"):
            TRACE.table(format=kind, letters={"w": text})


@given(st.text(st.sampled_from("xyθη\\{}_^'()12 ,*<>&$#%\"") | st.characters(), max_size=12))
def test_no_text_is_obeyed(text: str) -> None:
    """Whatever is taken is drawn from known letters, signs and commands alone, and everything else is refused."""
    trace = adtrace.trace("3*q", at={"q": 2})
    try:
        symbol(text)
        table = trace.table(format="latex", letters={"q": text}, macros=False)
    except OptionError:  # also what is the function's name already
        return
    row = re.search(r"adtrow v_\{0\} & = (.*?) &", table)
    assert row
    assert set(re.findall(r"\\[a-zA-Z]+", row[1])) <= KNOWN
    assert not set(row[1]) & set('$#%&<>~"')


GREEK = {f"\\{symbol.latex[1:]}" for symbol in COMMANDS.values() if symbol.kind == LETTER}
KNOWN = GREEK | {f"\\{name}" for name in (*ACCENTS, *FONTS, "ast", "prime", "infty", "partial", "nabla")}

REFUSED = [
    (r"q=\eta", "letters: there is no 'q'; there are b, loss, w, x, y, yhat, z"),
    ("w=x", "letters: x stands for"),
    (r"w=\eta; x=\eta", r"letters give w and x the same symbol, \eta"),
    (r"w=\eta; w=\xi", "letters give w two symbols"),
    ("w=v_1", "letters: v₁ stands for"),
    (r"w=\bar x", "letters: x̄ stands for"),
    ("w", r"letters are written as 'yhat=\\hat y; lr=\\eta', not 'w'"),
    (r"2w=\eta", "'2w' is no name"),
]


@pytest.mark.parametrize(("letters", "sentence"), REFUSED)
def test_what_would_be_two_things_is_refused(letters: str, sentence: str) -> None:
    """A symbol of a name that there is not, one for two names, and one that is a row's name or another's adjoint."""
    with pytest.raises(OptionError, match=re.escape(sentence).replace(r"\\\\", r"\\")):
        TRACE.table(format="text", letters=letters, mode="reverse", notation="names=source")


def test_a_constant_keeps_its_sign() -> None:
    """π in the formula and π for a variable would be one; where no π is, the letter is free."""
    with pytest.raises(OptionError, match="π stands for pi and for x"):
        adtrace.trace("x*pi", at={"x": 1}).table(format="text", letters=r"x=\pi")
    assert "π" in adtrace.trace("x*2", at={"x": 1}).table(format="text", letters=r"x=\pi")
    with pytest.raises(OptionError, match="pi is a number here"):
        adtrace.trace("x*pi", at={"x": 1}).table(letters=r"pi=\Pi")


def test_they_are_a_setting_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """On the command line, repeated or in one, in a fenced block, and for a graph."""
    call = ["table", "x*y", "--at", "x=1,y=2", "--mode", "forward", "-f", "markdown"]
    assert main([*call, "--letters", r"x=\xi", "--letters", r"y=\hat y"]) == 0
    once = capsys.readouterr().out
    assert main([*call, "--letters", r"x=\xi; y=\hat y"]) == 0
    assert capsys.readouterr().out == once
    assert r"f(\xi, \hat y)" in once
    fenced = replaced("```adtrace\nx*y\nat: x=1, y=2\nmode: forward\nletters: x=\\xi; y=\\hat y\n```\n", {})
    assert fenced.strip() == once.strip()
    assert main(["graph", "x*y", "--at", "x=1,y=2", "--letters", r"x=\xi", "-f", "tikz"]) == 0
    assert r"{$\xi$}" in capsys.readouterr().out
    assert main([*call, "--letters", r"x=\input{y}"]) == AdtraceError.exit_status
    assert "a symbol is made of one letter" in capsys.readouterr().err


@needs("pdflatex")
def test_a_latex_document_passes_them_on_as_written(tmp_path: Path) -> None:
    r"""``letters={...}`` of \adtrace is not expanded on its way, and the fragment compiles."""
    assert main(["sty", "-o", str(tmp_path / "adtrace.sty")]) == 0
    (tmp_path / "d.tex").write_text(
        r"\documentclass{article}\usepackage{adtrace}\begin{document}"
        r"\adtrace[at={x=2,y=3},letters={x=\hat{x}^{(1)}; y=\theta_{\mathrm{old}}}]{x^2*y}\end{document}",
        encoding="utf-8",
    )
    run = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert main(["tex", str(tmp_path / "d.adt")]) == 0
    assert r"(\hat x^{(1)})^{2}" in (tmp_path / "d.adtout").read_text(encoding="utf-8")
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, timeout=60)


READ = [kind for kind in TEXTS if kind not in ("typst",)]
LAYERED = r"yhat=\hat y; loss=\mathcal L; w=\mathbf W^{(1)}_{1,2}; b=\vec b_0; x=\tilde x_1"
TOLD = {"function": "loss = (1/(1 + exp(-(w*x + b))) - y)^2", "at": POINT}


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("kind", READ)
def test_our_tables_with_symbols_are_read_back(kind: str, mode: str) -> None:
    """Nothing in them is wrong, empty or unread, also where the function is told in the names that were typed; and a
    digit that is wrong is found where it stands.
    """
    table = TRACE.table(format=kind, mode=mode, notation="names=source", letters=LAYERED)
    for told in in_turn(({}, TOLD), READ.index(kind) + (mode == "reverse")):
        report = adtrace.check(table, kind=kind, **told)
        assert report.exit_status == 0, report.render()
        assert report.count("right") > 40
    number, rows = ("0.2100", {"v_7", "yhat"}) if mode == "forward" else ("0.1850", {"v_4", "v_5"})
    assert number in table
    wrong = adtrace.check(table.replace(number, number[:-2] + "70"), kind=kind, **TOLD)
    assert {mistake.row for mistake in wrong.mistakes} <= rows
    assert wrong.mistakes


BY_HAND = [
    (r"w", r"x", r"\hat y", r"\mathcal L"),
    (r"\mathbf{w}", r"\tilde x", "ŷ", "ℒ"),
    (r"W^{(1)}", r"\vec x", r"\hat{y}_1", r"\mathrm{loss}"),
    (r"W^{(1)}_{1,2}", "x^{(1)}", r"\hat y^{(2)}", r"\mathscr{L}"),
    (r"\boldsymbol{\theta}_1", r"\mathbf x", "a^{(2)}", "J"),
]


@pytest.mark.parametrize("names", BY_HAND)
@pytest.mark.parametrize("function", ["", "L = (tanh(w*x) - 1)^2", "f(x, w) = (tanh(w*x) - 1)^2"])
def test_such_names_by_hand(names: tuple[str, ...], function: str) -> None:
    """Accents, fonts and layers are of the name; by hand: tanh(2) = 0.96403, 1 - tanh(2)^2 = 0.07065.

    The variables of a function that is told are those whose letters they have, whatever their order.
    """
    w, x, y, loss = names
    table = (
        f"| row | formula | value | tangent |\n|---|---|---|---|\n| ${w}$ | | 1 | 1 |\n| ${x}$ | | 2 | 0 |\n"
        f"| $z$ | ${w} {x}$ | 2 | 2 |\n| ${y}$ | $\\tanh(z)$ | 0.9640 | 0.1413 |\n"
        f"| ${loss}$ | $({y} - 1)^2$ | 0.0013 | -0.0102 |\n"
    )
    told = {"function": function, "at": {"w": 1, "x": 2}} if function else {}
    report = adtrace.check(table, **told)
    assert (report.exit_status, report.count("right")) == (0, 13), report.render()
    for right, wrong in (("0.9640", "0.9460"), ("0.1413", "0.1513")):
        mistakes = adtrace.check(table.replace(right, wrong), **told).mistakes
        assert len(mistakes) == 1
        assert mistakes[0].text == wrong


def test_a_number_above_a_row_that_there_is_without_it_is_a_coefficient() -> None:
    """``v_1^{(1)}`` beside ``v_1`` is its first Taylor coefficient, as before, and no variable."""
    table = (
        "| row | formula | value |\n|---|---|---|\n| $v_0$ | x | 3 |\n| $v_1$ | $v_0^2$ | 9 |\n"
        "| $v_0^{(1)}$ | | 1 |\n| $v_1^{(1)}$ | $2 v_0 v_0^{(1)}$ | %s |\n"
    )
    assert not adtrace.check(table % 6, {"x": 3}).mistakes
    assert [mistake.text for mistake in adtrace.check(table % 7, {"x": 3}).mistakes] == ["7"]
