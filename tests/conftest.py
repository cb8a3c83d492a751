"""What all tests share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings
from reports import FOLDER, Reports

from adtrace.elementals import FUNCTIONS, TABLE

# Two hundred Pythons are started here and each would compile adtrace anew, as every worker would each file of tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A commit passes or not: the same examples each time, and no clock of a busy machine decides.  Others are drawn by
# pytest --hypothesis-profile=drawn.
_UNHURRIED = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("drawn", _UNHURRIED)
settings.register_profile("same", _UNHURRIED, derandomize=True)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes the goldens anew; read the difference before committing it."""
    parser.addoption("--rewrite-goldens", action="store_true", help="write tests/golden/ from what adtrace prints now")


def pytest_configure() -> None:
    """What pytest collects stays: to go through it time and again takes Python's own collector a tenth of the time."""
    gc.set_threshold(500_000, 10, 10)


_SHIPPED = [(kept, dict(kept)) for kept in (TABLE, FUNCTIONS)]


def pytest_runtest_teardown() -> None:
    """What a test adds to the table of elementals is gone after it."""
    for kept, shipped in _SHIPPED:
        kept.clear()
        kept.update(shipped)  # type: ignore[arg-type]


_REPORTS = {path.stem: Reports(path) for path in FOLDER.glob("*.txt")}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """The reports of a test that has some are as they are kept."""
    if item.path.stem not in _REPORTS:
        return (yield)
    with _REPORTS[item.path.stem].of(item):
        return (yield)
