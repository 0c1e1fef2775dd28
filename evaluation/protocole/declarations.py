"""All that the registries are told of the protocole: what the apps say in files of these names, this package says too."""

from evaluation.protocole import (
    declencheurs,
    menu,
    panneaux,
    permissions,
    rubriques,
    tableaux,
    vie_privee,
)

__all__ = ["declencheurs", "menu", "panneaux", "permissions", "rubriques", "tableaux", "vie_privee"]
