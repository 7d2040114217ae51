"""The origin of goods by the latest version of the rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY, YES_OR_NO_UNREADABLE
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.origin.change import ProcessFacts
from ewtp.core.origin.decision import SCHEMES, OriginDecision, decide_origin
from ewtp.core.origin.origin_question import read_origin_question
from ewtp.core.origin.sentences import ORIGIN_RULES_NOT_HELD
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import check_economy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ewtp.core.origin.origin_question import OriginQuestion

# Whose rules of origin without a preference are held.
TERRITORIES = ("US",)
# The facts of a question beside its materials, as parameters and fields name them; the last three are yes or no.
STATED = ("whole", "simple_assembly", "unassembled")
FACTS = ("to", "hs", "made_in", *STATED)
YES_OR_NO = {"yes": True, "no": False}


def read_goods(facts: Mapping[str, str], materials: Sequence[str]) -> tuple[str, OriginQuestion] | Refusal:
    """Destination and question as somebody typed them, ``facts`` by name of ``FACTS``; economies have to exist.

    What is not stated is absent or empty. Refused with ``yes_or_no_unreadable`` and the codes of
    ``read_origin_question`` and of ``check_economy``, each with its field.
    """
    economy = check_economy(facts.get("to", ""))
    refusals = [economy.under("to")] if isinstance(economy, Refusal) else []
    typed = {name: facts[name] for name in STATED if facts.get(name)}
    refusals += [
        Refusal(YES_OR_NO_UNREADABLE, {"field": name}, where=name)
        for name, text in typed.items()
        if text not in YES_OR_NO
    ]
    whole, simple_assembly, unassembled = (YES_OR_NO.get(typed.get(name, "")) for name in STATED)
    question = read_origin_question(
        facts.get("hs", ""),
        facts.get("made_in", ""),
        materials,
        whole=bool(whole),
        facts=ProcessFacts(simple_assembly, unassembled),
    )
    if isinstance(question, Refusal):
        return Refusal.join([*refusals, question])
    places = [(question.made_in, "made_in")]
    places += [(material.origin, f"material[{place}]") for place, material in enumerate(question.materials)]
    checked = [(check_economy(code), place) for code, place in places]
    refusals += [found.under(place) for found, place in checked if isinstance(found, Refusal)]
    return Refusal.join(refusals) if refusals else (str(economy), question)


def origin_of_goods(question: OriginQuestion, destination: str) -> OriginDecision | Refusal:
    """The decision for goods imported into ``destination``; ``origin_rules_not_held``, ``rulebook_empty``."""
    if destination not in TERRITORIES:
        return Refusal(ORIGIN_RULES_NOT_HELD, where="to")
    version = latest_version()
    if version is None:
        return Refusal(RULEBOOK_EMPTY)
    return decide_origin(question, read_cached_book().reader(version.ref).read_origin_rules(SCHEMES, question.code))
