"""The story of the demonstration: two years closed, one open, made by the transitions that people would call."""

import datetime

from django.db import transaction
from django.utils import timezone

from ctg.comptes_demo import COMPTES
from ctg.enums import Role
from ctg.models import Convention, Utilisateur
from evaluation.campagnes import fiches_de_lannee, preparer_campagne
from evaluation.enums import NatureCampagne, StatutCampagne
from evaluation.mi_parcours.recit import raconter_revue
from evaluation.models import Avancement, Campagne, Mesure, Saisie
from evaluation.participation.recit import raconter_participation
from evaluation.recit_bilan import JOURS, publier_annee
from evaluation.recit_effets import noter_effets, noter_effets_des_axes
from evaluation.recit_protocole import raconter_protocole
from evaluation.recit_reunions import raconter_reunions
from evaluation.transitions import appliquer_campagne, appliquer_saisie, commencer

CONSIGNE = "Merci de compléter vos indicateurs et l’avancement de vos fiches. DONNÉES DE DÉMONSTRATION."
# year: (opening, closing) of its campaign.
CLOSES = {
    2024: (datetime.date(2025, 1, 13), datetime.date(2025, 2, 28)),
    2025: (datetime.date(2026, 1, 12), datetime.date(2026, 2, 27)),
}
EN_COURS = 2026
NON_VALIDEES = {2024: (), 2025: ("JEU-2",)}
SOUMISES_EN_COURS, RENVOYEE_EN_COURS = ("JEU-3",), "AVS-1"


def a(jour: datetime.date, heure: int = 9) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


@transaction.atomic
def raconter(convention: Convention, *, now: datetime.datetime) -> int:
    """Idempotent: a year that has its campaign is left alone. The number of campaigns that this call made."""
    faites = set(Campagne.objects.filter(convention=convention).values_list("annee", flat=True))
    recit = _Recit(convention)
    nb = 0
    for annee, (ouverture, cloture) in CLOSES.items():
        if annee not in faites and a(cloture) < now:
            recit.annee_close(annee, ouverture, cloture)
            nb += 1
    if EN_COURS not in faites and timezone.localdate(now).year >= EN_COURS:
        recit.annee_ouverte(EN_COURS, now)
        nb += 1
    return nb


def raconter_gouvernance(convention: Convention, *, now: datetime.datetime) -> int:
    """What became of the minutes, and the next agenda; the number of meetings that this call touched."""
    recit = _Recit(convention)
    return raconter_reunions(convention, charge=recit.charge, caf=recit.caf, today=timezone.localdate(now))


def raconter_evaluation(convention: Convention, *, now: datetime.datetime) -> int:
    """Effects of axes, participation, the protocole and its questions, the review; how many rows this call made."""
    recit = _Recit(convention)
    charge = recit.charge
    return (
        noter_effets_des_axes(convention, user=charge, now=now)
        + raconter_participation(convention, user=charge, today=timezone.localdate(now))
        + raconter_protocole(convention, charge=charge, signataire=recit.signataire, now=now)
        + raconter_revue(convention, user=charge, now=now)
    )


def raconter_bilans(convention: Convention, *, now: datetime.datetime) -> int:
    """Publish the bilan of each closed year that has none; the number of bilans. Seconds each: documents are made."""
    recit = _Recit(convention)
    closes = Campagne.objects.filter(
        convention=convention, annee__in=CLOSES, nature=NatureCampagne.ANNUELLE, statut=StatutCampagne.CLOSE
    )
    sans_bilan = closes.exclude(annee__in=convention.bilans.values("annee")).order_by("annee")
    annees = [campagne.annee for campagne in sans_bilan if a(JOURS[campagne.annee][-1]) < now]
    for annee in annees:
        moments = [a(jour, 10) for jour in JOURS[annee]]
        publier_annee(convention, annee, charge=recit.charge, caf=recit.caf, moments=moments)
    return len(annees)


class _Recit:
    def __init__(self, convention: Convention):
        self.convention = convention
        comptes = {compte["email"].partition("@")[0]: compte for compte in COMPTES}
        self.charge, self.caf = self._compte(comptes["cooperation"]), self._compte(comptes["caf"])
        self.signataire = self._compte(comptes["signataire"])
        self.coordinateurs = {
            compte["perimetre"][1]: self._compte(compte)
            for compte in comptes.values()
            if compte["code_role"] == Role.COORDINATEUR_THEMATIQUE
        }

    @staticmethod
    def _compte(compte: dict) -> Utilisateur:
        return Utilisateur.objects.get(email=compte["email"])

    def annee_close(self, annee: int, ouverture: datetime.date, cloture: datetime.date) -> None:
        campagne = self._ouvrir(annee, ouverture, limite=cloture - datetime.timedelta(days=7))
        for rang, saisie in enumerate(self._saisies(campagne)):
            jour = ouverture + datetime.timedelta(days=14 + rang)
            self._dater(saisie, a(jour, 8))
            noter_effets(saisie, a(jour, 8))
            self._soumettre(saisie, jour)
            if saisie.fiche.code not in NON_VALIDEES[annee]:
                self._valider(saisie, jour + datetime.timedelta(days=3))
        appliquer_campagne("clore", campagne.pk, user=self.charge, now=a(cloture, 18))

    def annee_ouverte(self, annee: int, now: datetime.datetime) -> None:
        today = timezone.localdate(now)
        campagne = self._ouvrir(
            annee, today - datetime.timedelta(days=7), limite=today + datetime.timedelta(days=21)
        )
        for saisie in self._saisies(campagne):
            code = saisie.fiche.code
            if code in (*SOUMISES_EN_COURS, RENVOYEE_EN_COURS):
                self._soumettre(saisie, today)
            elif self._a_des_valeurs(saisie):
                commencer(saisie)
            if code == RENVOYEE_EN_COURS:
                appliquer_saisie(
                    "renvoyer",
                    saisie.pk,
                    user=self.charge,
                    now=a(today, 11),
                    champs={"realisations": "Pouvez-vous dire combien de familles ont participé ?"},
                )

    def _ouvrir(self, annee: int, jour: datetime.date, *, limite: datetime.date) -> Campagne:
        campagne = preparer_campagne(
            self.convention,
            annee,
            date_limite=limite,
            fiches=fiches_de_lannee(self.convention, annee),
            today=jour,
            consigne=CONSIGNE,
        )
        return appliquer_campagne("ouvrir", campagne.pk, user=self.charge, now=a(jour))

    @staticmethod
    def _saisies(campagne: Campagne) -> list[Saisie]:
        return list(campagne.saisies.for_list())

    @staticmethod
    def _dater(saisie: Saisie, quand: datetime.datetime) -> None:
        """The values of the demonstration are those of its files; when they were entered is of the story."""
        mesures = Mesure.objects.filter(indicateur__fiche=saisie.fiche, annee=saisie.campagne.annee)
        for mesure in mesures.order_by("pk"):
            mesure.updated_at = quand
            mesure.save(update_fields=["updated_at"])

    def _soumettre(self, saisie: Saisie, jour: datetime.date) -> None:
        commencer(saisie)
        coordinateur = self.coordinateurs[saisie.fiche.code.partition("-")[0]]
        appliquer_saisie("soumettre", saisie.pk, user=coordinateur, now=a(jour))

    def _valider(self, saisie: Saisie, jour: datetime.date) -> None:
        appliquer_saisie("valider", saisie.pk, user=self.charge, now=a(jour))

    @staticmethod
    def _a_des_valeurs(saisie: Saisie) -> bool:
        annee = saisie.campagne.annee
        return (
            Mesure.objects.filter(indicateur__fiche=saisie.fiche, annee=annee).exists()
            or Avancement.objects.filter(fiche=saisie.fiche, annee=annee).exists()
        )
