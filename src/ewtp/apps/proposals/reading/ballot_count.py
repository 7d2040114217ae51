"""The ballots of a vote counted by the database, from the entries of the log, in one statement.

What counts is defined in ``core.votes.ballot_box``; this finds the same figures without reading a ballot into Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from ewtp.apps.log.reading.event_trail import EVENT_FACTS, WAITING
from ewtp.apps.proposals.store import models
from ewtp.core.organisations.house import House
from ewtp.core.votes.ballot import BallotMode
from ewtp.core.votes.roll_edits import roll_edits
from ewtp.core.votes.vote_count import HouseBallots, ballot_mode
from ewtp.core.votes.vote_events import GroupsJoined, VoteEventKind
from ewtp.core.votes.vote_tally import HOUSES, Choice
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ewtp.core.votes.vote_course import VoteCourse
    from ewtp.core.votes.vote_events import VoteEntry

# Four times a ballot's place and its choice: the largest such number is that of the last ballot.
_CODES = {str(choice): code for code, choice in enumerate(Choice, start=1)}
_CODE = "CASE choice " + " ".join(f"WHEN '{name}' THEN {code}" for name, code in _CODES.items()) + " ELSE 0 END"
# Half a million lines of a hash table; less of it is written to files, and takes three times as long.
_MEMORY = "SELECT set_config('work_mem', '256MB', true)"
_CAST = EVENT_FACTS.replace("%(kind)s", f"'{VoteEventKind.CAST}'")
_UNSEALED = EVENT_FACTS.replace("%(kind)s", f"'{VoteEventKind.UNSEALED}'")
_COUNT = f"""
WITH voter AS MATERIALIZED (
    SELECT roll.member, COALESCE(joined.now, roll."group") AS owner, COALESCE(merged.house, roll.house) AS house
    FROM proposals_rollmember AS roll
    LEFT JOIN unnest(%(joined)s::text[], %(now_in)s::text[]) AS joined (owner, now) ON joined.owner = roll."group"
    LEFT JOIN unnest(%(merged)s::text[], %(merged_houses)s::text[]) AS merged (owner, house)
        ON merged.owner = COALESCE(joined.now, roll."group")
    WHERE roll.vote_id = %(subject)s AND roll.member <> ALL (%(struck)s::text[])
), said AS (
    -- The last of the ballots that say the same of one member: texts are compared before any is read.
    SELECT split_part(facts, ',"seal":', 1) AS words, max(place) AS place,
        CASE WHEN starts_with(split_part(facts, ',"seal":', 2), '""') THEN false
             WHEN split_part(facts, ',"seal":', 2) ~ '^"[0-9a-f]{{64}}"' THEN true END AS is_sealed
    FROM (
        SELECT place, facts FROM ({_CAST}) AS event
        WHERE place < %(closing)s AND at < %(closes)s AND at <= %(moment)s
        OFFSET 0 -- so that the facts are found once, and not for each of the texts above
    ) AS ballot
    GROUP BY words, is_sealed
), ballot AS (
    SELECT words->>'member' AS member, words->>'choice' AS choice, is_sealed, place
    -- so that the words are read once, and not for each of the two
    FROM (SELECT (words || '}}')::jsonb AS words, is_sealed, place FROM said OFFSET 0) AS read
), last AS MATERIALIZED (
    SELECT owner, house, max(place * 4 + {_CODE}) AS packed
    FROM ballot JOIN voter USING (member)
    WHERE CASE WHEN house = ANY (%(open)s::text[])
               THEN NOT is_sealed AND choice = ANY (%(names)s::text[]) ELSE is_sealed AND choice IS NULL END
    GROUP BY owner, house
), opening AS (
    SELECT event.place, event.at, one.index, one.choice, one.nonce, one.number
    FROM ({_UNSEALED}) AS event
    CROSS JOIN LATERAL ROWS FROM (
        jsonb_to_recordset(('{{"payload":' || facts)::jsonb #> '{{payload,ballots}}')
            AS (choice text, index bigint, nonce text)
    ) WITH ORDINALITY AS one (choice, index, nonce, number)
    WHERE %(is_sealed)s AND (event.place >= %(closing)s OR event.at >= %(closes)s) AND event.at <= %(moment)s
), opened AS (
    -- The first opening that fits the seal counts, whatever was said of the ballot before or afterwards.
    SELECT DISTINCT ON (last.packed) last.packed, opening.choice, opening.at
    FROM last
    JOIN opening ON opening.index * 4 = last.packed AND opening.nonce ~ '^[0-9a-f]{{64}}$'
    JOIN ({_CAST}) AS sealed ON sealed.place = opening.index
    CROSS JOIN LATERAL (SELECT ('{{"payload":' || sealed.facts)::jsonb #> '{{payload}}') AS cast_ (facts)
    WHERE cast_.facts->>'seal' = encode(sha256(decode(opening.nonce, 'hex') || convert_to(
        '{{"choice":' || to_json(opening.choice) || ',"member":' || (cast_.facts->'member')::text
        || ',"vote":' || to_json(%(subject)s::text) || '}}', 'UTF8')), 'hex')
    ORDER BY last.packed, opening.place, opening.number
), known AS (
    SELECT house, COALESCE((%(names)s::text[])[packed & 3], opened.choice) AS choice, opened.at
    FROM last LEFT JOIN opened USING (packed)
), said_by_house AS (
    SELECT house, count(*) FILTER (WHERE choice IS NULL), count(*) FILTER (WHERE choice = 'for'),
        count(*) FILTER (WHERE choice = 'against'), count(*) FILTER (WHERE choice = 'abstain'), max(at)
    FROM known GROUP BY house
)
-- A hash table counts the owners: count(DISTINCT owner) sorts them, which takes as long as reading the roll.
SELECT * FROM (
    SELECT house, count(*) FROM (SELECT DISTINCT house, owner FROM voter) AS owned GROUP BY house
) AS active
LEFT JOIN said_by_house USING (house)
"""  # noqa: S608 - it is made of constants


def count_ballots(vote: str, course: VoteCourse) -> list[HouseBallots]:
    """The ballots of each house by the course of a vote, whose closing entry has its number if there is one."""
    open_houses = [str(house) for house in HOUSES if ballot_mode(course.started, house) is BallotMode.OPEN]
    edits = roll_edits(course.before, _houses_of_joined(vote, course.before))
    given: dict[str, Any] = {
        "subject": vote,
        "closing": 2 * WAITING if course.closing is None else course.closing,
        "closes": course.closes,
        "moment": course.now,
        "joined": list(edits.joined),
        "now_in": list(edits.joined.values()),
        "merged": list(edits.houses),
        "merged_houses": [str(house) for house in edits.houses.values()],
        "struck": sorted(edits.struck),
        "open": open_houses,
        "is_sealed": len(open_houses) < len(HOUSES),
        "names": list(_CODES),
    }
    with system_rows("the ballots of a vote, which are counted and not shown"), connection.cursor() as cursor:
        cursor.execute(_MEMORY)
        cursor.execute(_COUNT, given)
        found = {House(house): figures for house, *figures in cursor.fetchall()}
    return [_house_ballots(house, found.get(house, (0, *[None] * 5))) for house in HOUSES]


def active_groups(vote: str) -> Mapping[House, int]:
    """How many groups each house has on the roll of a vote, as it was frozen."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT house, count(DISTINCT "group") FROM proposals_rollmember WHERE vote_id = %s GROUP BY house', [vote]
        )
        return {House(house): count for house, count in cursor.fetchall()}


def _houses_of_joined(vote: str, entries: Sequence[VoteEntry]) -> dict[str, House]:
    """The houses of the groups that entries join, as the roll has them."""
    events = (one.event for one in entries)
    named = {group for each in events if isinstance(each, GroupsJoined) for group in (*each.groups, each.into)}
    if not named:
        return {}
    rows = models.RollMember.objects.filter(vote_id=vote, group__in=named).values_list("group", "house")
    return {group: House(house) for group, house in rows}


def _house_ballots(house: House, figures: Sequence[Any]) -> HouseBallots:
    active, closed, yes, no, abstain, opened = figures
    return HouseBallots(house, active, closed or 0, yes or 0, no or 0, abstain or 0, opened)
