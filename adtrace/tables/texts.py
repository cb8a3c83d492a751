"""The texts that stand in the places of formulas: the names and the numbers of an evaluation, each written once.

A number is rounded when it is first needed, so a digit that no cell shows need not be decided.  `patterns` names the
sources of texts; here they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from adtrace.arrays.index_rules import unflat
from adtrace.language.syntax import GROUP, Apply, Name, Number, Term, Terms
from adtrace.settings import EXACT, SHORT
from adtrace.tables import patterns
from adtrace.tables.naming import Naming
from adtrace.tables.numerals import Numerals
from adtrace.tables.patterns import Source
from adtrace.tracing.quantities import ADJOINT, TANGENT, VALUE, Address, Quantity
from adtrace.tracing.symbols import RowName, row_name, terms_of
from adtrace.writing.arrays import printed_index
from adtrace.writing.notation import ADDED, POWER, START, TAKEN, Place, Text, held, placed, spelled, with_names


class _Lazily(dict[int, str]):
    """Texts by place, each made when it is first needed: a digit that no cell shows need not be decided."""

    def __init__(self, make: Callable[[int], str], ready: Mapping[int, str]) -> None:
        super().__init__(ready)
        self.make = make

    def __missing__(self, place: int) -> str:
        text = self[place] = self.make(place)
        return text


Available = Sequence[str] | Mapping[int, str]

_QUANTITIES = {quantity.name: quantity for quantity in (VALUE, TANGENT, ADJOINT)}
_SHORT = 12
"""A constant typed in at most so many characters is put into formulas as typed."""


class Texts(dict[Source, Available]):
    """What stands in formulas in one dialect, names, numbers and constant operands, by source."""

    def __init__(self, naming: Naming, numerals: Numerals) -> None:
        super().__init__()
        self.naming, self.numerals = naming, numerals
        self.dialect, self.evaluation = naming.dialect, numerals.evaluation
        self._typed: dict[tuple[Quantity, int], list[Text | None]] = {}
        self._powers: dict[Text, Text] = {}
        self.hidden: Collection[int] = ()
        """The places of variables that no line of the table shows."""

    def __missing__(self, of: Source) -> Available:
        texts = self[of] = self._MADE[of.word](self, *of.of)
        return texts

    def shown(self, address: Address) -> str:
        """A number in a value cell."""
        typed = self._computed_with(address)
        if typed is not None and self.numerals.text(address) != self.numerals.exact(address):
            return typed.text
        closed = self.numerals.closed_form(address)
        return self.plain(address) if closed is None else self._closed(closed).text

    def plain(self, address: Address) -> str:
        """A number in its digits, or the formula that it is."""
        if self.numerals.formulas:
            return self._closed(self.numerals.closed_form(address) or ()).text
        return self.dialect.number(self.numerals.text(address))

    def formula(self, terms: Terms) -> str:
        """A formula in which rows stand by their names."""
        return self._closed(terms).text

    def _closed(self, terms: Terms) -> Text:
        """A number in closed form; in formulas rows stand by their names."""
        if not self.numerals.formulas:
            return spelled(terms, self.dialect)
        names: dict[str, str] = {}
        terms = self._spelled_out(terms)
        for term in terms:
            named = row_name(term.name) if type(term) is Name else None
            if named is not None:
                names[term[0]] = self._row_name(named)
        return with_names(terms, self.dialect, names)

    def _spelled_out(self, terms: Terms) -> Terms:
        """The terms with the formulas of rows that have no line of their own in place of their names."""
        if not self.hidden:
            return terms
        spelled: list[Term] = []
        for term in terms:
            named = row_name(term.name) if type(term) is Name else None
            if named is None or named.place not in self.hidden:
                spelled.append(term)
            else:
                address = Address(_QUANTITIES[named.quantity], named.place, named.seed, named.entry)
                spelled += self._spelled_out(terms_of(self.evaluation.first()[address]))
        return tuple(spelled)

    def _row_name(self, named: RowName) -> str:
        """The name of a row's number, or of an entry of it."""
        name = self.naming.marked(_QUANTITIES[named.quantity])[named.place]
        shapes = self.evaluation.wengert.shapes
        if named.entry is None or not shapes:
            return name
        shape = tuple(shapes[named.place])
        return self.dialect.indexed(name, printed_index(unflat(named.entry, shape), shape))

    def _as_typed(self, quantity: Quantity, seed: int) -> list[Text | None]:
        """The numbers of the inputs as they are put into a formula where that is as typed."""
        key = quantity, seed
        if key not in self._typed:
            numbers = () if quantity.typed is None else quantity.typed(self.evaluation, seed)
            self._typed[key] = list(map(self._short, numbers))
        return self._typed[key]

    def _short(self, terms: Terms) -> Text | None:
        """A number of the point or the seed as typed, where that is short: pi/2 is put in, a long decimal rounded.

        Displayed arithmetic computes with what is typed, so it is put in whatever its length.
        """
        if self.evaluation.displayed is not None:
            return spelled(terms, self.dialect)
        if self.numerals.form not in (SHORT, EXACT):
            return None
        if isinstance(terms[0], Number) and (len(terms) == 1 or (len(terms) == 2 and terms[1][0] == "neg")):
            short = -terms[0].exponent <= self.numerals.digits and len(terms[0].text) <= _SHORT
        else:
            short = sum(len(term[0]) for term in terms) <= _SHORT
        return spelled(terms, self.dialect) if short else None

    def _computed_with(self, address: Address) -> Text | None:
        """A number as typed that displayed arithmetic computes with, whatever decimals a cell has room for."""
        quantity, place, seed, _ = address
        typed = self._as_typed(quantity, seed) if self.evaluation.displayed is not None else []
        return typed[place] if place < len(typed) else None

    def number(self, address: Address) -> Text:
        """A number of the sweep as it is put into a formula."""
        closed = self.numerals.closed_form(address)
        return self._numeral(self.numerals.put_in(address)) if closed is None else self._closed(closed)

    def _numeral(self, number: Text) -> Text:
        """A number as the dialect writes it: 1.000e-5 is one word, and a product where it is 1.000 x 10^-5."""
        text, level, negative = number
        if "e" not in text and not self.dialect.comma:
            return number
        numeral = self._powers.get(number)
        if numeral is None:
            written = self.dialect.number(text)
            one_word = "e" in text and written.replace(",", ".") == text
            numeral = self._powers[number] = Text(written, POWER if one_word else level, negative)
        return numeral

    # -- sources -----------------------------------------------------------------------------------------

    def _names(self, quantity: Quantity, raised: bool = False) -> Available:
        """The names of a quantity; one that is raised to a power has brackets, where its mark is no accent."""
        names = self.naming.marked(quantity)
        if not raised:
            return names
        return list(map(held, names)) if self.naming.accented(quantity) else [f"({name})" for name in names]

    def _shown(self, quantity: Quantity, seed: int) -> Available:
        """The numbers of a quantity as value cells show them."""
        column = self.numerals.column(quantity, seed)
        if column.texts is not None:
            texts = list(map(self.dialect.number, column.texts)) if self.dialect.comma else column.texts[:]
            for place, number in column.shown.items():
                texts[place] = self.dialect.number(number)
            return texts
        every = self.dialect.comma
        numbers = {
            place: self.dialect.number(text) if every or "e" in text else text for place, text in column.shown.items()
        }
        if self.evaluation.displayed is not None:
            for place in range(len(self._as_typed(quantity, seed))):
                numbers.pop(place, None)
        return _Lazily(lambda place: self.shown(Address(quantity, place, seed)), numbers)

    def _put_in(self, quantity: Quantity, seed: int, level: int, before: str) -> Available:
        """The numbers of a quantity as they stand in a place of a formula."""
        slot, column = Place("", level, before), self.numerals.column(quantity, seed)
        typed = {place: text for place, text in enumerate(self._as_typed(quantity, seed)) if text is not None}
        if column.texts is None:
            typed_at, decided_at = typed.get, column.put_in.get

            def text_at(place: int) -> str:
                number = typed_at(place)
                if number is None:
                    decimal = decided_at(place)
                    number = self.number(Address(quantity, place, seed)) if decimal is None else self._numeral(decimal)
                return placed(number, slot)

            return _Lazily(text_at, {})
        decimals = list(map(self.dialect.number, column.texts)) if self.dialect.comma else column.texts
        texts = _decimals_in(decimals, before)
        for place, number in ({place: self._numeral(text) for place, text in column.put_in.items()} | typed).items():
            texts[place] = placed(number, slot)
        return texts

    def _constants(self, level: int, before: str) -> Available:
        """The constant operands as they stand in a place of a formula."""
        slot, constants = Place("", level, before), self.naming.wengert.flat.constants

        def text_at(place: int) -> str:
            constant = constants[-2 - place]
            text = self.naming.constant(constant)
            if before in (ADDED, TAKEN) and type(last := constant.terms[-1]) is Apply and last.head == GROUP:
                inner = spelled(constant.terms[:-1], self.dialect)
                text = inner if inner.negative else text  # x + (-3) with numbers put in is 2 - 3
            return placed(text, slot)

        return _Lazily(text_at, {})

    def _so_far(self, quantity: Quantity) -> Available:
        """For each contribution the adjoint (or its derivative) that it is added to; nothing for the first."""
        before = [f"{bar} + " for bar in self.naming.marked(quantity)]
        spread = self.evaluation.first().spread
        return ["" if first else before[target] for target, first in zip(spread.targets, spread.first, strict=True)]

    _MADE: Mapping[str, Callable[..., Available]] = {
        patterns.NAMES: _names, patterns.SHOWN: _shown, patterns.PUT_IN: _put_in, patterns.CONSTANT: _constants,
        patterns.SO_FAR: _so_far,
    }  # fmt: skip


def _decimals_in(texts: Sequence[str], before: str) -> list[str]:
    """Decimals, all of which stand in a place with this before it."""
    if before in (ADDED, TAKEN):
        positive, negative = before, TAKEN if before == ADDED else ADDED
        return [negative + text[1:] if text[0] == "-" else positive + text for text in texts]
    if before == START or not any(text[0] == "-" for text in texts):
        return list(texts)
    return [f"({text})" if text[0] == "-" else text for text in texts]
