"""Why goods have an origin, why it is not decided, and what such an origin is for."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

# Where it is decided.

ORIGIN_WHOLE = Sentence("origin_whole", "The goods are wholly obtained or produced in {economy:economy} ({place}).")
ORIGIN_DOMESTIC = Sentence(
    "origin_domestic", "All materials are of {economy:economy}, where the goods are made ({place})."
)
ORIGIN_CHANGE = Sentence(
    "origin_change",
    "Each foreign material makes the change that the rule asks for, in {economy:economy} ({place}).",
)
ORIGIN_SMALL_SHARE = Sentence(
    "origin_small_share",
    "The materials that do not make the change are {share:percent} of the value, and up to {most:percent} is "
    "disregarded ({place}).",
)
ORIGIN_ONE_MATERIAL = Sentence(
    "origin_one_material",
    "Of the materials, only those of {codes:and code} do not make the change, and the goods have their origin unless "
    "they are a set ({place}).",
)

# Where it is not.

ORIGIN_CASE_BY_CASE = Sentence(
    "origin_case_by_case",
    "The rule for these goods is for those made in Canada or Mexico (19 CFR 102.0). Elsewhere they originate where "
    "they were last substantially transformed, which customs judges case by case (19 CFR 134.1(b)); ask for a ruling.",
)
ORIGIN_RULES_ELSEWHERE = Sentence(
    "origin_rules_elsewhere",
    "Textile products of {economy:economy} have rules of their own (19 CFR 102.22), which the rulebook does not hold.",
)
ORIGIN_RULE_MISSING = Sentence(
    "origin_rule_missing", "The rulebook holds no rule of origin for {code:code}; ask the customs authority."
)
ORIGIN_RULE_OPEN = Sentence(
    "origin_rule_open",
    "Codes alone do not tell whether materials of {codes:and code} meet the rule; read it, and state the facts that it "
    "asks for or ask for a ruling.",
)
ORIGIN_SHARE_MISSING = Sentence(
    "origin_share_missing",
    "Materials of {codes:and code} do not make the change; state their share of the value, of which up to "
    "{most:percent} is disregarded ({place}).",
)
ORIGIN_CHARACTER = Sentence(
    "origin_character",
    "Materials of {codes:and code} do not make the change. The goods have the origin of the one that gives them their "
    "essential character, which is for a person to judge ({place}).",
)
ORIGIN_PROCESS = Sentence(
    "origin_process",
    "Materials of {codes:and code} do not make the change. Where the goods were knit, assembled or mostly made then "
    "decides ({place}), which is not computed here.",
)

# What it is for.

SCOPE_MARKING = Sentence(
    "scope_marking",
    "This origin is for marking (19 CFR 102.0 and 134.1(b)). Duties on goods of one origin follow the general test, "
    "substantial transformation, case by case.",
)
SCOPE_CUSTOMS_LAW = Sentence(
    "scope_customs_law",
    "This origin of textile products is for the customs laws generally (19 CFR 102.21(a)), duties on goods of one "
    "origin included.",
)
SCOPE_OPERATIONS = Sentence(
    "scope_operations",
    "Whether the processing is one that confers no origin (19 CFR 102.17) is not judged here.",
)

# A question that cannot be read.

MATERIAL_UNREADABLE = Sentence(
    "material_unreadable",
    "{text:quoted} cannot be read as a material; write its code, its origin and its share of the value, such as "
    "900150:CN:12.",
)
SHARE_OUT_OF_RANGE = Sentence(
    "share_out_of_range", "{text:quoted} has a share that is not from 0 to 100 per cent of the value."
)
SHARES_ABOVE_WHOLE = Sentence(
    "shares_above_whole",
    "The shares of the materials add up to {share:percent} of the value, which is more than the whole.",
)
WHOLE_OF_FOREIGN = Sentence(
    "whole_of_foreign",
    "Goods with materials of other economies are not wholly obtained; leave out {codes:and code}, or do not say so.",
)
MATERIALS_MISSING = Sentence(
    "materials_missing", "Give the materials with their origins, or say that the goods are wholly obtained."
)
MATERIALS_TOO_MANY = Sentence(
    "materials_too_many", "Give at most {most:number} materials; those of one code and one origin can be added up."
)
GOODS_CODE_UNREADABLE = Sentence(
    "code_unreadable", "Give the tariff code of the goods with 4 to 10 digits, such as 900410.", form="origin"
)
ORIGIN_RULES_NOT_HELD = Sentence(
    "origin_rules_not_held",
    "Rules of origin without a preference are held for the United States alone; give US as the destination.",
)
