"""Where the minutes of a meeting are: the steps done, what one may do, what is waited for, and from whom."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from ctg.models import Convention, Organisme
from ctg.perimetres import droits
from ctg.permissions import check
from gouvernance.enums import ActionCompteRendu as A
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import EtapeCompteRendu, Reunion
from gouvernance.transitions import Transition, avals_attendus, possibles, raison_de_ne_pas


@dataclass(frozen=True, slots=True)
class Circuit:
    """`attente`: what the next step waits for, in words; empty when one may do it, or when all is done."""

    etapes: tuple[EtapeCompteRendu, ...]
    possibles: tuple[tuple[str, Transition], ...]
    attente: str


def collect_circuit(user, reunion: Reunion, *, au: datetime.date) -> Circuit:
    etapes = (
        EtapeCompteRendu.objects.filter(reunion=reunion)
        .select_related("organisme", "par")
        .order_by("date", "pk")
    )
    offertes = tuple(possibles(user, reunion, au=au))
    return Circuit(tuple(etapes), offertes, "" if offertes else _attente(user, reunion, au))


def _attente(user, reunion: Reunion, au: datetime.date) -> str:
    if reunion.etat_compte_rendu == EtatCompteRendu.TRANSMIS:
        attendus = Organisme.objects.filter(pk__in=avals_attendus(reunion)).order_by("nom")
        if not attendus:
            return "Plus aucun aval n’est attendu : le chargé de coopération diffuse le compte rendu."
        return f"L’aval est attendu de : {', '.join(attendus.values_list('nom', flat=True))}."
    if reunion.etat_compte_rendu == EtatCompteRendu.AVALISE:
        return "L’aval est donné : le chargé de coopération diffuse le compte rendu."
    if reunion.etat_compte_rendu == EtatCompteRendu.BROUILLON and check(user, "gouvernance.tenir", reunion):
        premier = A.DIFFUSER if reunion.convention.is_sans_aval_des_comptes_rendus else A.TRANSMETTRE
        return raison_de_ne_pas(premier, reunion, au)
    return ""


@dataclass(frozen=True, slots=True)
class ATraiter:
    """Minutes whose next step is this person's. `pas`: an action of the circuit, or « corriger »."""

    reunion: Reunion
    pas: str


def collect_a_traiter(user, convention: Convention) -> list[ATraiter]:
    """Aval to give, minutes to distribute or to correct after a refusal; the oldest meeting first."""
    refuses = Q(etat_compte_rendu=EtatCompteRendu.BROUILLON, etapes__isnull=False)
    reunions = (
        Reunion.objects.filter(
            refuses | Q(etat_compte_rendu__in=[EtatCompteRendu.TRANSMIS, EtatCompteRendu.AVALISE]),
            convention=convention,
        )
        .maintenues()
        .select_related("convention", "instance_gouvernance")
        .distinct()
    )
    siens = (ATraiter(reunion, _pas(user, reunion)) for reunion in reunions.order_by("date", "rang", "pk"))
    return [a_traiter for a_traiter in siens if a_traiter.pas]


def _pas(user, reunion: Reunion) -> str:
    if reunion.etat_compte_rendu == EtatCompteRendu.TRANSMIS:
        attendus = avals_attendus(reunion)
        if attendus:
            miens = attendus & droits(user, reunion.convention_id).dans("organismes")
            return A.AVALISER if miens and check(user, "gouvernance.avaliser", reunion) else ""
    if not check(user, "gouvernance.tenir", reunion):
        return ""
    return "corriger" if reunion.etat_compte_rendu == EtatCompteRendu.BROUILLON else A.DIFFUSER
