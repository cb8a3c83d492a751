"""The oldest version that pyproject.toml allows of everything that the suite needs, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_LOWEST = re.compile(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?>=([0-9.]+)")
"""A requirement: its name and its lower bound; adtrace's own extras have none."""


def constraints() -> list[str]:
    """``click==8.1`` and so on.  The linters are left out: the suite does not call them."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(line for name in ("pdf", "batch", "test") for line in extras[name])]
    found = [match for match in map(_LOWEST.match, asked) if match and match[1] not in ("mypy", "ruff")]
    return sorted({f"{match[1]}=={match[2]}" for match in found})


if __name__ == "__main__":
    print("\n".join(constraints()))
