"""The forms of a year's bilan: format → (how to make it, media type, name of the file)."""

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.text import Truncator

from ctg.barres import Barres, dessiner_barres
from ctg.renderers import XLSX_TYPE, render_json, render_pdf
from ctg.templatetags.affichage import pourcent
from evaluation.bilan import Contenu, SyntheseAxe
from evaluation.changements import collect_changements
from evaluation.edition import Edition, enveloppe
from evaluation.effets.comptes import compter_le_bilan
from evaluation.enums import Sortie
from evaluation.meteo import meteos_par_axe
from evaluation.mots_de_l_acte import dire_acte
from evaluation.participation.reports import resumer
from evaluation.tableau_autres import CSV_TYPE, ODS_TYPE, render_tableau_csv, render_tableau_ods
from evaluation.tableau_xlsx import render_tableau_xlsx


@dataclass(frozen=True, slots=True)
class Document:
    render: Callable[[Edition], bytes]
    content_type: str
    nom: str

    def filename(self, edition: Edition, extension: str) -> str:
        contenu = edition.complet
        version = f"-v{edition.version}" if edition.version else ""
        public = "-public" if edition.sortie == Sortie.PUBLIC else ""
        return f"{self.nom}-{contenu.slug}-{contenu.annee}{version}{public}.{extension}"


def contexte(edition: Edition) -> dict:
    """What the template of the PDF is given."""
    return {
        "edition": edition,
        "bilan": edition.contenu,
        "jours": edition.contenu.jours_de_saisie,
        "axes": [
            (axe, ciel, avancements(edition.contenu, axe))
            for axe, ciel in meteos_par_axe(edition.complet, edition.contenu)
        ],
        "changements": collect_changements(edition.contenu),
        "effets_comptes": compter_le_bilan(edition.contenu),
        "participation": resumer(edition.contenu.participation or ()),
        "phrases": dire_acte(edition) if edition.acte else [],
    }


def avancements(contenu: Contenu, axe: SyntheseAxe) -> Barres | None:
    """A bar for each fiche of an axe, as long as it is far."""
    return dessiner_barres(
        (
            (
                f"{fiche.code} {Truncator(fiche.titre).chars(58, truncate='…')}",
                fiche.taux_avancement,
                None,
                pourcent(fiche.taux_avancement),
            )
            for fiche in contenu.fiches
            if fiche.axe_rang == axe.rang
        ),
        maximum=100,
    )


def render_bilan_pdf(edition: Edition) -> bytes:
    """With the table and the data of a frozen version inside: what one archives is one file."""
    pieces = []
    if edition.version:
        date = edition.complet.generated_at
        pieces = [
            (
                FORMATS[extension].filename(edition, extension),
                description,
                FORMATS[extension].render(edition),
                date,
            )
            for extension, description in (
                ("json", f"Données du bilan {edition.complet.annee}"),
                ("xlsx", f"Tableau récapitulatif {edition.complet.annee}"),
            )
        ]
    return render_pdf("evaluation/bilan_pdf.html", contexte(edition), pieces)


def render_bilan_json(edition: Edition) -> bytes:
    return render_json(enveloppe(edition))


FORMATS = {
    "pdf": Document(render_bilan_pdf, "application/pdf", "bilan"),
    "xlsx": Document(render_tableau_xlsx, XLSX_TYPE, "tableau-recapitulatif"),
    "json": Document(render_bilan_json, "application/json", "bilan"),
}
# The table again, for other software: made when asked for, and not among what is published and kept.
AUTRES = {
    "ods": Document(render_tableau_ods, ODS_TYPE, "tableau-recapitulatif"),
    "csv": Document(render_tableau_csv, CSV_TYPE, "tableau-recapitulatif"),
}
DOCUMENTS = ChainMap(FORMATS, AUTRES)
EXTENSIONS = (*FORMATS, *AUTRES)
