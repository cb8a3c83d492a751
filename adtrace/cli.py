"""The command line: arguments into one call of the library, its answer to a stream.

Data goes to stdout, messages to stderr.
Exit status 0: good; 1: the mathematics says no; 2: the input or the call is wrong; 3: ``check`` found mistakes.
The library is imported inside the command, so ``--help`` and ``--version`` cost no more than click.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib import import_module
from inspect import isfunction
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adtrace import __version__
from adtrace.documents.output import require_file, silence, write, write_whole
from adtrace.errors import AdtraceError, InputError, OptionError, nearest, printable, shortened
from adtrace.formats import FORMATS, PICTURES, printed
from adtrace.limits import DEFAULT, Limits
from adtrace.settings import COUNT, FLAG, GRAPH, SETTINGS, SWITCH, Setting, names
from adtrace.sources import NAMED, faults_of, module_of, read
from adtrace.stops import Stopped, stoppable

if TYPE_CHECKING:
    from adtrace.api import Trace

_COMMANDS = {
    "check": "adtrace.checking.command:check",
    "build": "adtrace.latexbuild.commands:build",
    "md": "adtrace.fences:md",
    "layers": "adtrace.networks.command:layers",
    "convolve": "adtrace.networks.window_commands:convolve",
    "latexmkrc": "adtrace.latexbuild.commands:latexmkrc",
    "sty": "adtrace.latexbuild.commands:sty",
    "tex": "adtrace.latexbuild.commands:tex",
    "window": "adtrace.networks.window_commands:window",
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


def _option(setting: Setting) -> click.Option:
    """The option of the command line that a setting is."""
    flags = setting.flag if setting.kind != SWITCH else f"{setting.flag}/--no-{setting.flag[2:]}"
    if setting.kind in (FLAG, SWITCH):
        return click.Option([flags], is_flag=True, default=None, help=setting.help)
    return click.Option(
        [*filter(None, [setting.short]), flags],
        multiple=bool(setting.joint),
        type=int if setting.kind == COUNT else str,
        metavar=setting.takes,
        help=setting.help,
    )


_EXPRESSION = click.Argument(["expression"])
_RUN = click.Option(["--python"], is_flag=True, help="EXPRESSION is FILE.py:function, and the file is run.")
_LIMIT = click.Option(["--limit"], multiple=True, metavar="NAME=N", help="Raise a bound, such as rows=100000.")


@cli.command(cls=_Table, params=[_EXPRESSION, *map(_option, SETTINGS.values()), _RUN, _LIMIT])
@click.option("-o", "--output", multiple=True, metavar="FILE", help="Write to a file; its ending gives the format.")
def table(output: Sequence[str], **given: Any) -> None:
    """Print the trace of EXPRESSION at a point, or in symbols, as a table.

    EXPRESSION is a formula, such as "ln(x1) + x1*x2 - sin(x2)", with or without a left side "f(x1, x2) =", several in
    brackets, "(x*y, exp(x)/y)", or a program, "a = x1*x2; y = a + sin(a)".  - reads it from stdin, @FILE from a file.
    With --python it is a function in a Python file, script.py:f; the file is run, so it is to be one that you trust.
    """
    from adtrace.documents.terminal import fitted  # noqa: PLC0415 - nothing of it is needed for --help

    trace, chosen = traced(given)
    format_ = chosen.pop("format", None)
    files = [(path, _shown_as(path, format_) | chosen) for path in output or ("-",)]  # all endings before the first
    for path, shown in files:
        in_terminal = path == "-" and shown["format"] not in PICTURES
        trace.write(path, **(fitted(trace.tables, shown) if in_terminal else shown))


def traced(given: dict[str, Any]) -> tuple[Trace, dict[str, Any]]:
    """The trace that the options of a command ask for, and the options of its table."""
    from adtrace.request import Request  # noqa: PLC0415 - nothing of it is needed for --help

    expression, python, bounds = given.pop("expression"), given.pop("python"), _limits(given.pop("limit"))
    source = _function(expression) if python else _formula(expression)
    files = [text for text in given.get("at") or () if text.strip().startswith("@")]
    given["at"] = tuple(text for text in given.get("at") or () if text not in files)
    typed = {name: _text(SETTINGS[name], value) for name, value in given.items() if _chosen(value)}
    asked = Request(source, typed, _points(files, bounds))
    with faults_of(expression) if python else nullcontext():
        trace, chosen = asked.trace(lambda name: SETTINGS[name].flag, limits=bounds)
    for told in trace.readings:
        click.echo(f"adtrace: {shortened(printable(told))}", err=True)
    return trace, chosen


def _points(files: Sequence[str], bounds: Limits) -> dict[str, Any]:
    """The points of ``--at @point.toml``, which may be several."""
    point: dict[str, Any] = {}
    for name in files:
        from adtrace.tracing.point_files import point_of  # noqa: PLC0415 - few points are in files

        for variable, value in point_of(name.strip()[1:], bounds).items():
            if variable in point:
                raise OptionError(f"{printable(variable)} is given in two files")
            point[variable] = value
    return point


def _chosen(value: object) -> bool:
    """Whether an option is given: a caption may be empty, and a switch off."""
    return value is not None and value != ()


def _text(setting: Setting, value: Any) -> str:
    """The value of an option as the text of a setting."""
    return setting.joint.join(value) if setting.joint else str(value)


def asked(arguments: list[str]) -> tuple[Trace, dict[str, Any], str | None, Sequence[str]]:
    """The trace that the arguments of ``adtrace table`` ask for, its options, the format and the files.

    Raises `InputError` for arguments that are wrong.
    """
    try:
        given = dict(table.make_context("adtrace table", list(arguments)).params)
    except click.ClickException as error:
        raise InputError(error.format_message()) from None
    output = given.pop("output")
    trace, chosen = traced(given)
    return trace, chosen, chosen.pop("format", None), output


_OF_A_GRAPH = [_option(SETTINGS[name]) for name in names(where=GRAPH)]


@cli.command(cls=_Table, params=[_EXPRESSION, *_OF_A_GRAPH, _RUN, _LIMIT])
@click.option(
    "--mode", metavar="reverse|forward|second|evaluation", help="Adjoints, tangents, both, neither.  [reverse]"
)
@click.option("--edges", metavar="numbers|partials", help="Local partials in place of values and adjoints.  [numbers]")
@click.option("--of", metavar="NAME", help="Which of several outputs the adjoints are of.")
@click.option(
    "-f", "--format", "format_", metavar="svg|pdf|png|tikz|dot|mermaid", help="The format.  [from -o, else svg]"
)
@click.option("-o", "--output", multiple=True, metavar="FILE", help="Write to a file; its ending gives the format.")
def graph(output: Sequence[str], format_: str | None, mode: str | None, of: str | None, edges: str | None,
          **given: Any) -> None:  # fmt: skip
    """Draw the computational graph of EXPRESSION at a point: values on the edges, adjoints on the edges back.

    EXPRESSION is what it is for a table.
    """
    trace, chosen = traced(given)
    chosen |= {name: value for name, value in (("mode", mode), ("of", of), ("edges", edges)) if value is not None}
    from adtrace.graphs.drawings import format_of  # noqa: PLC0415

    files = [(path, format_ or ("svg" if path == "-" else format_of(path))) for path in output or ("-",)]
    for path, kind in files:
        drawn: str | bytes = trace.graph(format=kind, **chosen)
        if isinstance(drawn, bytes):
            require_file(path, kind)
            write_whole(Path(path), drawn)
        else:
            write(drawn, path)


_FILE = re.compile(r"[\w./\\ -]*\.[A-Za-z]\w*")
"""What the name of a file looks like, and no expression does: a point with a letter after it."""


def _formula(expression: str) -> str:
    """The expression as text; a function in a file is run only when that is asked for."""
    if NAMED.fullmatch(expression):
        raise InputError(f"{expression!r} looks like a function in a Python file; to run the file, add --python")
    if _FILE.fullmatch(expression) and isfile(expression):  # False, too, where a name is too long
        raise InputError(f"{expression!r} is a file; what it holds is read by @{expression}")
    return read(expression, "expression")


def _function(expression: str) -> Callable[..., Any]:
    """The function ``script.py:f``: the file is run as a script's import would run it."""
    module, path, name = module_of(expression)
    function = getattr(module, name, None)
    if not callable(function):
        stem = Path(path).stem
        functions = [other for other, value in vars(module).items() if isfunction(value) and value.__module__ == stem]
        raise InputError(f"{path} has no function {name!r}{nearest(name, functions)}")
    return function  # type: ignore[no-any-return]


def _limits(given: Sequence[str]) -> Any:
    """The bounds, with the given ones in place of the documented."""
    from dataclasses import fields, replace  # noqa: PLC0415

    bounds = [field.name for field in fields(DEFAULT)]
    chosen: dict[str, int] = {}
    for text in given:
        name, _, number = text.partition("=")
        if name not in bounds or not number.isascii() or not number.isdigit() or len(number) > 12:
            raise OptionError(f"--limit is NAME=N with {', '.join(bounds)}; not {text!r}")
        chosen[name] = int(number)
    return replace(DEFAULT, **chosen)


def _shown_as(output: str, format_: str | None) -> dict[str, Any]:
    """The format that is named, or that a table's file is in; a terminal shows text, and whatever reads on Markdown."""
    from adtrace.tables.options import of_file  # noqa: PLC0415

    if format_ is not None:
        return {"format": format_}
    if output == "-":
        return {"format": printed()}
    shown: dict[str, Any] = of_file(output)
    if not shown:
        endings = ", ".join(entry.ending for entry in FORMATS.values())
        raise OptionError(f"no format is known for {output!r}; name one with --format, or end the file in {endings}")
    return shown | ({"standalone": True} if shown["format"] == "html" else {})


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
    """One message on stderr."""
    click.echo(f"adtrace: error: {shortened(message)}", err=True)
    return status


def _unknown_option(error: click.NoSuchOption) -> str:
    """An option that is not there, and what may be meant: an option of a like name, or that whose value it is
    (``--partials``, of ``--edges partials``). In our own words, for each version of click has others.
    """
    word = error.option_name.lstrip("-")
    there = error.ctx.command.params if error.ctx is not None else []
    options = (option for option in there if isinstance(option, click.Option))
    valued = next((max(o.opts, key=len) for o in options if word in (o.metavar or "").split("|")), "")
    alike = " or ".join(sorted(error.possibilities or ()))
    meant = f"; write {valued} {word}" if valued else f"; is it {alike}?" if alike else ""
    return f"no such option {error.option_name!r}{meant}"


def _refused(error: click.ClickException) -> int:
    """A call that click refuses, in the words of the other errors."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    if context is not None and message == context.get_help():  # no command at all
        error.show()
    else:
        unknown = _unknown_option(error) if isinstance(error, click.NoSuchOption) else ""
        quoted = isinstance(context and context.command, _Table) and "unexpected extra argument" in message
        hint = '; a formula with blanks stands in quotes: "x*y + x"' if quoted else ""
        problem = printable(unknown or message[:1].lower() + message[1:].rstrip(".") + hint)
        _complain(f"{problem}\n  see {context.command_path if context else 'adtrace'} --help", error.exit_code)
    return error.exit_code
