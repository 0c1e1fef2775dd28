"""The tableau récapitulatif as a workbook: one row an indicator, real numbers, filters that work."""

from decimal import Decimal

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from ctg.renderers import nettoyer, poser, save_workbook
from ctg.templatetags.affichage import nombre, sans_marques
from evaluation.bilan import Contenu, LigneFiche, LigneIndicateur, Valeur
from evaluation.donnees_xlsx import TITRE, donnees
from evaluation.ecriture import NON_RENSEIGNE, NON_VALIDEE, ecrire_part, ecrire_valeur
from evaluation.edition import Edition
from evaluation.enums import EtatMesure, SituationMesure
from evaluation.feuilles_xlsx import ENTETE, entetes, mise_en_page, nombre_de, poser_ligne, titrer
from evaluation.lisez_moi_xlsx import lisez_moi

# (heading, width in characters); {n} is the year, {p} the one before.
COLONNES = (
    ("Axe", 18),
    ("Fiche", 9),
    ("Intitulé de la fiche", 34),
    ("Pilote", 22),
    ("Statut {p}", 14),
    ("Statut {n}", 14),
    ("Avancement (%)", 12),
    ("Étapes faites", 9),
    ("Étapes", 9),
    ("Réalisations {n}", 44),
    ("Publics touchés", 30),
    ("Code indicateur", 13),
    ("Indicateur", 36),
    ("Unité", 15),
    ("Départ", 11),
    ("Cible {n}", 11),
    ("Réalisé {p}", 13),
    ("Réalisé {n}", 13),
    ("Écart à la cible", 11),
    ("Unité de l’écart", 15),
    ("Atteinte (%)", 10),
    ("État de la valeur", 16),
    ("État de la valeur {p}", 16),
    ("Saisie {n}", 14),
    ("Saisie {p}", 14),
    ("Motif, commentaire", 36),
    ("ETP prévus", 10),
    ("ETP réalisés", 10),
    ("Euros prévus", 14),
    ("Euros réalisés", 14),
    ("Réalisés connus", 11),
    ("Difficultés", 34),
    ("Ajustements", 34),
    ("Décision demandée au COPIL", 34),
)


def render_tableau_xlsx(edition: Edition) -> bytes:
    bilan, workbook = edition.contenu, Workbook()
    _tableau(workbook.active, edition, bilan)
    _moyens(workbook.create_sheet("Moyens"), edition, bilan)
    if bilan.suites:
        _suites(workbook.create_sheet("Décisions"), edition, bilan)
    donnees(workbook.create_sheet(TITRE), edition, bilan)
    if bilan.is_detaille:
        _details(workbook.create_sheet("Détails"), edition, bilan)
    lisez_moi(workbook.create_sheet("Lisez-moi"), edition, bilan)
    workbook.properties.title = nettoyer(f"Tableau récapitulatif {bilan.annee} – {bilan.convention}")
    workbook.properties.creator = "Pilotage CTG"
    workbook.properties.language = "fr-FR"
    workbook.properties.identifier = edition.identifiant or None
    return save_workbook(workbook, date=bilan.generated_at)


def _tableau(sheet, edition: Edition, bilan: Contenu) -> None:
    sheet.title = "Tableau récapitulatif"
    titrer(sheet, edition, "Tableau récapitulatif")
    noms = [nom.format(n=bilan.annee, p=bilan.annee - 1) for nom, _ in COLONNES]
    entetes(sheet, noms, [largeur for _, largeur in COLONNES])
    row = ENTETE
    for fiche in bilan.fiches:
        for rang, indicateur in enumerate(fiche.indicateurs or (None,)):
            row += 1
            poser_ligne(
                sheet,
                row,
                [*_de_la_fiche(fiche), *_de_l_indicateur(indicateur), *_fin(fiche, premiere=rang == 0)],
            )
    last = f"{get_column_letter(len(COLONNES))}{max(row, ENTETE + 1)}"
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 4)
    sheet.auto_filter.ref = f"A{ENTETE}:{last}"
    sheet.print_area = f"A1:{last}"
    sheet.print_title_cols = "A:C"  # which fiche, on the second page too
    mise_en_page(sheet, edition, paper=8, pages=2)  # A3


def _de_la_fiche(fiche: LigneFiche) -> list:
    return [
        fiche.axe,
        fiche.code,
        fiche.titre,
        fiche.service or fiche.pilote,
        fiche.statut_precedent,
        fiche.statut,
        fiche.taux_avancement,
        fiche.nb_etapes_faites,
        fiche.nb_etapes,
        sans_marques(fiche.realisations),
        sans_marques(fiche.publics_touches),
    ]


def _de_l_indicateur(indicateur: LigneIndicateur | None) -> list:
    if indicateur is None:
        return ["", "aucun indicateur défini", "", None, None, None, None, None, "", None, "", "", "", "", ""]
    valeur = indicateur.valeur
    notes = [valeur.motif, valeur.commentaire] if valeur else []
    if valeur and valeur.denominateur is not None:
        notes.append(f"{nombre(valeur.numerateur)} sur {nombre(valeur.denominateur)}")
    return [
        indicateur.code,
        indicateur.intitule,
        indicateur.unite,
        nombre_de(indicateur.depart, indicateur.unite),
        nombre_de(indicateur.cible, indicateur.unite),
        _cellule(indicateur.precedente, indicateur),
        _cellule(valeur, indicateur),
        nombre_de(indicateur.ecart, indicateur.unite),
        indicateur.unite_ecart,
        nombre_de(indicateur.atteinte),
        _etat(valeur),
        _etat(indicateur.precedente),
        _saisie(valeur),
        _saisie(indicateur.precedente),
        " – ".join(note for note in notes if note),
    ]


def _etat(valeur: Valeur | None) -> str:
    """Beside the cell, which stays a number."""
    if valeur is None or valeur.situation == SituationMesure.NON_RENSEIGNEE:
        return NON_RENSEIGNE
    if valeur.situation == SituationMesure.SANS_OBJET:
        return "sans objet"
    return EtatMesure(valeur.etat).label


def _saisie(valeur: Valeur | None) -> str:
    if valeur is None or valeur.situation == SituationMesure.NON_RENSEIGNEE:
        return ""
    return "validée" if valeur.is_validee else NON_VALIDEE


def _cellule(valeur: Valeur | None, indicateur: LigneIndicateur):
    """A number where the value is one; words where it is not, is missing or is hidden: never a zero."""
    if valeur is not None and valeur.nombre is not None and indicateur.nature != "oui_non":
        return nombre_de(valeur.nombre, indicateur.unite)
    return ecrire_valeur(valeur, indicateur, marques=False)


def _somme(fiche: LigneFiche, colonne: str, *, etp: bool) -> Decimal | None:
    connus = [
        getattr(m, colonne) for m in fiche.moyens if m.is_etp is etp and getattr(m, colonne) is not None
    ]
    return nombre_de(sum(connus, Decimal(0)), "" if etp else "€") if connus else None


def _connus(fiche: LigneFiche) -> str:
    """On how many of its amounts the sum of what was spent stands."""
    euros = [moyen.realise for moyen in fiche.moyens if not moyen.is_etp]
    return f"{len(euros) - euros.count(None)} sur {len(euros)}" if euros else ""


def _fin(fiche: LigneFiche, *, premiere: bool) -> list:
    """Means stand on the first row of a fiche only, so that a sum of the column is right."""
    moyens = [None] * 5
    if premiere:
        moyens = [
            *(_somme(fiche, colonne, etp=etp) for etp in (True, False) for colonne in ("prevu", "realise")),
            _connus(fiche),
        ]
    return [*moyens, fiche.difficultes, fiche.ajustements, fiche.decision_demandee]


def _moyens(sheet, edition: Edition, bilan: Contenu) -> None:
    titrer(sheet, edition, "Moyens par signataire")
    noms = ["Axe", "Fiche", "Intitulé", "Signataire", "Nature", "Prévu", "Accordé", "Réalisé"]
    entetes(sheet, noms, [18, 9, 40, 26, 26, 14, 14, 14])
    row = ENTETE
    for fiche in bilan.fiches:
        for moyen in fiche.moyens:
            row += 1
            unite = "" if moyen.is_etp else "€"
            valeurs = [nombre_de(montant, unite) for montant in (moyen.prevu, moyen.accorde, moyen.realise)]
            poser_ligne(
                sheet, row, [fiche.axe, fiche.code, fiche.titre, moyen.signataire, moyen.nature, *valeurs]
            )
    if row == ENTETE:
        poser(sheet.cell(row + 1, 1), "Aucun moyen n’est saisi pour cette année.")
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 1)
    sheet.auto_filter.ref = f"A{ENTETE}:H{max(row, ENTETE + 1)}"
    mise_en_page(sheet, edition, paper=9)


def _suites(sheet, edition: Edition, bilan: Contenu) -> None:
    titrer(sheet, edition, "Décisions et suites données")
    noms = [
        "Décision",
        "Date",
        "Instance",
        "Texte",
        "Fiches",
        "Confiée à",
        "Échéance",
        "Suite",
        "En retard",
        "Ce qui a été fait",
    ]
    entetes(sheet, noms, [14, 12, 24, 60, 14, 34, 12, 20, 10, 50])
    notes = bilan.note_de
    for row, suite in enumerate(bilan.suites or (), start=ENTETE + 1):
        poser_ligne(
            sheet,
            row,
            [
                suite.numero,
                suite.date,
                suite.instance,
                sans_marques(suite.texte),
                ", ".join(suite.fiches),
                suite.service,
                suite.echeance,
                suite.etat,
                "oui" if suite.is_en_retard else "",
                sans_marques(note.texte) if (note := notes.get(suite.numero)) else "",
            ],
        )
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 2)
    sheet.auto_filter.ref = f"A{ENTETE}:J{sheet.max_row}"
    mise_en_page(sheet, edition, paper=9)


def _details(sheet, edition: Edition, bilan: Contenu) -> None:
    titrer(sheet, edition, "Détail des valeurs")
    entetes(
        sheet, ["Fiche", "Code indicateur", "Indicateur", "Part", "Valeur", "Unité"], [9, 14, 44, 36, 14, 14]
    )
    row = ENTETE
    for fiche in bilan.fiches:
        for ligne in fiche.indicateurs:
            for nom, valeur in _parts(ligne):
                row += 1
                poser_ligne(sheet, row, [fiche.code, ligne.code, ligne.intitule, nom, valeur, ligne.unite])
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 1)
    sheet.auto_filter.ref = f"A{ENTETE}:F{row}"
    mise_en_page(sheet, edition, paper=9)


def _parts(ligne: LigneIndicateur):
    """(name, number or words) of each part, then what does not reconcile with the total."""
    if ligne.valeur is None:
        return
    for part in ligne.valeur.parts:
        nombre_ = None if part.masque else nombre_de(part.valeur, ligne.unite)
        yield part.libelle, ecrire_part(part, ligne) if nombre_ is None else nombre_
    if ligne.valeur.ecart_parts is not None:
        yield "écart entre le total et la somme des parts", nombre_de(ligne.valeur.ecart_parts, ligne.unite)
