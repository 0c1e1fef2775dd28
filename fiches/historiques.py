"""What the history of a fiche tells: the fiche, its steps, means, actors, own objectives and contributions."""

from django.contrib.contenttypes.models import ContentType

from ctg.historique import SourceHistorique, register
from ctg.models import Commentaire
from fiches.lecture import relire_etapes, relire_moyens
from fiches.models import Contribution, Etape, FicheProjet, Implication, Moyen, ObjectifOperationnel

PAGE = "fiche"
DE_LA_FICHE = frozenset({"fiche"})


def _partie(modele, nom, hors=frozenset(), relire=None):
    return SourceHistorique(
        PAGE, modele, lambda fiche: {"fiche_id": fiche.pk}, nom, hors=DE_LA_FICHE | hors, relire=relire
    )


register(
    SourceHistorique(
        PAGE,
        FicheProjet,
        lambda fiche: {"id": fiche.pk},
        lambda ligne, noms: "Fiche",
        hors=frozenset({"convention"}),
    )
)
register(
    _partie(Etape, lambda ligne, noms: f"Étape « {ligne.intitule} »", frozenset({"ordre"}), relire_etapes)
)
register(
    _partie(
        Moyen, lambda ligne, noms: f"Moyen {ligne.get_nature_display()} {ligne.annee}", relire=relire_moyens
    )
)
register(_partie(Implication, lambda ligne, noms: "Acteur"))
register(_partie(ObjectifOperationnel, lambda ligne, noms: "Objectif propre", frozenset({"ordre"})))
register(_partie(Contribution, lambda ligne, noms: "Contribution à une démarche"))
register(
    SourceHistorique(
        PAGE,
        Commentaire,
        lambda fiche: {"type_objet": ContentType.objects.get_for_model(fiche), "objet_id": fiche.pk},
        lambda ligne, noms: "Réponse" if ligne.parent_id else "Commentaire",
        "ctg.lire_commentaires",
        frozenset({"convention", "type_objet", "objet_id", "champ", "parent", "auteur", "created_at"}),
    )
)
