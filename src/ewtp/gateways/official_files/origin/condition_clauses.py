"""Clauses that one agreement or a few write in their own way; they are read before the common ones.

Each is a whole condition, so that no common clause takes a part of it and leaves the rest unread.
"""

from __future__ import annotations

from ewtp.gateways.official_files.origin.rule_clauses import AT_MOST, CODES, EXW, MUST_BE, PERCENT, make_clause

_OWN = r"(?:of|from within|classified in) (?:this|that|the same)"
_WITHIN_HEADING = r"a change from within (?:this|the same|any one of these) headings?"
_WITHIN_SUBHEADING = r"a change from within (?:this|the same|any one of these) subheadings?"
_NET_WEIGHT = (
    r"either the net weight of the product or the net weight of all (?:the )?materials? used in (?:the )?production"
    r"(?: of the product)?"
)
_OF_CONTENT = r"(?:there is )?a regional value content of not less than:?[ -]*"
_OF_QUALIFYING = r"(?:there is )?(?:a )?QVC of not less than:?[ -]*"
_OR_ALSO = r",? whether or not there is also a change from any other"
# In order: a clause that would also match inside a longer one comes after it.
CONDITIONS = (
    make_clause(
        "QUOTA",
        r" ?\(under alternative list rules with annual quotas as specified in Annex [0-9A-Z-]+ "
        r"\([^()]*(?:\([^()]*\))?"
        r"[^()]*\)\)",
        r" ?-? within the limits of the applicable annual quota",
    ),
    make_clause("ANNEX", r"\.? See also Appendix [0-9]+ \([^()]*\)(?= *\.?$)"),
    make_clause(
        "BEASTS",
        rf"^manufacture ?: ?-? ?from animals of chapter 0?1,? and/or(?: -)? in which all the materials of "
        rf"chapter 0?3 used {MUST_BE} wholly obtained",
    ),
    make_clause(
        "FROM:01",
        r"^manufacture ?: ?-? ?from animals of chapter 0?1,? and(?: -)? in which (?=all the materials of chapter)",
    ),
    make_clause("PROC:extrudespin", r"^extrusion of man-made fibres accompanied, if necessary, by spinning(?= *\.?$)"),
    make_clause("PROC:liquefy", r"^operations of refining, liquefaction and/or one or more specific process\(es\)"),
    make_clause("RVCN:{figure}%", rf"{_OF_CONTENT}{PERCENT} under the net cost method"),
    make_clause("QVCU:{figure}%", rf"{_OF_QUALIFYING}{PERCENT} of the {EXW} under the build-up method"),
    make_clause("QVCD:{figure}%", rf"{_OF_QUALIFYING}{PERCENT} of the {EXW} under the build-down method"),
    make_clause(
        "NETNOM:{figure}%",
        rf"the value of all non-originating materials used {AT_MOST}:? {PERCENT} of the net cost of the product",
    ),
    make_clause(
        "CUTSEW",
        r"provided(?: that)? the (?:product|good) is cut or knit to shape, or both, and sewn or otherwise "
        r"assembled in "
        r"the territory of (?:a Party|one or more of the Parties)",
    ),
    make_clause("PROC:smoke", r"provided that the good is smoked from a good that is not smoked"),
    make_clause(
        "PROC:crushwhole", r"provided that the good is crushed or ground from a good that is not crushed or ground"
    ),
    make_clause("PROC:transesterify", r",? provided that the biodiesel is transesterified in the territory of a Party"),
    make_clause("UNPACKED", r",? provided that the change is the result of more than packaging"),
    make_clause(
        "POLYMER:{figure}%",
        rf",? provided that not less than {PERCENT} by weight of the total polymer content is originating",
    ),
    make_clause(
        "ACTIVE:{figure}%",
        rf",? provided that not less than {PERCENT} by weight of the active ingredient or ingredients is originating",
    ),
    make_clause(
        "ALCOHOL:{figure}%",
        rf"provided that the total alcoholic volume of the non-originating materials {AT_MOST} {PERCENT} of "
        rf"the volume "
        r"of the total alcoholic strength of the good",
    ),
    make_clause(
        "OUTSIDE EX:{codes}", rf"^a change from any other heading outside this group, except from {CODES}(?= *\.?$)"
    ),
    make_clause("OUTSIDE", r"^a change from any heading outside this group(?= *\.?$)"),
    make_clause(
        "WITHINS PROC:separatesame",
        rf"^{_WITHIN_SUBHEADING},? whether or not there is also a change from (?:any other|another) subheading,? "
        r"provided that the non-originating materials classified in the same subheading as the final product undergo "
        r"electrolytic, thermal or chemical separation or alloying",
    ),
    make_clause("WITHIN EX:{codes}", rf"^{_WITHIN_HEADING},? except from {CODES}{_OR_ALSO} heading"),
    make_clause("WITHIN", rf"^{_WITHIN_HEADING}(?: or any other heading)?{_OR_ALSO} (?:heading|chapter)"),
    make_clause(
        "WITHINS", rf"^{_WITHIN_SUBHEADING}(?: or any other subheading)?{_OR_ALSO} (?:subheading|heading|chapter)"
    ),
    make_clause("WITHINS", r"^a change from within any of these subheadings? or any other subheading(?= *\.?$)"),
    make_clause("CC VIA:{codes}", rf"^a change from {CODES}{_OR_ALSO} chapter"),
    make_clause("CTSH VIA:{codes}", rf"^a change from {CODES}{_OR_ALSO} subheading"),
    make_clause("CTH VIA:{codes}", rf"^a change from {CODES}{_OR_ALSO} heading"),
    make_clause(
        "TOLS:{figure}%",
        rf"the value of non-originating materials {_OWN} subheading(?: as the final product)? {AT_MOST} "
        rf"{PERCENT} of the "
        rf"{EXW}",
    ),
    make_clause(
        "TOL:{figure}%",
        rf"the value of non-originating materials {_OWN} heading(?: as the final product)?"
        rf"(?:,? other than subheading [0-9]+,?)? {AT_MOST} {PERCENT} of the {EXW}",
    ),
    make_clause(
        "TOLSW:{figure}%",
        rf"the (?:net )?weight of (?:the )?non-originating materials? {_OWN} subheading(?: as the final "
        rf"product)? {AT_MOST} "
        rf"{PERCENT} of {_NET_WEIGHT}",
    ),
    make_clause(
        "TOLW:{figure}%",
        rf"the (?:net )?weight of (?:the )?non-originating materials? {_OWN} heading(?: as the final product)? "
        rf"{AT_MOST} "
        rf"{PERCENT} of {_NET_WEIGHT}",
    ),
    make_clause(
        "CC EX:{codes}", rf"^manufacture from materials of any other chapter, except that of the product and {CODES}"
    ),
    make_clause("CC", r"^manufacture from materials of any other chapter, except that of the product(?= *\.?$)"),
    make_clause(
        "AH NOT:meat@02+meatprep@16 WO:03 WON:fishprep@16",
        r"^manufacture:?(?: in which)? ?-? ?from materials of any heading, except meat (?:and|end) edible "
        r"meat offal of "
        r"chapter 0?2 and materials of chapter 16 obtained from meat and edible meat offal of chapter 0?2,? "
        r"and(?: -)? in "
        r"which all the materials of chapter 0?3 and materials of chapter 16 obtained from fish and "
        r"crustaceans, molluscs "
        r"and other aquatic invertebrates of chapter 0?3 used are wholly obtained",
    ),
    make_clause("WO:{codes}", rf"^none if all the animals of {CODES} are wholly obtained"),
    make_clause(
        "WON:meat", r"all the meat and edible meat offal in the (?:product|good)s of this chapter is wholly obtained"
    ),
    make_clause(
        "WON:tobacco@{terms}", rf"^all unmanufactured tobacco and tobacco refuse of {CODES} is wholly obtained"
    ),
    make_clause("WON:oliveoil@{terms}", rf"all the olive oils of {CODES} are wholly obtained"),
    make_clause(
        "WOIF:{codes}:{figure}%",
        rf"all the materials of {CODES} used {MUST_BE} wholly obtained if they represent more than {PERCENT} "
        rf"by weight of the "
        r"product",
    ),
    make_clause(
        "MAX:17:{figure}% APART:{codes}",
        rf"the value of all the materials of chapter 17, except of materials from {CODES}, used {AT_MOST} "
        rf"{PERCENT} of the "
        rf"{EXW}",
    ),
    make_clause(
        "WOW:{codes}:{figure}%",
        rf"at least {PERCENT} by weight of (?:all )?(?:the )?materials of {CODES} used {MUST_BE} wholly obtained",
    ),
    make_clause(
        "ORIGW:{codes}:{figure}%",
        rf"at least {PERCENT} by weight of (?:all )?(?:the )?(?:unmanufactured tobacco or tobacco "
        rf"refuse|materials) of "
        rf"{CODES} used {MUST_BE} originating",
    ),
    make_clause(
        "ORIGMW:maize@{terms}:{figure}%", rf"at least {PERCENT} by weight of maize of {CODES} {MUST_BE} originating"
    ),
    make_clause(
        "RETAN:{codes}",
        rf"however,? (?:non-originating )?materials of {CODES} may be used,? (?:only if|provided that) a re-?tanning "
        r"operation of the tanned or crust hides and skins in the dry state takes place",
        rf"however,? (?:non-originating )?materials of {CODES} may be used,? provided that they undergo a "
        rf"re-?tanning "
        r"operation",
    ),
    make_clause(
        "PROC:makecut",
        r",? (?:combined with|accompanied by) making-up,? \(?including cutting(?: of fabric)?\)?(?= *\.?$)",
    ),
    make_clause(
        "PROC:retan FROM:{codes}", rf"^re-?tanning of tanned or pre-tanned hides and skins of {CODES}(?= *\.?$)"
    ),
    make_clause(
        "PROC:surface+lens",
        r"in which one of the following operations is made: (?:- )?surfacing of the semi-finished "
        r"lens into a finished ophthalmic lens with optical corrective power meant to be mounted on a "
        r"pair of spectacles (?:- )?coating of the lens through appropriated treatments to improve "
        r"vision and ensure protection of the wearer",
    ),
    make_clause(
        "PROC:distil+react PROC:biodiesel",
        r"^distillation or a chemical reaction is undergone, provided that biodiesel \(including hydrotreated "
        r"vegetable "
        r"oil\) of heading 2710 and subheading 382499 and subheading 382600 used is obtained by esterification, "
        r"transesterification or hydrotreatment",
    ),
    make_clause(
        "PROC:surface",
        r"in which one of the following operations is made: surfacing of the semi-finished lens into a "
        r"finished ophthalmic "
        r"lens with optical corrective power meant to be mounted on a pair of spectacles(?= *\.?$)",
    ),
    make_clause("PROC:diffusion", r"^non-originating materials(?: used)? undergo a diffusion(?= *\.?$)"),
    make_clause(
        "PROC:refine", r"^operations of refining,? (?:and/or|or) one or more specific process(?:es\)|\(e[sg]\))"
    ),
    make_clause(
        "MAT:foilclear",
        r"^manufacture from highly[- ]transparent polyester[- ]foils with a thickness of less than 23 "
        r"microns?\.? The "
        r"following foils shall be considered as highly transparent: foils, the optical dimming of which,?(?: "
        r"-)? measured "
        r"according to ASTM-D 100316 by Gard(?:e)?ner Hazemeter \(i\.e\. Hazefactor\),?(?: -)? is less than 2 "
        r"?(?:%|percent)",
    ),
)
# Conditions with the name of a process at their beginning, or after one: these are read before processes are.
BEFORE_PROCESSES = (
    make_clause(
        "PROC:embroider MAXM:otherheading:{figure}%",
        rf"^embroidering in which the value of (?:all the|non-originating) materials of any heading, except "
        rf"that of the "
        rf"product, used {AT_MOST} {PERCENT} of the {EXW}",
    ),
    make_clause(
        "USE:jutebacking", r"\.? ?(?:however,? )?(?:non-originating )?jute fabric may be used as (?:a )?backing"
    ),
)
