"""What the end of a fiche does to its evaluation.

An avenant that succeeds a fiche makes its indicators go on: the same codes, the break kept, targets from then on.
What is entered of the year counts for the fiche that is in force at its end: it goes with the successor.
"""

import datetime

from ctg.models import Avenant
from evaluation.campagnes import champ_de
from evaluation.definitions import copier_parts
from evaluation.enums import StatutCampagne
from evaluation.models import (
    Avancement,
    Campagne,
    ChampRenvoye,
    Effet,
    Indicateur,
    LigneSaisie,
    Mesure,
    Saisie,
    ValeurVentilee,
)
from fiches import fins, succession
from fiches.models import FicheProjet


def poursuivre_indicateurs(fiche: FicheProjet, suite: FicheProjet, avenant: Avenant) -> None:
    annee = avenant.date_effet.year
    for indicateur in Indicateur.objects.filter(fiche=fiche, date_fin=None):
        cibles = list(indicateur.cibles.filter(annee__gte=annee))
        ancien = Indicateur.objects.get(pk=indicateur.pk)
        ancien.date_fin = avenant.date_effet
        ancien.save()
        indicateur.pk, indicateur._state.adding = None, True
        indicateur.fiche, indicateur.date_effet, indicateur.succede_a = suite, avenant.date_effet, ancien
        indicateur.source = str(avenant)
        indicateur.save()
        copier_parts(ancien, indicateur)
        for cible in cibles:
            cible.pk, cible._state.adding, cible.indicateur = None, True, indicateur
            cible.save()
        _emporter(Mesure.objects.filter(indicateur=ancien), indicateur, "indicateur", annee)
        _emporter_parts(indicateur)
        for renvoi in ChampRenvoye.objects.filter(
            saisie__fiche=fiche, champ=champ_de(ancien), date_reponse=None
        ):
            renvoi.champ = champ_de(indicateur)
            renvoi.save()
        _emporter(
            LigneSaisie.objects.filter(indicateur=ancien),
            indicateur,
            "indicateur",
            annee,
            "saisie__campagne__",
        )


def poursuivre_annees(fiche: FicheProjet, suite: FicheProjet, avenant: Avenant) -> None:
    """Entries, progress and effects of the avenant's year and of the later ones."""
    annee = avenant.date_effet.year
    _emporter(Avancement.objects.filter(fiche=fiche), suite, "fiche", annee)
    _emporter(Effet.objects.filter(fiche=fiche), suite, "fiche", annee)
    _emporter(Saisie.objects.filter(fiche=fiche), suite, "fiche", annee, "campagne__")


def _emporter(lignes, vers, champ: str, annee: int, chemin: str = "") -> None:
    for ligne in lignes.filter(**{f"{chemin}annee__gte": annee}):
        setattr(ligne, champ, vers)
        ligne.save()


def _emporter_parts(indicateur: Indicateur) -> None:
    """The values of parts that went with the successor are of its own parts, which bear the same names."""
    parts = {modalite.libelle: modalite for modalite in indicateur.modalites.all()}
    valeurs = ValeurVentilee.objects.filter(mesure__indicateur=indicateur).select_related("modalite")
    for valeur in valeurs:
        valeur.modalite = parts[valeur.modalite.libelle]
        valeur.save()


def annee_evaluee(fiche: FicheProjet, jour: datetime.date) -> str:
    """A year whose campaign is closed keeps the fiches that it was made of."""
    evaluee = (
        Campagne.objects.filter(
            convention=fiche.convention_id, annee__gte=jour.year, statut=StatutCampagne.CLOSE
        )
        .order_by("-annee")
        .first()
    )
    if evaluee is None:
        return ""
    return (
        f"L’année {evaluee.annee} est évaluée, sa campagne est close : "
        f"choisissez un jour à partir du 1er janvier {evaluee.annee + 1}."
    )


succession.register(poursuivre_indicateurs)
succession.register(poursuivre_annees)
fins.register(annee_evaluee)
