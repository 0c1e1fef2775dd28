"""How structures are known to look alike: their SIRET, name, address. The one measure of the import, of a structure that is
added by hand, and of two that are to be merged."""

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ctg.imports.importable import Candidat
from ctg.recherche import normalise
from structures.models import Structure

NOM, NOM_MEME_ADRESSE = 0.82, 0.5
AU_PLUS, A_COMPARER = 3, 25  # shown, and compared letter by letter
# Words of half the registry: they bring nobody nearer.
COURANTS = frozenset(
    [
        "multi",
        "accueil",
        "creche",
        "micro",
        "petite",
        "grande",
        "centre",
        "social",
        "loisirs",
        "alsh",
        "rpe",
        "relais",
        "rue",
        "avenue",
        "boulevard",
        "place",
        "allee",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
        "et",
        "a",
        "au",
        "aux",
        "saint",
    ]
)
ARTICLES = frozenset(["de", "du", "des", "la", "le", "les", "l", "d"])
VOIES = {
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "boul": "boulevard",
    "pl": "place",
    "all": "allee",
}


def cle_nom(nom: str) -> str:
    return normalise(nom)


def cle_adresse(adresse: str) -> str:
    """« 25, Bd. de Mansart » → "25 boulevard mansart"."""
    return " ".join(VOIES.get(mot, mot) for mot in normalise(adresse).split() if mot not in ARTICLES)


@dataclass(frozen=True, slots=True)
class _Connue:
    structure: Structure
    noms: tuple[str, ...]
    adresse: str
    commune: str


@dataclass(frozen=True, slots=True)
class _Note:
    connue: _Connue
    ressemblance: float
    meme_adresse: bool
    meme_siret: bool
    meme_nom: bool

    @property
    def rang(self) -> float:
        return self.ressemblance + self.meme_adresse + 2 * self.meme_siret

    def est_certaine(self, siret: str, adresse: str) -> bool:
        """The same name, and nothing that says the contrary. One SIRET may have several services."""
        autre_siret = bool(siret and self.connue.structure.siret) and not self.meme_siret
        autre_adresse = bool(adresse and self.connue.adresse) and not self.meme_adresse
        return self.meme_nom and not autre_siret and (self.meme_siret or not autre_adresse)

    @property
    def candidat(self) -> Candidat:
        raisons = [
            "même nom" if self.meme_nom else "nom proche" if self.ressemblance >= NOM_MEME_ADRESSE else ""
        ]
        raisons += ["même adresse" if self.meme_adresse else "", "même SIRET" if self.meme_siret else ""]
        structure = self.connue.structure
        detail = " · ".join(filter(None, (str(structure.type_structure), structure.adresse_complete)))
        return Candidat(structure.pk, structure.nom, detail, ", ".join(filter(None, raisons)))


class Rapprochement:
    """The structures of a territory, by what tells them apart."""

    def __init__(self, structures: Iterable[Structure]):
        self.par_trace: dict[str, list[int]] = defaultdict(list)
        self.par_siret: dict[str, list[int]] = defaultdict(list)
        self.par_adresse: dict[str, list[int]] = defaultdict(list)
        self.connues: list[_Connue] = []
        for structure in structures:
            connue = _Connue(
                structure,
                tuple(map(cle_nom, (structure.nom, *structure.autres_graphies.splitlines()))),
                cle_adresse(structure.adresse),
                normalise(structure.commune),
            )
            rang = len(self.connues)
            self.connues.append(connue)
            for trace in set().union(*map(_traces, connue.noms)):
                self.par_trace[trace].append(rang)
            if structure.siret:
                self.par_siret[structure.siret].append(rang)
            if connue.adresse:
                self.par_adresse[connue.adresse].append(rang)

    def chercher(self, ligne: Mapping[str, str]) -> tuple[list[Candidat], bool]:
        """Those that it looks like, the nearest first; whether the first is the same without a doubt."""
        nom, adresse = cle_nom(ligne.get("nom", "")), cle_adresse(ligne.get("adresse", ""))
        commune = normalise(ligne.get("commune", ""))
        siret = "".join(ligne.get("siret", "").split())
        memes_siret = self.par_siret.get(siret, [])
        if not nom:
            return [], False
        communes = Counter(rang for trace in _traces(nom) for rang in self.par_trace.get(trace, ()))
        rangs = {rang for rang, _ in communes.most_common(A_COMPARER)} | {
            *self.par_adresse.get(adresse, ()),
            *memes_siret,
        }
        notes = []
        for rang in rangs:
            connue = self.connues[rang]
            meme_adresse = bool(adresse) and adresse == connue.adresse and commune in {"", connue.commune}
            # One place holds several services: there, the name has to be nearer where the type is another.
            meme_type = _meme_type(ligne, connue.structure)
            suffit = NOM_MEME_ADRESSE if meme_adresse and meme_type else NOM
            note = max(_ressemblance(nom, sien) for sien in connue.noms)
            if meme_type and ligne.get("type_structure"):  # « Crèche Balzac », « Multi-accueil Balzac »
                propre = _propre(nom)
                note = max(note, *(_ressemblance(propre, _propre(sien)) for sien in connue.noms))
            meme_siret = rang in memes_siret
            if meme_siret or note >= suffit:
                notes.append(_Note(connue, note, meme_adresse, meme_siret, nom in connue.noms))
        notes.sort(key=lambda n: (-n.rang, n.connue.structure.pk))
        certaines = [n for n in notes if n.est_certaine(siret, adresse)]
        return [n.candidat for n in notes[:AU_PLUS]], len(certaines) == 1 and certaines[0] is notes[0]


def proches(structure: Structure, autres: Iterable[Structure]) -> list[Candidat]:
    """Those that this structure looks like, the nearest first."""
    ligne = {
        "nom": structure.nom,
        "adresse": structure.adresse,
        "commune": structure.commune,
        "siret": structure.siret,
        "type_structure": structure.type_structure.nom,
    }
    return Rapprochement(autres).chercher(ligne)[0]


def _meme_type(ligne: Mapping[str, str], structure: Structure) -> bool:
    lu, connu = normalise(ligne.get("type_structure", "")), structure.type_structure
    return not lu or lu in {normalise(connu.nom), normalise(connu.code)}


def _propre(nom: str) -> str:
    """What tells it apart; the whole name where nothing does."""
    return " ".join(mot for mot in nom.split() if mot not in COURANTS) or nom


def _traces(nom: str) -> set[str]:
    """Three letters in a row of the words that tell it apart: a slip changes few of them."""
    mots = set(nom.split())
    return {f" {mot} "[i : i + 3] for mot in mots - COURANTS or mots for i in range(len(mot))}


def _ressemblance(un: str, autre: str) -> float:
    """Whatever the order of the words."""
    droit = difflib.SequenceMatcher(None, un, autre, autojunk=False)
    if droit.real_quick_ratio() < NOM_MEME_ADRESSE:
        return 0
    trie = difflib.SequenceMatcher(
        None, " ".join(sorted(un.split())), " ".join(sorted(autre.split())), autojunk=False
    )
    return max(droit.ratio(), trie.ratio())
