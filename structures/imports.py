"""Importing the registry: a row is a structure of the territory, known by its code, or by its name and address."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.text import slugify

from ctg.imports.importable import AUTRE, CORRIGE, MEME, Identite, Importable
from ctg.models import Convention
from structures.colonnes import COLONNES
from structures.models import Inscription, Structure
from structures.rapprochement import Rapprochement, cle_adresse, cle_nom
from structures.resources import StructureDeConventionResource

LONGUEUR_CODE = 30
ANNEXE = "Annexe"  # in the list; it changes on the page of the structure
SANS_NOM = (
    "La ligne n’a ni nom ni code : on ne sait pas de quelle structure elle parle. Écrivez l’un des deux."
)
INCONNU = "Aucune structure n’a le code « {code} », et la ligne n’a pas de nom. Corrigez le code, ou écrivez le nom."
D_UNE_AUTRE = (
    "Le code « {code} » est celui d’une structure d’une autre convention de ce territoire : elle se change là-bas. Ôtez la "
    "ligne, ou changez le code."
)


class StructuresImportables(Importable):
    code = "structures"
    titre = "Importer des structures"
    quoi = ("structure", "structures")
    espace = "structures"
    parent = ("structures:list", "Structures")
    resource = StructureDeConventionResource
    colonnes = COLONNES
    exige = (("nom", "code"),)
    hors_import = (ANNEXE,)
    note = (
        "Une structure nouvelle entre au registre du territoire sans être inscrite à une annexe : c’est un avenant qui "
        "l’inscrit."
    )

    def nommer(self, ligne):
        return (ligne.get("nom") or ligne.get("code") or "").strip()

    def exporter(self, convention):
        """Those of the convention, and those of its territory that no convention has named yet."""
        structures = Structure.objects.du_registre(convention, is_tenu=True)
        return structures.select_related("type_structure", "gestionnaire", "quartier").order_by(
            "type_structure__ordre", "nom", "pk"
        )

    def identifier(
        self, convention: Convention, lignes: Sequence[Mapping[str, str]], choix: Mapping[int, str]
    ) -> list[Identite]:
        return _Identification(convention, list(self.exporter(convention))).faire(lignes, choix)


class _Identification:
    def __init__(self, convention: Convention, structures: list[Structure]):
        self.territoire = convention.territoire.nom
        self.par_code = {structure.code.casefold(): structure for structure in structures}
        self.par_pk = {structure.pk: structure for structure in structures}
        self.rapprochement = Rapprochement(structures)
        inscrites = Inscription.objects.filter(structure__territoire=convention.territoire)
        self.inscrites = set(inscrites.values_list("structure", flat=True))
        tous = Structure.objects.filter(territoire=convention.territoire).values_list("code", flat=True)
        self.codes_pris = {code.casefold() for code in tous}
        self.codes_d_autres = self.codes_pris - set(self.par_code)
        self.vues: dict = {}  # {what names the object: rank of its row}

    def faire(self, lignes, choix) -> list[Identite]:
        self.codes_pris |= {ligne.get("code", "").strip().casefold() for ligne in lignes}
        return [self._identifier(rang, ligne, choix.get(rang, "")) for rang, ligne in enumerate(lignes)]

    def _identifier(self, rang: int, ligne: Mapping[str, str], choisi: str) -> Identite:
        code = ligne.get("code", "").strip()
        if connue := self.par_code.get(code.casefold()):
            return self._une_fois(rang, ligne, connue.code)
        if code.casefold() in self.codes_d_autres:
            return Identite(faute=D_UNE_AUTRE.format(code=code), champ="code")
        if not self._nom(ligne):
            return Identite(
                faute=INCONNU.format(code=code) if code else SANS_NOM, champ="code" if code else ""
            )
        candidats, est_certain = self.rapprochement.chercher(ligne)
        candidats = [replace(c, est_signe=c.pk in self.inscrites) for c in candidats]
        permis = {f"{MEME}-{candidat.pk}" for candidat in candidats} | {AUTRE}
        permis |= {f"{CORRIGE}-{candidat.pk}" for candidat in candidats if candidat.est_signe}
        if choisi not in permis:
            choisi = f"{MEME}-{candidats[0].pk}" if est_certain else ""
        if candidats and not choisi:
            return Identite(candidats=tuple(candidats))
        if choisi.startswith((MEME, CORRIGE)):
            code = self.par_pk[int(choisi.partition("-")[2])].code
        return self._une_fois(
            rang,
            ligne,
            code or self._nouveau_code(self._nom(ligne)),
            candidats=tuple(candidats),
            choix=choisi,
            est_certaine=est_certain,
        )

    @staticmethod
    def _nom(ligne) -> str:
        return ligne.get("nom", "").strip()

    def _une_fois(self, rang: int, ligne, code: str, **suite) -> Identite:
        """Two rows that say the same would write over each other."""
        nommes = [("code", code.casefold())]
        if code.casefold() not in self.par_code:
            nommes.append(("nom", cle_nom(self._nom(ligne)), cle_adresse(ligne.get("adresse", ""))))
        if deja := [self.vues[nomme] for nomme in nommes if nomme in self.vues]:
            return Identite(double=deja[0], **suite)
        self.vues |= dict.fromkeys(nommes, rang)
        return Identite({"territoire": self.territoire, "code": code}, **suite)

    def _nouveau_code(self, nom: str) -> str:
        base = slugify(nom)[:LONGUEUR_CODE].strip("-") or "structure"
        code, suite = base, 2
        while code in self.codes_pris:
            code, suite = f"{base}-{suite}", suite + 1
        self.codes_pris.add(code)
        return code


STRUCTURES = StructuresImportables()
