"""Publishing a version: its acte, and its six files, made once and kept for ever."""

import datetime
from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction

from ctg.fichiers import conserver, tout_ou_rien
from ctg.fonctions import fonction_de
from evaluation import canonique
from evaluation.acte import Acte
from evaluation.documents import FORMATS
from evaluation.edition import Edition
from evaluation.editions import composer_acte, edition_de
from evaluation.enums import Sortie, StatutBilan
from evaluation.models import ActePublication, Bilan, DocumentPublie
from evaluation.transitions import TransitionError
from evaluation.transitions_bilan import exiger, verrouiller

CHANGE = "Quelque chose a changé pendant que les documents se préparaient : relisez, puis publiez de nouveau."


def publier(bilan_id: int, *, user, now: datetime.datetime) -> Bilan:
    """Render, then write all or nothing. Raises TransitionError, PermissionDenied.

    The files take seconds: they are made before the lock, from an acte that must be the same under it.
    """
    bilan = Bilan.objects.select_related("convention__territoire").get(pk=bilan_id)
    exiger("publier", bilan, user=user)
    fonction = fonction_de(user, bilan.convention, now=now)
    acte = composer_acte(bilan, fonction=fonction, now=now)
    fichiers = list(rendre(bilan, acte))
    with tout_ou_rien():
        return _ecrire(bilan_id, acte, fichiers, user=user, now=now)


def edition_publiee(bilan: Bilan, acte: Acte, sortie: str) -> Edition:
    texte = canonique.ecrire(acte)
    return replace(
        edition_de(bilan, sortie),
        etat=StatutBilan.PUBLIEE,
        textes=acte.textes,
        acte=acte,
        empreinte_acte=canonique.empreinte(bilan.contenu, texte),
    )


def rendre(bilan: Bilan, acte: Acte) -> Iterator[tuple[str, str, str, bytes]]:
    """(output, format, name, bytes) of the six files."""
    for sortie in Sortie.values:
        edition = edition_publiee(bilan, acte, sortie)
        for extension, document in FORMATS.items():
            yield sortie, extension, document.filename(edition, extension), document.render(edition)


@transaction.atomic
def _ecrire(bilan_id: int, acte: Acte, fichiers, *, user, now) -> Bilan:
    bilan = verrouiller(bilan_id)
    transition = exiger("publier", bilan, user=user)
    if composer_acte(bilan, fonction=acte.fonction, now=now) != acte:
        raise TransitionError(CHANGE)
    precedentes = Bilan.objects.filter(
        convention=bilan.convention_id, annee=bilan.annee, statut=StatutBilan.PUBLIEE
    )
    for ancienne in precedentes.select_for_update(no_key=True):
        ancienne.statut = StatutBilan.REMPLACEE
        ancienne._change_reason = f"La version {bilan.version} est publiée"
        ancienne.save()
    bilan.statut, bilan.date_publication, bilan._change_reason = transition.cible, now, transition.label
    bilan.save()
    texte = canonique.ecrire(acte)
    ActePublication.objects.create(
        bilan=bilan, contenu=texte, empreinte=canonique.empreinte(bilan.contenu, texte)
    )
    for sortie, extension, nom, octets in fichiers:
        document = DocumentPublie(bilan=bilan, sortie=sortie, extension=extension, nom=nom)
        dossier = f"{bilan.convention.slug}/{bilan.annee}/v{bilan.version}/{sortie}"
        conserver(document, dossier, octets)
    return bilan
