"""The clauses of rules of origin that are understood: how sentences write them, and the classes that they become."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ewtp.core.rulebook.origin_class import OPEN

EXW = r"(?:ex[-\u2010 ]*works?|EXW)(?: ?\(EXW\))? price(?: \(EXW\))?"
EXW = rf"(?:value of the )?{EXW}(?: of (?:the |your )?(?:final )?(?:products?|goods?|set|printed fabric))?"
PERCENT = r"(?P<figure>[0-9]+(?:[.,][0-9]+)?) ?(?:%|per cent)"
_USED = r"(?: used(?: in (?:the|its) (?:production|manufacture)(?: of the (?:good|product))?)?)?"
_LEVEL = r"(?:HS )?(?:chapters?|headings?|sub-?headings?)(?: Nos?\.?)?"
_NUMBER = r"[0-9]{1,2}(?:\.?[0-9]{2}(?:\.?[0-9]{2})?)?(?![0-9%])"
_LINKED = r"(?:,? and/or |,? and |,? or | ?, ?| to )"
_NAMES = rf"{_LEVEL} {_NUMBER}(?:{_LINKED}(?:of )?(?:{_LEVEL} )?{_NUMBER})*"
CODES = rf"(?P<codes>{_NAMES})"
ONE_CODE = re.compile(rf"(?P<to> to )?(?:{_LEVEL} )?(?P<code>{_NUMBER})", re.IGNORECASE)
# The product itself, as a rule that a material may not be of its heading names it.
_ITSELF = r"(?:that|those) of the (?:product|good)s?"
OTHER_THAN = r"(?:except|other than|excluding|but not)"
MUST_BE = r"(?:must be|must already be|are|are already|is already|is|shall be)"
_WITHIN = r"(?:within the above limit,? )?"
AT_MOST = r"(?:does not|do not|may not|shall not|must not) exceed"
WORTH = r"(?:provided|on condition)(?: that)? (?:their|its|the) (?:total )?value(?:,? taken together,?)? "
WORTH += rf"{AT_MOST} {PERCENT} of the {EXW}"


def list_codes(text: str) -> str:
    """The chapters, headings and subheadings that a text names, as a class has them: ``01+02``, ``4101-4103``."""
    codes: list[str] = []
    for match in ONE_CODE.finditer(text):
        digits = match["code"].replace(".", "")
        digits = digits.zfill(len(digits) + len(digits) % 2)
        if match["to"] and codes:
            codes[-1] += f"-{digits}"
        else:
            codes.append(digits)
    return "+".join(sorted(dict.fromkeys(codes), key=lambda code: (len(code.partition("-")[0]), code)))


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a rule: the classes that it becomes, and how it is written."""

    classes: str
    patterns: tuple[re.Pattern[str], ...]


def make_clause(classes: str, *patterns: str) -> Clause:
    """A clause that becomes these classes where one of the patterns, which ignore case, is found."""
    return Clause(classes, tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


# In order: a clause that would also match inside a longer one comes after it.
CLAUSES = (
    make_clause(OPEN, r"^[^A-Za-z]*(?:\(see the parts below\))?(?:[^A-Za-z]*yet to be agreed)+[^A-Za-z]*$"),
    make_clause("ANNEX", r",? in accordance with Appendix [0-9A-Z]+ of the Origin Reference Document"),
    make_clause("PROC:makecut", r" accompanied by making-up \(including cutting\)(?= *\.?$)"),
    make_clause(
        "WITHINS EX:{codes}",
        rf"^a change from within (?:this|any one of these) subheadings? or any other subheading, except "
        rf"from {CODES}(?= *\.?$)",
    ),
    make_clause("NONE", r"^no rule\.?$"),
    make_clause("NOC", r"no change in tariff classification (?:is )?required(?:,(?= provided))?"),
    make_clause("QVC", r"\bstandard QVC\b"),
    make_clause("PRULE", r"^process rule\.?$"),
    make_clause(
        "PLASTIC",
        r"in the case of (?:the )?products composed of materials classified (?:within both|both within) "
        r"headings? 3901 "
        r"to (?:heading )?3906, on the one hand, and within headings? 3907 to (?:heading )?3911, on the other "
        r"hand, this "
        r"restriction only applies to (?:that|the) group of materials which predominates by weight in the product",
    ),
    make_clause(
        "RVCU:{figure}%",
        rf"(?:there is )?a regional value content of not less than:?[ -]*{PERCENT} under the build-up method",
    ),
    make_clause(
        "RVCD:{figure}%",
        rf"(?:there is )?a regional value content of not less than:?[ -]*{PERCENT} under the build-down method",
    ),
    make_clause(
        "RVCFC:{codes}:{figure}%",
        rf"(?:there is )?a regional value content of not less than:?[ -]*{PERCENT} under the focused value method "
        rf"taking into "
        rf"account only the non-originating materials of {CODES}(?= *\.?$)",
    ),
    make_clause(
        "WITHIN TOL:{figure}%",
        r"a change from within (?:this|any one of these) headings?,? whether or not there is also a change from "
        r"any other "
        r"heading,? provided that the value of non-originating materials (?:of this heading|classified in the same "
        r"heading as "
        rf"the final product) {AT_MOST} {PERCENT} of the {EXW}",
    ),
    make_clause(
        "WITHINS TOLS:{figure}%",
        r"a change from within (?:this|any one of these) subheadings?,? whether or not there is also a change from "
        r"any other "
        r"subheading,? provided that the value of non-originating materials (?:of this subheading|classified in "
        r"the same "
        rf"subheading as the final product) {AT_MOST} {PERCENT} of the {EXW}",
    ),
    make_clause(
        "WITHIN",
        r"^a change from within (?:this|any one of these) headings? or any other heading(?= *\.?$|,? provided)",
    ),
    make_clause(
        "WITHINS",
        r"^a change from within (?:this|any one of these) subheadings? or any other subheading(?= *\.?$|,? provided)",
    ),
    make_clause("QVCP:{figure}%", rf"\ba QVC of not less than {PERCENT}"),
    make_clause(
        "CUTSEW",
        r"provided that the (?:product|good) is both cut \(or knit to shape\) ?and sewn or otherwise assembled in "
        r"the territory "
        r"of (?:a Party|one or more of the Parties)",
    ),
    make_clause(
        "CC SHAPED",
        r"^a change to a good knit to shape, for which no sewing or other assembly is required, from any "
        r"other chapter",
    ),
    make_clause(
        "MAT:cloth MAXM:cloth:{figure}% ORIGM:other EX:{codes}",
        r"manufacture from cotton cloth al ?ready made up in a form ready for use (?:with materials )?of headings? "
        r"[0-9]+ or (?:heading )?[0-9]+ ?, ?provided(?: that)?:?(?: -)? (?:the value of the cloth|its value) "
        rf"{AT_MOST} {PERCENT} of the {EXW}[,;.]?(?: -)?(?: and(?: -)?)? all the other materials used are "
        rf"(?:already )?"
        rf"originating and are classified in a heading other than {CODES}",
    ),
    make_clause(
        "ARRACK",
        r",? or,? if all the other materials used are already originating, arrack may be used up to a limit of 5% "
        r"by volume",
    ),
    make_clause(
        "HEAD",
        r"(?:where )?the value of all the non-originating materials used in assembling the head \(without motor\) "
        r"does not "
        r"exceed the value of (?:all )?the originating materials used",
    ),
    make_clause("MAXM:blank:{figure}%", rf"^ ?the value of which {AT_MOST} {PERCENT} of the {EXW}"),
    make_clause(
        "MAT:wood NOT:drawnwood@4409", r"manufacture from wood of any heading,? except drawn wood of heading 4409"
    ),
    make_clause(
        "AH EX:{codes}",
        rf"(?:manufacture:?(?: -)? )?(?:from|using) materials not classified (?:with)?in {CODES}",
        rf"all (?:the )?materials used are classified (?:with)?in a (?:heading|chapter) other than {CODES}",
    ),
    make_clause("FROM:{codes} MAX:{codes}:{figure}%", rf"^manufacture from materials of {CODES} ?,? {WORTH}"),
    make_clause("MAT:leather@{terms} MAXM:leather:{figure}%", rf"^manufacture from leather of {CODES} ?,? {WORTH}"),
    make_clause(
        "AH", r"(?:from )?materials of any heading, including materials of a different '?group'? in this heading"
    ),
    make_clause(
        "MAXW24:{codes}:{figure}%",
        rf"(?:the )?(?:total )?weight of (?:non-originating )?materials of {CODES}(?: used)? {AT_MOST} {PERCENT} "
        rf"of the (?:total )?"
        r"weight of materials of chapter 24 used",
        rf"(?:the )?net weight of non-originating material of {CODES} used in production {AT_MOST} {PERCENT} of "
        rf"the net weight of "
        r"all the material of chapter 24 used in the production of the product",
    ),
    make_clause("USE:jutebacking", r"(?:however,? )?jute fabric may be used as (?:a )?backing"),
    make_clause(
        "SET:{figure}%",
        r"each item in the set (?:must|shall) satisfy the rule,? which would apply to it if it were not included "
        r"in the set(?:\.|, provided that) "
        rf"(?:however, )?non-? ?originating articles may be incorporated,? {WORTH}(?: of the set)?",
    ),
    make_clause(
        "SAME:{figure}%",
        rf"(?:however,? )?(?:the )?materials of (?:the same|this) description(?: as the product)? may (?:also )?be "
        rf"used,? {WORTH}",
    ),
    make_clause(
        "ALSO:{codes}:{figure}%",
        rf"however,? (?:the )?(?:other )?(?:non-originating )?materials (?:of|from|classified (?:with)?in) "
        rf"{CODES} may "
        rf"(?:also )?be used,? {WORTH}",
    ),
    make_clause(
        "FREE:{codes}",
        rf"however,? (?:the )?(?:other )?(?:non-originating )?materials (?:of|from) {CODES} may (?:also )?be "
        rf"used(?=\.?$)",
    ),
    make_clause(
        "TOL:{figure}%",
        rf"{_WITHIN}(?:the )?value of all the materials of the same heading as the product used {AT_MOST} {PERCENT} "
        rf"of the {EXW}",
        rf"{_WITHIN}(?:the )?value of any materials classified in the same heading as the product {AT_MOST} "
        rf"{PERCENT} of the {EXW}",
        rf"however,? (?:other )?(?:non-originating )?materials (?:classified )?(?:of|within) the same "
        rf"(?:sub)?heading(?: as the "
        rf"(?:product|good))? may be used,? {WORTH}",
        rf"{_WITHIN}(?:where,? )?(?:within the above limit,? )?(?:the )?materials classified within the same "
        rf"heading as the "
        rf"product are only used up to a value of {PERCENT} of the {EXW}",
        rf"(?:the )?value of (?:all )?(?:the |any )?materials classified (?:with)?in the same heading as the "
        rf"product(?: used)? "
        rf"{AT_MOST} {PERCENT} of the {EXW}",
    ),
    make_clause(
        "MaxOM",
        r"the value of all (?:the )?non-originating materials used does not exceed "
        r"the value of (?:all )?(?:the )?originating materials(?: used)?",
    ),
    make_clause(
        "MAXW:{codes}:{figure}%",
        rf"provided that (?:the )?weight of non- ?originating materials (?:of|from) {CODES} used {AT_MOST} "
        rf"{PERCENT} of the weight of tobacco used in the product",
    ),
    make_clause(
        "MAX:{codes}:{figure}%",
        rf"{_WITHIN}(?:the )?(?:total )?value of (?:all|any )?(?: ?the )?(?:non-originating )?materials "
        rf"(?:of|classified in) {CODES} used {AT_MOST} {PERCENT} of the {EXW}",
    ),
    make_clause(
        "MAX:{codes}:{figure}%",
        rf"(?:where,? )?{_WITHIN}(?:the value of )?(?:the )?materials classified (?:with)?in {CODES}(?:, taken "
        rf"together,)? are only used up to a value of {PERCENT} "
        rf"of the {EXW}",
    ),
    make_clause(
        "MAXW:{codes}:{figure}%",
        rf"(?:the )?(?:total |net )?weight of (?:all )?(?:the )?(?:non-originating )?materials? of {CODES} used"
        rf"(?: in production)? {AT_MOST} {PERCENT} of the (?:total |net )?weight of the (?:final )?(?:product|good)",
    ),
    make_clause(
        "MaxNOM:{figure}%",
        rf"(?:the )?(?:total )?value of (?:all )?(?:the )?(?:non-originating )?materials{_USED} "
        rf"{AT_MOST} {PERCENT} of the {EXW}",
        rf"a maximum of {PERCENT} of the {EXW} is made up of non-originating parts(?: \(MAXNOM\))?",
        rf"the maximum value of non-originating materials \(MaxNOM\) cannot exceed {PERCENT} of the {EXW}",
    ),
    make_clause(
        "RVC:{figure}%",
        rf"(?:the good has|your goods contain) a regional value content \(RVC\)[^.]{{0,90}}? "
        rf"of (?:not less than|at least) {PERCENT}"
        r"(?:, whether using the build-up method or build-down method \(RVC[0-9]+\)"
        r"| of the free on board \(FOB\) cost of the goods)?",
    ),
    make_clause(
        "CC",
        r"CC: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 2-digit level \(chapter\)",
        r"a change from any other chapter(?=[ .;,-]*(?:and )?[ .;,-]*$|[ .;,]+(?:-|provided|however|and "
        r"(?:standard|a) ))",
    ),
    make_clause(
        "CTSH",
        r"CTSH: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 6-digit level \((?:tariff )?subheading\)",
        r"a change from any other subheading(?=[ .;,-]*(?:and )?[ .;,-]*$|[ .;,]+(?:-|provided|however|and "
        r"(?:standard|a) ))",
        rf"(?:from )?(?:non-originating )?materials of any sub-?heading,? {OTHER_THAN} {_ITSELF}"
        r"(?: \(CTSH\))?(?! and)",
    ),
    make_clause(
        "CTH EX:{codes}",
        rf"(?:from )?(?:non-originating )?materials of any heading,? {OTHER_THAN} {_ITSELF} and "
        rf"(?:those |that )?(?:of )?{CODES}",
        rf"a change from any other heading,? (?:except|excluding)(?: from)? (?:that of )?{CODES}(?= *[.;]?$)",
    ),
    make_clause(
        "CC EX:{codes}",
        rf"a change from any other chapter,? (?:except|excluding)(?: from)? (?:that of )?{CODES}(?= *[.;]?$)",
    ),
    make_clause(
        "CTSH EX:{codes}",
        rf"a change from any other sub-?heading,? (?:except|excluding)(?: from)? (?:that of )?{CODES}(?= *[.;]?$)",
    ),
    make_clause(
        "AH EX:{codes}",
        rf"(?:from )?(?:non-originating )?materials of any heading,? {OTHER_THAN} (?:those |that )?(?:of )?{CODES}",
    ),
    make_clause(
        "AH",
        rf"(?:from )?materials of any heading,? including (?:other )?materials of {CODES}",
    ),
    make_clause(
        "CTH",
        r"CTH: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 4-digit level \((?:tariff )?heading\)",
        rf"(?:from )?(?:non-originating )?materials? (?:of|classified in) (?:any|a) heading,? {OTHER_THAN} {_ITSELF}"
        r"(?: \(CTH\))?(?! and (?:those|that|of|heading))",
        r"(?:other operations )?(?:than those referred to (?:in column(?: \([0-9]\))?|above) )?(?:in which )?"
        r"all (?:the )?(?:non-originating )?materials used are classified (?:with)?in "
        r"(?:a )?heading other than that of the (?:product|good)(?! *,? (?:except|other than))",
        r"a change from any other heading(?=[ .;,-]*(?:and )?[ .;,-]*$|[ .;,]+(?:-|provided|however|and "
        r"(?:standard|a) ))",
        r"(?:a change )?from any other heading(?! *,? *(?:and (?!in which)|or|except|excluding))",
    ),
    # Two materials of one clause.
    make_clause(
        "WON:plant",
        rf"all the vegetable materials used {MUST_BE} wholly obtained",
        r"all the (?:vegetables, ?fruits?, ?nuts or other parts of plants|fruits?, nuts or vegetables) used "
        r"(?:must be|are) wholly obtained",
    ),
    make_clause("WON:maize", rf"all the maize used {MUST_BE} wholly obtained"),
    make_clause(
        "WON:grape",
        r"(?:all |any )?(?:the )?grapes (?:and|or) (?:other |any )?materials? (?:derived|obtained) from grapes"
        r"(?: used)? (?:must be|are) wholly obtained",
    ),
    make_clause(
        "WON:grape WO:{codes}",
        rf"any grapes or (?:any )?materials? derived from grapes and materials of {CODES} used "
        r"must be wholly obtained",
    ),
    make_clause(
        "WO:{codes}",
        rf"(?:in which )?(?:all )?(?:the )?(?<!vegetal )(?<!vegetable )(?:animals|materials|products|goods?) "
        rf"(?:of|from) {CODES}(?: used)? "
        r"(?:must be|are|is|shall be) wholly obtained(?: or produced)?(?: used are wholly obtained)?(?: products?)?"
        r"(?: in the country or territory)?",
    ),
    make_clause(
        "WO",
        r"(?:in (?:which|with) )?(?:all )?(?:the )?(?:animals|materials|products|goods?)"
        r"(?: used)? (?:must be|are|is|shall be) wholly obtained(?: or produced)?(?: products?)?",
    ),
    make_clause(
        "ORIG:{codes}",
        rf"(?:in which )?(?:all )?(?:the )?materials (?:of|from) {CODES}(?: used)? {MUST_BE} originating",
    ),
    make_clause("ORIG", rf"all (?:the )?materials used {MUST_BE} originating"),
    make_clause(
        "ORIGW:{codes}:{figure}%",
        rf"at least {PERCENT} by weight of the unmanufactured tobacco or tobacco refuse of {CODES} used {MUST_BE} "
        r"originating",
        rf"at least {PERCENT} by weight of (?:the )?materials of {CODES} used (?:is|are) originating",
    ),
    make_clause("PROC:chemical", r"^chemical processing rules as per introductory note 8 to this appendix$"),
    make_clause("PROC:refine", r"^operations of refining and ?/ ?or one or more specific process\(es\)(?: \[\])?$"),
    make_clause("PROC:spin", r"^spinning of natural fibres or extrusion of man-made fibres accompanied by spinning$"),
    make_clause("PROC:retread", r"^retreading of used tyres$"),
    make_clause("PROC:card", r"^carding or combing of silk waste$"),
    make_clause(
        "FROM:{codes}",
        r"^(?:manufacture|production) from:? (?:the )?(?:materials|products|animals|cereals|cork"
        rf"|ingots or other primary forms) of {CODES}(?= *\.?$)",
    ),
    make_clause("FAB", r"^manufacture from fabric(?=[ .,:;]*(?:$|however\b))"),
    make_clause("YARN1", r"^manufacture from (?:unbleached )?single ?yarn(?=[ .,:;]*(?:$|however\b))"),
    make_clause("YARN", r"^(?:manufacture|production) from yarn(?=[ .,:;]*(?:$|however\b))"),
    make_clause(
        "AH",
        r"^(?:manufacture|production) from (?:non-originating )?materials? (?:of|from) any "
        r"heading(?= *(?:[.,;]|$|but |and |in which))",
    ),
)

# These tell the kind of a condition; they come after every clause that also tells its name.
KINDS_OF_CLAUSES = (
    make_clause(
        "AH BAR",
        r"(?:from )?(?:non-originating )?materials of any heading,? except(?: from| for)? [^.%]{1,200}(?= *\.?$)",
    ),
    make_clause("WONX", rf"all (?:the )?[^.%]{{1,120}}? used {MUST_BE} wholly obtained"),
    make_clause(
        "ALLOWP:{figure}%",
        rf"however,? [^.%]{{1,200}}? may (?:also )?be (?:used|incorporated into the set),? {WORTH}(?: of the set)?",
    ),
    make_clause("BAR", r"however,? [^.%]{1,200}? may not be used(?= *\.?$)"),
    make_clause("ALLOW", r"however,? [^.%]{1,200}? may (?:also )?be used(?= *\.?$)"),
)

# Whole rules of which only the kind is told: made from something, or a process.
_OF_IT = (
    r"[^.%]{1,400}?(?:provided that|where) the (?:total )?value of [^.%]{1,80} used "
    rf"{AT_MOST} {PERCENT} of the {EXW}"
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
