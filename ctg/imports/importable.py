"""What can be imported into a convention. An app declares its own beside its resource."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models

from ctg.models import Contractuel, Convention
from ctg.resources import NaturelleResource

MEME, CORRIGE, AUTRE = "meme", "corrige", "autre"


@dataclass(frozen=True, slots=True)
class ColonneImport:
    """A field of the resource, the title that we give its column, and those under which people bring it."""

    champ: str
    titre: str
    synonymes: tuple[str, ...] = ()


DE_MOTIF = {
    "source_contrat": ColonneImport("source_contrat", "Source de ce qui est complété", ("source_contrat",)),
    "rectification": ColonneImport("rectification", "Motif de la rectification", ("rectification",)),
    "motif": ColonneImport("motif", "Motif du changement", ("motif",)),
}


@dataclass(frozen=True, slots=True)
class Candidat:
    """What is recorded already and looks like a row. `est_signe`: it stands in a signed text, which stays as it is unless
    one asks to correct it too.
    """

    pk: int
    nom: str
    detail: str
    raison: str
    est_signe: bool = False

    @property
    def cle(self) -> str:
        return str(self.pk)


@dataclass(frozen=True, slots=True)
class Identite:
    """Which object a row is about. `cle`: the columns by which the resource finds or makes it.

    `choix`: what was answered (« meme-12 », « corrige-12 », « autre »), or what goes without saying (`est_certaine`);
    `faute`: why there is none, and `champ` where the fault is in one column; `double`: the rank of another row that is about it.
    """

    cle: Mapping[str, str] = field(default_factory=dict)
    candidats: tuple[Candidat, ...] = ()
    choix: str = ""
    est_certaine: bool = False
    faute: str = ""
    champ: str = ""
    double: int | None = None

    @property
    def garde_le_texte_signe(self) -> bool:
        verbe, _, cle = self.choix.partition("-")
        return verbe == MEME and any(c.cle == cle and c.est_signe for c in self.candidats)

    @property
    def attend(self) -> bool:
        """Somebody has to say whether it is the same."""
        return bool(self.candidats) and not self.choix


class Importable:
    """`quoi`: its name, singular and plural; `colonnes`: all that a file may give, in the order of the export."""

    code: str
    titre: str
    quoi: tuple[str, str]
    espace: str  # of its addresses: « structures » has structures:importer, structures:importer_colonnes…
    parent: tuple[str, str]  # the page above: its address by name, what it is called
    resource: type[NaturelleResource]
    colonnes: tuple[ColonneImport, ...]
    exige: tuple[tuple[str, ...], ...] = ()  # of each group, one column at least must be there
    hors_import: tuple[
        str, ...
    ] = ()  # titles that our own lists give beside these columns: nobody is asked about them
    max_lignes = 500  # what is previewed and written without making anybody wait
    note: str = ""  # said where something new comes in

    @property
    def toutes(self) -> tuple[ColonneImport, ...]:
        """With those that say why the signed text changes."""
        return (*self.colonnes, *(DE_MOTIF[nom] for nom in self.resource.colonnes_de_motif()))

    @property
    def modele(self) -> type[models.Model]:
        return self.resource._meta.model

    @property
    def est_contractuel(self) -> bool:
        return issubclass(self.modele, Contractuel)

    def identifier(
        self, convention: Convention, lignes: Sequence[Mapping[str, str]], choix: Mapping[int, str]
    ) -> list[Identite]:
        """Of each row ({field: text}), in order. `choix`: {rank of the row: answer}."""
        raise NotImplementedError

    def nommer(self, ligne: Mapping[str, str]) -> str:
        """How a row is called."""
        return next((ligne[c.champ].strip() for c in self.colonnes if ligne.get(c.champ, "").strip()), "")

    def exporter(self, convention: Convention) -> models.QuerySet:
        raise NotImplementedError
