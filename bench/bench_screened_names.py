"""How fast names are screened: by the index, and by a comparison of whole texts with every listed name.

Prints one JSON object; times are those of the processor, in one thread. The lists are those in the folder ``screening``
of ``EWTP_REFERENCE_DATA`` where there are some, else made-up names. Every name is asked for once: a half are listed
names with a letter wrong, a half are mixed of words of several.
"""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bench.screening_recall import typo
from ewtp.core.screening.listed_party import DeniedPartyList, ListedName, ListedParty, PartyKind
from ewtp.core.screening.name_form import fold_name
from ewtp.core.screening.screen import WEAK, NameIndex
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.screening.list_folder import read_list_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LISTED = 18_000
ASKED = 1_000
# The other way is slow, and each of its names takes as long as another.
ASKED_OF_PEER = 60
# Four thousand names a second are this many times those of the other way, on the computer where both were measured.
TARGET = 2.8
_SYLLABLES = ("ka", "ri", "mo", "hal", "zen", "tur", "vas", "il", "dor", "ab", "shi", "pe", "lun", "gar", "os", "ne")


def _lists(draw: random.Random) -> tuple[str, Sequence[DeniedPartyList]]:
    folder = os.environ.get("EWTP_REFERENCE_DATA")
    held = read_list_folder(Path(folder) / "screening") if folder else None
    if held is not None and not isinstance(held, Refusal) and held.lists:
        return "official", held.lists
    words = ["".join(draw.choices(_SYLLABLES, k=draw.choice((2, 3)))) for _ in range(6_000)]
    names = [" ".join(draw.choices(words, k=draw.choice((2, 3, 4)))).title() for _ in range(LISTED)]
    parties = [ListedParty(str(at), PartyKind.PERSON, (ListedName(name),)) for at, name in enumerate(names)]
    return "made up", [DeniedPartyList("made-up", "Made-up names", "Nobody", None, tuple(parties))]


def _names_a_second(names: Sequence[str], look_for: Callable[[str], object]) -> float:
    start = time.process_time()
    for name in names:
        look_for(name)
    return len(names) / (time.process_time() - start)


def main() -> None:
    """Print the figures."""
    draw = random.Random(5)
    kind, lists = _lists(draw)
    listed = [name.text for each in lists for party in each.parties for name in party.names]
    words = [word for text in draw.sample(listed, 2_000) for word in text.replace(",", " ").split()]
    asked = [typo(text, draw) for text in draw.sample(listed, ASKED // 2) if len(text) > len("Li Wu")]
    asked += [" ".join(draw.sample(words, 3)) for _ in range(ASKED - len(asked))]
    draw.shuffle(asked)
    index = NameIndex(lists)
    ours = _names_a_second(asked, index.screen)
    folded = [" ".join(fold_name(text).plain) for text in listed]

    def compare(name: str) -> object:
        text = " ".join(fold_name(name).plain)
        return process.extract(text, folded, scorer=fuzz.ratio, score_cutoff=100 * WEAK, limit=None)

    theirs = _names_a_second(asked[:ASKED_OF_PEER], compare)
    row = {"bench": "screening", "peer": "rapidfuzz, sorted words of every listed name", "unit": "names/s"}
    ratio = round(ours / theirs, 2)
    figures = {"ours": round(ours), "theirs": round(theirs), "ratio": ratio, "n": len(listed)}
    print(json.dumps({**row, **figures, "lists": kind, "target": TARGET, "reached": ratio >= TARGET}))


if __name__ == "__main__":
    main()
