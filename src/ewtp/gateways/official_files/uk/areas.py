"""The geographical areas of the UK Trade Tariff: groups of economies, or one economy by itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.rulebook.territory import Group, Membership
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.uk.api_json import Json, read_list
from ewtp.gateways.official_files.uk.cells import tidy_text
from ewtp.gateways.official_files.uk.schemes import group_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ewtp.core.rulebook.citation import Source

# The areas "every origin" and "every third country".
EVERYONE = frozenset({"1011", "1008"})
# The tariff's own codes for economies that ISO 3166 names otherwise.
ISO_NAMES = {"XS": "RS"}


@cache
def _schemes() -> dict[str, str]:
    text = files(__package__).joinpath("areas.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["schemes"])


def read_areas(document: object) -> list[Any] | None:
    """The areas, where the document is their list in either shape."""
    if isinstance(document, list):
        return (
            document
            if document and all(isinstance(a, dict) and "geographical_area_id" in a for a in document)
            else None
        )
    if not isinstance(document, dict) or not isinstance(document.get("data"), list):
        return None
    found = []
    for item in document["data"]:
        if not isinstance(item, dict) or item.get("type") != "geographical_area":
            return None
        children = item.get("relationships", {}).get("children_geographical_areas", {}).get("data", [])
        found.append(
            {
                "geographical_area_id": item.get("id"),
                **item.get("attributes", {}),
                "children_geographical_areas": children,
            },
        )
    return found


def make_area_groups(areas: list[Any], source: Source, start: date) -> Iterator[Group]:
    """The areas that have members, as groups from ``start`` on; an area of everyone needs none."""
    for area in areas:
        if read_list(area.get("children_geographical_areas")) and area["geographical_area_id"] not in EVERYONE:
            yield make_area_group(area, source, start)


def make_area_group(area: Json, source: Source, start: date) -> Group:
    """The area as a group; one economy is a group of itself, so that its preference is claimed like any other."""
    code = str(area.get("geographical_area_id") or area["id"])
    children = [
        str(child.get("geographical_area_id") or child["id"])
        for child in read_list(area.get("children_geographical_areas"))
    ]
    members = dict.fromkeys(ISO_NAMES.get(member, member) for member in (children or [code]))
    scheme = _schemes().get(code)
    return Group(
        id=group_id(code),
        title=tidy_text(area.get("description")) or code,
        members=tuple(Membership(member, Period(start)) for member in members),
        source=source,
        reference=f"area {code}",
        origin_scheme=group_id(scheme) if scheme else "",
    )


def has_unlisted_members(area: Json) -> bool:
    """Whether the area is a group whose members are missing from the answer."""
    code = str(area.get("geographical_area_id") or area.get("id") or "")
    return code.isdigit() and code not in EVERYONE and not read_list(area.get("children_geographical_areas"))
