"""What an import would do, row by row; the same reading, when it is confirmed, writes."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from import_export.results import RowResult

from ctg.imports.colonnes import par_titre
from ctg.imports.depots import Depot
from ctg.imports.fichiers import LigneLue
from ctg.imports.importable import Identite, Importable
from ctg.models import Convention
from ctg.models.contrat import COMPLETER, RECTIFIER

NOUVELLE, MODIFIEE, INCHANGEE = "nouvelle", "modifiee", "inchangee"
REFUSEE, A_JUSTIFIER, A_CHOISIR = "refusee", "a_justifier", "a_choisir"
BLOQUANTES = (REFUSEE, A_JUSTIFIER, A_CHOISIR)
DOUBLE = "Cette ligne parle de la même chose que la ligne {ligne} : gardez-en une."
MANQUE = "Il manque cette valeur, qu’une ligne nouvelle doit donner : complétez la cellule."


@dataclass(frozen=True, slots=True)
class Changement:
    titre: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Faute:
    """`colonne`: the title in the file, empty for the whole row; `actuel`: what is recorded, where it is to be changed."""

    colonne: str
    valeur: str
    remede: str
    actuel: str = ""

    def __str__(self):
        ou = f"Colonne « {self.colonne} »" + (f", « {self.valeur[:80]} »" if self.valeur else "")
        return f"{ou} : {self.remede}" if self.colonne else self.remede


@dataclass(slots=True)
class LigneApercu:
    """`ecrit`: what is written of the object, to be undone: see `ctg.imports.services`.

    `titres`: {field: title in the file} where the row was moved from a column of its own.
    """

    numero: int
    nom: str
    identite: Identite
    titres: dict[str, str] = field(default_factory=dict)
    sort: str = ""
    changements: list[Changement] = field(default_factory=list)
    fautes: list[Faute] = field(default_factory=list)
    objet: models.Model | None = None
    ecrit: dict[str, Any] = field(default_factory=dict)

    @property
    def probleme(self) -> str:
        """For the file that is given back."""
        if self.sort == A_CHOISIR:
            noms = " ou ".join(f"« {candidat.nom} »" for candidat in self.identite.candidats)
            return f"Ressemble à {noms} : dites à l’écran si c’est la même."
        return " ".join(map(str, self.fautes))


@dataclass(slots=True)
class Apercu:
    lignes: list[LigneApercu]

    def de(self, *sorts: str) -> list[LigneApercu]:
        return [ligne for ligne in self.lignes if ligne.sort in sorts]

    @property
    def nb(self) -> dict[str, int]:
        return {
            sort: len(self.de(sort))
            for sort in (NOUVELLE, MODIFIEE, INCHANGEE, REFUSEE, A_JUSTIFIER, A_CHOISIR)
        }

    @property
    def est_bloque(self) -> bool:
        return bool(self.de(*BLOQUANTES))

    @property
    def change_quelque_chose(self) -> bool:
        return bool(self.de(NOUVELLE, MODIFIEE))

    @property
    def demande_source(self) -> bool:
        return self._demande(COMPLETER)

    @property
    def demande_rectification(self) -> bool:
        return self._demande(RECTIFIER)

    def _demande(self, remede: str) -> bool:
        return any(faute.remede == remede for ligne in self.de(A_JUSTIFIER) for faute in ligne.fautes)

    @property
    def a_rapprocher(self) -> list[LigneApercu]:
        """The rows of which somebody has to say whether they are the same as another, or did say."""
        return [li for li in self.lignes if li.identite.candidats and not li.identite.est_certaine]

    @property
    def reconnues(self) -> list[LigneApercu]:
        """Those of which it goes without saying, unless somebody says the contrary."""
        return [li for li in self.lignes if li.identite.candidats and li.identite.est_certaine]

    @property
    def empreinte(self) -> str:
        """Names what was shown: what is confirmed is that."""
        dit = [
            [
                ligne.numero,
                ligne.sort,
                ligne.identite.choix,
                *((c.titre, c.avant, c.apres) for c in ligne.changements),
            ]
            for ligne in self.lignes
        ]
        return hashlib.sha256(json.dumps(dit, ensure_ascii=False).encode()).hexdigest()


def examiner(importable: Importable, convention: Convention, depot: Depot, *, ecrire: bool = False) -> Apercu:
    """`ecrire`: inside the transaction of who calls, everything is written unless a row is refused."""
    return _Examen(importable, convention, depot).faire(ecrire=ecrire)


class _Examen:
    def __init__(self, importable: Importable, convention: Convention, depot: Depot):
        self.importable, self.convention, self.depot = importable, convention, depot
        self.resource = importable.resource()
        self.colonnes = [(c, self.resource.fields[c.champ]) for c in importable.colonnes]
        self.titres = dict(zip(depot.champs, depot.tableau.titres, strict=True))

    def faire(self, *, ecrire: bool) -> Apercu:
        valeurs = [par_titre(self.depot.champs, ligne.cellules) for ligne in self.depot.tableau.lignes]
        choix = {
            rang: self.depot.choix[ligne.numero]
            for rang, ligne in enumerate(self.depot.tableau.lignes)
            if ligne.numero in self.depot.choix
        }
        identites = self.importable.identifier(self.convention, valeurs, choix)
        lignes, a_lire = [], []
        for lue, donne, identite in zip(self.depot.tableau.lignes, valeurs, identites, strict=True):
            titres = {self.depot.champs[rang]: titre for rang, titre in lue.origines.items()}
            ligne = LigneApercu(
                lue.numero, self.importable.nommer(donne), identite, titres, fautes=self._fautes_lues(lue)
            )
            lignes.append(ligne)
            if identite.double is not None:
                autre = self.depot.tableau.lignes[identite.double].numero
                ligne.fautes.append(Faute("", "", DOUBLE.format(ligne=autre)))
            if identite.faute:
                ou = self._titre(ligne, identite.champ), donne.get(identite.champ, "").strip()
                ligne.fautes.append(Faute(*ou, identite.faute))
            if ligne.fautes:
                ligne.sort = REFUSEE
            elif identite.attend:
                ligne.sort = A_CHOISIR
            else:
                a_lire.append((ligne, donne))
        self._passer(a_lire, ecrire=ecrire and len(a_lire) == len(lignes))
        return Apercu(lignes)

    def _titre(self, ligne: LigneApercu, champ: str, defaut: str = "") -> str:
        """What the person's file calls this column, on this row."""
        return ligne.titres.get(champ) or self.titres.get(champ, defaut)

    def _fautes_lues(self, lue: LigneLue) -> list[Faute]:
        """Formulas and the like, in the columns that are imported."""
        return [
            Faute(lue.origines.get(rang, self.depot.tableau.titres[rang]), lue.cellules[rang], faute)
            for rang, faute in sorted(lue.fautes.items())
            if self.depot.champs[rang]
        ]

    def _passer(self, a_lire: Sequence[tuple[LigneApercu, dict]], *, ecrire: bool) -> None:
        if not a_lire:
            return
        result = self.resource.import_data(
            self._dataset(a_lire), dry_run=not ecrire, retain_instance_in_row_result=True
        )
        if result.base_errors:
            for ligne, _ in a_lire:
                ligne.sort, ligne.fautes = REFUSEE, [Faute("", "", str(result.base_errors[0].error))]
            return
        for (ligne, donne), row in zip(a_lire, result.rows, strict=True):
            self._conclure(ligne, donne, row)

    def _dataset(self, a_lire) -> tablib.Dataset:
        """Columns by which a row is found, then those of the file, then why the signed text changes."""
        cles = list(a_lire[0][0].identite.cle)
        champs = [c.champ for c, _ in self.colonnes if c.champ in self.titres]
        champs = [champ for champ in champs if self.resource.fields[champ].column_name not in cles]
        motifs = list(self.resource.colonnes_de_motif())
        signes = self.importable.modele.CONTRACTUELS if self.importable.est_contractuel else ()
        communs = {"source_contrat": self.depot.source, "rectification": self.depot.rectification}
        dataset = tablib.Dataset(
            headers=[*cles, *(self.resource.fields[c].column_name for c in champs), *motifs]
        )
        for ligne, donne in a_lire:
            dataset.append(
                [
                    *ligne.identite.cle.values(),
                    *(
                        "" if ligne.identite.garde_le_texte_signe and champ in signes else donne[champ]
                        for champ in champs
                    ),
                    *(donne.get(nom, "").strip() or communs.get(nom, "") for nom in motifs),
                ]
            )
        return dataset

    def _conclure(self, ligne: LigneApercu, donne, row: RowResult) -> None:
        if row.errors:
            raise row.errors[0].error  # not of the file: ours
        if row.validation_error:
            ligne.fautes = list(self._fautes(ligne, row.validation_error, donne))
            remedes = {faute.remede for faute in ligne.fautes}
            ligne.sort = A_JUSTIFIER if remedes <= {COMPLETER, RECTIFIER} else REFUSEE
            return
        avant = None if row.is_new() else row.original
        ligne.objet = row.instance
        if row.is_skip():
            ligne.sort = INCHANGEE
            return
        ligne.sort = NOUVELLE if avant is None else MODIFIEE
        for colonne, f in self.colonnes:
            ancien = "" if avant is None else str(f.export(avant) or "")
            nouveau = str(f.export(row.instance) or "")
            if ancien != nouveau:
                ligne.changements.append(Changement(colonne.titre, ancien, nouveau))
        ligne.ecrit = _en_memoire(avant, row.instance)

    def _fautes(self, ligne: LigneApercu, error: ValidationError, donne) -> Iterator[Faute]:
        dit = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for attribut, erreurs in dit.items():
            for erreur in erreurs:
                remede = MANQUE if erreur.code in {"null", "blank"} else " ".join(erreur.messages)
                noms = champs_de_la_contrainte(self.importable.modele, remede) or {attribut}
                visees = [(c, f) for c, f in self.colonnes if f.attribute in noms]
                actuel = self._actuel(ligne, visees[0][1]) if remede == RECTIFIER and visees else ""
                yield Faute(
                    ", ".join(dict.fromkeys(self._titre(ligne, c.champ, c.titre) for c, _ in visees)),
                    " ; ".join(filter(None, (donne.get(c.champ, "").strip() for c, _ in visees))),
                    remede,
                    actuel,
                )

    def _actuel(self, ligne: LigneApercu, f) -> str:
        objet = self.resource._meta.instance_loader_class(self.resource).get_instance(
            dict(ligne.identite.cle)
        )
        return "" if objet is None else str(f.export(objet) or "")


def champs_de_la_contrainte(modele: type[models.Model], message: str) -> set[str]:
    """The fields that a constraint of the table speaks of: its fault is theirs."""
    for contrainte in modele._meta.constraints:
        if contrainte.violation_error_message == message:
            return set(getattr(contrainte, "fields", ())) | _noms(
                getattr(contrainte, "condition", None) or models.Q()
            )
    return set()


def _noms(condition: models.Q) -> set[str]:
    noms = set()
    for enfant in condition.children:
        if isinstance(enfant, models.Q):
            noms |= _noms(enfant)
        elif isinstance(enfant, tuple):
            noms.add(enfant[0].partition("__")[0])
    return noms


def champs_ecrits(modele: type[models.Model]) -> list[models.Field]:
    return [f for f in modele._meta.concrete_fields if f.editable and not f.primary_key]


def _en_memoire(avant: models.Model | None, apres: models.Model) -> dict[str, Any]:
    """{field: [before, after]} of what is written; of what is new, {field: after} of all of it."""
    champs = {f.attname: f for f in champs_ecrits(type(apres))}
    if avant is None:
        return {nom: en_json(f, apres) for nom, f in champs.items()}
    return {
        nom: [en_json(f, avant), en_json(f, apres)]
        for nom, f in champs.items()
        if f.value_from_object(avant) != f.value_from_object(apres)
    }


def en_json(f: models.Field, objet: models.Model):
    return json.loads(json.dumps(f.to_python(f.value_from_object(objet)), cls=DjangoJSONEncoder))
