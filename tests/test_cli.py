"""The command line is the library: the same text, the right stream, the right status, and nothing loaded in vain."""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest
from samples import in_turn

import adtrace
from adtrace import cli
from adtrace.formats import FORMATS, PICTURES
from adtrace.settings import FLAG, LAYOUTS, MODES, SETTINGS, SWITCH, TABLE, TRACE, UNDECIDED, names
from adtrace.tables.options import COLUMNS, Options

ROOT = Path(__file__).resolve().parent.parent
TEXTS = {name: entry.ending for name, entry in FORMATS.items() if name not in PICTURES}
TEXT = "f(x1, x2) = ln(x1) + x1*x2 - sin(x2)"
AT = {"x1": "2", "x2": "5"}
POINT = "x1=2,x2=5"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The document that a good call prints: status 0 and nothing on stderr."""
    status = cli.main(["table", *arguments])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    return out


def child(*arguments: str, cwd: Path = ROOT, **given: object) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with warnings as errors."""
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False, **given)  # type: ignore[call-overload, no-any-return]


# --- the same text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", TEXTS)
def test_same_bytes_in_every_mode_and_layout(capsys: pytest.CaptureFixture[str], format_: str) -> None:
    """Whatever mode, layout, digits and rounding: the library's text is the command line's, byte for byte; of the four
    pairs of digits and rounding each mode and layout has the next.
    """
    trace = adtrace.trace(TEXT, AT)
    seen = set()
    numbers = [*product((0, 6), ("half-even", "half-up"))]
    for turn, (mode, layout) in enumerate(product(MODES, LAYOUTS)):
        for digits, rounding in in_turn(numbers, turn + [*TEXTS].index(format_)):
            got = run(capsys, TEXT, "--at", POINT, "--format", format_, "--mode", mode, "--layout", layout,
                      "--digits", str(digits), "--rounding", rounding)  # fmt: skip
            assert got == trace.table(format=format_, mode=mode, layout=layout, digits=digits, rounding=rounding)
            seen.add(got)
    assert len(seen) >= 6
    assert run(capsys, TEXT, "--at", POINT, "--format", format_) == trace.table(format=format_)


_MINE = "<<tables[0].caption>>;<<tables[0].label>>;<<standalone>>\n"

OPTIONS: list[tuple[list[str], dict[str, object], dict[str, object]]] = [
    (["--columns", "value,formula"], {}, {"columns": "value,formula"}),
    (["--columns", ",".join(COLUMNS)], {}, {"columns": COLUMNS}),
    (["--format", "latex", "--standalone"], {}, {"format": "latex", "standalone": True}),
    (["--format", "latex", "--label", "tab:one"], {}, {"format": "latex", "label": "tab:one"}),
    (["--caption", "50% _of_ $x$ | <b>"], {}, {"caption": "50% _of_ $x$ | <b>"}),
    (["--caption", ""], {}, {"caption": ""}),
    (["--caption", "-dashed"], {}, {"caption": "-dashed"}),
    (["--undecided", "mark"], {}, {"undecided": UNDECIDED[0]}),
    (["--style", "three-part"], {}, {"style": "three-part"}),
    (["--seed", "x2"], {"seed": "x2"}, {}),
    (["--seed", "x1=1,x2=-2"], {"seed": {"x1": 1, "x2": -2}}, {}),
    (["--seed", "x2=max(1, 2)"], {"seed": {"x2": "max(1, 2)"}}, {}),
    (["--powers", "products"], {"powers": "products"}, {}),
    (["--no-sharing"], {"sharing": False}, {}),
    (["--sharing"], {"sharing": True}, {}),
    (["--arithmetic", "float"], {"arithmetic": "float"}, {}),
    (["--limit", "rows=30", "--limit", "bits=256"], {"limits": adtrace.Limits(rows=30, bits=256)}, {}),
]


@pytest.mark.parametrize(("arguments", "traced", "tabled"), OPTIONS, ids=[" ".join(a) for a, _, _ in OPTIONS])
def test_same_bytes_for_every_option(
    capsys: pytest.CaptureFixture[str], arguments: list[str], traced: dict[str, object], tabled: dict[str, object]
) -> None:
    """Each option of the command line is the library's argument of the same name."""
    text = "x1^2*x2 + sin(x1*x2)*sin(x1*x2)"
    got = run(capsys, text, "--at", POINT, *arguments)
    assert got == adtrace.trace(text, AT, **traced).table(**tabled)  # type: ignore[arg-type]
    if traced or tabled:
        plain = adtrace.trace(text, AT).table(format=tabled.get("format", "markdown"))
        same = {"--undecided", "--style", "--sharing", "--limit"}
        assert (got == plain) == (arguments[0] in same)


def test_a_template_folder_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A user's folder comes before ours, on the command line as in the library."""
    (tmp_path / "latex").mkdir()
    for style in ("mine", "three-part"):
        (tmp_path / "latex" / f"{style}.tex").write_text(_MINE, encoding="utf-8")
        got = run(capsys, "x", "--at", "x=1", "--template-dir", str(tmp_path), "--style", style, "--format", "latex",
                  "--label", "one", "--caption", "a_b", "--mode", "forward")  # fmt: skip
        assert got == "a\\_b;one;False\n"
        trace = adtrace.trace("x", {"x": 1})
        assert got == trace.table(template_dir=tmp_path, style=style, format="latex", label="one", caption="a_b",
                                  mode="forward")  # fmt: skip


def test_no_option_is_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    """Every field of `Options` and every argument of ``trace`` has an option of its name, which the help describes."""
    assert cli.main(["table", "--help"]) == 0
    shown = capsys.readouterr().out
    ours = {field.name for field in fields(Options)} - {"of_templates"} | {
        "at",
        "seed",
        "sharing",
        "powers",
        "arithmetic",
        "weights",
        "outputs",
        "kinks",
    }
    for name in ours:
        assert f"--{name.replace('_', '-')}" in shown, name
    assert "--limit " in shown
    assert "-o, --output" in shown


# --- where the expression comes from, and where the document goes --------------------------------------------------


def test_expression_from_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` reads the expression from stdin, as UTF-8 with or without a byte order mark, lines ends and all."""
    wanted = adtrace.trace(TEXT, AT).table()
    for sent in (TEXT, f"{TEXT}\n", f"\ufeff{TEXT}\r\n", f"\n  {TEXT}  \n\n"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent.encode())))
        assert run(capsys, "-", "--at", POINT) == wanted
    for sent, problem in (
        (b"", "there is no expression\n  \n  ^\n"),
        (b"x\xff", "the expression is not text in UTF-8\n"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
        assert cli.main(["table", "-", "--at", "x=1"]) == 2
        assert capsys.readouterr() == ("", f"adtrace: error: {problem}")


@pytest.mark.parametrize("text", ["-x^2", "-2*x", "-cos(x)", "-(x)", "-.5*x", "-x-o", "- x"])
def test_expressions_that_begin_with_a_minus(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """A leading minus is a minus, before and after the options, and not the sign of an option."""
    at, point = {"x": "1", "o": "2"} if "o" in text.replace("cos", "") else {"x": "1"}, "x=1"
    point = ",".join(f"{name}={value}" for name, value in at.items())
    wanted = adtrace.trace(text, at).table(format="json")
    for arguments in (
        [text, "--at", point, "--format", "json"],
        ["--at", point, "--format", "json", text],
        ["--at", point, "--format=json", "--", text],
        ["--at", point, "--no-sharing", text, "--sharing", "--format", "json"],
    ):
        assert run(capsys, *arguments) == wanted


def test_a_point_that_begins_with_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    """Negative values, and commas inside brackets, part nothing."""
    got = json.loads(run(capsys, "x*y", "--at", "x=-2e-3,y=max(1, 2)/3", "--format", "json"))
    assert [x["value"] for x in got["independents"]] == ["-0.0020", "0.6667"]


@pytest.mark.parametrize(("format_", "ending"), TEXTS.items())
def test_the_ending_of_the_file_gives_the_format(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, format_: str, ending: str
) -> None:
    """``-o`` writes what stdout would show, in the format of the ending, unless one is named; .html is a whole page."""
    page = {"standalone": True} if format_ == "html" else {}
    assert run(capsys, TEXT, "--at", POINT, "-o", str(tmp_path / f"one{ending}")) == ""
    written = (tmp_path / f"one{ending}").read_text(encoding="utf-8")
    assert written == FORMATS[format_].mark + adtrace.trace(TEXT, AT).table(format=format_, **page)
    wanted = adtrace.trace(TEXT, AT).table(format=format_).encode()
    for name, given in (("two", ["--format", format_]), ("three.md", ["--format", format_])):
        assert run(capsys, TEXT, "--at", POINT, "-o", str(tmp_path / name), *given) == ""
        assert (tmp_path / name).read_bytes() == FORMATS[format_].mark.encode() + wanted
    assert run(capsys, TEXT, "--at", POINT, "-o", "-", "--format", format_).encode() == wanted


def test_several_files_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``-o`` given again writes another file; one without a known ending is refused before any is written."""
    monkeypatch.chdir(tmp_path)
    assert run(capsys, TEXT, "--at", POINT, "-o", "one.tex", "-o", "two.md") == ""
    assert Path("one.tex").read_text(encoding="utf-8") == adtrace.trace(TEXT, AT).table(format="latex")
    assert Path("two.md").read_text(encoding="utf-8") == adtrace.trace(TEXT, AT).table()
    assert cli.main(["graph", "x", "--at", "x=1", "-o", "three.svg", "-o", "four.dot"]) == 0
    assert (Path("three.svg").read_text(encoding="utf-8")[:4], Path("four.dot").stat().st_size > 0) == ("<svg", True)
    assert cli.main(["table", "x", "--at", "x=1", "-o", "five.md", "-o", "six.doc"]) == 2
    assert not Path("five.md").exists()


def test_a_file_without_its_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's name in place of the expression is told to need an @; ``-h^2`` is a formula, and no call for help."""
    monkeypatch.chdir(tmp_path)
    Path("steps.txt").write_text("x*x\n", encoding="utf-8")
    errors = io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    assert cli.main(["table", "steps.txt", "--at", "x=1"]) == 2
    assert errors.getvalue() == "adtrace: error: 'steps.txt' is a file; what it holds is read by @steps.txt\n"
    assert cli.main(["table", "-h^2", "--at", "h=3", "-o", "out.md"]) == 0


def test_a_new_file_has_the_usual_permissions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file that we make is readable as any other that the user makes."""
    run(capsys, "x", "--at", "x=1", "-o", str(tmp_path / "ours.md"))
    (tmp_path / "theirs.md").touch()
    assert (tmp_path / "ours.md").stat().st_mode == (tmp_path / "theirs.md").stat().st_mode


def test_wrong_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """What click refuses has the form of our own errors, and the way to the help."""
    for arguments, message in (
        (["tabel"], "no such command 'tabel' (did you mean 'table'?)"),
        (["x*y", "--at", "x=1"], "no such command 'x*y'; a table is asked for by: adtrace table \"x*y\" --at x=2"),
        (["table"], "missing argument 'EXPRESSION'"),
        (["table", "x", "--at"], "option '--at' requires an argument"),
        (["table", "x", "y", "--at", "x=1"], "got unexpected extra argument (y); a formula with blanks stands in quo"),
        (
            ["table", "x", "--at", "x=1", "--digits", "abc"],
            "invalid value for '--digits': 'abc' is not a valid integer",
        ),
        (["table", "x", "--at", "x=1", "--colour"], "no such option"),  # click 8.1 writes : --colour, and guesses
    ):
        assert cli.main(arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"adtrace: error: {message}")
        assert re.search(r"\n  see adtrace (table )?--help\n$", err)
    assert cli.main([]) == 2
    assert "Usage: adtrace" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        ("x", "--at is written as name=number, separated by commas\n  x\n  ^"),
        ("", "--at is written as name=number, separated by commas\n  \n  ^"),
        ("x=1,,", "--at is written as name=number, separated by commas\n  x=1,,\n      ^"),
        ("x=1 y=2", "--at is written as name=number, separated by commas\n  x=1 y=2\n       ^"),
        (
            "x1=1,5; x2=2",
            "--at is written as name=number, separated by commas; where 1,5 is a number, add --decimal comma, and part "
            "by semicolons\n  x1=1,5; x2=2\n       ^",
        ),
        ("x==1", "--at is written as name=number, separated by commas\n  x==1\n    ^"),
        ("f(x)=1", "--at is written as name=number, separated by commas\n  f(x)=1\n  ^"),
        ("_x=1", "--at is written as name=number, separated by commas\n  _x=1\n  ^"),
        ("é=1", "--at is written as name=number, separated by commas\n  é=1\n  ^"),
        ("x=1,x=2", "x is given twice in --at\n  x=1,x=2\n      ^"),
        ("x=2y", "the value of x is a number; y is none\n  2y\n   ^"),
        ("x=1)+(2", "the value of x: this bracket was never opened\n  1)+(2\n   ^"),
    ],
)
def test_points_that_are_not_written_so(capsys: pytest.CaptureFixture[str], point: str, sentence: str) -> None:
    """A point that is not name=number is refused with its place."""
    assert cli.main(["table", "x", "--at", point]) == 2
    assert capsys.readouterr() == ("", f"adtrace: error: {sentence}\n")


@pytest.mark.parametrize(
    "limit", ["rows", "rows=", "rows=1e9", "rows=-1", "rows=٣", "rows=" + "9" * 13, "row=5", "=5", ""]
)
def test_limits_that_are_not_written_so(capsys: pytest.CaptureFixture[str], limit: str) -> None:
    """A bound is a known name and a number in digits."""
    assert cli.main(["table", "x", "--at", "x=1", "--limit", limit]) == 2
    err = capsys.readouterr().err
    assert err.startswith("adtrace: error: --limit is NAME=N with characters, literal_digits, rows, ")
    assert err.endswith(f"; not {limit!r}\n")


# --- in a process of its own ---------------------------------------------------------------------------------------


def test_from_the_checkout() -> None:
    """``python -m adtrace`` in a checkout prints the library's text in UTF-8, whatever the locale says."""
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}
    done = child("-m", "adtrace", "table", TEXT, "--at", POINT, "--format", "text", env=environment, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == adtrace.trace(TEXT, AT).table(format="text")


def test_messages_do_not_mix_with_data() -> None:
    """Exit statuses 0, 1 and 2, with the message on stderr alone."""
    for text, status in (("ln(x)", 1), ("lnn(x)", 2)):
        done = child("-m", "adtrace", "table", text, "--at", "x=-1")
        assert (done.returncode, done.stdout) == (status, "")
        assert done.stderr.startswith("adtrace: error: ")


_LOADED = """
import sys
from adtrace.cli import main
status = main({arguments!r})
sys.stdout.flush()
print(status, *sorted({{"sympy", "jinja2", "flint", "mpmath", "numpy"}} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["--help"], "0"),
        (["--version"], "0"),
        (["table", "--help"], "0"),
        (["table", "x", "--at", "x=1"], "0 flint jinja2"),
        (["table", "x", "--at", "x=1", "--format", "json"], "0 flint"),
        (["check", "scalar.md"], "3 flint jinja2"),
    ],
)
def test_what_is_loaded(arguments: list[str], loaded: str, tmp_path: Path) -> None:
    """Help loads none of the libraries; a table loads the numbers and a template engine, and numpy for arrays alone."""
    text = "$f(x) = \\sin x$ at $x = 2$\n\n| | | value |\n|---|---|---|\n| v_1 | $\\sin x$ | 0.9193 |\n"
    (tmp_path / "scalar.md").write_text(text)
    done = child("-c", _LOADED.format(arguments=arguments), cwd=tmp_path)
    assert done.stderr == f"{loaded}\n"
    assert done.stdout


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """One version, everywhere."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"adtrace {adtrace.__version__}\n"


def test_a_reader_that_stops_early() -> None:
    """A closed pipe ends the command quietly: no traceback, no complaint at exit."""
    text = "+".join(f"sin({k}*x)" for k in range(1500))  # more than a pipe holds
    command = [sys.executable, "-m", "adtrace", "table", text, "--at", "x=1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(7) == b"**Table"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_stream_that_takes_nothing() -> None:
    """A full disk under stdout is an error of ours."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "adtrace", "table", "x", "--at", "x=1"]
        done = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (
        2,
        "adtrace: error: the output cannot be written: No space left on device\n",
    )


def test_a_vector_of_a_python_function(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A Python function of a vector takes its point from the command line."""
    file = tmp_path / "m.py"
    file.write_text("import numpy as np\ndef f(z):\n    return np.dot(z, z) / 2\n", encoding="utf-8")
    assert cli.main(["table", f"{file}:f", "--python", "--at", "z=[3,4]", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["gradient"] == {"z": ["3.0000", "4.0000"]}


def test_a_setting_is_an_argument_of_its_call() -> None:
    """The table of settings has every argument of a trace and every option of a table, and nothing else."""
    arguments = set(inspect.signature(adtrace.trace).parameters) - {"expression", "limits"}
    assert set(names(TRACE)) == arguments
    assert names(TABLE) == sorted(names(TABLE), key=list(SETTINGS).index)
    of_tables = [field for field in fields(Options) if field.name != "of_templates"]
    assert {*names(TABLE), "rows", "decimal"} == {field.name for field in of_tables}  # these can be asked of both
    for field in of_tables:
        of, switch = SETTINGS[field.name], field.type == "bool"
        assert switch == (of.kind in (FLAG, SWITCH))
        assert not of.values or field.default in (*of.values, None)


def test_the_notation_is_that_of_the_graph_too(capsys: pytest.CaptureFixture[str]) -> None:
    """``--notation names=source`` puts the author's names on the vertices."""
    arguments = ["graph", "s = p - q; f = s*r", "--at", "p=7,q=3,r=-2", "--notation", "names=source"]
    assert cli.main([*arguments, "--format", "mermaid"]) == 0
    assert "p - q" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "option", "message"),
    [
        ("graph", "--partials", "--edges partials"),
        ("graph", "--tangent", ""),
        ("graph", "--forward", "--mode forward"),
        ("table", "--stacked", "--layout stacked"),
        ("table", "--latex", ""),
    ],
)
def test_a_value_in_place_of_its_option(
    command: str, option: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that is not there is told by the one whose value it is, where there is one."""
    assert cli.main([command, "x*x", "--at", "x=1", option]) == 2
    told = capsys.readouterr().err
    assert f"no such option '{option}'" in told
    assert (f"'; write {message}\n" in told) if message else ("; write" not in told)
