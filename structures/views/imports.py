"""Importing the registry and its yearly activity, and undoing it."""

from django.urls import path

from ctg.imports.importable import Importable
from ctg.views import imports
from structures.imports import STRUCTURES
from structures.imports_activite import ACTIVITES

ETAPES = (
    ("", imports.DeposerView, "importer"),
    ("colonnes/", imports.ColonnesView, "importer_colonnes"),
    ("apercu/", imports.ApercuView, "importer_apercu"),
    ("problemes/", imports.RefusView, "importer_refus"),
    ("modele/<str:extension>/", imports.ModeleView, "importer_modele"),
    ("<int:pk>/annuler/", imports.AnnulerView, "importer_annuler"),
)


def etapes(prefixe: str, importable: Importable) -> list:
    """The addresses of an import, from the file to its undoing."""
    return [
        path(
            prefixe + suite,
            type(
                vue.__name__, (vue,), {"importable": importable, "permission_code": "structures.importer"}
            ).as_view(),
            name=nom,
        )
        for suite, vue, nom in ETAPES
    ]


DES_STRUCTURES = etapes("importer/", STRUCTURES)
DE_L_ACTIVITE = etapes("activite/importer/", ACTIVITES)
