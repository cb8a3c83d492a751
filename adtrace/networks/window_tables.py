"""Answers about windows as a table: the configuration, the size formula with its numbers, all answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adtrace.arrays.axis_windows import SAME
from adtrace.networks import families
from adtrace.networks.answered import Answered, sides_of
from adtrace.networks.asked import Asked
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
    transposed = any(one.asked.transposed for one in questions)
    return [letter for letter in "ipdksoa" if letter != "a" or transposed]


def table_of(questions: Sequence[Answered], dialect: Dialect) -> WorkedTable:
    """Of one question its answers line by line, of several a line for each."""
    single = len(questions) == 1
    shown = shown_letters(questions)
    lines: list[WorkedLine] = []
    marks: dict[str, str] = {}
    formulas = [_general(one.asked, one.found.answers[:SHOWN] if single else [_plainest(one)]) for one in questions]
    if single:
        for answer in questions[0].found.answers[:SHOWN]:
            lines.append(_line(questions[0], answer, shown, dialect, (formulas[0], marks, True)))
    else:
        lines = [_line(one, _plainest(one), shown, dialect, (text, marks, False))
                 for one, text in zip(questions, formulas, strict=True)]  # fmt: skip
    labels = not single or bool(questions[0].label)
    columns = [WorkedColumn(RIGHT, dialect_heading(letter, dialect)) for letter in shown]
    columns = [WorkedColumn(LEFT), *columns] if labels else columns
    general = celled(dialect)(letters(formulas[0], dialect)) if len(set(formulas)) == 1 else ""
    panels = [WorkedPanel("Configuration", "", False, tuple(columns), int(labels)),
              WorkedPanel("Check", general, False, (WorkedColumn(RIGHT), WorkedColumn(RESULT)))]  # fmt: skip
    if not single:
        panels.append(WorkedPanel("All answers", "", True, (WorkedColumn(LEFT),)))
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
    found = [_number(one.asked, answer, letter, dialect) for letter in shown]
    size = check(answer, one.asked, text)
    mark = _marked(answer, one.asked, marks, dialect)
    made = f"= {value(answer, 'o', transposed=one.asked.transposed)}{mark}"
    label = word(one.label, dialect) if one.label else ""
    line: WorkedLine = ((label, *found), (cell(size.numbers(dialect)), cell(made)))
    return line if single else (*line, (families.cell(families.every(one.found, one.asked), dialect),))


def _number(one: Asked, answer: Answer, letter: str, dialect: Dialect) -> str:
    found = value(answer, letter, transposed=one.transposed)
    text = sides_of(found)
    return celled(dialect)(sought(text, dialect) if letter in one.sought else text)


_RAISED = {"latex": r"\rlap{{}}^{{\,\mathrm{{{0}}}}}", "html": "<msup><mrow></mrow><mi>{0}</mi></msup>",
           "typst": ' ""^(upright("{0}"))', "markdown": "^{{{0}}}", "text": " {0}"}  # fmt: skip


def _marked(answer: Answer, one: Asked, marks: dict[str, str], dialect: Dialect) -> str:
    """The mark of a division with a remainder, and the sentence behind it."""
    if answer.rest == 0 or one.transposed:
        return ""
    room, past = answer.window.room(answer.n), -answer.rest
    count = f"{answer.rest} entries" if answer.rest > 1 else "entry"
    verb = "are" if answer.rest > 1 else "is"
    what = f"the last {count} of the padded axis {verb} not read"
    if _is_left_out(answer, one):
        what = "the window more would begin in the padding behind, and is left out"
    elif past > 0:
        what = f"the last window reaches {past} {'entries' if past > 1 else 'entry'} past the padded axis"
    told = dialect.prose(f"{room}/{answer.s} is not whole: {what}.")
    mark = marks.setdefault(told, "abcdefghijklmnopqrstuvwxyz"[len(marks) % 26])
    return _RAISED.get(dialect.name, " {0}").format(mark)


def _caption(questions: Sequence[Answered]) -> list[Piece]:
    one = questions[0]
    if len(questions) > 1:
        return [words("Configurations of a window: given are the letters in plain print, bold is found. "
                      "Input"), formula("i"), words(", padding"), formula("p"), words(", dilation"), formula("d"),
                words(", kernel"), formula("k"), words(", stride"), formula("s"), words(", output"), formula("o"),
                words(".")]  # fmt: skip
    asked = one.asked
    kind = "Transposed convolutions" if asked.transposed else "Windows"
    first = one.found.answers[0]
    ends = [value(first, letter, transposed=asked.transposed) for letter in "io"]
    pieces = [words(f"{kind} that take")]
    pieces += [words("an input")] if "i" in asked.sought else [formula(str(ends[0]))]
    pieces += [words("to")] + ([words("an output")] if "o" in asked.sought else [formula(str(ends[1]))])
    known = [letter for letter in "kspda" if letter in shown_letters([one]) and letter not in asked.sought]
    pieces += [words("with")] if known else []
    for place, letter in enumerate(known):
        pieces += [words(",")] if place else []
        found = value(first, letter, transposed=asked.transposed)
        same = letter == "p" and asked.question.sides == SAME
        pieces.append(words("padding same") if same else formula(letter, "=", f"#{sides_of(found)}"))
    return [*pieces, words(".")]


def _notes(questions: Sequence[Answered], dialect: Dialect) -> Iterator[str]:
    if len(questions) == 1 and questions[0].asked.sought:
        yield sentence(_told(questions[0]), dialect)
    if len(questions) > 1 and not any(one.asked.question.bounds for one in questions):
        yield sentence(_bounds_of_all(questions), dialect)
    else:
        for one in questions:
            bounds = _bounds_said(one.asked)
            if bounds:
                yield sentence(bounds, dialect)
    for one in questions:
        for text in _conventions(one):
            yield dialect.prose(text)
    common = _common(questions)
    if common:
        yield dialect.prose(common)


def _told(one: Answered) -> list[Piece]:
    """How many answers there are, and which."""
    if one.count == 1:
        return [words("There is no other answer.")]
    pieces = families.every(one.found, one.asked)
    if one.found.complete and len(one.found.answers) <= SHOWN:
        return [words(f"These {one.count} are all.")]
    return [words("All answers:"), *pieces, words(".")]


def _bounds_said(asked: Asked) -> list[Piece]:
    """``Within k, s <= 64, p < d(k - 1) + 1.``"""
    question, told = asked.question, list[list[Piece]]()
    by_ends: dict[tuple[int, int], list[str]] = {}
    for letter in "ksd":
        if letter in asked.sought:
            by_ends.setdefault(question.range_of(letter), []).append(letter)
    for (least, most), names in by_ends.items():
        low = [] if least == 1 else [str(least), "<="]
        told.append([formula(*low, f"#{', '.join(names)}", "<=", str(most))])
    least, most = question.range_of("p")
    if "p" in asked.sought and ("p" in question.bounds or not question.inside):
        told.append([formula(*([str(least), "<="] if least else []), "p", "<=", str(most))])
    if question.inside and ("p" in asked.sought or (question.before and {"k", "d"} & set(asked.sought))):
        told.append(_INSIDE)
    pieces = [piece for part in told for piece in (words(","), *part)][1:]
    return [words("Within"), *pieces, words(".")] if pieces else []


_INSIDE = [formula("p", "<", "d*{k - 1} + 1"), words("(no window of zeros alone)")]


def _bounds_of_all(questions: Sequence[Answered]) -> list[Piece]:
    """The bounds of several questions, which are all their own lengths."""
    letters_ = [letter for letter in "ksd" if any(letter in one.asked.sought for one in questions)]
    pieces = [formula(f"#{', '.join(letters_)}"), words("at most the longer axis")] if letters_ else []
    if any(one.asked.question.inside for one in questions):
        pieces += [words(","), *_INSIDE]
    return [words("Within"), *pieces, words(".")] if letters_ else []


_PLAIN = {"stride": "1", "padding": "none"}


def _conventions(one: Answered) -> Iterator[str]:
    asked, question = one.asked, one.asked.question
    told = [text for letter, text in (("s", "stride"), ("p", "padding")) if letter in asked.assumed]
    if told:
        yield f"Nothing was said of {' and '.join(told)}: {' and '.join(_PLAIN[text] for text in told)}."
    if question.rounding == EXACT:
        yield "Only divisions without a remainder."
    if question.rounding == CEIL:
        yield "The division is rounded up; the last window begins inside the input or the padding in front of it."
    if question.rounding == TRANSPOSED:
        yield "The output padding a is less than the stride."
    if question.sides == SAME:
        yield "Padding same is TensorFlow's: as much as ceil(i/s) places need, the odd zero behind."
    if question.sides == ODD_AFTER:
        yield "Of an odd sum of paddings one zero more stands behind."
    if {"k", "d"} <= set(asked.sought):
        yield "A window of 1 has no gaps: its dilation is written 1."
    if not asked.sought:
        yield "Nothing is sought: the window does what it is to do."


def _common(questions: Sequence[Answered]) -> str:
    """Of several axes the answers that are alike on all of them."""
    axes = [one.asked.label.rpartition(", ")[2] for one in questions]
    names = [letter for letter in "kspd" if letter in questions[0].asked.sought]
    if axes not in _ALL_AXES or not names or not all(one.complete for one in questions):
        return ""
    rows = [[tuple(value(answer, letter) for letter in names) for answer in one.found.answers] for one in questions]
    alike = [row for row in rows[0] if all(row in set(other) for other in rows[1:])]
    shown = ", ".join(f"({', '.join(map(str, row))})" for row in alike[:SHOWN])
    more = f" and {len(alike) - SHOWN} more" if len(alike) > SHOWN else ""
    return f"Alike on all axes: ({', '.join(names)}) = {shown}{more}." if alike else "No answer is alike on all axes."


_ALL_AXES = (["height", "width"], ["depth", "height", "width"])
