"""What changed, readable: acts of people, each with its differences. Apps say which models a page tells of."""

import datetime
import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from ctg.models import Porte
from ctg.permissions import check
from ctg.templatetags.affichage import nombre

TECHNIQUES = frozenset({"id", "version", "recherche", "updated_at", "saisie_par", "rang"})
NOUVEAU, SUPPRIME, MODIFIE = "+", "-", "~"


@dataclass(frozen=True, slots=True)
class SourceHistorique:
    """One model of a page. `filtre(objet)`: which of its lines; `nom(ligne, noms)`: how a line is called."""

    page: str
    modele: type[models.Model]
    filtre: Callable[[models.Model], dict]
    nom: Callable
    permission: str = ""  # asked of the convention
    hors: frozenset[str] = frozenset()  # fields that name the object rather than change it
    # (user, objet) -> lines that this person does not read
    masque: Callable[..., models.Q] | None = None
    # (user, objet, lines): sets back, in lines that are read, the fields that this person does not read
    relire: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    objet: str
    champ: str
    libelle: str
    avant: str
    apres: str
    ligne_avant: int | None = None  # history line that holds `avant`
    est_objet: bool = False  # the object of the page itself, not one of its parts

    @property
    def mots(self) -> list[tuple[str, str]]:
        """[(« egal », « ôté » or « ajouté », words)] of a long text."""
        anciens, nouveaux = re.findall(r"\s*\S+", self.avant), re.findall(r"\s*\S+", self.apres)
        suite = []
        for op, i, j, k, m in difflib.SequenceMatcher(None, anciens, nouveaux, autojunk=False).get_opcodes():
            if op == "equal":
                suite.append(("egal", "".join(anciens[i:j])))
            else:
                suite += [("ote", "".join(anciens[i:j]))] if j > i else []
                suite += [("ajoute", "".join(nouveaux[k:m]))] if m > k else []
        return suite

    @property
    def est_long(self) -> bool:
        return max(len(self.avant), len(self.apres)) > 80 and len(self.avant) + len(self.apres) < 20_000


@dataclass(slots=True)
class Evenement:
    """One act: one save of a page, one import, one command."""

    acte: UUID
    quand: datetime.datetime
    qui: str
    qui_id: int | None
    porte: str
    motif: str
    differences: list[Difference]


_sources: dict[str, list[SourceHistorique]] = {}


def register(source: SourceHistorique) -> None:
    _sources.setdefault(source.page, []).append(source)


def collect_historique(page: str, user, objet, convention, *, hors: Iterable[str] = ()) -> list[Evenement]:
    """Every act on an object and its parts that this person may read, the latest first.

    A few queries per model, whatever the number of lines. `hors`: fields of the object that this person
    does not read.
    """
    actes: dict[UUID, Evenement] = {}
    for source in _sources.get(page, []):
        if not source.permission or check(user, source.permission, convention):
            _lire(source, user, objet, frozenset(hors), actes)
    evenements = [e for e in actes.values() if e.differences]
    return sorted(evenements, key=lambda e: e.quand, reverse=True)


def _lire(source: SourceHistorique, user, objet, hors, actes) -> None:
    historique = source.modele.historique
    plusieurs = historique.model._history_m2m_fields
    masque = source.masque(user, objet) if source.masque else models.Q(pk__in=())
    lignes = list(
        historique.filter(**source.filtre(objet))
        .exclude(masque)
        .select_related("history_user")
        .order_by("id", "history_date", "history_id")
    )
    if source.relire:
        source.relire(user, objet, lignes)
    champs = [
        f
        for f in source.modele._meta.concrete_fields
        if f.name not in TECHNIQUES | source.hors | hors and not f.primary_key
    ]
    noms = _Noms(lignes, source.modele._meta.concrete_fields, plusieurs)
    precedente = None
    for ligne in lignes:
        if precedente is not None and precedente.id != ligne.id:
            precedente = None
        evenement = actes.get(ligne.acte)
        if evenement is None:
            evenement = actes[ligne.acte] = Evenement(
                acte=ligne.acte,
                quand=ligne.history_date,
                qui=str(ligne.history_user) if ligne.history_user else "",
                qui_id=ligne.history_user_id,
                porte=Porte(ligne.porte).label,
                motif=ligne.history_change_reason or "",
                differences=[],
            )
        est_objet = isinstance(objet, source.modele) and ligne.id == objet.pk
        evenement.differences += _differences(source, ligne, precedente, champs, plusieurs, noms, est_objet)
        precedente = ligne


def _differences(source, ligne, precedente, champs, plusieurs, noms, est_objet) -> Iterable[Difference]:
    nom = source.nom(ligne, noms)
    if ligne.history_type == SUPPRIME:
        yield Difference(nom, "", "Suppression", nom, "")
        return
    if precedente is None and ligne.history_type == MODIFIE:  # its beginning is older than the history
        return
    if precedente is None:
        dits = [(f, noms.ecrire(f, ligne)) for f in champs if getattr(ligne, f.attname) != f.get_default()]
        yield Difference(
            nom, "", "Ajout", "", " · ".join(f"{f.verbose_name} : {dit}" for f, dit in dits if dit)
        )
        return
    for f in champs:
        avant, apres = noms.ecrire(f, precedente), noms.ecrire(f, ligne)
        if avant != apres:
            libelle = str(f.verbose_name)
            libelle = libelle[:1].upper() + libelle[1:]
            objet = "" if est_objet else nom
            yield Difference(objet, f.name, libelle, avant, apres, precedente.history_id, est_objet)
    for f in plusieurs:
        avant, apres = noms.ecrire_plusieurs(f, precedente), noms.ecrire_plusieurs(f, ligne)
        if avant != apres:
            yield Difference("" if est_objet else nom, f.name, str(f.verbose_name).capitalize(), avant, apres)


class _Noms:
    """Names of what foreign keys point to: one query per model, for all the lines."""

    def __init__(self, lignes, champs, plusieurs):
        cles: dict[type[models.Model], set] = {}
        for f in champs:
            if f.is_relation:
                cles.setdefault(f.related_model, set()).update(getattr(ligne, f.attname) for ligne in lignes)
        self.liens = {f.name: self._liens(f, lignes) for f in plusieurs if lignes}
        for f in plusieurs:
            for pks in self.liens.get(f.name, {}).values():
                cles.setdefault(f.related_model, set()).update(pks)
        self.noms = {
            modele: {o.pk: str(o) for o in self._charger(modele, pks - {None})}
            for modele, pks in cles.items()
        }

    @staticmethod
    def _liens(f, lignes) -> dict[int, set]:
        """{history line: keys that a field to several held}, in one query."""
        liens: dict[int, set] = {}
        lus = getattr(lignes[0], f.name).model.objects.filter(history__in=[ligne.pk for ligne in lignes])
        for numero, pk in lus.values_list("history_id", f"{f.m2m_reverse_field_name()}_id"):
            liens.setdefault(numero, set()).add(pk)
        return liens

    @staticmethod
    def _charger(modele, pks):
        liens = [f.name for f in modele._meta.concrete_fields if f.name == "organisme"]
        return modele._base_manager.filter(pk__in=pks).select_related(*liens) if pks else ()

    def ecrire(self, f, ligne) -> str:
        value = getattr(ligne, f.attname)
        if value is None or value == "":
            return ""
        if f.is_relation:
            return self.noms[f.related_model].get(value, "(supprimé depuis)")
        if f.choices:
            value = dict(f.flatchoices).get(value, value)
        elif isinstance(value, bool):
            value = "oui" if value else "non"
        elif isinstance(value, datetime.date):
            value = value.strftime("%d/%m/%Y")
        elif isinstance(f, models.DecimalField):
            value = nombre(value)
        return str(value)

    def de(self, modele, pk) -> str:
        return self.noms.get(modele, {}).get(pk, "(supprimé depuis)")

    def ecrire_plusieurs(self, f, ligne) -> str:
        pks = self.liens.get(f.name, {}).get(ligne.pk, set())
        return ", ".join(sorted(self.de(f.related_model, pk) for pk in pks))
