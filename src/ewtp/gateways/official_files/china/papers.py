"""What the supervision conditions and inspection categories of the Chinese tariff ask for on imports.

Names and directions of the conditions: the table of supervision documents of the General Administration of Customs, as
customs agents and CargoWise's reference data reproduce it (undated); names of the categories: its list of goods that
are inspected. Letters on exports are counted and not taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from ewtp.core.rulebook.measure import Condition, Kind


@dataclass(frozen=True, slots=True)
class SupervisionPaper:
    """A paper that a letter stands for; ``when`` is a condition that the question does not state."""

    name: str
    kind: Kind = Kind.REQUIREMENT
    when: tuple[Condition, ...] = ()


_QUOTA = (Condition("regime", "quota", "the goods are imported within a tariff quota"),)
_PROCESSING = (Condition("regime", "processing", "the goods are imported for processing and export"),)
_USED = (Condition("state", "used", "the goods are used"),)
PAPERS = {
    "1": SupervisionPaper("Import licence"),
    "2": SupervisionPaper("Import licence for dual-use items and technologies"),
    "6": SupervisionPaper("Used mechanical and electrical goods may not be imported", Kind.PROHIBITION, _USED),
    "7": SupervisionPaper("Automatic import licence"),
    "9": SupervisionPaper("Goods that may not be imported", Kind.PROHIBITION),
    "D": SupervisionPaper("Inspection of rough diamonds"),
    "F": SupervisionPaper("Import permit for endangered species"),
    "I": SupervisionPaper("Permit for narcotic and psychotropic drugs"),
    "J": SupervisionPaper("Permit for gold and gold products"),
    "L": SupervisionPaper("Permit for medicines"),
    "O": SupervisionPaper("Automatic import licence for mechanical and electrical goods"),
    "Q": SupervisionPaper("Clearance note for imported medicines"),
    "R": SupervisionPaper("Clearance note for imported veterinary medicines"),
    "S": SupervisionPaper("Registration certificate for pesticides"),
    "U": SupervisionPaper("Certificate of lawful catch"),
    "X": SupervisionPaper("Environmental clearance note for toxic chemicals"),
    "Z": SupervisionPaper("Record of optical discs made abroad"),
    "b": SupervisionPaper("Release note for broadcasts and films"),
    "e": SupervisionPaper("Quota certificate for cotton outside the tariff quota", when=_QUOTA),
    "f": SupervisionPaper("Approval of finished audio-visual products"),
    "k": SupervisionPaper("Approval of civil explosives"),
    "m": SupervisionPaper("Certificate of a bank's transfer of renminbi notes"),
    "q": SupervisionPaper("Tariff quota certificate for one country", when=_QUOTA),
    "t": SupervisionPaper("Tariff quota certificate", when=_QUOTA),
    "v": SupervisionPaper("Automatic import licence for processing trade", when=_PROCESSING),
}
# Letters on exports alone.
ON_EXPORTS = frozenset("348BEGVxyz")
INSPECTION = "A"
CATEGORIES = {
    "L": "verification of civil goods",
    "M": "commodity inspection",
    "P": "animal and plant quarantine",
    "R": "food hygiene",
}
CATEGORIES_ON_EXPORTS = frozenset("NQS")
# Categories whose meaning was not found in a source.
CATEGORIES_NOT_READ = frozenset("VW")


def name_inspection(supervision: str, inspection: str) -> tuple[str, str]:
    """The paper that letter A and the import categories ask for, and its place in the tariff; empty where none does."""
    categories = [each for each in CATEGORIES if each in inspection]
    if INSPECTION not in supervision and not categories:
        return "", ""
    words = "; ".join(CATEGORIES[each] for each in categories)
    place = [f"supervision condition {INSPECTION}"] if INSPECTION in supervision else []
    place += [f"inspection by category {', '.join(categories)}"] if categories else []
    return "Entry inspection" + (f": {words}" if words else ""), ", ".join(place)
