"""The tableau récapitulatif as a workbook: one row an indicator, real numbers, filters that work."""

from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from ctg.models.base import DONNEES_DEMONSTRATION
from ctg.renderers import nettoyer, poser, save_workbook
from ctg.templatetags.affichage import nombre, pluriel
from evaluation.bilan import Contenu, LigneFiche, LigneIndicateur, Valeur
from evaluation.ecriture import NON_RENSEIGNE, NON_VALIDEE, ecrire_part, ecrire_valeur
from evaluation.edition import VIVANT, Edition
from evaluation.enums import EtatMesure, SituationMesure, Sortie
from evaluation.mots_de_l_acte import dire_acte
from evaluation.secret import MOINS_DE, NON_PUBLIE, SEUIL

CENTIME = Decimal("0.01")
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
    ("Unité", 10),
    ("Départ", 11),
    ("Cible {n}", 11),
    ("Réalisé {p}", 13),
    ("Réalisé {n}", 13),
    ("Écart à la cible", 11),
    ("Unité de l’écart", 10),
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
    ("Difficultés", 34),
    ("Ajustements", 34),
    ("Décision demandée au COPIL", 34),
)
NOM_SORTIE = {Sortie.COMPLET: "Version complète", Sortie.PUBLIC: "Version publique"}
ENTETE = 4  # row of the headings, below the title and the marks


def render_tableau_xlsx(edition: Edition) -> bytes:
    bilan, workbook = edition.contenu, Workbook()
    _tableau(workbook.active, edition, bilan)
    _moyens(workbook.create_sheet("Moyens"), edition, bilan)
    if bilan.is_detaille:
        _details(workbook.create_sheet("Détails"), edition, bilan)
    _lisez_moi(workbook.create_sheet("Lisez-moi"), edition, bilan)
    workbook.properties.title = nettoyer(f"Tableau récapitulatif {bilan.annee} – {bilan.convention}")
    workbook.properties.creator = "Pilotage CTG"
    workbook.properties.language = "fr-FR"
    workbook.properties.identifier = edition.identifiant or None
    return save_workbook(workbook, date=bilan.generated_at)


def _titre(sheet, edition: Edition, titre: str) -> None:
    bilan = edition.complet
    poser(sheet["A1"], f"{titre} {bilan.annee} – {bilan.convention}")
    sheet["A1"].font = Font(bold=True, size=14)
    verbe = "données arrêtées" if edition.version else "produit"
    mots = [edition.marques, f"{verbe} le {bilan.generated_at:%d/%m/%Y}"]
    poser(sheet["A2"], " – ".join(mot for mot in mots if mot))
    sheet["A2"].font = Font(bold=True, color="9A5410")
    if edition.version:
        poser(
            sheet["A3"], f"{NOM_SORTIE[edition.sortie]} – version {edition.version} – {edition.identifiant}"
        )


def _entetes(sheet, noms: list[str], largeurs: list[int]) -> None:
    for rang, (nom, largeur) in enumerate(zip(noms, largeurs, strict=True), start=1):
        cell = sheet.cell(ENTETE, rang)
        poser(cell, nom)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0F5E59")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(rang)].width = largeur


def _tableau(sheet, edition: Edition, bilan: Contenu) -> None:
    sheet.title = "Tableau récapitulatif"
    _titre(sheet, edition, "Tableau récapitulatif")
    noms = [nom.format(n=bilan.annee, p=bilan.annee - 1) for nom, _ in COLONNES]
    _entetes(sheet, noms, [largeur for _, largeur in COLONNES])
    row = ENTETE
    for fiche in bilan.fiches:
        for rang, indicateur in enumerate(fiche.indicateurs or (None,)):
            row += 1
            _ligne(
                sheet,
                row,
                [*_de_la_fiche(fiche), *_de_l_indicateur(indicateur), *_fin(fiche, premiere=rang == 0)],
            )
    last = f"{get_column_letter(len(COLONNES))}{max(row, ENTETE + 1)}"
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 4)
    sheet.auto_filter.ref = f"A{ENTETE}:{last}"
    sheet.print_title_rows = f"{ENTETE}:{ENTETE}"
    sheet.print_area = f"A1:{last}"
    _mise_en_page(sheet, edition, paper=8)  # A3


def _ligne(sheet, row: int, values: list) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if value is not None:
            poser(cell, value, number_format=_format(value))
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _format(value) -> str | None:
    """As many decimals as the number has: « #,##0.## » would leave a lone comma after an integer."""
    if not isinstance(value, int | Decimal):
        return None
    decimales = -Decimal(value).as_tuple().exponent
    return f"#,##0.{'0' * decimales}" if decimales > 0 else "#,##0"


def _nombre(value: Decimal | None, unite: str = "") -> Decimal | None:
    """With the decimals that it has; euros have both digits of their cents, or none."""
    if value is None or value == value.to_integral_value():
        return None if value is None else value.quantize(Decimal(1))
    value = value.normalize()
    return value.quantize(CENTIME) if unite == "€" and value.as_tuple().exponent == -1 else value


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
        fiche.realisations,
        fiche.publics_touches,
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
        _nombre(indicateur.depart, indicateur.unite),
        _nombre(indicateur.cible, indicateur.unite),
        _cellule(indicateur.precedente, indicateur),
        _cellule(valeur, indicateur),
        _nombre(indicateur.ecart, indicateur.unite),
        indicateur.unite_ecart,
        _nombre(indicateur.atteinte),
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
        return _nombre(valeur.nombre, indicateur.unite)
    return ecrire_valeur(valeur, indicateur, marques=False)


def _somme(fiche: LigneFiche, colonne: str, *, etp: bool) -> Decimal | None:
    connus = [
        getattr(m, colonne) for m in fiche.moyens if m.is_etp is etp and getattr(m, colonne) is not None
    ]
    return _nombre(sum(connus, Decimal(0)), "" if etp else "€") if connus else None


def _fin(fiche: LigneFiche, *, premiere: bool) -> list:
    """Means stand on the first row of a fiche only, so that a sum of the column is right."""
    moyens = [None] * 4
    if premiere:
        moyens = [
            _somme(fiche, colonne, etp=etp) for etp in (True, False) for colonne in ("prevu", "realise")
        ]
    return [*moyens, fiche.difficultes, fiche.ajustements, fiche.decision_demandee]


def _moyens(sheet, edition: Edition, bilan: Contenu) -> None:
    _titre(sheet, edition, "Moyens par signataire")
    noms = ["Axe", "Fiche", "Intitulé", "Signataire", "Nature", "Prévu", "Accordé", "Réalisé"]
    _entetes(sheet, noms, [18, 9, 40, 26, 26, 14, 14, 14])
    row = ENTETE
    for fiche in bilan.fiches:
        for moyen in fiche.moyens:
            row += 1
            unite = "" if moyen.is_etp else "€"
            valeurs = [_nombre(montant, unite) for montant in (moyen.prevu, moyen.accorde, moyen.realise)]
            _ligne(sheet, row, [fiche.axe, fiche.code, fiche.titre, moyen.signataire, moyen.nature, *valeurs])
    if row == ENTETE:
        poser(sheet.cell(row + 1, 1), "Aucun moyen n’est saisi pour cette année.")
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 1)
    sheet.auto_filter.ref = f"A{ENTETE}:H{max(row, ENTETE + 1)}"
    _mise_en_page(sheet, edition, paper=9)


def _details(sheet, edition: Edition, bilan: Contenu) -> None:
    _titre(sheet, edition, "Détail des valeurs")
    _entetes(
        sheet, ["Fiche", "Code indicateur", "Indicateur", "Part", "Valeur", "Unité"], [9, 14, 44, 36, 14, 14]
    )
    row = ENTETE
    for fiche in bilan.fiches:
        for ligne in fiche.indicateurs:
            for nom, valeur in _parts(ligne):
                row += 1
                _ligne(sheet, row, [fiche.code, ligne.code, ligne.intitule, nom, valeur, ligne.unite])
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 1)
    sheet.auto_filter.ref = f"A{ENTETE}:F{row}"
    _mise_en_page(sheet, edition, paper=9)


def _parts(ligne: LigneIndicateur):
    """(name, number or words) of each part, then what does not reconcile with the total."""
    if ligne.valeur is None:
        return
    for part in ligne.valeur.parts:
        nombre_ = None if part.masque else _nombre(part.valeur, ligne.unite)
        yield part.libelle, ecrire_part(part, ligne) if nombre_ is None else nombre_
    if ligne.valeur.ecart_parts is not None:
        yield "écart entre le total et la somme des parts", _nombre(ligne.valeur.ecart_parts, ligne.unite)


def _lisez_moi(sheet, edition: Edition, bilan: Contenu) -> None:
    _titre(sheet, edition, "Lisez-moi")
    tout = bilan.completude
    lignes = [
        "Ce tableau est produit par Pilotage CTG à partir des fiches projet et des valeurs saisies.",
        f"Il décrit ce qui était en vigueur le 31 décembre {bilan.annee}. {_etat_du_document(edition)}",
        _non_validees(bilan),
        (
            f"Complétude : {tout.nb_renseignees} valeur{pluriel(tout.nb_renseignees)} sur {tout.nb_attendues} attendue{pluriel(tout.nb_attendues)} ; {tout.nb_sans_objet} sans objet."
        ),
        "Une ligne par indicateur. Les cellules de la fiche sont répétées pour que les filtres fonctionnent.",
        "Les moyens d’une fiche ne figurent que sur sa première ligne : la somme de la colonne est juste.",
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
    _mise_en_page(sheet, edition, paper=9)


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


def _mise_en_page(sheet, edition: Edition, *, paper: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # "&" starts a code in a header: doubled, it is itself.
    nom = nettoyer(f"{edition.complet.convention} – {edition.complet.annee}")
    sheet.oddHeader.left.text = nom.replace("&", "&&")
    sheet.oddHeader.right.text = edition.marques or None
    sheet.oddFooter.left.text = edition.identifiant or None
    sheet.oddFooter.right.text = "Page &P / &N"
