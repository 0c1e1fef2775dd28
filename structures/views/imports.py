"""Importing the registry, and undoing it."""

from ctg.views import imports
from structures.imports import STRUCTURES


class StructuresMixin:
    importable = STRUCTURES
    permission_code = "structures.importer"


class DeposerView(StructuresMixin, imports.DeposerView):
    """The file."""


class ColonnesView(StructuresMixin, imports.ColonnesView):
    """Its columns."""


class ApercuView(StructuresMixin, imports.ApercuView):
    """What it would change."""


class RefusView(StructuresMixin, imports.RefusView):
    """The file with what is wrong in it."""


class ModeleView(StructuresMixin, imports.ModeleView):
    """The registry in the columns of the import."""


class AnnulerView(StructuresMixin, imports.AnnulerView):
    """The last import undone."""
