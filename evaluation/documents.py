"""The three forms of a year's bilan: format → (how to make it, media type, name of the file)."""

from collections.abc import Callable
from dataclasses import dataclass

from ctg.renderers import XLSX_TYPE, render_json, render_pdf
from evaluation.bilan import Bilan
from evaluation.tableau_xlsx import render_tableau_xlsx


@dataclass(frozen=True, slots=True)
class Document:
    render: Callable[[Bilan], bytes]
    content_type: str
    nom: str

    def filename(self, bilan: Bilan, extension: str) -> str:
        return f"{self.nom}-{bilan.slug}-{bilan.annee}.{extension}"


def render_bilan_pdf(bilan: Bilan) -> bytes:
    return render_pdf("evaluation/bilan_pdf.html", {"bilan": bilan})


FORMATS = {
    "pdf": Document(render_bilan_pdf, "application/pdf", "bilan"),
    "xlsx": Document(render_tableau_xlsx, XLSX_TYPE, "tableau-recapitulatif"),
    "json": Document(render_json, "application/json", "bilan"),
}
