"""A denied-party list as its publisher has it now, compared with the one that is loaded, and loaded in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.actions.import_report import ImportReport
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.official_files.screening.list_folder import (
    SCREENING_FOLDER,
    read_list_folder,
    store_list_files,
)
from ewtp.gateways.official_files.sentences import LIST_NOT_KNOWN
from ewtp.gateways.publishers.sentences import LIST_SHRINKS

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from ewtp.core.screening.listed_party import DeniedPartyList, ListedParty

# A list that loses more at once was cut short on its way.
_LEAST_SHARE = 0.75


def list_update(
    *, list_id: str, folder: Path, published: date | None, check: bool, now: datetime
) -> tuple[ImportReport, bool] | Refusal:
    """Load the list of this id from the files in a folder; its report, and whether it differs from the earlier one.

    With ``check`` nothing is loaded. ``published`` is its day where the files do not state one. Refuses with
    ``list_not_known``, ``list_shrinks``, ``list_twice`` or ``list_unreadable``; nothing has then changed.
    """
    found = read_list_folder(folder)
    if isinstance(found, Refusal):
        return found
    new = next((each for each in found.lists if each.id == list_id), None)
    if new is None or found.others or len(found.lists) > 1:
        other = found.others[0] if found.others else next(iter(sorted(path.name for path in folder.iterdir())), "")
        return Refusal(LIST_NOT_KNOWN, {"file": other})
    held = _find_held_list(list_id)
    before = {each.entry: each for each in held.parties} if held else {}
    if len(new.parties) < len(before) * _LEAST_SHARE:
        return Refusal(LIST_SHRINKS, {"new": len(new.parties), "held": len(before)})
    counts = _compare(before, {each.entry: each for each in new.parties})
    day = new.published or published
    differs = held is None or held.published != day or counts["read"] != counts["unchanged"] or bool(counts["ended"])
    if not check:
        refused = store_list_files(sorted(folder.iterdir()), _folder(), published=published, loaded=now)
        if refused is not None:
            return refused
    return ImportReport(list_id, None, {"entries": counts}), differs


def _folder() -> Path:
    return home_path() / SCREENING_FOLDER


def _find_held_list(list_id: str) -> DeniedPartyList | None:
    """The list that is loaded; None where it is none, or one that cannot be read and is replaced for that."""
    held = read_list_folder(_folder())
    return None if isinstance(held, Refusal) else next((each for each in held.lists if each.id == list_id), None)


def _compare(before: dict[str, ListedParty], after: dict[str, ListedParty]) -> dict[str, int]:
    kept = before.keys() & after.keys()
    unchanged = sum(before[entry] == after[entry] for entry in kept)
    return {
        "read": len(after),
        "new": len(after) - len(kept),
        "superseded": len(kept) - unchanged,
        "unchanged": unchanged,
        "ended": len(before) - len(kept),
        "refused": 0,
    }
