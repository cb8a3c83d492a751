"""Checks hostile documents under hard limits, and reports what each did.  Used by test_check_hostile.py.

Each line of stdin is ``{"path": ..., "by": "command" | "library"}``; after everything is imported a child of its own
checks the file, and writes a line of JSON: the exit status or error, the seconds of processor, the megabytes.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from hostile_child import MEGABYTE
from processor import QUICK, slowness

MEMORY = 512
"""Megabytes of address space."""
LONGEST = 60
"""Seconds of processor after which the child is stopped."""


def main() -> None:
    """Import everything once, then check each document in a child."""
    import adtrace
    from adtrace import cli

    adtrace.check(
        "f(x) = x^2 at x = 2\n\n| v_0 | x | 2 |\n|---|---|---|\n| v_0 | x | 2 |\n| v_1 | v_0^2 | 5 |\n"
    ).render()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        cli.main(["check", "/dev/null"])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            check(json.loads(line))
            os._exit(0)
        _, ended = os.waitpid(child, 0)
        if ended:
            print(json.dumps({"escaped": f"ended {os.waitstatus_to_exitcode(ended)}", "seconds": 0, "memory": 0}))
        sys.stdout.flush()


def check(order: dict[str, Any]) -> None:
    """Check one document under limits that end with this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * MEGABYTE, MEMORY * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
    start = time.process_time()
    status: int | None = None
    escaped = ""
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = by_command(order["path"]) if order["by"] == "command" else by_library(order["path"])
    except BaseException as error:
        escaped = f"{type(error).__name__}: {error}"[:300]
    seconds = time.process_time() - start
    seconds /= slowness() if seconds > QUICK else 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = out.getvalue()[:500] + err.getvalue()[:500]
    print(json.dumps({"status": status, "escaped": escaped, "seconds": seconds, "memory": memory, "said": said}))
    sys.stdout.flush()


def by_command(path: str) -> int:
    """The exit status of the command line."""
    from adtrace import cli

    return int(cli.main(["check", path]))


def by_library(path: str) -> int:
    """The exit status of the report on the text."""
    import adtrace

    try:
        return adtrace.check(Path(path).read_bytes().decode("utf-8", "replace")).exit_status
    except adtrace.AdtraceError:
        return 2


if __name__ == "__main__":
    main()
