"""What a projet d’avenant says, before and after: plain data, that the page and the PDF draw and that « arrêter » freezes."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ctg.historique import Difference
from ctg.models import DONNEES_DEMONSTRATION, Convention, Organisme, Service
from ctg.templatetags.affichage import nombre, veille
from evaluation.avenants.annexes import AnnexeProjetee, projeter_annexes
from evaluation.avenants.arbre import NoeudProjete, projeter_arbre
from evaluation.avenants.enums import NatureChangement
from evaluation.models import ChangementProjete, ProjetAvenant
from evaluation.models.regles_avenants import (
    CIBLES_CHIFFREES,
    REGLES,
    RUBRIQUES_DE_FICHE,
    is_sortie,
    nom_du_champ,
)
from fiches.models import Axe

N = NatureChangement


@dataclass(frozen=True, slots=True)
class ChampChange:
    """A field, in words."""

    champ: str
    libelle: str
    avant: str
    apres: str

    @property
    def difference(self) -> Difference:
        return Difference("", self.champ, self.libelle, self.avant, self.apres)


@dataclass(frozen=True, slots=True)
class LigneProjetee:
    """A line of the projet, in words. `cle`: its key."""

    cle: int
    nature: str
    titre: str
    objet: str
    motif: str
    is_sortie: bool
    champs: tuple[ChampChange, ...]

    @property
    def long(self) -> str:
        return f"{self.titre} : {self.objet}"


@dataclass(frozen=True, slots=True)
class FicheProjetee:
    """The full new text of a fiche that is added or changed."""

    code: str
    titre: str
    is_nouvelle: bool
    axes: tuple[str, ...]
    rubriques: tuple[ChampChange, ...]


@dataclass(frozen=True, slots=True)
class SignataireProjete:
    marque: str
    nom: str
    qualite: str


@dataclass(frozen=True, slots=True)
class ContenuAvenant:
    convention: str
    numero: int
    objet: str
    date_effet: datetime.date
    expose: str
    decision: str
    is_demonstration: bool
    lignes: tuple[LigneProjetee, ...]
    arbre: tuple[NoeudProjete, ...]
    fiches: tuple[FicheProjetee, ...]
    indicateurs: tuple[LigneProjetee, ...]
    annexes: tuple[AnnexeProjetee, ...]
    signataires: tuple[SignataireProjete, ...]

    @property
    def change_l_arbre(self) -> bool:
        return any(noeud.est_touche for noeud in self.arbre)

    @property
    def change_les_annexes(self) -> bool:
        return any(annexe.est_touchee for annexe in self.annexes)

    @property
    def change_les_signataires(self) -> bool:
        return any(signataire.marque for signataire in self.signataires)


def lire_lignes(projet: ProjetAvenant) -> list[ChangementProjete]:
    """Its lines with all that they name, in order; one query."""
    lignes = projet.changements.select_related(
        "axe__service",
        "objectif__axe",
        "fiche__pilote",
        "fiche__service_pilote",
        "indicateur__fiche",
        "structure",
        "inscription__structure",
        "organisme",
        "signataire__organisme",
        "sous",
    )
    return list(lignes.order_by("ordre", "pk"))


def composer(projet: ProjetAvenant) -> ContenuAvenant:
    """As the plan is now, and as the projet would make it."""
    convention, lignes = projet.convention, lire_lignes(projet)
    noms = _Noms(convention, lignes)
    avant = veille(projet.date_effet)
    dites = tuple(_ligne(ligne, noms) for ligne in lignes)
    return ContenuAvenant(
        convention=str(convention),
        numero=projet.numero,
        objet=projet.objet,
        date_effet=projet.date_effet,
        expose=projet.expose,
        decision=projet.decision.numero if projet.decision_id else "",
        is_demonstration=projet.source == DONNEES_DEMONSTRATION,
        lignes=dites,
        arbre=projeter_arbre(convention, lignes, au=avant),
        fiches=tuple(_fiches(lignes, noms)),
        indicateurs=tuple(
            dite for dite, ligne in zip(dites, lignes, strict=True) if ligne.nature.startswith("indicateur")
        ),
        annexes=projeter_annexes(convention, lignes, au=avant),
        signataires=tuple(_signataires(convention, lignes, avant)),
    )


class _Noms:
    """The names of what the lines point at by key; three queries."""

    def __init__(self, convention: Convention, lignes: Iterable[ChangementProjete]):
        dits = [valeurs for ligne in lignes for valeurs in (ligne.valeurs, ligne.avant)]
        pilotes = {v["pilote"] for v in dits if v.get("pilote")}
        services = {v[nom] for v in dits for nom in ("service", "service_pilote") if v.get(nom)}
        self.noms = {
            "pilote": {o.pk: str(o) for o in Organisme.objects.filter(pk__in=pilotes)},
            "service": {s.pk: str(s) for s in Service.objects.filter(pk__in=services)},
            "axes": {axe.pk: str(axe) for axe in Axe.objects.filter(convention=convention)},
        }
        self.noms["service_pilote"] = self.noms["service"]

    def ecrire(self, modele, nom: str, valeur) -> str:
        if valeur in (None, "", [], {}):
            return ""
        if nom == CIBLES_CHIFFREES:
            return ", ".join(f"{annee} : {nombre(Decimal(cible))}" for annee, cible in sorted(valeur.items()))
        if nom == "axes":
            return " ; ".join(self.noms["axes"].get(pk, "axe disparu") for pk in valeur)
        return self.noms[nom].get(valeur, "disparu") if nom in self.noms else _ecrire(modele, nom, valeur)


def _ecrire(modele, nom: str, valeur) -> str:
    champ = modele._meta.get_field(nom)
    if champ.choices:
        return str(dict(champ.flatchoices).get(valeur, valeur))
    if champ.get_internal_type() == "DecimalField":
        return nombre(Decimal(valeur))
    if champ.get_internal_type() == "DateField":
        return datetime.date.fromisoformat(valeur).strftime("%d/%m/%Y")
    return str(valeur)


def nom_de_la_cible(ligne: ChangementProjete) -> str:
    if ligne.nature == N.AXE_AJOUTER:
        return ligne.valeurs.get("intitule", "")
    if ligne.nature in {N.OBJECTIF_AJOUTER, N.FICHE_AJOUTER, N.INDICATEUR_AJOUTER}:
        dans = str(ligne.cible) if ligne.cible else f"nouveau : {ligne.sous.valeurs.get('intitule', '')}"
        return f"{ligne.valeurs.get('intitule', '')} ({dans})"
    return str(ligne.cible)


def _ligne(ligne: ChangementProjete, noms: _Noms) -> LigneProjetee:
    return LigneProjetee(
        cle=ligne.pk,
        nature=ligne.nature,
        titre=str(ligne.get_nature_display()),
        objet=nom_de_la_cible(ligne),
        motif=ligne.motif,
        is_sortie=is_sortie(ligne.nature),
        champs=tuple(_champs(ligne, noms)),
    )


def _champs(ligne: ChangementProjete, noms: _Noms) -> Iterable[ChampChange]:
    modele = ligne.regle.modele
    for nom in REGLES[ligne.nature].champs:
        if nom not in ligne.valeurs:
            continue
        avant = noms.ecrire(modele, nom, ligne.avant.get(nom))
        apres = noms.ecrire(modele, nom, ligne.valeurs[nom])
        if nom == "axes" and ligne.sous_id:
            apres = " ; ".join(filter(None, [apres, f"nouveau : {ligne.sous.valeurs['intitule']}"]))
        if avant != apres:
            yield ChampChange(nom, nom_du_champ(modele, nom), avant, apres)


def _fiches(lignes: list[ChangementProjete], noms: _Noms) -> Iterable[FicheProjetee]:
    """Added or changed, with the rubrics that have a text; a fiche that moves too is one."""
    vues: dict[int, list[ChangementProjete]] = {}
    for ligne in lignes:
        if ligne.nature in {N.FICHE_MODIFIER, N.FICHE_RATTACHER}:
            vues.setdefault(ligne.fiche_id, []).append(ligne)
        elif ligne.nature == N.FICHE_AJOUTER:
            vues[-ligne.pk] = [ligne]
    for siennes in vues.values():
        yield _fiche(siennes, noms)


def _fiche(lignes: list[ChangementProjete], noms: _Noms) -> FicheProjetee:
    fiche, modele = lignes[0].fiche, lignes[0].regle.modele
    valeurs = {nom: valeur for ligne in lignes for nom, valeur in ligne.valeurs.items()}
    avant = {nom: valeur for ligne in lignes for nom, valeur in ligne.avant.items()}
    rubriques = []
    for nom in ("pilote", "service_pilote", *RUBRIQUES_DE_FICHE):
        actuel = modele._meta.get_field(nom).value_from_object(fiche) if fiche else None
        dit = noms.ecrire(modele, nom, valeurs[nom]) if nom in valeurs else _actuel(fiche, nom, actuel)
        ancien = noms.ecrire(modele, nom, avant.get(nom)) if nom in avant else ("" if nom in valeurs else dit)
        if dit or ancien:
            rubriques.append(ChampChange(nom, nom_du_champ(modele, nom), ancien, dit))
    titre = valeurs.get("intitule") or (fiche.titre if fiche else "")
    axes = [noms.noms["axes"].get(pk, "") for pk in valeurs.get("axes", [])]
    if not fiche and lignes[0].axe:
        axes = [str(lignes[0].axe)]
    axes += [f"nouveau : {ligne.sous.valeurs['intitule']}" for ligne in lignes if ligne.sous_id]
    return FicheProjetee(fiche.code if fiche else "", titre, fiche is None, tuple(axes), tuple(rubriques))


def _actuel(fiche, nom: str, valeur) -> str:
    if fiche is None or valeur in (None, ""):
        return ""
    return str(getattr(fiche, nom) or "")


def _signataires(
    convention: Convention, lignes: list[ChangementProjete], avant: datetime.date
) -> Iterable[SignataireProjete]:
    sortent = {ligne.signataire_id for ligne in lignes if ligne.nature == N.SIGNATAIRE_RETIRER}
    actuels = convention.signataires.en_vigueur(au=avant).select_related("organisme").order_by("ordre", "pk")
    for signataire in actuels:
        marque = "clos" if signataire.pk in sortent else ""
        yield SignataireProjete(marque, str(signataire.organisme), signataire.qualite)
    for ligne in lignes:
        if ligne.nature == N.SIGNATAIRE_AJOUTER:
            yield SignataireProjete("ajoute", str(ligne.organisme), ligne.valeurs.get("qualite", ""))
