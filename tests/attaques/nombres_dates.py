"""Spellings of numbers and of days: read one way, as written here, or refused with a sentence."""

import datetime
from decimal import Decimal

NNBSP = "\u202f"
# {spelling: value where a number is asked for; None: refused}; where only integers are, those with decimals are refused.
NOMBRES: dict[str, str | None] = {
    "7": "7",
    "0": "0",
    "-0": "0",
    " 7 ": "7",
    "+7": "7",
    "007": "7",
    "7,0": "7",
    "7.0": "7",
    "12,5": "12.5",
    "12.5": "12.5",
    "1 234": "1234",
    "1\u00a0234": "1234",
    f"1{NNBSP}234": "1234",
    "1\u2009234": "1234",
    "1 234,5": "1234.5",
    "−3": "-3",
    "-3": "-3",
    "1.234": None,
    "1.234,5": None,
    "1,234.5": None,
    "12 34,5": None,
    "1e5": None,
    "NaN": None,
    "Infinity": None,
    "１２３": None,
    "١٢٣": None,
    "1_000": None,
    "0x1F": None,
    "=1+1": None,
    "1/2": None,
    "sept": None,
    "7\u202e": None,
    "7\0": None,
    "9" * 30: None,
    "9" * 5000: None,
    "1e1000000": None,
}
# The browser's own input of an integer sends digits; of what it never sends, this is read, and read one way.
ENTIERS = NOMBRES | {
    "１２３": "123",
    "١٢٣": "123",
    "1_000": "1000",
    "1 234": None,
    "1\u00a0234": None,
    f"1{NNBSP}234": None,
    "1\u2009234": None,
    "7,0": None,
    "1 234,5": None,
    "12,5": None,
    "12.5": None,
    "−3": None,
}
# {spelling: the day}; those that are out of the years of a convention are refused.
DATES: dict[str, datetime.date | None] = {
    "2026-12-24": datetime.date(2026, 12, 24),
    "24/12/2026": datetime.date(2026, 12, 24),
    " 24/12/2026 ": datetime.date(2026, 12, 24),
    "24/12/26": datetime.date(2026, 12, 24),
    "31/02/2026": None,
    "2025-02-29": None,
    "12/24/2026": None,
    "31/12/1899": None,
    "0001-01-01": None,
    "9999-12-31": None,
    "99999-01-01": None,
    "0000-00-00": None,
    "24 décembre 2026": None,
    "demain": None,
    "46380": None,
    "2026-12-24T00:00:00Z": None,
    "2026-12-24\0": None,
    "24/12/2026' OR 1=1": None,
}


def valeur(lu: str | None) -> Decimal | None:
    return None if lu is None else Decimal(lu)
