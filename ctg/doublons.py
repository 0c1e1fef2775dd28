"""Two records that are one: all that hangs on the one that goes hangs on the one that stays, or nothing moves.

Every link is found by the models themselves, whatever their app; a row moves as a person would move it, so that each
rule and each history sees it. What both had word for word is kept once. What a rule forbids refuses the whole.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models import ProtectedError

from ctg.chargement.tableau import tableaux
from ctg.models import Contractuel, LigneChargee, Motivable, Source
from ctg.templatetags.affichage import pluriel

# Of a row that both have: where its words come from may differ.
PROVENANCE = frozenset(f.name for f in Source._meta.get_fields())


@dataclass(slots=True)
class Reunion:
    """What was done, or would be: {model: number of rows}, and facts in words."""

    deplaces: Counter[type[models.Model]] = field(default_factory=Counter)
    gardes_une_fois: list[str] = field(default_factory=list)
    completes: list[tuple[str, str]] = field(
        default_factory=list
    )  # (fact, value) taken from the one that goes
    ecartes: list[tuple[str, str, str]] = field(default_factory=list)  # (fact, kept, left to the history)
    refus: list[str] = field(default_factory=list)

    @property
    def liens(self) -> list[str]:
        """« 2 contacts », « 1 inscription »."""
        return [
            f"{nb} {pluriel(nb, f'{modele._meta.verbose_name},{modele._meta.verbose_name_plural}')}"
            for modele, nb in self.deplaces.items()
        ]


def apercu(garde: models.Model, doublon: models.Model, reunir) -> Reunion:
    """What `reunir(garde, doublon)` would do: it is done, then undone. Its `refus` say what forbids it."""
    with transaction.atomic():
        try:
            return reunir(garde.pk, doublon.pk)
        except ValidationError as error:
            return Reunion(refus=error.messages)
        finally:
            transaction.set_rollback(True)


def reunir_lignes(garde: models.Model, doublon: models.Model, motif: str) -> Reunion:
    """Move every link. Both are locked by who calls, in a transaction. Raises ValidationError."""
    reunion, fautes = Reunion(), []
    for relation in _relations(garde):
        for ligne in _lignes(relation, doublon):
            try:
                with transaction.atomic():
                    _deplacer(relation, ligne, garde, doublon, motif, reunion)
            except (ValidationError, DatabaseError, ProtectedError) as error:
                fautes.append(f"{_nommer(ligne)} : {_dire(error)}")
    if fautes:
        raise ValidationError(list(dict.fromkeys(fautes)))
    # A table that is loaded again finds under its key what it has become.
    noms = [tableau.nom for tableau in tableaux() if tableau.modele is type(garde)]
    chargees = LigneChargee.objects.filter(tableau__in=noms, objet_id=doublon.pk)
    chargees.update(objet_id=garde.pk)  # no history: what the loader keeps for itself
    return reunion


def completer(garde: models.Model, doublon: models.Model, champs: tuple[str, ...], reunion: Reunion) -> None:
    """Facts that only the one that goes had. `champs` in their order; the caller saves."""
    for name in champs:
        f = garde._meta.get_field(name)
        mien, sien = getattr(garde, name), getattr(doublon, name)
        if sien in (None, "") or mien == sien:
            continue
        if mien in (None, ""):
            setattr(garde, name, sien)
            reunion.completes.append((str(f.verbose_name), _ecrire(f, doublon)))
        else:
            reunion.ecartes.append((str(f.verbose_name), _ecrire(f, garde), _ecrire(f, doublon)))


def ajouter_graphies(garde: models.Model, *noms: str) -> None:
    """Names under which one still finds it."""
    connus = [garde.nom, *garde.autres_graphies.splitlines()]
    nouveaux = [nom for nom in dict.fromkeys(noms) if nom and nom not in connus]
    garde.autres_graphies = "\n".join([*garde.autres_graphies.splitlines(), *nouveaux])


def _relations(objet: models.Model) -> Iterator:
    """Parents before what is checked against them: the order in which the models are declared."""
    return (r for r in objet._meta.related_objects if not r.related_model._meta.proxy)


def _lignes(relation, doublon: models.Model) -> list[models.Model]:
    lignes = relation.related_model._base_manager.filter(**{relation.field.name: doublon})
    return list(lignes.order_by("pk").distinct())


def _deplacer(relation, ligne, garde, doublon, motif: str, reunion: Reunion) -> None:
    if relation.many_to_many:
        liens = getattr(ligne, relation.field.name)
        ligne._change_reason = motif
        liens.add(garde)
        liens.remove(doublon)
        reunion.deplaces[type(ligne)] += 1
        return
    if (double := _double(relation, ligne, garde)) is not None:
        suite = reunir_lignes(double, ligne, motif)
        ligne._change_reason = motif
        ligne.delete()
        reunion.deplaces.update(suite.deplaces)
        reunion.gardes_une_fois += [_nommer(double), *suite.gardes_une_fois]
        return
    setattr(ligne, relation.field.name, garde)
    if isinstance(ligne, Contractuel):
        ligne.rectifier(motif)
    if isinstance(ligne, Motivable):
        ligne.motiver(motif)
    ligne._change_reason = motif
    ligne.full_clean()
    ligne.save()
    reunion.deplaces[type(ligne)] += 1


def _double(relation, ligne, garde) -> models.Model | None:
    """A row of the one that stays that says the same, word for word."""
    memes = {
        f.attname: getattr(ligne, f.attname)
        for f in ligne._meta.concrete_fields
        if not f.primary_key and f.name not in PROVENANCE | {relation.field.name, "version"} and f.editable
    }
    return (
        type(ligne)
        ._base_manager.filter(**memes, **{relation.field.name: garde})
        .exclude(pk=ligne.pk)
        .order_by("pk")
        .first()
    )


def _nommer(ligne: models.Model) -> str:
    nom = str(ligne._meta.verbose_name)
    return f"{nom[:1].upper()}{nom[1:]} « {ligne} »"


def _dire(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return "une règle de la base l’interdit, par exemple une année close qui la nomme. Corrigez cette ligne d’abord."


def _ecrire(f: models.Field, objet: models.Model) -> str:
    lu = getattr(objet, f"get_{f.name}_display", None)
    return str(lu() if lu else getattr(objet, f.name))
