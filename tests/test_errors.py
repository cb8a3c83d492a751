"""What a user meets when something is wrong: the tree of errors, their sentences, and nothing half done."""

from __future__ import annotations

import inspect
import os
import re
import stat
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import adtrace
from adtrace import cli, errors
from adtrace.errors import AdtraceError, BindingError, DomainError, OptionError, TemplateError
from adtrace.formats import FORMATS

_OF_THE_TRACE = ("seed", "weights", "outputs", "kinks", "arithmetic", "powers", "sharing", "limits")


def refused(kind: type[AdtraceError], text: str, at: object, /, **options: object) -> str:
    """The message of the error, from the trace or from its table; it must be of this kind exactly."""
    traced = {name: options.pop(name) for name in list(options) if name in _OF_THE_TRACE}
    with pytest.raises(AdtraceError) as refusal:
        adtrace.trace(text, at, **traced).table(**options)  # type: ignore[arg-type]
    assert type(refusal.value) is kind
    return str(refusal.value)


# --- the tree ------------------------------------------------------------------------------------------------------


def test_the_tree_is_as_drawn() -> None:
    """The classes stand below each other as the module's drawing has them, with the exit statuses that it names."""
    drawn: dict[str, str] = {}
    status: dict[str, int] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.fullmatch(r"    ([ │├└─]*)(\w+Error)\b(.*)", line)
        if found:
            depth = len(found[1]) // 4
            path = [*path[:depth], found[2]]
            drawn[found[2]] = path[-2] if depth else "Exception"
            named = re.search(r"exit status (\d)", found[3])
            status[found[2]] = int(named[1]) if named else status.get(drawn[found[2]], 2)
    classes = dict(inspect.getmembers(errors, inspect.isclass))
    ours = {name: kind for name, kind in classes.items() if issubclass(kind, Exception)}
    assert drawn == {name: kind.__bases__[0].__name__ for name, kind in ours.items()}
    assert {name: kind.exit_status for name, kind in ours.items()} == status
    assert len(drawn) == 11


def test_every_error_is_public() -> None:
    """A caller can name each of them as ``adtrace.X``, and they are all that the library lists."""
    ours = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)}
    assert ours == {name for name in adtrace.__all__ if name.endswith("Error")}
    for name in ours:
        assert getattr(adtrace, name) is getattr(errors, name)
    with pytest.raises(AttributeError, match="has no attribute 'ParsError'"):
        _ = adtrace.ParsError


def test_a_parse_error_carries_its_place() -> None:
    """What, where and in which text, for a caller that shows errors in its own way."""
    with pytest.raises(adtrace.ParseError) as refusal:
        adtrace.trace("x + sine(x)", {"x": 1})
    assert refusal.value.problem == "unknown function 'sine' (did you mean 'sin'?)"
    assert (refusal.value.text, refusal.value.position) == ("x + sine(x)", 4)


# --- the mathematics says no ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "sentence"),
    [
        ("sin(x1)*ln(x2)", {"x1": 1, "x2": -2}, "ln needs u > 0, but v_0 = -2 in v_2 = ln(v_0)"),
        ("ln(x - 4)", {"x": 2}, "ln needs u > 0, but v_1 = -2 in v_2 = ln(v_1)"),
        ("ln(x)", {"x": 0}, "ln needs u > 0, but v_0 = 0 in v_1 = ln(v_0)"),
        ("ln(x)", {"x": "-1/3"}, "ln needs u > 0, but v_0 = -1/3 in v_1 = ln(v_0)"),
        ("1/x", {"x": 0}, "a division needs w != 0, but w = v_0 = 0 in v_1 = 1/v_0"),
        ("x/(y - 3)", {"x": 1, "y": 3}, "a division needs w != 0, but w = v_1 = 0 in v_2 = v_{-1}/v_1"),
        ("x/0", {"x": 1}, "a division needs w != 0, but w = 0 in v_1 = v_0/0"),
        ("x + 1/0", {"x": 1}, "a division needs w != 0, not 1/0"),
        ("x*(1/(1 - 1))", {"x": 1}, "a division needs w != 0, not 1/(1 - 1)"),
        ("x + ln(-1)", {"x": 1}, "ln needs u > 0, not ln(-1)"),
        ("x + (-1)^0.5", {"x": 1}, "(-1)^0.5 has no real value"),
        ("sqrt(x)", {"x": -1}, "sqrt needs u >= 0, but v_0 = -1 in v_1 = sqrt(v_0)"),
        ("sqrt(x)", {"x": 0}, "a finite derivative of sqrt needs u > 0, but v_0 = 0 in v_1 = sqrt(v_0)"),
        ("cbrt(x)", {"x": 0}, "a finite derivative of cbrt needs u != 0, but v_0 = 0 in v_1 = cbrt(v_0)"),
        ("arcsin(x)", {"x": 2}, "asin needs u <= 1, but v_0 = 2 in v_1 = arcsin(v_0)"),
        ("acos(x)", {"x": -1}, "a finite derivative of acos needs u != -1, but v_0 = -1 in v_1 = acos(v_0)"),
        ("acosh(x)", {"x": 0.5}, "acosh needs u >= 1, but v_0 = 0.5 in v_1 = acosh(v_0)"),
        ("atanh(x)", {"x": 1}, "atanh needs u < 1, but v_0 = 1 in v_1 = atanh(v_0)"),
        ("tan(x)", {"x": "pi/2"}, "tan needs cos(u) != 0, but v_0 = 1.5707963267948966 in v_1 = tan(v_0)"),
        ("log(x, y)", {"x": 2, "y": 1}, "log needs w != 1, but w = v_0 = 1 in v_1 = log(v_{-1}, v_0)"),
        ("log(x, 1)", {"x": 2}, "log needs w != 1, but w = 1 in v_1 = log(v_0, 1)"),
        ("atan2(x, y)", {"x": 0, "y": 0},
         "atan2 needs u != 0 or w != 0, but u = v_{-1} = 0 and w = v_0 = 0 in v_1 = atan2(v_{-1}, v_0)"),
        ("x^-1", {"x": 0}, "a negative power needs u != 0, but v_0 = 0 in v_1 = v_0^(-1)"),
        ("(-8)^(1/3)*x", {"x": 1}, "(-8)^(1/3) has no real value; cbrt(u) is the cube root of every number"),
        ("x^(1/3)", {"x": -8},
         "a real power needs u >= 0, but v_0 = -8 in v_1 = v_0^(1/3); cbrt(u) is the cube root of every number"),
        ("x^x", {"x": -1}, "a power with a variable exponent needs u >= 0, but v_0 = -1 in v_1 = v_0^v_0"),
        ("x^x", {"x": 0},
         "a power with a variable exponent needs u > 0 or w > 0, "
         "but u = v_0 = 0 and w = v_0 = 0 in v_1 = v_0^v_0"),
    ],
)  # fmt: skip
def test_domain_sentences(text: str, at: dict[str, object], sentence: str) -> None:
    """Outside a domain the sentence says what is needed, what was there, and in which row."""
    assert refused(DomainError, text, at) == sentence
    if at not in ({"x": "pi/2"}, {"x": "-1/3"}) and "^0.5" not in text:  # in double precision pi/2 is no pole
        number = re.compile(r"(?<==) -?\d+\.0(?= )")  # a double prints as -2.0
        got = refused(DomainError, text, at, arithmetic="float")
        assert number.sub(lambda found: found[0].removesuffix(".0"), got) == sentence


def test_what_no_precision_decides() -> None:
    """A zero that is reached through irrational numbers is undecided, and the sentence says what and where."""
    message = refused(adtrace.UndecidedError, "ln(exp(x) - exp(1*x))", {"x": 1})
    assert message == "whether u > 0 in v_5 = ln(v_4) is not decided at 16384 bits"
    text = "x*(4*(atan(1/2) + atan(1/3))/pi)"
    message = refused(adtrace.UndecidedError, text, {"x": "0.12345"}, undecided="refuse", digits=4)
    assert message == "digit 4 of a number is not decided at 16384 bits: it is next to a tie"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("exp(exp(exp(5*x)))", "v_4 = exp(v_3) is larger than 2^20000, which is the bound of certified arithmetic"),
        ("x + 9^9^9^9", "9^(9^9) is larger than 2^20000, which is the bound of certified arithmetic"),
        ("x + ((9^9)^9999)^9999", "(9^9)^9999 is larger than 2^20000, which is the bound of certified arithmetic"),
        ("(x + 1)^1e9", "v_2 = v_1^1e9 is larger than 2^20000, which is the bound of certified arithmetic"),
    ],
)
def test_numbers_past_the_bound(text: str, sentence: str) -> None:
    """A number on the way that is too large is refused before it is made, with its operation."""
    assert refused(adtrace.BoundError, text, {"x": 1}) == sentence


# --- the input is wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "sentence"),
    [
        ("x + y", {"x": 1}, "y has no value; give it one with y=...\n  x + y\n      ^"),
        ("rate*2 + rat", {"rate": 1},
         "rat has no value (did you mean 'rate'?); give it one with rat=...\n  rate*2 + rat\n           ^"),
        ("f(x, y, z) = x", {"x": 1}, "y, z have no value"),
        ("f(x, y) = x", {"x": 1}, "y has no value"),
        ("x", {"x": 1, "z": 2}, "z is not a variable of the expression; its variable is x"),
        ("x1*x2", {"x1": 1, "x2": 2, "a": 1, "b": 1},
         "a, b are not variables of the expression; its variables are x1, x2"),
        ("x1x3", {"x1": 1, "x2": 2}, "x1, x2 are not variables of the expression; its variable is x1x3"),
        ("x", {1: 2, 2: 3}, "1, 2 are not variables of the expression; its variable is x"),
        ("f(x) = x + y", {"x": 1, "y": 1}, "y is not a variable of the expression; its variable is x"),
        ("x1", {"x": 1}, "x is not a variable of the expression; its variable is x1"),
        ("3", {"x": 1}, "x is not a variable of the expression; it has none"),
        ("3", {}, "a trace needs a variable; give it a value, such as x1=2"),
        ("pi*t", {}, "a trace needs a variable; give it a value, such as t=2"),
        ("x", {1: 2}, "1 is not a variable of the expression; its variable is x"),
        ("x", {"": 2}, "'' is not a variable of the expression; its variable is x"),
        ("x", {"\x1b[31m": 2}, "\\x1b[31m is not a variable of the expression; its variable is x"),
        ("x", "x=1",
         "the point is a mapping of names to numbers, such as {'x1': 2, 'x2': 5}; a text is for the command line"),
        ("x", {"x": None}, "the value of x is not a finite real number: None"),
        ("x", {"x": True}, "the value of x is not a finite real number: True"),
        ("x", {"x": 1j}, "the value of x is not a finite real number: 1j"),
        ("x", {"x": float("nan")}, "the value of x is not a finite real number: nan"),
        ("x", {"x": float("-inf")}, "the value of x is not a finite real number: -inf"),
        ("x", {"x": Decimal("sNaN")}, "the value of x is not a finite real number: Decimal('sNaN')"),
        ("x", {"x": "nan"}, "the value of x is a number; nan is none\n  nan\n  ^"),
        ("x", {"x": "2 + z"}, "the value of x is a number; z is none\n  2 + z\n      ^"),
    ],
)  # fmt: skip
def test_points_that_do_not_fit(text: str, at: object, sentence: str) -> None:
    """Missing and extra variables, and values that are no numbers."""
    assert refused(BindingError, text, at).partition("; a list")[0] == sentence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "the value of x: there is no expression\n  \n  ^"),
        ("1/2pi", "the value of x: this can be read in two ways: 1/2*pi or 1/(2*pi); "
         "write the one that is meant\n  1/2pi\n   ^"),
        ("y=2", "the value of x is a number, not an equation\n  y=2\n  ^"),
        ("30°", "the value of x: '°' is not part of the language: angles are in radians; "
         "write 30 degrees as 30*pi/180\n  30°\n    ^"),
        ("__import__('os')",
         "the value of x: '_' is not part of the language: a name begins with a letter\n  __import__('os')\n  ^"),
    ],
)  # fmt: skip
def test_values_that_are_not_in_the_language(value: str, sentence: str) -> None:
    """The sentence about a value says whose value it is."""
    assert refused(adtrace.ParseError, "x", {"x": value}) == sentence


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), Fraction(1, 10**400), Decimal("1e401"), "1e401", 10**6000], ids=range(6)
)
def test_values_past_the_bound(value: object) -> None:
    """A number of more digits than the bound is refused, however it comes."""
    assert refused(adtrace.BoundError, "x", {"x": value}).startswith("a number may have 400 digits")


def test_a_value_of_the_point_is_short() -> None:
    """A value is printed in many places, so its text is bounded more tightly than an expression's."""
    assert adtrace.trace("x", {"x": "1" + "+1" * 4999}).value == 5000
    message = refused(adtrace.BoundError, "x", {"x": "1" + "+1" * 5000})
    assert message == "the value of x has 10001 characters; the bound is 10000"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"digit": 4}, "there is no option 'digit' (did you mean 'digits'?); there are mode, order, learning_rate, "),
        ({"colour": "red"}, "there is no option 'colour'"),
        ({"mode": "fwd"}, "mode is forward, reverse, both or second, not 'fwd' (did you mean 'forward'?)"),
        ({"mode": ["forward"]}, "mode is forward, reverse, both or second, not ['forward']"),
        ({"format": "xls"}, f"format is {', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}, not 'xls'"),
        ({"rounding": "up"}, "rounding is half-even or half-up, not 'up'"),
        ({"layout": None}, "layout is auto, side-by-side or stacked, not None"),
        ({"undecided": "guess"}, "undecided is mark or refuse, not 'guess'"),
        ({"digits": -1}, "digits is a whole number from 0 to 100, not -1"),
        ({"digits": 10**9}, "digits is a whole number from 0 to 100, not 1000000000"),
        ({"digits": "4"}, "digits is a whole number from 0 to 100, not '4'"),
        ({"digits": True}, "digits is a whole number from 0 to 100, not True"),
        ({"columns": "name"}, "columns needs a part besides the name: formula, partial, numbers, value"),
        ({"columns": "name,digits"}, "each of columns is name, formula, partial, numbers or value, not 'digits'"),
        ({"columns": "value,value"}, "columns names a part twice"),
        ({"columns": 5}, "columns is a text such as 'name,formula', or a list of names, not 5"),
        ({"columns": [["name"]]}, "each of columns is name, formula, partial, numbers or value, not ['name']"),
        ({"caption": 5}, "caption is text, not 5"),
        ({"label": 5}, "label is text, not 5"),
        ({"label": "a b"}, "a label is letters, digits and the marks - _ : . /, not 'a b'"),
        ({"label": ""}, "a label is letters, digits and the marks - _ : . /, not ''"),
        ({"style": None}, "style is text, not None"),
        ({"template_dir": 5}, "template_dir is the path of a folder, not 5"),
        ({"standalone": True}, "standalone makes a whole document; it goes with format latex, html or typst"),
        ({"arithmetic": "exact"}, "arithmetic is auto, certified, float or displayed, not 'exact'"),
        ({"arithmetic": []}, "arithmetic is auto, certified, float or displayed, not []"),
        ({"powers": "x"}, "powers is rows or products, not 'x'"),
        ({"sharing": "no"}, "sharing is True or False, not 'no'"),
        ({"limits": 5}, "limits is a Limits(...), not 5"),
        ({"outputs": 5}, "outputs is a list of names of the program, not 5"),
        ({"outputs": []}, "outputs is a list of names of the program, not []"),
        ({"outputs": [5]}, "outputs is a list of names of the program, not [5]"),
        ({"kinks": 5}, "kinks is a text such as abs=0, or a mapping of names to numbers, not 5"),
    ],
)
def test_options_that_are_not_there(options: dict[str, object], sentence: str) -> None:
    """An unknown option, or a value that it does not take, is refused with what there is."""
    assert refused(OptionError, "x", {"x": 1}, **options).startswith(sentence)


@pytest.mark.parametrize(
    ("seed", "sentence"),
    [
        ("z", "the seed names z; the variables are x"),
        ({"z": 1, "x": 1}, "the seed names z; the variables are x"),
        ("", "the seed names nothing; the variables are x"),
        (5, "a seed is the name of a variable, a mapping of names to numbers, or a list; not 5"),
        ([5], "a seed is the name of a variable, a mapping of names to numbers, or a list; not [5]"),
        ([], "there is no seed in the list"),
        ({"x": None}, "the seed of x is not a finite real number: None"),
    ],
)
def test_seeds_that_do_not_fit(seed: object, sentence: str) -> None:
    """A seed names variables of the function and gives them numbers."""
    assert refused(BindingError, "x", {"x": 1}, seed=seed) == sentence


def test_weights_that_do_not_fit() -> None:
    """Weights name outputs and give them numbers."""
    for weights, sentence in (
        (5, "weights is a mapping of outputs to numbers, or 'each', not 5"),
        ("y", "weights is a mapping of outputs to numbers, or 'each', not 'y'"),
        ({"z": 1}, "the weights name z; the outputs are y"),
        ({"y": None}, "the weight of y is not a finite real number: None"),
    ):
        assert refused(BindingError, "x", {"x": 1}, weights=weights) == sentence


@pytest.mark.parametrize("bound", [-1, 1.5, "5", True, 10**12])
def test_bounds_that_do_not_fit(bound: object) -> None:
    """A bound is a whole number, and is itself bounded."""
    with pytest.raises(OptionError, match=r"^the bound bits is a whole number from 0 to 1000000, not "):
        adtrace.Limits(bits=bound)  # type: ignore[arg-type]


def test_an_expression_that_is_not_text() -> None:
    """Something else than text, a function or a sympy object is named for what it is."""
    with pytest.raises(OptionError, match=r"^an expression is text, a function or a sympy object, not int$"):
        adtrace.trace(5, {"x": 1})  # type: ignore[arg-type]


# --- templates -----------------------------------------------------------------------------------------------------


def _template(folder: Path, text: str, name: str = "text/mine.txt") -> dict[str, object]:
    """The options that use a template of one's own."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return {"template_dir": folder, "style": "mine", "format": "text"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "<<tables[0].captoin>>",
            "the template text/mine.txt: 'adtrace.tables.table.Table object' has no attribute 'captoin'",
        ),
        ("<<title>>", "the template text/mine.txt: 'title' is undefined"),
        ("one\n<% for %>", "the template text/mine.txt, line 2: "),
        ("<% if %>", "the template text/mine.txt, line 1: "),
        ("<% include 'text/none.txt' %>", "the template text/mine.txt includes text/none.txt, which is not there"),
        ("<<tables | sum>>", "the template text/mine.txt, line 1: No filter named 'sum'"),
        ("<<tables[99].caption>>", "the template text/mine.txt: "),
        ("<<1/0>>", "the template text/mine.txt: division by zero"),
    ],
)
def test_templates_that_name_what_is_not_there(tmp_path: Path, text: str, sentence: str) -> None:
    """A template that is not valid, or names what a table does not have, is refused by name and place."""
    assert refused(TemplateError, "x", {"x": 1}, **_template(tmp_path, text)).startswith(sentence)


def test_a_template_that_is_no_text(tmp_path: Path) -> None:
    """A template that cannot be read as UTF-8 is refused."""
    given = _template(tmp_path, "")
    (tmp_path / "text/mine.txt").write_bytes(b"\xff\xfe\x00")
    assert refused(TemplateError, "x", {"x": 1}, **given).startswith("the template text/mine.txt cannot be read: ")


def test_styles_and_folders_that_are_not_there(tmp_path: Path) -> None:
    """The styles that there are, ours and the user's, are listed; a missing folder is named."""
    (tmp_path / "text").mkdir()
    (tmp_path / "text/mine.txt").write_text("", encoding="utf-8")
    message = refused(TemplateError, "x", {"x": 1}, style="other", format="text", template_dir=tmp_path)
    assert re.fullmatch(r"there is no style 'other'; there are .*mine.*three-part.*", message)
    message = refused(TemplateError, "x", {"x": 1}, template_dir=tmp_path / "none")
    assert message == f"the template folder '{tmp_path}/none' is not there"
    assert refused(TemplateError, "x", {"x": 1}, template_dir="a\0b") == "the template folder 'a\\x00b' is not there"


# --- nothing half done ---------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of the command line."""
    status = cli.main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["ln(x)", "--at", "x=-1"], 1),
        (["1/x", "--at", "x=0"], 1),
        (["x*(4*(atan(1/2) + atan(1/3))/pi)", "--at", "x=0.12345", "--undecided", "refuse"], 1),
        (["sine(x)", "--at", "x=1"], 2),
        (["x", "--at", "y=1"], 2),
        (["x", "--at", "x=1", "--style", "none"], 2),
        (["x", "--at", "x=1", "--digits", "1000"], 2),
        (["x", "--at", "x=1", "--seed", "q"], 2),
        (["x*y", "--open", "x"], 2),
        (["x", "--at", "x=1", "--colour"], 2),
    ],
)
def test_statuses_and_streams(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], status: int
) -> None:
    """An error is one message on stderr, nothing on stdout, and leaves no file, whole or part."""
    target = tmp_path / "out.md"
    for given in (arguments, [*arguments, "-o", str(target)]):
        got, out, err = run(capsys, "table", *given)
        assert (got, out) == (status, "")
        assert err.startswith("adtrace: error: ")
        assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_old_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file that is there keeps its text until the new one is whole."""
    target = tmp_path / "out.md"
    target.write_text("old", encoding="utf-8")
    assert run(capsys, "table", "ln(x)", "--at", "x=-1", "-o", str(target))[0] == 1
    assert target.read_text(encoding="utf-8") == "old"
    target.chmod(0o640)
    assert run(capsys, "table", "ln(x)", "--at", "x=2", "-o", str(target)) == (0, "", "")
    assert target.read_text(encoding="utf-8").startswith("**Table 1.**")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["out.md"]


def test_an_error_while_writing_leaves_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full at the last moment leaves the old file and no other."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "out.md"
    target.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "replace", full)
    status, out, err = run(capsys, "table", "x", "--at", "x=2", "-o", str(target))
    assert (status, out) == (2, "")
    assert err == f"adtrace: error: {str(target)!r} cannot be written: No space left on device\n"
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("out.md", "old")]


def test_places_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A folder that is not there, and one that stands where the file should."""
    missing = tmp_path / "none" / "out.md"
    _, _, err = run(capsys, "table", "x", "--at", "x=2", "-o", str(missing))
    assert err == f"adtrace: error: {str(missing)!r} cannot be written: No such file or directory\n"
    folder = tmp_path / "folder.md"
    folder.mkdir()
    status, _, err = run(capsys, "table", "x", "--at", "x=2", "-o", str(folder))
    assert (status, err) == (2, f"adtrace: error: {str(folder)!r} cannot be written: Is a directory\n")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.md"]
    _, _, err = run(capsys, "table", "x", "--at", "x=2", "-o", "table.xyz")
    endings = ", ".join(form.ending for form in FORMATS.values())
    sentence = "adtrace: error: no format is known for 'table.xyz'; name one with --format, or end the file in "
    assert err == f"{sentence}{endings}\n"
    with pytest.raises(adtrace.OptionError, match="no format is known"):
        adtrace.trace("x", at={"x": 2}).write(tmp_path / "table.xyz")


def test_a_link_stays_a_link(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The file behind a link is written, and the link is still one."""
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    assert run(capsys, "table", "x", "--at", "x=2", "-o", str(tmp_path / "link.md"))[0] == 0
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text(encoding="utf-8").startswith("**Table 1.**")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_device_is_written_not_replaced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A pipe or a device takes the document and stays what it is: ``-o /dev/null`` harms nothing."""
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert run(capsys, "table", "x", "--at", "x=2", "--mode", "forward", "-o", str(pipe)) == (0, "", "")
        assert os.read(reader, 10).startswith(b"Table")
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("cross_entropy(y, p)", {"y": [0, 1], "p": ["1/4", "3/4"]}, "cross_entropy(p, y) has probabilities first"),
        ("cross_entropy(p, y)", {"y": [0, 1], "p": [-1, 2]}, "of scores z it is softmax_cross_entropy(z, y)"),
        ("bce(z, y)", {"y": [0, 1], "z": [3, -2]}, "of scores z it is bce(sigmoid(z), y)"),
    ],
)
def test_a_loss_of_what_is_no_probability_says_which_is_meant(text: str, at: dict[str, object], said: str) -> None:
    """Operands the wrong way round, and scores in place of probabilities, break the domain: the sentence has both."""
    message = refused(DomainError, text, at)
    assert "needs u > 0" in message
    assert said in message


def test_a_class_by_its_number_is_told_how_a_target_looks() -> None:
    """Libraries take a class's number; here a target has the shape of the probabilities."""
    message = refused(BindingError, "softmax_cross_entropy(z, y)", {"z": [1, 2, 3], "y": 2})
    assert "a class is given as a target, 0 but for a 1" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [("concatenate(a, a)", "(np.concatenate(...) is read)"), ("hstack(a, a)", "(here it is written concat(a, b, ")],
)
def test_a_function_of_a_library_without_its_prefix(text: str, said: str) -> None:
    """The name that it has here, or with the prefix under which it is read."""
    with pytest.raises(errors.ParseError) as refusal:
        adtrace.trace(text, at={"a": [1, 2]})
    assert said in str(refusal.value)
