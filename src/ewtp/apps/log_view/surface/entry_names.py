"""Kinds of public entries as a reader knows them."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

_NAMES = {
    "appeals:appeal:decided": gettext_noop("An appeal against a vote was decided"),
    "appeals:appeal:lodged": gettext_noop("An appeal against a vote was lodged"),
    "appeals:body:drawn": gettext_noop("The body that decides an appeal was drawn"),
    "appeals:opinion:stated": gettext_noop("A member of the body on an appeal stated its opinion"),
    "barriers:barrier:opened": gettext_noop("A barrier was reported"),
    "barriers:barrier:reopened": gettext_noop("A barrier was opened again"),
    "barriers:owner:named": gettext_noop("The authority that answers for a barrier was named"),
    "barriers:silence:escalated": gettext_noop("An authority did not answer in time: every government was told"),
    "elections:credentials:issued": gettext_noop("Credentials for a secret ballot were issued"),
    "elections:decryption:given": gettext_noop("A trustee gave its part of the decryption"),
    "elections:election:prepared": gettext_noop("A secret ballot was prepared"),
    "hubs:checkpoint:seen": gettext_noop("Another hub showed a checkpoint"),
    "hubs:fork:found": gettext_noop("Another hub was found to show two histories"),
    "hubs:key:trusted": gettext_noop("A new key of another hub was trusted without a handover"),
    "log:entry:erased": gettext_noop("The content of an entry was erased"),
    "log:key:introduced": gettext_noop("A key of the log was introduced"),
    "log:key:rotated": gettext_noop("The key of the log was replaced"),
    "proposals:adoption:declined": gettext_noop("An economy declined a proposal"),
    "proposals:adoption:ended": gettext_noop("An adoption ended"),
    "proposals:adoption:renewed": gettext_noop("An adoption was renewed"),
    "proposals:adoption:stated": gettext_noop("An economy adopted a proposal"),
    "proposals:amendment:closed": gettext_noop("An amendment was rejected or taken back"),
    "proposals:amendment:merged": gettext_noop("An amendment was merged"),
    "proposals:amendment:suggested": gettext_noop("An amendment was suggested"),
    "proposals:amendment:supported": gettext_noop("A sponsor supported an amendment"),
    "proposals:authority_key:backed": gettext_noop("A government vouched for the key of another one"),
    "proposals:authority_key:recovered": gettext_noop("A lost key of an authority was replaced"),
    "proposals:authority_key:set": gettext_noop("The key of an authority was set"),
    "proposals:comment:made": gettext_noop("A proposal was commented on"),
    "proposals:draft:revised": gettext_noop("A draft was revised"),
    "proposals:effect:figures_loaded": gettext_noop("Figures that measure effects were loaded"),
    "proposals:effect:planned": gettext_noop("The measurement of an effect was planned"),
    "proposals:proposal:drafted": gettext_noop("A proposal was drafted"),
    "proposals:proposal:submitted": gettext_noop("A proposal was submitted"),
    "proposals:proposal:superseded": gettext_noop("A proposal was superseded by another one"),
    "proposals:proposal:withdrawn": gettext_noop("A proposal was withdrawn"),
    "proposals:replay:recorded": gettext_noop("A replay of a proposal was recorded"),
    "proposals:sponsor:joined": gettext_noop("A sponsor joined a proposal"),
    "proposals:sponsor:left": gettext_noop("A sponsor left a proposal"),
    "proposals:vote:decided": gettext_noop("The outcome of a vote was recorded"),
    "proposals:vote:opened": gettext_noop("A proposal was put to the vote"),
    "proposals:withdrawal:supported": gettext_noop("A sponsor asked that a proposal be withdrawn"),
    "rulebook:act:ended": gettext_noop("An act was ended"),
    "rulebook:act:extended": gettext_noop("An act was extended"),
    "votes:alarm:answered": gettext_noop("An alarm of capture was answered"),
    "votes:alarm:raised": gettext_noop("An alarm of capture was raised"),
    "votes:ballot:cast": gettext_noop("A ballot was cast"),
    "votes:ballots:unsealed": gettext_noop("Sealed ballots were opened"),
    "votes:body:drawn": gettext_noop("The body that answers an alarm was drawn"),
    "votes:groups:joined": gettext_noop("Groups of one owner were joined"),
    "votes:heartbeat:sent": gettext_noop("This site was up"),
    "votes:members:struck": gettext_noop("Members were struck from a roll"),
    "votes:opinion:stated": gettext_noop("A member of the body on an alarm stated its opinion"),
    "votes:power:measured": gettext_noop("The power of blocs was measured"),
    "votes:result:published": gettext_noop("The result of a vote was published"),
    "votes:send_back:cast": gettext_noop("A small firm stated whether to send a proposal back"),
    "votes:vote:closed": gettext_noop("A vote was closed"),
    "votes:vote:counted": gettext_noop("Secret ballots were counted"),
    "votes:vote:started": gettext_noop("A vote started"),
}


def entry_name(kind: str) -> str:
    """The name of a kind in the active language; the kind itself where this version does not know it."""
    return gettext(_NAMES[kind]) if kind in _NAMES else kind


def name_kinds() -> frozenset[str]:
    """The kinds that have a name."""
    return frozenset(_NAMES)
