"""The forms that people type, paste and print: what is read, how, and what is refused with both readings."""

from __future__ import annotations

from pathlib import Path

import pytest

from adtrace.errors import AdtraceError, ParseError
from adtrace.tracing.reading import language, one_reading, spelled_out

NAMES = frozenset(["x", "y", "z", "a", "b", "t", "x1", "x2", "x3", "theta", "w_out", "e_1"])
LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "forms.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]
READ = [(text, wanted) for text, wanted, *other in LINES if not wanted.startswith(("!", "?"))]
REFUSED = [(text, wanted[1:]) for text, wanted, *other in LINES if wanted.startswith("!")]
DOUBTFUL = [(text, wanted[1:], *other) for text, wanted, *other in LINES if wanted.startswith("?")]


def test_the_table_is_long() -> None:
    """Three hundred forms, fifty of them with two readings."""
    assert len(LINES) >= 300
    assert len(DOUBTFUL) >= 50


@pytest.mark.parametrize(("text", "wanted"), READ, ids=[repr(text) for text, _ in READ])
def test_read(text: str, wanted: str) -> None:
    """A form has the one reading that stands beside it, and says so if it is not plain."""
    read, said = one_reading(text, language(declared=NAMES))
    assert spelled_out(read) == wanted
    assert said in ("", wanted)


@pytest.mark.parametrize(("text", "sentence"), REFUSED, ids=[repr(text) for text, _ in REFUSED])
def test_refused(text: str, sentence: str) -> None:
    """What has no reading is refused with a sentence, the text and a caret."""
    with pytest.raises(AdtraceError) as refusal:
        one_reading(text, language(declared=NAMES))
    assert sentence in str(refusal.value)
    if isinstance(refusal.value, ParseError):
        assert 0 <= refusal.value.position <= len(text)


@pytest.mark.parametrize(("text", "one", "other"), DOUBTFUL, ids=[repr(text) for text, _, _ in DOUBTFUL])
def test_two_readings(text: str, one: str, other: str) -> None:
    """What can be read in two ways is refused with both, and each of them is in the plain language and not in doubt."""
    with pytest.raises(ParseError) as refusal:
        one_reading(text, language(declared=NAMES))
    assert refusal.value.problem == f"this can be read in two ways: {one} or {other}; write the one that is meant"
    assert refusal.value.text == text
    for reading in (one, other):
        read, said = one_reading(reading, language(declared=NAMES, strict=True))
        assert (spelled_out(read), said) == (reading, "")
