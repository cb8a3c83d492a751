"""What the pages do not say themselves: a line ``<!-- generated: NAME -->`` becomes what the program says of itself.

The reference is made of the tables of one truth each (commands, settings, elementals, styles, formats, bounds, errors),
and the gallery of ``gallery.toml``, so that neither can say anything else than the program does.
"""

from __future__ import annotations

import inspect
import io
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
from sphinx.application import Sphinx

from adtrace import errors
from adtrace.cli import cli, main
from adtrace.elementals import SPELLINGS, TABLE, Elemental
from adtrace.formats import FORMATS
from adtrace.language.calls import CALLS, LIBRARY_CALLS, REQUIRED
from adtrace.limits import DEFAULT, Limits
from adtrace.settings import GRAPH, LATEX, SETTINGS, SPHINX, TRACE
from adtrace.tracing.kinks import Conventions

HERE = Path(__file__).resolve().parent
_LINE = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)


def table(heads: Sequence[str], lines: Iterator[Sequence[str]]) -> str:
    """A table of Markdown."""
    ruled = ["|".join(f" {cell.replace('|', chr(92) + '|')} " for cell in line) for line in (heads, *lines)]
    return "\n".join(f"|{line}|" for line in [ruled[0], "|".join([":--"] * len(heads)), *ruled[1:]])


def commands() -> str:
    """Each command with its usage, what it says of itself and its options."""
    whole = click.Context(cli)
    known = ((name, cli.get_command(whole, name)) for name in cli.list_commands(whole))
    return "\n\n".join(_command(name, command) for name, command in known if command)


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"adtrace {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    said = "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(command.help or "").split("\n\n"))
    options = [record for option in command.params if (record := option.get_help_record(context))]
    lines = ((f"`{flags}`", said.replace("  [", " [")) for flags, said in options)
    head = f"## adtrace {name}\n\n```sh\nadtrace {name} {usage}\n```\n\n{_plain(said)}"
    if not options:
        return head  # a table without lines is none in LaTeX
    return f"{head}\n\n" + table(("option", "meaning"), ((flags, _plain(said)) for flags, said in lines))


def _plain(text: str) -> str:
    """Text of the command line in Markdown, where stars, angles and dollars would mean something."""
    return re.sub(r"([*_<>$\[\]])", r"\\\1", text)


def settings() -> str:
    """Every setting of a trace or a table: what it takes, its meaning, its name, and where it does not apply."""
    places = {GRAPH: "graphs", LATEX: "`\\adtrace`", SPHINX: "Sphinx"}
    return "\n\n".join(
        f"## Settings of a {of}\n\n"
        + table(
            ("option", "takes", "meaning", "not in"),
            (
                (
                    f"`{setting.flag}`" + (f", `{setting.short}`" if setting.short else ""),
                    f"`{setting.takes}`" if setting.takes else "",
                    _plain(setting.help.replace("  [", " [")),
                    ", ".join(places[place] for place in (GRAPH, LATEX, SPHINX) if place in setting.not_in),
                )
                for setting in SETTINGS.values()
                if setting.of == of
            ),
        )
        for of in sorted({setting.of for setting in SETTINGS.values()}, key=lambda of: of != TRACE)
    )


def elementals() -> str:
    """Each elemental with its partials, its domain, and what holds where it has no derivative."""
    ours = (_elemental(TABLE[key]) for key in TABLE if key not in SPELLINGS)
    return table(("row", "local partials", "where"), ours)


def _elemental(entry: Elemental) -> tuple[str, str, str]:
    where = entry.domain_text or "everywhere"
    where += f"; derivative for {entry.smooth_text}" if entry.smooth_text else ""
    at_kink = Conventions().at(1, entry) if entry.kink else None
    where += f"; at {entry.kink.where}: {at_kink[1]}" if entry.kink and at_kink else ""
    where += f"; {entry.order} is a constant" if entry.order else ""
    partials = ", ".join(f"`{partial}`" for partial in entry.partials_text)
    return f"`{entry.formula_text}`", partials, where.replace("*", "\\*").replace("<", "\\<")


def spellings() -> str:
    """The further names of elementals."""
    return table(("you write", "it is"), ((f"`{e.formula_text}`", f"`{e.name}`") for e in SPELLINGS.values()))


def calls() -> str:
    """The functions of arrays, with their options and what stands where none is given."""
    entries = CALLS.values()
    return table(("function", "of", "options"), (_call(call) for call in entries))


def _call(call: Any) -> tuple[str, str, str]:
    of = "any number of arrays" if call.operands is None else f"{call.operands} operand{'s' * (call.operands != 1)}"
    options = ", ".join(
        f"`{slot.name}`" if slot.default == REQUIRED else f"`{slot.name}={slot.default}`" for slot in call.slots
    )
    return f"`{call.head}`", of, "; ".join(filter(None, [options, call.advice]))


def libraries() -> str:
    """The functions that a prefix brings, with the defaults of that library."""
    prefixes: dict[int, list[str]] = {}
    for prefix in LIBRARY_CALLS:
        prefixes.setdefault(hash(tuple(LIBRARY_CALLS[prefix])), []).append(prefix)
    return table(
        ("prefix", "functions"),
        (
            (", ".join(f"`{p}.`" for p in same), ", ".join(f"`{name}`" for name in LIBRARY_CALLS[same[0]]))
            for same in prefixes.values()
        ),
    )


def styles() -> str:
    """Each style: whose notation it is, as its file says, and one table in it."""
    folder = HERE.parent / "templates" / "styles"
    return "\n\n".join(_style(path) for path in sorted(folder.glob("*.toml"), key=lambda p: p.stem != "three-part"))


def _style(path: Path) -> str:
    first = path.read_text(encoding="utf-8").split("\n")
    said = " ".join(line.lstrip("# ") for line in first[: next(k for k, s in enumerate(first) if s[:1] != "#")])
    mode = "reverse" if "[[reverse]]" in "\n".join(first) else "forward"
    options = f":at: x1=2, x2=4\n:mode: {mode}\n:style: {path.stem}\n:caption:"
    return f"## {path.stem}\n\n{said}\n\n```{{adtrace}} x1*x2 + sin(x1)\n{options}\n```"


def formats() -> str:
    """Each format, the endings of its files, and of what it is made."""
    return table(
        ("format", "endings", "whole documents", "made from"),
        (
            (
                f"`{form.name}`",
                ", ".join(f"`{ending}`" for ending in form.endings),
                "`--standalone`" if form.standalone else "",
                form.of or ("a template" if form.dialect else "the trace itself"),
            )
            for form in FORMATS.values()
        ),
    )


def bounds() -> str:
    """Each bound with its default and its meaning."""
    said = dict(re.findall(r'^    (\w+): int = .*\n    """(.*?)"""$', inspect.getsource(Limits), re.MULTILINE))
    names = [field.name for field in fields(Limits)]
    return table(("bound", "default", "meaning"), ((f"`{n}`", f"{getattr(DEFAULT, n):,}", said[n]) for n in names))


def failures() -> str:
    """Each error with its exit status and its meaning."""
    every = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.AdtraceError)]
    return table(
        ("error", "exit status", "meaning"),
        ((f"`{e.__name__}`", str(e.exit_status), (e.__doc__ or "").partition("\n")[0]) for e in every),
    )


def gallery() -> str:
    """The tables of ``gallery.toml``: where each is from, the command that makes it, and what it makes."""
    shown = tomllib.loads((HERE / "gallery.toml").read_text(encoding="utf-8"))["table"]
    return "\n\n".join(
        f"## {one['title']}\n\n{one['about']}\n\n```sh\n{one['command']}\n```\n\n"
        + _picture(f"{place:02}", one["command"], one["title"])
        for place, one in enumerate(shown, 1)
    )


def _picture(name: str, command: str, title: str) -> str:
    """The picture that a command makes, in a folder that is not kept."""
    picture = HERE / "gallery" / f"{name}.png"
    picture.parent.mkdir(exist_ok=True)
    with redirect_stderr(io.StringIO()) as said:  # how a code was read is no warning of the build
        status = main([*shlex.split(command)[1:], "-o", str(picture)])
    if status:
        raise ValueError(f"exit status {status}: {command}: {said.getvalue()}")
    return f"![{title}](/gallery/{picture.name})"


GENERATED: dict[str, Callable[[], str]] = {
    made.__name__: made
    for made in (
        commands, settings, elementals, spellings, calls, libraries, styles, formats, bounds, failures, gallery,
    )
}  # fmt: skip


def filled(text: str) -> str:
    """The text of a page with each generated part in its place."""
    return _LINE.sub(lambda line: GENERATED[line[1]](), text)


def setup(app: Sphinx) -> dict[str, Any]:
    """Fills a page as it is read."""

    def fill(_: Sphinx, __: str, source: list[str]) -> None:
        source[0] = filled(source[0])

    app.connect("source-read", fill)
    return {"parallel_read_safe": True}
