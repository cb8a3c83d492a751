"""Runs hostile calls of the command line under hard limits, and reports what each did.  Used by test_hostile.py.

The first line of stdin is a list of calls, after which everything that is imported late is there.  Each further line,
``{"cases": [[argument, ...], ...], "compiles": bool, "folder": ..., "errors": ...}``, is run by a child of its own in
that folder, with its stderr in that file: a line of JSON for each case as soon as it is over, so that a case that kills
the child is known by its missing line, and then a line with how the child ended.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import re
import resource
import signal
import sys
import time
from typing import Any

from processor import QUICK, slowness

MEGABYTE = 1 << 20
WATCHED = (
    "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "os.remove", "os.rename", "os.mkdir", "os.rmdir",
    "os.link", "os.symlink", "os.putenv", "subprocess.Popen", "socket.", "shutil.", "ctypes.", "pty.", "webbrowser.",
    "exec", "compile", "import",
)  # fmt: skip
"""What no hostile text may bring about, by the names of Python's audit events."""
COMPILING = ("exec", "compile", "import")
"""What making a template into a function does."""

_WORDS = frozenset(
    ("def", "step", "u", "w", "v", "p0", "p1", "if", "or", "and", "not", "return", "None", "power", "abs", "max", "min",
     "sign", "heaviside", "corner", "exp", "ln", "log2", "log10", "sqrt", "cbrt", "sin", "cos", "tan", "asin", "acos",
     "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf",
     "erfc", "erfi", "gamma", "loggamma", "digamma", "polygamma", "beta", "besselj", "lambertw", "Si", "Ci", "sinc",
     "sinc_slope", "floor", "ceiling", "frac", "mod")
)  # fmt: skip
"""What a row in double precision is written with."""

happened: list[str] = []
watching = False


def written_from_the_table(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether this is a row in double precision, compiled from its rule: words of the table and numbers, no more."""
    if event == "exec":
        return getattr(arguments[0], "co_filename", "") == "<elemental>"
    source = arguments[0].decode() if event == "compile" and isinstance(arguments[0], bytes) else "'"
    words = re.findall(r"[A-Za-z_]\w*", re.sub(r"[0-9.]+(e[-+]?[0-9]+)?", "0", re.sub(r"\bp[01]\b", "v", source)))
    return arguments[1:] == ("<elemental>",) and _WORDS.issuperset(words) and not set(source) & set("'\"[]{}@;\\")


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note an event that should not happen, and every opening of a file for writing."""
    if not watching:
        return
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes or (event.startswith(WATCHED) and not written_from_the_table(event, arguments)):
        happened.append(f"{event} {arguments[:2]!r}"[:200])


LONGEST = 300
"""Seconds that the cases of one order have."""


def main() -> None:
    """Import everything once, then run each order in a child."""
    from adtrace import cli

    for arguments in json.loads(sys.stdin.readline()):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            cli.main(["table", *arguments])
    gc.freeze()  # so much is imported for no case alone, and none need go through it
    for line in sys.stdin:
        child = os.fork()
        if not child:
            obey(json.loads(line))
            os._exit(0)
        _, ended = os.waitpid(child, 0)
        print(json.dumps({"ended": os.waitstatus_to_exitcode(ended)}), flush=True)


def obey(order: dict[str, Any]) -> None:
    """Run the cases of one order, under limits that end with this process."""
    global watching  # noqa: PLW0603 - the hook cannot be taken away
    from adtrace import cli

    os.dup2(os.open(order["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    os.chdir(order["folder"])
    signal.alarm(LONGEST)
    sys.addaudithook(watch)
    resource.setrlimit(resource.RLIMIT_AS, (512 * MEGABYTE, 512 * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    slow = slowness()
    for arguments in order["cases"]:
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + 10 * slow), resource.RLIM_INFINITY))
        out, err, escaped, status = io.StringIO(), io.StringIO(), "", None
        happened.clear()
        start = time.process_time()
        watching = True
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = cli.main(["table", *arguments])
        except BaseException as error:
            escaped = f"{type(error).__name__}: {error}"[:300]
        watching = False
        seconds = time.process_time() - start
        if seconds > QUICK:
            slow = max(slow, slowness())
        seen = [event for event in happened if not (order["compiles"] and event.startswith(COMPILING))]
        report = {
            "status": status, "escaped": escaped, "seconds": seconds / slow, "happened": seen,
            "out": out.getvalue()[:20_000], "err": err.getvalue()[:20_000],
        }  # fmt: skip
        print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
