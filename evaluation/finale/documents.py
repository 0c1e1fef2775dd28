"""The assessment as a PDF and as a workbook."""

from openpyxl import Workbook
from openpyxl.styles import Font

from ctg.models import DONNEES_DEMONSTRATION
from ctg.renderers import ajuster_hauteurs, poser, render_pdf, save_workbook
from evaluation.edition import VIVANT
from evaluation.feuilles_xlsx import POLICE, entetes, nombre_de, poser_ligne
from evaluation.finale.reports import Finale

A4 = 9


def marques(finale: Finale) -> str:
    """What every page and every sheet says."""
    mots = [VIVANT] if finale.is_provisoire else []
    if finale.is_demonstration:
        mots.append(DONNEES_DEMONSTRATION)
    return " — ".join(mots)


def nom_du_document(finale: Finale, extension: str) -> str:
    public = "-public" if finale.is_publique else ""
    return f"evaluation-finale-{finale.slug}{public}.{extension}"


def render_finale_pdf(finale: Finale) -> bytes:
    return render_pdf("evaluation/finale/pdf.html", {"finale": finale, "marques": marques(finale)})


def render_finale_xlsx(finale: Finale) -> bytes:
    """Numbers are numbers, and a value whose state is not plain is written in words."""
    workbook = Workbook()
    annees = [str(lue.annee) for lue in finale.annees]
    sheet = workbook.active
    sheet.title = "Lisez-moi"
    _lisez_moi(sheet, finale)
    _feuille(
        workbook,
        finale,
        "Indicateurs",
        [
            "Axe",
            "Fiche",
            "Code",
            "Indicateur",
            "Unité",
            "Départ",
            *annees,
            "Dernière année",
            "Cible",
            "Atteinte (%)",
        ],
        [24, 9, 14, 44, 14, 12, *[22] * len(annees), 10, 12, 12],
        [
            [
                axe.intitule,
                fiche.code,
                ligne.code,
                ligne.intitule,
                ligne.unite,
                nombre_de(ligne.depart, ligne.unite),
                *(valeur for _, valeur in ligne.par_annee),
                str(ligne.derniere or ""),
                nombre_de(ligne.cible, ligne.unite),
                nombre_de(ligne.atteinte),
            ]
            for axe in finale.axes
            for fiche in axe.fiches
            for ligne in fiche.indicateurs
        ],
    )
    _feuille(
        workbook,
        finale,
        "Fiches",
        [
            "Axe",
            "Fiche",
            "Intitulé",
            *(f"Statut {a}" for a in annees),
            *(f"Avancement {a} (%)" for a in annees),
            "Étapes faites",
        ],
        [24, 9, 44, *[18] * len(annees), *[12] * len(annees), 12],
        [
            [
                axe.intitule,
                fiche.code,
                fiche.titre,
                *(statut for _, statut, _ in fiche.par_annee),
                *(taux for _, _, taux in fiche.par_annee),
                fiche.etapes,
            ]
            for axe in finale.axes
            for fiche in axe.fiches
        ],
    )
    _feuille(
        workbook,
        finale,
        "Moyens",
        ["Signataire", "Nature", "Année", "Prévu", "Accordé", "Réalisé", "Réalisé : montants connus"],
        [30, 24, 9, 14, 14, 14, 16],
        [
            [
                moyen.signataire,
                moyen.nature,
                annee,
                *(nombre_de(total.somme) for total in (ligne.prevu, ligne.accorde, ligne.realise)),
                f"{ligne.realise.nb} sur {ligne.realise.sur}",
            ]
            for moyen in finale.moyens
            for annee, ligne in zip(annees, moyen.annees, strict=True)
            if ligne is not None
        ],
    )
    _feuille(
        workbook,
        finale,
        "Effets",
        ["Année", "Axe", "Fiche", "Sens", "Attendu", "Constat"],
        [9, 24, 9, 12, 10, 80],
        [
            [
                str(dit.annee),
                axe,
                dit.fiche,
                dit.effet.sens,
                "oui" if dit.effet.is_attendu else "non",
                dit.effet.constat,
            ]
            for axe, effets in [("Convention", finale.effets), *((a.intitule, a.effets) for a in finale.axes)]
            for dit in effets
        ],
    )
    _feuille(
        workbook,
        finale,
        "Décisions",
        ["Décision", "Date", "Instance", "Texte", "Fiches", "Échéance", "Suite"],
        [14, 12, 26, 80, 16, 12, 18],
        [
            [s.numero, s.date, s.instance, s.texte, ", ".join(s.fiches), s.echeance, s.etat]
            for s in finale.suites
        ],
    )
    return save_workbook(workbook, date=finale.generated_at)


def _lisez_moi(sheet, finale: Finale) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 90
    poser(sheet["A1"], f"Évaluation finale – {finale.convention}")
    sheet["A1"].font = Font(name=POLICE, bold=True, size=14)
    lignes = [("", marques(finale)), ("Produit le", f"{finale.generated_at:%d/%m/%Y}")]
    lignes += [
        (f"Bilan {lue.annee}", f"version {lue.version}, {lue.etat.lower()} – {lue.identifiant}")
        for lue in finale.annees
    ]
    lignes += [(f"Bilan {annee}", f"manque : {pourquoi}") for annee, pourquoi in finale.manquantes]
    lignes += [
        (
            f"Complétude {lue.annee}",
            f"{lue.completude.nb_renseignees} valeurs connues sur {lue.completude.nb_attendues}",
        )
        for lue in finale.annees
    ]
    lignes.append(
        ("Atteinte", "(dernière valeur − départ) / (cible de la même année − départ), dans le sens souhaité.")
    )
    for row, (nom, texte) in enumerate(lignes, start=3):
        poser_ligne(sheet, row, [nom, texte])
    ajuster_hauteurs(sheet)


def _feuille(
    workbook, finale: Finale, titre: str, noms: list[str], largeurs: list[int], lignes: list[list]
) -> None:
    sheet = workbook.create_sheet(titre)
    poser(sheet["A1"], f"{titre} – {finale.convention}")
    sheet["A1"].font = Font(name=POLICE, bold=True, size=14)
    poser(sheet["A2"], marques(finale))
    entetes(sheet, noms, largeurs)
    for row, values in enumerate(lignes, start=5):
        poser_ligne(sheet, row, values)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth = 0, 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    ajuster_hauteurs(sheet)
