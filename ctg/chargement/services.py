"""Loads a convention from its tables.

A load is all or nothing, can be repeated, and never overwrites a field that somebody changed since the last load: it
says so (`Conflit`), unless forced. An empty cell says nothing: it neither fills nor erases.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from ctg.chargement.colonnes import en_vigueur_d_abord
from ctg.chargement.lecture import Contenu, Ligne, lire_source
from ctg.chargement.tableau import ChargementError, Contexte, Tableau, ValeurError, tableaux
from ctg.models import Contractuel, Convention, LigneChargee, Motivable, Porte, acte
from ctg.noms import MARQUE


@dataclass(frozen=True, slots=True)
class Conflit:
    lieu: str
    champ: str
    actuel: str
    fichier: str

    def __str__(self):
        return f"{self.lieu} : « {self.champ} » a été modifié depuis le dernier chargement (gardé : {self.actuel!r}, fichier : {self.fichier!r})"


@dataclass(frozen=True, slots=True)
class Ecriture:
    """A row that was written; `champs`: what changed of a record that was there, empty for a new one."""

    tableau: Tableau
    cle: str
    champs: tuple[str, ...] = ()

    def __str__(self):
        if not self.champs:
            return f"+ {self.tableau.nom} {self.cle}"
        return f"~ {self.tableau.nom} {self.cle} : {', '.join(self.champs)}"


@dataclass
class Resultat:
    convention: Convention | None = None
    nb_crees: int = 0
    nb_modifies: int = 0
    nb_inchanges: int = 0
    changements: list[Ecriture] = field(default_factory=list)
    conflits: list[Conflit] = field(default_factory=list)


def charger(source: Path, *, essai: bool = False, forcer: bool = False) -> Resultat:
    """Load a folder or a workbook. Raises ChargementError and writes nothing."""
    with acte(Porte.COMMANDE, f"Chargement de « {source.name} »"):
        return charger_contenu(lire_source(source), essai=essai, forcer=forcer)


AUTRES_ENSUITE = "Les autres tableaux ne sont pas encore regardés : corrigez d’abord celui de la convention, puis déposez de nouveau."
# (table, row, new record): what the file cannot say of it
ACompleter = Callable[[Tableau, Ligne, models.Model], None]


@transaction.atomic
def charger_contenu(
    contenu: Contenu, *, essai: bool = False, forcer: bool = False, a_la_creation: ACompleter | None = None
) -> Resultat:
    """Every table, in the order of the apps. Raises ChargementError and writes nothing."""
    chargeur = _Chargeur(forcer=forcer, a_la_creation=a_la_creation)
    for tableau in tableaux():
        if tableau.nom in contenu:
            chargeur.charger_tableau(tableau, contenu[tableau.nom])
    if chargeur.fautes:
        raise ChargementError(chargeur.fautes)
    if essai:
        transaction.set_rollback(True)
    return chargeur.resultat


class _Chargeur:
    def __init__(self, *, forcer: bool, a_la_creation: ACompleter | None):
        self.forcer, self.a_la_creation = forcer, a_la_creation
        self.ctx = Contexte()
        self.resultat = Resultat()
        self.fautes: list[str] = []

    def charger_tableau(self, tableau: Tableau, lignes_lues: list[Ligne]) -> None:
        connues = {}
        if tableau.modele is Convention:
            if len(lignes_lues) != 1:
                self.fautes.append(f"{tableau.nom} : une ligne, et une seule, est attendue.")
                return
            self.ctx.convention = Convention.objects.filter(slug=lignes_lues[0].cellules["slug"]).first()
        if self.ctx.convention:
            connues = {
                ligne.cle: ligne
                for ligne in LigneChargee.objects.filter(convention=self.ctx.convention, tableau=tableau.nom)
            }
        elif tableau.modele is not Convention:
            self._dire_sans_convention(tableau)
            return
        for ligne in lignes_lues:
            valeurs = self._lire(tableau, ligne)
            if valeurs is not None:
                self._ecrire(tableau, ligne, valeurs, connues)

    def _dire_sans_convention(self, tableau: Tableau) -> None:
        """Once where its own row is at fault: what hangs on it cannot be looked at yet."""
        if not self.fautes:
            self.fautes.append(f"{tableau.nom} : le tableau « convention » manque : ajoutez-le.")
        elif AUTRES_ENSUITE not in self.fautes:
            self.fautes.append(AUTRES_ENSUITE)

    def _lire(self, tableau: Tableau, ligne: Ligne) -> dict[str, Any] | None:
        valeurs: dict[str, Any] = {}
        avant = len(self.fautes)
        for name, cell in ligne.cellules.items():
            try:
                if "\x00" in cell:
                    raise ValeurError("ôtez le caractère nul")
                valeurs |= tableau.colonnes[name].lire(cell, self.ctx)
            except ValeurError as error:
                self.fautes.append(f"{ligne.lieu}, colonne « {name} », valeur « {cell} » : {error}.")
        return valeurs if len(self.fautes) == avant else None

    def _trouver(self, tableau, ligne, valeurs, connue):
        if connue and (objet := tableau.modele.objects.filter(pk=connue.objet_id).first()):
            return objet
        lookup = {}
        for name in tableau.cle:
            lookup |= tableau.colonnes[name].lire(ligne.cellules[name], self.ctx)
        return en_vigueur_d_abord(
            tableau.modele.objects.filter(**lookup, **tableau.get_portee(self.ctx))
        ).first()

    def _creer(self, tableau: Tableau, ligne: Ligne) -> models.Model:
        objet = tableau.modele(**tableau.get_portee(self.ctx))
        if self.a_la_creation:
            self.a_la_creation(tableau, ligne, objet)
        return objet

    def _ecrire(self, tableau: Tableau, ligne: Ligne, valeurs: dict[str, Any], connues) -> None:
        cle = " / ".join(ligne.cellules[name] for name in tableau.cle)
        connue = connues.get(cle)
        objet = self._trouver(tableau, ligne, valeurs, connue)
        if objet is None and connue and not self.forcer:
            self.resultat.conflits.append(Conflit(ligne.lieu, cle, "supprimé", "présent"))
            return
        created = objet is None
        if created:
            objet = self._creer(tableau, ligne)
        dernieres = connue.valeurs if connue and not created else {}
        plusieurs = {f.name for f in tableau.modele._meta.many_to_many}
        change, liens_a_poser = [], {}
        for champ, valeur in valeurs.items():
            nouveau = _canonique(valeur)
            actuel = None if created else _canonique(_lire_champ(objet, champ, plusieurs))
            # An empty cell says nothing: it erases nothing, whoever wrote what is there.
            if not created and (actuel == nouveau or nouveau in (None, "", [])):
                continue
            # Somebody wrote here since the last load, or before the first one.
            touche = actuel != dernieres[champ] if champ in dernieres else not _vide(actuel)
            # A file does not bring back the name of a person who was made anonymous since.
            touche = touche or (isinstance(actuel, str) and MARQUE[:-1] in actuel)
            if touche and not created and not self.forcer:
                self.resultat.conflits.append(Conflit(ligne.lieu, champ, str(actuel), str(nouveau)))
                continue
            if champ in plusieurs:
                liens_a_poser[champ] = valeur
            else:
                setattr(objet, champ, valeur)
            change.append(champ)
        if self._est_verrouille(tableau, objet, ligne, change) or not self._enregistrer(
            objet, ligne, liens_a_poser, change=bool(change) or created
        ):
            return
        dites = {champ: _canonique(valeur) for champ, valeur in valeurs.items()}
        dites = {champ: valeur for champ, valeur in dites.items() if created or valeur not in (None, "", [])}
        self._retenir(tableau, cle, objet, {**dernieres, **dites}, connue)
        if created:
            self.resultat.nb_crees += 1
            self.resultat.changements.append(Ecriture(tableau, cle))
        elif change:
            self.resultat.nb_modifies += 1
            self.resultat.changements.append(Ecriture(tableau, cle, tuple(change)))
        else:
            self.resultat.nb_inchanges += 1

    def _est_verrouille(self, tableau: Tableau, objet, ligne: Ligne, change: list[str]) -> bool:
        raison = tableau.verrou(objet, change) if change else ""
        if raison:
            self.fautes.append(f"{ligne.lieu} : {raison}")
        return bool(raison)

    def _enregistrer(self, objet, ligne: Ligne, liens_a_poser, *, change: bool) -> bool:
        if change:
            if isinstance(objet, Contractuel):
                objet.completer(f"{ligne.cellules.get('source') or ligne.lieu}")
                objet.rectifier(f"texte chargé de nouveau ({ligne.lieu})")
            if isinstance(objet, Motivable) and self.forcer:
                objet.motiver(f"Chargement forcé ({ligne.lieu})")
            try:
                objet.full_clean()
            except ValidationError as error:
                for champ, messages in error.message_dict.items():
                    place = f"{ligne.lieu}, colonne « {champ} »" if champ != "__all__" else ligne.lieu
                    self.fautes += [f"{place} : {message}" for message in messages]
                return False
            objet.save()
            for champ, valeur in liens_a_poser.items():
                getattr(objet, champ).set(valeur)
        if isinstance(objet, Convention):
            self.ctx.convention, self.ctx.territoire = objet, objet.territoire
            self.resultat.convention = objet
        return True

    def _retenir(self, tableau: Tableau, cle: str, objet, valeurs: dict, connue) -> None:
        if connue and connue.valeurs == valeurs and connue.objet_id == objet.pk:
            return
        LigneChargee.objects.update_or_create(
            convention=self.ctx.convention,
            tableau=tableau.nom,
            cle=cle,
            defaults={"objet_id": objet.pk, "valeurs": valeurs},
        )


def _lire_champ(objet, champ: str, plusieurs: set[str]):
    return list(getattr(objet, champ).all()) if champ in plusieurs else getattr(objet, champ)


def _vide(canonique) -> bool:
    return canonique in (None, "", [], False)


def _canonique(value):
    """A JSON value, the same for what a file gives and what the database holds."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, list):
        return sorted(item.pk if isinstance(item, models.Model) else item for item in value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
