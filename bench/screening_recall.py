"""How many listed parties are found under spelled variants of their names, and how often ordinary names are hits.

``python -m bench.screening_recall FOLDER`` prints one JSON object a line; FOLDER holds official lists. Names that no
list has are made up by Faker, which is installed for this measurement alone.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.core.screening.listed_party import NameKind, PartyKind
from ewtp.core.screening.screen import NameIndex, Tier
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.screening.list_folder import read_list_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ewtp.core.screening.listed_party import DeniedPartyList, ListedParty

SAMPLE = 400
LOCALES = ("en_US", "fr_FR", "es_MX", "de_DE", "pt_BR", "ru_RU", "zh_CN", "ar_AA", "hi_IN", "tr_TR")
# Languages of Africa and South-East Asia are not among Faker's, apart from these.
MORE_LOCALES = ("en_NG", "fr_DZ", "id_ID", "vi_VN")


def typo(text: str, draw: random.Random) -> str:
    """One letter of the longest word is left out, doubled, exchanged or another."""
    words = text.split()
    place = max(range(len(words)), key=lambda at: len(words[at]))
    word = words[place]
    at = draw.randrange(1, max(2, len(word) - 1))
    changed = draw.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at < len(word) else word,
            word[:at] + draw.choice("aeinrst") + word[at + 1 :],
        ]
    )
    return " ".join([*words[:place], changed, *words[place + 1 :]])


def two_typos(text: str, draw: random.Random) -> str:
    """Two letters are wrong."""
    return typo(typo(text, draw), draw)


def another_order(text: str, draw: random.Random) -> str:
    """The last word comes first."""
    del draw
    words = text.replace(",", " ").split()
    return " ".join([words[-1], *words[:-1]])


def word_left_out(text: str, draw: random.Random) -> str:
    """One word of three or more is missing."""
    words = text.split()
    if len(words) < 3:
        return text
    gone = draw.randrange(1, len(words))
    return " ".join(word for at, word in enumerate(words) if at != gone)


def first_as_initial(text: str, draw: random.Random) -> str:
    """The first name is a letter."""
    del draw
    words = text.replace(",", " ").split()
    return " ".join([words[0][0] + ".", *words[1:]]) if len(words) > 1 else text


def words_joined(text: str, draw: random.Random) -> str:
    """Two words are written as one."""
    words = text.split()
    if len(words) < 2:
        return text
    at = draw.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "one letter wrong": typo,
    "two letters wrong": two_typos,
    "another order": another_order,
    "a word left out": word_left_out,
    "first name as initial": first_as_initial,
    "two words joined": words_joined,
}


def held_out(lists: list[DeniedPartyList], scripts: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001 - which of two sets
    """Names that the lists give, with their entries, each to be looked for under the entry's other names alone."""
    for each in lists:
        for party in each.parties:
            for name in party.names[1:]:
                if name.kind is not NameKind.WEAK_ALIAS and name.text.isascii() != scripts:
                    yield party.entry, name.text


def without(lists: list[DeniedPartyList], gone: set[tuple[str, str]]) -> list[DeniedPartyList]:
    """The lists without these names."""

    def left(party: ListedParty) -> ListedParty:
        return replace(party, names=tuple(name for name in party.names if (party.entry, name.text) not in gone))

    return [replace(each, parties=tuple(map(left, each.parties))) for each in lists]


def tell(what: str, asked: list[tuple[str, str]], index: NameIndex) -> None:
    """Print how many of the asked names are hits of their entry, by tier."""
    found = dict.fromkeys(Tier, 0)
    for entry, name in asked:
        hit = next((hit for hit in index.screen(name) if hit.entry == entry), None)
        if hit is not None:
            found[hit.tier] += 1
    total = sum(found.values())
    shown = {tier.value: round(count / len(asked), 3) for tier, count in found.items()}
    print(json.dumps({"variant": what, "n": len(asked), "found": round(total / len(asked), 3), **shown}))


def tell_false(what: str, names: list[str], index: NameIndex) -> None:
    """Print how many names that are on no list are hits, by their nearest tier."""
    tiers = dict.fromkeys(Tier, 0)
    start = time.perf_counter()
    for name in names:
        hits = index.screen(name)
        if hits:
            tiers[hits[0].tier] += 1
    spent = time.perf_counter() - start
    shown = {tier.value: round(count / len(names), 4) for tier, count in tiers.items()}
    print(json.dumps({"unlisted": what, "n": len(names), **shown, "names_a_second": round(len(names) / spent)}))


def main(folder: str) -> None:
    """Print all figures."""
    held = read_list_folder(Path(folder))
    if isinstance(held, Refusal):
        raise SystemExit(held.message)
    lists = list(held.lists)
    draw = random.Random(11)
    whole = NameIndex(lists)
    primary = [
        (party.entry, party.names[0].text)
        for each in lists
        for party in each.parties
        if party.kind in (PartyKind.PERSON, PartyKind.BODY) and len(party.names[0].text.split()) > 1
    ]
    sample = draw.sample(primary, SAMPLE)
    for what, change in VARIANTS.items():
        tell(what, [(entry, change(text, draw)) for entry, text in sample], whole)
    for what, scripts in (("aliases held out", False), ("original scripts held out", True)):
        chosen = draw.sample(pool := sorted(held_out(lists, scripts)), min(SAMPLE, len(pool)))
        gone = set(pool) if scripts else set(chosen)
        tell(what, chosen, NameIndex(without(lists, gone)))
    faker = importlib.import_module("faker").Faker
    faker.seed(11)
    for what in ("name", "company"):
        names = []
        for locale in (*LOCALES, *MORE_LOCALES):
            names += [getattr(faker(locale), what)() for _ in range(60)]
        tell_false(f"{what}s of {len(LOCALES) + len(MORE_LOCALES)} locales", names, whole)
    tell_false("names of ar_AA", [faker("ar_AA").name() for _ in range(300)], whole)


if __name__ == "__main__":
    main(sys.argv[1])
