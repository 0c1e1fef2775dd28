"""The meetings of the demonstration: their minutes went round, the latest waits for the Caf, the next has its agenda."""

import datetime

from django.utils import timezone

from ctg.models import Convention, Utilisateur
from fiches.models import FicheProjet
from gouvernance.enums import ActionCompteRendu as A
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import EtapeCompteRendu, PointOrdreDuJour, Reunion
from gouvernance.services import enregistrer_point
from gouvernance.transitions import appliquer

DERNIERE_TRANSMISE = 2026  # minutes of that year wait for the aval
# Of the next meeting: title, minutes, label, fiches.
POINTS = (
    ("Mi-parcours : méthode et calendrier", 30, "CTG", ()),
    ("Volet logement de la bourse des jeunes", 20, "CTG", ("JEU-2",)),
    ("Parcours des élèves : ce que la cité éducative engage", 20, "Cité éducative", ("ENF-2",)),
)


def raconter_reunions(
    convention: Convention, *, charge: Utilisateur, caf: Utilisateur, today: datetime.date
) -> int:
    """Idempotent: minutes that have begun their circuit, and an agenda that has a point, are left alone."""
    nb = 0
    reunions = Reunion.objects.filter(convention=convention).order_by("date", "pk")
    for reunion in reunions.filter(date__lt=today, etat_compte_rendu=EtatCompteRendu.BROUILLON).exclude(
        compte_rendu=""
    ):
        if EtapeCompteRendu.objects.filter(reunion=reunion).exists():
            continue
        lendemain = timezone.make_aware(
            datetime.datetime.combine(reunion.date + datetime.timedelta(days=1), datetime.time(10))
        )
        actions = ((A.TRANSMETTRE, charge), (A.AVALISER, caf), (A.DIFFUSER, charge))
        for jour, (action, user) in enumerate(
            actions[:1] if reunion.annee == DERNIERE_TRANSMISE else actions
        ):
            appliquer(action, reunion.pk, user=user, now=lendemain + datetime.timedelta(days=jour))
        nb += 1
    prochaine = reunions.filter(date__gt=today, points=None).first()
    if prochaine is not None:
        _inscrire(prochaine)
        nb += 1
    return nb


def _inscrire(reunion: Reunion) -> None:
    labels = {label.nom: label for label in reunion.convention.labels.all()}
    for intitule, duree, label, codes in POINTS:
        fiches = FicheProjet.objects.filter(convention=reunion.convention, code__in=codes, successeur=None)
        enregistrer_point(
            PointOrdreDuJour(reunion=reunion, intitule=intitule, duree=duree, label=labels.get(label)),
            fiches=list(fiches),
        )
