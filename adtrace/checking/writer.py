"""The findings on one piece of work into the cells, mistakes and remarks of the report."""

from __future__ import annotations

from collections.abc import Sequence

from adtrace.checking import slips
from adtrace.checking.causes import explained, operand_values, single
from adtrace.checking.findings import Finding, Judged
from adtrace.checking.formula_slips import formula_cause
from adtrace.checking.layout import (
    NAME,
    NUMBERS,
    OPERATION,
    TANGENT,
    VALUE,
    Cell,
    Entry,
)
from adtrace.checking.local import BITS, NoValue, names_of, value_of
from adtrace.checking.printed import EXACT, LAST_DIGIT, TRUNCATED, agreement, shown_as
from adtrace.checking.report import FOLLOWS, MISSING, RIGHT, ROOT, UNCHECKED, UNREADABLE, CellReport, Mistake, Report
from adtrace.checking.slips import Cause
from adtrace.checking.verdicts import Judge
from adtrace.checking.words import formula_text, name_text
from adtrace.errors import printable
from adtrace.language.syntax import Number
from adtrace.numbers import Scalar
from adtrace.numbers.exact import neg, precision

_WORST = {ROOT: 5, UNREADABLE: 4, MISSING: 4, FOLLOWS: 3, RIGHT: 2, UNCHECKED: 1}


class Writer:
    """The findings of one piece of work into the cells, mistakes and remarks of the report."""

    def __init__(self, report: Report, judge: Judge, result: Judged, places: Sequence[int]) -> None:
        self.report, self.judge, self.result, self.places = report, judge, result, places

    def write(self) -> None:
        """Write every cell, and what is to be said of the trace as a whole."""
        by_cell: dict[Cell, list[Finding]] = {}
        for finding in self.result.findings:
            by_cell.setdefault(finding.entry.cell, []).append(finding)
        said: set[str] = set()
        with precision(BITS):
            for cell in sorted(by_cell):
                self.cell(cell, by_cell[cell], said)
            self.whole()

    def cell(self, cell: Cell, findings: Sequence[Finding], said: set[str]) -> None:
        """One cell: the worst of its verdicts, its mistake, and its remarks."""
        worst = max(findings, key=lambda f: (_WORST[f.verdict], f.entry.kind in NUMBERS))
        grid = self.result.layout.grids[cell.table]
        cause = self.cause(worst) if worst.verdict == ROOT else Cause("", "")
        line = grid.lines[cell.row]
        place = Cell(self.places[cell.table], cell.row, cell.column)
        expected = self.expected(worst)
        origin = self.origin(worst.from_) if worst.verdict == FOLLOWS else ""
        row = self.row_text(worst.entry)
        made = CellReport(
            place, line, self.report.grids[place.table].rows[cell.row][cell.column], row, worst.entry.kind,
            worst.verdict, worst.how, expected, cause.word, origin,
        )  # fmt: skip
        self.report.cells.append(made)
        if worst.verdict == ROOT:
            sentence = self.sentence(worst, cause, expected)
            words = " ".join(sorted(cause.sentence.split()))  # one exchange, told from both of its ends
            key = f"{place.table} {words}" if cause.word in (slips.ROWS, slips.SEEDS, slips.COLUMNS) else ""
            if not key or key not in said:
                said.add(key)
                self.report.mistakes.append(
                    Mistake(place.table, row, worst.entry.kind, cause.word, sentence, line, place)
                )
        elif worst.verdict == UNREADABLE:
            text = printable(worst.entry.text)[:80]
            self.report.problems.append(
                f"table {place.table + 1}, line {line}, {row}, {worst.entry.kind}: {text!r} cannot be read as a "
                f"number: {worst.entry.problem or 'expected a number'}"
            )
        for finding in findings:
            self.remark(finding, place, line, row)

    def row_text(self, entry: Entry) -> str:
        """The variable of a row."""
        return name_text(entry.name)

    def expected(self, finding: Finding) -> str:
        """What should stand in a cell."""
        if finding.terms:
            return formula_text(finding.terms)  # type: ignore[arg-type]
        if finding.symbolic or finding.expected is None or finding.entry.kind not in NUMBERS:
            return ""
        return shown_as(finding.expected, finding.shown)

    def origin(self, cell: Cell | None) -> str:
        """The place of the cell from which another follows."""
        if cell is None:
            return ""
        grid = self.result.layout.grids[cell.table]
        return f"table {self.places[cell.table] + 1}, line {grid.lines[cell.row]}, column {cell.column + 1}"

    def cause(self, finding: Finding) -> Cause:
        """The cause of a root mistake."""
        if not finding.symbolic:
            return explained(self.judge, finding)
        if finding.note == "label":
            return Cause(
                slips.LABEL, f"the row is named {finding.entry.text} and stands beside {name_text(finding.entry.name)}"
            )
        if finding.note == "masked":
            return Cause(slips.MASKED, "the formula is wrong, and only at this point the number comes out right")
        if finding.note == "operation":
            line = self.judge.listing.lines.get(self.judge.listing.target(finding.entry.name))
            because = f"{line.problem}; " if line is not None and line.problem else ""
            return Cause(slips.OPERATION_WRONG, f"{because}the operation should be {formula_text(finding.terms)}")  # type: ignore[arg-type]
        if finding.note == "brackets":
            return Cause(slips.BRACKETS, "brackets are missing: the product after the / is meant to divide")
        if finding.note == "missing path":
            return Cause(slips.MISSING_PATH, "a row that uses the variable gives nothing to its adjoint")
        return formula_cause(self.judge, finding)

    def sentence(self, finding: Finding, cause: Cause, expected: str) -> str:
        """What is wrong, what it should be, and why."""
        text = printable(finding.entry.text.strip().lstrip("=").strip())[:120]
        if finding.symbolic:
            return f"{text} is not the {_FORMULA_WORDS.get(finding.entry.kind, 'formula')} of the row" + (
                f": {cause.sentence}" if cause.sentence else ""
            )
        why = f" ({cause.sentence})" if cause.sentence else ""
        return f"{text} should be {expected}{why}"

    # ------------------------------------------------------------------------------------------------------- remarks

    def remark(self, finding: Finding, place: Cell, line: int, row: str) -> None:
        """What is to be said of a number that is right, or of one that was put in."""
        if finding.shown is None or finding.entry.kind not in NUMBERS:
            return
        found: Cause | None = None
        if finding.shown.reading.literal is None:
            found = self.truncated_inside(finding)
        elif finding.verdict == RIGHT and finding.expected is not None and finding.how in (TRUNCATED, LAST_DIGIT):
            found = self.rounding(finding)
        if found is not None:
            self.report.remarks.append(
                Mistake(place.table, row, finding.entry.kind, found.word, found.sentence, line, place)
            )

    def rounding(self, finding: Finding) -> Cause:
        """How a number that is right falls short of being rounded."""
        assert finding.shown is not None
        assert finding.expected is not None
        right = shown_as(finding.expected, finding.shown)
        text = finding.entry.text.strip().lstrip("=").strip()
        total = self.sum_of_rounded(finding)
        if total is not None and agreement(finding.shown, total) == "exact":
            return Cause(slips.SUM_OF_ROUNDED, f"{text} is computed from rounded numbers; rounded once, it is {right}")
        if finding.how == TRUNCATED:
            return Cause(slips.TRUNCATION, f"{text} is cut off; rounded, it is {right}")
        return Cause(slips.TRUNCATION, f"the last digit of {text} is off; rounded, it is {right}")

    def sum_of_rounded(self, finding: Finding) -> Scalar | None:
        """The number that the printed operands give, each taken exactly as it is printed."""
        entry = finding.entry
        assert finding.shown is not None
        for other in self.result.findings:  # the numbers put in above a result: "-0.0123 - 0.1411"
            mine = other.entry.kind == entry.kind and other.entry.cell.table == entry.cell.table
            put_in = other.shown if mine and other.shown is not None and other.shown.reading.literal is None else None
            if put_in is not None and agreement(finding.shown, put_in.exact) == EXACT:
                return put_in.exact
        line = self.judge.listing.lines.get(self.judge.listing.target(entry.name))
        if line is None or entry.kind not in (VALUE, TANGENT):
            return None
        numbers: dict[str, Scalar] = {}
        for operand in names_of(line.terms):
            shown = self.judge.published(
                entry.kind, entry.pass_ if entry.kind == TANGENT else 0, operand, entry.cell.table
            )
            if shown is not None and shown.shown is not None:
                numbers[operand] = shown.shown.exact
        heads = {getattr(t, "head", "") for t in line.terms} - {"", "add", "sub", "neg"}
        if heads and entry.kind == TANGENT:
            return None
        try:
            return value_of(line.terms, numbers)
        except NoValue:
            return None

    def truncated_inside(self, finding: Finding) -> Cause | None:
        """A number put into a formula that is cut off, not rounded: the -0.9899 of cos(3)."""
        assert finding.shown is not None
        known = operand_values(self.judge, finding.entry)
        for term in finding.shown.reading.terms:
            if type(term) is not Number or term.exponent >= 0:
                continue
            alone = single(term)
            ways = [(agreement(alone, v) or agreement(alone, neg(v)), n, v) for n, v in known]
            good = [way for way in ways if way[0]]
            if good and all(way[0] in (TRUNCATED, LAST_DIGIT) for way in good):
                _, name, value = good[0]
                right = shown_as(value, alone)
                return Cause(
                    slips.TRUNCATION, f"the {term.text} for {name} is cut off; rounded, it is {right.lstrip('-')}"
                )
        return None

    def whole(self) -> None:
        """The trace as a whole: it computes the function, and its rows are all there."""
        listing, layout = self.judge.listing, self.result.layout
        place = self.places[0]
        if self.result.computes is False:
            sentence = f"the rows do not compute {self.result.problem.text or 'the function asked about'}"
            if self.result.problem.given:
                self.report.mistakes.append(Mistake(place, "", "the trace as a whole", "function", sentence))
            else:
                self.report.remarks.append(Mistake(place, "", "the trace as a whole", "function", sentence))
        undefined = {
            listing.target(n): line
            for line in listing.lines.values()
            for n in names_of(line.terms)
            if listing.target(n) not in listing.lines and listing.target(n) not in listing.variables
        }
        for name, line in undefined.items():
            where = layout.grids[line.cell.table].lines[line.cell.row] if line.cell is not None else 0
            sentence = f"there is no row {name_text(name)}, which {name_text(line.name)} uses"
            self.report.mistakes.append(Mistake(place, name_text(name), "missing row", "missing row", sentence, where))


_FORMULA_WORDS = {OPERATION: "operation", "tangent formula": "derivative", "adjoint formula": "adjoint", NAME: "name",
                  "partial formula": "local partial"}  # fmt: skip
