"""``adtrace md``: the fenced blocks of a Markdown document that are for adtrace, replaced by their tables.

    ```adtrace mode=forward
    ln(x1) + x1*x2 - sin(x2)
    at: x1=2, x2=5
    ```

Any tool chain can read the result.  Other fenced blocks, and what stands inside them, stay as they are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from adtrace.errors import AdtraceError, InputError, printable
from adtrace.request import Request, block

_OPENING = re.compile(r"([ >]*)(`{3,}|~{3,})[ \t]*(.*?)[ \t]*\Z")
_OURS = re.compile(r"(?:\{[ ]*\.?adtrace(?:[ ]+(?P<braced>[^}]*))?\}|adtrace(?:[ ]+(?P<bare>.*))?)\Z")


def replaced(document: str, defaults: Mapping[str, str]) -> str:
    """The document with each block for adtrace as a Markdown table.

    ``defaults`` are settings that a block may override.  Raises as `expanded`.
    """

    def table(asked: Request) -> str:
        trace, options = Request(asked.expression, {**defaults, **asked.settings}).trace()
        for told in trace.readings:
            click.echo(f"adtrace: {printable(told)}", err=True)
        return trace.table(**options)

    return "\n".join(expanded(document.split("\n"), table))


def expanded(lines: Sequence[str], table: Callable[[Request], str], above: int = 0) -> list[str]:
    """The lines of a document with each block for adtrace as the text that ``table`` makes of it.

    Raises the error of a block, with the block's line before it, of which there are ``above`` more.
    """
    written: list[str] = []
    place = 0
    while place < len(lines):
        opening = _OPENING.match(lines[place])
        if not opening or ("`" in opening[2] and "`" in opening[3]):
            written.append(lines[place])
            place += 1
            continue
        end = _end(lines, place, opening[2])
        ours = _OURS.match(opening[3])
        if ours is None:
            written += lines[place : end + 1]
        else:
            if end == len(lines):
                raise InputError(f"line {place + 1 + above}: the block is not closed")
            margin = opening[1]
            body = "\n".join(line.removeprefix(margin) for line in lines[place + 1 : end])
            try:
                text = table(block(body, ours["braced"] or ours["bare"] or ""))
            except AdtraceError as error:
                error.args = (f"line {place + 1 + above}: {error}",)
                raise
            written += [(margin + line).rstrip() for line in text.rstrip("\n").split("\n")]
        place = end + 1
    return written


def _end(lines: Sequence[str], place: int, fence: str) -> int:
    """The line of the fence that closes this block; past the last line if there is none."""
    for at in range(place + 1, len(lines)):
        line = lines[at].lstrip(" >").rstrip()
        if len(line) >= len(fence) and set(line) == {fence[0]}:
            return at
    return len(lines)


@click.command()
@click.argument("document", default="-", metavar="[IN.md]", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file."
)
@click.option("--flavour", metavar="gfm|pandoc|quarto|myst", default="gfm", help="The flavour of Markdown.  [gfm]")
@click.option("--template-dir", metavar="DIR", help="Templates that come before ours.")
def md(document: str, output: Path | None, flavour: str, template_dir: str | None) -> None:
    """Replace the fenced adtrace blocks of a Markdown document by their tables: adtrace md < in.md > out.md."""
    from adtrace.documents.output import write_whole  # noqa: PLC0415

    defaults = {"flavour": flavour} | ({"template_dir": template_dir} if template_dir else {})
    text = replaced(_read(document), defaults)
    if output is None:
        sys.stdout.write(text)
    else:
        write_whole(output, text.encode("utf-8"))


def _read(document: str) -> str:
    try:
        data = sys.stdin.buffer.read() if document == "-" else Path(document).read_bytes()
        return data.decode("utf-8").replace("\r\n", "\n")
    except OSError as problem:
        raise InputError(f"{document!r} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{'stdin' if document == '-' else repr(document)} is not text in UTF-8") from None
