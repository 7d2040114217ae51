"""The intern pools of a book: quantities, currencies, claims, refusals and programs by number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ewtp.core.compiled.compile.duty_bytecode import DutyProgram, compile_program
from ewtp.core.compiled.format.pool import Pool

if TYPE_CHECKING:
    from ewtp.core.compiled.compile.duty_bytecode import Instruction
    from ewtp.core.rulebook.rule import Rule


@dataclass(slots=True)
class InternPools:
    """Pools whose numbers outcomes and programs refer to; the pools become the names of the compiled book.

    ``refusals`` are pairs of code and message, number 0 for none. ``programs`` are tuples of instructions.
    """

    quantities: Pool[str] = field(default_factory=Pool)
    currencies: Pool[str] = field(default_factory=Pool)
    claims: Pool[str] = field(default_factory=Pool)
    refusals: Pool[tuple[str, str]] = field(default_factory=lambda: Pool(("", "")))
    programs: Pool[tuple[Instruction, ...]] = field(default_factory=Pool)
    _compiled: dict[int, tuple[DutyProgram, int]] = field(default_factory=dict)

    def program(self, shape: int, rule: Rule) -> tuple[DutyProgram, int]:
        """The program of the rules of a shape and its number, which is -1 where it has no instructions."""
        found = self._compiled.get(shape)
        if found is None:
            program = compile_program(rule, self.quantities, self.currencies, self.refusals)
            number = self.programs.place(program.instructions) if program.instructions else -1
            found = self._compiled[shape] = (program, number)
        return found
