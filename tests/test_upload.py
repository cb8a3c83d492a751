"""What Overleaf is given builds there: in a folder without adtrace, under the job name that it has."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from outside import needs

from adtrace.cli import main

pytestmark = needs("pdflatex", "pdftotext")

_MAIN = r"""\documentclass{article}
\usepackage{graphicx,adtrace}
\begin{document}
Before \adtvalue{t}{y}!
\input{chapters/one}
\includegraphics[width=1cm]{figures/dot.png}
\nocite{*}\bibliographystyle{plain}\bibliography{refs}
\end{document}
"""
_TRACE = r"\adtrace[mode=forward,at={x1=%s,x2=5},label=t]{x1*x2} After \adtvalue{t}{y}!"
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000"
    "000049454e44ae426082"
)
NEEDED = ["adtrace.sty", "chapters/one.tex", "figures/dot.png", "paper.adtout", "paper.tex", "refs.bib"]


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a paper, with a file that it does not read."""
    monkeypatch.chdir(tmp_path)
    texts = {"paper.tex": _MAIN, "chapters/one.tex": _TRACE % 2, "refs.bib": "@book{k}", "own.txt": ""}
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/dot.png").write_bytes(_DOT)
    return tmp_path


def elsewhere(folder: Path, runs: int) -> tuple[str, str]:
    """The text and the log of the document there, under the job name of Overleaf."""
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-jobname=output", "paper.tex"]
    environment = os.environ | {"max_print_line": "1000"}
    for _ in range(runs):
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment)
        assert run.returncode == 0, run.stdout[-2000:]
    text = subprocess.run(["pdftotext", "output.pdf", "-"], cwd=folder, capture_output=True, check=True).stdout.decode()
    return text, (folder / "output.log").read_text(encoding="utf-8", errors="replace")


def test_folder_has_what_the_document_reads(paper: Path) -> None:
    """Chapters, figures and bibliographies, the answers and the package, nothing else; it builds under another name."""
    assert main(["build", "paper.tex", "--to", "up"]) == 0

    assert sorted(path.relative_to("up").as_posix() for path in Path("up").rglob("*") if path.is_file()) == NEEDED
    text, _ = elsewhere(paper / "up", 2)
    assert "Before 10!" in text
    assert "After 10!" in text
    assert "??" not in text


def test_zip_is_the_same_each_time(paper: Path) -> None:
    """A zip has the same files; built again it is the same to the last byte."""
    assert main(["build", "paper.tex", "--to", "up.zip"]) == 0
    first = Path("up.zip").read_bytes()
    assert main(["build", "paper.tex", "--to", "up.zip", "--outdir", "out"]) == 0

    assert zipfile.ZipFile("up.zip").namelist() == NEEDED
    assert Path("up.zip").read_bytes() == first


def test_stale_answers_print_no_number(paper: Path) -> None:
    """A trace that was changed there is ??, and so are its numbers; the first run says that a second is needed."""
    assert main(["build", "paper.tex", "--to", "up"]) == 0
    elsewhere(paper / "up", 2)
    (paper / "up/chapters/one.tex").write_text(_TRACE % 3, encoding="utf-8")
    _, log = elsewhere(paper / "up", 1)
    assert "Values may have changed. Rerun to get them right" in log
    text, log = elsewhere(paper / "up", 1)

    assert "Before ??!" in text
    assert "After ??!" in text
    assert "10" not in text
    assert "No trace yet for x1*x2" in log
    assert "Rerun to get them right" not in log


def test_missing_answers_are_named(paper: Path) -> None:
    """Where paper.adtout was not uploaded, the log says which file it is; nothing is printed in place of a number."""
    assert main(["build", "paper.tex", "--to", "up"]) == 0
    (paper / "up/paper.adtout").unlink()
    text, log = elsewhere(paper / "up", 2)

    assert "After ??!" in text
    assert "The traces of paper.adtout are not there" in log


def test_other_targets_are_refused(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no folder and no zip is refused before LaTeX runs."""
    assert main(["build", "paper.tex", "--to", "up.tar"]) == 2
    assert main(["build", "paper.tex", "--to", "refs.bib"]) == 2

    assert capsys.readouterr().err.count("--to names a folder, such as overleaf/, or a file that ends in .zip") == 2
    assert not (paper / "paper.pdf").exists()
