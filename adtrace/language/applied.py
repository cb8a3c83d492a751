"""Functions at the ends of their operands: elementals, other books' names for them, choices and conditions."""

from __future__ import annotations

from adtrace.errors import BoundError
from adtrace.language.allowed import CONDITIONS
from adtrace.language.parse import parse
from adtrace.language.reader import arity_problem
from adtrace.language.spellings import CHOICES, CONDITION_CALLS
from adtrace.language.syntax import AND, NOT, OR, PIECEWISE, Apply, Name, Term, Terms
from adtrace.language.waiting import Call, WaitingReader

_SLOTS = ("u", "w", "t")


class CallReader(WaitingReader):
    """A reader that applies functions."""

    def call_ends(self, call: Call, starts: list[int]) -> None:
        """Apply a function to its operands, which begin at ``starts``."""
        name = call.name.rpartition(".")[2]
        if call.meaning is None and name in CHOICES and call.name not in self.functions:
            self.choose(call, CHOICES[name], starts)
        elif call.meaning is None and name in CONDITION_CALLS and call.name not in self.functions:
            self.condition(call, CONDITION_CALLS[name], starts)
        else:
            self.elemental(call, starts)
        if call.power:
            self.terms += [*call.power, Apply("pow", 2, call.place)]

    def elemental(self, call: Call, starts: list[int]) -> None:
        """A function of the table, or what stands for it."""
        index = self.words.index(call.name) if call.meaning is None and call.name not in self.functions else None
        if index is not None:
            call, starts = self.indexed(call, starts, index)
        meaning = call.meaning if call.meaning is not None else self.words.meaning(call.name)
        if call.name == "∜":
            meaning = "u^(1/4)"
        if meaning is None:
            self.fail(self.words.unknown(call.name), call.place)
        count = len(starts)
        if isinstance(meaning, str) and meaning in self.functions:
            least, most = self.functions[meaning]
            if count < least or (most is not None and count > most):
                self.fail(arity_problem(call.name, least, most, count), call.place)
            self.terms.append(Apply(meaning, count, call.place))
            return
        self.written_out(call, (meaning,) if isinstance(meaning, str) else meaning, starts)

    def indexed(self, call: Call, starts: list[int], index: str) -> tuple[Call, list[int]]:
        """``log_b(x)`` is log(x, b), ``J_n(x)`` is besselj(n, x): the function and where its operands begin."""
        place = call.place
        if call.name[0] == "l" and index in ("2", "10"):
            return call._replace(meaning=f"log{index}"), starts
        digits = index.removeprefix("-")
        terms: list[Term] = [self.number(digits, place) if digits.isdigit() else Name(index, place)]
        if digits.isdigit() and digits != index:
            terms.append(Apply("neg", 1, place))
        if call.name[0] == "l":
            starts = [*starts, len(self.terms)]
            self.terms += terms
            return call._replace(meaning="log"), starts
        self.terms[starts[0] : starts[0]] = terms
        return call._replace(meaning="besselj"), [starts[0], *(start + len(terms) for start in starts)]

    def written_out(self, call: Call, formulas: tuple[str, ...], starts: list[int]) -> None:
        """Put the operands into the formula that stands for a function."""
        spans = [self.terms[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
        if formulas[0].endswith("..."):
            self.terms[starts[0] :] = _joined(spans, "add" if "+" in formulas[0] else "mul", call.place)
            return
        by_count = {len({t.name for t in terms if type(t) is Name and t.name in _SLOTS}): terms
                    for terms in (self.formula(text) for text in formulas)}  # fmt: skip
        if len(starts) not in by_count:
            self.fail(arity_problem(call.name, min(by_count), max(by_count), len(starts)), call.place)
        out: list[Term] = []
        for term in by_count[len(starts)]:
            if type(term) is Name and term.name in _SLOTS:
                out += spans[_SLOTS.index(term.name)]
            else:
                out.append(term._replace(position=call.place))
        if starts[0] + len(out) > self.limits.characters:
            raise BoundError(f"the expression has more than {self.limits.characters} parts, which is the bound")
        self.terms[starts[0] :] = out

    def formula(self, text: str) -> Terms:
        """A formula that stands for a function; its functions are those of the language."""
        return parse(text, self.functions).terms

    def choose(self, call: Call, order: str, starts: list[int]) -> None:
        """``where(c, a, b)`` and ``Piecewise((a, c), (b, True))`` as values and conditions in turn."""
        self.need(CONDITIONS, f"unknown function {call.name!r}", call.place)
        self.conditional = True
        if order == "where":
            if len(starts) != 3:
                self.fail(f"{call.name} takes a condition and two values, not {len(starts)} operands", call.place)
            self.reorder(starts)
        elif len(starts) < 2:
            self.fail(f"{call.name} takes values and conditions in turn", call.place)
        self.terms.append(Apply(PIECEWISE, len(starts), call.place))

    def condition(self, call: Call, head: str, starts: list[int]) -> None:
        """``And(c, d)``, ``Gt(x, 0)``."""
        self.need(CONDITIONS, f"unknown function {call.name!r}", call.place)
        self.conditional = True
        wanted = 1 if head == NOT else 2
        if len(starts) < wanted or (len(starts) > wanted and head not in (AND, OR)):
            self.fail(arity_problem(call.name, wanted, wanted, len(starts)), call.place)
        self.terms.append(Apply(head, len(starts), call.place))

    def reorder(self, starts: list[int]) -> None:
        """Condition, value, value into value, condition, value."""
        first, second, third = starts
        terms = self.terms
        terms[first:third] = [*terms[second:third], *terms[first:second]]


def _joined(spans: list[list[Term]], head: str, place: int) -> list[Term]:
    """A sum or a product of any number of operands."""
    terms = list(spans[0])
    for span in spans[1:]:
        terms += [*span, Apply(head, 2, place)]
    return terms
