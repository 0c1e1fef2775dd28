"""More fiches like those of Dijon, in a database of the bench: past the services and the history, for size alone."""

import sys

import django

django.setup()

from django.db import transaction  # noqa: E402

from evaluation.models import (  # noqa: E402
    Avancement,
    Cible,
    Effet,
    Indicateur,
    Mesure,
    ModaliteIndicateur,
    ValeurVentilee,
)
from fiches.models import Contribution, Etape, FicheProjet, Implication, Moyen  # noqa: E402

PARTS = (Contribution, Implication, Etape, Moyen, Avancement, Effet)


@transaction.atomic
def grossir(nb: int) -> None:
    """Up to `nb` fiches, each a copy of one of the signed ones, with its parts and its values."""
    modeles = list(FicheProjet.objects.filter(date_fin=None, numero__lt=1000).order_by("pk"))
    rang = FicheProjet.objects.filter(date_fin=None).count()
    while rang < nb:
        for modele in modeles[: nb - rang]:
            rang += 1
            _copier_fiche(modele.pk, rang)


def _copier_fiche(pk: int, rang: int) -> None:
    fiche = FicheProjet.objects.get(pk=pk)
    axes, quartiers = list(fiche.axes.all()), list(fiche.quartiers.all())
    copie = _copier(fiche, code=f"{fiche.code}-{rang}", numero=1000 + rang)
    copie.axes.set(axes)
    copie.quartiers.set(quartiers)
    for modele in PARTS:
        for partie in modele.objects.filter(fiche=pk):
            _copier(partie, fiche=copie)
    for indicateur in Indicateur.objects.filter(fiche=pk):
        _copier_indicateur(indicateur, copie, rang)


def _copier_indicateur(indicateur: Indicateur, fiche: FicheProjet, rang: int) -> None:
    ancien = indicateur.pk
    copie = _copier(indicateur, fiche=fiche, code=f"{indicateur.code}-{rang}")
    for cible in Cible.objects.filter(indicateur=ancien):
        _copier(cible, indicateur=copie)
    modalites = {
        modalite.pk: _copier(modalite, indicateur=copie)
        for modalite in ModaliteIndicateur.objects.filter(indicateur=ancien)
    }
    for mesure in Mesure.objects.filter(indicateur=ancien):
        parts = list(ValeurVentilee.objects.filter(mesure=mesure.pk))
        recopiee = _copier(mesure, indicateur=copie)
        for part in parts:
            _copier(part, mesure=recopiee, modalite=modalites[part.modalite_id])


def _copier(objet, **champs):
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    objet.pk, objet._state.adding = None, True
    type(objet).objects.bulk_create([objet])
    return objet


if __name__ == "__main__":
    grossir(int(sys.argv[1]))
