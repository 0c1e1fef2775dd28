"""Importing what was previewed, once, and undoing the last import."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from ctg.imports.apercu import INCHANGEE, MODIFIEE, NOUVELLE, Apercu, champs_ecrits, examiner
from ctg.imports.colonnes import retenir
from ctg.imports.depots import lire_depot
from ctg.imports.importable import Importable
from ctg.models import Brouillon, Contractuel, Convention, ImportFait, Porte, acte
from ctg.templatetags.affichage import date_longue

DEJA_ANNULE = "Cet import est déjà annulé."
PAS_LE_DERNIER = "Seul le dernier import s’annule : un autre a été fait depuis."


def confirmer(
    importable: Importable, convention: Convention, adresse: str, *, vu: str, user, now: datetime.datetime
) -> tuple[Apercu | None, ImportFait | None]:
    """`vu`: the mark of the preview. No preview: nothing waits any more. No import: it says other things by now."""
    with transaction.atomic(), acte(Porte.IMPORT) as courant:
        depot = lire_depot(user, adresse, verrouiller=True)
        if depot is None or not depot.champs:
            return None, None
        Convention.objects.select_for_update(no_key=True).get(pk=convention.pk)  # one import at a time
        _verrouiller(importable.exporter(convention))
        courant.porte, courant.motif = Porte.IMPORT, f"Import de « {depot.nom} »"
        apercu = examiner(importable, convention, depot, ecrire=True)
        if apercu.est_bloque or apercu.empreinte != vu:
            transaction.set_rollback(True)
            return apercu, None
        retenir(importable, convention, depot.tableau.titres, depot.champs)
        Brouillon.objects.filter(utilisateur=user, adresse=adresse).delete()
        nb = apercu.nb
        fait = ImportFait(
            convention=convention,
            ressource=importable.code,
            fichier=depot.nom,
            date_import=now,
            utilisateur=user,
            nb_crees=nb[NOUVELLE],
            nb_modifies=nb[MODIFIEE],
            nb_inchanges=nb[INCHANGEE],
            changements=[
                {
                    "pk": ligne.objet.pk,
                    "nom": str(ligne.objet)[:200],
                    "cree": ligne.sort == NOUVELLE,
                    "champs": ligne.ecrit,
                }
                for ligne in apercu.de(NOUVELLE, MODIFIEE)
            ],
        )
        fait.full_clean()
        fait.save()
        return apercu, fait


def _verrouiller(queryset: models.QuerySet) -> None:
    """Nobody changes between the reading and the writing what the rows are compared with."""
    cles = queryset.model._base_manager.filter(pk__in=queryset.order_by().values("pk")).order_by("pk")
    list(cles.select_for_update(of=("self",), no_key=True).values_list("pk"))


# Undoing ---------------------------------------------------------------------------------------------


def dernier(importable: Importable, convention: Convention) -> ImportFait | None:
    """The one that can be undone: the last, or the one before where the last was undone."""
    faits = ImportFait.objects.filter(convention=convention, ressource=importable.code, date_annulation=None)
    return faits.select_related("utilisateur").order_by("-date_import", "-pk").first()


@dataclass(slots=True)
class Retour:
    """What undoing does to one object; `obstacle`: why it cannot."""

    nom: str
    objet: models.Model | None
    est_suppression: bool
    champs: list[tuple[str, str, str]] = field(default_factory=list)  # (name of the field, now, then)
    obstacle: str = ""


def prevoir(importable: Importable, fait: ImportFait) -> list[Retour]:
    modele = importable.modele
    objets = modele._base_manager.in_bulk([changement["pk"] for changement in fait.changements])
    return [_prevoir(modele, objets.get(changement["pk"]), changement) for changement in fait.changements]


def _prevoir(modele, objet, changement) -> Retour:
    retour = Retour(changement["nom"], objet, changement["cree"])
    if objet is None:
        retour.obstacle = "n’existe plus"
        return retour
    retour.nom = str(objet)
    champs = {f.attname: f for f in champs_ecrits(modele)}
    for nom, valeurs in changement["champs"].items():
        f = champs.get(nom)
        apres = valeurs if changement["cree"] else valeurs[1]
        if f is None or f.to_python(apres) != f.to_python(f.value_from_object(objet)):
            quoi = nom if f is None else f.verbose_name
            retour.obstacle = f"a changé depuis ({quoi})"
            return retour
        if not changement["cree"]:
            retour.champs.append((str(f.verbose_name), _dit(f, apres), _dit(f, valeurs[0])))
    if changement["cree"] and (lien := _lien(objet)):
        retour.obstacle = f"sert depuis ({lien})"
    return retour


def _lien(objet) -> str:
    """What points to an object: deleting it would take that away, or be refused."""
    for relation in objet._meta.related_objects:
        lies = relation.related_model._base_manager.filter(**{relation.field.name: objet.pk})
        # The lines of the history keep their object's key, and stay.
        if (
            relation.related_name != "+"
            and not hasattr(relation.related_model, "history_user")
            and lies.exists()
        ):
            return str(relation.related_model._meta.verbose_name)
    return ""


def _dit(f: models.Field, value) -> str:
    if value in (None, ""):
        return ""
    if f.is_relation:
        return str(f.related_model._base_manager.filter(pk=value).first() or "(supprimé depuis)")
    return str(dict(f.flatchoices).get(value, value))


@transaction.atomic
def annuler(importable: Importable, fait_id: int, *, user, now: datetime.datetime) -> ImportFait:
    """Values as they were, what was created deleted: all of it, or a ValidationError that says why not."""
    fait = ImportFait.objects.select_for_update(of=("self",), no_key=True).get(
        pk=fait_id, ressource=importable.code
    )
    Convention.objects.select_for_update(no_key=True).get(pk=fait.convention_id)
    if fait.date_annulation is not None:
        raise ValidationError(DEJA_ANNULE)
    if dernier(importable, fait.convention) != fait:
        raise ValidationError(PAS_LE_DERNIER)
    cles = [changement["pk"] for changement in fait.changements]
    _verrouiller(importable.modele._base_manager.filter(pk__in=cles))
    retours = prevoir(importable, fait)
    if obstacles := obstacles_de(retours):
        raise ValidationError(obstacles)
    motif = f"Annulation de l’import de « {fait.fichier} » du {date_longue(fait.date_import.date())}"
    with acte(Porte.IMPORT) as courant:
        courant.porte, courant.motif = Porte.IMPORT, motif
        for retour, changement in zip(retours, fait.changements, strict=True):
            _defaire(retour.objet, changement, motif)
        fait.date_annulation, fait.annule_par = now, user
        fait.full_clean()
        fait.save(update_fields=["date_annulation", "annule_par"])
    return fait


def obstacles_de(retours: Sequence[Retour]) -> list[str]:
    return [f"« {retour.nom} » {retour.obstacle}." for retour in retours if retour.obstacle]


def _defaire(objet, changement, motif: str) -> None:
    if changement["cree"]:
        try:
            objet.delete()
        except (ProtectedError, RestrictedError) as error:
            raise ValidationError(f"« {objet} » sert depuis : il n’est plus supprimé.") from error
        return
    champs = {f.attname: f for f in champs_ecrits(type(objet))}
    for nom, (avant, _) in changement["champs"].items():
        setattr(objet, nom, champs[nom].to_python(avant))
    if isinstance(objet, Contractuel):
        objet.completer(motif)
        objet.rectifier(motif)
    objet.full_clean()
    objet.save()
