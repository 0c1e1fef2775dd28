"""Which territory a cell names: the city, a quartier, or one that it is compared with; by name or code, accents aside."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from ctg.models import Convention, Quartier
from ctg.recherche import normalise
from evaluation.models import AutreNom, TerritoireCompare

DE_LA_VILLE = ("ville", "la ville", "ensemble", "ensemble de la ville", "total")
DANS = " / "  # « Secteurs de la DEE / Nord »: a quartier of another découpage


@dataclass(frozen=True, slots=True)
class Lieu:
    """Neither quartier nor territory that one compares with: the city."""

    nom: str
    quartier_id: int | None = None
    territoire_compare_id: int | None = None

    @property
    def cle(self) -> str:
        """How a row of an import names it; `lire_cle` reads it back."""
        if self.quartier_id:
            return f"q{self.quartier_id}"
        return f"t{self.territoire_compare_id}" if self.territoire_compare_id else "ville"


def lire_cle(cle: str) -> dict[str, int | None]:
    numero = int(cle[1:]) if cle != "ville" else None
    return {
        "quartier_id": numero if cle.startswith("q") else None,
        "territoire_compare_id": numero if cle.startswith("t") else None,
    }


class Lieux:
    """All that can be named in a convention, read once."""

    def __init__(self, convention: Convention):
        ville = convention.territoire.nom
        self._par_nom: dict[str, set[Lieu]] = {}
        la_ville = Lieu(ville)
        for nom in (ville, f"Ville de {ville}", f"Commune de {ville}", *DE_LA_VILLE):
            self._ajouter(nom, la_ville)
        quartiers = Quartier.objects.filter(decoupage__territoire=convention.territoire_id)
        lieux: dict[tuple[int | None, int | None], Lieu] = {(None, None): la_ville}
        for quartier in quartiers.select_related("decoupage").order_by(
            "-decoupage__is_reference", "ordre", "pk"
        ):
            lieu = lieux[quartier.pk, None] = Lieu(quartier.nom, quartier_id=quartier.pk)
            self._ajouter(f"{quartier.decoupage.nom}{DANS}{quartier.nom}", lieu)
            # A name that a quartier of reference has is that quartier's: they come first.
            if quartier.decoupage.is_reference or not self.connait(quartier.nom):
                self._ajouter(quartier.nom, lieu)
        for compare in TerritoireCompare.objects.filter(convention=convention).order_by("pk"):
            lieu = lieux[None, compare.pk] = Lieu(compare.nom, territoire_compare_id=compare.pk)
            for nom in filter(None, (compare.nom, compare.code)):
                self._ajouter(nom, lieu)
        for autre in AutreNom.objects.filter(convention=convention).order_by("pk"):
            self._ajouter(autre.nom, lieux[autre.quartier_id, autre.territoire_compare_id])

    def _ajouter(self, nom: str, lieu: Lieu) -> None:
        self._par_nom.setdefault(normalise(nom), set()).add(lieu)

    def connait(self, texte: str) -> bool:
        return normalise(texte) in self._par_nom

    def trouver(self, *textes: str) -> Lieu | None:
        """The one that the first of these texts that is known names. Raises ValidationError where it names several."""
        for texte in textes:
            trouves = self._par_nom.get(normalise(texte), set()) if texte.strip() else set()
            if len(trouves) > 1:
                noms = ", ".join(sorted(f"« {lieu.nom} »" for lieu in trouves))
                raise ValidationError(
                    f"« {texte} » désigne plusieurs territoires ({noms}) : écrivez « découpage{DANS}quartier »."
                )
            if trouves:
                return next(iter(trouves))
        return None
