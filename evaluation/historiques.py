"""What the history of a fiche tells of its evaluation, and that of a bilan of its versions."""

from ctg.historique import SourceHistorique, register
from evaluation.enums import NatureProposition
from evaluation.lecture import effets_caches, lignes_cachees, parts_cachees
from evaluation.models import (
    ActePublication,
    AppreciationAxe,
    Aval,
    Avancement,
    Bilan,
    Campagne,
    Cible,
    ConclusionCopil,
    Debat,
    DecisionFiche,
    DecisionIndicateur,
    Dispense,
    DocumentPublie,
    Effet,
    EvenementParticipation,
    Indicateur,
    Mesure,
    ModaliteIndicateur,
    Proposition,
    PublicPresent,
    RemarqueDebat,
    RevueMiParcours,
    Saisie,
    TextePublic,
    ValeurVentilee,
)
from fiches.models import Axe, FicheProjet
from gouvernance.models import Decision

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


def _effet(ligne, noms) -> str:
    if ligne.fiche_id:
        objet = noms.de(FicheProjet, ligne.fiche_id)
    else:
        objet = noms.de(Axe, ligne.axe_id) if ligne.axe_id else "toute la convention"
    return f"Effet observé {ligne.annee}, {objet}"


register(
    SourceHistorique(
        "effets",
        Effet,
        lambda convention: {"convention_id": convention.pk},
        _effet,
        CHIFFRES,
        frozenset({"convention", "fiche", "axe", "annee"}),
        effets_caches,
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
register(
    SourceHistorique(
        PAGE,
        DecisionFiche,
        lambda fiche: {"fiche_id": fiche.pk},
        lambda ligne, noms: f"Décision liée, {ligne.annee}",
        hors=frozenset({"fiche", "annee"}),
    )
)
register(
    SourceHistorique(
        "reunion",
        DecisionIndicateur,
        lambda reunion: {"decision__reunion_id": reunion.pk},
        lambda ligne, noms: f"Indicateur lié à « {noms.de(Decision, ligne.decision_id)} »",
        hors=frozenset({"decision"}),
    )
)


def _de_l_annee(bilan):
    """Keys of the versions of the year of this one."""
    return Bilan.objects.filter(convention=bilan.convention_id, annee=bilan.annee).values("pk")


def _des_versions(bilan):
    return {"bilan_id__in": _de_l_annee(bilan)}


def _version(mot):
    return lambda ligne, noms: f"{mot}, {noms.de(Bilan, ligne.bilan_id)}"


TRAVAIL = "evaluation.travailler_bilan"
VERSION = frozenset({"bilan", "contenu"})  # a frozen content has no history
register(
    SourceHistorique(
        "bilan",
        Bilan,
        lambda bilan: {"id__in": _de_l_annee(bilan)},
        lambda ligne, noms: f"Version {ligne.version}",
        TRAVAIL,
        frozenset({"convention", "annee", "version", "campagne", "schema", "contenu"}),
    )
)
for modele, mot in (
    (Debat, "Débat"),
    (Aval, "Aval"),
    (Dispense, "Dispense"),
    (ConclusionCopil, "Conclusions du COPIL"),
    (ActePublication, "Acte de publication"),
    (DocumentPublie, "Document"),
):
    register(SourceHistorique("bilan", modele, _des_versions, _version(mot), TRAVAIL, VERSION))
register(
    SourceHistorique(
        "bilan",
        RemarqueDebat,
        lambda bilan: {"debat_id__in": Debat.objects.filter(bilan__in=_de_l_annee(bilan)).values("pk")},
        lambda ligne, noms: "Remarque d’un débat",
        TRAVAIL,
        frozenset({"debat"}),
    )
)
register(
    SourceHistorique(
        "bilan",
        TextePublic,
        lambda bilan: {"convention_id": bilan.convention_id, "annee": bilan.annee},
        lambda ligne, noms: "Texte public",
        TRAVAIL,
        frozenset({"convention", "annee"}),
    )
)


# An event of participation; of its kinds of people, the lines that name it.
register(
    SourceHistorique(
        "participation",
        EvenementParticipation,
        lambda evenement: {"id": evenement.pk},
        lambda ligne, noms: ligne.intitule,
        CHIFFRES,
        frozenset({"convention"}),
    )
)
register(
    SourceHistorique(
        "participation",
        PublicPresent,
        lambda evenement: {"evenement_id": evenement.pk},
        lambda ligne, noms: "Public présent",
        CHIFFRES,
        frozenset({"evenement"}),
    )
)


def _de_la_revue(revue):
    return {"revue_id": revue.pk}


register(
    SourceHistorique(
        "revue",
        RevueMiParcours,
        lambda revue: {"id": revue.pk},
        lambda ligne, noms: "Revue à mi-parcours",
        TRAVAIL,
        frozenset({"convention", "rang"}),
    )
)
register(
    SourceHistorique(
        "revue",
        AppreciationAxe,
        _de_la_revue,
        lambda ligne, noms: f"Appréciation, {noms.de(Axe, ligne.axe_id)}",
        TRAVAIL,
        frozenset({"revue", "axe"}),
    )
)
register(
    SourceHistorique(
        "revue",
        Proposition,
        _de_la_revue,
        lambda ligne, noms: f"Proposition : {NatureProposition(ligne.nature).label}",
        TRAVAIL,
        frozenset({"revue"}),
    )
)
