"""Invariants of what every app shares: files and the rows that name them, texts that succeed one another."""

import datetime
from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ctg.invariants import register
from ctg.models import FichierConserve
from ctg.models.base import Temporel

# A file is written before the row that names it is committed.
EN_COURS = datetime.timedelta(hours=1)


def _champs_de_fichier() -> Iterator[tuple[type[models.Model], str]]:
    for modele in apps.get_models():
        if not modele._meta.proxy:
            yield from (
                (modele, champ.name)
                for champ in modele._meta.concrete_fields
                if isinstance(champ, models.FileField)
            )


@register
def fichiers_absents() -> Iterator[str]:
    """What is kept with its hash is read by the app that gave it out."""
    for modele, champ in _champs_de_fichier():
        if issubclass(modele, FichierConserve):
            continue
        for objet in modele._base_manager.exclude(**{champ: ""}).order_by("pk").iterator():
            nom = getattr(objet, champ).name
            if not default_storage.exists(nom):
                yield f"{objet}\u00a0: le fichier {nom} n’est plus dans le dossier des fichiers"


@register
def fichiers_orphelins() -> Iterator[str]:
    """Nobody can ask for them any more, and a backup leaves them out."""
    nommes = {
        nom
        for modele, champ in _champs_de_fichier()
        for nom in modele._base_manager.exclude(**{champ: ""}).values_list(champ, flat=True)
    }
    avant = timezone.now() - EN_COURS
    for nom in _fichiers(""):
        if nom not in nommes and default_storage.get_modified_time(nom) < avant:
            yield f"{nom}\u00a0: aucune ligne ne nomme ce fichier"


def _fichiers(dossier: str) -> Iterator[str]:
    try:
        dossiers, fichiers = default_storage.listdir(dossier)
    except FileNotFoundError:  # nothing was ever kept
        return
    prefixe = f"{dossier}/" if dossier else ""
    yield from (f"{prefixe}{nom}" for nom in sorted(fichiers))
    for nom in sorted(dossiers):
        yield from _fichiers(f"{prefixe}{nom}")


@register
def textes_en_double() -> Iterator[str]:
    """A text that another one succeeds ends on the day when that one begins."""
    for modele in apps.get_models():
        if not issubclass(modele, Temporel):
            continue
        ouverts = modele._base_manager.filter(succede_a__isnull=False).exclude(
            Q(succede_a__date_fin__isnull=False) & Q(succede_a__date_fin__lte=F("date_effet"))
        )
        for objet in ouverts.order_by("pk"):
            yield f"{objet}\u00a0: deux textes sont en vigueur en même temps ({modele._meta.verbose_name})"
