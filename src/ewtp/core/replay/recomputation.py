"""A replay that anybody can repeat: its inputs, and the digest of its result.

Two installations that compute the same thing have one result, whatever their files, threads and pieces. So a result
that nobody could repeat is distinguished from one that somebody did, and from one that came out otherwise.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORM = "ewtp-replay-1"


@immutable
class ReplayRecipe:
    """What a replay was computed of, each by its name or digest.

    ``engine`` is the program with the editions of its answers and tables, ``rulebook`` the digest of the version,
    ``rates`` the edition of the exchange rates, ``change`` the digest of the changeset, ``data`` the root of the
    lines, ``currency`` that of the sums in one currency.
    """

    engine: str
    rulebook: str
    rates: str
    change: str
    data: str
    currency: str

    def as_json(self) -> dict[str, str]:
        """Each part by its name."""
        return {
            "engine": self.engine,
            "rulebook": self.rulebook,
            "rates": self.rates,
            "change": self.change,
            "data": self.data,
            "currency": self.currency,
        }


def recipe_from_json(body: Mapping[str, str]) -> ReplayRecipe:
    """The recipe that ``as_json`` wrote, other fields apart; KeyError where a part is missing."""
    return ReplayRecipe(body["engine"], body["rulebook"], body["rates"], body["change"], body["data"], body["currency"])


@immutable
class RepeatableReplay:
    """A replay as it is stored: what it was computed of, and the digest of its published report."""

    recipe: ReplayRecipe
    result: str

    @property
    def change(self) -> str:
        """The digest of the change that was replayed."""
        return self.recipe.change

    def confirms(self, other: RepeatableReplay) -> bool:
        """Whether it has the result of the other, from the same things."""
        return compare_records(other, self)[0] is Agreement.CONFIRMED

    def as_json(self) -> dict[str, Any]:
        """The recipe and the result's digest."""
        return {"recipe": self.recipe.as_json(), "result": self.result}


def replay_record_from_json(body: Mapping[str, Any]) -> RepeatableReplay:
    """The record that ``as_json`` wrote; KeyError where a part is missing."""
    return RepeatableReplay(recipe_from_json(body["recipe"]), str(body["result"]))


class Agreement(StrEnum):
    """What a recomputation says of a stored replay."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    INCOMPARABLE = "incomparable"


def digest_result(published: Mapping[str, Any]) -> str:
    """SHA-256 of a published report as canonical JSON, in hexadecimal digits.

    The name of the rulebook's version is left out, since installations number theirs; its digest is in the recipe.
    """
    body = {name: value for name, value in published.items() if name != "rulebook"}
    change = dict(body.get("change") or {})
    change.pop("before", None)
    body["change"] = change
    synthetic = body.get("synthetic")
    if isinstance(synthetic, dict) and isinstance(synthetic.get("stated"), dict):
        stated = {name: value for name, value in synthetic["stated"].items() if name != "rulebook_version"}
        body["synthetic"] = synthetic | {"stated": stated}
    return canonical_digest({"form": _FORM, "report": _plain(body)})


def _plain(value: Any) -> Any:
    """The value with numbers that JSON readers differ in, which a file's own notes may hold, as texts."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return repr(value) if isinstance(value, float) else str(value) if isinstance(value, str) else value


def compare_records(stored: RepeatableReplay, recomputed: RepeatableReplay) -> tuple[Agreement, tuple[str, ...]]:
    """Whether a recomputation had the same result, and the parts of the recipe that differ.

    Another program with the same result confirms it all the more, and one that does not contradicts it; of another
    change, rulebook, currency, other lines or rates nothing follows.
    """
    one, other = stored.recipe.as_json(), recomputed.recipe.as_json()
    differing = tuple(name for name in one if one[name] != other[name])
    if set(differing) - {"engine"}:
        return Agreement.INCOMPARABLE, differing
    return (Agreement.CONFIRMED if stored.result == recomputed.result else Agreement.CONTRADICTED), differing
