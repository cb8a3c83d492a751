"""Arrays as people type them: what is read and how, what is refused, points of arrays, and points in files."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

import adtrace
from adtrace import cli
from adtrace.arrays.table import terms_shape
from adtrace.elementals import FUNCTIONS
from adtrace.errors import AdtraceError, BindingError, BoundError, InputError, ParseError
from adtrace.language.parse import parse
from adtrace.language.programs import free_readings
from adtrace.language.syntax import spelling
from adtrace.tracing.point import entries, read_point
from adtrace.tracing.point_arrays import Entries, shapes_given
from adtrace.tracing.reading import language, one_reading, spelled_out
from adtrace.writing.dialects import plain

HERE = Path(__file__).parent
SHAPES = {"W": (2, 2), "V": (2, 2), "X": (2, 3), "E": (4, 2), "k": (3,)} | dict.fromkeys("xyzbh", (2,))
NAMES = frozenset((*SHAPES, "a", "t", "eta"))
LANGUAGE = language(declared=NAMES, shapes=SHAPES)
LINES = [
    line.split("\t")
    for line in (HERE / "arrays.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]
READ = [(text, wanted) for text, wanted in LINES if not wanted.startswith("!")]
REFUSED = [(text, wanted[1:]) for text, wanted in LINES if wanted.startswith("!")]


@pytest.mark.parametrize(("text", "wanted"), READ, ids=[repr(text) for text, _ in READ])
def test_read(text: str, wanted: str) -> None:
    """A form has the one reading that stands beside it, which is in the plain language and says the same there."""
    read, said = one_reading(text, LANGUAGE)
    assert spelled_out(read) == wanted
    assert said in ("", wanted)
    again, said = one_reading(wanted, language(declared=NAMES, shapes=SHAPES, strict=True))
    assert said == ""
    assert [spelling(s.terms) for s in again.statements] == [spelling(s.terms) for s in read.statements]


@pytest.mark.parametrize("text", [text for text, wanted in READ if wanted == text])
def test_both_readers_agree(text: str) -> None:
    """What is in the plain language says the same to the reader of everything else."""
    plainly = parse(text, FUNCTIONS, declared=NAMES, shapes=SHAPES)
    (freely, _), *others = free_readings(text, LANGUAGE, 4)
    assert not others
    assert [spelling(s.terms) for s in freely.statements] == [spelling(s.terms) for s in plainly.statements]


@pytest.mark.parametrize(("text", "sentence"), REFUSED, ids=[repr(text) for text, _ in REFUSED])
def test_refused(text: str, sentence: str) -> None:
    """What has no reading, or two, is refused with a sentence and a caret in the text."""
    with pytest.raises(ParseError) as refusal:
        one_reading(text, LANGUAGE)
    assert sentence in str(refusal.value)
    assert 0 <= refusal.value.position <= len(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [("[[1, 2], [3]]", 9), ("x[1.5]", 2), ("softmax(z, dim=1)", 11), ("W x", 2), ("a + sum(x, y)", 4)],
)
def test_the_caret_is_at_the_place(text: str, place: int) -> None:
    """The row that is short, the index, the option, the operand without a sign, the function."""
    with pytest.raises(ParseError) as refusal:
        one_reading(text, LANGUAGE)
    assert refusal.value.position == place


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x @ y", "'@' is not part of the language of numbers"),
        ("x[0]", "x is a number and has no entries: write x_1 for a name"),
        ("sum(x)", "sum is of arrays, and there is none here"),
        ("x.T", "is not part of the language"),
        ("max(x)", "max takes 2 or more operands, not 1"),
    ],
)
def test_numbers_have_no_arrays(text: str, sentence: str) -> None:
    """In a text of numbers alone the functions of arrays are refused, as they always were."""
    with pytest.raises(ParseError, match=re.escape(sentence)):
        one_reading(text, language(declared=frozenset("xy")))


def test_lists_of_numbers_are_several_outputs() -> None:
    """``[a, b]`` as a whole right side is what it was, unless something in the text tells of arrays."""
    numbers = language(declared=frozenset("ab"))
    assert one_reading("[a*b, a + b]", numbers)[0].outputs == 2
    assert one_reading("p = [a, b]; p_1*p_2", numbers)[0].outputs == 1
    assert spelled_out(one_reading("p = [a, b]; sum(p)", numbers)[0]) == "p = [a, b]; sum(p)"
    assert spelled_out(one_reading("[[a, b], [b, a]]", numbers)[0]) == "[[a, b], [b, a]]"


def test_a_declared_name_beats_a_function_of_arrays() -> None:
    """``norm``, ``mean`` and ``trace`` may be variables, and ``norm(x)`` then is none of them."""
    read, _ = one_reading("norm*mean + trace", language(declared=frozenset(("norm", "mean", "trace"))))
    assert spelled_out(read) == "norm*mean + trace"
    with pytest.raises(ParseError, match="norm is a variable"):
        one_reading("norm(x)", language(declared=frozenset(("norm", "x")), shapes={"x": (2,)}, strict=True))


def test_a_reading_is_told() -> None:
    """What a library's function takes for granted, and from where places count."""
    trace = adtrace.trace("F.cross_entropy(z, y)", at={"z": [1, 2], "y": [0, 1]}, const=["y"])
    assert any("reduction is 'mean'" in line and "logits" in line for line in trace.readings)
    trace = adtrace.trace("np.convolve(x, k)[1]", at={"x": [1, 2], "k": [1, 3]})
    assert any("flips the kernel" in line for line in trace.readings)
    trace = adtrace.trace("x[1]*x[0]", at={"x": [1, 2]})
    assert trace.readings == ("x[1] is x_2: the places in brackets count from 0",)


@pytest.mark.parametrize("text", ["where(x > 0, x, 0)", "(x > 0)*x", "h = 2*x; where(h > 0, h, 0)"])
def test_a_condition_is_on_numbers(text: str) -> None:
    """On an array it is refused with what to write; on a number beside arrays it is decided."""
    with pytest.raises(ParseError, match="a condition is on numbers, not on arrays"):
        adtrace.trace(text, at={"x": [1, 2]})
    assert str(adtrace.trace("c = where(a > 0, a, 0); c*sum(x)", at={"x": [1, 2], "a": 1}).value) == "3"


PUBLISHED = json.loads((HERE / "published_arrays.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["id"] for case in PUBLISHED])
def test_published_programs_are_plain(case: dict[str, Any]) -> None:
    """The programs of published examples are read as they stand, and in one way."""
    at, told = read_point(case["inputs"], language())
    shapes = {name: value.shape for name, value in at.items() if isinstance(value, Entries)}
    text = "\n".join(case["program"])
    read, said = one_reading(text, language(declared=frozenset(at), shapes=shapes, strict=True))
    assert (said, told) == ("", ())
    assert [statement.name for statement in read.statements] == [line.split(" = ")[0] for line in case["program"]]


# -- round trips -------------------------------------------------------------------------------------------------------

LEAVES = st.sampled_from(["x", "W", "X", "a", "2", "0.5", "[1, 2]", "[[1, -1], [a, 1/3]]", "x[0]", "X[:, 0:2]", "W.T"])
BINARY = st.sampled_from(["{} + {}", "{} - {}", "({})*({})", "({}) @ ({})", "({})/({})", "dot({}, {})", "[{}, {}]",
                          "concat({}, {}, axis=0)", "conv1d({}, {}, stride=2)", "max({}, {})"])  # fmt: skip
UNARY = st.sampled_from(["-({})", "({}).T", "({})[0]", "({})[1:, ::2]", "sum({}, axis=0)", "softmax({}, axis=-1)",
                         "exp({})", "({})^2", "mean({}, keepdims=True)", "maxpool1d({}, 2, stride=1)"])  # fmt: skip
TEXTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda form, u, w: form.format(u, w), BINARY, inner, inner),
        st.builds(lambda form, u: form.format(u), UNARY, inner),
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(TEXTS)
def test_what_is_printed_is_read_again(text: str) -> None:
    """A formula of arrays in the plain language has the same terms when it is read again, by either reader."""
    text = f"{text} + 0*W[0, 0]"
    try:
        read = parse(text, FUNCTIONS, declared=NAMES, shapes=SHAPES)
    except ParseError as refusal:  # a list whose entries differ
        assert re.search("entry|row|entries", refusal.problem)  # noqa: PT017 - most are read
        return
    again = parse(plain(read.terms), FUNCTIONS, declared=NAMES, shapes=SHAPES)
    assert plain(again.terms) == plain(read.terms)
    (freely, _), *_ = free_readings(text, LANGUAGE, 1)
    assert spelling(freely.terms) == spelling(read.terms)


# -- points ------------------------------------------------------------------------------------------------------------


def array(given: Any) -> Entries:
    """What a caller gives, as the array W of a point."""
    point, _ = read_point({"W": given}, language())
    assert isinstance(point["W"], Entries)
    return point["W"]


@pytest.mark.parametrize(
    ("given_", "shape", "texts"),
    [
        ("[1, 2]", (2,), ["1", "2"]),
        ("[[1, -1], [1/3, pi/2]]", (2, 2), ["1", "-1", "1/3", "pi/2"]),
        ("[5]", (1,), ["5"]),
        ("[[0.10]]", (1, 1), ["0.10"]),
        ("eye(2)", (2, 2), ["1", "0", "0", "1"]),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & \frac14 \end{bmatrix}", (2, 2), ["1", "2", "3", "1/4"]),
        ([[1, "1/3"], (0.1, Fraction(2, 7))], (2, 2), ["1", "1/3", "0.1", "2/7"]),
        (numpy.array([[0.1, 2]]), (1, 2), ["0.1", "2.0"]),
        (numpy.float32([0.1, 1e-7]), (2,), ["0.1", "1e-07"]),
        (numpy.array([True, False]), (2,), ["1", "0"]),
        (numpy.array([1, 2**62]), (2,), ["1", str(2**62)]),
        (numpy.array(["1/3", 2], dtype=object), (2,), ["1/3", "2"]),
        (sympy.Matrix([[1, sympy.Rational(1, 3)]]), (1, 2), ["1", "1/3"]),
        ([numpy.array([1, 2]), [3, 4]], (2, 2), ["1", "2", "3", "4"]),
    ],
)
def test_entries_are_exact(given_: Any, shape: tuple[int, ...], texts: list[str]) -> None:
    """Each entry is the number that was given, in row order, whatever held it."""
    made = array(given_)
    assert (made.shape, terms_shape(tuple(made))) == (shape, shape)
    assert [plain(entry) for entry in made.entries] == texts
    wanted = [float(sympy.Rational(text) if "pi" not in text else sympy.pi / 2) for text in texts]
    assert made.floats().ravel().tolist() == wanted


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ([[1, 2], [3]], "row 2 of W has 1 entry, and the first has 2"),
        ([[[1, 2], [3, 4]], [[5, 6], [7]]], "row 2 of W[1] has 1 entry, and the first has 2"),
        ([1, [2]], "row 2 of W is a list, and the first is a number"),
        ([], "an axis of W has the length 0"),
        ([[], []], "an axis of W has the length 0"),
        (numpy.zeros((0, 3)), "an axis of W has the length 0"),
        (numpy.array([1, numpy.nan]), "W[1] is not a finite real number: nan"),
        (numpy.array([1j]), "W is not an array of real numbers: its type is complex128"),
        (["a"], "an entry of W is a number; a is none"),
        ([None], "an entry of W is not a finite real number: None"),
        ("[[1, 2], [3]]", "row 2 has 1 entry, and the first has 2"),
        ("2*[1, 2]", "is a number, or an array that is written out"),
    ],
)
def test_what_is_no_array_is_refused(given_: Any, sentence: str) -> None:
    """The sentence names the row, the entry or the axis."""
    with pytest.raises(InputError, match=re.escape(sentence)):
        read_point({"W": given_}, language())


@pytest.mark.parametrize(
    "given_", [numpy.broadcast_to(1.0, (10**9,)), json.loads("[" * 40 + "1" + "]" * 40), numpy.ones((1,) * 17)]
)
def test_hostile_shapes_are_refused_at_once(given_: Any) -> None:
    """10^9 entries and 40 axes are past a bound, which is looked at before anything is made of them."""
    with pytest.raises(BoundError, match="bound"):
        read_point({"W": given_}, language())
    with pytest.raises(BoundError, match="characters"):
        read_point({"W": "[" * 9 + "1" * 10_000_000 + "]" * 9}, language())


@settings(max_examples=60)
@given(arrays_of.arrays(numpy.float64, arrays_of.array_shapes(max_dims=4, max_side=4),
                        elements=st.floats(allow_nan=False, allow_infinity=False)))  # fmt: skip
def test_doubles_pass_unchanged(numbers: numpy.ndarray[Any, Any]) -> None:
    """A numpy array of doubles, its nested list and its text are the same array, to the last bit."""
    made, listed_ = array(numbers), array(numbers.tolist())
    assert numpy.array_equal(made.floats(), numbers)
    assert made == listed_
    assert numpy.array_equal(array(str(numbers.tolist())).floats(), numbers)


def test_a_point_is_what_it_was_when_it_was_given() -> None:
    """A change of the caller's array afterwards changes nothing."""
    mine = numpy.array([1.0, 2.0])
    made = array(mine)
    mine[0] = 7
    assert made.floats().tolist() == [1, 2]


# -- files, shapes -----------------------------------------------------------------------------------------------------

NET = "h = sigmoid(W @ x + b)\nL = bce(h, y)"
POINT = {"x": [1, 2], "W": [[1, -1], [0.1, 0.25]], "b": [0.5, -0.5], "y": [1, 0]}


def test_a_point_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """TOML, JSON and numpy's files give the table that the same numbers give when they are typed."""
    (tmp_path / "p.toml").write_text("\n".join(f"{name} = {value}" for name, value in POINT.items()))
    (tmp_path / "p.json").write_text(json.dumps(POINT))
    numpy.savez(tmp_path / "p.npz", **{name: numpy.array(value) for name, value in POINT.items()})
    typed = "; ".join(f"{name}={value}" for name, value in POINT.items())
    documents = []
    for at in (typed, *(f"@{tmp_path / name}" for name in ("p.toml", "p.json", "p.npz"))):
        assert cli.main(["table", NET, "--at", at, "--const", "y", "--mode", "reverse", "--format", "text"]) == 0
        documents.append(capsys.readouterr().out)
    assert len(set(documents)) == 1
    assert "0.1" in documents[0]


def test_a_file_and_what_is_typed_are_one_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--at @point.toml --at q=3``; a name in both is refused."""
    (tmp_path / "p.toml").write_text('x = ["1/3", 2]')
    at = ["--at", f"@{tmp_path / 'p.toml'}", "--at"]
    assert cli.main(["table", "sum(x)*q", *at, "q=3", "--format", "text"]) == 0
    assert cli.main(["table", "sum(x)*q", *at, "q=3, x=2", "--format", "text"]) == 2
    assert "x is given twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("p.yaml", "x: 1", "a point is read from .toml, .json, .npz"),
        ("p.json", '{"x": 1, "x": 2}', "x is given twice"),
        ("p.json", '{"x": NaN}', "NaN is none"),
        ("p.json", "[1]", "names and their values stand in braces"),
        ("p.json", "[" * 100_000, "nested too deeply"),
        ("p.json", '{"x": {"y": 1}}', "x holds names, not numbers"),
        ("p.toml", "x = ", "is not a point"),
        ("p.toml", "x = 1979-05-27", "is not a finite real number"),
        ("p.npz", "no archive", "is not a point"),
    ],
)
def test_a_file_that_is_no_point(tmp_path: Path, name: str, body: str, sentence: str,
                                 capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """It is refused with its name and what is wrong."""
    (tmp_path / name).write_text(body)
    assert cli.main(["table", "x*2", "--at", f"@{tmp_path / name}"]) == 2
    assert sentence in capsys.readouterr().err


def test_a_file_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pickle in a file of numpy is not loaded, and neither is an array that its header says is huge."""
    numpy.savez(tmp_path / "p.npz", x=numpy.array([print], dtype=object))
    assert cli.main(["table", "x*2", "--at", f"@{tmp_path / 'p.npz'}"]) == 2
    assert "holds objects of Python" in capsys.readouterr().err
    numpy.savez_compressed(tmp_path / "q.npz", x=numpy.zeros(5_000_000))
    assert cli.main(["table", "x*2", "--at", f"@{tmp_path / 'q.npz'}"]) == 2
    assert "5000000 entries; the bound is 4000000" in capsys.readouterr().err


def test_open_letters_with_shapes() -> None:
    """``--shape x=5`` makes the letters x_1 to x_5 the entries of x."""
    assert shapes_given("x=5; k=3, W=2x2; V=2,2", adtrace.Limits()) == {"x": (5,), "k": (3,), "W": (2, 2), "V": (2, 2)}
    trace = adtrace.trace("sum(W @ x)", shape={"W": (2, 2), "x": 2})
    assert str(trace.value) == "W_1_1*x_1 + W_1_2*x_2 + (W_2_1*x_1 + W_2_2*x_2)"
    for text in ("x=0", "x=5000001", "x=a", "x", "x=2; x=3"):
        with pytest.raises(AdtraceError):
            adtrace.trace("sum(x)", shape=text)
    with pytest.raises(BindingError, match="shape names q"):
        adtrace.trace("2*x", shape="q=3")


def test_entries_of_a_point_by_name() -> None:
    """The function by which a value becomes an array takes what a point takes."""
    assert entries("[[1, 2]]", "W", adtrace.Limits()).shape == (1, 2)
    with pytest.raises(BoundError, match="6 entries; the bound is 5"):
        entries([[1, 2, 3], [4, 5, 6]], "W", adtrace.Limits(entries=5))


def test_options_stand_behind_semicolons_where_decimals_have_commas() -> None:
    """``conv1d(x; k; stride=2)`` has the option of ``conv1d(x, k, stride=2)``, by name or place."""
    for text, usual in (("sum(conv1d(x; [0,5; 1]; stride=2))", "sum(conv1d(x, [0.5, 1], stride=2))"),
                        ("sum(avgpool1d(x; 2))", "sum(avgpool1d(x, 2))")):  # fmt: skip
        point = {"x": [1, 2, 4, 3]}
        value = adtrace.trace(text, at=point, decimal="comma").value
        assert float(value) == float(adtrace.trace(usual, at=point).value), text
