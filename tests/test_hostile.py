"""Hostile input: nothing of it runs, nothing hangs, and every answer is a document or one sentence of ours."""

from __future__ import annotations

import atexit
import json
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import adtrace

pytest.importorskip("resource", reason="the limits on memory and time are those of Unix")

HERE = Path(__file__).resolve().parent
CORPUS: dict[str, list[Any]] = json.loads((HERE / "hostile.json").read_text(encoding="utf-8"))
POINT = "x=1,y=2"
SECONDS = 2.0
SECRET = "the secret that no template may read"

WARM = [
    *(["sin(x)", "--at", "x=1", "--format", name] for name in ("markdown", "latex", "text", "json")),
    ["sin(x)", "--at", "x=1", "--format", "latex", "--standalone"],
    ["sqrt(x)", "--at", "x=2", "--numbers", "exact"],
    ["sni(x)", "--at", "x=1"],
    ["x[0]", "--at", "x=1"],
    ["@/dev/null", "--at", "x=1"],
    ["x", "--at", "x=1", "--digtis", "2"],
    ["x", "--at", "x=1", "--limit", "rows=1"],
    ["x", "--at", "x=1", "--style", "none"],
    ["x", "--at", "x=1", "--template-dir", "none"],
    ["x", "--at", "x=1", "-o", "/nowhere/at/all.md"],
    *(["2x^2 + ln x", "--at", "x=1", "--caption", "$x$", "--format", name] for name in ("text", "html", "latex")),
    ["x*y", "--format", "text"],
    ["x*y", "--format", "text", "--at", "x=1"],
    ["x*y", "--at", "x=[1],y=2"],
    *(["x @ y", "--at", "x=[1,2],y=[3,4]", "--format", name] for name in ("markdown", "text")),
    ["sin(x)*y + x!", "--at", "x=1,y=2", "--format", "text", "--syntax", "sympy"],
    ["sum(x)", "--at", "x=[1,2]", "--format", "text"],
    ["sum(x*x)", "--shape", "x=2", "--format", "text"],
    ["sum(x*x)", "--at", "x=[1,2]", "--format", "text", "--rows", "entries"],
    ["sum(x)", "--at", "@none.npz", "--format", "text"],
]
"""One call of each kind, so that what is imported late is imported before a hostile call."""


def text(given: Any) -> str:
    """A text of the corpus: as it is, or pieces with the number of their repetitions."""
    return given if isinstance(given, str) else "".join(piece * count for piece, count in given)


def arguments(case: Any, folder: Path, number: int) -> list[str]:
    """The call that a case of the corpus is; a template is written where ``--template-dir`` finds it."""
    if not isinstance(case, dict):
        return [text(case), "--at", POINT, "--format", "text"]
    if "at" in case:
        return ["x*y", "--at", text(case["at"])]
    if "arguments" in case:
        return [text(argument) for argument in case["arguments"]]
    home = folder / f"templates{number}"
    (home / "text").mkdir(parents=True)
    (home / "text" / "hostile.txt").write_text(text(case["template"]), encoding="utf-8")
    (folder / "secret").write_text(SECRET, encoding="utf-8")
    return ["x", "--at", "x=1", "--format", "text", "--style", "hostile", "--template-dir", str(home)]


@cache
def _parent() -> subprocess.Popen[str]:
    """The process whose children run the cases: what is imported once is so before anything hostile comes."""
    parent = subprocess.Popen(
        [sys.executable, "-W", "error", "-X", "utf8", str(HERE / "hostile_child.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1,
        env={"PYTHONPATH": str(HERE.parent), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    atexit.register(parent.communicate)
    assert parent.stdin
    print(json.dumps(WARM), file=parent.stdin)
    return parent


def run(cases: list[list[str]], folder: Path, compiles: bool, again: bool = True) -> list[dict[str, Any]]:
    """What the cases did, in a child process of its own under hard limits; what took too long once more, as another
    process may have had the machine.
    """
    parent = _parent()
    assert parent.stdin
    assert parent.stdout
    with tempfile.TemporaryDirectory() as elsewhere:
        errors = Path(elsewhere, "stderr")
        order = {"cases": cases, "compiles": compiles, "folder": str(folder), "errors": str(errors)}
        print(json.dumps(order), file=parent.stdin)
        reports = []
        while "ended" not in (report := json.loads(parent.stdout.readline())):
            reports.append(report)
        told = errors.read_text(encoding="utf-8")
    if len(reports) < len(cases):
        pytest.fail(f"{cases[len(reports)]!r:.300} ended the process ({report['ended']}): {told[-2000:]}")
    assert told == ""
    slow = [k for k, report in enumerate(reports) if again and report["seconds"] > SECONDS]
    second = run([cases[k] for k in slow], folder, compiles, again=False) if slow else []
    for k, report in zip(slow, second, strict=True):
        reports[k] = report
    return reports


def fault(report: dict[str, Any]) -> str:
    """What is wrong with an answer, or nothing."""
    if report["escaped"] or report["happened"]:
        return f"{report['escaped']} {report['happened']}"
    if report["seconds"] > SECONDS:
        return f"{report['seconds']:.1f} s"
    if SECRET in report["out"] + report["err"]:
        return "the secret is out"
    if report["status"] == 0:
        told = all(" read as " in f" {line}" for line in report["err"].splitlines())
        return "" if told else "a good call with a message"
    if report["status"] not in (1, 2) or report["out"]:
        return f"status {report['status']} with {report['out']!r:.100}"
    lines = report["err"].splitlines()
    if not report["err"].startswith("adtrace: error: ") or "Traceback" in report["err"] or len(lines) > 4:
        return f"the message {report['err']!r:.300}"
    if not all(char.isprintable() or char == "\n" for char in report["err"]):
        return f"control characters in {report['err']!r:.300}"
    if max(map(len, lines)) > 1000:
        return f"a message of {max(map(len, lines))} characters: {report['err']!r:.200}"
    return ""


@pytest.mark.parametrize("group", CORPUS)
def test_nothing_runs_nothing_hangs(group: str, tmp_path: Path) -> None:
    """In 512 MB and two seconds each text ends in a document or in our message; no code runs, no file is touched."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "canary").write_text("alive", encoding="utf-8")
    cases = [arguments(case, tmp_path, number) for number, case in enumerate(CORPUS[group])]
    reports = run(cases, scratch, compiles=group == "templates")
    for case, report in zip(cases, reports, strict=True):
        if "-o" in case:  # it tried, as it was told to; the folder below says what came of it
            report["happened"] = [event for event in report["happened"] if not event.startswith("open ")]
    faults = [f"{case!r:.120} {fault(report)}" for case, report in zip(cases, reports, strict=True) if fault(report)]
    assert not faults, "\n".join(faults)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in scratch.iterdir()] == [("canary", "alive")]
    assert any(report["status"] in (1, 2) for report in reports)


WORDS = ["code as an expression", "tricks with sympy", "numbers too large", "texts too long or too deep", "characters",
         "TeX"]  # fmt: skip


@pytest.mark.parametrize("group", WORDS)
def test_nothing_runs_in_the_syntax_of_sympy(group: str, tmp_path: Path) -> None:
    """The same texts, handed to sympy's own parser, which evaluates: behind our token reader nothing runs or hangs."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "canary").write_text("alive", encoding="utf-8")
    texts = [text(case) for case in CORPUS[group] if not isinstance(case, dict)]
    texts += [f"x*({case})" for case in texts if len(case) < 200] + (BOMBS if group == WORDS[2] else [])
    cases = [[case, "--at", POINT, "--format", "text", "--syntax", "sympy"] for case in texts]
    reports = run(cases, scratch, compiles=True)
    faults = [f"{case[0]!r:.120} {fault(report)}" for case, report in zip(cases, reports, strict=True) if fault(report)]
    assert not faults, "\n".join(faults)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in scratch.iterdir()] == [("canary", "alive")]


BOMBS = [
    "9**9**9**9*x*y", "x*y + 9^9^9^9", "x*y*(9^9^9^9 - 9^9^9^9)", "(10**8)!*x*y", "x*y + factorial(10**9)", "y*x!!!!",
    "x*y*Piecewise((x, 9**9**9 > 8**8**9), (y, True))", "Max(9**9**9*x, y)", "Abs(9**9**9)*x*y", "x*y - -(9**9**9)",
    "x*y + floor(9**9**9/7)", "Mod(9**9**9, 7)*x*y", "gamma(9**9**9)*x*y", "x*y*10**-10**10", "x*y + sqrt(9**9**9)",
    "beta(10**9, 10**9)*x*y", "besselj(10**9, x)*y", "polygamma(10**9, x)*y", "Rational(1, 10**10**10)*x*y",
    "Integer(10**10**10)*x*y", "root(x, 10**10**10)*y", "log(x, 9**9**9)*y", "x*y + sin(10**10**10)",
    "x**y**x**y**9**9",
]  # fmt: skip
"""What sympy would compute if it were let."""


def test_the_corpus_is_large() -> None:
    """At least a hundred and fifty texts, none twice."""
    cases = [json.dumps(case) for group in CORPUS.values() for case in group]
    assert len(cases) >= 150
    repeated = {case for case in cases if cases.count(case) > 1}
    assert repeated <= {'"nan"'}


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    """The child reports code that runs and files that are written: a test of the test."""
    target = tmp_path / "m.md"
    (report,) = run([["x", "--at", "x=1", "-o", str(target)]], tmp_path, compiles=False)
    assert any(event.startswith("open ") for event in report["happened"])
    (tmp_path / "t" / "text").mkdir(parents=True)
    (tmp_path / "t" / "text" / "mine.txt").write_text("<<1>>", encoding="utf-8")
    mine = ["x", "--at", "x=1", "--format", "text", "--style", "mine", "--template-dir", str(tmp_path / "t")]
    (report,) = run([mine], tmp_path, compiles=False)
    assert any(event.startswith("compile ") for event in report["happened"])
    assert report["out"] == "1\n"


# --- injection into documents --------------------------------------------------------------------------------------

CAPTIONS = [
    "\\input{secret}",
    "\\write18{touch m}",
    "^^5cinput{secret}",
    "}\\input{secret}{",
    "50% off",
    "a & b \\\\ c",
    "$x$ $$",
    "#1 ~ _a_ ^b^",
    "\\end{table}\\end{document}",
    "a\n\nb",
    "a\r\n% b",
    "<script>alert(1)</script>",
    "[link](javascript:alert(1))",
    "![i](x.png)",
    "**bold** _em_ `code`",
    "a | b | c",
    "| a |\n|---|",
    "# head",
    "- item",
    "1. item",
    "<!-- x -->",
    "&lt;&#x41;",
    "https://example.org",
    "a@example.org",
    "```\ncode",
    "~~~",
    "    code",
    "$$\\href{javascript:1}{x}$$",
    "\\(x\\) \\[y\\]",
    "{{ 7*7 }} {% x %}",
    "<<x>> <% y %>",
    "[^1]: note",
    "[a]: http://b",
    "\x00\x1b[31mred\x07",
    "\u202eevil",
    "\ud800",
    "\"quotes\" 'single'",
    "line\u2028sep",
    ":::warning",
    "***",
    "--- ---",
    "=== ===",
    "+++",
    "a\\",
    "\\",
]

_ESCAPES = {
    r"\textbackslash", r"\textasciicircum", r"\textasciitilde", r"\textless", r"\textgreater", r"\textbar",
    r"\{", r"\}", r"\$", r"\&", r"\#", r"\%", r"\_",
}  # fmt: skip
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)


@pytest.mark.parametrize("caption", CAPTIONS, ids=range(len(CAPTIONS)))
def test_a_caption_is_printed_not_obeyed_by_tex(caption: str) -> None:
    """A caption adds no command to a LaTeX table but those that print its characters, and changes no other line."""
    trace = adtrace.trace("x", {"x": 1})
    if "$$" in caption:
        with pytest.raises(adtrace.OptionError, match="empty formula"):
            trace.table(format="latex", caption=caption)
        return
    for standalone in (False, True):
        ours = trace.table(format="latex", mode="forward", caption="CAPTION", standalone=standalone)
        got = trace.table(format="latex", mode="forward", caption=caption, standalone=standalone)
        if not any(map(str.isprintable, caption)):
            assert got == trace.table(format="latex", mode="forward", caption="", standalone=standalone)
            continue
        before, after = ours.split("CAPTION")
        assert got.startswith(before)
        assert got.endswith(after)
        printed = got[len(before) : len(got) - len(after)]
        assert set(_COMMAND.findall(printed)) <= _ESCAPES
        bare = _COMMAND.sub("", printed).replace("{}", "")
        assert not set(bare) & set("\\{}$&#%_^~<>|\n\r\t")
        assert bare.isprintable()


@pytest.mark.parametrize("caption", CAPTIONS, ids=range(len(CAPTIONS)))
def test_a_caption_is_printed_not_obeyed_by_markdown(caption: str) -> None:
    """A caption is plain text to CommonMark with tables and links: no tag, link, emphasis, code, list or new line."""
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("gfm-like", {"linkify": False, "html": True})
    if "$$" in caption:
        with pytest.raises(adtrace.OptionError, match="empty formula"):
            adtrace.trace("x", {"x": 1}).table(mode="forward", caption=caption)
        return
    document = adtrace.trace("x", {"x": 1}).table(mode="forward", caption=caption)
    tokens = parser.parse(document)
    first, inline, *rest = tokens
    assert first.type == "paragraph_open"
    kinds = [child.type for child in inline.children or []]
    texts = [child.content for child in inline.children or [] if child.type == "text"]
    assert set(kinds) <= {"text", "strong_open", "strong_close", "text_special"}
    assert kinds.count("strong_open") == 1
    wanted = "".join(char if char.isprintable() else " " for char in caption)
    assert "".join(texts).split() == f"Table. {wanted}".split()
    assert [token.type for token in rest[1:]].count("table_open") == 1


NAMES = [
    "input",
    "write18",
    "x__y",
    "xdot",
    "xbar",
    "lambda_",
    "v_1",
    "v1",
    "v_",
    "end",
    "begin",
    "a_b_c",
    "i",
    "x_1_2_",
    "alphabeta",
    "undefined",
    "textbf",
    "e",
    "pi",
    "Infinity",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_not_obeyed(name: str) -> None:
    """Whatever a variable is called, its table has the commands of any other, and its name stands there in letters."""
    for format_ in ("latex", "markdown"):
        ours = adtrace.trace("q*2", {"q": 1}).table(format=format_)
        got = adtrace.trace(f"{name}*2", {name: 1}).table(format=format_)
        extra = set(_COMMAND.findall(got)) - set(_COMMAND.findall(ours))
        assert extra <= {r"\mathit", r"\mathrm", r"\overline", r"\_", r"\lambda", r"\pi"}, extra
        assert r"\input" not in got
        assert r"\write" not in got
        letters = re.sub(r"[\\{}_,\s]|mathit|mathrm|overline", "", got)
        assert name.replace("_", "") in letters


# --- arrays of numpy -------------------------------------------------------------------------------------------------

POINTS = {
    "nan": (lambda np: np.array([1, np.nan]), r"^x\[1\] is not a finite real number: nan$"),
    "infinite": (lambda np: np.array([[1, np.inf]]), r"^x\[0, 1\] is not a finite real number: inf$"),
    "objects": (lambda np: np.array([1, object()], dtype=object), r"^an entry of x is not a finite real number"),
    "complex": (lambda np: np.array([1j]), r"^x is not an array of real numbers: its type is complex128$"),
    "dates": (lambda np: np.array(["2020-01-01"], dtype="M8[D]"), r"^x is not an array of real numbers"),
    "records": (lambda np: np.zeros(2, dtype=[("a", int)]), r"^x is not an array of real numbers"),
    "masked": (lambda np: np.ma.array([1, 2], mask=[0, 1]), r"^x has masked entries"),
    "large": (lambda np: np.broadcast_to(1.0, (10**9,)), r"^x has 1000000000 entries; the bound is 4000000$"),
    "empty": (lambda np: np.zeros((0, 3)), r"^an axis of x has the length 0"),
    "axes": (lambda np: np.ones((1,) * 32), r"^x has 32 axes; the bound is 16$"),
}  # fmt: skip


@pytest.mark.parametrize("kind", POINTS)
def test_a_point_of_numpy_is_of_real_numbers(kind: str) -> None:
    """What is no finite real number, in a shape that there is, is refused before it is computed with."""
    made, sentence = POINTS[kind]
    with pytest.raises(adtrace.AdtraceError, match=sentence):
        adtrace.trace("sum(x)", {"x": made(pytest.importorskip("numpy"))})


CALLS = {
    "tile": lambda np, x: np.tile(x, 10**9),
    "repeat": lambda np, x: np.repeat(x, 10**9),
    "repeats": lambda np, x: np.repeat(x, [1, 2, 10**9]),
    "broadcast": lambda np, x: np.broadcast_to(x, (10**9, 3)),
    "pad": lambda np, x: np.pad(x, 10**9),
    "negative pad": lambda np, x: np.pad(x, -1),
    "reshape": lambda np, x: x.reshape(10**5, 10**5),
    "step": lambda np, x: x[::0],
    "index": lambda np, x: x[10**9],
    "axes": lambda np, x: x.transpose(5, 4),
    "stack": lambda np, x: np.stack([x] * 3000),
    "loop": lambda np, x: sum(x[place % 3] for place in range(50_000)),
    "complex": lambda np, x: (x * 1j).sum(),
    "masked": lambda np, x: x * np.ma.array([1, 2, 3], mask=[1, 0, 0]),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_of_numpy_is_refused_before_it_fills_the_memory(name: str) -> None:
    """Arrays that are too large, and what is no part of one, end in a sentence while a function is recorded."""
    np = pytest.importorskip("numpy")
    with pytest.raises((adtrace.AdtraceError, ValueError), match=r"^[^\n]+$") as raised:
        adtrace.trace(lambda x: CALLS[name](np, x), {"x": np.array([1, 2, 3])})
    assert type(raised.value).__module__.startswith("adtrace.")
