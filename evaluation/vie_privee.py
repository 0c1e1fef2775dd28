"""Personal data of this app: who entered, submitted or validated, and for whom. Kept: they point at an account or a
person that is itself made anonymous."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register, register_copie, register_fige, register_sans_personne
from evaluation.models import (
    ActePublication,
    Aval,
    Avancement,
    Bilan,
    ChampRenvoye,
    ConclusionCopil,
    Dispense,
    Effet,
    Fabrication,
    Indicateur,
    LigneSaisie,
    Mesure,
    ProjetAvenant,
    Rappel,
    Saisie,
    TextePublic,
    ValeurVentilee,
)


def _saisie(sujet) -> Q:
    return Q(saisie_par__in=sujet.compte_ids) | Q(pour_le_compte_de__in=sujet.personne_ids)


def _comptes(*champs: str):
    def filtre(sujet) -> Q:
        condition = Q()
        for champ in champs:
            condition |= Q(**{f"{champ}__in": sujet.compte_ids})
        return condition

    return filtre


def _responsable(sujet) -> Q:
    return Q(responsable__in=sujet.personne_ids)


SAISIE = frozenset({"saisie_par", "pour_le_compte_de"})
register(Donnees("mesures saisies", Mesure, SAISIE, _saisie))
register(Donnees("avancements saisis", Avancement, SAISIE, _saisie))
register(Donnees("parts saisies", ValeurVentilee, frozenset({"saisie_par"}), _comptes("saisie_par")))
register(Donnees("effets saisis", Effet, frozenset({"saisi_par"}), _comptes("saisi_par")))
register(Donnees("indicateurs confiés", Indicateur, frozenset({"responsable"}), _responsable))
register(Donnees("indicateurs attendus", LigneSaisie, frozenset({"responsable"}), _responsable))
register(Donnees("rappels reçus", Rappel, frozenset({"utilisateur"}), _comptes("utilisateur")))
register(Donnees("champs renvoyés", ChampRenvoye, frozenset({"demande_par"}), _comptes("demande_par")))
register(
    Donnees(
        "saisies soumises ou validées",
        Saisie,
        frozenset({"soumise_par", "validee_par"}),
        _comptes("soumise_par", "validee_par"),
    )
)
for nom, modele, champ in (
    ("bilans figés", Bilan, "figee_par"),
    ("avals rendus", Aval, "rendu_par"),
    ("dispenses accordées", Dispense, "accordee_par"),
    ("conclusions du COPIL", ConclusionCopil, "saisie_par"),
    ("textes publics approuvés", TextePublic, "approuve_par"),
):
    register(Donnees(nom, modele, frozenset({champ}), _comptes(champ)))
# What is under a hash keeps its words for ever: an anonymisation lists it.
for modele in (Bilan, ActePublication, ProjetAvenant):
    register_fige(modele)
register(
    Donnees(
        "documents demandés",
        Fabrication,
        frozenset({"demandeurs"}),
        _comptes("demandeurs"),
        secrets=frozenset({"cle", "edition"}),
    )
)
register(
    Donnees(
        "demandes de documents",
        Fabrication.demandeurs.through,
        frozenset({"utilisateur"}),
        _comptes("utilisateur"),
        supprimer=True,
    )
)
register_copie(Fabrication)
# The day on which all had signed, not who did.
register_sans_personne(ProjetAvenant, "date_signature")
