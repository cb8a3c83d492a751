"""What the names of a cell mean where it stands: each one number, or the few that it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from adtrace.checking.readings.names import EDGE, Name
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.rules import ADJOINT, AND, HESSIAN, PARTIAL, SECOND_ADJOINT, SECOND_PARTIAL, TANGENT, VALUE


@dataclass(frozen=True)
class Context:
    """What the names of a cell mean: which seed a dot has, whose derivative a bar is, what other marks stand for."""

    seed: str
    output: str
    marks: Mapping[str, str]
    """The quantity of each mark: dot, ddot, bar, prime, d, grad, ..."""
    quotient: str = ""
    """What a derivative of the output that is written as a quotient is: an adjoint, a partial, a tangent; any, if
    empty.
    """

    letter: str = ""
    """What the direction is called: p of ``D_p v_1 = p_1``."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Once: it is a key of much."""
        return hash((self.seed, self.output, self.quotient, self.letter, frozenset(self.marks.items())))

    def along(self, seed: str, output: str) -> Context:
        """The context of another seed and another output."""
        return self if (seed, output) == (self.seed, self.output) else replace(self, seed=seed, output=output)

    @cached_property
    def open(self) -> Context:
        """The context in which a quotient may be anything."""
        return replace(self, quotient="") if self.quotient else self

    def subjects(self, name: Name, work: Work) -> tuple[Subject, ...]:
        """What a name may stand for; none for one that no row has."""
        if not name.mark:
            return self._unmarked(name.variable, work)
        if name.mark == "leibniz":
            name = along_edge(name, work)
            way = self._of_tangent if "\u0307" in name.of else self._quotient
            return way(name.variable, name.of, work)
        if name.mark == "leibniz2":
            return self._second(name, work)
        if name.mark == "grad2" and name.variable in work.same:
            return tuple(Subject(HESSIAN, name.variable, f"{end} {end}") for end in _arrays_of(work))
        quantity = self.marks.get(name.mark, "")
        return self._marked(quantity, name, work) if quantity and name.variable in work.same else ()

    def _unmarked(self, variable: str, work: Work) -> tuple[Subject, ...]:
        """A value; an entry of the direction; the partial of a function that nobody gave."""
        if variable in work.same:
            return (Subject(VALUE, variable),)
        base, _, index = variable.partition("_")
        if self.letter == base and index.isdecimal():
            return tuple(Subject(TANGENT, of, self.seed) for of in work.inputs[int(index) - 1 : int(index)])
        call = variable.replace("'(", "(")  # g'(v_3) is the partial of g(v_3)
        operand = call.rstrip(")").partition("(")[2]
        return (Subject(PARTIAL, call, operand),) if call in work.operands and operand in work.same else ()

    def _gradient(self, name: Name, work: Work) -> tuple[Subject, ...]:
        """What ``∇_x f``, ``∇_{v_1} f`` are of; ``∇f`` is by any array, or is the 1 with which a sweep starts."""
        variable = name.variable
        if name.seed not in work.same:
            return tuple(Subject(ADJOINT, end, variable) for end in (*_arrays_of(work), variable))
        by, backwards = work.same[name.seed], Subject(ADJOINT, name.seed, variable)
        along = (Subject(TANGENT, variable, by),) if by in work.seeds and by not in work.arrays else ()
        return (*along, backwards) if variable in work.outputs or not along else along

    def _marked(self, quantity: str, name: Name, work: Work) -> tuple[Subject, ...]:
        """A quantity of a row, along or by what the name says, or else what its column is along or by."""
        variable = name.variable
        if name.mark == "grad" and (name.seed in work.same or (variable in work.outputs and work.has_arrays)):
            return self._gradient(name, work)
        if quantity == ADJOINT:
            output = name.seed or name.of
            return (Subject(ADJOINT, variable, output if output in work.same else self.output),)
        if quantity == SECOND_ADJOINT:
            seed = name.seed if name.seed in work.seeds else self.seed
            return (Subject(SECOND_ADJOINT, variable, f"{self.output}{AND}{seed}"),)
        if quantity == PARTIAL:
            operands = work.operands.get(work.same[variable], ())
            return (Subject(PARTIAL, variable, operands[0]),) if len(operands) == 1 else ()
        return (Subject(quantity, variable, name.seed if name.seed in work.seeds else self.seed),)

    def _second(self, name: Name, work: Work) -> tuple[Subject, ...]:
        """A derivative by two independent variables."""
        by, other = name.variable, name.seed or name.variable
        row = name.of if name.of in work.same else self.output
        inputs = work.same.get(by) in work.inputs and work.same.get(other) in work.inputs
        return (Subject(HESSIAN, row, f"{by} {other}"),) if inputs else ()

    def _of_tangent(self, by: str, of: str, work: Work) -> tuple[Subject, ...]:
        """The partial of a tangent."""
        row = of.replace("\u0307", "")
        told = row in work.operands and by in work.same
        return (Subject(SECOND_PARTIAL, row, f"{by}{AND}{self.seed}"),) if told else ()

    def _quotient(self, by: str, of: str, work: Work) -> tuple[Subject, ...]:
        """A derivative that is written as a quotient: through every path, or the partial alone."""
        if by not in work.same or (of not in work.same and "_" in of):  # a result may have a name that no row has
            return ()
        whole = Subject(ADJOINT, by, of if of in work.same else self.output)
        row = work.same.get(of, "")
        along = Subject(TANGENT, of, work.same[by]) if row and work.same[by] in work.inputs else whole
        is_output = row == work.same.get(self.output)
        first = work.same[by] in work.arrays or (is_output and self.quotient != TANGENT)
        found = (whole, along) if first else (along, whole)
        if work.same[by] not in work.operands.get(row, ()):
            return tuple(dict.fromkeys(found))
        quotient = self.quotient if is_output else ""
        return tuple(dict.fromkeys(s for s in (*found, Subject(PARTIAL, of, by)) if quotient in ("", s.quantity)))


def along_edge(name: Name, work: Work) -> Name:
    """The partial that an edge tells, whichever of its ends comes first; other names as they are."""
    uses = work.operands.get(work.same.get(name.variable, ""), ()) if name.seed == EDGE else ()
    return name._replace(variable=name.of, of=name.variable) if work.same.get(name.of) in uses else name


def _arrays_of(work: Work) -> list[str]:
    """The arrays by which a gradient may be, examples first."""
    return sorted(work.arrays - work.constant, key=lambda end: (end not in work.examples, end))
