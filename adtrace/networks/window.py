"""``adtrace.window(...)``: which windows take an axis of one length to another, a table with every check worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adtrace.arrays.axis_windows import SAME
from adtrace.errors import InputError, OptionError
from adtrace.networks import families
from adtrace.networks.asked import Asked, asked
from adtrace.networks.families import Piece, formula, sentence, value, words
from adtrace.networks.inverse import (
    CEIL,
    EQUAL,
    EXACT,
    FLOOR,
    LARGEST,
    ODD_AFTER,
    TRANSPOSED,
    Answer,
    Found,
    Question,
    solve,
)
from adtrace.networks.worked_documents import WorkedDocument, listed_in_one
from adtrace.tables.options import Options
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
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import Dialect

SHOWN = 12
"""Answers that have a line of their own in the table of one question."""
_MOST_CASES = 200
_NEAR, _TRIED = 64, 500
"""How far from an output that is not reached the nearest one is looked for, step by step, and the steps for each."""


@dataclass(frozen=True)
class Answered:
    """A question with all its answers."""

    asked: Asked
    found: Found

    def __repr__(self) -> str:
        """``<(s, p) = (2, 3)>``."""
        return f"<{self.all}>"

    @property
    def label(self) -> str:
        """What the question is called; of several axes the axis."""
        return self.asked.label

    @property
    def answers(self) -> tuple[dict[str, Any], ...]:
        """Each answer by its letters: in, out, k, s, p, d, and what is left: rest, or a of a transposed convolution."""
        return tuple(_plain(answer, self.asked) for answer in self.found.answers)

    @property
    def count(self) -> int | None:
        """How many answers there are; None where there are more than can be counted at once."""
        return self.found.count

    @property
    def complete(self) -> bool:
        """Whether `answers` has all of them."""
        return self.found.complete

    @property
    def all(self) -> str:
        """All answers in one sentence: listed, as a family, or as the condition that they meet."""
        pieces = families.every(self.found, self.asked)
        if self.count == 1:
            names = [letter for letter in "kspdaio" if letter in self.asked.sought]
            row = [value(self.found.answers[0], name, transposed=self.asked.transposed) for name in names]
            pieces = [families.listing(names, [tuple(row)])] if names else pieces
        return sentence(pieces, PLAIN)


def _plain(answer: Answer, asked: Asked) -> dict[str, Any]:
    names = {"in": "i", "out": "o", "k": "k", "s": "s", "p": "p", "d": "d"}
    own = {name: value(answer, letter, transposed=asked.transposed) for name, letter in names.items()}
    return own | {"a" if asked.transposed else "rest": answer.rest}


@dataclass(frozen=True, repr=False)
class Windows(WorkedDocument):
    """The answers to one question or more."""

    questions: tuple[Answered, ...]

    def __repr__(self) -> str:
        return f"<Windows: {'; '.join(one.all for one in self.questions)}>"

    @property
    def answers(self) -> tuple[dict[str, Any], ...]:
        """The answers to the first question; of several axes those of the first."""
        return self.questions[0].answers

    @property
    def count(self) -> int | None:
        """How many answers the first question has."""
        return self.questions[0].count

    @property
    def complete(self) -> bool:
        """Whether all answers to all questions are there."""
        return all(one.complete for one in self.questions)

    def to_dict(self, **given: Any) -> dict[str, Any]:
        """The answers as plain data: questions [{label, given, sought, bounds, answers, count, complete, all}]."""
        return {"questions": [_structure(one) for one in self.questions]}

    def tables(self, dialect: Dialect, chosen: Options) -> Sequence[WorkedTable]:
        """One table: of one question its answers line by line, of several a line for each."""
        return [_table(self.questions, dialect)]


def _structure(one: Answered) -> dict[str, Any]:
    asked, question = one.asked, one.asked.question
    first = one.found.answers[0]
    given = {letter: value(first, letter, transposed=asked.transposed) for letter in _shown([one])
             if letter not in asked.sought}  # fmt: skip
    return {
        "label": asked.label,
        "rounding": question.rounding,
        "given": given,
        "sought": list(asked.sought),
        "bounds": {letter: list(_bound(question, letter)) for letter in asked.sought if letter in "kspd"},
        "answers": [answer | {"check": _check(found, asked).numbers(PLAIN)}
                    for answer, found in zip(one.answers, one.found.answers, strict=True)],
        "count": one.count,
        "complete": one.complete,
        "all": one.all,
    }  # fmt: skip


def _bound(question: Question, letter: str) -> tuple[int, int]:
    return question.range_of(letter)


def window(
    in_: Any = None,
    out: Any = None,
    *,
    find: str | Sequence[str] | None = None,
    cases: Sequence[Mapping[str, Any]] | None = None,
    exact: bool = False,
    ceil: bool = False,
    transposed: bool = False,
    asymmetric: bool = False,
    nonoverlapping: bool = False,
    any_padding: bool = False,
    bounds: Any = None,
    **given: Any,
) -> Windows:
    """All windows that take an axis of ``in_`` to one of ``out``.

    ``k``, ``s``, ``p``, ``d`` are what is known of kernel, stride, padding and dilation: a number, or one for each
    axis, ``"3x5"`` or ``(3, 5)``; ``p`` may be ``"1:2"`` (before, after), ``"valid"`` or ``"same"``.  ``find`` names
    what is sought; without it the size that is not given, or kernel, stride and padding; a dilation of which nothing is
    said is 1.  ``exact``: no division with a remainder; ``ceil``: pooling that rounds up, as PyTorch has it;
    ``transposed``: a transposed convolution, with its output padding ``a``; ``asymmetric``: an odd zero may stand
    behind; ``nonoverlapping``: k = s.
    Unless ``bounds`` say otherwise, ``"k=1..10"``, letters are at most the longer axis; a padding is shorter than the
    window unless ``any_padding``.  ``cases`` are several questions, each a mapping of the same names.

    Raises `OptionError` for what is no question, and `InputError` with the nearest that can be where nothing can.
    """
    flags: dict[str, Any] = {"exact": exact, "ceil": ceil, "transposed": transposed, "asymmetric": asymmetric,
             "nonoverlapping": nonoverlapping, "any_padding": any_padding}  # fmt: skip
    shared: dict[str, Any] = {name: flag for name, flag in flags.items() if flag}
    shared |= {name: entry for name, entry in (("find", find), ("bounds", bounds)) if entry is not None}
    own = {name: entry for name, entry in ({"i": in_, "o": out} | given).items() if entry is not None}
    if cases is None:
        cases = [own | shared]
    elif isinstance(cases, str | Mapping) or not all(isinstance(case, Mapping) for case in cases):
        raise OptionError("cases is a list of mappings, [{'in': 8, 'out': 4, 'p': 0}]")
    else:
        cases = [own | shared | dict(case) for case in cases]
    if not cases or len(cases) > _MOST_CASES:
        raise OptionError(f"there are 1 to {_MOST_CASES} cases, not {len(cases)}")
    answered = []
    for case in cases:
        for one in asked(case):
            found = solve(one.question)
            if not found.answers:
                raise InputError((f"{one.label}: " if one.label else "") + refusal(one))
            answered.append(Answered(one, found))
    return Windows(tuple(answered))


# -- nothing can be -------------------------------------------------------------------------------------------


def refusal(one: Asked) -> str:
    """Why nothing answers, and the nearest that does."""
    question = one.question
    source, made = (question.m, question.n) if one.transposed else (question.n, question.m)
    fixed = _fixed(one)
    what = f"no window takes {source or 'an axis'} to {made or 'any length'}{f' with {fixed}' if fixed else ''}"
    if not one.sought or (source and made and not set(one.sought) & set("kspda")):
        free = replace(question, m=None) if not one.transposed else replace(question, n=None)
        other = solve(free, 2, _TRIED).answers
        if other:
            reached = value(other[0], "o", transposed=one.transposed)
            return f"{fixed} makes {reached} of {source}, not {made}: {_worked(other[0], one)}"
    reasons = [reason for reason in (_longer(one), *_relaxed(one), _nearest(one)) if reason]
    return "; ".join([what, *reasons[:3]])


def _worked(answer: Answer, one: Asked) -> str:
    reached = value(answer, "o", transposed=one.transposed)
    return f"{_check(answer, one).numbers(PLAIN)} = {reached}"


def _fixed(one: Asked) -> str:
    question = one.question
    padding = question.before if question.after in (None, question.before) else f"{question.before}:{question.after}"
    known = {"k": question.k, "s": question.s, "p": "same" if question.sides == SAME else padding, "d": question.d,
             "a": question.a if one.transposed else None}  # fmt: skip
    told = [f"{name} = {number}" for name, number in known.items() if number is not None]
    told += ["k = s"] if question.tied else []
    told += [{EXACT: "no remainder", CEIL: "the division rounded up"}.get(question.rounding, "")]
    return ", ".join(filter(None, told))


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
            padding = _sides(answer.p)
            more = f", a = {answer.rest}" if "a" in change else ""
            yield f"{told} ({option}): k = {answer.k}, s = {answer.s}, p = {padding}, d = {answer.d}{more}"


def _nearest(one: Asked) -> str:
    """The nearest outputs that there are."""
    question = one.question
    name = "n" if one.transposed else "m"
    made = getattr(question, name)
    if made is None:
        return ""
    told = []
    for sign in (-1, 1):
        for step in range(1, _NEAR + 1):
            other = made + sign * step
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
    told = [(name, value(answer, name, transposed=one.transposed)) for name in "kspda" if name in one.sought]
    return ", ".join(f"{name} = {_sides(found)}" for name, found in told)


def _sides(found: Any) -> str:
    """``3``; of a padding whose sides differ ``1:2``."""
    return f"{found[0]}:{found[1]}" if isinstance(found, tuple) else str(found)


# -- the table ------------------------------------------------------------------------------------------------

_SIZE = "floor((i + 2*p - d*{k - 1} - 1)/s) + 1"
_PLAIN_SIZE = "floor((i + 2*p - k)/s) + 1"
_UNEVEN = "floor((i + p1 + p2 - d*{k - 1} - 1)/s) + 1"
_CEILED = "ceiling((i + 2*p - d*{k - 1} - 1)/s) + 1"
_MADE = "(i - 1)*s - 2*p + d*{k - 1} + a + 1"
_MADE_UNEVEN = "(i - 1)*s - p1 - p2 + d*{k - 1} + a + 1"


def _general(one: Asked, answers: Sequence[Answer]) -> str:
    """The size formula that shows all these answers."""
    uneven = any(answer.before != answer.after for answer in answers)
    if one.transposed:
        return _MADE_UNEVEN if uneven else _MADE
    if one.question.rounding == CEIL:
        return _CEILED
    return _UNEVEN if uneven else _SIZE


def _check(answer: Answer, one: Asked, general: str = "") -> Counted:
    """The size formula with the numbers of an answer."""
    text = general or _general(one, [answer])
    source = value(answer, "i", transposed=one.transposed)
    return Counted(text, {"i": source, "k": answer.k, "s": answer.s, "p": answer.before, "p1": answer.before,
                          "p2": answer.after, "d": answer.d, "a": answer.rest})  # fmt: skip


def _shown(questions: Sequence[Answered]) -> list[str]:
    """The letters that have a column."""
    transposed = any(one.asked.transposed for one in questions)
    return [letter for letter in "ipdksoa" if letter != "a" or transposed]


def _table(questions: Sequence[Answered], dialect: Dialect) -> WorkedTable:
    single = len(questions) == 1
    shown = _shown(questions)
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
    check = _check(answer, one.asked, text)
    mark = _marked(answer, one.asked, check, marks, dialect)
    made = f"= {value(answer, 'o', transposed=one.asked.transposed)}{mark}"
    label = word(one.label, dialect) if one.label else ""
    line: WorkedLine = ((label, *found), (cell(check.numbers(dialect)), cell(made)))
    return line if single else (*line, (families.cell(families.every(one.found, one.asked), dialect),))


def _number(one: Asked, answer: Answer, letter: str, dialect: Dialect) -> str:
    found = value(answer, letter, transposed=one.transposed)
    text = _sides(found)
    return celled(dialect)(sought(text, dialect) if letter in one.sought else text)


_RAISED = {"latex": r"\rlap{{}}^{{\,\mathrm{{{0}}}}}", "html": "<msup><mrow></mrow><mi>{0}</mi></msup>",
           "typst": ' ""^(upright("{0}"))', "markdown": "^{{{0}}}", "text": " {0}"}  # fmt: skip


def _marked(answer: Answer, one: Asked, check: Counted, marks: dict[str, str], dialect: Dialect) -> str:
    """The mark of a division with a remainder, and the sentence behind it."""
    if answer.rest == 0 or one.transposed or "floor" not in check.text:
        return ""
    room = answer.window.room(answer.n)
    count = f"{answer.rest} entries" if answer.rest > 1 else "entry"
    verb = "are" if answer.rest > 1 else "is"
    told = dialect.prose(f"{room}/{answer.s} is not whole: the last {count} of the padded axis {verb} not read.")
    mark = marks.setdefault(told, "abcdefghijklmnopqrstuvwxyz"[len(marks) % 26])
    return _RAISED[dialect.name].format(mark)


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
    known = [letter for letter in "kspda" if letter in _shown([one]) and letter not in asked.sought]
    pieces += [words("with")] if known else []
    for place, letter in enumerate(known):
        pieces += [words(",")] if place else []
        found = value(first, letter, transposed=asked.transposed)
        same = letter == "p" and asked.question.sides == SAME
        pieces.append(words("padding same") if same else formula(letter, "=", f"#{_sides(found)}"))
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
    """``Within k, s <= 64, and p < d(k - 1) + 1.``"""
    question, pieces = asked.question, list[Piece]()
    by_most: dict[tuple[int, int], list[str]] = {}
    for letter in "ksd":
        if letter in asked.sought:
            by_most.setdefault(question.range_of(letter), []).append(letter)
    for (least, most), names in by_most.items():
        pieces += [words(",")] if pieces else []
        low = [] if least == 1 else [str(least), "<="]
        pieces.append(formula(*low, f"#{', '.join(names)}", "<=", str(most)))
    if "p" in asked.sought:
        pieces += [words(",")] if pieces else []
        if "p" in question.bounds:
            least, most = question.range_of("p")
            pieces += [formula(str(least), "<=", "p", "<=", str(most)), words(",")]
        if question.inside:
            pieces += [formula("p", "<", "d*{k - 1} + 1"), words("(no window of zeros alone)")]
        elif "p" in question.bounds:
            pieces.pop()
        else:
            pieces.append(formula("p", "<=", str(question.range_of("p")[1])))
    elif question.inside and question.before and {"k", "d"} & set(asked.sought):
        pieces += [words(",")] if pieces else []
        pieces += [formula("p", "<", "d*{k - 1} + 1"), words("(no window of zeros alone)")]
    return [words("Within"), *pieces, words(".")] if pieces else []


def _bounds_of_all(questions: Sequence[Answered]) -> list[Piece]:
    """The bounds of several questions, which are all their own lengths."""
    letters_ = [letter for letter in "ksd" if any(letter in one.asked.sought for one in questions)]
    pieces = [formula(f"#{', '.join(letters_)}"), words("at most the longer axis")] if letters_ else []
    if any(one.asked.question.inside for one in questions):
        pieces += [words(","), formula("p", "<", "d*{k - 1} + 1"), words("(no window of zeros alone)")]
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
    names = [one.asked.label for one in questions]
    axes = [name.rpartition(", ")[2] for name in names]
    if len(questions) < 2 or axes not in (["height", "width"], ["depth", "height", "width"]):
        return ""
    if not all(one.complete for one in questions):
        return ""
    letters_ = [letter for letter in "kspd" if letter in questions[0].asked.sought]
    rows = [[tuple(value(answer, letter) for letter in letters_) for answer in one.found.answers] for one in questions]
    alike = [row for row in rows[0] if all(row in set(other) for other in rows[1:])]
    if not letters_:
        return ""
    if not alike:
        return "No answer is alike on all axes."
    shown = ", ".join(f"({', '.join(map(str, row))})" for row in alike[:SHOWN])
    more = f" and {len(alike) - SHOWN} more" if len(alike) > SHOWN else ""
    return f"Alike on all axes: ({', '.join(letters_)}) = {shown}{more}."
