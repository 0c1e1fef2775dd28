"""What each kind of change of an avenant names, and what it may write: never more than an avenant changes."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

from ctg.models import Signataire
from evaluation.avenants.enums import NatureChangement
from evaluation.models.indicateurs import Indicateur
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from structures.models import Inscription

N = NatureChangement
CIBLES = (
    "axe",
    "objectif",
    "fiche",
    "indicateur",
    "structure",
    "inscription",
    "organisme",
    "signataire",
)
RUBRIQUES_DE_FICHE = ("constat", "objectif_general", "description", "publics", "resultats_attendus")
DE_L_INDICATEUR = (
    "code",
    "intitule",
    "definition",
    "nature",
    "type_indicateur",
    "unite",
    "periodicite",
    "periode",
    "sens",
    "valeur_depart",
    "date_depart",
    "producteur",
)
DE_LA_LIGNE = ("annexe", "rubrique", "designation", "nom", "adresse", "gestionnaire")
CIBLES_CHIFFREES = "cibles"  # {year: target}, of an indicator


@dataclass(frozen=True, slots=True)
class Regle:
    """`cible`: what the line names. `modele` and `champs`: what it writes. `sous`: what the same projet adds, instead."""

    cible: str
    modele: type[models.Model]
    champs: tuple[str, ...] = ()
    requis: tuple[str, ...] = ()
    sous: str = ""
    is_cible_facultative: bool = False
    is_sous_en_plus: bool = False


REGLES: dict[str, Regle] = {
    N.AXE_AJOUTER: Regle(
        "axe",
        Axe,
        ("code", "intitule", "enjeux", "service"),
        ("intitule",),
        N.AXE_AJOUTER,
        is_cible_facultative=True,
    ),
    N.AXE_MODIFIER: Regle("axe", Axe, ("intitule", "enjeux", "service"), ("intitule",)),
    N.AXE_CLORE: Regle("axe", Axe),
    N.OBJECTIF_AJOUTER: Regle("axe", ObjectifOperationnel, ("intitule",), ("intitule",), N.AXE_AJOUTER),
    N.OBJECTIF_MODIFIER: Regle("objectif", ObjectifOperationnel, ("intitule",), ("intitule",)),
    N.OBJECTIF_CLORE: Regle("objectif", ObjectifOperationnel),
    N.FICHE_AJOUTER: Regle(
        "axe",
        FicheProjet,
        ("intitule", "pilote", "service_pilote", *RUBRIQUES_DE_FICHE),
        ("intitule",),
        N.AXE_AJOUTER,
    ),
    N.FICHE_MODIFIER: Regle(
        "fiche", FicheProjet, ("intitule", "pilote", "service_pilote", *RUBRIQUES_DE_FICHE)
    ),
    N.FICHE_RATTACHER: Regle("fiche", FicheProjet, ("axes",), (), N.AXE_AJOUTER, is_sous_en_plus=True),
    N.FICHE_CLORE: Regle("fiche", FicheProjet),
    N.INDICATEUR_AJOUTER: Regle(
        "fiche",
        Indicateur,
        (*DE_L_INDICATEUR, CIBLES_CHIFFREES),
        ("code", "intitule", "nature", "type_indicateur"),
        N.FICHE_AJOUTER,
    ),
    N.INDICATEUR_REMPLACER: Regle(
        "indicateur",
        Indicateur,
        (*DE_L_INDICATEUR, CIBLES_CHIFFREES),
        ("code", "intitule", "nature", "type_indicateur"),
    ),
    N.INDICATEUR_CLORE: Regle("indicateur", Indicateur),
    N.STRUCTURE_INSCRIRE: Regle("structure", Inscription, DE_LA_LIGNE, ("annexe", "rubrique", "nom")),
    N.INSCRIPTION_CHANGER: Regle("inscription", Inscription, DE_LA_LIGNE, ("annexe", "rubrique", "nom")),
    N.INSCRIPTION_RETIRER: Regle("inscription", Inscription),
    N.SIGNATAIRE_AJOUTER: Regle("organisme", Signataire, ("qualite",)),
    N.SIGNATAIRE_RETIRER: Regle("signataire", Signataire),
}
AJOUTS = (N.AXE_AJOUTER, N.OBJECTIF_AJOUTER, N.FICHE_AJOUTER, N.INDICATEUR_AJOUTER)


def is_sortie(nature: str) -> bool:
    return NatureChangement(nature).verbe in {"clore", "retirer"}


def lire_valeurs(regle: Regle, valeurs: dict) -> dict:
    """What the line may write, as JSON holds it. Raises ValidationError, by field."""
    fautes: dict[str, list[str]] = {}
    lues = {}
    for nom, valeur in valeurs.items():
        if nom not in regle.champs:
            fautes[nom] = ["Un avenant ne change pas ce champ ici."]
            continue
        if nom in regle.requis and valeur in (None, ""):
            continue  # said below, with those that are missing
        try:
            lues[nom] = _lire_valeur(regle.modele, nom, valeur)
        except ValidationError as error:
            fautes[nom] = error.messages
    for nom in regle.requis:
        if nom not in fautes and not lues.get(nom):
            fautes[nom] = ["À remplir."]
    if fautes:
        noms = {nom: nom_du_champ(regle.modele, nom) for nom in fautes}
        raise ValidationError(
            [f"{noms[nom]} : {message}" for nom, dits in fautes.items() for message in dits]
        )
    return lues


def nom_du_champ(modele: type[models.Model], nom: str) -> str:
    if nom == CIBLES_CHIFFREES:
        return "cibles"
    noms = {
        champ.name: str(champ.verbose_name)
        for champ in modele._meta.get_fields()
        if hasattr(champ, "verbose_name")
    }
    return noms.get(nom, nom)


def _lire_valeur(modele: type[models.Model], nom: str, valeur):
    if nom == CIBLES_CHIFFREES:
        return _lire_cibles(valeur)
    champ = modele._meta.get_field(nom)
    if champ.many_to_many:
        cles = sorted({en_json(objet) for objet in valeur})
        if champ.related_model.objects.filter(pk__in=cles).count() < len(cles):
            raise ValidationError("Un des choix n’existe pas.")
        return cles
    if isinstance(valeur, models.Model):
        valeur = valeur.pk
    if valeur in (None, "") and (champ.null or champ.blank):
        return None if champ.null else ""
    return en_json(champ.clean(valeur, None))


def _lire_cibles(valeur) -> dict[str, str]:
    champ = Indicateur._meta.get_field("valeur_depart")
    return {
        str(int(annee)): en_json(champ.clean(nombre, None))
        for annee, nombre in sorted(valeur.items())
        if nombre not in (None, "")
    }


def en_json(valeur):
    """A value of a field, as JSON holds it."""
    if isinstance(valeur, models.Model):
        return valeur.pk
    if isinstance(valeur, Decimal):
        return f"{valeur.normalize():f}" if valeur else "0"
    if isinstance(valeur, datetime.date):
        return valeur.isoformat()
    return valeur


def lire_champ(objet: models.Model, nom: str):
    """What it says now, as a line of the projet holds it."""
    if nom == CIBLES_CHIFFREES:
        return {str(c.annee): en_json(c.valeur) for c in objet.cibles.order_by("annee")}
    champ = objet._meta.get_field(nom)
    if champ.many_to_many:
        return sorted(getattr(objet, nom).values_list("pk", flat=True))
    return en_json(champ.value_from_object(objet))
