"""How far the entries of a campaign are: by fiche, by axe, by person; what is missing, and who owes it."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from ctg.models import Convention, Personne, Utilisateur
from evaluation.bilan import Completude
from evaluation.campagnes import champ_de, nom_du_champ
from evaluation.enums import SituationMesure, StatutCampagne, StatutSaisie
from evaluation.equipe import Equipe, collect_equipe
from evaluation.models import ChampRenvoye, Indicateur, LigneSaisie, Mesure, ModaliteIndicateur, Saisie
from evaluation.ventilation import EcartDetail, ecart_detail
from fiches.models import FicheProjet


@dataclass(frozen=True, slots=True)
class LigneAttendue:
    """An indicator that is due; `renvoi` is what was asked of it, if it was sent back."""

    indicateur: Indicateur
    responsable: Personne | None
    situation: str
    renvoi: str = ""

    @property
    def champ(self) -> str:
        return champ_de(self.indicateur)

    @property
    def is_manquante(self) -> bool:
        return self.situation == SituationMesure.NON_RENSEIGNEE


@dataclass(frozen=True, slots=True)
class SuiviFiche:
    saisie: Saisie
    lignes: tuple[LigneAttendue, ...]
    renvois: tuple[ChampRenvoye, ...]  # those that are not answered
    redevables: tuple[Utilisateur, ...]
    valideurs: tuple[Utilisateur, ...]
    joignables: frozenset[int]  # accounts of the responsables of lines who may enter them
    injoignables: tuple[str, ...]  # sentences
    is_ouverte: bool  # it can be written today

    @property
    def fiche(self) -> FicheProjet:
        return self.saisie.fiche

    @property
    def echeance(self) -> datetime.date:
        return self.saisie.date_exception or self.saisie.campagne.date_limite

    @property
    def manquantes(self) -> list[LigneAttendue]:
        return [ligne for ligne in self.lignes if ligne.is_manquante]

    @property
    def completude(self) -> Completude:
        return completude(self.lignes)

    @property
    def is_due(self) -> bool:
        return self.is_ouverte and self.saisie.statut in StatutSaisie.MODIFIABLES

    @property
    def autres_renvois(self) -> list[tuple[str, str, str]]:
        """(field, its name, what is asked) of what is sent back beside the indicators."""
        des_lignes = {ligne.champ for ligne in self.lignes}
        return [
            (r.champ, nom_du_champ(r.champ), r.commentaire) for r in self.renvois if r.champ not in des_lignes
        ]


@dataclass(frozen=True, slots=True)
class Devoir:
    """What one person owes of one entry: « saisir », « corriger » or « valider », and the lines that are theirs."""

    compte: Utilisateur
    nature: str
    suivi: SuiviFiche
    lignes: tuple[LigneAttendue, ...] = ()
    is_soumission: bool = False  # theirs to submit, beside the lines


def ecarts_du_detail(suivis: list["SuiviFiche"]) -> list[tuple[str, Indicateur, EcartDetail]]:
    """(address of the field, indicateur, by how much) of each value whose parts do not make the total; two queries."""
    attendues = {
        (ligne.indicateur.pk, suivi.saisie.campagne.annee): (suivi, ligne)
        for suivi in suivis
        for ligne in suivi.lignes
    }
    mesures = Mesure.objects.filter(
        indicateur__in={pk for pk, _ in attendues},
        annee__in={annee for _, annee in attendues},
        parts__isnull=False,
    )
    modalites = Counter(
        ModaliteIndicateur.objects.filter(indicateur__in=mesures.values("indicateur")).values_list(
            "indicateur", flat=True
        )
    )
    ecarts = []
    for mesure in mesures.distinct().prefetch_related("parts"):
        suivi, ligne = attendues.get((mesure.indicateur_id, mesure.annee), (None, None))
        valeurs = [part.valeur for part in mesure.parts.all()]
        valeurs += [None] * (modalites[mesure.indicateur_id] - len(valeurs))
        if ligne and (ecart := ecart_detail(ligne.indicateur, mesure.valeur, valeurs)):
            ecarts.append((f"{suivi.saisie.get_absolute_url()}#champ-{ligne.champ}", ligne.indicateur, ecart))
    return sorted(ecarts, key=lambda dit: dit[1].code)


def completude(lignes) -> Completude:
    situations = Counter(ligne.situation for ligne in lignes)
    sans_objet = situations[SituationMesure.SANS_OBJET]
    return Completude(situations[SituationMesure.RENSEIGNEE], len(lignes) - sans_objet, sans_objet)


def collect_suivi(
    saisies, convention: Convention, *, today: datetime.date, comme_ouverte: bool = False
) -> list[SuiviFiche]:
    """`saisies`: a queryset of entries of that convention. The number of queries does not grow with them.

    `comme_ouverte`: what it will be once the campaign is open.
    """
    lignes = LigneSaisie.objects.select_related("indicateur", "responsable__utilisateur")
    saisies = list(
        saisies.for_list().prefetch_related(
            Prefetch("lignes", lignes.order_by("indicateur__ordre", "pk")),
            Prefetch("renvois", ChampRenvoye.objects.filter(date_reponse=None).order_by("pk")),
            "fiche__axes",
        )
    )
    situations = {
        (indicateur, annee): situation
        for indicateur, annee, situation in Mesure.objects.filter(
            indicateur__lignes_saisie__saisie__in=[s.pk for s in saisies]
        ).values_list("indicateur", "annee", "situation")
    }
    equipe = collect_equipe(convention, today=today)
    return [
        _suivre(saisie, situations, equipe, is_ouverte=comme_ouverte or is_inscriptible(saisie, today=today))
        for saisie in saisies
    ]


def is_inscriptible(saisie: Saisie, *, today: datetime.date) -> bool:
    """Its campaign is open, or an exception runs."""
    en_exception = saisie.date_exception is not None and saisie.date_exception >= today
    return saisie.campagne.statut == StatutCampagne.OUVERTE or en_exception


def a_suivre(convention: Convention, *, today: datetime.date):
    """The entries that somebody may have to do something about today: open campaigns, and exceptions that run."""
    return Saisie.objects.filter(
        Q(campagne__statut=StatutCampagne.OUVERTE) | Q(date_exception__gte=today),
        campagne__convention=convention,
    )


def _suivre(saisie: Saisie, situations: dict, equipe: Equipe, *, is_ouverte: bool) -> SuiviFiche:
    fiche, annee = saisie.fiche, saisie.campagne.annee
    renvois = tuple(saisie.renvois.all())
    demandes = {renvoi.champ: renvoi.commentaire for renvoi in renvois}
    lignes = tuple(
        LigneAttendue(
            ligne.indicateur,
            ligne.responsable,
            situations.get((ligne.indicateur_id, annee), SituationMesure.NON_RENSEIGNEE),
            demandes.get(champ_de(ligne.indicateur), ""),
        )
        for ligne in saisie.lignes.all()
    )
    return SuiviFiche(
        saisie=saisie,
        lignes=lignes,
        renvois=renvois,
        redevables=tuple(equipe.redevables(fiche)),
        valideurs=tuple(equipe.valideurs(fiche, sauf=saisie.soumise_par_id)),
        joignables=frozenset(
            ligne.responsable.utilisateur_id
            for ligne in lignes
            if ligne.responsable and equipe.peut_saisir(ligne.responsable.utilisateur_id, fiche)
        ),
        injoignables=tuple(_injoignables(fiche, lignes, equipe)),
        is_ouverte=is_ouverte,
    )


def _injoignables(fiche: FicheProjet, lignes, equipe: Equipe):
    """Who is named but cannot be written to, or cannot enter: a sentence each."""
    if not equipe.redevables(fiche):
        yield f"{fiche.code}\u00a0: aucun référent ni coordinateur n’a de mandat."
    for personne in {
        ligne.responsable.pk: ligne.responsable for ligne in lignes if ligne.responsable
    }.values():
        if personne.utilisateur_id is None:
            yield f"{personne} ({fiche.code})\u00a0: sans compte."
        elif not equipe.peut_saisir(personne.utilisateur_id, fiche):
            yield f"{personne} ({fiche.code})\u00a0: sans mandat pour saisir cette fiche."


def collect_devoirs(suivis: list[SuiviFiche]) -> list[Devoir]:
    """Who owes what. A line is its responsable's where that person can be reached, else the fiche's référents'."""
    devoirs = []
    for suivi in suivis:
        if suivi.is_due:
            devoirs += _a_saisir(suivi)
        elif suivi.is_ouverte and suivi.saisie.statut == StatutSaisie.SOUMISE:
            devoirs += [Devoir(compte, "valider", suivi) for compte in suivi.valideurs]
    return devoirs


def _a_saisir(suivi: SuiviFiche):
    corriger = suivi.saisie.statut == StatutSaisie.A_CORRIGER
    nature = "corriger" if corriger else "saisir"
    if corriger and suivi.renvois:
        dues = tuple(ligne for ligne in suivi.lignes if ligne.renvoi)
    else:
        dues = tuple(suivi.manquantes)
    principaux = {compte.pk for compte in suivi.redevables}
    for compte in suivi.redevables:
        yield Devoir(compte, nature, suivi, dues, is_soumission=True)
    for compte_id in sorted(suivi.joignables - principaux):
        siennes = tuple(d for d in dues if d.responsable and d.responsable.utilisateur_id == compte_id)
        if siennes:
            yield Devoir(siennes[0].responsable.utilisateur, nature, suivi, siennes)
