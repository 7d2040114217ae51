"""The language of a short text, as far as its script and its commonest words tell."""

from __future__ import annotations

import re
import unicodedata

# The commonest words of each language that is written in Latin letters, without accents.
_WORDS = {
    "en": "the is are a of to and for in on too we our not it at this that from with they very",
    "fr": "le la les des du une est sont pour dans trop nous notre pas et sur il au aux ce ils tres avec",
    "es": "el la los las una es son para en muy nos nuestra nuestro por del y con demasiado que se al lo",
    "sw": "ya wa na kwa ni za la katika hii hiyo cha vya sana yetu mno si kutoka tunahitaji wanataka zaidi",
}
_COMMON = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_DEFAULT = "en"
# A report has no more. Putting marks in order takes time with the square of how many follow one letter.
_MOST_CHARACTERS = 1_000
_WORD = re.compile(r"[^\W\d_]+")
# Names of scripts as Unicode's names of letters begin, with the language of the site that is written in them.
_SCRIPTS = (("ARABIC", "ar"), ("CJK", "zh-hans"))


def sentence_language(text: str) -> str:
    """The one of the six languages of the site that a text is most likely in; English where nothing tells.

    It chooses the language of a receipt, and is not kept with the text.
    """
    text = text[:_MOST_CHARACTERS]
    letters = [unicodedata.name(each, "") for each in text if each.isalpha()]
    for script, language in _SCRIPTS:
        if 2 * sum(name.startswith(script) for name in letters) > len(letters):
            return language
    plain = unicodedata.normalize("NFD", text.casefold())
    words = _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))
    counts = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    best = max(counts.values())
    return next((language for language, count in counts.items() if count == best), _DEFAULT) if best else _DEFAULT
