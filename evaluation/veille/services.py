"""The only writers of series, thresholds, links, territories and notes; observations come by imports."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ctg.models import Convention
from ctg.permissions import check
from evaluation.models import AutreNom, NoteVeille, Observation, SerieSociale, Seuil, TerritoireCompare
from evaluation.veille.producteurs import Modele
from fiches.models import Axe, FicheProjet

PERIODE_FIGEE = (
    "Cette série a déjà des valeurs, datées par {} : annulez leur import avant de changer de période, ou ajoutez une autre "
    "série."
)
A_DES_VALEURS = (
    "Cette série a {} valeur{} : annulez d’abord leur import (« Importer », « Imports faits »), ou gardez-la."
)
SERT_ENCORE = "« {} » a des valeurs dans {} série{} : il ne se retire pas."


@transaction.atomic
def enregistrer_serie(serie: SerieSociale) -> SerieSociale:
    """Raises ValidationError."""
    avant = SerieSociale.objects.select_for_update(no_key=True).filter(pk=serie.pk).first()
    if avant is not None and avant.periode != serie.periode and avant.observations.exists():
        raise ValidationError({"periode": PERIODE_FIGEE.format(avant.get_periode_display())})
    serie.full_clean()
    serie.save()
    return serie


@transaction.atomic
def supprimer_serie(serie: SerieSociale) -> None:
    """Only one that says nothing yet. Raises ValidationError."""
    SerieSociale.objects.select_for_update(no_key=True).get(pk=serie.pk)
    if nb := serie.observations.count():
        raise ValidationError(A_DES_VALEURS.format(nb, "s" if nb > 1 else ""))
    if serie.notes.exists():
        raise ValidationError(
            "Des notes de veille éclairent cette série : détachez-les d’abord, ou gardez-la."
        )
    serie.delete()


@transaction.atomic
def enregistrer_seuil(seuil: Seuil) -> Seuil:
    """Raises ValidationError."""
    SerieSociale.objects.select_for_update(no_key=True).get(pk=seuil.serie_id)
    seuil.full_clean()
    seuil.save()
    return seuil


@transaction.atomic
def relier(serie: SerieSociale, *, axes: Iterable[Axe], fiches: Iterable[FicheProjet]) -> SerieSociale:
    """The whole of its links. Raises ValidationError."""
    axes, fiches = list(axes), list(fiches)
    for objet in (*axes, *fiches):
        if objet.convention_id != serie.convention_id:
            raise ValidationError(f"« {objet} » n’est pas de cette convention : choisissez dans la liste.")
    serie.axes.set(axes)
    serie.fiches.set(fiches)
    return serie


@transaction.atomic
def enregistrer_territoire(territoire: TerritoireCompare) -> TerritoireCompare:
    """Raises ValidationError."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=territoire.convention_id)
    territoire.full_clean()
    territoire.save()
    return territoire


@transaction.atomic
def retirer_territoire(territoire: TerritoireCompare) -> None:
    """Only one that no figure is of. Raises ValidationError."""
    series = Observation.objects.filter(territoire_compare=territoire).values("serie").distinct().count()
    if series:
        raise ValidationError(SERT_ENCORE.format(territoire, series, "s" if series > 1 else ""))
    territoire.delete()


@transaction.atomic
def enregistrer_autre_nom(autre: AutreNom) -> AutreNom:
    """Raises ValidationError."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=autre.convention_id)
    autre.full_clean()
    autre.save()
    return autre


@transaction.atomic
def enregistrer_note(note: NoteVeille, *, par) -> NoteVeille:
    """A note is written where one may: neither taken from another quartier nor sent to it. Raises PermissionDenied."""
    avant = NoteVeille.objects.select_for_update(of=("self",), no_key=True).filter(pk=note.pk).first()
    for version in (avant, note):
        if version is not None and not (access := check(par, "evaluation.noter", version)):
            raise PermissionDenied(access.reason)
    if avant is None:
        note.auteur = par
    note.full_clean()
    note.save()
    return note


@transaction.atomic
def retirer_note(note: NoteVeille, *, par) -> None:
    """The history keeps it."""
    if not (access := check(par, "evaluation.noter", note)):
        raise PermissionDenied(access.reason)
    note.delete()


@transaction.atomic
def ajouter_modele(convention: Convention, modele: Modele) -> list[SerieSociale]:
    """The series of a known producer that the convention has not yet; published data, read by all."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention.pk)
    connus = set(SerieSociale.objects.filter(convention=convention).values_list("code", flat=True))
    return [
        enregistrer_serie(
            SerieSociale(
                convention=convention,
                code=modele_serie.code,
                intitule=modele_serie.intitule,
                unite=modele_serie.unite,
                definition=modele_serie.definition,
                nature=modele_serie.nature,
                cumul=modele_serie.cumul,
                theme=modele.theme,
                producteur=modele.producteur,
                jeu_de_donnees=modele.nom,
                licence=modele.licence,
                lien=modele.lien,
                is_publique=True,
            )
        )
        for modele_serie in modele.series
        if modele_serie.code not in connus
    ]
