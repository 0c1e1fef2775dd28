"""The files of minutes that are distributed: drawn once, kept with them, given ever after."""

import datetime
from dataclasses import dataclass

from ctg.fichiers import conserver
from ctg.renderers import html_en_pdf
from gouvernance.documents import composer_releve, nom_de_fichier
from gouvernance.models import DocumentDiffuse, Label, Reunion
from gouvernance.ordre_du_jour import collect_ordre_du_jour


@dataclass(frozen=True, slots=True)
class Dessin:
    """A document drawn, and the page that it was drawn from. `label` None: the whole minutes."""

    label: Label | None
    html: str
    octets: bytes


def dessiner(reunion: Reunion, *, now: datetime.datetime) -> list[Dessin]:
    """The minutes, then the extract of each label of the agenda. Takes seconds: before anything is locked."""
    return [Dessin(label, html, html_en_pdf(html)) for label, html in _pages(reunion, now)]


def sont_a_jour(dessins: list[Dessin], reunion: Reunion, *, now: datetime.datetime) -> bool:
    """Whether they would be drawn the same now."""
    return [(dessin.label, dessin.html) for dessin in dessins] == _pages(reunion, now)


def garder(dessins: list[Dessin], reunion: Reunion) -> None:
    """Inside `ctg.fichiers.tout_ou_rien`."""
    for dessin in dessins:
        nom = nom_de_fichier("extrait" if dessin.label else "compte-rendu", reunion, dessin.label)
        document = DocumentDiffuse(reunion=reunion, label=dessin.label, nom=nom)
        conserver(document, f"{reunion.convention.slug}/{reunion.numero}", dessin.octets)


def document_de(reunion: Reunion, label: Label | None = None) -> DocumentDiffuse | None:
    return DocumentDiffuse.objects.filter(reunion=reunion, label=label).first()


def _pages(reunion: Reunion, now: datetime.datetime) -> list[tuple[Label | None, str]]:
    labels = collect_ordre_du_jour(reunion, au=reunion.date).labels
    return [
        (label, composer_releve(reunion, now=now, label=label, is_diffuse=True)) for label in (None, *labels)
    ]
