"""Answers about windows as a table: the configuration, the size formula with its numbers, all answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adtrace.arrays.axis_windows import SAME
from adtrace.networks import families
from adtrace.networks.answered import Answered, sides_of
from adtrace.networks.asked import AXES, Asked
from adtrace.networks.families import Piece, formula, sentence, value, words
from adtrace.networks.inverse import CEIL, EXACT, ODD_AFTER, TRANSPOSED, Answer
from adtrace.networks.worked_documents import listed_in_one
from adtrace.tables.worked import (
    LEFT,
    RESULT,
    RIGHT,
    WorkedColumn,
    WorkedLine,
    WorkedPanel,
    WorkedTable,
    celled,
    fitted,
    sought,
    word,
)
from adtrace.writing.counts import Counted, letters
from adtrace.writing.notation import Dialect

SHOWN = 12
"""Answers that have a line of their own in the table of one question."""

_SIZE = "floor((i + 2*p - d*{k - 1} - 1)/s) + 1"
_UNEVEN = "floor((i + p + p_ - d*{k - 1} - 1)/s) + 1"
_CEILED = "ceiling((i + 2*p - d*{k - 1} - 1)/s) + 1"
_CEILED_UNEVEN = "ceiling((i + p + p_ - d*{k - 1} - 1)/s) + 1"
_MADE = "(i - 1)*s - 2*p + d*{k - 1} + a + 1"
_MADE_UNEVEN = "(i - 1)*s - p - p_ + d*{k - 1} + a + 1"


def _general(one: Asked, answers: Sequence[Answer]) -> str:
    """The size formula that shows all these answers."""
    uneven = any(answer.before != answer.after for answer in answers)
    if one.transposed:
        return _MADE_UNEVEN if uneven else _MADE
    if one.question.rounding == CEIL:
        return _CEILED_UNEVEN if uneven else _CEILED
    return _UNEVEN if uneven else _SIZE


def check(answer: Answer, one: Asked, general: str = "") -> Counted:
    """The size formula with the numbers of an answer."""
    text = general or _general(one, [answer])
    text += " - 1" if _is_left_out(answer, one) else ""
    source = value(answer, "i", transposed=one.transposed)
    return Counted(text, {"i": source, "k": answer.k, "s": answer.s, "p": answer.before, "p_": answer.after,
                          "d": answer.d, "a": answer.rest})  # fmt: skip


def _is_left_out(answer: Answer, one: Asked) -> bool:
    """Whether rounding up counts a window that would begin behind the input."""
    return one.question.rounding == CEIL and answer.rest > 0


def shown_letters(questions: Sequence[Answered]) -> list[str]:
    """The letters that have a column."""
    transposed = any(question.asked.transposed for question in questions)
    return [letter for letter in "ipdksoa" if letter != "a" or transposed]


def table_of(questions: Sequence[Answered], dialect: Dialect) -> WorkedTable:
    """Of one question its answers line by line, of several a line for each."""
    single = len(questions) == 1
    shown = shown_letters(questions)
    lines: list[WorkedLine] = []
    marks: dict[str, str] = {}
    formulas = [_general(own.asked, own.found.answers[:SHOWN] if single else [_plainest(own)]) for own in questions]
    if single:
        for answer in questions[0].found.answers[:SHOWN]:
            lines.append(_line(questions[0], answer, shown, dialect, (formulas[0], marks, True)))
    else:
        lines = [_line(own, _plainest(own), shown, dialect, (text, marks, False))
                 for own, text in zip(questions, formulas, strict=True)]  # fmt: skip
    labels = not single or bool(questions[0].label)
    columns = [WorkedColumn(RIGHT, dialect_heading(letter, dialect)) for letter in shown]
    columns = [WorkedColumn(LEFT), *columns] if labels else columns
    general = celled(dialect)(letters(formulas[0], dialect)) if len(set(formulas)) == 1 else ""
    say = dialect.say
    panels = [WorkedPanel(say("configuration"), "", False, tuple(columns), int(labels)),
              WorkedPanel(say("check"), general, False, (WorkedColumn(RIGHT), WorkedColumn(RESULT)))]  # fmt: skip
    if not single:
        panels.append(WorkedPanel(say("all_answers"), "", True, (WorkedColumn(LEFT),)))
    lines = [((cells[0] if labels else cells[0][1:]), *cells[1:]) for cells in lines]
    notes = [*(f"{mark} {text}" for text, mark in marks.items()), *_notes(questions, dialect)]
    caption = sentence(_caption(questions), dialect)
    return fitted(WorkedTable(caption, "", tuple(panels), (tuple(lines),), (), listed_in_one(notes)), dialect)


def dialect_heading(letter: str, dialect: Dialect) -> str:
    """The letter over a column."""
    return dialect.name_of(letter) if dialect.name == "latex" else dialect.math(dialect.name_of(letter))


def _plainest(one: Answered) -> Answer:
    """The answer that a line shows: one with a kernel longer than 1 and nothing left, if there is one."""
    return min(one.found.answers, key=lambda answer: (answer.k == 1 and "k" in one.asked.sought, answer.rest != 0))


def _line(
    one: Answered, answer: Answer, shown: Sequence[str], dialect: Dialect, of: tuple[str, dict[str, str], bool]
) -> WorkedLine:
    text, marks, single = of
    cell = celled(dialect)
    numbers = [_number(one.asked, answer, letter, dialect) for letter in shown]
    size = check(answer, one.asked, text)
    mark = _marked(answer, one.asked, marks, dialect)
    result = f"= {value(answer, 'o', transposed=one.asked.transposed)}{mark}"
    label = word(_label(one, dialect), dialect) if one.label else ""
    line: WorkedLine = ((label, *numbers), (cell(size.numbers(dialect)), cell(result)))
    return line if single else (*line, (families.cell(families.every(one.found, one.asked), dialect),))


def _label(one: Answered, dialect: Dialect) -> str:
    """What a line is called: the axis, where there are several, in the language of the document."""
    *before, last = one.label.split(", ")
    return ", ".join([*before, dialect.say(last) if last in AXES[3] else last])


def _number(one: Asked, answer: Answer, letter: str, dialect: Dialect) -> str:
    number = value(answer, letter, transposed=one.transposed)
    text = sides_of(number)
    return celled(dialect)(sought(text, dialect) if letter in one.sought else text)


_RAISED = {"latex": r"\rlap{{}}^{{\,\mathrm{{{0}}}}}", "html": "<msup><mrow></mrow><mi>{0}</mi></msup>",
           "typst": ' ""^(upright("{0}"))', "markdown": "^{{{0}}}", "text": " {0}"}  # fmt: skip


def _marked(answer: Answer, one: Asked, marks: dict[str, str], dialect: Dialect) -> str:
    """The mark of a division with a remainder, and the sentence behind it."""
    if answer.rest == 0 or one.transposed:
        return ""
    room, past = answer.window.room(answer.n), -answer.rest
    if _is_left_out(answer, one):
        key, count = "window_left_out", 0
    elif past > 0:
        key, count = "window_past_one" if past == 1 else "window_past", past
    else:
        key, count = "axis_unread_one" if answer.rest == 1 else "axis_unread", answer.rest
    remark = dialect.say(key, division=f"{room}/{answer.s}", count=count)
    mark = marks.setdefault(remark, "abcdefghijklmnopqrstuvwxyz"[len(marks) % 26])
    return _RAISED.get(dialect.name, " {0}").format(mark)


def _caption(questions: Sequence[Answered]) -> list[Piece]:
    if len(questions) > 1:
        return [words("configurations", **{letter: [formula(letter)] for letter in "ipdkso"})]
    asked = questions[0].asked
    first = questions[0].found.answers[0]
    ends = {letter: formula(str(value(first, letter, transposed=asked.transposed))) for letter in "io"}
    ends |= {
        letter: words(key)
        for letter, key in (("i", "an_input_sought"), ("o", "an_output_sought"))
        if letter in asked.sought
    }
    shown = [letter for letter in "kspda" if letter in shown_letters(questions) and letter not in asked.sought]
    pieces: list[Piece] = []
    for letter in shown:
        number = value(first, letter, transposed=asked.transposed)
        same = letter == "p" and asked.question.sides == SAME
        pieces += [words(","), words("padding_same") if same else formula(letter, "=", f"#{sides_of(number)}")]
    key = "transposed_take" if asked.transposed else "windows_take"
    take: dict[str, Any] = {"input": [ends["i"]], "output": [ends["o"]]}
    return [words(f"{key}_with", known=pieces[1:], **take) if shown else words(key, **take)]


def _notes(questions: Sequence[Answered], dialect: Dialect) -> Iterator[str]:
    if len(questions) == 1 and questions[0].asked.sought:
        yield sentence(_told(questions[0]), dialect)
    if len(questions) > 1 and not any(question.asked.question.bounds for question in questions):
        yield sentence(_bounds_of_all(questions), dialect)
    else:
        for question in questions:
            bounds = _bounds_said(question.asked)
            if bounds:
                yield sentence(bounds, dialect)
    for question in questions:
        yield from map(dialect.say, _conventions(question))
    common = _common(questions, dialect)
    if common:
        yield common


def _told(one: Answered) -> list[Piece]:
    """How many answers there are, and which."""
    if one.count == 1:
        return [words("no_other_answer")]
    pieces = families.every(one.found, one.asked)
    if one.found.complete and len(one.found.answers) <= SHOWN:
        return [words("these_are_all", count=str(one.count))]
    return [words("all_answers_are", answers=pieces)]


def _bounds_said(asked: Asked) -> list[Piece]:
    """``Within k, s <= 64, p < d(k - 1) + 1.``"""
    question, sought = asked.question, set(asked.sought)
    by_ends: dict[tuple[int, int], list[str]] = {}
    for letter in "ksd":
        if letter in sought:
            by_ends.setdefault(question.range_of(letter), []).append(letter)
    bounds = [[_between(names, ends, 1)] for ends, names in by_ends.items()]
    if "p" in sought and ("p" in question.bounds or not question.inside):
        bounds.append([_between(["p"], question.range_of("p"), 0)])
    if question.inside and ("p" in sought or (question.before and {"k", "d"} & sought)):
        bounds.append(_INSIDE)
    pieces = [piece for part in bounds for piece in (words(","), *part)][1:]
    return [words("within", bounds=pieces)] if pieces else []


def _between(names: Sequence[str], ends: tuple[int, int], usual: int) -> Piece:
    """``2 <= k, s <= 64``; the usual least number is not said."""
    low = [] if ends[0] == usual else [str(ends[0]), "<="]
    return formula(*low, f"#{', '.join(names)}" if len(names) > 1 else names[0], "<=", str(ends[1]))


_INSIDE = [formula("p", "<", "d*{k - 1} + 1"), words("not_zeros_alone")]


def _bounds_of_all(questions: Sequence[Answered]) -> list[Piece]:
    """The bounds of several questions, which are all their own lengths."""
    letters_ = [letter for letter in "ksd" if any(letter in question.asked.sought for question in questions)]
    pieces = [formula(f"#{', '.join(letters_)}"), words("at_most_longer_axis")] if letters_ else []
    if any(question.asked.question.inside for question in questions):
        pieces += [words(","), *_INSIDE]
    return [words("within", bounds=pieces)] if letters_ else []


def _conventions(one: Answered) -> Iterator[str]:
    """The phrases about what is taken where nothing is said."""
    asked, question = one.asked, one.asked.question
    assumed = [letter for letter in "sp" if letter in asked.assumed]
    if assumed:
        yield "assumed_both" if len(assumed) > 1 else "assumed_stride" if assumed == ["s"] else "assumed_padding"
    if question.rounding == EXACT:
        yield "only_exact"
    if question.rounding == CEIL:
        yield "rounded_up"
    if question.rounding == TRANSPOSED:
        yield "output_padding_less"
    if question.sides == SAME:
        yield "padding_tensorflow"
    if question.sides == ODD_AFTER:
        yield "odd_zero_behind"
    if {"k", "d"} <= set(asked.sought):
        yield "window_of_one"
    if not asked.sought:
        yield "nothing_sought"


def _common(questions: Sequence[Answered], dialect: Dialect) -> str:
    """Of several axes the answers that are alike on all of them."""
    axes = tuple(question.asked.label.rpartition(", ")[2] for question in questions)
    names = [letter for letter in "kspd" if letter in questions[0].asked.sought]
    complete = all(question.complete for question in questions)
    if len(axes) == 1 or axes != AXES.get(len(axes)) or not names or not complete:
        return ""
    alike = _alike(questions, names)
    if not alike:
        return dialect.say("not_alike")
    shown = ", ".join(f"({', '.join(map(str, row))})" for row in alike[:SHOWN])
    answers = dialect.prose(f"({', '.join(names)}) = {shown}")
    more = len(alike) - SHOWN
    return dialect.say("alike_more", answers=answers, count=more) if more > 0 else dialect.say("alike", answers=answers)


def _alike(questions: Sequence[Answered], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """The answers, by these letters, that all questions have."""
    first, *others = (
        {tuple(value(answer, letter) for letter in names): None for answer in question.found.answers}
        for question in questions
    )
    return [row for row in first if all(row in answers for answers in others)]
