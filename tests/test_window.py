"""The inverse question of a window: every answer and no other, held against moving every window there is."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from click.testing import CliRunner

import adtrace
from adtrace.arrays.axis_windows import SAME, AxisWindow, padding_of
from adtrace.cli import cli
from adtrace.errors import InputError, OptionError
from adtrace.networks.asked import Asked
from adtrace.networks.inverse import (
    CEIL,
    EQUAL,
    EXACT,
    ODD_AFTER,
    ROUNDINGS,
    TRANSPOSED,
    Answer,
    Question,
    solve,
)
from adtrace.networks.window_tables import check

# The questions of a course's homework (IFT6135, 2020, question 7; question 4 of another), with every answer.
# given; sought; bounds; answers (k, s, p, d) with any padding within the bounds; those with p below the window; those
# that were published.
Answers = list[tuple[int, ...]]
PUBLISHED: list[tuple[dict[str, Any], str, str, Answers, Answers, Answers]] = [
    ({"i": 205, "o": 66, "s": 3, "p": 0, "d": 1}, "k", "k=1..205", [(8, 3, 0, 1), (9, 3, 0, 1), (10, 3, 0, 1)],
     [(8, 3, 0, 1), (9, 3, 0, 1), (10, 3, 0, 1)], [(10, 3, 0, 1)]),
    ({"i": 64, "o": 32, "k": 8, "d": 1}, "s,p", "s=1..64,p=0..7", [(8, 2, 3, 1)], [(8, 2, 3, 1)], [(8, 2, 3, 1)]),
    ({"i": 64, "o": 32, "d": 7, "s": 2}, "k,p", "k=1..10,p=0..31",
     [(k, 2, 7 * (k - 1) // 2, 7) for k in range(1, 11)], [(k, 2, 7 * (k - 1) // 2, 7) for k in range(1, 11)],
     [(2, 2, 3, 7)]),
    ({"i": 32, "o": 8, "p": 0, "d": 1, "nonoverlapping": True}, "k,s", "k=1..32", [(4, 4, 0, 1)], [(4, 4, 0, 1)],
     [(4, 4, 0, 1)]),
    ({"i": 8, "o": 4, "p": 0, "d": 1}, "k,s", "k=1..8,s=1..8", [(1, 2, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1)],
     [(1, 2, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1)], [(2, 2, 0, 1)]),
    ({"i": 8, "o": 4, "p": 2, "d": 2}, "k,s", "k=1..12,s=1..12",
     [(1, 3, 2, 2), (2, 3, 2, 2), (3, 2, 2, 2), (5, 1, 2, 2)], [(2, 3, 2, 2), (3, 2, 2, 2), (5, 1, 2, 2)],
     [(3, 2, 2, 2), (5, 1, 2, 2)]),
    ({"i": 8, "o": 4, "p": 1, "d": 1}, "k,s", "k=1..10,s=1..10",
     [(1, 3, 1, 1), (3, 2, 1, 1), (4, 2, 1, 1), (7, 1, 1, 1)], [(3, 2, 1, 1), (4, 2, 1, 1), (7, 1, 1, 1)],
     [(4, 2, 1, 1), (7, 1, 1, 1)]),
]  # fmt: skip


def rows(found: Any) -> list[tuple[int, ...]]:
    """The answers as (k, s, p, d)."""
    return [tuple(answer[letter] for letter in "kspd") for answer in found.answers]


@pytest.mark.parametrize(("given", "find", "bounds", "every", "below", "published"), PUBLISHED)
def test_published_questions_have_these_answers_and_no_other(  # noqa: PLR0917 - a question and its answers
    given: dict[str, Any], find: str, bounds: str, every: Any, below: Any, published: Any
) -> None:  # fmt: skip
    """All seven of two courses, with paddings below the window and with any; what was published is among them."""
    assert rows(adtrace.window(find=find, bounds=bounds, **given)) == below
    assert rows(adtrace.window(find=find, bounds=bounds, any_padding=True, **given)) == every
    assert set(published) <= set(below)


def test_a_published_answer_that_ignores_the_floor_is_one_of_three() -> None:
    """205 to 66 with stride 3: the solution has k = 10 alone, which is the one that divides; 8 and 9 answer, too."""
    found = adtrace.window(205, 66, s=3, p=0, find="k")
    assert [(answer["k"], answer["rest"]) for answer in found.answers] == [(8, 2), (9, 1), (10, 0)]
    assert [answer["k"] for answer in adtrace.window(205, 66, s=3, p=0, find="k", exact=True).answers] == [10]
    table = found.table(format="text")
    assert "⌊(205+2·0-1·7-1)/3⌋+1 = 66 a" in table
    assert "197/3 is not whole: the last 2 entries of the padded axis are not read." in table


def moved(question: Question, longest: int) -> list[Answer]:
    """Every answer, by moving every window of the question along every axis."""

    def ends(name: str) -> range:
        low, high = question.range_of(name)
        return range(low, high + 1)

    found = set()
    for n, k, s, d in product([question.n] if question.n else range(1, longest), ends("k"), ends("s"), ends("d")):
        if (question.tied and k != s) or (k == 1 and d > question.range_of("d")[0]):
            continue
        for before in ends("p"):
            behind = [before] if question.after is None else [question.after]
            if question.before is None and question.sides == ODD_AFTER:
                behind.append(before + 1)
            for after in behind:
                if question.inside and max(before, after) > d * (k - 1):
                    continue
                window = AxisWindow(k, s, before, after, d, ceil=question.rounding == CEIL)
                m, rest = window.places(n), window.unread(n)
                wanted = m > 0 and question.m in (None, m) and not (question.rounding == EXACT and rest)
                if wanted and not (question.rounding == TRANSPOSED and question.a not in (None, rest)):
                    found.add(Answer(n, m, k, s, before, after, d, rest))
    return sorted(found)


def drawn(rng: random.Random) -> Question:
    """A small question of any kind."""
    free = set(rng.sample("kspd", rng.randint(0, 4)))
    question = Question(
        rng.randint(1, 10), rng.randint(1, 8), None if "k" in free else rng.randint(1, 5),
        None if "s" in free else rng.randint(1, 4), None if "p" in free else rng.randint(0, 4), None,
        None if "d" in free else rng.randint(1, 3), rng.choice([None, 0, 0, 1, 2]), rng.choice(ROUNDINGS),
        rng.choice([EQUAL, ODD_AFTER]) if "p" in free else EQUAL, {"k", "s"} <= free and rng.random() < 0.4,
        rng.random() < 0.6,
    )  # fmt: skip
    if "p" not in free and rng.random() < 0.3:
        question = replace(question, after=rng.randint(0, 4))
    if rng.random() < 0.5:
        ends = {name: sorted((rng.randint(name != "p", 6), rng.randint(1, 8))) for name in rng.sample("kspd", 2)}
        question = replace(question, bounds={name: (low, high) for name, (low, high) in ends.items()})
    which = rng.random()
    if which < 0.1:
        return replace(question, m=None)
    if which < 0.2:
        return replace(question, n=None, bounds={"k": (1, 4), "s": (1, 3), "d": (1, 3), "p": (0, 4)} | question.bounds)
    return question


@pytest.mark.parametrize("seed", range(6))
def test_every_window_that_answers_is_found_and_no_other(seed: int) -> None:
    """60 questions a seed, of every rounding, with sides alike or not, any letters open, against moving the windows."""
    rng = random.Random(seed)
    for _ in range(60):
        question = drawn(rng)
        found = solve(question, 10**6)
        if found.count is None:
            continue
        got = sorted(answer for answer in found.answers if question.n or answer.n < 60)
        assert got == moved(question, 60), question
        assert found.count == len(found.answers) == len(set(found.answers))


@pytest.mark.parametrize("seed", range(3))
def test_every_check_comes_to_the_output(seed: int) -> None:
    """The formula with its numbers is what it is said to be, of every rounding, also where a window is left out."""
    rng = random.Random(seed)
    for _ in range(60):
        question = drawn(rng)
        one = Asked("", question, ("k",), ())
        for answer in solve(question, 40).answers:
            made = answer.n if question.rounding == TRANSPOSED else answer.m
            assert check(answer, one).value == made, (answer, question)


def test_padding_same_is_as_much_as_the_places_need() -> None:
    """ceil(n/s) places: every stride that has so many, with TensorFlow's zeros."""
    for n, m, k, d in product(range(1, 12), range(1, 8), range(1, 5), range(1, 3)):
        found = solve(Question(n, m, k, None, None, None, d, 0, sides=SAME))
        assert [answer.s for answer in found.answers] == [s for s in range(1, max(n, m) + 1) if -(-n // s) == m]
        for answer in found.answers:
            assert (answer.before, answer.after) == padding_of(SAME, n, k, answer.s, d)


@pytest.mark.parametrize("free", ["k", "s", "p", "d", "kp", "ks", "sp", "kd", "spd", "ksp", "kspd"])
@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_an_axis_of_a_thousand_million_is_answered_at_once(free: str, rounding: str) -> None:
    """Loops are bounded, whatever is open; what is listed is right, and more than can be counted is not counted."""
    n = 10**9
    for m in (1, 2, 31_623, n // 2, n):
        question = Question(n, m, None if "k" in free else 3, None if "s" in free else 2, None if "p" in free else 1,
                            None, None if "d" in free else 1, 0, rounding)  # fmt: skip
        found = solve(question, 50)
        for answer in found.answers:
            window = answer.window._replace(ceil=rounding == CEIL)
            assert (window.places(n), window.unread(n)) == (m, answer.rest)


FAMILIES = [
    ({"in_": 64, "out": 32, "d": 7, "s": 2, "find": "k,p"}, "p = ⌊7·(k - 1)/2⌋ for k = 1, 2, ..., 64 (64 answers)"),
    ({"in_": 32, "out": 32, "s": 1, "find": "k,p"}, "p = (k - 1)/2 for k = 1, 3, ..., 31 (16 answers)"),
    ({"in_": 8, "out": 4, "p": 0, "find": "k,s"}, "(k, s) = (1, 2), (2, 2), (5, 1)"),
    ({"in_": 205, "out": 66, "s": 3, "p": 0, "find": "k"}, "k = 8, 9, 10"),
    ({"in_": 64, "out": 32, "k": 8, "d": 1}, "(s, p) = (2, 3)"),
    ({"in_": 64, "out": 32, "find": "k,s,p"}, "134 answers: all with 31·s <= 64 + 2p - (k - 1) - 1 < 32·s"),
]


@pytest.mark.parametrize(("given", "told"), FAMILIES)
def test_many_answers_are_one_sentence(given: dict[str, Any], told: str) -> None:
    """A line as a formula, a few one by one, anything else as the condition that they meet."""
    assert adtrace.window(**given).questions[0].all == told


def test_a_family_of_dilations_is_a_line() -> None:
    """A window of three with p = d keeps the axis whatever the dilation is: every answer lies on that line."""
    found = adtrace.window(64, 64, k=3, s=1, find="p,d")
    assert all(answer["p"] == answer["d"] for answer in found.answers)
    assert found.questions[0].all == "p = d for d = 1, 2, ..., 64 (64 answers)"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"in_": 64, "out": 33, "k": 8, "s": 2, "p": 3}, "32 of 64, not 33: ⌊(64 + 2·3 - 1·7 - 1)/2⌋ + 1 = 32"),
        ({"in_": 32, "out": 32, "k": 4, "s": 1, "find": "p"}, "k = 4, s = 1, p = 1:2"),
        ({"in_": 32, "out": 32, "k": 4, "s": 1, "find": "p"}, "31 (p = 1) and 33 (p = 2)"),
        ({"in_": 5, "out": 3, "k": 9, "p": 0, "find": "s"}, "a window of 9 is longer than the padded axis of 5"),
        ({"in_": 10, "out": 10**9, "k": 3}, "lies between 1 and 12"),
        ({"in_": 4, "out": 8, "k": 3, "s": 2, "transposed": True, "find": "p"}, "s = 2, p = 1, d = 1, a = 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_nearest_that_can(given: dict[str, Any], says: str) -> None:
    """A sentence with the numbers put in, and what would do."""
    with pytest.raises(InputError) as refused:
        adtrace.window(**given)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
            {}, {"in_": 5}, {"in_": 5, "out": 2, "find": "q"}, {"in_": 0, "out": 2}, {"in_": "5.5", "out": 2, "k": 1},
        {"in_": 5, "out": 2, "k": 3, "find": "k"}, {"in_": "2x2", "out": 2}, {"in_": 5, "out": 2, "bounds": "k>3"},
        {"in_": 5, "out": 2, "exact": True, "ceil": True}, {"in_": 5, "out": 2, "a": 1}, {"cases": []},
        {"in_": 5, "out": 2, "k": 3, "p": "tight"}, {"in_": 10**13, "out": 2}, {"in_": True, "out": 2},
        {"in_": 5, "out": 2, "bounds": "k=5..2"}, {"in_": "1x1x1x1", "out": "1x1x1x1"}, {"cases": "i=5"},
    ],
)  # fmt: skip
def test_no_question_is_a_sentence(given: dict[str, Any]) -> None:
    """What is asked wrongly says what is allowed."""
    with pytest.raises((InputError, OptionError)):
        adtrace.window(**given)


def test_a_transposed_window_goes_the_other_way() -> None:
    """7 to 14 with k = 4: the axis on which the convolution would have 7 places, with the transposed formula."""
    found = adtrace.window(7, 14, k=4, transposed=True, find="s,p")
    assert found.answers == ({"in": 7, "out": 14, "k": 4, "s": 2, "p": 1, "d": 1, "a": 0},)
    assert "(7-1)·2-2·1+1·3+0+1 = 14" in found.table(format="text")


def test_axes_are_asked_one_by_one_and_what_is_alike_is_told() -> None:
    """64x48 to 32x24: a line for each axis, and what does for both."""
    table = adtrace.window("64x48", "32x24", k=3, find="s,p").table(format="text")
    assert "height  64  1  1  3  2  32" in table
    assert "width   48  1  1  3  2  24" in table
    assert "Alike on all axes: (s, p) = (2, 1)." in table


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "typst", "json"])
def test_every_format_has_the_check_with_its_numbers(form: str) -> None:
    """The formula with the numbers put in stands in each format; JSON has the same as data."""
    found = adtrace.window(64, 32, k=8, d=1, find="s,p")
    text = found.table(format=form)
    assert {"html": "<mn>64</mn>", "json": '"check"'}.get(form, "64") in text
    if form == "json":
        (question,) = json.loads(text)["questions"]
        assert question["answers"] == [{"in": 64, "out": 32, "k": 8, "s": 2, "p": 3, "d": 1, "rest": 0,
                                        "check": "⌊(64 + 2·3 - 1·7 - 1)/2⌋ + 1"}]  # fmt: skip
        assert (question["count"], question["complete"]) == (1, True)
        assert Fraction(64 + 2 * 3 - 7 - 1, 2).__floor__() + 1 == 32


def test_the_command_line_asks_the_same() -> None:
    """`adtrace window` with --set and --find, and several cases as one table; a refusal has status 2."""
    run = CliRunner()
    found = run.invoke(cli, ["window", "--in", "64", "--out", "32", "--set", "k=8,d=1", "--find", "s,p", "-f", "text"])
    assert found.exit_code == 0
    assert "⌊(64+2·3-1·7-1)/2⌋+1 = 32" in found.output
    cases = ["--case", "3a: i=8,o=4,p=0 find k,s", "--case", "i=32,o=8,k=s,p=0"]
    several = run.invoke(cli, ["window", *cases, "-f", "text"])
    assert "3a   8  0  1  2  2  4" in several.output
    assert "(k, s) = (1, 2), (2, 2), (5, 1)" in several.output
    refused = run.invoke(cli, ["window", "--in", "5", "--out", "3", "--set", "k=9,p=0", "--find", "s"])
    assert isinstance(refused.exception, InputError)
    assert refused.exception.exit_status == 2
