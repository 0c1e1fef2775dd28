"""What the history of a fiche tells of its evaluation: definitions, targets, values, progress of each year."""

from ctg.historique import SourceHistorique, register
from evaluation.lecture import lignes_cachees, parts_cachees
from evaluation.models import (
    Avancement,
    Campagne,
    Cible,
    Effet,
    Indicateur,
    Mesure,
    ModaliteIndicateur,
    Saisie,
    ValeurVentilee,
)

PAGE = "fiche"
CHIFFRES = "ctg.lire_chiffres"


def _indicateurs(fiche):
    return {"indicateur_id__in": Indicateur.objects.filter(fiche=fiche).values("pk")}


register(
    SourceHistorique(
        PAGE,
        Indicateur,
        lambda fiche: {"fiche_id": fiche.pk},
        lambda ligne, noms: f"Indicateur {ligne.code}",
        CHIFFRES,
        frozenset({"fiche", "ordre"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        Cible,
        _indicateurs,
        lambda ligne, noms: f"Cible {ligne.annee}, {noms.de(Indicateur, ligne.indicateur_id)}",
        CHIFFRES,
        frozenset({"annee", "indicateur"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        ModaliteIndicateur,
        _indicateurs,
        lambda ligne, noms: f"Part « {ligne.libelle} », {noms.de(Indicateur, ligne.indicateur_id)}",
        CHIFFRES,
        frozenset({"indicateur", "ordre"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        Mesure,
        _indicateurs,
        lambda ligne, noms: f"Valeur {ligne.annee}, {noms.de(Indicateur, ligne.indicateur_id)}",
        CHIFFRES,
        frozenset({"annee", "indicateur"}),
        lignes_cachees,
    )
)
register(
    SourceHistorique(
        PAGE,
        Avancement,
        lambda fiche: {"fiche_id": fiche.pk},
        lambda ligne, noms: f"Bilan {ligne.annee}",
        CHIFFRES,
        frozenset({"fiche", "annee"}),
        lignes_cachees,
    )
)
register(
    SourceHistorique(
        PAGE,
        Effet,
        lambda fiche: {"fiche_id": fiche.pk},
        lambda ligne, noms: f"Effet observé {ligne.annee}",
        CHIFFRES,
        frozenset({"convention", "fiche", "annee"}),
        lignes_cachees,
    )
)
register(
    SourceHistorique(
        PAGE,
        ValeurVentilee,
        lambda fiche: {"mesure_id__in": Mesure.objects.filter(indicateur__fiche=fiche).values("pk")},
        lambda ligne, noms: f"Part « {noms.de(ModaliteIndicateur, ligne.modalite_id)} »",
        CHIFFRES,
        frozenset({"mesure", "modalite"}),
        parts_cachees,
    )
)
register(
    SourceHistorique(
        PAGE,
        Saisie,
        lambda fiche: {"fiche_id": fiche.pk},
        lambda ligne, noms: f"Saisie, {noms.de(Campagne, ligne.campagne_id)}",
        CHIFFRES,
        frozenset({"fiche", "campagne"}),
    )
)
