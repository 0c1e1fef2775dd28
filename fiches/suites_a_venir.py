"""What is written on a fiche before its avenant takes effect is written on its successor too, by whatever door.

The successor was copied when the avenant was signed. What the avenant itself changed stays as it says.
"""

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from ctg.models import Contractuel
from fiches.models import Etape, FicheProjet, Implication, Moyen
from fiches.succession import REPERES, emportee

# What an avenant gives a fiche of its own, and what is counted by itself.
PROPRES = frozenset({"id", "date_effet", "date_fin", "succede_a", "source", "version", "recherche"})
MOTIF = "Repris de la fiche que celle-ci remplacera"


def suite_a_venir(fiche: FicheProjet) -> FicheProjet | None:
    """The successor that is not in force yet; no query for a fiche that has no end."""
    if fiche.date_fin is None or fiche.date_fin <= timezone.localdate():
        return None
    return FicheProjet.objects.filter(succede_a=fiche.pk).first()


@receiver(post_save, sender=FicheProjet)
def reporter_fiche(sender, instance, created, raw=False, **kwargs):
    avant = None if created or raw else _avant(instance)
    if avant is None or (suite := suite_a_venir(instance)) is None:
        return
    champs = [champ for champ in _champs(FicheProjet) if getattr(avant, champ) == getattr(suite, champ)]
    _ecrire(suite, instance, champs)


@receiver(m2m_changed, sender=FicheProjet.quartiers.through)
def reporter_quartiers(sender, instance, action, reverse, pk_set, **kwargs):
    if reverse or action not in {"post_add", "post_remove"} or (suite := suite_a_venir(instance)) is None:
        return
    (suite.quartiers.add if action == "post_add" else suite.quartiers.remove)(*pk_set)


@receiver(post_save, sender=Etape)
@receiver(post_save, sender=Moyen)
@receiver(post_save, sender=Implication)
def reporter_ligne(sender, instance, created, raw=False, **kwargs):
    if not raw:
        _reporter(instance, None if created else _avant(instance), instance)


@receiver(post_delete, sender=Etape)
@receiver(post_delete, sender=Moyen)
@receiver(post_delete, sender=Implication)
def reporter_suppression(sender, instance, **kwargs):
    _reporter(instance, instance, None)


def _reporter(ligne: Model, avant: Model | None, apres: Model | None) -> None:
    """`avant` and `apres`: the row as it was and as it is; None: it was not there, or is there no more."""
    suite = suite_a_venir(ligne.fiche)
    if suite is None:
        return
    etait = avant is not None and emportee(avant, suite.date_effet)
    sera = apres is not None and emportee(apres, suite.date_effet)
    jumelle = _jumelle(type(ligne), suite, avant) if etait else None
    if jumelle is not None and not sera:
        jumelle.delete()
    elif jumelle is not None:
        # Field by field: an entry may have been written on the successor meanwhile.
        pareils = [c for c in _champs(type(apres)) if getattr(jumelle, c) == getattr(avant, c)]
        _ecrire(jumelle, apres, pareils)
    elif sera and not etait and _jumelle(type(ligne), suite, apres) is None:
        nouvelle = type(apres)(fiche=suite, source=apres.source)
        _ecrire(nouvelle, apres, _champs(type(apres)))


def _avant(objet: Model):
    """The object as its history had it before this change; None where it is not told."""
    return next(iter(objet.historique.order_by("-history_date", "-history_id")[1:2]), None)


def _champs(modele: type[Model]) -> list[str]:
    noms = (champ.attname for champ in modele._meta.concrete_fields if champ.name not in PROPRES)
    return [nom for nom in noms if nom != "fiche_id"]


def _jumelle(modele: type[Model], suite: FicheProjet, ligne) -> Model | None:
    """The row of the successor that is of the same thing."""
    return modele.objects.filter(fiche=suite, **{nom: getattr(ligne, nom) for nom in REPERES[modele]}).first()


def _ecrire(objet: Model, depuis: Model, champs: list[str]) -> None:
    if all(getattr(objet, champ) == getattr(depuis, champ) for champ in champs) and objet.pk:
        return
    for champ in champs:
        setattr(objet, champ, getattr(depuis, champ))
    if isinstance(objet, Contractuel):  # the reason that this door was given serves there too
        objet.completer(depuis._source_contrat)
        objet.rectifier(depuis._rectification)
    objet._change_reason = MOTIF
    objet.save()
