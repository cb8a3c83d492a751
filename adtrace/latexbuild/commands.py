"""``adtrace tex``, ``build``, ``sty`` and ``latexmkrc``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from adtrace import __version__
from adtrace.errors import InputError
from adtrace.latexbuild.exchange import read_answers, read_requests, stamp, written_answers
from adtrace.wording import babel_names

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("requests", metavar="MAIN.adt", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--template-dir", type=_FOLDER, metavar="DIR", help="Templates that come before ours.")
@click.option("--force", is_flag=True, help="Make every trace again.")
def tex(requests: Path, template_dir: Path | None, force: bool) -> None:
    """Answer the traces that a LaTeX document asks for: MAIN.adt into MAIN.adtout.

    A trace that cannot be made becomes an error of the next run of LaTeX, at its place; the exit status stays 0.
    """
    answer_requests(requests, template_dir, force=force)


def answer_requests(path: Path, template_dir: Path | None, *, force: bool = False) -> bool:
    """Write the answers to the requests of a document, and say whether they have changed."""
    from adtrace.documents.output import write_changed  # noqa: PLC0415

    if template_dir is not None and not template_dir.is_dir():
        raise InputError(f"the template folder {str(template_dir)!r} is not there")
    asked, maker, target = read_requests(path), stamp(template_dir), path.with_suffix(".adtout")
    record = {} if force else read_answers(target, maker)
    answers = {total: record[total] for total in asked.requests if total in record}
    new = [total for total in asked.requests if total not in record]
    if new:
        from adtrace.latexbuild.fragments import answer  # noqa: PLC0415 - it imports what an unchanged one spares

        for total in new:
            fragment = answer(total, asked.requests[total], template_dir)
            answers[total] = fragment.tex
            if fragment.problem:
                expression = asked.requests[total].split("|", 1)[-1]
                click.echo(f"adtrace: in \\adtrace{{{expression}}}: {fragment.problem}", err=True)
    if not asked.complete:  # LaTeX stopped on the way: the rest may still be wanted
        answers = record | answers
    changed = write_changed(target, written_answers(answers, maker).encode("utf-8"))
    click.echo(f"adtrace: {target.name}: {_told(len(new), len(asked.requests))}", err=True)
    return changed


def _told(new: int, count: int) -> str:
    """``2 traces, 1 made anew``; ``1 trace, up to date``."""
    traces = "no traces" if not count else "1 trace" if count == 1 else f"{count} traces"
    if not new:
        return f"{traces}, up to date" if count else traces
    return f"{traces} made" if new == count else f"{traces}, {new} made anew"


@click.command()
def latexmkrc() -> None:
    """Print the rule for latexmk: adtrace latexmkrc > .latexmkrc."""
    from adtrace.documents.render import shipped  # noqa: PLC0415

    sys.stdout.write(shipped("latex/latexmkrc", version=__version__))


@click.command()
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file."
)
@click.option("--install", is_flag=True, help="Install for all your documents: into TEXMFHOME.")
def sty(output: Path | None, install: bool) -> None:
    """Print adtrace.sty, the LaTeX package, or install it."""
    from adtrace.documents.output import write_whole  # noqa: PLC0415

    text = package()
    if install:
        output = _home() / "tex" / "latex" / "adtrace" / "adtrace.sty"
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise InputError(f"{str(output.parent)!r} cannot be made: {problem.strerror}") from None
    if output is None:
        sys.stdout.write(text)
        return
    write_whole(output, text.encode("utf-8"))
    click.echo(f"adtrace: {output}", err=True)


def package(cache: str = "") -> str:
    """The text of adtrace.sty; ``cache`` names answers that it reads beside those of the job's name."""
    from adtrace.documents.render import shipped  # noqa: PLC0415

    names = sorted(babel_names().items())
    parts = dict.fromkeys(("macros", "arrays", "overlay"), True)
    return shipped("latex/adtrace.sty", version=__version__, languages=names, cache=cache, **parts)


def _home() -> Path:
    """The user's own tree of TeX files."""
    try:
        home = subprocess.run(
            ["kpsewhich", "-var-value=TEXMFHOME"], capture_output=True, text=True, timeout=30, check=True
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        home = ""
    if not home:
        raise InputError(
            "kpsewhich, which knows where LaTeX packages live, is not there; use adtrace sty -o adtrace.sty"
        )
    return Path(home)


@click.command()
@click.argument("document", metavar="MAIN.tex", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--engine", metavar="pdflatex|xelatex|lualatex", default="pdflatex", help="The engine.  [pdflatex]")
@click.option("--outdir", type=_FOLDER, metavar="DIR", help="Where everything is written.")
@click.option("--jobname", metavar="NAME", help="The name of what is written.")
@click.option("--template-dir", type=_FOLDER, metavar="DIR", help="Templates that come before ours.")
@click.option("--timeout", type=click.IntRange(1, 86400), default=300, metavar="SECONDS", help="For a run.  [300]")
@click.option("--to", type=click.Path(path_type=Path), metavar="DIR|FILE.zip", help="What Overleaf is to be given.")
def build(document: Path, template_dir: Path | None, to: Path | None, **how: Any) -> None:
    """Build a LaTeX document with its traces, where there is no latexmk.

    LaTeX runs without shell escape and reads no file above the document's folder.  For bibliographies and indexes use
    latexmk.  With --to all that builds the document where there is no adtrace is put into a folder or a zip.
    """
    from adtrace.latexbuild.engine import Run, build_document  # noqa: PLC0415
    from adtrace.latexbuild.upload import checked_target, upload  # noqa: PLC0415

    target = None if to is None else checked_target(to)
    run = Run(document, **how, recorded=target is not None)
    written = build_document(run, package(), lambda requests: answer_requests(requests, template_dir))
    click.echo(f"adtrace: {written}", err=True)
    if target is not None:
        names = upload(run.stem, package(f"{run.stem.name}.adtout"), target)
        click.echo(f"adtrace: {target}: {', '.join(names)}", err=True)
