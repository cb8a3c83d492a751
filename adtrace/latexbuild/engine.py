"""``adtrace build``: LaTeX, answers, LaTeX, until nothing changes.

The engine runs without shell escape, reads only below the document's folder and TeX's own trees (``openin_any=p``),
writes only below the folder of its output, and is stopped after a time limit.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adtrace.errors import InputError, OptionError

ENGINES = ("pdflatex", "xelatex", "lualatex")
_MOST_RUNS = 6
_KEPT_ERRORS = 5
_SETTLING = (".aux", ".toc", ".lof", ".lot", ".out", ".nav")
"""What one run writes and the next reads."""


@dataclass(frozen=True, slots=True)
class Run:
    """How LaTeX is run on a document."""

    document: Path
    engine: str
    outdir: Path | None
    jobname: str | None
    timeout: int

    @property
    def stem(self) -> Path:
        """What is written, without its ending."""
        return (self.outdir or Path()) / (self.jobname or self.document.stem)


def build_document(run: Run, package: str, answer: Callable[[Path], bool]) -> Path:
    """The document's PDF.

    ``package`` is adtrace.sty, for where it is not installed; ``answer`` writes the answers to a file of requests and
    says whether they have changed.

    Raises `OptionError` for an engine that is not known, `InputError` where LaTeX stops, takes too long, or ends with
    errors.
    """
    if run.engine not in ENGINES:
        raise OptionError(f"the engine is {', '.join(ENGINES[:-1])} or {ENGINES[-1]}, not {run.engine!r}")
    if run.jobname is not None and not re.fullmatch(r"[\w.+-]+", run.jobname):
        raise OptionError(f"a job name is letters, digits and the marks - _ . +, not {run.jobname!r}")
    if not run.document.is_file():
        raise InputError(f"the document {str(run.document)!r} is not there")
    if run.outdir is not None:
        run.outdir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="adtrace-") as folder:
        Path(folder, "adtrace.sty").write_text(package, encoding="utf-8")
        requests = run.stem.with_name(run.stem.name + ".adt")
        for _ in range(_MOST_RUNS):
            before = _state(run.stem)
            status = _latex(run, folder)
            changed = requests.is_file() and answer(requests)
            if not changed and _state(run.stem) == before:
                break
    if status:
        raise InputError(f"{run.engine} found errors in {run.document}:\n{_errors(run.stem)}")
    return run.stem.with_name(run.stem.name + ".pdf")


def _state(stem: Path) -> list[bytes | None]:
    """What the next run will read."""
    files = [stem.with_name(stem.name + ending) for ending in _SETTLING]
    return [path.read_bytes() if path.is_file() else None for path in files]


def _latex(run: Run, packages: str) -> int:
    """One run of the engine; its exit status."""
    document = run.document.as_posix()
    command = [run.engine, "-no-shell-escape", "-interaction=nonstopmode", "-file-line-error"]
    if run.outdir is not None:
        command.append(f"-output-directory={run.outdir}")
    if run.jobname is not None:
        command.append(f"-jobname={run.jobname}")
    inputs = os.pathsep.join([".", packages, os.environ.get("TEXINPUTS", "")])
    environment = os.environ | {"openin_any": "p", "openout_any": "p", "shell_escape": "f", "TEXINPUTS": inputs}
    environment |= {"max_print_line": "1000", "error_line": "254", "half_error_line": "238"}  # our messages are long
    try:
        process = subprocess.Popen(
            [*command, document],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as problem:
        raise InputError(f"{run.engine} cannot be run: {problem.strerror}; it comes with TeX Live") from None
    try:
        return process.wait(run.timeout)
    except subprocess.TimeoutExpired:
        raise InputError(f"{run.engine} was stopped after {run.timeout} seconds; see --timeout") from None
    finally:
        if process.poll() is None:  # the limit, or our own end: LaTeX must not outlive us
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _errors(stem: Path) -> str:
    """The errors of the log: each with its place, and the lines of ours that go on with it."""
    try:
        lines = stem.with_name(stem.name + ".log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "  it wrote no log"
    found: list[str] = []
    for place, line in enumerate(lines):
        if re.match(r"\S[^:]*:\d+: |! ", line):
            rest = (more.strip() for more in lines[place + 1 : place + 12])
            found.append(
                "\n".join([line, *(more for more in rest if more.startswith(("(adtrace)", "! Package adtrace")))])
            )
    return "\n".join(found[:_KEPT_ERRORS]) or "  see the log"
