"""Lines of a year's content, each from the rows of one thing: a step, a value, an indicator, an effect."""

import datetime
from decimal import Decimal

from evaluation.bilan import LigneEffet, LigneEtape, LigneIndicateur, Valeur
from evaluation.calculs import atteinte, ecart, ecart_parts
from evaluation.enums import NatureIndicateur
from evaluation.etats import Etats
from evaluation.lecture import RIEN, Caches, lisibles
from evaluation.models import Avancement, Effet, Indicateur, Mesure
from evaluation.series import Anciens, collect_serie, mesure_de, parts_de
from fiches.models import Etape


def ligne_etape(etape: Etape, annee: int, *, today: datetime.date) -> LigneEtape:
    """A step as of 31 December of the year, or today if that is earlier.

    The day when a step was done is not known: what is done counts as done in the years that its date falls in or
    comes before. Without a date, it is as it is today. No step of a year to come is late.
    """
    fin = datetime.date(annee, 12, 31)
    is_faite = etape.is_faite and (etape.echeance is None or etape.echeance <= fin)
    is_en_retard = annee <= today.year and etape.is_en_retard(min(fin, today))
    return LigneEtape(etape.intitule, etape.echeance, is_faite, is_en_retard)


def ligne_effet(effet: Effet) -> LigneEffet:
    return LigneEffet(
        constat=effet.constat,
        sens=effet.get_sens_display(),
        is_attendu=effet.is_attendu,
        origine=effet.get_origine_display(),
        parties_prenantes=effet.parties_prenantes,
        preuve=effet.preuve,
    )


def saisi_par(objet: Mesure | Avancement) -> str:
    """Who entered it, said where it was for somebody else."""
    return str(objet.saisie_par or "") if objet.pour_le_compte_de_id else ""


def _valeur(mesure: Mesure | None, indicateur: Indicateur, etats: Etats) -> Valeur | None:
    if mesure is None:
        return None
    parts = parts_de(mesure)
    return Valeur(
        annee=mesure.annee,
        situation=mesure.situation,
        nombre=mesure.valeur,
        texte=mesure.valeur_texte,
        etat=mesure.etat,
        motif=mesure.motif,
        numerateur=mesure.numerateur,
        denominateur=mesure.denominateur,
        commentaire=mesure.commentaire,
        is_validee=etats.is_validee(mesure.annee),
        parts=parts,
        ecart_parts=ecart_parts(mesure.valeur, [part.valeur for part in parts], indicateur.agregation),
        saisi_par=saisi_par(mesure),
        pour_le_compte_de=str(mesure.pour_le_compte_de or ""),
    )


def ligne_indicateur(
    indicateur: Indicateur,
    annee: int,
    anciens: Anciens,
    caches: Caches = RIEN,
    *,
    etats: Etats | None = None,
) -> LigneIndicateur:
    """`anciens`: what the indicators of the convention replace (`collect_anciens`); `caches`: what its reader does not
    read yet; `etats`: which years of its fiche are validated; without them, nothing is said of it.
    """
    etats = etats or Etats()
    lues = lisibles(indicateur.mesures.all(), indicateur.fiche_id, caches)
    mesures = {mesure.annee: mesure for mesure in lues}
    cibles: dict[int, Decimal] = {cible.annee: cible.valeur for cible in indicateur.cibles.all()}
    valeur = _valeur(mesures.get(annee), indicateur, etats)
    compare = indicateur.nature not in NatureIndicateur.SANS_ECART
    nombre = valeur.nombre if valeur and compare else None
    serie, ruptures = collect_serie(indicateur, annee, anciens, caches)
    return LigneIndicateur(
        code=indicateur.code,
        intitule=indicateur.intitule,
        definition=indicateur.definition,
        nature=indicateur.nature,
        type_indicateur=indicateur.get_type_indicateur_display(),
        unite=indicateur.unite_affichee,
        sens=indicateur.get_sens_display(),
        periode=indicateur.get_periode_display(),
        producteur=indicateur.producteur,
        depart=indicateur.valeur_depart,
        date_depart=indicateur.date_depart,
        cible=cibles.get(annee),
        precedente=_valeur(mesure_de(indicateur, annee - 1, anciens, caches), indicateur, etats),
        valeur=valeur,
        ecart=ecart(nombre, cibles.get(annee)) if compare else None,
        atteinte=atteinte(nombre, indicateur.valeur_depart, cibles.get(annee), indicateur.sens),
        serie=serie,
        ruptures=ruptures,
    )
