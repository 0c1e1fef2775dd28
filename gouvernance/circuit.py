"""Where the minutes of a meeting are, as its page shows it: the steps done, what one may do, what is waited for."""

import datetime
from dataclasses import dataclass

from ctg.models import Organisme
from ctg.permissions import check
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import EtapeCompteRendu, Reunion
from gouvernance.transitions import Transition, avals_attendus, possibles, raison_de_ne_pas_transmettre


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
        noms = (
            Organisme.objects.filter(pk__in=avals_attendus(reunion))
            .order_by("nom")
            .values_list("nom", flat=True)
        )
        return f"L’aval est attendu de : {', '.join(noms)}."
    if reunion.etat_compte_rendu == EtatCompteRendu.AVALISE:
        return "L’aval est donné : le chargé de coopération diffuse le compte rendu."
    if reunion.etat_compte_rendu == EtatCompteRendu.BROUILLON and check(user, "gouvernance.tenir", reunion):
        return raison_de_ne_pas_transmettre(reunion, au)
    return ""
