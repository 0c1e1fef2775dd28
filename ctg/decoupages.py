"""The ways to cut the territory, which nest in which, and their only writer: secteurs and outlines of quartiers."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max, ProtectedError
from django.db.models.deletion import Collector

from ctg.models import Decoupage, Emboitement, Quartier, Territoire


@dataclass(frozen=True, slots=True)
class Secteur:
    """A secteur of another découpage, and the quartiers of reference that it is made of."""

    quartier: Quartier
    compose_de: tuple[Quartier, ...]


@dataclass(frozen=True, slots=True)
class AutreDecoupage:
    """`a_ranger`: quartiers of reference that no secteur holds yet."""

    decoupage: Decoupage
    secteurs: tuple[Secteur, ...]
    a_ranger: tuple[Quartier, ...]

    @property
    def is_emboite(self) -> bool:
        """Every quartier is whole in one secteur: what is known by quartier adds up by secteur."""
        return bool(self.secteurs) and not self.a_ranger and all(s.compose_de for s in self.secteurs)

    def secteur_de(self, quartier: Quartier) -> Quartier | None:
        return next((s.quartier for s in self.secteurs if quartier in s.compose_de), None)

    @property
    def manquent(self) -> int:
        """How many secteurs are announced and not listed; negative: listed beyond what is announced."""
        annonce = self.decoupage.nb_secteurs_annonce
        return 0 if annonce is None else annonce - len(self.secteurs)

    @property
    def en_trop(self) -> int:
        return -self.manquent


@dataclass(frozen=True, slots=True)
class Decoupages:
    reference: Decoupage | None
    quartiers: tuple[Quartier, ...]
    autres: tuple[AutreDecoupage, ...]

    @property
    def lignes(self) -> list[dict]:
        """Each quartier of reference, with (découpage, its secteur or None) of those that list secteurs."""
        listes = [autre for autre in self.autres if autre.secteurs]
        return [
            {"quartier": quartier, "secteurs": [(a.decoupage.nom, a.secteur_de(quartier)) for a in listes]}
            for quartier in self.quartiers
        ]


def collect_decoupages(territoire: Territoire) -> Decoupages:
    """Three queries, whatever their number."""
    decoupages = list(territoire.decoupages.order_by("-is_reference", "nom", "pk"))
    par_decoupage: dict[int, list[Quartier]] = {decoupage.pk: [] for decoupage in decoupages}
    quartiers = Quartier.objects.filter(decoupage__in=decoupages).order_by("ordre", "pk")
    for quartier in quartiers:
        par_decoupage[quartier.decoupage_id].append(quartier)
    reference = next((decoupage for decoupage in decoupages if decoupage.is_reference), None)
    siens = par_decoupage[reference.pk] if reference else []
    dans: dict[int, set[int]] = {}
    for secteur, quartier in Emboitement.objects.filter(decoupage__in=decoupages).values_list(
        "secteur", "quartier"
    ):
        dans.setdefault(secteur, set()).add(quartier)
    autres = (
        _autre(decoupage, par_decoupage[decoupage.pk], siens, dans)
        for decoupage in decoupages
        if not decoupage.is_reference
    )
    return Decoupages(reference, tuple(siens), tuple(autres))


def _autre(
    decoupage: Decoupage, secteurs: list[Quartier], reference: list[Quartier], dans: dict[int, set[int]]
) -> AutreDecoupage:
    ranges = {cle for secteur in secteurs for cle in dans.get(secteur.pk, ())}
    return AutreDecoupage(
        decoupage,
        tuple(
            Secteur(secteur, tuple(q for q in reference if q.pk in dans.get(secteur.pk, ())))
            for secteur in secteurs
        ),
        tuple(quartier for quartier in reference if quartier.pk not in ranges),
    )


@transaction.atomic
def enregistrer_secteur(secteur: Quartier, compose_de: Iterable[Quartier]) -> Quartier:
    """Its name, and the whole list of what it is made of. Raises ValidationError."""
    decoupage = _verrouiller(secteur.decoupage_id)
    if decoupage.is_reference:
        raise ValidationError(
            "Les quartiers de référence viennent du texte signé : ils se changent dans l’administration."
        )
    if secteur._state.adding:
        secteur.ordre = (decoupage.quartiers.aggregate(dernier=Max("ordre"))["dernier"] or 0) + 1
    secteur.full_clean()
    secteur.save()
    voulus = {quartier.pk: quartier for quartier in compose_de}
    for emboitement in secteur.emboitements.select_related("quartier"):
        if emboitement.quartier_id not in voulus:
            emboitement.delete()
        voulus.pop(emboitement.quartier_id, None)
    for quartier in voulus.values():
        _exiger_libre(quartier, decoupage)
        emboitement = Emboitement(decoupage=decoupage, secteur=secteur, quartier=quartier)
        emboitement.full_clean()
        emboitement.save()
    return secteur


def _exiger_libre(quartier: Quartier, decoupage: Decoupage) -> None:
    ailleurs = Emboitement.objects.filter(decoupage=decoupage, quartier=quartier).select_related("secteur")
    if (pris := ailleurs.first()) is not None:
        raise ValidationError(
            f"« {quartier} » est déjà dans « {pris.secteur} » : retirez-le d’abord de ce secteur. S’il est coupé en "
            "deux, ne le cochez dans aucun."
        )


@transaction.atomic
def supprimer_secteur(secteur_id: int) -> None:
    """Only what nothing else names. Raises ValidationError."""
    secteur = Quartier.objects.select_related("decoupage").get(pk=secteur_id)
    _verrouiller(secteur.decoupage_id)
    if secteur.decoupage.is_reference:
        raise ValidationError("Un quartier de référence ne se supprime pas ici.")
    if dependants := ce_qui_nomme(secteur):
        raise ValidationError(
            f"Rien n’est supprimé : « {secteur} » est nommé ailleurs ({' ; '.join(dependants[:5])}). Changez d’abord cela."
        )
    secteur.delete()


def ce_qui_nomme(secteur: Quartier) -> list[str]:
    """What forbids its deletion, whatever app it is of."""
    collector = Collector(using=DEFAULT_DB_ALIAS, origin=secteur)
    try:
        collector.collect([secteur])
    except ProtectedError as error:
        return sorted(f"{autre._meta.verbose_name} « {autre} »" for autre in error.protected_objects)
    return []


@transaction.atomic
def poser_contours(decoupage: Decoupage, contours: dict[int, dict], *, source: str) -> int:
    """{key of a quartier: its outline}; how many changed. Raises ValidationError."""
    if not source.strip():
        raise ValidationError({"source": "Dites d’où viennent ces contours."})
    _verrouiller(decoupage.pk)
    changes = 0
    for quartier in Quartier.objects.filter(decoupage=decoupage, pk__in=contours).order_by("pk"):
        nouveau = (contours[quartier.pk], source.strip())
        if nouveau == (quartier.contour, quartier.source_contour):
            continue
        quartier.contour, quartier.source_contour = nouveau
        quartier.full_clean()
        quartier.save()
        changes += 1
    return changes


@transaction.atomic
def retirer_contour(quartier_id: int) -> Quartier:
    quartier = Quartier.objects.select_for_update(of=("self",), no_key=True).get(pk=quartier_id)
    quartier.contour, quartier.source_contour = None, ""
    quartier.full_clean()
    quartier.save()
    return quartier


def geojson_des_contours(quartiers: Iterable[Quartier]) -> dict:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": quartier.contour, "properties": {"nom": quartier.nom}}
            for quartier in quartiers
            if quartier.contour is not None
        ],
    }


def _verrouiller(decoupage_id: int) -> Decoupage:
    """One writer at a time in a découpage."""
    return Decoupage.objects.select_for_update(of=("self",), no_key=True).get(pk=decoupage_id)
