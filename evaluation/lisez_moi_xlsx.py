"""The sheet « Lisez-moi » of the workbook: the method, the completeness, the acte."""

from openpyxl.styles import Alignment

from ctg.models.base import DONNEES_DEMONSTRATION
from ctg.renderers import poser
from ctg.templatetags.affichage import pluriel
from evaluation.bilan import Contenu
from evaluation.edition import VIVANT, Edition
from evaluation.feuilles_xlsx import ENTETE, mise_en_page, titrer
from evaluation.mots_de_l_acte import dire_acte
from evaluation.secret import MOINS_DE, NON_PUBLIE, SEUIL


def lisez_moi(sheet, edition: Edition, bilan: Contenu) -> None:
    titrer(sheet, edition, "Lisez-moi")
    tout = bilan.completude
    lignes = [
        "Ce tableau est produit par Pilotage CTG à partir des fiches projet et des valeurs saisies.",
        f"Il décrit ce qui était en vigueur le 31 décembre {bilan.annee}. {_etat_du_document(edition)}",
        _non_validees(bilan),
        (
            f"Complétude : {tout.nb_renseignees} valeur{pluriel(tout.nb_renseignees)} sur {tout.nb_attendues} attendue{pluriel(tout.nb_attendues)} ; {tout.nb_sans_objet} sans objet."
        ),
        "Une ligne par indicateur. Les cellules de la fiche sont répétées pour que les filtres fonctionnent.",
        "La feuille « Données » dit les mêmes valeurs, une par ligne : pour un tableau croisé dynamique, ou un autre logiciel (plage nommée « Donnees »). Un total et ses parts y ont chacun leur ligne : « réalisé » et « réalisé, part » ne s’additionnent pas.",
        "Les moyens d’une fiche ne figurent que sur sa première ligne : la somme de la colonne est juste.",
        "« Réalisés connus » : sur combien de montants repose la somme des euros réalisés.",
        "Les ETP et les euros ne s’additionnent jamais. Une cellule vide est inconnue : ce n’est pas un zéro.",
        "« non renseigné » : la valeur manque. « sans objet » : l’indicateur ne s’appliquait pas, avec son motif.",
        (
            f"« provisoire », « estimée » : l’état de la valeur, tel qu’il a été saisi, pour {bilan.annee} puis pour {bilan.annee - 1}."
        ),
        (
            "Écart = réalisé − cible de l’année, en points pour un pourcentage. Atteinte = (réalisé − départ) / (cible − départ), dans le sens souhaité ; elle n’est pas calculée quand un des trois manque."
        ),
        (
            f"Étapes faites : parmi celles qui le sont au jour où le document est produit, celles dont l’échéance tombe au plus tard le 31 décembre {bilan.annee}, et celles sans échéance."
        ),
    ]
    if edition.is_publique:
        lignes.append(
            f"Version publique : les textes ont été approuvés un à un. Un effectif détaillé inférieur à {SEUIL} est remplacé par « {MOINS_DE} », et « {NON_PUBLIE} » cache ce qui permettrait de le retrouver."
        )
    if edition.acte:
        lignes += dire_acte(edition)
    if bilan.is_demonstration:
        lignes.insert(
            0, f"{DONNEES_DEMONSTRATION} : indicateurs, valeurs, étapes, moyens et compléments sont inventés."
        )
    for rang, texte in enumerate(lignes, start=ENTETE):
        cell = sheet.cell(rang, 1)
        poser(cell, texte)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 110
    mise_en_page(sheet, edition, paper=9)


def _etat_du_document(edition: Edition) -> str:
    if not edition.version:
        return f"Rien n’est encore figé : {VIVANT}."
    return f"Données figées, empreinte SHA-256 du contenu : {edition.empreinte}."


def _non_validees(bilan: Contenu) -> str:
    tout = bilan.completude
    if not bilan.non_validees:
        return "Toutes les saisies sont validées."
    return (
        f"« non validée » : la saisie de la fiche n’est pas validée. {tout.nb_non_validees} "
        f"valeur{pluriel(tout.nb_non_validees)} connue{pluriel(tout.nb_non_validees)} dans ce cas ; "
        f"elle{pluriel(tout.nb_non_validees)} compte{pluriel(tout.nb_non_validees, 'nt')} dans les totaux."
    )
