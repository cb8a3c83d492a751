"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes the goldens anew; read the difference before committing it."""
    parser.addoption("--rewrite-goldens", action="store_true", help="write tests/golden/ from what adtrace prints now")
