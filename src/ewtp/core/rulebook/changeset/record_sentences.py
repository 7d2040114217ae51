"""What is wrong with what a record states: its texts, its stage, its origins, its days, and what it names."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

TEXT_EMPTIED = Sentence(
    "change_expression_unreadable",
    "{record} leaves the {field:field} empty, which the law states there; write it, or repeat that of the law.",
    form="emptied",
)
TEXT_WRONG = Sentence(
    "change_expression_unreadable",
    "{record} has a {field:field} of spaces alone, with hidden characters or of more than {most:number} characters; "
    "write it plainly.",
    form="text",
)
STAGE_UNKNOWN = Sentence(
    "change_expression_unreadable",
    "{record} states the stage {stage:quoted}, which answers do not know; write {known:or text}, or leave it out.",
    form="stage",
)
GROUP_NAME_WRONG = Sentence(
    "change_expression_unreadable",
    "{name:quoted} cannot be the name of a group, which traders claim; give it a name of at most {most:number} "
    "characters.",
    form="group_name",
)
CONDITION_SILENT = Sentence(
    "change_condition_unknown",
    "{record} has a condition of the kind {kind:text} that says nothing; give its value, or leave it out.",
    form="silent",
)
ORIGIN_BESIDE_GROUP = Sentence(
    "change_reaches_nothing",
    "{record} names {origins:list text} beside a group with the same goods on all its days; leave them out.",
    form="origin_beside_group",
)
GROUP_NOT_THERE = Sentence(
    "change_reaches_nothing",
    "{record} has no day on which the group exists; correct its days, or those of the group.",
    form="group_days",
)
UNION_WITH_ITSELF = Sentence(
    "change_reaches_nothing",
    "{record} names {territory:quoted} itself; name the others alone.",
    form="itself",
)
YIELDS_TO_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} yields to {programmes:list text}, of which {territory:quoted} has no additional duty; correct the "
    "programme, or add its rule in the same change.",
    form="yields",
)
RECOGNISES_ITSELF = Sentence(
    "change_reaches_nothing",
    "{record} recognises {document:quoted} of {authority:quoted}, which is the paper asked for; name another paper or "
    "authority, or the origins that have an authority of that name.",
    form="recognises_itself",
)
STATED_AS_ADOPTED = Sentence(
    "change_stated_in_force",
    "{record} states an adoption, which only the act of an economy gives it; leave out adopted_from and abolishes.",
    form="adopted",
)

# What a check remarks and does not refuse.

ONE_DAY = Sentence("change_remark", "{record} holds on one day alone, {day:date}.", form="one_day")
EVERYTHING = Sentence("change_remark", "{record} is about every product of every origin.", form="everything")
SAME_AUTHORITY = Sentence(
    "change_remark",
    "{record} recognises {document:quoted} of {authority:quoted}, an authority and a paper with the names of those "
    "that ask.",
    form="same_authority",
)
