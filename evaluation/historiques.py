"""What the history of a fiche tells of its evaluation: definitions, targets, values, progress of each year."""

from ctg.historique import SourceHistorique, register
from evaluation.models import Avancement, Cible, Indicateur, Mesure, ModaliteIndicateur

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
    )
)
