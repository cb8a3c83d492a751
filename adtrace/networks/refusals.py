"""Why no window answers a question, and the nearest that does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from adtrace.arrays.axis_windows import SAME
from adtrace.networks.answered import sides_of
from adtrace.networks.asked import Asked
from adtrace.networks.families import value
from adtrace.networks.inverse import CEIL, EQUAL, EXACT, FLOOR, LARGEST, ODD_AFTER, TRANSPOSED, Answer, solve
from adtrace.networks.window_tables import check
from adtrace.writing.dialects import PLAIN

_NEAR, _TRIED = 64, 500
"""How far from an output that is not reached the nearest one is looked for, step by step, and the steps for each."""


def refusal(one: Asked) -> str:
    """Why nothing answers, and the nearest that does."""
    question = one.question
    source, result = (question.m, question.n) if one.transposed else (question.n, question.m)
    fixed = _fixed(one)
    what = f"no window takes {source or 'an axis'} to {result or 'any length'}{f' with {fixed}' if fixed else ''}"
    if not one.sought or (source and result and not set(one.sought) & set("kspda")):
        free = replace(question, m=None) if not one.transposed else replace(question, n=None)
        other = solve(free, 2, _TRIED).answers
        if other:
            reached = value(other[0], "o", transposed=one.transposed)
            return f"{fixed} makes {reached} of {source}, not {result}: {_worked(other[0], one)}"
    reasons = [reason for reason in (_longer(one), *_relaxed(one), _nearest(one)) if reason]
    return "; ".join([what, *reasons[:3]])


def _worked(answer: Answer, one: Asked) -> str:
    reached = value(answer, "o", transposed=one.transposed)
    return f"{check(answer, one).numbers(PLAIN)} = {reached}"


def _fixed(one: Asked) -> str:
    question = one.question
    padding = question.before if question.after in (None, question.before) else f"{question.before}:{question.after}"
    numbers = {"k": question.k, "s": question.s, "p": "same" if question.sides == SAME else padding, "d": question.d,
             "a": question.a if one.transposed else None}  # fmt: skip
    parts = [f"{name} = {number}" for name, number in numbers.items() if number is not None]
    parts += ["k = s"] if question.tied else []
    parts += [{EXACT: "no remainder", CEIL: "the division rounded up"}.get(question.rounding, "")]
    return ", ".join(filter(None, parts))


def _longer(one: Asked) -> str:
    """The window does not fit into the padded axis."""
    question = one.question
    if None in (question.k, question.d, question.before, question.n) or one.transposed:
        return ""
    span = (question.d or 1) * ((question.k or 1) - 1) + 1
    after = question.before if question.after is None else question.after
    padded = (question.n or 0) + (question.before or 0) + (after or 0)
    return f"a window of {span} is longer than the padded axis of {padded}" if span > padded else ""


def _relaxed(one: Asked) -> Iterator[str]:
    """What would answer if one condition were given up."""
    question = one.question
    changes: list[tuple[bool, dict[str, Any], str, str]] = [
        (question.sides == EQUAL and question.before is None, {"sides": ODD_AFTER},
         "one zero more behind than in front does", "--asymmetric"),
        (question.inside, {"inside": False}, "a padding as long as the window does", "--any-padding"),
        (question.rounding == EXACT, {"rounding": FLOOR}, "a remainder does", "without --exact"),
        (question.rounding == TRANSPOSED and question.a is not None, {"a": None}, "an output padding does", "--find a"),
    ]  # fmt: skip
    for applies, change, told, option in changes:
        answers = solve(replace(question, **change), 1, _TRIED).answers if applies else ()
        if answers and answers[0].after <= answers[0].n:
            answer = answers[0]
            padding = sides_of(answer.p)
            more = f", a = {answer.rest}" if "a" in change else ""
            yield f"{told} ({option}): k = {answer.k}, s = {answer.s}, p = {padding}, d = {answer.d}{more}"


def _nearest(one: Asked) -> str:
    """The nearest outputs that there are."""
    question = one.question
    name = "n" if one.transposed else "m"
    length = getattr(question, name)
    if length is None:
        return ""
    told = []
    for sign in (-1, 1):
        for step in range(1, _NEAR + 1):
            other = length + sign * step
            if not 1 <= other <= LARGEST:
                break
            answers = solve(replace(question, **{name: other}), 1, _TRIED).answers
            if answers:
                told.append(f"{other} ({_letters(answers[0], one)})")
                break
    if told:
        return f"the nearest that can be made: {' and '.join(told)}"
    ends = _ends(one)
    return f"what can be made lies between {ends[0]} and {ends[1]}" if ends else ""


def _ends(one: Asked) -> tuple[int, int] | None:
    """The least and the largest output of a convolution within the bounds: it grows with p and falls with k, s, d."""
    question = one.question
    if one.transposed or question.n is None:
        return None
    (k_low, k_high), (s_low, s_high) = question.range_of("k"), question.range_of("s")
    (d_low, d_high), (p_low, p_high) = question.range_of("d"), question.range_of("p")
    free = question.before is None and question.inside
    most = question.n + (max(d_high * (k_high - 1), 0) if free else 2 * p_high - d_low * (k_low - 1)) - 1
    least = max(question.n + 2 * p_low - d_high * (k_high - 1) - 1, 0)
    return (least // s_high + 1, most // s_low + 1) if most >= 0 else None


def _letters(answer: Answer, one: Asked) -> str:
    numbers = [(name, value(answer, name, transposed=one.transposed)) for name in "kspda" if name in one.sought]
    return ", ".join(f"{name} = {sides_of(sides)}" for name, sides in numbers)
