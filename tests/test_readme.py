"""The README: one screen, and true."""

from __future__ import annotations

import re

import pytest
from pages import PAGES, ROOT, sessions

README = PAGES["README.md"]


def test_it_is_short() -> None:
    """At most 80 lines, with an example of each of the three ways in."""
    assert len(README.splitlines()) <= 80
    assert len(sessions("README.md")) == 1
    assert "\n>>> import adtrace\n" in README
    assert r"\adtrace[" in README


def test_the_commands_are_targets_of_the_makefile() -> None:
    """``make demo`` and ``make test`` exist."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^    make (\w+)", README, re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        assert f"\n{target}: " in makefile


def test_the_links_lead_somewhere() -> None:
    """What the README links to in the repository is there, and there are about ten of them."""
    targets = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", README)
    assert len(targets) <= 12
    for target in targets:
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("picture", re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README))
def test_the_pictures_are_small(picture: str) -> None:
    """Each picture is there and loads at once."""
    data = (ROOT / picture).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) < 350_000


def test_the_line_for_latex_is_an_answer_to_latex() -> None:
    """The README's line of LaTeX, as a document would ask for it."""
    from adtrace.request import Request

    asked = re.search(r"\\adtrace\[mode=(\w+), at=\{([^}]+)\}\]\{([^}]+)\}", README)
    assert asked is not None
    trace, options = Request(asked[3], {"mode": asked[1], "at": asked[2]}).trace()
    assert r"\toprule" in trace.table(**options, format="latex")
