"""Words of a product description: split, folded to one spelling, and stemmed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import local

import snowballstemmer

from ewtp.core.values.immutable import immutable

_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"[\u2019']s?\b")
# Spellings that differ between British and American usage. Texts and queries are folded by the same rules, so a word
# that is folded needlessly still matches itself.
_FOLDS = (
    (re.compile(r"(?<=..)our"), "or"),
    (re.compile(r"(?<=...)is(e|ed|er|ers|es|ing|ation)\Z"), r"iz\1"),
    (re.compile(r"(?<=..)(t|b)re(s?)\Z"), r"\1er\2"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"\Atyre"), "tire"),
    (re.compile(r"alumini?um"), "aluminum"),
    (re.compile(r"jeweller?y"), "jewelry"),
    (re.compile(r"mould"), "mold"),
    (re.compile(r"\Agrey"), "gray"),
    (re.compile(r"plough"), "plow"),
    (re.compile(r"pyjama"), "pajama"),
    (re.compile(r"yogh?o?urt|yogh?ort"), "yogurt"),
    (re.compile(r"doughnut"), "donut"),
    (re.compile(r"logue(s?)\Z"), r"log\1"),
    (re.compile(r"aeroplane"), "airplane"),
    (re.compile(r"wh?iske?y"), "whisky"),
    (re.compile(r"chill?(y|i|ies|is)\Z"), "chilli"),
    (re.compile(r"paed"), "ped"),
    (re.compile(r"haem"), "hem"),
    (re.compile(r"draught"), "draft"),
    (re.compile(r"kerb"), "curb"),
    (re.compile(r"racquet"), "racket"),
    # Irregular plurals, which the stemmer does not handle.
    (re.compile(r"\A(kni|li|wi)ves\Z"), r"\1fe"),
    (re.compile(r"\A(shel|scar|lea|loa|cal|hal|wol|shea|hoo)ves\Z"), r"\1f"),
    (re.compile(r"\Achildren"), "child"),
    (re.compile(r"\Amice\Z"), "mouse"),
    (re.compile(r"\Ageese\Z"), "goose"),
    (re.compile(r"teeth\Z"), "tooth"),
    (re.compile(r"feet\Z"), "foot"),
)
# Most words match none of these, which one search shows.
_FOLDED = re.compile("|".join(pattern.pattern for pattern, _ in _FOLDS))


def _read_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that do not identify a product.
STOP_WORDS = _read_words(
    "a an and any are as at be being both but by can code codes etc each either for from had has have "
    "heading hs hts if in into is it its kind kinds like made more most my nec nesoi no nor not of off on "
    "only or our out per product products similar some such tariff than that the their them then there "
    "therefor thereof these they this those through to type types up upon use used uses using various "
    "very was we were what when where whether which while who whose will with within without you your i s "
    "including included include other item items article articles good goods thing things specified "
    "elsewhere ",
)
# The words before one of these name the thing; those after it qualify the thing.
_TURNS = _read_words(
    "of for with made used in from designed composed containing that which featuring consisting having by "
    "to suitable intended including without on ",
)


@immutable
class Word:
    """A word of a query as typed, folded and stemmed; ``weight`` is its share in naming the thing."""

    typed: str
    folded: str
    stem: str
    weight: float


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """One spelling for British and American usage of a lower-case word."""
    if _FOLDED.search(word) is None:
        return word
    for pattern, replacement in _FOLDS:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=65536)
def stem(folded: str) -> str:
    """The English stem of a folded word; numbers stay as they are."""
    return folded if folded.isdigit() else _stem(folded)


# A stemmer has internal state, so each thread has its own.
_OWN = local()


def _stem(word: str) -> str:
    stemmer = getattr(_OWN, "stemmer", None)
    if stemmer is None:
        stemmer = _OWN.stemmer = snowballstemmer.stemmer("english")
    return str(stemmer.stemWord(word))


def simplify(text: str) -> str:
    """The text in lower case, without accents or possessives."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    # "Man-made" fibres must not match clothes for a man.
    return _POSSESSIVE.sub("", text.lower()).replace("man-made", "manmade")


def split_words(text: str) -> list[str]:
    """The words of a text in their order, lower case, stop words included."""
    return _WORD.findall(simplify(text))


def fold_phrase(text: str) -> str:
    """The words of a text with single spaces, folded but not stemmed."""
    return " ".join(fold(word) for word in split_words(text))


def find_stems(text: str) -> list[str]:
    """The stems of a text's words in their order, without stop words."""
    return [stem(fold(word)) for word in split_words(text) if word not in STOP_WORDS]


# Weights of the word that names the thing, of words before it, and of words that qualify it.
HEAD_WEIGHT = 1.25
NAMING_WEIGHT = 1.0
QUALIFYING_WEIGHT = 0.95


def weigh_words(text: str, longest: int) -> list[Word]:
    """The distinct words of a query without stop words (at most ``longest``), weighted by position.

    In English the last word before "of", "for", "made" or a comma names the thing ("cotton shirt for men"), so it has
    the greatest weight, and the words after it the least.
    """
    naming: list[str] = []
    qualifying: list[str] = []
    turned = False
    for part in re.split(r"([,;:(])", simplify(text)):
        turned = turned or (bool(naming) and part in {",", ";", ":", "("})
        for word in _WORD.findall(part):
            if word in _TURNS and naming:
                turned = True
            if word not in STOP_WORDS:
                (qualifying if turned else naming).append(word)
    words: dict[str, Word] = {}
    for place, typed in enumerate(naming + qualifying):
        last = place == len(naming) - 1
        weight = HEAD_WEIGHT if last else NAMING_WEIGHT if place < len(naming) else QUALIFYING_WEIGHT
        folded = fold(typed)
        root = stem(folded)
        if root not in words or words[root].weight < weight:
            words[root] = Word(typed, folded, root, weight)
        if len(words) >= longest:
            break
    return list(words.values())
