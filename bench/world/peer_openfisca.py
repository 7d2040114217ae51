"""openfisca-core as a peer: a duty by chapter and a VAT, with dated parameters for 97 chapters, in its vectors.

Started as ``python -m bench.world.peer_openfisca LINES`` in the environment of the peers. It computes in float32, as
openfisca does; reading the file and numbering the chapters is done once and not timed, in its favour.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables  # type: ignore[import-not-found] # the peers' own
from openfisca_core.indexed_enums import Enum  # type: ignore[import-not-found] # as above
from openfisca_core.parameters import ParameterNode  # type: ignore[import-not-found] # as above

from bench.world.peer_process import serve

CHAPTERS = [f"chapter_{number:02d}" for number in range(1, 98)]
LINE = entities.SingleEntity("line", "lines", "A line", "A line of a declaration")
Chapter = Enum("Chapter", [(name, name) for name in CHAPTERS])
PERIOD = "2026-06"


class customs_value(variables.Variable):  # type: ignore[misc] # noqa: N801 - openfisca names a variable by its class
    """The value that duty is taken on."""

    value_type = float
    entity = LINE
    definition_period = periods.MONTH


class chapter(variables.Variable):  # type: ignore[misc] # noqa: N801 - as above
    """The chapter of the goods."""

    value_type = Enum
    possible_values = Chapter
    default_value = Chapter.chapter_01
    entity = LINE
    definition_period = periods.MONTH


class duty(variables.Variable):  # type: ignore[misc] # noqa: N801 - as above
    """The duty of the chapter on the day."""

    value_type = float
    entity = LINE
    definition_period = periods.MONTH

    def formula(self: Any, period: Any, parameters: Any) -> Any:
        """A rate looked up by chapter."""
        rates = parameters(period).duty
        return self("customs_value", period) * rates[self("chapter", period)]


class vat(variables.Variable):  # type: ignore[misc] # noqa: N801 - as above
    """VAT on value and duty."""

    value_type = float
    entity = LINE
    definition_period = periods.MONTH

    def formula(self: Any, period: Any, parameters: Any) -> Any:
        """A rate looked up by chapter."""
        rates = parameters(period).vat
        return (self("customs_value", period) + self("duty", period)) * rates[self("chapter", period)]


def tax_system() -> Any:
    """Two parameters of 97 chapters, each with a value before and from 2026."""
    system = taxbenefitsystems.TaxBenefitSystem([LINE])
    dated = {
        name: {"values": {"2020-01-01": {"value": 0.01 * (n % 13)}, "2026-01-01": {"value": 0.01 * (n % 11)}}}
        for n, name in enumerate(CHAPTERS)
    }
    standard = {name: {"values": {"2020-01-01": {"value": 0.19}, "2026-01-01": {"value": 0.20}}} for name in CHAPTERS}
    system.parameters = ParameterNode("", data={"duty": dated, "vat": standard})
    system.add_variables(customs_value, chapter, duty, vat)
    return system


def main() -> None:
    """Read the columns, then answer orders."""
    path = Path(sys.argv[1])
    table = pq.read_table(path, columns=["hs", "value"], read_dictionary=["hs"])
    hs = table["hs"].unify_dictionaries().combine_chunks()
    hs = hs.chunk(0) if isinstance(hs, pa.ChunkedArray) else hs
    numbers = pc.cast(pc.utf8_slice_codeunits(hs.dictionary.cast(pa.string()), 0, 2), pa.int16()).to_numpy()
    chapters = (np.clip(numbers, 1, 97) - 1).astype(np.int16)[hs.indices.to_numpy()]
    values = pc.cast(table["value"], pa.float64()).to_numpy().astype(np.float32)
    system = tax_system()
    kept: dict[str, Any] = {}

    def run() -> dict[str, Any]:
        population = system.instantiate_entities()
        simulation = simulations.Simulation(system, population)
        simulation.persons.count = len(values)
        simulation.set_input("customs_value", PERIOD, values)
        simulation.set_input("chapter", PERIOD, chapters)
        kept["vat"] = simulation.calculate("vat", PERIOD)
        kept["duty"] = simulation.calculate("duty", PERIOD)
        return {"totals": {"duty": float(kept["duty"].sum()), "vat": float(kept["vat"].sum())}}

    def write(target: str) -> None:
        pq.write_table(pa.table(kept), target)

    serve(run, write)


if __name__ == "__main__":
    main()
