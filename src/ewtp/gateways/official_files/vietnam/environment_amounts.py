"""What the environment protection tax takes of goods whose line is one kind of the resolutions' list.

The table only marks the goods that owe it. Coal: Resolution 579/2018/UBTVQH14, by the tonne, here by the kilogram.
Fuels and lubricants: Resolution 109/2025/UBTVQH15 for 2026, and that of 2018 again from 2027 on; earlier years were
not read. Lines do not distinguish the petrol in a blend with ethanol, taxable bags, pesticides and solutions: those
stay open.
"""

from __future__ import annotations

from datetime import date

from ewtp.core.values.period import Period

OF_2018 = "Resolution 579/2018/UBTVQH14"
OF_2026 = "Resolution 109/2025/UBTVQH15"
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
AFTERWARDS = Period(date(2027, 1, 1))
# By line or subheading: VND a kilogram.
_COAL = {"270111": 30, "270112": 15, "270119": 15, "270210": 15, "270220": 15}
# By kind: VND a litre, or a kilogram of grease, in 2026 and afterwards.
_PETROL, _JET_FUEL, _DIESEL, _KEROSENE = (2000, 4000), (1500, 3000), (1000, 2000), (600, 1000)
_FUEL_OIL = _LUBRICANT = _GREASE = (1000, 2000)
_OILS = {
    **dict.fromkeys(("27101211", "27101212", "27101213", "27101221", "27101224", "27101227"), _PETROL),
    **dict.fromkeys(("27101942", "27101945", "27101946"), _LUBRICANT),
    **dict.fromkeys(("27101971", "27101972"), _DIESEL),
    **dict.fromkeys(("27101981", "27101982"), _JET_FUEL),
    "27101944": _GREASE,
    "27101979": _FUEL_OIL,
    "27101983": _KEROSENE,
}
_BY_WEIGHT = "27101944"


def find_environment_amounts(code: str, start: date) -> list[tuple[str, Period, str]]:
    """The amounts on a line that is in force from ``start`` on: expression, days and resolution; none where open."""
    coal = _COAL.get(code[:6])
    if coal is not None:
        return [(f"{coal} VND/kg", Period(start), OF_2018)]
    oils = _OILS.get(code)
    if oils is None or start > YEAR.start:
        return []
    unit = "kg" if code == _BY_WEIGHT else "litre"
    return [(f"{oils[0]} VND/{unit}", YEAR, OF_2026), (f"{oils[1]} VND/{unit}", AFTERWARDS, OF_2018)]
