"""``adtrace build``: LaTeX, answers, LaTeX, until nothing changes.

The engine runs without shell escape, reads only below the document's folder and TeX's own trees (``openin_any=p``),
and is stopped after a time limit.  It writes into a folder of its own, of which the files are put in place whole, so
that several builds of a document at once, or a latexmk beside, do not read what another is about to write.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adtrace.errors import InputError, OptionError, one_of
from adtrace.latexbuild.written import Own
from adtrace.stops import scratch, undivided

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
    recorded: bool = False
    """Whether LaTeX writes down which files it reads, into ``.fls``."""

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
    one_of("the engine", run.engine, ENGINES)
    if run.jobname is not None and not re.fullmatch(r"[\w.+-]+", run.jobname):
        raise OptionError(f"a job name is letters, digits and the marks - _ . +, not {run.jobname!r}")
    if not run.document.is_file():
        raise InputError(f"the document {str(run.document)!r} is not there")
    if run.outdir is not None:
        try:
            run.outdir.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise InputError(f"{str(run.outdir)!r} cannot be made: {problem.strerror}") from None
    with scratch() as folder:
        packages = folder / "packages"
        packages.mkdir()
        (packages / "adtrace.sty").write_text(package, encoding="utf-8")
        own = Own(folder / "written", run.stem)
        requests = own.path(".adt")
        for _ in range(_MOST_RUNS):
            before = _state(own)
            try:
                status = _latex(run, own, packages)
            except InputError:
                own.publish((".log",))
                raise
            new = own.fill_in(_refused(own))
            changed = requests.is_file() and answer(requests)
            if not changed and not new and _state(own) == before:
                break
        own.publish()
        if status:
            raise InputError(f"{run.engine} found errors in {run.document}:\n{_errors(own)}")
    return run.stem.with_name(run.stem.name + ".pdf")


def _state(own: Own) -> list[bytes | None]:
    """What the next run will read."""
    return [path.read_bytes() if path.is_file() else None for path in map(own.path, _SETTLING)]


def _latex(run: Run, own: Own, packages: Path) -> int:
    """One run of the engine; its exit status."""
    command = [run.engine, "-no-shell-escape", "-interaction=nonstopmode", "-file-line-error"]
    command.append(f"-output-directory={own.folder}")
    if run.recorded:
        command.append("-recorder")
    if run.jobname is not None:
        command.append(f"-jobname={run.jobname}")
    command.append(run.document.as_posix())
    folders = [".", *([str(run.outdir)] if run.outdir else []), str(packages), os.environ.get("TEXINPUTS", "")]
    inputs = os.pathsep.join(folders)
    environment = os.environ | {"openin_any": "p", "openout_any": "p", "shell_escape": "f", "TEXINPUTS": inputs}
    environment |= {"max_print_line": "1000", "error_line": "254", "half_error_line": "238"}  # our messages are long
    process = None
    try:
        with undivided():
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return process.wait(run.timeout)
    except OSError as problem:
        raise InputError(f"{run.engine} cannot be run: {problem.strerror}; it comes with TeX Live") from None
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{run.engine} was stopped after {run.timeout} seconds: the end of {run.stem.name}.log says where it was; "
            "a document that takes longer is given --timeout SECONDS"
        ) from None
    finally:
        if process is not None and process.poll() is None:  # the limit, or our own end: LaTeX must not outlive us
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _refused(own: Own) -> list[str]:
    """The files of chapters that LaTeX could not write, for want of a folder."""
    return re.findall(r"I can't write on file `([^'\n]+)'", own.log())


_EXPANDABLE = r"Use of \??? doesn't match its definition."


def _errors(own: Own) -> str:
    """The errors of the log: each with its place, and the lines of ours that go on with it."""
    lines = own.log().splitlines()
    if not lines:
        return "  it wrote no log"
    errors: list[str] = []
    for place, line in enumerate(lines):
        if re.match(r"\S[^:]*:\d+: |! ", line):
            rest = [more.strip() for more in lines[place + 1 : place + 12]]
            ours = [more for more in rest if more.startswith(("(adtrace)", "! Package adtrace"))]
            if ours and _EXPANDABLE in line:  # an error of \adtvalue: TeX's own sentence is how it comes to be seen
                ours[0] = line[: line.index(_EXPANDABLE)] + ours[0].removeprefix("! ")
            else:
                ours.insert(0, line)
            errors.append("\n".join(ours))
    return "\n".join(errors[:_KEPT_ERRORS]) or "  see the log"
