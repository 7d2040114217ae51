"""What can be wrong with an organisation and with what is asked of it."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

SIZE_UNREADABLE = Sentence(
    "size_unreadable",
    "Give the number of employees as a whole number, and turnover and balance sheet in whole euros.",
)
EVIDENCE_MISSING = Sentence(
    "evidence_missing", "Describe the evidence in 1 to {most:number} characters, with its SHA-256 digest."
)
HOLDER_CONTROLS = Sentence(
    "holder_controls", "{owner:quoted} has more than half and so controls the firm: name it as the ultimate owner."
)
HOLDERS_UNREADABLE = Sentence(
    "holders_unreadable",
    "Give every organisation that has a quarter to half of it, once, with its share in percent such as 33.34;"
    " at most 100 in all.",
)
IDENTIFIER_INVALID = Sentence(
    "identifier_invalid", "{value:quoted} is not an identifier of the scheme {scheme}: check its characters and digits."
)
IDENTIFIER_SCHEME_UNKNOWN = Sentence("identifier_scheme_unknown", "Choose the scheme among {schemes:list text}.")
IDENTIFIER_OF_ANOTHER = Sentence(
    "identifier_of_another",
    "The same identifier ({scheme}) is verified for the organisation {holder:quoted}: have that verification revoked,"
    " or have it confirmed that both are of one owner.",
)
IDENTIFIER_TWICE = Sentence(
    "identifier_twice", "The organisation has an identifier of the scheme {scheme} already: remove that one first."
)
IDENTIFIER_UNKNOWN = Sentence(
    "identifier_unknown", "The organisation has no identifier of the scheme {scheme}: list it to see those it has."
)
INVITATION_ADDRESS_INVALID = Sentence(
    "invitation_address_invalid", "Give the e-mail address of the person to invite, such as name@example.org."
)
INVITATION_OF_ANOTHER = Sentence(
    "invitation_of_another", "This invitation was sent to another e-mail address: sign in with that one and confirm it."
)
INVITATION_UNKNOWN = Sentence(
    "invitation_unknown", "This invitation does not exist, was used or withdrawn, or has expired: ask for a new one."
)
MEMBER_ALREADY = Sentence("member_already", "This person is a member already: change the role instead.")
MEMBER_UNKNOWN = Sentence(
    "member_unknown", "There is no member {person:quoted} in this organisation: list its members to see them."
)
ORGANISATION_KIND_UNKNOWN = Sentence(
    "organisation_kind_unknown", "Choose the kind of organisation among {kinds:list text}."
)
ORGANISATION_NAME_INVALID = Sentence(
    "organisation_name_invalid", "Give the organisation a name of 1 to {most:number} characters."
)
ORGANISATION_UNKNOWN = Sentence(
    "organisation_unknown", "There is no organisation {id:quoted} for you: list those that you act for."
)
OWNER_CONFIRMS = Sentence(
    "owner_confirms",
    "Only the owner {owner:quoted} and the operator confirm who owns this organisation: let one of them state it.",
)
OWNER_CIRCULAR = Sentence(
    "owner_circular", "An organisation cannot own itself: name the owner at the end of the chain, or none."
)
OWNER_LAST = Sentence("owner_last", "An organisation keeps at least one owner: make another member an owner first.")
OWNER_NEEDED = Sentence("owner_needed", "Only an owner makes, changes or removes an owner: ask one of them.")
PERMISSION_MISSING = Sentence(
    "permission_missing", "This needs the permission {permission}: ask an owner of the organisation for a role with it."
)
REVOCATION_REASON_MISSING = Sentence(
    "revocation_reason_missing", "Give the reason for the revocation in 1 to {most:number} characters."
)
ROLE_UNKNOWN = Sentence("role_unknown", "Choose the role among {roles:list text}.")
UNTIL_PAST = Sentence("until_past", "A verification ends on a later day: give one after {day:date}.")
VERIFICATION_OF_ANOTHER = Sentence(
    "verification_of_another", "Only the operator, or the authority that stated this verification, revokes it."
)
VERIFICATION_OF_ITSELF = Sentence(
    "verification_of_itself", "An organisation cannot verify itself: the operator or an authority of its economy does."
)
VERIFICATION_SUBJECT_UNKNOWN = Sentence(
    "verification_subject_unknown", "Choose what is verified among {subjects:list text}; an identifier has to be held."
)
VERIFICATION_UNKNOWN = Sentence(
    "verification_unknown", "There is no verification {id:quoted}: list those of the organisation to see them."
)
VERIFIER_UNENTITLED = Sentence(
    "verifier_unentitled",
    "Only the operator, or a verified authority of {economy:economy}, verifies this organisation.",
)
