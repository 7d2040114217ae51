"""Import profiles in a folder beside the compiled rulebooks: reading one from the tariffs takes many seconds."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

import ewtp.core
from ewtp.core.synthetic.import_profile import DeclarableProduct, Destination, ImportProfile, ProductSchedule
from ewtp.gateways.compiled_store.books import find_compiled_root
from ewtp.gateways.compiled_store.folder_digests import is_sound, remove_damaged, save_folder, write_digested

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_PROFILE, _CLAIMS = "profile.json", "claims"


def profile_folder(home: Path, digest: str, label: str, year: int, subheadings: Iterable[str]) -> Path:
    """Where the profile of a year is kept, under a version's digest and label and a list of subheadings.

    The name has a digest of the rules of the program too, since they decide what a profile says.
    """
    given = orjson.dumps([label, sorted(subheadings), _rules_digest()])
    return find_compiled_root(home) / f"{digest}-profile-{year}-{hashlib.sha256(given).hexdigest()[:16]}"


def write_profile(profile: ImportProfile, folder: Path) -> None:
    """Save a profile; where the disk takes none, the next reader builds it again."""
    with suppress(OSError):
        save_folder(folder, partial(_write_files, profile))


def read_profile(folder: Path) -> ImportProfile | None:
    """The profile saved in a folder; None where there is none.

    One that was damaged on the disk is reported in the log and removed.
    """
    if not is_sound(folder):
        if folder.exists():
            remove_damaged(folder, "import profile")
        return None
    try:
        body = orjson.loads((folder / _PROFILE).read_bytes())
        claims = [np.load(folder / f"{_CLAIMS}-{place}.npy") for place in range(len(body["schedules"]))]
    except FileNotFoundError:
        # It was removed at this moment.
        return None
    # Whoever clears folders sees by this that the profile is still in use.
    with suppress(OSError):
        folder.touch()
    return ImportProfile(
        body["version"],
        body["year"],
        tuple(body["economies"]),
        tuple(
            Destination(economy, currency, schedule, frozenset(inside))
            for economy, currency, schedule, inside in body["destinations"]
        ),
        tuple(_schedule_from_json(each, cells) for each, cells in zip(body["schedules"], claims, strict=True)),
        tuple(body["subheadings"]),
    )


def _write_files(profile: ImportProfile, draft: Path) -> dict[str, str]:
    written = orjson.dumps(_profile_as_json(profile))
    digests = {_PROFILE: write_digested(draft / _PROFILE, lambda file: file.write(written))}
    for place, schedule in enumerate(profile.schedules):
        path = draft / f"{_CLAIMS}-{place}.npy"
        digests[path.name] = write_digested(path, partial(np.save, arr=schedule.claims))
    return digests


def _profile_as_json(profile: ImportProfile) -> dict[str, Any]:
    return {
        "version": profile.version,
        "year": profile.year,
        "economies": profile.economies,
        "destinations": [(d.economy, d.currency, d.schedule, sorted(d.inside)) for d in profile.destinations],
        "schedules": [_schedule_as_json(schedule) for schedule in profile.schedules],
        "subheadings": profile.subheadings,
    }


def _schedule_as_json(schedule: ProductSchedule) -> dict[str, Any]:
    """A schedule without its claims; days are their ordinal numbers, and products refer to their set of units."""
    sets: dict[tuple[str, ...], int] = {}
    return {
        "territory": schedule.territory,
        "products": [
            (p.code, p.first.toordinal(), p.last.toordinal(), sets.setdefault(p.units, len(sets)), p.preferences)
            for p in schedule.products
        ],
        "unit_sets": list(sets),
        "days": [day.toordinal() for day in schedule.days],
        "options": schedule.options,
    }


def _schedule_from_json(body: dict[str, Any], claims: NDArray[np.int32]) -> ProductSchedule:
    sets = [tuple(units) for units in body["unit_sets"]]
    return ProductSchedule(
        body["territory"],
        tuple(
            DeclarableProduct(code, date.fromordinal(first), date.fromordinal(last), sets[units], preferences)
            for code, first, last, units, preferences in body["products"]
        ),
        tuple(date.fromordinal(day) for day in body["days"]),
        tuple(tuple(option) for option in body["options"]),
        claims,
    )


@cache
def _rules_digest() -> str:
    """Identifies the program's rules by the source of ``ewtp.core``."""
    digest = hashlib.sha256()
    root = Path(ewtp.core.__path__[0])
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
