"""The one writer of who holds a seat."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from ctg.models import Personne
from gouvernance.models import MandatMembre, Membre


@transaction.atomic
def enregistrer_mandat(mandat: MandatMembre) -> MandatMembre:
    """Raises ValidationError."""
    _verrouiller(mandat.membre_id)
    mandat.full_clean()
    mandat.save()
    return mandat


@transaction.atomic
def remplacer(mandat: MandatMembre, personne: Personne, *, au: datetime.date) -> MandatMembre:
    """From that day on another person holds the seat, in the same quality: the new mandate. Raises ValidationError."""
    _verrouiller(mandat.membre_id)
    mandat.refresh_from_db()
    if mandat.date_debut and au <= mandat.date_debut:
        raise ValidationError(
            {
                "date": f"{mandat.personne} n’a commencé que le {mandat.date_debut:%d/%m/%Y} : choisissez un jour d’après."
            }
        )
    if mandat.date_fin and mandat.date_fin < au:
        raise ValidationError(
            {
                "date": f"Ce mandat a déjà pris fin le {mandat.date_fin:%d/%m/%Y} : donnez le siège à la personne "
                "suivante par « Ajouter une personne »."
            }
        )
    suite = MandatMembre(
        membre=mandat.membre,
        personne=personne,
        qualite=mandat.qualite,
        date_debut=au,
        date_fin=mandat.date_fin if mandat.date_fin and mandat.date_fin > au else None,
    )
    if mandat.personne_id == personne.pk:
        raise ValidationError({"personne": "C’est la même personne : choisissez celle qui lui succède."})
    mandat.date_fin = au
    mandat.full_clean()
    mandat.save()
    suite.full_clean()
    suite.save()
    return suite


def _verrouiller(membre_id: int) -> None:
    """One writer at a time on a seat."""
    Membre.objects.select_for_update(of=("self",), no_key=True).get(pk=membre_id)
