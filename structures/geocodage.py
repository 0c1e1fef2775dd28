"""Asks the national address service where structures are. What it is sure of is written; the rest waits for a person."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderParseError, GeocoderQueryError, GeocoderRateLimited, GeocoderServiceError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import BANFrance
from geopy.location import Location

from ctg.emprises import est_en_france
from ctg.recherche import normalise
from structures import positions
from structures.enums import StatutProposition
from structures.models import PropositionPosition, Structure

SEUIL = Decimal("0.8")  # under it, the service itself is not sure
NB_PROPOSITIONS = 3
PAUSE = 0.2  # seconds between two questions: ten times less than what the service allows
ATTENTE = 6.0  # seconds before asking again: it shuts its door for five
LONGUEUR_MAX = 200  # characters of a question
DELAI = 10  # seconds to answer
AGENT = "pilotage-ctg"
CENT_MILLIEME = Decimal("0.00001")

ARRETE = "La recherche s’arrête là ; ce qui a été placé le reste. Relancez la commande plus tard."
TROP_VITE = f"Le service d’adresses demande d’attendre (trop de questions à la fois). {ARRETE}"
EN_PANNE = f"Le service d’adresses ne répond pas (GEOCODEUR : {{adresse}}). {ARRETE}"
ILLISIBLE = f"Le service d’adresses a répondu ce qui ne se lit pas. {ARRETE}"
ADRESSE = "GEOCODEUR vaut « {adresse} » : écrire une adresse qui commence par https:// ou http://."


class GeocodageError(Exception):
    """The service cannot be asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """An answer of the service. `doute`: why a person has to look at it; empty: it is written as it is."""

    libelle: str
    latitude: Decimal
    longitude: Decimal
    score: Decimal
    doute: str


@dataclass(frozen=True, slots=True)
class Issue:
    """What became of a structure: `placee` there, or `nb_propositions` that wait, or neither."""

    structure: Structure
    placee: Trouvaille | None
    nb_propositions: int


def a_geocoder(registre: QuerySet[Structure]) -> QuerySet[Structure]:
    """With an address and no coordinates."""
    return registre.sans_coordonnees().exclude(adresse="").order_by("pk")


def geocoder(registre: QuerySet[Structure], *, essai: bool = False) -> Iterator[Issue]:
    """One structure at a time, each written before the next is asked. Raises GeocodageError.

    An address that was already asked, and whose answers wait or were refused, is not asked again.
    """
    demander = _service()
    for structure in a_geocoder(registre).prefetch_related("propositions"):
        adresse = structure.adresse_complete
        if any(p.adresse_demandee == adresse for p in structure.propositions.all()):
            continue
        yield _traiter(structure, _lire(demander, adresse, structure), essai=essai)


def _traiter(structure: Structure, trouvailles: list[Trouvaille], *, essai: bool) -> Issue:
    if trouvailles and not trouvailles[0].doute:
        sure = trouvailles[0]
        if not essai:
            source = f"{positions.SOURCE_ADRESSE} : {sure.libelle}"[:200]
            if not positions.placer_si_vide(
                structure.pk, latitude=sure.latitude, longitude=sure.longitude, source=source
            ):
                return Issue(structure, None, 0)  # somebody placed it meanwhile
        return Issue(structure, sure, 0)
    if essai:
        return Issue(structure, None, len(trouvailles))
    propositions = [
        PropositionPosition(
            libelle=t.libelle,
            latitude=t.latitude,
            longitude=t.longitude,
            score=t.score,
            doute=t.doute,
            statut=StatutProposition.EN_ATTENTE,
        )
        for t in trouvailles
    ]
    nb = positions.proposer(structure.pk, structure.adresse_complete, propositions) if propositions else 0
    return Issue(structure, None, nb)


def _service() -> Callable:
    adresse = urlsplit(settings.GEOCODEUR)
    if adresse.scheme not in {"http", "https"} or not adresse.netloc:
        raise GeocodageError(ADRESSE.format(adresse=settings.GEOCODEUR))
    ban = BANFrance(
        domain=f"{adresse.netloc}{adresse.path}",
        scheme=adresse.scheme,
        user_agent=AGENT,
        timeout=DELAI,
        adapter_factory=URLLibAdapter,  # the other one asks again by itself
    )
    return RateLimiter(
        ban.geocode,
        min_delay_seconds=PAUSE,
        max_retries=2,
        error_wait_seconds=ATTENTE,
        swallow_exceptions=False,
    )


def _lire(demander: Callable, adresse: str, structure: Structure) -> list[Trouvaille]:
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # it is refused just after
            lieux = demander(adresse[:LONGUEUR_MAX], exactly_one=False, limit=NB_PROPOSITIONS) or []
        trouvailles = [_trouvaille(lieu, structure) for lieu in lieux]
    except GeocoderQueryError:
        return []  # an address that it does not take: the others are asked all the same
    except GeocoderRateLimited:
        raise GeocodageError(TROP_VITE) from None
    except GeocoderParseError:
        raise GeocodageError(ILLISIBLE) from None
    except GeocoderServiceError:
        raise GeocodageError(EN_PANNE.format(adresse=settings.GEOCODEUR)) from None
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):  # JSON of another form
        raise GeocodageError(ILLISIBLE) from None
    return sorted(trouvailles, key=lambda t: (bool(t.doute), -t.score))


def _trouvaille(lieu: Location, structure: Structure) -> Trouvaille:
    proprietes = lieu.raw["properties"]
    score = Decimal(str(proprietes["score"])).quantize(Decimal("0.001"))
    if not (0 <= score <= 1 and proprietes["label"] and est_en_france(lieu.latitude, lieu.longitude)):
        raise ValueError(proprietes)
    return Trouvaille(
        str(proprietes["label"])[:300],
        Decimal(str(lieu.latitude)).quantize(CENT_MILLIEME),
        Decimal(str(lieu.longitude)).quantize(CENT_MILLIEME),
        score,
        _doute(proprietes, score, structure),
    )


def _doute(proprietes: dict, score: Decimal, structure: Structure) -> str:
    """A good likeness is not enough: a whole street, or the same street elsewhere, resembles well."""
    if not structure.code_postal and not structure.commune:
        return "le registre ne dit pas la commune"
    if structure.code_postal and proprietes.get("postcode") != structure.code_postal:
        return "le code postal n’est pas celui du registre"
    if structure.commune and normalise(str(proprietes.get("city", ""))) != normalise(structure.commune):
        return "la commune n’est pas celle du registre"
    if proprietes.get("type") != "housenumber":
        return "le numéro n’a pas été trouvé"
    return "" if score >= SEUIL else "l’adresse ne ressemble pas assez"
