"""How long an installation keeps records that it may forget, how much of others, and how often it asks other hubs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.installation.sentences import IDEMPOTENCY_HOURS_UNREADABLE, WHOLE_NUMBER_UNREADABLE

_MOST_HOURS = 8_760
_MOST_MB, _MOST_DAYS = 100_000_000, 3_650
_MB = 1_000_000
_MOST_MINUTES = 10_080


@dataclass(frozen=True, slots=True)
class AnswerStorage:
    """What answers may take of the disk: kept ones in all, those of one client in a day; and how long others stay."""

    kept_bytes: int
    client_bytes: int
    unkept_lifetime: timedelta


def idempotency_lifetime() -> timedelta | Refusal:
    """How long an idempotency key is remembered; refuses with ``setting_unreadable``."""
    given = load_configuration().idempotency_hours
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given) <= _MOST_HOURS:
        return Refusal(IDEMPOTENCY_HOURS_UNREADABLE, {"most": _MOST_HOURS})
    return timedelta(hours=int(given))


def answer_storage() -> AnswerStorage | Refusal:
    """The limits of stored answers; refuses with ``setting_unreadable``."""
    given = load_configuration()
    read = [
        read_whole_number("EWTP_KEPT_MB", given.kept_mb, _MOST_MB),
        read_whole_number("EWTP_KEPT_MB_OF_CLIENT", given.kept_mb_of_client, _MOST_MB),
        read_whole_number("EWTP_UNKEPT_DAYS", given.unkept_days, _MOST_DAYS),
    ]
    for each in read:
        if isinstance(each, Refusal):
            return each
    kept, client, days = (each for each in read if not isinstance(each, Refusal))
    return AnswerStorage(kept * _MB, client * _MB, timedelta(days=days))


def hub_interval() -> timedelta | Refusal | None:
    """How often other hubs are asked for what is new; None for never. Refuses with ``setting_unreadable``."""
    given = load_configuration().hub_minutes
    if not given:
        return None
    read = read_whole_number("EWTP_HUB_MINUTES", given, _MOST_MINUTES)
    return read if isinstance(read, Refusal) else timedelta(minutes=read)


def read_whole_number(setting: str, text: str, most: int) -> int | Refusal:
    """What a setting says, a whole number from 1 to ``most``; refuses with ``setting_unreadable``."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))) or not 1 <= int(text) <= most:
        return Refusal(WHOLE_NUMBER_UNREADABLE, {"setting": setting, "most": most})
    return int(text)
