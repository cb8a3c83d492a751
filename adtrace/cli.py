"""The command line: arguments into one call of the library, its answer to a stream.

Data goes to stdout, messages to stderr.
Exit status 0: good; 1: the mathematics says no; 2: the input or the call is wrong; 3: ``check`` found mistakes.
The library is imported inside the command, so ``--help`` and ``--version`` cost no more than click.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adtrace import __version__
from adtrace.documents.output import silence, write, write_whole
from adtrace.errors import AdtraceError, InputError, OptionError, nearest, printable
from adtrace.limits import DEFAULT
from adtrace.stops import Stopped, stoppable

_LONGEST_LINE = 400
"""Characters of a message's line that are shown."""

if TYPE_CHECKING:
    from adtrace.api import Trace

_MODES = ["forward", "reverse", "both"]


_COMMANDS = {
    "check": "adtrace.checking.command:check",
    "build": "adtrace.latexbuild.commands:build",
    "md": "adtrace.fences:md",
    "latexmkrc": "adtrace.latexbuild.commands:latexmkrc",
    "sty": "adtrace.latexbuild.commands:sty",
    "tex": "adtrace.latexbuild.commands:tex",
}
"""The commands that live in modules of their own, imported when one is called or listed."""


class _Commands(click.Group):
    """The commands here and those of `_COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or what to write where the formula stands in its place."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            guess = nearest(args[0], self.list_commands(ctx))
            formula = "" if args[0].isidentifier() else f'; a table is asked for by: adtrace table "{args[0]}" --at x=2'
            raise click.UsageError(f"no such command {args[0]!r}{guess or formula}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="adtrace %(version)s")
def cli() -> None:
    """Worked automatic-differentiation traces as three-part tables."""


class _Table(click.Command):
    """A command whose operand may begin with a minus sign, as ``-x^2`` does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Mark such an operand with a blank, so that it is not read as options; `_read` takes the blank away."""
        valued = {name for option in self.params if not getattr(option, "is_flag", True) for name in option.opts}
        for place, argument in enumerate(args):
            if argument == "--":
                break
            short = argument in ("-h", "-f") or argument.startswith(("--", "-o"))
            if len(argument) > 1 and argument[0] == "-" and not short and (not place or args[place - 1] not in valued):
                args[place] = f" {argument}"
        return super().parse_args(ctx, args)


@cli.command(cls=_Table)
@click.argument("expression")
@click.option(
    "--at",
    required=True,
    multiple=True,
    metavar="x1=2,x2=pi/2",
    help="The point: decimals, fractions, constants, exactly.",
)
@click.option("--mode", metavar="|".join(_MODES), help="The derivative trace.  [both]")
@click.option("--seed", multiple=True, metavar="x1 | x1=1,x2=-2 | each", help="Tangents of the variables.  [the first]")
@click.option("--weights", metavar="y1=1,y2=-2", help="The adjoints of several outputs.  [a sweep for each]")
@click.option("--outputs", metavar="a,b", help="The names of a program that are its outputs.  [its last statement]")
@click.option(
    "--kinks", metavar="abs=0,relu=1/2,tie=split,v_3=1 | error", help="Conventions where no derivative exists."
)
@click.option("--digits", type=int, metavar="N", help="Decimals of a rounded number.  [4]")
@click.option("--rounding", metavar="half-even|half-up", help="Where a tie goes.  [half-even]")
@click.option(
    "-f",
    "--format",
    "format_",
    metavar="NAME",
    help="markdown, latex, text, html, json, typst, pdf, png or svg, or an ending such as tex.  "
    "[from -o; else text in a terminal, and markdown]",
)
@click.option("--flavour", metavar="gfm|pandoc|quarto|myst", help="The flavour of Markdown.  [gfm]")
@click.option("--style", metavar="NAME", help="The template.  [three-part]")
@click.option("--notation", metavar="names=source,letter=w", help="What is written otherwise than in the style.")
@click.option("--layout", metavar="side-by-side|stacked", help="The traces beside or below each other.  [side-by-side]")
@click.option("--columns", metavar="name,formula,partial,numbers,value", help="The parts of a row.  [each trace's own]")
@click.option(
    "--standalone",
    is_flag=True,
    help="A whole LaTeX or Typst document or, as -o FILE.html is, an HTML page.",
)
@click.option("--macros/--no-macros", default=None, help="Whether a LaTeX fragment brings its macros.  [macros]")
@click.option("--caption", metavar="TEXT", help="A caption in place of ours; empty for none.")
@click.option("--label", metavar="NAME", help="The label of the table.")
@click.option("--template-dir", metavar="DIR", help="Templates that come before ours.")
@click.option("--undecided", metavar="mark|refuse", help="Digits that no precision decides.  [mark]")
@click.option("--powers", metavar="rows|products", help="x^2 as one row, or as x*x.  [rows]")
@click.option("--sharing/--no-sharing", default=None, help="Identical sub-expressions share a row.  [sharing]")
@click.option("--numbers", metavar="short|fixed|significant|exact", help="How values are written.  [the style's]")
@click.option(
    "--arithmetic", metavar="auto|certified|float|displayed", help="displayed: from the rounded numbers shown."
)
@click.option("--python", is_flag=True, help="EXPRESSION is FILE.py:function, and the file is run.")
@click.option("--limit", multiple=True, metavar="NAME=N", help="Raise a bound, such as rows=100000.")
@click.option("-o", "--output", multiple=True, metavar="FILE", help="Write to a file; its ending gives the format.")
def table(
    expression: str, at: Sequence[str], output: Sequence[str], format_: str | None, limit: Sequence[str], **given: Any
) -> None:
    """Print the trace of EXPRESSION at a point as a table.

    EXPRESSION is a formula, such as "ln(x1) + x1*x2 - sin(x2)", with or without a left side "f(x1, x2) =", several in
    brackets, "(x*y, exp(x)/y)", or a program, "a = x1*x2; y = a + sin(a)".  - reads it from stdin, @FILE from a file.
    With --python it is a function in a Python file, script.py:f; the file is run, so it is to be one that you trust.
    """
    from adtrace.documents.terminal import fitted  # noqa: PLC0415 - nothing of it is needed for --help
    from adtrace.tables.options import PICTURES  # noqa: PLC0415

    made, chosen = traced(expression, at, limit, given)
    files = [(path, _shown_as(path, format_) | chosen) for path in output or ("-",)]  # all endings before the first
    for path, shown in files:
        if shown["format"] not in PICTURES:
            made.write(path, **(fitted(made.tables, shown) if path == "-" else shown))
        elif path == "-":
            raise OptionError(f"a {shown['format']} is not written to a terminal; name its file with -o")
        else:
            write_whole(Path(path), made.picture(**shown))


def traced(
    expression: str, at: Sequence[str], limit: Sequence[str], given: Mapping[str, Any]
) -> tuple[Trace, dict[str, Any]]:
    """The trace that the options of a command ask for, and those that are left: what it is to be shown as."""
    from adtrace.api import trace  # noqa: PLC0415
    from adtrace.tracing.point import assignments  # noqa: PLC0415 - nothing below is needed for --help

    chosen = {
        name: value
        for name, value in given.items()
        if (value is not None and value is not False) or name == "sharing" or (name == "macros" and value is False)
    }
    asked = {name: chosen.pop(name) for name in _TRACED if chosen.get(name) is not None}
    chosen.pop("sharing", None)
    seeds = [assignments(seed, "--seed") if "=" in seed else seed for seed in chosen.pop("seed", ())]
    if seeds:
        asked["seed"] = seeds if len(seeds) > 1 else seeds[0]
    if "weights" in asked:
        asked["weights"] = assignments(asked["weights"], "--weights")
    if "outputs" in asked:
        asked["outputs"] = [name.strip() for name in asked["outputs"].split(",")]
    python = chosen.pop("python", False)
    source = _function(expression) if python else _formula(expression)
    with _faults_of(expression) if python else nullcontext():
        return trace(source, assignments(",".join(at), "--at"), limits=_limits(limit), **asked), chosen


def asked(arguments: list[str]) -> tuple[Trace, dict[str, Any], str | None, Sequence[str]]:
    """The trace that the arguments of ``adtrace table`` ask for, its options, the format and the files.

    Raises `InputError` for arguments that are wrong.
    """
    try:
        given = dict(table.make_context("adtrace table", list(arguments)).params)
    except click.ClickException as error:
        raise InputError(error.format_message()) from None
    format_, output = given.pop("format_"), given.pop("output")
    made, chosen = traced(given.pop("expression"), given.pop("at"), given.pop("limit"), given)
    return made, chosen, format_, output


_NOT_OF_A_GRAPH = (
    "mode",
    "flavour",
    "macros",
    "format_",
    "layout",
    "columns",
    "standalone",
    "caption",
    "label",
    "output",
)


@cli.command(cls=_Table, params=[option for option in table.params if option.name not in _NOT_OF_A_GRAPH])
@click.option("--mode", metavar="reverse|forward|evaluation", help="Adjoints, tangents, or neither.  [reverse]")
@click.option("--of", metavar="NAME", help="Which of several outputs the adjoints are of.")
@click.option("-f", "--format", "format_", metavar="svg|tikz|dot|mermaid", help="The format.  [from -o, else svg]")
@click.option(
    "-o", "--output", multiple=True, metavar="FILE", help="Write to a file; .svg, .tikz, .dot or .mmd gives the format."
)
def graph(
    expression: str, at: Sequence[str], output: Sequence[str], format_: str | None, limit: Sequence[str], **given: Any
) -> None:
    """Draw the computational graph of EXPRESSION at a point: values on the edges, adjoints on the edges back.

    EXPRESSION is what it is for a table.
    """
    made, chosen = traced(expression, at, limit, given)
    from adtrace.graphs.drawings import DRAWINGS  # noqa: PLC0415

    endings = {name: drawing.ending for name, drawing in DRAWINGS.items()}
    for path, kind in [(path, format_ or _by_ending(path, endings, "svg")) for path in output or ("-",)]:
        write(made.graph(format=kind, **chosen), path)


_TRACED = ("powers", "arithmetic", "sharing", "weights", "outputs", "kinks")
"""The options of the trace; the others are those of the table."""
_FUNCTION = re.compile(r"(.+\.py):([A-Za-z_]\w*)")
"""A function in a Python file."""
_FILE = re.compile(r"[\w./\\ -]*\.[A-Za-z]\w*")
"""What the name of a file looks like, and no expression does: a point with a letter after it."""


def _formula(expression: str) -> str:
    """The expression as text; a function in a file is run only when that is asked for."""
    if _FUNCTION.fullmatch(expression):
        raise InputError(f"{expression!r} looks like a function in a Python file; to run the file, add --python")
    if _FILE.fullmatch(expression) and Path(expression).is_file():
        raise InputError(f"{expression!r} is a file; what it holds is read by @{expression}")
    return _read(expression)


def _function(expression: str) -> Callable[..., Any]:
    """The function ``script.py:f``: the file is run as a script's import would run it."""
    from importlib.util import module_from_spec, spec_from_file_location  # noqa: PLC0415

    found = _FUNCTION.fullmatch(expression)
    if found is None:
        raise InputError(f"with --python the expression is written as script.py:f, not {printable(expression[:60])!r}")
    path, name = Path(found[1]), found[2]
    if not path.is_file():
        raise InputError(f"{found[1]!r} cannot be read: there is no such file")
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = sys.modules.get(path.stem, module)  # what the file defines can be found by its own name
    sys.path.insert(0, str(path.resolve().parent))  # as python does for a script, so that its own imports are found
    with _faults_of(expression):
        spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        known = [other for other, value in vars(module).items() if isfunction(value) and value.__module__ == path.stem]
        raise InputError(f"{found[1]} has no function {name!r}{nearest(name, known)}")
    return function  # type: ignore[no-any-return]


@contextmanager
def _faults_of(expression: str) -> Iterator[None]:
    """What a user's function raises, as an error with its place."""
    path = _FUNCTION.fullmatch(expression)
    try:
        yield
    except (AdtraceError, KeyboardInterrupt, BrokenPipeError):
        raise
    except (Exception, SystemExit) as problem:
        place = f"line {getattr(problem, 'lineno', None)}" if isinstance(problem, SyntaxError) else ""
        for frame in traceback.extract_tb(problem.__traceback__):
            if path and Path(frame.filename).name == Path(path[1]).name:
                place = f"line {frame.lineno}"
        where = f" ({place})" if place else ""
        text = printable(str(problem)[:200])
        raise InputError(
            f"{expression} raised {type(problem).__name__}{where}" + (f": {text}" if text else "")
        ) from None


def _read(expression: str) -> str:
    """The expression, from stdin for ``-`` and from a file for ``@FILE``."""
    most = DEFAULT.characters * 100
    try:
        if expression == "-":
            return sys.stdin.buffer.read(most).decode("utf-8-sig").strip()
        if expression.startswith("@"):
            with open(expression[1:], encoding="utf-8-sig") as stream:
                return stream.read(most).strip()
    except UnicodeDecodeError:
        raise InputError("the expression is not text in UTF-8") from None
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        raise InputError(f"{expression[1:]!r} cannot be read: {getattr(problem, 'strerror', problem)}") from None
    return expression.removeprefix(" ") if expression.startswith(" -") else expression


def _limits(given: Sequence[str]) -> Any:
    """The bounds, with the given ones in place of the documented."""
    from dataclasses import fields, replace  # noqa: PLC0415

    known = [field.name for field in fields(DEFAULT)]
    chosen: dict[str, int] = {}
    for text in given:
        name, _, number = text.partition("=")
        if name not in known or not number.isascii() or not number.isdigit() or len(number) > 12:
            raise OptionError(f"--limit is NAME=N with {', '.join(known)}; not {text!r}")
        chosen[name] = int(number)
    return replace(DEFAULT, **chosen)


def _shown_as(output: str, format_: str | None) -> dict[str, Any]:
    """The format that is named, or that a table's file is in; a terminal shows text, and whatever reads on Markdown."""
    from adtrace.tables.options import FORMATS, of_file  # noqa: PLC0415

    if format_ is not None:
        return {"format": format_}
    if output == "-":
        return {"format": "text" if sys.stdout.isatty() else "markdown"}
    shown: dict[str, Any] = of_file(output) or {"format": _by_ending(output, FORMATS, "")}
    return shown | ({"standalone": True} if shown["format"] == "html" else {})


def _by_ending(output: str, endings: Mapping[str, str], otherwise: str) -> str:
    """The format of a file by its ending, or the one for the terminal."""
    if output == "-":
        return otherwise
    for name, ending in endings.items():
        if output.lower().endswith(ending):
            return name
    known = ", ".join(endings.values())
    raise OptionError(f"no format is known for {output!r}; name one with --format, or end the file in {known}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with stoppable():
            status = cli.main(args=arguments, prog_name="adtrace", standalone_mode=False)
        return status if isinstance(status, int) else 0  # an exit that click has caught, or a command that is done
    except Stopped as stop:
        click.echo("adtrace: stopped", err=True)
        return stop.exit_status
    except AdtraceError as error:
        return _complain(str(error), error.exit_status)
    except click.ClickException as error:
        return _refused(error)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo("adtrace: stopped", err=True)
        return 130
    except BrokenPipeError:  # the reader has all that it wants
        silence(sys.stdout)
    return 0


def _complain(message: str, status: int) -> int:
    """One message on stderr; a name of a thousand letters is shown in part."""
    lines = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}..." for line in message.split("\n")]
    click.echo("\n".join(["adtrace: error: " + lines[0], *lines[1:]]), err=True)
    return status


def _refused(error: click.ClickException) -> int:
    """A call that click refuses, in the words of the other errors."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    if context is not None and message == context.get_help():  # no command at all
        error.show()
    else:
        problem = printable(message[:1].lower() + message[1:].rstrip("."))
        _complain(f"{problem}\n  see {context.command_path if context else 'adtrace'} --help", error.exit_code)
    return error.exit_code
