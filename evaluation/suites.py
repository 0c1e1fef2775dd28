"""When an avenant succeeds a fiche, its indicators go on: the same codes, the break kept, targets from then on."""

from ctg.models import Avenant
from evaluation.definitions import copier_parts
from evaluation.models import Indicateur
from fiches.models import FicheProjet
from fiches.succession import register


def poursuivre_indicateurs(fiche: FicheProjet, suite: FicheProjet, avenant: Avenant) -> None:
    for indicateur in Indicateur.objects.filter(fiche=fiche, date_fin=None):
        cibles = list(indicateur.cibles.filter(annee__gte=avenant.date_effet.year))
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


register(poursuivre_indicateurs)
