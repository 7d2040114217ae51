"""Names brought into one form: any script in Latin letters, no marks, particles and legal forms marked.

The transliteration is anyascii's table, letter by letter. The sound of a word is what is left of its consonants once
letters that romanisations exchange are one; Arabic, Russian and Chinese names are romanised in many ways.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from ewtp.core.values.immutable import immutable

# Longer names are cut; no list has one of more words.
MOST_WORDS = 24
_MOST_CHARACTERS = 400
# Words that join the parts of a name, and titles: romanisations write, join or leave them out.
PARTICLES = frozenset({
    "al", "el", "ul", "ur", "as", "ash", "ad", "an", "ar", "az", "at", "bin", "ben", "ibn", "bint", "abu", "abou",
    "umm", "de", "da", "do", "dos", "del", "della", "der", "den", "di", "du", "la", "le", "van", "von", "y", "and",
    "the", "of", "for", "mr", "mrs", "ms", "dr", "prof", "sheikh", "shaykh", "shaikh", "haji", "hajji", "hajj",
    "mullah", "maulavi", "mawlawi", "sayyid", "said", "sir", "general", "gen", "col", "capt", "mv", "mt", "ss",
})  # fmt: skip
# Forms of companies by what is written, from the lists themselves; each says little about who is meant.
LEGAL_FORMS = frozenset({
    "ltd", "limited", "llc", "inc", "incorporated", "corp", "corporation", "co", "company", "gmbh", "ag", "sa",
    "sas", "sarl", "srl", "spa", "bv", "nv", "plc", "pty", "pte", "oy", "ab", "as", "jsc", "ojsc", "cjsc", "pjsc",
    "ooo", "oao", "zao", "pao", "ao", "aktiengesellschaft", "kg", "kk", "fze", "fzco", "fzc", "fz", "llp", "lp",
    "lllp", "joint", "stock", "liability", "sdn", "bhd", "est", "establishment", "dmcc", "spc", "wll", "ehf", "doo",
    "dd", "ad", "sociedad", "anonima", "ltda", "cia", "eurl",
})  # fmt: skip
# The longest first.
_SERVANT = ("abdel", "abdal", "abdul", "abdur", "abdus", "abdol", "abdou", "abd")
_SHORTEST_SERVANT = "abd"
_ARTICLE = frozenset({"al", "el", "ul", "ur", "ol", "us", "as", "ar", "ad"})
_LETTERS = re.compile(r"[a-z0-9]+")
# What two romanisations of one sound exchange, longest first; then vowels and half-vowels are left out.
_SOUNDS = (
    ("dhh", "s"), ("tch", "c"), ("sch", "s"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("sh", "s"), ("zh", "j"),
    ("ch", "c"), ("th", "t"), ("dh", "d"), ("dj", "j"), ("dzh", "j"), ("ck", "k"), ("ks", "x"), ("qu", "k"),
    ("ts", "c"), ("tz", "c"), ("q", "k"), ("z", "s"), ("v", "f"), ("g", "j"),
)  # fmt: skip
_VOWELS = re.compile(r"[aeiouwy]|h$")
# The table leaves out the vowels that Arabic writes, and its article is part of the word.
_ARABIC_VOWELS = str.maketrans(dict.fromkeys("اآأإٱعى", "a"))
_ARABIC_ARTICLE = re.compile(r"(?<!\w)ال(?=\w{2})")
# Each character of Han script is a syllable of its own.
_HAN = re.compile(r"[\u3400-\u9fff]")
# The table writes every apostrophe, quotation mark and half ring as one of these.
_APOSTROPHE = re.compile(r"['`\"]")
_ABBREVIATION = re.compile(r"\b((?:[a-z]\.){2,})")
_REPEATED = re.compile(r"(.)\1+")
_SHORTEST_SOUND = 2


@immutable
class NameWord:
    """A word of a name in one form, its ``sound``, and whether it says little: a particle, a title, a legal form."""

    text: str
    sound: str
    minor: bool


@immutable
class FoldedName:
    """A name as words in order; ``plain`` is the same for names that differ in script, marks and punctuation alone."""

    words: tuple[NameWord, ...]

    @property
    def plain(self) -> tuple[str, ...]:
        """The words without regard to order."""
        return tuple(sorted(word.text for word in self.words))


@lru_cache(maxsize=65536)
def sound_of(text: str) -> str:
    """The consonants of a folded word as romanisations agree on them; empty where too few are left to say anything."""
    sound = text
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    first = "a" if text[:1] in "aeiou" else ""
    rest = _REPEATED.sub(r"\1", _VOWELS.sub("", sound))
    return first + rest if len(rest) >= _SHORTEST_SOUND else ""


@lru_cache(maxsize=65536)
def word_of(text: str) -> NameWord:
    """A folded word with its sound."""
    minor = text in PARTICLES or text in LEGAL_FORMS
    return NameWord(text, "" if text.isdigit() else sound_of(text), minor)


def fold_name(name: str) -> FoldedName:
    """The name in one form; no words where it has no letter and no digit."""
    text = name[:_MOST_CHARACTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = anyascii(_HAN.sub(r" \g<0> ", _ARABIC_ARTICLE.sub("al ", text).translate(_ARABIC_VOWELS)))
    # An apostrophe is part of a letter or of a transcription; a full stop may stand inside an abbreviation.
    text = _APOSTROPHE.sub("", text.lower())
    if "." in text:
        text = _ABBREVIATION.sub(lambda found: found[0].replace(".", ""), text)
    words = _LETTERS.findall(text)[:MOST_WORDS]
    return FoldedName(tuple(word_of(each) for each in _join_servants(words)))


def _join_servants(words: list[str]) -> list[str]:
    """``Abd al-Rahman``, ``Abdul Rahman`` and ``Abdurrahman`` as one word."""
    joined: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        start = next((s for s in _SERVANT if word.startswith(s)), "") if word.startswith(_SHORTEST_SERVANT) else ""
        if start and word != start:
            rest = word[len(start) :]
            joined.append("abd" + rest if len(rest) > 1 else word)
        elif start and place + 1 < len(words):
            step = 2 if words[place + 1] in _ARTICLE and place + 2 < len(words) else 1
            joined.append("abd" + words[place + step])
            place += step
        else:
            joined.append(word)
        place += 1
    return joined
