"""Where the data of a person stand: each app says it in its `vie_privee.py`; ctg names no upper app.

Four kinds of places: columns that name a person or point at one, declared here one by one; texts, which are all
searched without being declared; frozen records, which are never changed and are listed instead; copies, which go.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Q

from ctg.noms import MARQUE, Chercheur
from ctg.recherche import Cherchable
from ctg.sujets import Sujet


@dataclass(frozen=True, slots=True)
class Donnees:
    """One kind of rows of a person, those of its history included.

    `supprimer`: deleted by an anonymisation. `valeurs(sujet, ligne)`: replaced by these. Neither: kept, because
    they only point at a record that is itself made anonymous. `secrets`: never exported.
    """

    nom: str
    modele: type[models.Model]
    champs: frozenset[str]
    filtre: Callable[[Sujet], Q]
    valeurs: Callable[[Sujet, models.Model], dict] | None = None
    supprimer: bool = False
    secrets: frozenset[str] = frozenset()

    def lignes(self, sujet: Sujet) -> models.QuerySet:
        return self.modele._base_manager.filter(self.filtre(sujet)).order_by("pk")

    def lignes_historique(self, sujet: Sujet) -> models.QuerySet:
        historique = modele_historique(self.modele)
        if historique is None:
            return self.modele._base_manager.none()
        return historique._base_manager.filter(self.filtre(sujet)).order_by("history_date", "pk")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A text that names the person; `objet` holds it in `champ`."""

    objet: models.Model
    champ: models.Field
    apres: object
    extrait: str


_donnees: list[Donnees] = []
_sans_personne: dict[type[models.Model], frozenset[str]] = {}
_figes: set[type[models.Model]] = set()
_copies: set[type[models.Model]] = set()
_leves: list[Callable[[], AbstractContextManager]] = []


def register(donnees: Donnees) -> None:
    if any(autre.nom == donnees.nom for autre in _donnees):
        raise ValueError(f"Données déjà déclarées : {donnees.nom}")
    _donnees.append(donnees)


def register_sans_personne(modele: type[models.Model], *champs: str) -> None:
    """Columns that look like a person's and hold none (the address of a service…)."""
    _sans_personne[modele] = frozenset(champs)


def register_leve(leve: Callable[[], AbstractContextManager]) -> None:
    """`leve()`: inside it, the database lets a name be taken out of rows that it locks otherwise."""
    _leves.append(leve)


@contextmanager
def verrous_leves() -> Iterator[None]:
    with ExitStack() as pile:
        for leve in _leves:
            pile.enter_context(leve())
        yield


def register_fige(modele: type[models.Model]) -> None:
    """Its rows keep their names for ever: an anonymisation lists those that name the person."""
    _figes.add(modele)


def register_copie(modele: type[models.Model]) -> None:
    """Its rows are made again when somebody asks: an anonymisation deletes them all."""
    _copies.add(modele)


def supprimer_copies() -> None:
    for modele in _copies:
        modele._base_manager.all().delete()


def donnees() -> list[Donnees]:
    return list(_donnees)


def modele_historique(modele: type[models.Model]) -> type[models.Model] | None:
    historique = getattr(modele, "historique", None)
    return historique.model if historique is not None else None


def modeles_historiques() -> list[type[models.Model]]:
    """Each of their lines says who wrote it."""
    return [modele for modele in apps.get_models() if hasattr(modele, "history_user")]


def champs_declares() -> dict[type[models.Model], set[str]]:
    """{model: columns of a person that are dealt with}, history included."""
    declares: dict[type[models.Model], set[str]] = {m: {"history_user"} for m in modeles_historiques()}
    pour = [(d.modele, d.champs) for d in _donnees] + list(_sans_personne.items())
    for modele, champs in pour:
        declares.setdefault(modele, set()).update(champs)
        if historique := modele_historique(modele):  # where a link to several has a table of its own
            declares.setdefault(historique, set()).update(
                champs & {f.name for f in historique._meta.get_fields()}
            )
    return declares


# Texts -------------------------------------------------------------------------------------------------


def champs_de_texte(modele: type[models.Model]) -> list[models.Field]:
    """Columns where somebody may have written a name: texts that are neither a code nor a declared column."""
    declares = champs_declares().get(modele, set()) | {"recherche"}
    return [
        f
        for f in modele._meta.concrete_fields
        if isinstance(f, (models.CharField, models.TextField, models.JSONField))
        and not isinstance(f, (models.SlugField, models.EmailField))
        and not f.choices
        and f.name not in declares
    ]


def occurrences(chercheur: Chercheur, sujet: Sujet, *, figes: bool = False) -> Iterator[Occurrence]:
    """Every text of the database that names the person; of the frozen records only, or of all the others."""
    if not chercheur:
        return
    for modele in apps.get_models(include_auto_created=True):
        vivant = getattr(modele, "instance_type", modele)
        champs = champs_de_texte(modele)
        if champs and (vivant in _figes) is figes:
            yield from _dans(modele, champs, chercheur, sujet)


def _dans(modele, champs, chercheur: Chercheur, sujet: Sujet) -> Iterator[Occurrence]:
    condition = Q()
    for f in champs:
        # A database does not search JSON as text the same way everywhere: every row is read.
        condition |= (
            ~Q(pk=None) if isinstance(f, models.JSONField) else Q(**{f"{f.attname}__regex": chercheur.large})
        )
    for objet in modele._base_manager.filter(condition).order_by("pk").iterator(chunk_size=200):
        for f in champs:
            avant = getattr(objet, f.attname)
            apres = _remplacer(avant, chercheur, _marque(f, sujet))
            if apres != avant:
                texte = avant if isinstance(avant, str) else "\n".join(_textes(avant))
                yield Occurrence(objet, f, _raccourcir(f, apres), chercheur.extrait(texte))


def _marque(champ: models.Field, sujet: Sujet) -> str:
    """Where two rows may not say the same, the mark bears a number."""
    contraintes = [c for c in champ.model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    if champ.unique or any(champ.name in c.fields for c in contraintes):
        return f"{MARQUE[:-1]} – {sujet}]"
    return MARQUE


def _remplacer(value, chercheur: Chercheur, marque: str):
    if isinstance(value, str):
        return chercheur.remplacer(value, marque)
    if isinstance(value, list):
        return [_remplacer(item, chercheur, marque) for item in value]
    if isinstance(value, dict):
        return {key: _remplacer(item, chercheur, marque) for key, item in value.items()}
    return value


def _textes(value) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _textes(item)


def _raccourcir(champ: models.Field, value):
    return value[: champ.max_length] if champ.max_length and isinstance(value, str) else value


def ecrire(ligne: models.Model, valeurs: dict) -> None:
    """Past the rules of the signed text and the history: the name must not stay in the line before."""
    if isinstance(ligne, Cherchable):
        for champ, value in valeurs.items():
            setattr(ligne, champ, value)
        ligne.poser_recherche()
        valeurs = valeurs | {"recherche": ligne.recherche}
    type(ligne)._base_manager.filter(pk=ligne.pk).update(**valeurs)  # no history: it is what is being cleaned
