"""What nobody tells in a piece of work, and which numbers and formulas can be held against nothing for it."""

from __future__ import annotations

import re
from functools import cache, cached_property
from math import prod

from adtrace.checking.drafts.draft import Draft, comes_before
from adtrace.checking.judgements.claims import Claim
from adtrace.checking.judgements.evidence import Evidence
from adtrace.checking.readings.names import plainly
from adtrace.checking.work.figures import Subject
from adtrace.checking.work.rules import ADJOINT, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.checking.work.values import is_closed, is_worked


class Untold:
    """What a piece of work does not tell."""

    def __init__(self, draft: Draft, evidence: Evidence) -> None:
        self.draft, self.work, self.evidence = draft, draft.work, evidence
        self._leading_to = cache(self.work.ancestors)  # of few results, for many numbers

    def reason(self, claim: Claim, subject: Subject) -> str:
        """Why a number or a formula can be held against nothing, if so."""
        of_arrays = "the result is an array without an adjoint" if self._is_of_no_loss(claim, subject) else ""
        of_arrays = "nothing tells its number" if self.is_of_derivatives(claim, subject) else of_arrays
        return self._unknown(subject) or self.cut_off(subject) or of_arrays

    def is_of_derivatives(self, claim: Claim, subject: Subject) -> bool:
        """Whether it is the formula of a row that nothing but derivatives computes: ``w_new = w - 0.1*dw``."""
        own, part = {*self.work.inputs} - {*self.draft.asked.variables}, claim.part
        is_computed = subject.quantity == VALUE and not part.is_plain and part.name is None
        return is_computed and self.work.same.get(subject.variable) in own

    def comes_from_untold(self, subject: Subject | None) -> bool:
        """Whether a number is computed from a row that nobody tells how to compute: from what is printed in it."""
        row = self.work.same.get(subject.variable, "") if subject else ""
        return not self.work.ancestors(row).isdisjoint(self.draft.untold)

    def _unknown(self, subject: Subject) -> str:
        """What is said of a derivative that may be computed by an operation that nobody tells, if it is one."""
        backwards = subject.quantity in (ADJOINT, SECOND_ADJOINT)
        for name in self.draft.untold if subject.quantity != VALUE else ():
            if comes_before(subject.variable, name) if backwards else subject.variable == name:
                return f"nothing tells how {plainly(name)} is computed"
        return ""

    @cached_property
    def _unread(self) -> frozenset[str | None]:
        """The rows with an operation that is not read, or with numbers put in alone, ``y_1 = 1*1 + 2*3``: they are
        computed from what nobody knows.
        """
        told = (c for c in self.evidence.claims if re.search(r"\w(?:\s*[(*/+^]|\s+[A-Z](?!\w))", c.part.source) and (
            not c.part.readings or c.is_worked))  # fmt: skip
        unread = (claim.statement.named for claim in told)
        inputs = {*self.work.inputs}
        return frozenset(self.work.same.get(name.variable) for name in unread if name and not name.mark) & inputs

    def cut_off(self, subject: Subject) -> str:
        """What is said of the adjoint of a row that leads to the output by way of one that is not read, if at all, or
        of rows of which no function tells that they are all.
        """
        if subject.quantity != ADJOINT:
            return ""
        end, row = (self.work.same.get(name, "") for name in (subject.by, subject.variable))
        if row == end and row in self.in_numbers and self.draft.computes is False:
            return "nothing tells what is computed from it"
        if row == end or row in self._leading_to(end):
            return ""
        unread = end in self._unread or not self._unread.isdisjoint(self._leading_to(end))
        between = unread and row not in self._unread
        alone = not self.draft.asked.functions and row in self.work.inputs
        return "a row between is not read" if between else f"no row leads from it to {plainly(end)}" if alone else ""

    def _is_of_no_loss(self, claim: Claim, subject: Subject) -> bool:
        """Whether it is an adjoint in a work that ends in an array, of which nothing tells what it starts with."""
        named, outputs = claim.statement.named, self.work.outputs
        is_gradient = named is not None and named.mark == "grad" and len(outputs) == 1
        end = subject.by if subject.quantity == ADJOINT else outputs[0] if is_gradient else ""
        told = self.draft.asked.weights or Subject(ADJOINT, end, end) in self.evidence.printed
        is_array = prod(self.evidence.truth.shapes.get(end, ())) > 1
        return is_array and not told and self.work.same.get(end) not in self.work.uses

    def is_of_constant(self, subject: Subject) -> bool:
        """Whether it is a derivative of a row that is told in numbers alone, ``L = 0.5*(0.91 - 1)^2``, by another."""
        of = subject.variable if subject.quantity == TANGENT else subject.by if subject.quantity == ADJOINT else ""
        row = self.work.same.get(of, "")
        is_told = row in self.in_numbers or (row not in self.work.uses and is_closed(self.work.operations.get(row, ())))
        return is_told and row != "" and self.work.same.get(subject.variable) != self.work.same.get(subject.by)

    @cached_property
    def in_numbers(self) -> frozenset[str]:
        """The rows that are told in numbers alone, of names that nobody tells."""
        rows = (*self.work.operations.items(), *zip(self.work.inputs, self.work.point, strict=True))
        told = self.draft.asked.point.keys()
        return frozenset(row for row, of in rows if row not in told and is_closed(of) and is_worked(of))

    def is_open(self, subject: Subject) -> bool:
        """Whether it is the value of a row with an operand of which no number is known, and none is printed."""
        operands = self.work.operands.get(subject.variable, ()) if subject.quantity == VALUE else ()
        return any(u in self.work.unlocated and Subject(VALUE, u) not in self.evidence.printed for u in operands)
