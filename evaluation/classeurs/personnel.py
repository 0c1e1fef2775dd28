"""« Mon classeur »: the lines of a person's grid and the progress of their fiches, to fill offline."""

from openpyxl import Workbook

from ctg.models import Convention
from ctg.renderers import nettoyer, save_workbook
from evaluation.bilan import Valeur
from evaluation.cellules import cellules
from evaluation.classeurs.avancements import Progression
from evaluation.classeurs.feuilles import (
    Colonne,
    Rang,
    ecrire_feuille,
    ecrire_lisez_moi,
    liste,
    nombre_pose,
    signer,
)
from evaluation.enums import EtatMesure, NatureIndicateur, SituationMesure
from evaluation.grille import Grille, LigneGrille, PartGrille
from evaluation.models import Avancement, Indicateur
from fiches.enums import StatutFiche

NATURE = "personnel"
SAISIE, AVANCEMENT = "Saisie", "Avancement"
LUES = ("valeur", "numerateur", "denominateur", "etat", "sans_objet", "motif", "commentaire")
OUI_NON, ECHELLE = ("oui", "non"), ("1", "2", "3", "4", "5")


def colonnes_saisie(annee: int) -> tuple[Colonne, ...]:
    return (
        Colonne("fiche", "Fiche", 9, est_lue=False),
        Colonne("code", "Code", 11, est_lue=False),
        Colonne("indicateur", "Indicateur", 40, est_lue=False),
        Colonne("unite", "Unité", 11, est_lue=False),
        Colonne("depart", "Départ", 11, est_lue=False),
        Colonne("cible", f"Cible {annee}", 11, est_lue=False),
        Colonne("avant_precedente", str(annee - 2), 11, est_lue=False),
        Colonne("precedente", str(annee - 1), 11, est_lue=False),
        Colonne("valeur", f"Valeur {annee}", 14),
        Colonne("numerateur", "Numérateur", 12),
        Colonne("denominateur", "Dénominateur", 12),
        Colonne("etat", "État", 12),
        Colonne("sans_objet", "Sans objet", 9),
        Colonne("motif", "Motif", 30),
        Colonne("commentaire", "Commentaire", 40),
    )


def colonnes_avancement() -> tuple[Colonne, ...]:
    champs = [Avancement._meta.get_field(nom) for nom in Progression.NOMS]
    return (
        Colonne("fiche", "Fiche", 9, est_lue=False),
        Colonne("intitule", "Intitulé", 40, est_lue=False),
        *(
            Colonne(
                champ.name, champ.verbose_name[:1].upper() + champ.verbose_name[1:], 14 if rang < 2 else 44
            )
            for rang, champ in enumerate(champs)
        ),
    )


def _montrer(indicateur: Indicateur, valeur: Valeur | None):
    """As the cell of a spreadsheet: a number, or words."""
    if valeur is None or valeur.situation == SituationMesure.NON_RENSEIGNEE:
        return None
    if valeur.situation == SituationMesure.SANS_OBJET:
        return "sans objet"
    if indicateur.nature == NatureIndicateur.OUI_NON:
        return "oui" if valeur.nombre else "non"
    return valeur.texte or nombre_pose(valeur.nombre)


def _regle(indicateur: Indicateur) -> str | tuple[str, ...] | None:
    regles = {
        NatureIndicateur.OUI_NON: OUI_NON,
        NatureIndicateur.ECHELLE: ECHELLE,
        NatureIndicateur.TEXTE: None,
        NatureIndicateur.ENTIER: "entier",
    }
    return regles.get(indicateur.nature, "nombre")


def _rang_de_ligne(ligne: LigneGrille) -> Rang:
    indicateur, mesure, vue = ligne.indicateur, ligne.mesure(), ligne.vue
    valeurs = {
        "fiche": ligne.groupe.fiche.code,
        "code": indicateur.code,
        "indicateur": indicateur.intitule,
        "unite": indicateur.unite_affichee,
        "depart": nombre_pose(vue.depart),
        "cible": nombre_pose(vue.cible),
        "avant_precedente": _montrer(indicateur, ligne.avant),
        "precedente": _montrer(indicateur, vue.precedente),
    }
    sans_objet = mesure is not None and mesure.situation == SituationMesure.SANS_OBJET
    valeurs |= {
        "valeur": None if sans_objet else _montrer(indicateur, vue.valeur),
        "numerateur": nombre_pose(mesure.numerateur) if mesure else None,
        "denominateur": nombre_pose(mesure.denominateur) if mesure else None,
        "etat": EtatMesure(mesure.etat if mesure else EtatMesure.DEFINITIVE).label,
        "sans_objet": "oui" if sans_objet else None,
        "motif": mesure.motif if mesure else "",
        "commentaire": mesure.commentaire if mesure else "",
    }
    if not ligne.peut_saisir:
        return Rang(valeurs={nom: v for nom, v in valeurs.items() if nom not in LUES})
    fraction = {"numerateur", "denominateur"}
    inutiles = set() if indicateur.nature == NatureIndicateur.POURCENTAGE else fraction
    regles = {"valeur": _regle(indicateur), "etat": liste(EtatMesure), "sans_objet": ("oui",)}
    return Rang(
        cle=f"i{indicateur.pk}",
        empreintes=[c.empreinte() for c in cellules(ligne) if c.objet is ligne],
        valeurs=valeurs,
        ouverts=frozenset(LUES) - inutiles if ligne.est_ouverte else frozenset(),
        regles=regles | dict.fromkeys(fraction, "nombre"),
    )


def _rang_de_part(part: PartGrille) -> Rang:
    ligne = part.ligne
    [cellule] = [c for c in cellules(ligne) if c.objet is part]
    return Rang(
        cle=part.cle.partition("-")[0],
        empreintes=[cellule.empreinte()],
        valeurs={
            "fiche": ligne.groupe.fiche.code,
            "code": ligne.indicateur.code,
            "indicateur": f"— dont {part.modalite.libelle}",
            "unite": ligne.indicateur.unite_affichee,
            "avant_precedente": nombre_pose(part.avant_precedente),
            "precedente": nombre_pose(part.precedente),
            "valeur": nombre_pose(part.courante),
        },
        ouverts=frozenset({"valeur"}) if ligne.est_ouverte else frozenset(),
        regles={"valeur": _regle(ligne.indicateur)},
    )


def _rang_d_avancement(progression: Progression) -> Rang:
    return Rang(
        cle=progression.cle,
        empreintes=[progression.cellule(nom).empreinte() for nom in Progression.NOMS],
        valeurs={
            "fiche": progression.fiche.code,
            "intitule": progression.fiche.titre,
            **{nom: progression.montrer(nom) for nom in Progression.NOMS},
        },
        ouverts=frozenset(nom for nom in Progression.NOMS if progression.verrou(nom) is None),
        regles={"statut": liste(StatutFiche), "taux_avancement": "entier"},
    )


def ecrire_classeur_personnel(
    convention: Convention, annee: int, grille: Grille, progressions: list[Progression], *, user
) -> bytes:
    workbook = Workbook()
    signature = signer(NATURE, convention.pk, annee, user.pk)
    titre = f"Mon classeur {annee} – {convention}"
    aide = f"Remplissez les cellules claires, puis déposez ce fichier sur la page de la grille {annee}."
    rangs = []
    for ligne in grille:
        rangs += [_rang_de_ligne(ligne), *(_rang_de_part(part) for part in ligne.parts)]
    sheet = workbook.active
    sheet.title = SAISIE
    ecrire_feuille(sheet, titre, aide, signature, colonnes_saisie(annee), rangs)
    ecrire_feuille(
        workbook.create_sheet(AVANCEMENT),
        titre,
        aide,
        signature,
        colonnes_avancement(),
        [_rang_d_avancement(progression) for progression in progressions],
    )
    ecrire_lisez_moi(workbook.create_sheet("Lisez-moi"), _lisez_moi(titre, annee))
    workbook.properties.title = nettoyer(titre)
    workbook.properties.creator = "Pilotage CTG"
    workbook.properties.language = "fr-FR"
    return save_workbook(workbook)


def _lisez_moi(titre: str, annee: int) -> list[str]:
    return [
        titre,
        "Ce classeur est le vôtre : il contient ce que votre mandat vous donne à saisir, et vous seul le déposez.",
        (
            f"Feuille « {SAISIE} » : une ligne par indicateur, et une par part d’un indicateur détaillé. Feuille "
            f"« {AVANCEMENT} » : une ligne par fiche."
        ),
        "Seules les cellules claires se modifient. Les autres servent de repère : ce que l’on y écrirait n’est pas lu.",
        "Les nombres s’écrivent comme dans votre tableur. Zéro est une valeur ; laissez vide ce que vous ne savez pas.",
        "Écrivez des valeurs, pas des formules : une cellule qui contient une formule est refusée.",
        "« Sans objet » s’écrit « oui », sans valeur, avec un motif.",
        "Pour un pourcentage, le numérateur et le dénominateur suffisent : la valeur est calculée au dépôt.",
        (
            f"Déposez ensuite ce fichier, au format XLSX, sur la page « Saisie en grille {annee} ». Un aperçu montre ce "
            "qui changerait ; rien n’est écrit avant que vous confirmiez, et tout est écrit, ou rien."
        ),
        "Si quelqu’un a changé une valeur depuis le téléchargement, l’aperçu montre les deux et vous choisissez.",
        "Ne déplacez pas les colonnes et ne modifiez pas celles qui sont masquées.",
    ]
