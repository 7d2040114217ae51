"""A folder of denied-party lists as their publishers give them out, each recognised by what is in it."""

from __future__ import annotations

import csv
import json
import os
import shutil
from datetime import date, datetime
from typing import TYPE_CHECKING

from ewtp.core.screening.listed_party import DeniedPartyList
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.durable_folder import sync_folder
from ewtp.gateways.official_files.archive_reader import open_unpacked
from ewtp.gateways.official_files.file_readers import BROKEN, shorten_text
from ewtp.gateways.official_files.screening import ofac_sdn, un_consolidated
from ewtp.gateways.official_files.sentences import LIST_NOT_KNOWN, LIST_TWICE, LIST_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Of the installation's own lists, below its home.
SCREENING_FOLDER = "screening"
_RECORD = "lists.json"
_HEAD_BYTES = 1 << 16
# The whole lists have 4 to 30 MB.
_MOST_BYTES = 1 << 28


# Of an installation's own folder, the name of the file by what it holds.
_NAMES = {"un": "un-consolidated.xml", "sdn": "us-ofac-sdn.csv", "alt": "us-ofac-alt.csv", "add": "us-ofac-add.csv"}
_IDS = {"un": un_consolidated.LIST_ID, "sdn": ofac_sdn.LIST_ID}
_BY_COLUMNS = {
    ofac_sdn.SDN_COLUMNS: "sdn",
    ofac_sdn.ALT_COLUMNS: "alt",
    ofac_sdn.ADD_COLUMNS: "add",
}


@immutable
class ListFolder:
    """The lists of a folder, and the names of the files in it that are none."""

    lists: tuple[DeniedPartyList, ...]
    others: tuple[str, ...]


def read_list_folder(folder: Path) -> ListFolder | Refusal:
    """Every list in a folder, which may be missing; a list that cannot be read whole is refused, not left out."""
    parts: dict[str, Path] = {}
    others = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name == _RECORD or path.name.startswith(".") or not path.is_file():
            continue
        part = recognise_list_file(path)
        if part is None:
            others.append(path.name)
        elif part in parts:
            return Refusal(LIST_TWICE, {"file": path.name, "other": parts[part].name})
        else:
            parts[part] = path
    found = []
    if "un" in parts:
        found.append(_read("un", parts))
    if "sdn" in parts:
        found.append(_read("sdn", parts, _find_publication_day(folder, parts["sdn"].name)))
    refusal = next((each for each in found if isinstance(each, Refusal)), None)
    if refusal is not None:
        return refusal
    # Names and addresses belong to entries, and are nothing without them.
    others += [parts[part].name for part in ("alt", "add") if part in parts and "sdn" not in parts]
    return ListFolder(tuple(each for each in found if isinstance(each, DeniedPartyList)), tuple(others))


def _read(part: str, parts: Mapping[str, Path], published: date | None = None) -> DeniedPartyList | Refusal:
    path = parts[part]
    try:
        if part == "un":
            return un_consolidated.read_un_list(path)
        return ofac_sdn.read_sdn_list(path, alternate=parts.get("alt"), addresses=parts.get("add"), published=published)
    except BROKEN as error:
        return Refusal(LIST_UNREADABLE, {"file": path.name, "reason": shorten_text(error)})


def recognise_list_file(path: Path) -> str | None:
    """What part of which list a file is by its first bytes: ``un``, ``sdn``, ``alt`` or ``add``; None for any other."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        with open_unpacked(path) as stream:
            head = stream.read(_HEAD_BYTES)
    except BROKEN:
        return None
    text = head.decode("utf-8-sig", "replace")
    if f"<{un_consolidated.ROOT}" in text:
        return "un"
    try:
        # The last row of the head may be cut.
        rows = [row for row in csv.reader(text.splitlines()[:3][:-1] or text.splitlines()) if row]
    except csv.Error:
        return None
    numbered = [row for row in rows if row[0].strip().isdigit()]
    return _BY_COLUMNS.get(len(numbered[0])) if numbered else None


def store_list_files(
    paths: Sequence[Path], folder: Path, *, published: date | None, loaded: datetime
) -> Refusal | None:
    """Copy the files of lists into an installation's folder in place of the earlier ones: all of them, or none.

    Each is read whole first; ``published`` is kept for files that do not state their day. Refuses with
    ``list_not_known``, ``list_twice`` and ``list_unreadable``.
    """
    parts: dict[str, Path] = {}
    days: dict[str, date | None] = {}
    for path in paths:
        part = recognise_list_file(path)
        if part is None:
            return Refusal(LIST_NOT_KNOWN, {"file": path.name})
        if part in parts:
            return Refusal(LIST_TWICE, {"file": path.name, "other": parts[part].name})
        read = _read_whole(part, path)
        if isinstance(read, Refusal):
            return read
        parts[part], days[part] = path, read[0] or published
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {part: _draft(path, folder, _NAMES[part]) for part, path in parts.items()}
    record = _record(folder)
    for part, draft in drafts.items():
        day = days[part]
        record[_NAMES[part]] = {"published": day.isoformat() if day else None, "loaded": loaded.isoformat()}
        draft.replace(folder / _NAMES[part])
    written = folder / f".{_RECORD}.{os.getpid()}"
    written.write_text(json.dumps(record, indent=1, sort_keys=True))
    written.replace(folder / _RECORD)
    sync_folder(folder)
    return None


def _draft(path: Path, folder: Path, name: str) -> Path:
    """A copy of a file beside the one that it is to replace."""
    draft = folder / f".{name}.{os.getpid()}"
    with open_unpacked(path) as content, draft.open("wb") as copy:
        shutil.copyfileobj(content, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return draft


@immutable
class ListDates:
    """The days of a list that is loaded: that of the list, None where nobody states it, and when it was loaded."""

    published: date | None
    loaded: datetime


def list_dates(folder: Path) -> dict[str, ListDates]:
    """The days of the lists that an installation loaded into its folder, by id, without reading the lists."""
    record = _record(folder)
    found = {}
    for part, name in (("un", _NAMES["un"]), ("sdn", _NAMES["sdn"])):
        noted = record.get(name)
        if noted is not None and noted["loaded"] and (folder / name).exists():
            day = noted["published"]
            found[_IDS[part]] = ListDates(
                date.fromisoformat(day) if day else None, datetime.fromisoformat(noted["loaded"])
            )
    return found


def _read_whole(part: str, path: Path) -> tuple[date | None] | Refusal:
    """The day that a file states, None where it states none, after all of it was read."""
    if part in ("un", "sdn"):
        read = _read(part, {part: path})
        return read if isinstance(read, Refusal) else (read.published,)
    try:
        columns = next(columns for columns, each in _BY_COLUMNS.items() if each == part)
        for _ in ofac_sdn.read_ofac_rows(path, columns):
            pass
    except BROKEN as error:
        return Refusal(LIST_UNREADABLE, {"file": path.name, "reason": shorten_text(error)})
    return (None,)


def _record(folder: Path) -> dict[str, dict[str, str | None]]:
    """What the installation noted when it stored its lists; nothing in a folder of somebody's own."""
    try:
        record: dict[str, dict[str, str | None]] = json.loads((folder / _RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return record


def _find_publication_day(folder: Path, name: str) -> date | None:
    text = _record(folder).get(name, {}).get("published")
    return date.fromisoformat(text) if text else None
