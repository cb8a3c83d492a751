"""The forms that people type, paste and print: what is read, how, and what is refused with both readings."""

from __future__ import annotations

from pathlib import Path

import pytest

import adtrace
from adtrace import cli
from adtrace.errors import AdtraceError, ParseError
from adtrace.tracing.reading import language, one_reading, spelled_out

NAMES = frozenset(["x", "y", "z", "a", "b", "t", "x1", "x2", "x3", "theta", "w_out", "e_1"])
LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "forms.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]
READ = [(text, wanted) for text, wanted, *other in LINES if not wanted.startswith(("!", "?"))]
REFUSED = [(text, wanted[1:]) for text, wanted, *other in LINES if wanted.startswith("!")]
DOUBTFUL = [(text, wanted[1:], *other) for text, wanted, *other in LINES if wanted.startswith("?")]


def test_the_table_is_long() -> None:
    """Three hundred forms, fifty of them with two readings."""
    assert len(LINES) >= 300
    assert len(DOUBTFUL) >= 50


@pytest.mark.parametrize(("text", "wanted"), READ, ids=[repr(text) for text, _ in READ])
def test_read(text: str, wanted: str) -> None:
    """A form has the one reading that stands beside it, and says so if it is not plain."""
    read, said = one_reading(text, language(declared=NAMES))
    assert spelled_out(read) == wanted
    assert said in ("", wanted)


@pytest.mark.parametrize(("text", "sentence"), REFUSED, ids=[repr(text) for text, _ in REFUSED])
def test_refused(text: str, sentence: str) -> None:
    """What has no reading is refused with a sentence, the text and a caret."""
    with pytest.raises(AdtraceError) as refusal:
        one_reading(text, language(declared=NAMES))
    assert sentence in str(refusal.value)
    if isinstance(refusal.value, ParseError):
        assert 0 <= refusal.value.position <= len(text)


@pytest.mark.parametrize(("text", "one", "other"), DOUBTFUL, ids=[repr(text) for text, _, _ in DOUBTFUL])
def test_two_readings(text: str, one: str, other: str) -> None:
    """What can be read in two ways is refused with both, and each of them is in the plain language and not in doubt."""
    with pytest.raises(ParseError) as refusal:
        one_reading(text, language(declared=NAMES))
    assert refusal.value.problem == f"this can be read in two ways: {one} or {other}; write the one that is meant"
    assert refusal.value.text == text
    for reading in (one, other):
        read, said = one_reading(reading, language(declared=NAMES, strict=True))
        assert (spelled_out(read), said) == (reading, "")


# -- what is told, and where -------------------------------------------------------------------------------------------


def test_how_a_text_was_read_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr, in the trace and in the JSON document, and only for what is not plain; never on the page."""
    told = ("read as 2*x + (sin(x))^2", "x read as -2")
    trace = adtrace.trace("2x + sin²x", at={"x": "−2"})
    assert trace.readings == told
    assert trace.to_dict()["readings"] == list(told)
    assert cli.main(["table", "2x + sin²x", "--at", "x=−2", "--format", "markdown"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "".join(f"adtrace: {line}\n" for line in told)
    assert "read as" not in printed.out
    plain = adtrace.trace("2*x + sin(x)^2", at={"x": "-2"})
    assert plain.readings == ()
    assert "readings" not in plain.to_dict()


def test_strict_takes_the_plain_language_alone() -> None:
    """What is not in it is refused as ever, in the formula and in the point."""
    with pytest.raises(ParseError, match=r"^products are written out: 2\*x"):
        adtrace.trace("2x", at={"x": 1}, strict=True)
    with pytest.raises(ParseError, match="write the minus sign as -"):
        adtrace.trace("x", at={"x": "−1"}, strict=True)
    assert adtrace.trace("2*x", at={"x": 1}, strict=True).value == 2


def test_the_caption_prints_the_authors_latex() -> None:
    """LaTeX in gives the same LaTeX out, but for spaces; other dialects show the same operations."""
    text = r"\frac{1}{x_1 + x_2} + \sin^2\left(x_1\,x_2\right)"
    trace = adtrace.trace(rf"$y = f(x_1, x_2) = {text}$", at={"x1": 1, "x2": 2})
    for form in ("latex", "markdown"):
        assert text.replace(r"\,", " ") in trace.table(format=form, mode="forward")
    assert "1/(x₁ + x₂) + (sin(x₁ × x₂))^2" in trace.table(format="text", mode="forward")


def test_conditions_are_decided_at_the_point() -> None:
    """The branch that is taken is traced; the comparison is noted, at its boundary, too; another branch is refused."""
    trace = adtrace.trace("f(x, y) = where(x*y > 1, x^2, y)", at={"x": 2, "y": 3})
    assert [row.elemental.name for row in trace.wengert.rows] == ["powi"]
    assert trace.gradient == {"x": 4, "y": 0}
    assert trace.to_dict()["notes"] == ["x*y > 1 held."]
    assert trace.at({"x": 3, "y": 1}).value == 9
    with pytest.raises(adtrace.DomainError, match=r"^x\*y > 1 held where the function was recorded"):
        trace.at({"x": 0, "y": 0})
    edge = adtrace.trace("x if 0 < x < 1 else 2x", at={"x": 1})
    assert edge.gradient == {"x": 2}
    assert edge.to_dict()["notes"][1].startswith("x < 1 did not hold; its sides are equal here")
    program = adtrace.trace("a = x^2\ny = a if a >= 4 else 0", at={"x": -2})
    assert program.gradient == {"x": -4}
    assert program.to_dict()["notes"][0].startswith("x^2 >= 4 held; its sides are equal here")
    with pytest.raises(adtrace.BindingError, match="q has no value"):
        adtrace.trace("where(x > 0, x, q)", at={"x": 1})
    with pytest.raises(adtrace.DomainError, match="no condition of the choice holds"):
        adtrace.trace("Piecewise((x, x > 5))", at={"x": 1})
    assert adtrace.trace("where(sin(pi) = 0, x, 2x)", at={"x": 1}).value == 1  # exactly


@pytest.mark.parametrize(
    ("text", "caret"),
    [
        ("ｆ(x) = 1/2x", "  ｆ(x) = 1/2x\n           ^"),
        ("x₁ + é", "  x₁ + é\n       ^"),
        (r"\frac{x}{y} + \foo", "  \\frac{x}{y} + \\foo\n                ^"),
        ("x² + x̄ + #\n+ sine(x)", "  line 2: + sine(x)\n            ^"),
        ("½ + foo(x)", "  ½ + foo(x)\n      ^"),
    ],
)
def test_a_caret_stands_in_the_authors_own_text(text: str, caret: str) -> None:
    """Under the fault as it is seen, whatever is wide, combined or written in several characters before it."""
    with pytest.raises(ParseError) as refusal:
        adtrace.trace(text, at={"x": 1})
    assert str(refusal.value).endswith(caret)


@pytest.mark.parametrize("name", ["e", "beta", "S", "N", "E", "pi", "gamma", "max", "H", "if", "T", "lambda"])
def test_a_name_with_a_value_is_a_variable(name: str) -> None:
    """It beats a constant, a function and a word of the same name, also before a bracket and beside others."""
    trace = adtrace.trace(f"2{name}({name} + 1)", at={name: 3})
    assert trace.value == 24
    assert trace.readings == (f"read as 2*{name}*({name} + 1)",)


HEAVY = {
    "side by side": "x " * 24_000 + "x", "heights": "x²" * 24_000, "brackets": "(" * 24_000 + "2x" + ")" * 24_000,
    "fractions": r"\frac{" * 5_000 + "x" + "}{x}" * 5_000, "choices": "where(x>0," * 3_500 + "x" + ",x)" * 3_500,
    "doubts": "e^2x+" * 9_000 + "x", "runs": "xyxyxyxyxyxyxyxyxyxyxy+" * 2_000 + "x", "bars": "|x|+" * 12_000 + "x",
    "growing": "silu(" * 100 + "x" + ")" * 100, "roots": "√" * 49_000 + "x",
    "not": "where(" + "not " * 10_000 + "x>0,1,2)",
    "conditions": "where(" * 2_000 + "x>0" + ">0,1,2)" * 2_000, "letters": "x" * 49_000, "blanks": " " * 49_000 + "2x",
    "open": "{" * 49_000, "commands": r"\left" * 9_000, "primes": "x" + "'" * 49_000, "cases": r"\begin{cases}" * 3_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_every_form_is_bounded(text: str) -> None:
    """A text as long or as deep as may be is read or refused, soon, and without recursion."""
    try:
        adtrace.trace(text, at={"x": 1})
    except AdtraceError as refusal:
        assert str(refusal)  # noqa: PT017 - reading it is as good
