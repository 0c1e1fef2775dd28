"""« Classeur de la convention » that comes back: what it would change, then all of it written, or nothing."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.http import QueryDict

from ctg.fusion import champ
from ctg.lecture_xlsx import ClasseurError, lire_xlsx
from ctg.models import Brouillon, Convention
from ctg.permissions import check
from ctg.recherche import normalise
from evaluation.apercu_collage import LigneCollee
from evaluation.classeurs.apercu import Apercu, Sort
from evaluation.classeurs.convention import (
    CHOIX_FICHES,
    COLONNES_FICHES,
    DITS,
    FICHES,
    INDICATEURS,
    MAX_CELLULE,
    NATURE,
    colonnes_indicateurs,
    comparees,
    fiches_du_classeur,
    indicateurs_du_classeur,
    textes_d_indicateur,
    textes_de_fiche,
)
from evaluation.classeurs.depots import lire_depot
from evaluation.classeurs.feuilles import (
    ENTETE,
    MASQUEES,
    RangLu,
    empreinte,
    lire_feuille,
    lire_signature,
)
from evaluation.collage import lire_rangs
from evaluation.definitions import enregistrer_indicateur
from fiches.forms import FicheForm
from fiches.models import FicheProjet
from fiches.services import enregistrer_fiche

INCONNUE = (
    "Cette ligne n’est pas, ou n’est plus, de la convention : téléchargez de nouveau le classeur et reportez-y ce que "
    "vous avez écrit."
)
EN_DOUBLE = "Cette ligne est en double dans le classeur : gardez-en une."
NOUVELLE_FICHE = (
    "Une fiche ne se crée pas ici : le texte signé la donne, ou un avenant. Effacez cette ligne, et créez la fiche dans "
    "l’administration."
)
TROP_LONG = "Ce texte est trop long pour une cellule : modifiez-le sur la page de la fiche."
DEJA_DEFINI = "Cet indicateur a déjà sa ligne dans le classeur : modifiez-la, ou changez le code de celle-ci."


def lire_classeur_convention(fichier, convention: Convention) -> list[RangLu]:
    """Raises ClasseurError."""
    feuilles = lire_xlsx(fichier)
    nature, convention_id, *reste = lire_signature(feuilles)
    if nature != NATURE or reste:
        raise ClasseurError(
            "Ce fichier n’est pas le classeur de la convention : déposez-le sur la page d’où il vient."
        )
    if convention_id != convention.pk:
        raise ClasseurError("Ce classeur est celui d’une autre convention : déposez-le dans la sienne.")
    return [
        *lire_feuille(feuilles, FICHES, COLONNES_FICHES),
        *lire_feuille(feuilles, INDICATEURS, colonnes_indicateurs(convention)),
    ]


@dataclass(slots=True)
class LectureConvention:
    """The rows against the convention as it is now. `choix`: what the page of the preview sent."""

    convention: Convention
    rangs: list[RangLu]
    choix: Mapping[str, str]
    user: object
    apercu: Apercu = field(default_factory=Apercu)
    fiches: list[FicheForm] = field(default_factory=list)
    indicateurs: list[LigneCollee] = field(default_factory=list)
    concernees: set[int] = field(default_factory=set)  # fiches

    def lire(self) -> "LectureConvention":
        fiches, indicateurs = fiches_du_classeur(self.convention), indicateurs_du_classeur(self.convention)
        vues: set[str] = set()
        a_coller: list[tuple[RangLu, dict[str, str]]] = []
        definis = {(normalise(i.fiche.code), normalise(i.code)) for i in indicateurs.values()}
        for rang in self.rangs:
            premiere = next(iter(rang.cellules))
            if rang.cle and rang.cle in vues:
                self.apercu.refuser(rang, premiere, "ligne", EN_DOUBLE)
            elif rang.feuille == FICHES and rang.cle in fiches:
                self._lire_fiche(rang, fiches[rang.cle])
            elif rang.feuille == INDICATEURS and rang.cle in indicateurs:
                indicateur = indicateurs[rang.cle]
                touches = self._touches(
                    rang, textes_d_indicateur(indicateur), comparees(colonnes_indicateurs(self.convention)),
                    indicateur.code,
                )  # fmt: skip
                if touches:
                    a_coller.append(
                        (rang, {"fiche": indicateur.fiche.code, "code": indicateur.code} | touches)
                    )
                    self.concernees.add(indicateur.fiche_id)
            elif rang.feuille == INDICATEURS and not rang.cle:
                self._nouvel_indicateur(rang, definis, a_coller)
            else:
                raison = INCONNUE if rang.cle else NOUVELLE_FICHE
                self.apercu.refuser(rang, premiere, "ligne", raison)
            vues.add(rang.cle)
        if a_coller:
            self._coller(a_coller, indicateurs)
        return self

    def _touches(
        self, rang: RangLu, actuels: dict[str, str], compares: list[str], code: str
    ) -> dict[str, str]:
        """{column: text} of the cells that the person changed, and that may be taken."""
        if len(rang.vus) != len(compares):
            self.apercu.refuser(rang, compares[0], code, MASQUEES)
            return {}
        touches = {}
        for nom, vu in zip(compares, rang.vus, strict=True):
            lue, actuel = rang.cellules[nom], actuels.get(nom, "")
            mienne, actuelle = empreinte(lue.texte), empreinte(actuel)
            quoi, cle = f"{code}, {nom_de_colonne(self.convention, rang, nom)}", f"choix-{rang.cle}-{nom}"
            choix = self.choix.get(cle, "")
            if lue.faute:
                self.apercu.refuser(rang, nom, quoi, lue.faute)
            elif mienne in {vu, actuelle} or choix == f"leur:{actuelle}":
                self.apercu.nb_inchangees += 1
            elif rang.feuille == INDICATEURS and nom in {"fiche", "code"}:
                self.apercu.refuser(
                    rang, nom, quoi, "La fiche et le code d’un indicateur défini ne se changent pas ici."
                )
            elif len(actuel) > MAX_CELLULE:
                self.apercu.refuser(rang, nom, quoi, TROP_LONG)
            elif actuelle != vu and choix != f"mien:{actuelle}":
                dit = {"mien": lue.texte, "actuel": actuel, "cle": cle, "empreinte": actuelle}
                self.apercu.ajouter(Sort.CONFLIT, rang.feuille, lue.adresse, quoi, **dit)
            else:
                touches[nom] = rang.texte(nom)
        for nom in DITS & set(rang.cellules):
            if rang.cellules[nom].faute:
                self.apercu.refuser(rang, nom, code, rang.cellules[nom].faute)
        return touches

    def _lire_fiche(self, rang: RangLu, fiche: FicheProjet) -> None:
        actuels = textes_de_fiche(fiche)
        touches = self._touches(rang, actuels, comparees(COLONNES_FICHES), fiche.code)
        if not touches:
            return
        self.concernees.add(fiche.pk)
        if not (access := check(self.user, "fiches.modifier", fiche)):
            self.apercu.refuser(rang, next(iter(touches)), fiche.code, access.reason)
            return
        data, refuses = self._composer(rang, fiche, touches)
        form = FicheForm(data, instance=fiche, lit_notes=False)
        for nom, fautes in form.errors.items():
            ici = nom if nom in rang.cellules else next(iter(touches))
            if ici not in refuses:
                self._refuser(rang, ici, fiche.code, " ".join(fautes))
                refuses.add(ici)
        if not form.errors:
            self.fiches.append(form)
        for nom, texte in touches.items():
            if nom not in refuses:
                self._annoncer(rang, nom, fiche.code, texte, actuels[nom])

    def _composer(
        self, rang: RangLu, fiche: FicheProjet, touches: dict[str, str]
    ) -> tuple[QueryDict, set[str]]:
        """(what the form of the fiche would receive, the columns whose words are not known)."""
        vide, data, refuses = FicheForm(instance=fiche, lit_notes=False), QueryDict(mutable=True), set()
        for bound in vide:
            data.setlist(bound.name, list(champ(bound).brut))
        for nom, texte in touches.items():
            valeurs, inconnus = _bruts_de_fiche(vide, nom, texte)
            if inconnus:
                refuses.add(nom)
                raison = f"« {inconnus} » n’est pas dans la liste : écrivez-le comme dans l’application."
                self._refuser(rang, nom, fiche.code, raison)
            data.setlist(nom, valeurs)
        for nom in ("source_contrat", "rectification"):
            data[nom] = rang.texte(nom)
        return data, refuses

    def _refuser(self, rang: RangLu, nom: str, code: str, raison: str) -> None:
        self.apercu.refuser(rang, nom, f"{code}, {nom_de_colonne(self.convention, rang, nom)}", raison)

    def _annoncer(self, rang: RangLu, nom: str, code: str, mien: str, actuel: str) -> None:
        quoi = f"{code}, {nom_de_colonne(self.convention, rang, nom)}"
        sort = Sort.MODIFIEE if actuel else Sort.NOUVELLE
        self.apercu.ajouter(
            sort,
            rang.feuille,
            rang.cellules[nom].adresse,
            quoi,
            mien=mien or "(vide)",
            actuel=actuel or "(vide)",
        )

    def _nouvel_indicateur(self, rang: RangLu, definis, a_coller) -> None:
        fautives = [nom for nom, cellule in rang.cellules.items() if cellule.faute]
        for nom in fautives:
            self._refuser(rang, nom, "nouvel indicateur", rang.cellules[nom].faute)
        if (normalise(rang.texte("fiche")), normalise(rang.texte("code"))) in definis:
            self._refuser(rang, "code", rang.texte("code"), DEJA_DEFINI)
        elif not fautives:
            a_coller.append((rang, {nom: rang.texte(nom) for nom in rang.cellules}))

    def _coller(self, a_coller, indicateurs) -> None:
        """Through the reading of a pasted block: the same words, the same checks, the same locks."""
        colonnes = colonnes_indicateurs(self.convention)
        titres = {colonne.titre: colonne.nom for colonne in colonnes}
        par_numero = {rang.numero: (rang, textes) for rang, textes in a_coller}
        blocs: list[list[str]] = [[] for _ in range(max(par_numero))]
        blocs[ENTETE - 1] = list(titres)
        vides = set()
        for numero, (rang, textes) in par_numero.items():
            textes["motif"] = rang.texte("motif")
            blocs[numero - 1] = [textes.get(colonne.nom, "") for colonne in colonnes]
            if rang.cle:
                vides |= {(numero, nom) for nom, texte in textes.items() if not texte and nom != "motif"}
        collage = lire_rangs(self.convention, self.user, blocs, frozenset(vides))
        rejetees = set()
        for rejet in collage.rejets:
            rang, textes = par_numero[rejet.ligne]
            nom = titres.get(rejet.colonne) or next(
                (n for n in textes if n not in {"fiche", "code", "motif"}), "code"
            )
            rejetees.add((rejet.ligne, nom))
            remede = rejet.remede[:1].upper() + rejet.remede[1:]
            self._refuser(rang, nom, textes["code"], remede if remede.endswith(".") else f"{remede}.")
        self.indicateurs = [ligne for ligne in collage.lignes if ligne.etat != "inchangé"]
        self.concernees |= {ligne.form.fiche.pk for ligne in self.indicateurs}
        for numero, (rang, textes) in par_numero.items():
            if not rang.cle:
                if not any(ligne == numero for ligne, _ in rejetees):
                    self._annoncer(
                        rang, "code", textes["fiche"], f"{textes['code']} {textes['intitule']}", ""
                    )
                continue
            actuels = textes_d_indicateur(indicateurs[rang.cle])
            for nom, texte in textes.items():
                if nom not in {"fiche", "code", "motif"} and (numero, nom) not in rejetees:
                    self._annoncer(rang, nom, textes["code"], texte, actuels.get(nom, ""))


def nom_de_colonne(convention: Convention, rang: RangLu, nom: str) -> str:
    colonnes = COLONNES_FICHES if rang.feuille == FICHES else colonnes_indicateurs(convention)
    titre = next(colonne.titre for colonne in colonnes if colonne.nom == nom)
    return titre.partition(" (")[0].lower()


def _bruts_de_fiche(form: FicheForm, nom: str, texte: str) -> tuple[list[str], str]:
    """(what a browser would send, what is not known of it)."""
    if nom in CHOIX_FICHES:
        choix = {normalise(str(label)): value for value, label in CHOIX_FICHES[nom].choices}
        return [choix.get(normalise(texte), "")], "" if not texte or normalise(texte) in choix else texte
    if nom not in {"pilote", "service_pilote", "quartiers"}:
        return [texte], ""
    connus = {normalise(objet.nom): str(objet.pk) for objet in form.fields[nom].queryset}
    noms = [n.strip() for n in (texte.split(";") if nom == "quartiers" else [texte]) if n.strip()]
    inconnus = [n for n in noms if normalise(n) not in connus]
    return [connus[normalise(n)] for n in noms if normalise(n) in connus], ", ".join(inconnus)


def confirmer_convention(
    convention: Convention, adresse: str, choix: QueryDict, *, user, now: datetime.datetime
) -> tuple[Apercu | None, bool]:
    """(what was shown last, whether it is written); (None, False) where nothing waits, or no more.

    Raises ValidationError where something moved between the checks and the writing: nothing is written.
    """
    with transaction.atomic():
        depot = lire_depot(user, adresse, verrouiller=True)
        if depot is None:
            return None, False
        lecture = LectureConvention(convention, depot.rangs, choix, user).lire()
        if lecture.apercu.est_bloque or depot.cle != choix.get("confirmer"):
            return lecture.apercu, False
        # One order for everybody; the submission of an entry, which locks a definition, waits too.
        fiches = FicheProjet.objects.select_for_update(of=("self",), no_key=True)
        list(fiches.filter(pk__in=lecture.concernees).order_by("pk").values_list("pk"))
        lecture = LectureConvention(convention, depot.rangs, choix, user).lire()
        if lecture.apercu.est_bloque:
            return lecture.apercu, False
        for form in lecture.fiches:
            enregistrer_fiche(form, {})
        for ligne in lecture.indicateurs:
            enregistrer_indicateur(ligne.form, user=user, now=now)
        Brouillon.objects.filter(utilisateur=user, adresse=adresse).delete()
        return lecture.apercu, True
