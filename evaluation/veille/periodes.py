"""What a figure of a series covers: how it is read in a file, and how it is said."""

import datetime
import re

from django.core.exceptions import ValidationError

from evaluation.enums import PeriodeSerie

RENTREE = 9  # September
_ANNEE = re.compile(r"(?:ann[ée]e\s+)?((?:19|20|21)[0-9]{2})(?:[.,]0+)?", re.IGNORECASE)
_SCOLAIRE = re.compile(r"((?:19|20|21)[0-9]{2})\s*[-/–_]\s*((?:19|20|21)?[0-9]{2})")
_JOUR = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
EXEMPLES = {
    PeriodeSerie.ANNEE: "une année, comme 2024",
    PeriodeSerie.SCOLAIRE: "une année scolaire, comme 2023-2024",
    PeriodeSerie.JOUR: "une date, comme 31/12/2024",
}


def dire_periode(periode: str, debut: datetime.date) -> str:
    """« 2024 », « 2023-2024 », « 31/12/2024 »."""
    if periode == PeriodeSerie.JOUR:
        return f"{debut:%d/%m/%Y}"
    return f"{debut.year}-{debut.year + 1}" if periode == PeriodeSerie.SCOLAIRE else str(debut.year)


def raison_de_la_periode(periode: str, debut: datetime.date) -> str:
    """Why this day begins no period of that kind, or nothing."""
    attendu = {PeriodeSerie.ANNEE: (1, 1), PeriodeSerie.SCOLAIRE: (RENTREE, 1)}.get(periode)
    if attendu is None or (debut.month, debut.day) == attendu:
        return ""
    return f"Une période de cette série est {EXEMPLES[PeriodeSerie(periode)]}."


def lire_periode(texte: str, periode: str) -> datetime.date:
    """The first day of what a cell says. Raises ValidationError with what to write instead."""
    lu = texte.strip()
    trouve = {
        PeriodeSerie.ANNEE: _lire_annee,
        PeriodeSerie.SCOLAIRE: _lire_scolaire,
        PeriodeSerie.JOUR: _lire_jour,
    }[PeriodeSerie(periode)](lu)
    if trouve is None:
        raise ValidationError(f"« {lu[:40]} » n’est pas {EXEMPLES[PeriodeSerie(periode)]}.")
    return trouve


def ressemble_a_une_periode(titre: str) -> bool:
    """Of a heading: a year, a school year or a day, whatever the series."""
    lu = titre.strip()
    return any(lire(lu) is not None for lire in (_lire_annee_seule, _lire_scolaire, _lire_jour))


def _lire_annee_seule(lu: str) -> datetime.date | None:
    trouve = _ANNEE.fullmatch(lu)
    return datetime.date(int(trouve[1]), 1, 1) if trouve else None


def _lire_annee(lu: str) -> datetime.date | None:
    """Producers date a yearly figure by a day of its year, too."""
    if annee := _lire_annee_seule(lu):
        return annee
    jour = _lire_jour(lu)
    return datetime.date(jour.year, 1, 1) if jour else None


def _lire_scolaire(lu: str) -> datetime.date | None:
    trouve = _SCOLAIRE.fullmatch(lu)
    if not trouve:
        return None
    debut, fin = int(trouve[1]), int(trouve[2])
    return datetime.date(debut, RENTREE, 1) if fin in {debut + 1, (debut + 1) % 100} else None


def _lire_jour(lu: str) -> datetime.date | None:
    try:
        if trouve := _JOUR.fullmatch(lu):
            return datetime.date(int(trouve[3]), int(trouve[2]), int(trouve[1]))
        if trouve := _ISO.fullmatch(lu):
            return datetime.date(int(trouve[1]), int(trouve[2]), int(trouve[3]))
    except ValueError:
        return None
    return None
