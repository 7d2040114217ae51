"""The text of a rule of origin: markup, spellings, footnotes and alternatives, before its clauses are read."""

from __future__ import annotations

import html
import re

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^>]*>|\*+|\\+")
_HYPHEN = re.compile("[\u2010\u2011]")
_SPACES = re.compile(r"[\s\u00a0]+")
# Where an alternative begins inside of a sentence: other uses of the word join materials or processes.
_ALTERNATIVE = re.compile(
    r"\.? ?(?:\band/)?\b[oO]r (?=(?i:manufacture|operations|other operations|chemical processing|printing,? "
    r"accompanied by "
    r"at least)|(?:Spinning|Printing|Carding|Weaving|Yarn "
    r"dyeing|Dyeing|Making|Coating|Flocking|Cutting|Hand-decoration"
    r"|Electrolytic|Alloying|Fusion|Knitting|Twisting|Tufting|Production|Extrusion|Thermal|Laminating|Impregnati|CTH|CC\b|CTSH"
    r"|A change|The operation))"
    r"|(?<=(?:by|th) spinning),? or (?=spinning of )|,? or (?=electrolytic, thermal or chemical separation)"
    r"|,? or (?=fusion (?:and ?/ ?)?or alloying)|,? or:? (?=Spinning)"
)
_RANGE = (
    r"(?:chapters?|headings?|subheadings?) [0-9.]+"
    r"(?:(?:,? or |,? and | through |, | to )(?:subheading |heading )?[0-9.]+)*"
)
_SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        ('[\u2018\u2019\u201c\u201d"]', "'"),
        (r"\b(non|man|making|shrink|ex|semi|sub|paper|tetrabromo|finger|end|re|pre|hand|gas|m)- (?=[a-z(])", r"\1-"),
        (r"(?<=[a-z])(?=accompanied by)|(?<=and)(?=Production\b)", " "),
        (r"\bta ken\b", "taken"),
        (r"\bal ready\b", "already"),
        (r"\bhow ever\b", "however"),
        (r"\b(may|shall) he (?=used|retained)", r"\1 be "),
        (r"\bof the weight of the net weight\b", "of the net weight"),
        (r"\bcompa nied\b", "companied"),
        (r"\bwhichall\b", "which all"),
        (r"\bfrombullionorworklead\b|\bfrom bullion or work lead\b", "from 'bullion' or 'work' lead"),
        # The words of a step that the mark of a footnote stands in.
        (r"\bdifferent ?'?group'?[0-9]{1,2} ?in this heading", "different group in this heading[]"),
        (r"\bfree on-board value\b", "free-on-board value"),
        (r"\. A 'group' is regarded as any part of the heading separated from the rest by a semi-?colon", ""),
        (r" in the country or territory(?= *(?:$|[.,;-]))", ""),
        (r" and / or ", " and/or "),
        (r"\b(headings?|chapters?|sub-?headings?) ?(?:Nos?\.?|N[ºo]s?\.?) ", r"\1 "),
        (r"\bsub-heading", "subheading"),
        (r"\b([0-9]{2})\.([0-9]{2})(?:\.([0-9]{2}))?\b(?! ?(?:%|per cent))", r"\1\2\3"),
        (r"\b([0-9]{4})\.([0-9]{2})\b(?! ?(?:%|per cent))", r"\1\2"),
        (r"\b([0-9]{4}) ([0-9]{2})(?=[ ,.;]|$)(?! ?%)", r"\1\2"),
        (r"\bsemi precious", "semi-precious"),
        (r"\bfur skins", "furskins"),
        (r"(?<=[a-z0-9]),? (?=, )", ""),
        (r"(?<=[0-9]{4}) \.(?=[0-9]{2}\b)", ""),
        (r"\bis classified within a heading", "are classified within a heading"),
        (r"\ball the material of (.{2,60}?) used is wholly", r"all the materials of \1 used are wholly"),
        (r"\bdie (?=veget)", "the "),
        (r"\bmanufacturing in which", "manufacture in which"),
        (
            (
                r"\bC(?:C|TH|TSH): all non-originating materials used in the production of the (?:good|product) have "
                r"undergone a "
                r"change in tariff classification at the [246]-digit level \((?:tariff "
                r")?(chapter|heading|subheading)\)"
            ),
            r"a change from any other \1",
        ),
        (r"\bheading ex ", "heading "),
        (r"\bprovidedthat\b", "provided that"),
        (r"\beinzureihen sind\b", ""),
        (r"\bfrom(?=worked)", "from "),
        (r"(?<=worked)(?=carving)|(?<=and)(?=zea)|(?<=zea)(?=indurata)|(?<=indurata)(?=maize)", " "),
        (r"\bfrom ?, ?:", "from:"),
        (r"\bfrom:(?=[a-z])", "from: "),
        # The goods that a rule of the Trans-Pacific Partnership is for are those of its own range of codes.
        (
            rf"\ba change to (?:a|any) (?:good|product)s? of {_RANGE} from",
            "a change from",
        ),
        (rf"(?<=required) for (?:a|any) (?:good|product)s? of {_RANGE}", ""),
        (r"(?<=[0-9]) through (?:subheading |heading )?(?=[0-9])", " to "),
        (
            (
                r"\bdairy preparations of (subheading [0-9]{6}) containing more than 10 ?(?:%|per cent) by dry "
                r"weight of milk "
                r"solids"
            ),
            r"rich dairy preparations of \1",
        ),
        # The mark of a step in a list.
        (r"(?<=[:;, -]) ?-? ?\(?(?:[a-d]|i{1,3}|iv)\) ", " "),
    )
)
# A pointer to the notes of an agreement on products of mixed textiles or on named processes.
_NOTE = re.compile(
    r"[.,;]? ?\(?(?:for (?:the )?special conditions relating to (?:products|goods) made of a mixture of textile "
    r"materials,?"
    r" )?see (?:also )?(?:introductory )?notes? [0-9.]+(?: and [0-9.]+)?(?: in part 1 of this "
    r"schedule)?\)?(?=[ .,;]|$)",
    re.IGNORECASE,
)
# The same for goods that are put together from pieces.
_NOTE_ON_PIECES = re.compile(
    r"\.? ?for knitted or crocheted articles, not elastic or rubberised, obtained by sewing or "
    r"assembl(?:y|ing) pieces of "
    r"knitted or crocheted fabrics \(cut out or knitted directly to shape\),? see introductory note [0-9.]+",
    re.IGNORECASE,
)
_SPECIFIC_NOTE = re.compile(
    r"\.? ?for (?:the )?special conditions relating to 'specific process(?:es|\(es\))',? see (?:introductory "
    r")?notes? [0-9.]+"
    r"(?: (?:and|to) [0-9.]+)?",
    re.IGNORECASE,
)
# The other price of which a share may be; a class of its own tells it.
_EITHER = re.compile(
    r"(?:either )?(?:the )?\b(?:ex-works price(?: \(EXW\))?|EXW) or (?:the )?(?:free-on-board value|free on "
    r"board \(FOB\) "
    r"cost|FOB\b)",
    re.IGNORECASE,
)
_TRANSACTION = re.compile(r"\btransaction value or (?=ex-works price)", re.IGNORECASE)
_FREE_ON_BOARD = re.compile(r"\bfree-on-board value\b", re.IGNORECASE)
_EITHER_PRICE = re.compile(
    r"(?P<works>[0-9.]+ ?% of the ex-works price(?: \(EXW\))?(?: of the (?:product|set))?)[,;]? or "
    r"(?P<board>[0-9.]+ ?%) of the "
    r"(?:free on board (?:price )?)?\(?FOB\)?(?: (?:cost|value|price))?",
    re.IGNORECASE,
)
# A choice of two limits, numbered i and ii, or the last of the rule: which of its steps an unnumbered one ends with is
# not told where a step follows.
_LIMIT = (
    r"(?:the )?(?:total |net )*(?:weight|value) of [^;]{4,120}?(?:%|per cent) of the (?:(?:net "
    r")?weight|(?:transaction value "
    r"or )?ex-works price) of the (?:final )?product"
)
_CHOICES = (
    re.compile(
        rf"(?P<lead>.*?[:;,] ?(?:and )?(?:- )?(?:[a-c]\) )?)(?:- )?\(?i\) (?P<first>{_LIMIT})[;,]? or (?:- )?\(?ii\) "
        rf"(?P<second>{_LIMIT})(?P<rest>[;,]? and (?:- )?(?:[a-c]\) )?.*)?",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<lead>.*?: )- (?P<first>{_LIMIT}),? or - (?P<second>{_LIMIT})\.?", re.IGNORECASE),
)
# The mark of a footnote, whose text the archives do not hold.
_FOOTNOTE = re.compile(
    r" ?\[ ?\]|(?<=[a-z\])])(?: ?\([0-9]{1,2}\)|[0-9]{1,2})(?: [0-9]{1,2})*(?= ?(?:$|[.:;,]|or |However|accompanied))"
)


def strip_markup(rule: str) -> str:
    """The rule as plain text on one line, without markup, links and character references."""
    text = _LINK.sub(r"\1", html.unescape(rule))
    return _SPACES.sub(" ", _HYPHEN.sub("-", _TAG.sub("", text))).strip()


def tidy_rule(rule: str) -> tuple[str, list[str]]:
    """The rule in one spelling, and the classes of what it points at: ``NOTE`` and ``FOOT``."""
    text = strip_markup(rule)
    for pattern, words in _SPELLINGS:
        text = pattern.sub(words, text)
    marks = []
    for pattern, mark in (
        (_SPECIFIC_NOTE, "NOTE"),
        (_NOTE_ON_PIECES, "NOTE"),
        (_NOTE, "NOTE"),
        (_FOOTNOTE, "FOOT"),
        (_TRANSACTION, "TV"),
        (_EITHER, "EITHER"),
        (_FREE_ON_BOARD, "FOB"),
    ):
        text, count = pattern.subn(
            "the ex-works price" if mark == "EITHER" else "ex-works price" if mark == "FOB" else " ", text
        )
        if count and mark not in marks:
            marks.append(mark)
    return _SPACES.sub(" ", text).strip(), marks


def split_alternatives(rule: str) -> list[str]:
    """The alternatives of a rule whose sentence states several."""
    stated = (each.strip(" .") for each in _ALTERNATIVE.split(strip_markup(rule)))
    alternatives = [choice for each in stated for choice in _split_choice(each)]
    return [price for each in alternatives for price in _split_prices(each)]


def _split_choice(rule: str) -> tuple[str, ...]:
    """A rule of which one step is a choice of two limits as two rules, each with the other steps."""
    match = next((found for each in _CHOICES if (found := each.fullmatch(rule))), None)
    if match is None:
        return (rule,)
    rest = match.groupdict().get("rest") or ""
    return f"{match['lead']}{match['first']}{rest}", f"{match['lead']}{match['second']}{rest}"


def _split_prices(rule: str) -> tuple[str, ...]:
    """A rule with a share of the ex-works price or another of the free-on-board value as two rules."""
    if not _EITHER_PRICE.search(rule):
        return (rule,)
    return _EITHER_PRICE.sub(r"\g<works>", rule), _EITHER_PRICE.sub(r"\g<board> of the free-on-board value", rule)
