"""Who is told of the circuit of the minutes: those who may give the aval, then those who keep the meetings."""

import datetime

from django.utils import timezone

from ctg.enums import Role
from ctg.fonctions import fonction_de
from ctg.models import Organisme, Personne
from ctg.perimetres import charger_droits
from ctg.permissions import check
from gouvernance.destinataires import charges_de, titulaires_de
from gouvernance.enums import ActionCompteRendu as A
from gouvernance.enums import EtatCompteRendu as E
from gouvernance.enums import NatureEnvoi as N
from gouvernance.envois import enregistrer_envoi
from gouvernance.models import EtapeCompteRendu, Reunion
from gouvernance.tasks import faire_partir

AVALISENT = (Role.CONSEILLER_CAF, Role.REPRESENTANT)


def avertir(action: str, reunion: Reunion, *, user, now: datetime.datetime, motif: str) -> None:
    """In the transaction of the step: its mail is noted with it, and leaves once both are saved."""
    au = timezone.localdate(now)
    if action == A.TRANSMETTRE:
        nature, personnes = N.AVAL_DEMANDE, qui_avalise(reunion, au=au)
    elif action == A.REFUSER:
        nature, personnes = N.AVAL_REFUSE, charges_de(reunion.convention, au=au)
    elif action == A.AVALISER and reunion.etat_compte_rendu == E.AVALISE:  # the last that was waited for
        nature, personnes = N.AVAL_DONNE, charges_de(reunion.convention, au=au)
    else:
        return
    personnes = [personne for personne in personnes if personne.utilisateur_id != user.pk]
    if not personnes:
        return
    contenu = {
        "fonction": fonction_de(user, reunion.convention, now=now),
        "organismes": _organismes(nature, reunion),
    }
    faire_partir(
        enregistrer_envoi(reunion, nature, personnes, user=user, now=now, contenu=contenu, message=motif)
    )


def _organismes(nature: str, reunion: Reunion) -> list[str]:
    """Those that are asked for the aval, that gave it, or that refused it."""
    if nature == N.AVAL_DEMANDE:
        organismes = Organisme.objects.filter(pk__in=reunion.convention.get_organismes_aval_comptes_rendus())
    else:
        action = A.REFUSER if nature == N.AVAL_REFUSE else A.AVALISER
        etapes = EtapeCompteRendu.objects.filter(reunion=reunion, organisme__isnull=False)
        tour = etapes.order_by("-tour").values_list("tour", flat=True).first()
        organismes = Organisme.objects.filter(
            avals_de_compte_rendu__in=etapes.filter(tour=tour, action=action)
        )
    return list(organismes.order_by("nom").values_list("nom", flat=True))


def qui_avalise(reunion: Reunion, *, au: datetime.date) -> list[Personne]:
    """People whose account may give the aval of these minutes."""
    personnes = titulaires_de(reunion.convention, AVALISENT, au=au)
    charger_droits([personne.utilisateur for personne in personnes], reunion.convention_id, au=au)
    return [
        personne for personne in personnes if check(personne.utilisateur, "gouvernance.avaliser", reunion)
    ]
