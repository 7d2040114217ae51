"""The audit of an election by secret ballot from its public data: everything that anybody can check (3.5).

The election's key is that of its trustees, every ballot holds one allowed answer to each question and is signed with a
credential of the list, the encrypted tally is the product of the last ballots, every partial decryption is proved, and
the result is what they give. Nothing here sees a vote.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from ewtp.core.belenios import sentences
from ewtp.core.belenios.public_board import PublicBoard, compact
from ewtp.core.belenios.schnorr_group import (
    GENERATOR,
    GROUP,
    are_elements,
    in_range,
    interpolate,
    is_element,
    power,
    product_of,
    quotient,
)
from ewtp.core.belenios.trustee_keys import (
    TrusteeCircle,
    UnprovedTrusteeError,
    read_element,
    read_proof,
    read_trustees,
)
from ewtp.core.belenios.zero_knowledge import Ciphertext, check_decryption, is_ballot_signed, within
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


@immutable
class SecretQuestion:
    """A question with its answers, of which a voter chooses from ``least`` to ``most``."""

    question: str
    answers: tuple[str, ...]
    least: int
    most: int


@immutable
class SecretElection:
    """An election: its number, name, key, questions, and the fingerprint to which every proof is bound."""

    uuid: str
    name: str
    public_key: int
    questions: tuple[SecretQuestion, ...]
    fingerprint: str


@immutable
class ElectionAudit:
    """What an archive shows.

    ``voters`` are the credentials, ``ballots`` the ballots that were cast, ``counted`` the weight of the last ones of
    each voter, ``result`` the number of votes by question and answer; None before there is one. ``faults`` are empty
    where everything holds.
    """

    election: SecretElection | None
    voters: int = 0
    ballots: int = 0
    counted: int = 0
    result: tuple[tuple[int, ...], ...] | None = None
    faults: tuple[Statement, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """The audit as JSON has it."""
        election = self.election
        questions = (
            []
            if election is None
            else [{"question": one.question, "answers": list(one.answers)} for one in election.questions]
        )
        return {
            "holds": self.holds,
            "election": None if election is None else election.uuid,
            "name": None if election is None else election.name,
            "fingerprint": None if election is None else election.fingerprint,
            "questions": questions,
            "voters": self.voters,
            "ballots": self.ballots,
            "counted": self.counted,
            "result": None if self.result is None else [list(each) for each in self.result],
            "faults": [fault.as_json() for fault in self.faults],
        }


def audit_election(board: PublicBoard) -> ElectionAudit | Refusal:
    """The audit of a board; the first fault ends it, and a refusal says that the election is of another kind."""
    try:
        setup = json.loads(board.payloads("Setup")[0])
        body, trustees = board.file(setup["election"]), json.loads(board.file(setup["trustees"]))
        election = read_election(body)
        if isinstance(election, Refusal):
            return election
        weights = _credentials(json.loads(board.file(setup["credentials"])))
    except _UNREADABLE:
        return Refusal(sentences.BELENIOS_ARCHIVE_UNREADABLE)
    ballots = board.payloads("Ballot")
    audit = _Audit(board, election, weights)
    fault = audit.find_fault(trustees)
    faults = () if fault is None else (fault,)
    return ElectionAudit(election, len(weights), len(ballots), audit.counted, audit.result, faults)


def read_election(content: bytes) -> SecretElection | Refusal:
    """The election of its file; a refusal where it is of a kind that is not checked here."""
    body = json.loads(content)
    questions = body["questions"]
    added_up = all("type" not in one and not one.get("blank", False) for one in questions)
    if body["version"] != 1 or body["group"] != GROUP or not added_up:
        return Refusal(sentences.BELENIOS_KIND_UNKNOWN)
    read = tuple(
        SecretQuestion(one["question"], tuple(one["answers"]), int(one["min"]), int(one["max"])) for one in questions
    )
    return SecretElection(body["uuid"], body["name"], read_element(body["public_key"]), read, fingerprint(content))


def fingerprint(content: bytes) -> str:
    """SHA-256 in base64 without padding, by which elections and ballots are named (4.15)."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def ballot_context(election: SecretElection, credential: int) -> str:
    """What every proof of a ballot is bound to (4.11)."""
    return f"{election.fingerprint}|{credential}"


def answer_context(context: str, choices: Sequence[Ciphertext]) -> str:
    """What the proof over a whole answer is bound to (4.11.1)."""
    return f"{context}|{','.join(f'{each.alpha},{each.beta}' for each in choices)}"


def _credentials(body: Any) -> dict[int, int]:
    """The weight of each credential."""
    found = {}
    for text in body:
        credential, comma, weight = text.partition(",")
        found[read_element(credential, in_range)] = int(weight) if comma else 1
    if len(found) != len(body) or min(found.values(), default=1) < 1 or not are_elements([*found]):
        raise ValueError(len(body))
    return found


def read_ballot(
    election: SecretElection,
    weights: Mapping[int, int],
    content: bytes,
    is_known: Callable[[int], bool] = is_element,
) -> tuple[int, list[list[Ciphertext]]] | None:
    """The credential and the ciphertexts of a ballot, by question; None where something in it is wrong.

    ``is_known`` says whether a number may be taken for an element of the group; whoever lets any pass tests it later.
    """
    try:
        body = json.loads(content)
        credential = read_element(body["credential"], is_known)
        signature = body.pop("signature")
        signed = fingerprint(compact(body))
        named = (body["election_uuid"], body["election_hash"], signature["hash"])
        if named != (election.uuid, election.fingerprint, signed) or credential not in weights:
            return None
        if compact({**body, "signature": signature}) != content:
            return None
        if not is_ballot_signed(credential, signed, read_proof(signature["proof"])):
            return None
        context = ballot_context(election, credential)
        pairs = zip(election.questions, body["answers"], strict=True)
        answers = [_read_answer(election, question, answer, context, is_known) for question, answer in pairs]
    except _UNREADABLE:
        return None
    proved = [each for each in answers if each is not None]
    return (credential, proved) if len(proved) == len(answers) else None


def read_factors(
    election: SecretElection, tally: Sequence[Sequence[Ciphertext]], key: int, body: Any
) -> list[list[int]]:
    """The factors of a partial decryption by the trustee with this key; ValueError where one is not proved."""
    found = []
    for question, texts, proofs in zip(tally, body["decryption_factors"], body["decryption_proofs"], strict=True):
        row = []
        for ciphertext, text, proof in zip(question, texts, proofs, strict=True):
            factor = read_element(text)
            if not check_decryption(election.fingerprint, key, ciphertext.alpha, factor, read_proof(proof)):
                raise ValueError(text)
            row.append(factor)
        found.append(row)
    return found


def _read_answer(
    election: SecretElection, question: SecretQuestion, body: Any, context: str, is_known: Callable[[int], bool]
) -> list[Ciphertext] | None:
    parts = ((each["alpha"], each["beta"]) for each in body["choices"])
    choices = [Ciphertext(read_element(alpha, is_known), read_element(beta, is_known)) for alpha, beta in parts]
    if len(choices) != len(question.answers) or body.keys() != {"choices", "individual_proofs", "overall_proof"}:
        return None
    for choice, proofs in zip(choices, body["individual_proofs"], strict=True):
        if not within(context, election.public_key, choice, (0, 1), [read_proof(each) for each in proofs]):
            return None
    whole = multiply(choices)
    proofs = [read_proof(each) for each in body["overall_proof"]]
    values = range(question.least, question.most + 1)
    held = within(answer_context(context, choices), election.public_key, whole, values, proofs)
    return choices if held else None


class _Audit:
    """One pass over a board; ``counted`` and ``result`` are known once it got there."""

    def __init__(self, board: PublicBoard, election: SecretElection, weights: dict[int, int]) -> None:
        self._board, self._election, self._weights = board, election, weights
        self.counted = 0
        self.result: tuple[tuple[int, ...], ...] | None = None

    def find_fault(self, trustees: Any) -> Statement | None:
        """The first thing that is wrong; None where everything holds."""
        try:
            circles = read_trustees(trustees)
        except UnprovedTrusteeError as error:
            return Statement(sentences.BELENIOS_TRUSTEE_WRONG, {"trustee": error.number})
        except _UNREADABLE:
            return Statement(sentences.BELENIOS_KEY_WRONG)
        if product_of(circle.public_key for circle in circles) != self._election.public_key:
            return Statement(sentences.BELENIOS_KEY_WRONG)
        ballots = self._read_ballots()
        if isinstance(ballots, Statement):
            return ballots
        last = dict(ballots)
        self.counted = sum(self._weights[credential] for credential in last)
        tally = [
            [
                _weigh_ciphertexts([(last[each][place][answer], self._weights[each]) for each in last])
                for answer in range(len(one.answers))
            ]
            for place, one in enumerate(self._election.questions)
        ]
        return self._tally_fault(tally, len(last)) or self._result_fault(tally, circles)

    def _read_ballots(self) -> list[tuple[int, list[list[Ciphertext]]]] | Statement:
        """The credential and the ciphertexts of every ballot, or which is the first wrong one."""
        contents = self._board.payloads("Ballot")
        # Elements are tested together, since that takes a tenth of the time; the list of credentials has been.
        untested: list[int] = []

        def is_noted(number: int) -> bool:
            if number not in self._weights:
                untested.append(number)
            return in_range(number)

        found = []
        for content in contents:
            ballot = read_ballot(self._election, self._weights, content, is_noted)
            if ballot is None:
                break
            found.append(ballot)
        if len(found) == len(contents) and are_elements(untested):
            return found
        read = (read_ballot(self._election, self._weights, content) for content in contents)
        number = next(number for number, ballot in enumerate(read, start=1) if ballot is None)
        return Statement(sentences.BELENIOS_BALLOT_WRONG, {"number": number})

    def _tally_fault(self, tally: list[list[Ciphertext]], voters: int) -> Statement | None:
        published = self._board.payloads("EncryptedTally")
        if not published:
            return None
        expected = [[each.as_json() for each in question] for question in tally]
        try:
            sized = json.loads(published[0])
            counts = (sized["num_tallied"], sized["total_weight"])
            holds = (
                counts == (voters, self.counted) and json.loads(self._board.file(sized["encrypted_tally"])) == expected
            )
        except _UNREADABLE:
            holds = False
        return None if holds else Statement(sentences.BELENIOS_TALLY_WRONG)

    def _result_fault(self, tally: list[list[Ciphertext]], circles: Sequence[TrusteeCircle]) -> Statement | None:
        keys = {circle.first + place: key for circle in circles for place, key in enumerate(circle.keys)}
        factors: dict[int, list[list[int]]] = {}
        for content in self._board.payloads("PartialDecryption"):
            owner = 0
            try:
                owned = json.loads(content)
                owner = int(owned["owner"])
                share = json.loads(self._board.file(owned["payload"]))
                factors[owner] = read_factors(self._election, tally, keys[owner], share)
            except _UNREADABLE:
                return Statement(sentences.BELENIOS_DECRYPTION_WRONG, {"trustee": owner})
        published = self._board.payloads("Result")
        if not published:
            return None
        return self._find_announcement_fault(tally, circles, factors, published[0])

    def _find_announcement_fault(
        self,
        tally: list[list[Ciphertext]],
        circles: Sequence[TrusteeCircle],
        factors: dict[int, list[list[int]]],
        content: bytes,
    ) -> Statement | None:
        present = [_present(circle, factors) for circle in circles]
        if any(len(those) < circle.threshold for circle, those in zip(circles, present, strict=True)):
            return Statement(sentences.BELENIOS_DECRYPTIONS_MISSING)
        try:
            announced = [[int(count) for count in question] for question in json.loads(content)["result"]]
            for place, question in enumerate(tally):
                for answer, (ciphertext, count) in enumerate(zip(question, announced[place], strict=True)):
                    factor = product_of(
                        interpolate({index: each[place][answer] for index, each in those.items()}) for those in present
                    )
                    if not 0 <= count <= self.counted or quotient(ciphertext.beta, factor) != power(GENERATOR, count):
                        return Statement(sentences.BELENIOS_RESULT_WRONG)
            if len(announced) != len(tally):
                return Statement(sentences.BELENIOS_RESULT_WRONG)
        except _UNREADABLE:
            return Statement(sentences.BELENIOS_RESULT_WRONG)
        self.result = tuple(map(tuple, announced))
        return None


def _present(circle: TrusteeCircle, factors: dict[int, list[list[int]]]) -> dict[int, list[list[int]]]:
    """The partial decryptions of as many trustees of a circle as it takes, by their index in it."""
    indices = [place for place in range(len(circle.keys)) if circle.first + place in factors][: circle.threshold]
    return {place + 1: factors[circle.first + place] for place in indices}


def multiply(ciphertexts: Sequence[Ciphertext]) -> Ciphertext:
    """The product of ciphertexts: an encryption of the sum."""
    return Ciphertext(product_of(each.alpha for each in ciphertexts), product_of(each.beta for each in ciphertexts))


def _weigh_ciphertexts(parts: Sequence[tuple[Ciphertext, int]]) -> Ciphertext:
    """The product of ciphertexts, each to the power of its weight."""
    return multiply(
        [
            each if weight == 1 else Ciphertext(power(each.alpha, weight), power(each.beta, weight))
            for each, weight in parts
        ]
    )
