"""The clauses of rules of origin that are understood: how sentences write them, and the classes that they become."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ewtp.core.rulebook.origin_class import OPEN

_EXW = r"(?:ex[-\u2010 ]*works?|EXW)(?: ?\(EXW\))? price(?: \(EXW\))?"
_EXW += r"(?: of (?:the |your )?(?:products?|goods?))?"
_PERCENT = r"(?P<figure>[0-9]+(?:[.,][0-9]+)?) ?(?:%|per cent)"
_USED = r"(?: used(?: in (?:the|its) (?:production|manufacture)(?: of the (?:good|product))?)?)?"
_LEVEL = r"(?:HS )?(?:chapters?|headings?|sub-?headings?)(?: Nos?\.?)?"
_NUMBER = r"[0-9]{1,2}(?:\.?[0-9]{2}(?:\.?[0-9]{2})?)?(?![0-9%])"
_LINKED = r"(?:,? and/or |,? and |,? or | ?, ?| to )"
_NAMES = rf"{_LEVEL} {_NUMBER}(?:{_LINKED}(?:of )?(?:{_LEVEL} )?{_NUMBER})*"
_CODES = rf"(?P<codes>{_NAMES})"
ONE_CODE = re.compile(rf"(?P<to> to )?(?:{_LEVEL} )?(?P<code>{_NUMBER})", re.IGNORECASE)
# The product itself, as a rule that a material may not be of its heading names it.
_ITSELF = r"(?:that|those) of the (?:product|good)s?"
_OTHER_THAN = r"(?:except|other than|excluding|but not)"
_MUST_BE = r"(?:must be|must already be|are|are already|is|shall be)"
_WITHIN = r"(?:within the above limit,? )?"
_AT_MOST = r"(?:does not|do not|may not|shall not|must not) exceed"
_WORTH = rf"(?:provided|on condition)(?: that)? (?:their|the) (?:total )?value {_AT_MOST} {_PERCENT} of the {_EXW}"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a rule: the classes that it becomes, and how it is written."""

    classes: str
    patterns: tuple[re.Pattern[str], ...]


def _clause(classes: str, *patterns: str) -> Clause:
    return Clause(classes, tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


# In order: a clause that would also match inside a longer one comes after it.
CLAUSES = (
    _clause(OPEN, r"^[^A-Za-z]*(?:\(see the parts below\))?(?:[^A-Za-z]*yet to be agreed)+[^A-Za-z]*$"),
    _clause("NONE", r"^no rule\.?$"),
    _clause(
        "SET:{figure}%",
        r"each item in the set must satisfy the rule which would apply to it if it were not included in the set\. "
        rf"however, non-? ?originating articles may be incorporated,? {_WORTH}(?: of the set)?",
    ),
    _clause(
        "SAME:{figure}%",
        rf"(?:however,? )?(?:the )?materials of (?:the same|this) description(?: as the product)? may (?:also )?be "
        rf"used,? {_WORTH}",
    ),
    _clause(
        "ALSO:{codes}:{figure}%",
        rf"however,? (?:the )?materials of {_CODES} may (?:also )?be used,? {_WORTH}",
    ),
    _clause(
        "FREE:{codes}",
        rf"however,? (?:the )?materials of {_CODES} may (?:also )?be used(?=\.?$)",
    ),
    _clause(
        "TOL:{figure}%",
        rf"{_WITHIN}(?:the )?value of all the materials of the same heading as the product used {_AT_MOST} {_PERCENT} "
        rf"of the {_EXW}",
        rf"{_WITHIN}(?:the )?value of any materials classified in the same heading as the product {_AT_MOST} "
        rf"{_PERCENT} of the {_EXW}",
        rf"however,? materials (?:classified )?(?:of|within) the same (?:sub)?heading(?: as the (?:product|good))? "
        rf"may be used,? {_WORTH}",
    ),
    _clause(
        "MaxOM",
        r"the value of all (?:the )?non-originating materials used does not exceed "
        r"the value of (?:all )?(?:the )?originating materials(?: used)?",
    ),
    _clause(
        "MAXW:{codes}:{figure}%",
        rf"provided that (?:the )?weight of non- ?originating materials (?:of|from) {_CODES} used {_AT_MOST} "
        rf"{_PERCENT} of the weight of tobacco used in the product",
    ),
    _clause(
        "PROC:print UNPRINTED:{figure}%",
        r"printing accompanied by at least two preparatory or finishing operations(?: \([^)]*\))?,? "
        rf"(?:where|provided that) the value of the unprinted fabric used {_AT_MOST} {_PERCENT} of the "
        r"ex- ?works price of the product",
    ),
    _clause(
        "MAX:{codes}:{figure}%",
        rf"{_WITHIN}(?:the )?(?:total )?value of (?:all|any )?(?: ?the )?(?:non-originating )?materials "
        rf"(?:of|classified in) {_CODES} used {_AT_MOST} {_PERCENT} of the {_EXW}",
    ),
    _clause(
        "MAXW:{codes}:{figure}%",
        rf"(?:the )?(?:total )?weight of (?:the )?(?:non-originating )?materials of {_CODES} used {_AT_MOST} "
        rf"{_PERCENT} of the (?:total )?weight of the (?:final )?product",
    ),
    _clause(
        "MaxNOM:{figure}%",
        rf"(?:the )?(?:total )?value of (?:all )?(?:the )?(?:non-originating )?materials{_USED} "
        rf"{_AT_MOST} {_PERCENT} of the {_EXW}",
        rf"a maximum of {_PERCENT} of the {_EXW} is made up of non-originating parts(?: \(MAXNOM\))?",
        rf"the maximum value of non-originating materials \(MaxNOM\) cannot exceed {_PERCENT} of the {_EXW}",
    ),
    _clause(
        "RVC:{figure}%",
        rf"(?:the good has|your goods contain) a regional value content \(RVC\)[^.]{{0,90}}? "
        rf"of (?:not less than|at least) {_PERCENT}"
        r"(?:, whether using the build-up method or build-down method \(RVC[0-9]+\)"
        r"| of the free on board \(FOB\) cost of the goods)?",
    ),
    _clause(
        "CC",
        r"CC: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 2-digit level \(chapter\)",
        r"a change from any other chapter(?= *[.;]?$)",
    ),
    _clause(
        "CTSH",
        r"CTSH: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 6-digit level \((?:tariff )?subheading\)",
        r"a change from any other subheading(?= *[.;]?$)",
        rf"(?:from )?(?:non-originating )?materials of any sub-?heading,? {_OTHER_THAN} {_ITSELF}"
        r"(?: \(CTSH\))?(?! and)",
    ),
    _clause(
        "CTH EX:{codes}",
        rf"(?:from )?(?:non-originating )?materials of any heading,? {_OTHER_THAN} {_ITSELF} and "
        rf"(?:those |that )?(?:of )?{_CODES}",
        rf"a change from any other heading,? (?:except|excluding)(?: from)? (?:that of )?{_CODES}(?= *[.;]?$)",
    ),
    _clause(
        "CC EX:{codes}",
        rf"a change from any other chapter,? (?:except|excluding)(?: from)? (?:that of )?{_CODES}(?= *[.;]?$)",
    ),
    _clause(
        "CTSH EX:{codes}",
        rf"a change from any other sub-?heading,? (?:except|excluding)(?: from)? (?:that of )?{_CODES}(?= *[.;]?$)",
    ),
    _clause(
        "AH EX:{codes}",
        rf"(?:from )?(?:non-originating )?materials of any heading,? {_OTHER_THAN} (?:those |that )?(?:of )?{_CODES}",
    ),
    _clause(
        "AH",
        rf"(?:from )?materials of any heading,? including (?:other )?materials of {_CODES}",
    ),
    _clause(
        "CTH",
        r"CTH: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 4-digit level \((?:tariff )?heading\)",
        rf"(?:from )?(?:non-originating )?materials? (?:of|classified in) (?:any|a) heading,? {_OTHER_THAN} {_ITSELF}"
        r"(?: \(CTH\))?(?! and (?:those|that|of|heading))",
        r"(?:other operations )?(?:than those referred to in column \([0-9]\) )?(?:in which )?"
        r"all (?:the )?(?:non-originating )?materials used are classified within "
        r"a heading other than that of the (?:product|good)",
        r"a change from any other heading(?= *[.;]?$)",
        r"from any other heading(?! +(?:and|or|except|excluding))",
    ),
    # Two materials of one clause.
    _clause(
        "WON:plant",
        rf"all the vegetable materials used {_MUST_BE} wholly obtained",
        r"all the (?:vegetables, ?fruits?, ?nuts or other parts of plants|fruits?, nuts or vegetables) used "
        r"(?:must be|are) wholly obtained",
    ),
    _clause("WON:maize", rf"all the maize used {_MUST_BE} wholly obtained"),
    _clause(
        "WON:grape",
        r"(?:all |any )?(?:the )?grapes (?:and|or) (?:other |any )?materials? (?:derived|obtained) from grapes"
        r"(?: used)? (?:must be|are) wholly obtained",
    ),
    _clause(
        "WON:grape WO:{codes}",
        rf"any grapes or (?:any )?materials? derived from grapes and materials of {_CODES} used "
        r"must be wholly obtained",
    ),
    _clause(
        "WO:{codes}",
        rf"(?:in which )?(?:all )?(?:the )?(?:animals|materials|products|goods?) (?:of|from) {_CODES}(?: used)? "
        r"(?:must be|are|is|shall be) wholly obtained(?: or produced)?(?: used are wholly obtained)?(?: products?)?",
    ),
    _clause(
        "WO",
        r"(?:in (?:which|with) )?(?:all )?(?:the )?(?:animals|materials|products|goods?)"
        r"(?: used)? (?:must be|are|is|shall be) wholly obtained(?: or produced)?(?: products?)?",
    ),
    _clause(
        "ORIG:{codes}",
        rf"(?:in which )?(?:all )?(?:the )?materials (?:of|from) {_CODES}(?: used)? {_MUST_BE} originating",
    ),
    _clause(
        "AH BAR",
        r"(?:from )?(?:non-originating )?materials of any heading,? except(?: from| for)? [^.%]{1,200}(?= *\.?$)",
    ),
    _clause("WONX", rf"all (?:the )?[^.%]{{1,120}}? used {_MUST_BE} wholly obtained"),
    # These tell the kind of a condition; they come after every clause that also tells its name.
    _clause(
        "ALLOWP:{figure}%",
        rf"however,? [^.%]{{1,200}}? may (?:also )?be (?:used|incorporated into the set),? {_WORTH}(?: of the set)?",
    ),
    _clause("BAR", r"however,? [^.%]{1,200}? may not be used(?= *\.?$)"),
    _clause("ALLOW", r"however,? [^.%]{1,200}? may (?:also )?be used(?= *\.?$)"),
    _clause("ORIG", rf"all (?:the )?materials used {_MUST_BE} originating"),
    _clause(
        "ORIGW:{codes}:{figure}%",
        rf"at least {_PERCENT} by weight of the unmanufactured tobacco or tobacco refuse of {_CODES} used {_MUST_BE} "
        r"originating",
        rf"at least {_PERCENT} by weight of (?:the )?materials of {_CODES} used (?:is|are) originating",
    ),
    _clause("PROC:chemical", r"^chemical processing rules as per introductory note 8 to this appendix$"),
    _clause("PROC:refine", r"^operations of refining and ?/ ?or one or more specific process\(es\)(?: \[\])?$"),
    _clause("PROC:spin", r"^spinning of natural fibres or extrusion of man-made fibres accompanied by spinning$"),
    _clause("PROC:retread", r"^retreading of used tyres$"),
    _clause("PROC:card", r"^carding or combing of silk waste$"),
    _clause(
        "FROM:{codes}",
        r"^(?:manufacture|production) from:? (?:the )?(?:materials|products|animals|cereals|cork"
        rf"|ingots or other primary forms) of {_CODES}(?= *\.?$)",
    ),
    _clause("FAB", r"^manufacture from fabric(?= *\.?$)"),
    _clause("YARN1", r"^manufacture from (?:unbleached )?single yarn[0-9]?(?= *\.?$)"),
    _clause("YARN", r"^manufacture from yarn[0-9]?(?= *[.,]?$)"),
    _clause(
        "AH",
        r"^(?:manufacture|production) from (?:non-originating )?materials of any heading(?= *(?:[.,]|$|but |and ))",
    ),
)

# Whole rules of which only the kind is told: made from something, or a process.
_OF_IT = (
    r"[^.%]{1,400}?(?:provided that|where) the (?:total )?value of [^.%]{1,80} used "
    rf"{_AT_MOST} {_PERCENT} of the {_EXW}"
)
_NAMED = r"(?!.*(?:any|a|the same) (?:sub)?(?:chapter|heading))"
KINDS = (
    ("MATXP:{figure}%", re.compile(rf"(?:manufacture|production) from:? {_NAMED}{_OF_IT}\.?", re.IGNORECASE)),
    ("PROCXP:{figure}%", re.compile(rf"{_NAMED}[a-z]+ing\b{_OF_IT}\.?", re.IGNORECASE)),
    ("MATX", re.compile(rf"(?:manufacture|production) from:? {_NAMED}[^.%]{{1,300}}\.?", re.IGNORECASE)),
    (
        "PROCX",
        re.compile(
            rf"(?!production|operation){_NAMED}(?:destructive |electrolytic )?[a-z]+(?:ing|tion)\b[^.%]{{0,300}}\.?",
            re.IGNORECASE,
        ),
    ),
)
