"""Documents made by a worker: asked for once whatever the number of requests, followed, given up, kept a day.

The content is read in the request, with the rights of who asks, and is what the worker is given: what comes out never
holds more than what that person could read. Whoever reads the same content waits for the same file.
"""

import datetime
from dataclasses import replace
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ctg.models import Convention
from evaluation.autres_documents import (
    nom_de_la_fiche,
    render_carnet_pdf,
    render_fiche_pdf,
    render_schema_pdf,
)
from evaluation.bilan import Contenu
from evaluation.canonique import ecrire, lire
from evaluation.documents import DOCUMENTS, Document
from evaluation.edition import Edition
from evaluation.enums import Recette, StatutFabrication
from evaluation.finale.documents import nom_du_document, render_finale_pdf
from evaluation.finale.reports import Finale
from evaluation.models import Fabrication
from evaluation.schema_petite_enfance import collect_schema

# {recipe: extension of its file}
EXTENSIONS = {
    Recette.BILAN: "pdf",
    Recette.CARNET: "pdf",
    Recette.FICHE: "pdf",
    Recette.FINALE: "pdf",
    Recette.SCHEMA: "pdf",
    Recette.TABLEAU: "xlsx",
    Recette.TABLEAU_ODS: "ods",
}


def _schema(edition: Edition) -> bytes:
    """With the registry of the day."""
    convention = Convention.objects.get(slug=edition.complet.slug)
    return render_schema_pdf(edition, collect_schema(convention, edition.contenu))


DES_FICHES = {
    Recette.CARNET: Document(render_carnet_pdf, "application/pdf", "carnet"),
    Recette.FICHE: Document(render_fiche_pdf, "application/pdf", "fiche"),
    Recette.SCHEMA: Document(_schema, "application/pdf", "schema-petite-enfance"),
    Recette.FINALE: Document(render_finale_pdf, "application/pdf", "evaluation-finale"),
}
CONSERVATION = datetime.timedelta(days=1)
# A worker that says nothing for so long is dead: another one takes its document.
SILENCE = datetime.timedelta(minutes=2)
ECHEC = "La préparation a échoué. Demandez de nouveau le document ; s’il échoue encore, prévenez l’administrateur."


class AbandonneeError(Exception):
    """Whoever asked for the document gave it up."""


def forme_de(recette: str) -> type[Edition] | type[Finale]:
    """What a recipe is made of."""
    return Finale if recette == Recette.FINALE else Edition


def document_de(recette: str) -> Document:
    return DES_FICHES.get(Recette(recette)) or DOCUMENTS[EXTENSIONS[Recette(recette)]]


def demander(
    convention: Convention, recette: str, edition: Edition | Finale, *, user, now: datetime.datetime
) -> tuple[Fabrication, bool]:
    """The document, and whether the caller hands it to a worker: nobody has, or whoever had it failed."""
    purger(now=now)
    nom = _nommer(recette, edition)
    fabrication, is_nouvelle = Fabrication.objects.get_or_create(
        cle=_cle(recette, edition),
        defaults={
            "convention": convention,
            "recette": recette,
            "nom": nom,
            "edition": ecrire(edition),
            "date_demande": now,
            "date_signe": now,
        },
    )
    fabrication.demandeurs.add(user)
    return fabrication, is_nouvelle or reprendre(fabrication, now=now, echouee=True)


def _nommer(recette: str, edition: Edition | Finale) -> str:
    if recette == Recette.FINALE:
        return nom_du_document(edition, EXTENSIONS[Recette.FINALE])
    if recette == Recette.FICHE:
        return nom_de_la_fiche(edition)
    return document_de(recette).filename(edition, EXTENSIONS[Recette(recette)])


def _cle(recette: str, edition: Edition | Finale) -> str:
    """Live data read on the same day are the same document, if they say the same."""
    texte = f"{recette} {ecrire(_du_jour(edition))}"
    return salted_hmac("evaluation.fabrication", texte, algorithm="sha256").hexdigest()


def _du_jour(edition: Edition | Contenu | Finale) -> Edition | Contenu | Finale:
    """Without the hour when it was read."""
    if isinstance(edition, Edition):
        return replace(edition, complet=_du_jour(edition.complet))
    jour = edition.generated_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return replace(edition, generated_at=jour)


def reprendre(fabrication: Fabrication, *, now: datetime.datetime, echouee: bool = False) -> bool:
    """Whether the caller hands it to a worker again: the one it had is dead, or failed. One winner, however many ask."""
    a_reprendre = Q(statut=StatutFabrication.EN_COURS, date_signe__lt=now - SILENCE)
    if echouee:
        a_reprendre |= Q(statut=StatutFabrication.ECHOUEE)
    reprises = Fabrication.objects.filter(a_reprendre, pk=fabrication.pk).update(  # no history
        statut=StatutFabrication.EN_ATTENTE, pourcentage=0, etape="", date_signe=now
    )
    return bool(reprises)


def fabriquer(pk: int) -> None:
    """Make the document; harmless when run twice or after it was given up."""
    prise = Fabrication.objects.filter(pk=pk, statut=StatutFabrication.EN_ATTENTE).update(  # no history
        statut=StatutFabrication.EN_COURS, date_signe=timezone.now()
    )
    if not prise:
        return
    from ctg.pdf import suivre  # noqa: PLC0415 -- slow import

    fabrication = Fabrication.objects.get(pk=pk)
    try:
        with suivre(partial(_avancer, pk)):
            octets = document_de(fabrication.recette).render(
                lire(forme_de(fabrication.recette), fabrication.edition)
            )
    except AbandonneeError:
        return
    except BaseException:
        _changer(pk, statut=StatutFabrication.ECHOUEE, etape="", date_signe=timezone.now())
        raise
    nom = default_storage.save(f"documents/{fabrication.cle}", ContentFile(octets))
    if not _changer(
        pk, statut=StatutFabrication.PRETE, pourcentage=100, etape="", edition="", fichier=nom
    ):  # given up at the last moment
        default_storage.delete(nom)


def _changer(pk: int, **valeurs) -> int:
    en_cours = Fabrication.objects.filter(pk=pk, statut=StatutFabrication.EN_COURS)
    return en_cours.update(**valeurs)


def _avancer(pk: int, pourcentage: int, etape: str) -> None:
    if not _changer(pk, pourcentage=pourcentage, etape=etape, date_signe=timezone.now()):
        raise AbandonneeError


@transaction.atomic
def abandonner(fabrication: Fabrication, *, user) -> None:
    """The last who waited takes the row along, and its file: the worker stops at its next step."""
    fabrication.demandeurs.remove(user)
    if not fabrication.demandeurs.exists():
        fabrication.delete()


def purger(*, now: datetime.datetime) -> None:
    for fabrication in Fabrication.objects.filter(date_demande__lt=now - CONSERVATION):
        fabrication.delete()


@receiver(post_delete, sender=Fabrication)
def supprimer_le_fichier(sender, instance: Fabrication, **kwargs) -> None:
    if instance.fichier:
        transaction.on_commit(partial(default_storage.delete, instance.fichier.name))
