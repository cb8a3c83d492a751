"""Traces in LaTeX documents, built by real engines: what is asked, what is answered, and what is made again.

The scenarios and their counts are those a build tool owes its user: one command, nothing made twice, reordering safe,
an error at its place that heals when it is corrected.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from outside import missing_package, needs, skip_without

from adtrace import __version__
from adtrace.cli import main
from adtrace.errors import InputError, ParseError
from adtrace.latexbuild.exchange import read_answers, request, stamp, written_answers

ROOT = Path(__file__).resolve().parent.parent
EXPRESSION = "ln(x1)+x1*x2-sin(x2)"

needs_latexmk = needs("latexmk", "pdflatex", "pdftotext")
needs_pdflatex = needs("pdflatex", "pdftotext")


def trace(place: int, expression: str | None = None) -> str:
    """The n-th of the document's traces, each with numbers of its own."""
    return rf"\adtrace[mode=forward,at={{x1={place},x2=5}},label=t{place}]{{{expression or EXPRESSION}}}"


def document(traces: list[str], prose: str = "Prose.", head: str = "") -> str:
    """A document with these traces, a value before its trace, one after, and references."""
    lines = [r"\documentclass{article}", r"\usepackage{graphicx}", r"\usepackage{adtrace}", head, r"\begin{document}"]
    lines += [prose, r"First \adtvalue{t2}{y}!"]
    lines += [f"{line}\n\\clearpage" for line in traces]
    return "\n".join([*lines, r"Last \adtvalue{t2}{y}! See Table \ref{t2}.", r"\end{document}", ""])


TEN = [trace(place) for place in range(1, 11)]


@dataclass
class Built:
    """What a build has done."""

    status: int
    latex: int
    calls: int
    made: int
    output: str


@dataclass
class Place:
    """A folder with a document, the package, the rule, and an ``adtrace`` on the path that counts its calls."""

    folder: Path
    path: str
    earlier: float = 1e9

    def write(self, text: str, name: str = "main.tex") -> None:
        """Write the document, as if some time after all that is there.

        latexmk takes the same second and the same size for no change, and a test is faster than an author.
        """
        self.earlier += 2
        for path in self.folder.rglob("*.*"):
            os.utime(path, (self.earlier, self.earlier))
        (self.folder / name).write_text(text, encoding="utf-8")
        os.utime(self.folder / name, (self.earlier + 1, self.earlier + 1))

    def latexmk(self, *arguments: str) -> Built:
        """Build the document with one command of latexmk."""
        calls = self.folder / "calls"
        calls.write_text("")
        command = ["latexmk", "-interaction=nonstopmode", "-file-line-error", *(arguments or ("-pdf",)), "main"]
        environment = {"PATH": self.path, "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            check=False,
        )
        output = run.stdout + run.stderr
        made = [int(one or number) for number, one in re.findall(r"\.adtout: (\d+) traces?(?:, (\d+))? made", output)]
        latex = len(re.findall(r"Run number \d+ of rule '(?:pdf|xe|lua)latex'", output))
        return Built(run.returncode, latex, calls.read_text().count("tex"), sum(made), output)

    def text(self, name: str = "main.pdf") -> str:
        """The text of the document, in which the values stand."""
        command = ["pdftotext", "-layout", str(self.folder / name), "-"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    """The folder of a document."""
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "adtrace"
    program.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/calls"\nexec "{sys.executable}" -m adtrace "$@"\n')
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert main(["sty", "-o", "adtrace.sty"]) == 0
    capsys.readouterr()
    assert main(["latexmkrc"]) == 0
    (tmp_path / ".latexmkrc").write_text(capsys.readouterr().out)
    return Place(tmp_path, f"{tools}{os.pathsep}{os.environ['PATH']}")


@needs_latexmk
def test_a_build_does_what_has_changed_and_no_more(place: Place) -> None:
    """Clean, unchanged, prose, one-trace, reordered, broken and healed builds make the traces that they need."""
    place.write(document(TEN))
    clean = place.latexmk()
    assert (clean.status, clean.calls, clean.made) == (0, 1, 10), clean.output
    assert place.text().count("11.6521!") == 2

    unchanged = place.latexmk()
    assert (unchanged.status, unchanged.latex, unchanged.calls) == (0, 0, 0)

    place.write(document(TEN, prose="Other prose."))
    prose = place.latexmk()
    assert (prose.status, prose.latex, prose.calls) == (0, 1, 0)

    changed = [*TEN[:4], TEN[4].replace("x2=5", "x2=6"), *TEN[5:]]
    place.write(document(changed))
    one = place.latexmk()
    assert (one.status, one.calls, one.made) == (0, 1, 1)

    place.write(document(changed[::-1]))
    reordered = place.latexmk()
    assert (reordered.status, reordered.calls, reordered.made) == (0, 1, 0)
    assert "11.6521!" in place.text()

    broken = [trace(11, "sine(x1)+x2"), *changed[1:]]
    text = document(broken)
    place.write(text)
    wrong = place.latexmk()
    assert (wrong.status, wrong.calls, wrong.made) == (12, 2, 1)  # once by the rule, once as latexmk gives up
    line = text.split("\n").index(broken[0]) + 1
    assert f"main.tex:{line}: Package adtrace Error: unknown function 'sine'" in wrong.output

    place.write(document([trace(11, "sin(x1)+x2"), *changed[1:]]))
    healed = place.latexmk()
    assert (healed.status, healed.calls, healed.made) == (0, 1, 1), healed.output
    assert place.latexmk().latex == 0


@needs_latexmk
def test_a_new_label_used_before_its_trace_heals_by_itself(place: Place) -> None:
    """No build passes with a value that is not there; the one after it has the value, without special flags."""
    place.write(document(TEN[1:2]))
    assert place.latexmk().status == 0
    place.write(document(TEN[1:3]).replace("First ", r"Early \adtvalue{t3}{x1}! First "))
    first = place.latexmk()
    assert first.status == 12
    assert "No trace has the label t3" in first.output
    second = place.latexmk()
    assert second.status == 0, second.output
    assert "Early 5.3333!" in place.text()


@needs_latexmk
@pytest.mark.parametrize(
    ("flag", "engine", "extra"),
    [
        ("-pdf", "pdflatex", ("-outdir=build", "-jobname=other")),
        ("-pdfxe", "xelatex", ("-outdir=build",)),
        ("-pdflua", "lualatex", ("-outdir=build", "-auxdir=aux")),
    ],
)
def test_every_engine_and_folder_builds_in_one_command(
    place: Place, flag: str, engine: str, extra: tuple[str, ...]
) -> None:
    """One latexmk command gives the finished document with each engine, in other folders and under another name."""
    skip_without(engine)
    place.write(document(TEN[:2]))
    built = place.latexmk(flag, *extra)
    assert (built.status, built.calls, built.made) == (0, 1, 2), built.output
    name = "other" if "-jobname=other" in extra else "main"
    assert place.text(f"build/{name}.pdf").count("11.6521!") == 2
    assert place.latexmk(flag, *extra).latex == 0


@needs_pdflatex
def test_the_program_is_not_needed_where_the_answers_are(place: Place) -> None:
    """With the answers of another run as ``cache`` the document is whole under any job name, without adtrace."""
    place.write(document(TEN[:2]))
    assert main(["build", "main.tex"]) == 0
    place.write(
        document(TEN[1::-1])
        .replace("{adtrace}", "{adtrace}", 1)
        .replace(r"\usepackage{adtrace}", r"\usepackage[cache=main.adtout]{adtrace}")
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "-jobname=output", "main"]
    for _ in range(2):
        run = subprocess.run(command, cwd=place.folder, capture_output=True, text=True, errors="replace", check=True)
    assert "No trace yet" not in run.stdout
    assert place.text("output.pdf").count("11.6521!") == 2


@needs_pdflatex
def test_build_makes_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``adtrace build`` makes the document of the examples, without warnings, with its values, captions and labels."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples" / "latex-document" / "homework.tex", tmp_path)
    assert main(["build", "homework.tex", "--outdir", "out"]) == 0
    log = (tmp_path / "out" / "homework.log").read_text(errors="replace")
    assert not re.search(r"Warning|Overfull|undefined", log)
    text = Place(tmp_path, "").text("out/homework.pdf")
    for expected in (
        "function of Table 1 has the value 11.6521", "gradient (5.5, 1.7163)", "Table 2: Both partial derivatives in",
        "Table 3: A trace in a table of our own.", "Its value is 35.1211; the adjoint of v2 is 1.",
    ):  # fmt: skip
        assert expected in text
    assert text.count("Table ") == 4  # a bare trace has no caption of ours


@needs_pdflatex
def test_build_reports_the_error_at_its_line(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A trace that cannot be made fails the build with our message and its line; whatever it holds, TeX survives."""
    expression = r"sine(x1) + {x2} ~ \% ^^ & $ é"
    text = document([TEN[0], trace(2, expression)])
    place.write(text)
    assert main(["build", "main.tex"]) == 2
    errors = capsys.readouterr().err
    line = text.split("\n").index(trace(2, expression)) + 1
    assert f"main.tex:{line}: Package adtrace Error: " in errors
    assert errors.count("Error: ") == 1, errors


@needs_pdflatex
def test_build_neither_reads_above_nor_runs_programs_nor_hangs(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A document of a stranger reads no file above its folder, runs no program, and is stopped after the time limit."""
    (place.folder / "secret.tex").write_text("SECRET")
    folder = place.folder / "inner"
    folder.mkdir()
    begin = r"\documentclass{article}\begin{document}\immediate\write18{touch owned}x"
    os.chdir(folder)
    Path("main.tex").write_text(begin + r"\IfFileExists{../secret.tex}{\input{../secret}}{} y\end{document}")
    assert main(["build", "main.tex", "--timeout", "60"]) == 0
    assert "SECRET" not in Place(folder, "").text()
    assert not Path("owned").exists()
    Path("main.tex").write_text(begin + r"\loop\iftrue\repeat\end{document}")
    capsys.readouterr()
    assert main(["build", "main.tex", "--timeout", "1"]) == 2
    assert "stopped after 1 seconds" in capsys.readouterr().err


@needs_pdflatex
def test_a_value_or_label_that_is_not_there_is_an_error(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    r"""A wrong name in ``\adtvalue`` never passes as a number: LaTeX fails and names it."""
    place.write(document([TEN[1]]).replace("Last ", r"\adtvalue{t2}{z} \adtvalue{t3}{y} Last "))
    assert main(["build", "main.tex"]) == 2
    errors = capsys.readouterr().err
    assert "The trace t2 has no value z" in errors
    assert "No trace has the label t3" in errors
    assert len(re.findall(r"main\.tex:\d+: Package adtrace Error", errors)) == 2
    assert "doesn't match its definition" not in errors  # how TeX comes to show it


@needs_pdflatex
def test_a_value_is_expandable(place: Place) -> None:
    """Expanded, a value is its digits and nothing else: TeX itself can calculate with it."""
    probe = (
        r"\edef\shown{\adtvalue{t2}{bar v-1}}\typeout{<\meaning\shown>}\typeout{<\the\dimexpr\adtvalue{t2}{dot y}pt*2>}"
    )
    place.write(document([TEN[1]]).replace("Last ", probe + " Last "))
    assert main(["build", "main.tex"]) == 0
    log = (place.folder / "main.log").read_text(errors="replace")
    assert "<macro:->5.5>" in log
    assert "<11.0pt>" in log


@needs_pdflatex
def test_values_stand_inside_siunitx(place: Place) -> None:
    """A value expands to its digits, so that the number macros of siunitx take it."""
    if missing_package("siunitx.sty"):
        pytest.skip(missing_package("siunitx.sty"))
    body = document([TEN[1]], head=r"\usepackage{siunitx}").replace("Last ", r"\num{\adtvalue{t2}{dot y}}? Last ")
    place.write(body)
    assert main(["build", "main.tex"]) == 0
    assert "5.5?" in place.text()


@needs_pdflatex
def test_versions_are_compared(place: Place) -> None:
    """A package older than the program is named in the log; the answers of another program are made again."""
    place.write(document(TEN[:1]).replace("{t2}", "{t1}"))
    assert main(["build", "main.tex"]) == 0
    answers = place.folder / "main.adtout"
    assert read_answers(answers, stamp(None))
    assert read_answers(answers, "0.0.1") == {}
    answers.write_text(answers.read_text().replace(r"\adtversion{", r"\adtversion{9."))
    command = ["pdflatex", "-interaction=nonstopmode", "main"]
    run = subprocess.run(command, cwd=place.folder, capture_output=True, text=True, errors="replace", check=True)
    assert "but its fragments" in run.stdout


def test_unchanged_traces_import_no_mathematics(tmp_path: Path) -> None:
    """With every answer there, ``adtrace tex`` imports neither sympy nor jinja2 nor flint."""
    asked = tmp_path / "main.adt"
    asked.write_text(f"adtrace {__version__}\n" + "A" * 32 + "|at={x=2},|x*x\nend\n")
    script = (
        "import sys; from adtrace.cli import main; status = main(['tex', sys.argv[1]]);"
        "print(status, [name for name in ('sympy', 'jinja2', 'flint') if name in sys.modules])"
    )
    shown = []
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", script, str(asked)], capture_output=True, text=True, cwd=ROOT, check=True
        )
        shown.append(run.stdout.strip())
    assert shown == ["0 ['jinja2', 'flint']", "0 []"]


def test_answers_are_written_only_when_they_differ(tmp_path: Path) -> None:
    """Asking for the same traces in another order leaves the answers untouched; dropped traces leave them."""
    asked, answers = tmp_path / "main.adt", tmp_path / "main.adtout"
    lines = [f"{letter * 32}|at={{x={number}}},|x*x" for letter, number in (("A", 2), ("B", 3))]
    asked.write_text("\n".join([f"adtrace {__version__}", *lines, "end", ""]))
    assert main(["tex", str(asked)]) == 0
    before = answers.stat().st_mtime_ns, answers.read_bytes()
    asked.write_text("\n".join([f"adtrace {__version__}", *lines[::-1], "end", ""]))
    assert main(["tex", str(asked)]) == 0
    assert (answers.stat().st_mtime_ns, answers.read_bytes()) == before
    asked.write_text(
        "\n".join([f"adtrace {__version__}", lines[0], ""])
    )  # LaTeX stopped: the other may still be wanted
    assert main(["tex", str(asked)]) == 0
    assert set(read_answers(answers, stamp(None))) == {"A" * 32, "B" * 32}
    asked.write_text("\n".join([f"adtrace {__version__}", lines[0], "end", ""]))
    assert main(["tex", str(asked)]) == 0
    assert set(read_answers(answers, stamp(None))) == {"A" * 32}


def test_answers_that_are_cut_off_are_not_used(tmp_path: Path) -> None:
    """A file of answers without its end counts for nothing, and the exchange reads back what it wrote."""
    path = tmp_path / "main.adtout"
    answers = {"A" * 32: "\\adtfragment{A}{%\nx}", "B" * 32: "y"}
    path.write_text(written_answers(answers, "1"))
    assert read_answers(path, "1") == answers
    path.write_text(written_answers(answers, "1")[:-5])
    assert read_answers(path, "1") == {}


def test_requests_are_read_as_the_package_writes_them() -> None:
    """Options stand in braces, the last of a name counts, and what is not so is refused with its place."""
    read = request("at={x1=2, x2={3}},digits={3},digits={5},|ln(x1|2)")
    assert read.expression == "ln(x1|2)"
    assert read.settings == {"at": "x1=2, x2={3}", "digits": "5"}
    with pytest.raises(ParseError, match="name=value"):
        request("mode|x")
    with pytest.raises(ParseError, match="not closed"):
        request("mode={x|y")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("at={x=2},mod={forward},", "there is no option 'mod' (did you mean 'mode'?)"),
        ("open={s},", "a trace needs a variable"),
        ("at={x=2},digits={many},", "digits is a whole number"),
        ("at={x=2},template_dir={/},", "a document does not choose its templates"),
        ("at={x=2},template-dir={/},", "a document does not choose its templates"),
        ("at={x=2},format={json},", "format is not an option of a trace in a document"),
        ("at={x=0},", "ln"),
    ],
)
def test_a_wrong_request_is_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: str, message: str
) -> None:
    """A request that cannot be met becomes an error for LaTeX to raise, and the program's exit status stays 0."""
    asked = tmp_path / "main.adt"
    asked.write_text(f"adtrace {__version__}\n{'A' * 32}|{options}|ln(x)\nend\n")
    assert main(["tex", str(asked)]) == 0
    assert message in capsys.readouterr().err
    assert r"\adtfailure{" + "A" * 32 in (tmp_path / "main.adtout").read_text()


def test_a_list_of_requests_must_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there or that LaTeX has not written is refused with a sentence."""
    assert main(["tex", str(tmp_path / "none.adt")]) == 2
    assert "LaTeX writes it" in capsys.readouterr().err
    (tmp_path / "main.adt").write_text("hello\n")
    assert main(["tex", str(tmp_path / "main.adt")]) == 2
    assert "is not a list of requests" in capsys.readouterr().err


@needs("kpsewhich")
def test_the_package_installs_into_the_users_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``adtrace sty --install`` puts the package where LaTeX finds it for every document."""
    monkeypatch.setenv("TEXMFHOME", str(tmp_path))
    assert main(["sty", "--install"]) == 0
    found = subprocess.run(["kpsewhich", "adtrace.sty"], capture_output=True, text=True, check=True, cwd="/").stdout
    assert found.strip() == str(tmp_path / "tex" / "latex" / "adtrace" / "adtrace.sty")


@needs_pdflatex
def test_a_fragment_without_macros_is_for_a_document_with_the_package(place: Place) -> None:
    r"""``--no-macros`` leaves out what adtrace.sty defines; the document reads the fragment with ``\input``."""
    given = ["table", "x^2", "--at", "x=3", "--mode", "forward"]
    assert main([*given, "--no-macros", "-o", "bare.tex"]) == 0
    assert main([*given, "-o", "whole.tex"]) == 0
    bare, whole = (Path(name).read_text() for name in ("bare.tex", "whole.tex"))
    assert r"\adtprovide" in whole
    assert r"\adtprovide" not in bare
    assert bare.partition(r"\begin{table}")[2] == whole.partition(r"\begin{table}")[2]
    place.write(r"\documentclass{article}\usepackage{adtrace}\begin{document}\input{bare}\end{document}")
    assert main(["build", "main.tex"]) == 0
    assert "Table 1: Forward mode AD" in place.text()


def changed(place: Place, old: str, new: str) -> None:
    """Change the answers by hand."""
    answers = place.folder / "main.adtout"
    text = answers.read_text()
    assert old in text
    answers.write_text(text.replace(old, new))


OWNED = r"\newwrite\owned\immediate\openout\owned=owned.txt\immediate\write\owned{x}\immediate\closeout\owned "


@needs_pdflatex
def test_what_was_changed_by_hand_is_made_anew(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A number that was changed in the file of answers is made again, alone, and TeX put there never runs; each change
    is of answers that are whole again after the one before.
    """
    place.write(document(TEN[:2]))
    assert main(["build", "main.tex"]) == 0
    whole = (place.folder / "main.adtout").read_bytes()
    for old, new, made in (
        ("11.6521", "99.9999", 1),
        (r"}{y}{11.6521}", r"}{y}{11.6521}" + OWNED, 1),
        ("%%adt ", f"{OWNED}\n%%adt ", 2),
        ("%%adt end", f"%%adt end\n{OWNED}", 2),
        ("% Written", f"{OWNED}% Written", 2),
    ):
        changed(place, old, new)
        capsys.readouterr()
        assert main(["build", "main.tex"]) == 0, new
        assert f"main.adtout: 2 traces{f', {made}' if made < 2 else ''} made" in capsys.readouterr().err, new
        assert (place.folder / "main.adtout").read_bytes() == whole, new
        assert place.text().count("11.6521!") == 2, new
        assert not (place.folder / "owned.txt").exists(), new


@needs_latexmk
def test_latexmk_makes_anew_what_was_changed(place: Place) -> None:
    """With latexmk, too, before LaTeX reads it: nothing that was put there runs, and the number is right."""
    place.write(document(TEN[:2]))
    assert place.latexmk().status == 0
    changed(place, "}{y}{11.6521}", "}{y}{99.9999}" + OWNED)
    again = place.latexmk()
    assert (again.status, again.made) == (0, 1), again.output
    place.write(document(TEN[:2], prose="Other prose."))
    assert place.latexmk().status == 0
    assert place.text().count("11.6521!") == 2
    assert not (place.folder / "owned.txt").exists()


@needs_pdflatex
def test_a_stale_value_is_no_number(place: Place) -> None:
    r"""With answers to another point every ``\adtvalue`` is ``??`` with a warning, as ``\ref`` is, and never 0."""
    place.write(document(TEN[:2]))
    assert main(["build", "main.tex"]) == 0
    (place.folder / "old.adtout").write_bytes((place.folder / "main.adtout").read_bytes())
    for path in place.folder.glob("main.*"):
        path.unlink()
    place.write(
        document([TEN[0], TEN[1].replace("x2=5", "x2=6")]).replace("{adtrace}", "[cache=old.adtout]{adtrace}", 1)
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "main"]
    for _ in range(2):
        run = subprocess.run(command, cwd=place.folder, capture_output=True, text=True, errors="replace", check=True)
    assert run.stdout.count("Package adtrace Warning: Value `y' of trace `t2' on page") == 2
    assert "There were undefined references" in run.stdout
    text = place.text()
    assert "First ??!" in text
    assert "Last ??!" in text


@needs_pdflatex
def test_a_document_may_say_what_a_missing_value_is(place: Place) -> None:
    r"""Where TeX calculates with values, ``\renewcommand\adtundefined[2]{0}`` gives it a number in the first run."""
    head = r"\renewcommand\adtundefined[2]{0}"
    probe = r"\typeout{<\the\dimexpr\adtvalue{t2}{dot y}pt*2>}"
    place.write(document([TEN[1]], head=head).replace("Last ", probe + " Last "))
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "main"]
    run = subprocess.run(command, cwd=place.folder, capture_output=True, text=True, errors="replace", check=True)
    assert "<0.0pt>" in run.stdout


MOVED = r"\adtrace[at={x=2}]{x}"


@needs_pdflatex
@pytest.mark.parametrize(
    "body",
    [
        rf"\adtrace[at={{x=3}},caption={{Nested {MOVED}}}]{{x}}",
        rf"\begin{{table}}\caption{{A caption {MOVED}}}\end{{table}}",
        rf"\begin{{table}}\caption{{A caption \adtrace*[at={{x=2}}]{{x}} {'of many words ' * 30}}}\end{{table}}",
        rf"\tableofcontents\section{{A heading {MOVED}}}",
        rf"\listoftables\begin{{table}}\caption{{A caption {MOVED}}}\end{{table}}",
    ],
)
def test_a_trace_in_an_argument_that_is_moved_is_refused(
    place: Place, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    """A trace in a caption or a list is one error that says so; LaTeX comes to its end."""
    place.write("\n".join([r"\documentclass{article}\usepackage{adtrace}\begin{document}", body, r"\end{document}"]))
    assert main(["build", "main.tex", "--timeout", "60"]) == 2
    errors = capsys.readouterr().err
    assert errors.count("Package adtrace Error: No trace can stand in a caption, a heading or a list") == 1
    assert errors.count("Error: ") == 1


@needs_latexmk
def test_several_builds_at_once_end_well(place: Place) -> None:
    """Three builds of one document and a latexmk beside them all succeed, with the whole document and nothing left."""
    place.write(document(TEN))
    environment = {"PATH": place.path, "HOME": str(place.folder), "PYTHONPATH": str(ROOT)}
    commands = [[str(place.folder / "tools" / "adtrace"), "build", "main.tex"]] * 3
    commands.append(["latexmk", "-pdf", "-interaction=nonstopmode", "main"])
    runs = [
        subprocess.Popen(
            one, cwd=place.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace"
        )
        for one in commands
    ]
    for run in runs:
        output, _ = run.communicate(timeout=300)
        assert run.returncode == 0, output
    assert place.text().count("11.6521!") == 2
    assert not [path for path in place.folder.iterdir() if path.name.startswith((".main", "main.adt-"))]


@needs_pdflatex
@pytest.mark.parametrize("outdir", [None, "out"])
def test_chapters_in_folders_are_built(place: Place, capsys: pytest.CaptureFixture[str], outdir: str | None) -> None:
    r"""``\include`` of a file in a folder works, in the document's folder and in another, and is read again."""
    (place.folder / "chapters").mkdir()
    place.write(r"\chapter{One}\label{one}" + TEN[1] + r" Here \ref{one}?", "chapters/one.tex")
    place.write(
        r"\documentclass{report}\usepackage{adtrace}\begin{document}Last \adtvalue{t2}{y}! \include{chapters/one}"
        r"\end{document}"
    )
    arguments = ["build", "main.tex", *(["--outdir", outdir] if outdir else [])]
    for _ in range(2):
        assert main(arguments) == 0
    told = capsys.readouterr().err
    assert told.count("1 trace made\n") == 1
    assert "main.adtout: 1 trace, up to date\n" in told
    folder = outdir or "."
    text = place.text(f"{folder}/main.pdf")
    assert "Last 11.6521!" in text
    assert "Here 1?" in text
    assert (place.folder / folder / "chapters" / "one.aux").is_file()


def test_statements_stand_on_lines_of_their_own() -> None:
    """TeX makes blanks of the ends of lines; no blank of one statement parts it, and a file is not read."""
    lines = r"a = x1 + x2 b = x2*x2 \par y = 1/a + b + cos(x1)"
    assert request(f"at={{x1=3,x2=6}},|{lines}").expression == "a = x1 + x2\nb = x2*x2 \ny = 1/a + b + cos(x1)"
    whole = "f(x1, x2) = (x1 * x2, exp (x1) / x2)"
    assert request(f"|{whole}").expression == whole
    assert request("|a = x; y = a == a").expression == "a = x; y = a == a"
    with pytest.raises(InputError, match=r"@prog\.txt is read on the command line alone"):
        request("|@prog.txt")


@needs_pdflatex
def test_a_macro_alone_is_the_formula_that_it_holds(place: Place) -> None:
    r"""``\f``, also through another macro, and no command of LaTeX: what is printed and what is traced are one text."""
    traces = [rf"\adtrace*[at={{u=2,w=3}}]{{{of}}}" for of in (r"\f", r" \g ", r"\frac{u}{w}", r"\program", "u*w")]
    place.write(
        "\n".join(
            [
                r"\documentclass{article}\usepackage{adtrace}\begin{document}",
                r"\newcommand\f{u^2*w}\newcommand*\g{\f}\newcommand\program{a = \sin(u); y = a*w} $\f$",
                *traces,
                r"\end{document}",
            ]
        )
    )
    assert main(["build", "main.tex"]) == 0
    asked = [line.rpartition("|")[2].strip() for line in (place.folder / "main.adt").read_text().splitlines()[1:-1]]
    assert asked == ["u^2*w", "u^2*w", r"\frac {u}{w}", r"a = \sin (u); y = a*w", "u*w"]


@needs_pdflatex
def test_a_bare_trace_is_a_box_where_there_are_no_paragraphs(place: Place) -> None:
    r"""``\adtrace*`` stands in \fbox, \resizebox and a cell; the label of several tables is that of the first."""
    bare = r"\adtrace*[mode=reverse,at={x=2}]{x^2}"
    place.write(
        "\n".join(
            [
                r"\documentclass{article}\usepackage{adtrace,graphicx}\begin{document}",
                rf"\noindent\fbox{{{bare}}}\par\noindent\resizebox{{.5\textwidth}}{{!}}{{{bare}}}",
                rf"\par\noindent\begin{{tabular}}{{|l|}}\hline {bare} \\ \hline\end{{tabular}}",
                r"\adtrace[at={x=3},label=t1]{",
                "a = x + 1",
                "",
                "y = a*x}",
                r"See \ref{t1} and \ref{t1-forward}, \ref{t1-reverse}.\end{document}",
            ]
        )
    )
    assert main(["build", "main.tex"]) == 0
    log = (place.folder / "main.log").read_text(encoding="utf-8", errors="replace")
    assert not re.findall(r"^Overfull.*|^LaTeX Warning.*", log, re.MULTILINE)
