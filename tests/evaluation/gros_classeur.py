"""A workbook of 5,000 values, on a throw-away database, in a process that is killed: see test_classeur_tue."""

import sys

from django.http import QueryDict
from django.utils import timezone

from ctg.comptes_demo import COMPTES
from ctg.lecture_xlsx import CelluleLue
from ctg.models import Brouillon, Convention, Utilisateur
from evaluation.cellules import cellules
from evaluation.classeurs.depot_personnel import confirmer_personnel
from evaluation.classeurs.depots import garder_depot
from evaluation.classeurs.feuilles import RangLu
from evaluation.classeurs.personnel import LUES, SAISIE
from evaluation.grille import collect_grille
from evaluation.models import Indicateur, LigneSaisie, Mesure, Saisie
from evaluation.services import Ecriture

ANNEE, NB, ADRESSE = 2026, 5000, "/gros/"


def preparer(convention, user):
    """5,000 indicators that are due, on two fiches, and a workbook that gives a value to each."""
    saisies = [
        Saisie.objects.get(fiche__code=code, campagne__annee=ANNEE, campagne__nature="annuelle")
        for code in ("PE-1", "PE-2")
    ]
    Indicateur.objects.bulk_create(
        Indicateur(
            fiche_id=saisies[n < NB // 2 + 500].fiche_id,
            code=f"G-{n}",
            intitule=f"Gros {n}",
            ordre=n,
            nature="entier",
            type_indicateur="realisation",
        )
        for n in range(NB)
    )
    for saisie in saisies:
        gros = Indicateur.objects.filter(fiche=saisie.fiche_id, code__startswith="G-")
        LigneSaisie.objects.bulk_create(LigneSaisie(saisie=saisie, indicateur=i) for i in gros)
    grille = collect_grille(convention, ANNEE, user=user, today=timezone.localdate())
    rangs = []
    for numero, ligne in enumerate((li for li in grille if li.indicateur.code.startswith("G-")), start=5):
        textes = dict.fromkeys(LUES, "") | {"valeur": str(numero), "etat": "définitive"}
        lues = {nom: CelluleLue(f"K{numero}", texte) for nom, texte in textes.items()}
        vus = [cellule.empreinte() for cellule in cellules(ligne)]
        rangs.append(RangLu(SAISIE, numero, f"i{ligne.indicateur.pk}", vus, lues))
    garder_depot(user, ADRESSE, "gros.xlsx", rangs, now=timezone.now())


def confirmer(convention, user):
    """Say « milieu » when half is written, « fait » once the answer would be sent."""
    ecrire, nb = Ecriture.mesure, 0

    def compter(self, *args):
        nonlocal nb
        nb += 1
        if nb == NB // 2:
            dire("milieu")
        return ecrire(self, *args)

    Ecriture.mesure = compter
    choix = QueryDict(mutable=True)
    choix["confirmer"] = Brouillon.objects.get(adresse=ADRESSE).donnees["depot"][0]
    _, fait = confirmer_personnel(
        convention, ANNEE, ADRESSE, choix, user=user, now=timezone.now(), today=timezone.localdate()
    )
    dire("fait" if fait else "refus")


def dire(mot):
    nb = Mesure.objects.filter(indicateur__code__startswith="G-").count()
    sys.stdout.write(f"{mot} {nb}\n")
    sys.stdout.flush()


def main(quoi):
    [email] = [c["email"] for c in COMPTES if c["email"].startswith("cooperation@")]
    convention = Convention.objects.get(slug="dijon-2024")
    {"preparer": preparer, "confirmer": confirmer}[quoi](convention, Utilisateur.objects.get(email=email))
