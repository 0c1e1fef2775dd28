"""A block of definitions pasted from a spreadsheet: read, checked cell by cell, then written whole or not at all."""

import csv
import datetime
import io
import re

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from ctg.fusion import champ
from ctg.models import Convention, Personne, Quartier
from ctg.permissions import check
from ctg.recherche import normalise
from evaluation.apercu_collage import Changement, Collage, LigneCollee, Rejet
from evaluation.colonnes_collees import CHOIX, DEFAUTS, PAR_NOM
from evaluation.definitions import enregistrer_indicateur, verrouiller_fiche
from evaluation.enums import Ventilation
from evaluation.equipe import collect_equipe
from evaluation.forms_indicateurs import CHAMPS_DES_PARTS, IndicateurForm, nom_de
from evaluation.models import Indicateur
from fiches.models import FicheProjet
from structures.models import Structure

MAX_LIGNES = 300
MAX_CARACTERES = 400_000
_SEPARATEURS = re.compile(r"\s*[|;\n]\s*")


def lire_rangs(
    convention: Convention, user, rangs: list[list[str]], vides: frozenset[tuple[int, str]] = frozenset()
) -> Collage:
    """The same of rows already read: those of a workbook, whose own limits hold.

    `vides`: {(row, field)}, the empty cells that do say something: what was there is taken away.
    """
    lecture = _Lecture(convention, user, max_lignes=len(rangs), vides=vides)
    lecture.lire(rangs)
    return lecture.collage


def lire_collage(convention: Convention, user, texte: str) -> Collage:
    """What the block would change; nothing is written."""
    lecture = _Lecture(convention, user)
    if len(texte) > MAX_CARACTERES:
        lecture.rejeter(1, "", "", "ce bloc est trop long : collez-le en plusieurs fois")
        return lecture.collage
    try:
        rangs = list(csv.reader(io.StringIO(texte.replace("\x00", "\ufffd"), newline=""), delimiter="\t"))
    except csv.Error:
        lecture.rejeter(1, "", "", "ce bloc ne se lit pas : copiez-le de nouveau depuis le tableur")
        return lecture.collage
    lecture.lire(rangs)
    return lecture.collage


@transaction.atomic
def appliquer_collage(
    convention: Convention, user, texte: str, empreinte: str, *, now: datetime.datetime
) -> tuple[Collage, bool]:
    """Write every line, or none; false when a cell is rejected, or when something moved since the preview."""
    apercu = lire_collage(convention, user, texte)
    for pk in sorted({ligne.form.fiche.pk for ligne in apercu.lignes}):
        verrouiller_fiche(pk)
    collage = lire_collage(convention, user, texte)
    if collage.rejets or not collage.lignes or collage.empreinte != empreinte:
        return collage, False
    for ligne in collage.lignes:
        if ligne.etat != "inchangé":
            enregistrer_indicateur(ligne.form, user=user, now=now)
    return collage, True


class _Lecture:
    def __init__(self, convention: Convention, user, *, max_lignes=MAX_LIGNES, vides=frozenset()):
        self.convention, self.user = convention, user
        self.max_lignes, self.vides = max_lignes, vides
        self.collage = Collage()
        self.entetes: dict[str, str] = {}  # field → heading as written
        today = timezone.localdate()
        fiches = FicheProjet.objects.filter(convention=convention).en_vigueur(au=today)
        self.fiches = {
            normalise(fiche.code): fiche
            for fiche in fiches.select_related("convention__territoire", "axe").prefetch_related("axes")
        }
        indicateurs = Indicateur.objects.filter(fiche__convention=convention).en_vigueur(au=today)
        self.indicateurs = {
            (i.fiche_id, normalise(i.code)): i
            for i in indicateurs.select_related("fiche__convention__territoire")
        }
        self.vues: dict[tuple, int] = {}
        self.equipe = collect_equipe(convention, today=today)

    def rejeter(self, ligne: int, colonne: str, valeur: str, remede: str) -> None:
        self.collage.rejets.append(Rejet(ligne, colonne, valeur[:80], remede))

    def lire(self, rangs: list[list[str]]) -> None:
        remplis = [(n, rang) for n, rang in enumerate(rangs, start=1) if any(cell.strip() for cell in rang)]
        if not remplis:
            self.rejeter(1, "", "", "collez au moins la ligne des titres et une ligne de valeurs")
            return
        (premiere, titres), *lignes = remplis
        colonnes = self._colonnes(premiere, titres)
        if not lignes:
            self.rejeter(premiere, "", "", "sous les titres, collez au moins un indicateur")
        if len(lignes) > self.max_lignes:
            self.rejeter(
                premiere, "", "", f"au plus {self.max_lignes} lignes à la fois : collez-les en plusieurs fois"
            )
        if self.collage.rejets:
            return
        for numero, rang in lignes:
            cellules = {}
            for rang_colonne, cell in enumerate(rang):
                if rang_colonne < len(colonnes):
                    cellules[colonnes[rang_colonne]] = cell.strip()
                elif cell.strip():
                    self.rejeter(numero, "", cell, "cette cellule n’a pas de titre au-dessus d’elle")
            cellules.pop("", None)
            self._ligne(numero, cellules)

    def _colonnes(self, numero: int, titres: list[str]) -> list[str]:
        colonnes = []
        for titre in titres:
            nom = normalise(titre)
            annee = re.fullmatch(r"cible (20\d\d)", nom)
            colonne = PAR_NOM.get(nom, "")
            if annee and int(annee[1]) in self.convention.annees:
                colonne = f"cible_{annee[1]}"
            if not colonne and nom:
                self.rejeter(
                    numero,
                    titre,
                    titre,
                    "ce titre de colonne n’est pas connu : corrigez-le, ou ôtez la colonne",
                )
            elif colonne in colonnes and colonne:
                self.rejeter(numero, titre, titre, "cette colonne est en double : gardez-en une")
            colonnes.append(colonne)
            self.entetes[colonne] = titre.strip()
        for voulue in ("fiche", "code"):
            if voulue not in colonnes:
                self.rejeter(
                    numero,
                    voulue,
                    "",
                    f"la colonne « {voulue} » manque : elle dit quel indicateur est décrit",
                )
        return colonnes

    def _ligne(self, numero: int, cellules: dict[str, str]) -> None:
        fiche = self.fiches.get(normalise(cellules.get("fiche", "")))
        if fiche is None:
            self.rejeter(
                numero,
                "fiche",
                cellules.get("fiche", ""),
                "écrivez le code d’une fiche en vigueur, comme PE-1",
            )
            return
        if not (access := check(self.user, "evaluation.definir", fiche)):
            self.rejeter(numero, "fiche", fiche.code, access.reason)
            return
        cle = (fiche.pk, normalise(cellules.get("code", "")))
        if cle in self.vues:
            self.rejeter(
                numero,
                "code",
                cellules.get("code", ""),
                f"cet indicateur est déjà à la ligne {self.vues[cle]}",
            )
            return
        self.vues[cle] = numero
        indicateur = self.indicateurs.get(cle)
        vide = IndicateurForm(instance=indicateur, fiche=fiche, equipe=self.equipe)
        avant = {bound.name: champ(bound) for bound in vide if bound.name != "jeton"}
        data = QueryDict(mutable=True)
        for name, etat in avant.items():
            data.setlist(name, list(etat.brut))
        if indicateur is None:
            data.update({name: valeur for name, valeur in DEFAUTS.items() if not data.get(name)})
        if not self._composer(numero, cellules, data, nouveau=indicateur is None):
            return
        form = IndicateurForm(data, instance=indicateur, fiche=fiche, equipe=self.equipe)
        if not form.is_valid():
            for name, fautes in form.errors.items():
                self._fautes(numero, form, name, fautes, cellules)
            return
        changes = [
            Changement(nom_de(bound), avant[bound.name].affichage, apres.affichage)
            for bound in form
            if bound.name in avant and bound.name != "motif"
            if (apres := champ(bound, data)).canonique != avant[bound.name].canonique
        ]
        etat = "nouveau" if indicateur is None else "modifié" if changes else "inchangé"
        self.collage.lignes.append(
            LigneCollee(
                numero,
                fiche.code,
                form.instance.code,
                form.instance.intitule,
                etat,
                changes,
                repr([etat_avant.canonique for etat_avant in avant.values()]),
                form,
            )
        )

    def _fautes(self, numero: int, form, name: str, fautes, cellules) -> None:
        colonne = "parts" if name in CHAMPS_DES_PARTS.values() else name
        label = str(form.fields[name].label) if name in form.fields else ""
        for faute in fautes:
            self.rejeter(numero, self.entetes.get(colonne) or label, cellules.get(colonne, ""), faute)

    def _composer(self, numero: int, cellules, data: QueryDict, *, nouveau: bool) -> bool:
        """Put the cells in the form's data; an empty cell says nothing. False when one is rejected."""
        avant = len(self.collage.rejets)
        for colonne in cellules:
            if (numero, colonne) in self.vides:
                # No part is asked any more, or no value: the form says whether that may be.
                effaces = CHAMPS_DES_PARTS.values() if colonne == "parts" else [colonne]
                for name in effaces:
                    data.setlist(name, [])
        for colonne, cell in cellules.items():
            if not cell or colonne in {"fiche", "parts"} or (colonne == "code" and not nouveau):
                continue
            if colonne in CHOIX:
                data[colonne] = self._choix(numero, colonne, cell)
            elif colonne == "responsable":
                data[colonne] = self._responsable(numero, cell)
            else:
                data[colonne] = cell
        if cellules.get("parts"):
            self._parts(numero, cellules["parts"], data)
        return len(self.collage.rejets) == avant

    def _choix(self, numero: int, colonne: str, cell: str) -> str:
        enum, voulu = CHOIX[colonne], normalise(cell)
        for valeur, nom in enum.choices:
            if voulu in {normalise(valeur), normalise(nom)}:
                return valeur
        self.rejeter(numero, self.entetes[colonne], cell, f"écrivez l’un de : {', '.join(enum.labels)}")
        return ""

    def _responsable(self, numero: int, cell: str) -> str:
        voulu = normalise(cell)
        trouvees = [
            p
            for p in Personne.objects.filter(convention=self.convention, is_anonyme=False)
            if voulu in {normalise(str(p)), normalise(f"{p.nom} {p.prenom}"), normalise(p.email) or None}
        ]
        if len(trouvees) == 1:
            return str(trouvees[0].pk)
        dit = "plusieurs personnes portent ce nom : écrivez l’adresse électronique"
        inconnue = (
            "cette personne n’est pas dans la liste de la convention : corrigez le nom, ou ajoutez-la d’abord"
        )
        self.rejeter(numero, self.entetes["responsable"], cell, dit if trouvees else inconnue)
        return ""

    def _parts(self, numero: int, cell: str, data: QueryDict) -> None:
        """Names joined by « | », « ; » or line feeds."""
        noms = [nom for nom in _SEPARATEURS.split(cell) if nom.strip()]
        ventilation = data.get("ventilation")
        name = CHAMPS_DES_PARTS.get(ventilation)
        if name is None:
            return
        if ventilation == Ventilation.AGE:
            data[name] = "\n".join(noms)
            return
        if ventilation == Ventilation.QUARTIER:
            connus = Quartier.objects.de_reference(self.convention.territoire)
        else:
            connus = Structure.objects.of_convention(self.convention)
        par_nom = {normalise(objet.nom): str(objet.pk) for objet in connus}
        for nom in noms:
            if normalise(nom) not in par_nom:
                self.rejeter(
                    numero,
                    self.entetes["parts"],
                    nom,
                    "ce nom n’est pas connu : écrivez-le comme dans la liste",
                )
        data.setlist(name, [par_nom[normalise(nom)] for nom in noms if normalise(nom) in par_nom])
