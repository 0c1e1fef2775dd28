"""A projet d’avenant from its drafting to its application: the plan, the annexes and the indicators at two dates."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ctg.models import Avenant, Organisme
from evaluation.avenants.annulation import annuler
from evaluation.avenants.application import appliquer, essayer
from evaluation.avenants.contenu import ContenuAvenant
from evaluation.avenants.enums import NatureChangement as N
from evaluation.avenants.services import Proposition, arreter, preparer_projet, signer
from evaluation.canonique import lire
from evaluation.contenus import ecrire_contenu
from evaluation.models import Indicateur, ProjetAvenant
from evaluation.reports import collect_bilan
from fiches.arbre import construire_arbre
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from structures.annexes import comparer_annexes
from structures.models import Inscription

JOUR = datetime.date(2026, 9, 1)
VEILLE = datetime.date(2026, 8, 31)


def axe(code):
    return Axe.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def fiche(code):
    return FicheProjet.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def noeuds(convention, au):
    """{code: node} of the whole tree."""

    def tous(liste):
        for noeud in liste:
            yield noeud
            yield from tous(noeud.enfants)

    return {noeud.axe.code: noeud for noeud in tous(construire_arbre(convention, au=au))}


def propositions():
    """One of nearly each kind."""
    inscriptions = list(
        Inscription.objects.filter(convention__slug="dijon-2024", annexe="2").order_by("ordre")[:2]
    )
    sortante, changee = inscriptions
    ancien = (
        Indicateur.objects.filter(fiche__code="PE-2", date_fin=None)
        .exclude(pk__in=Indicateur.objects.filter(mesures__annee__gte=2026))
        .order_by("pk")[0]
    )
    objectif = ObjectifOperationnel.objects.filter(axe__code="PE.2", parent=None).order_by("ordre")[0]
    return [
        Proposition(N.AXE_AJOUTER, axe("PE"), {"intitule": "Accueillir les tout-petits la nuit"}),
        Proposition(N.OBJECTIF_AJOUTER, None, {"intitule": "Ouvrir un lieu de nuit"}, sous=0),
        Proposition(
            N.FICHE_AJOUTER, None, {"intitule": "La crèche de nuit", "constat": "Rien la nuit."}, sous=0
        ),
        Proposition(
            N.INDICATEUR_AJOUTER,
            None,
            {
                "code": "NUIT-1",
                "intitule": "Places de nuit",
                "nature": "entier",
                "type_indicateur": "realisation",
                "unite": "places",
                "periodicite": "annuelle",
                "periode": "annee_civile",
                "sens": "hausse",
                "cibles": {"2026": "12", "2027": "24"},
            },
            sous=2,
        ),
        Proposition(N.AXE_MODIFIER, axe("PE.1"), {"intitule": "Accompagner chaque famille"}),
        Proposition(N.OBJECTIF_MODIFIER, objectif, {"intitule": "Des horaires pour tous"}),
        Proposition(N.FICHE_MODIFIER, fiche("PE-3"), {"intitule": "Un accueil de qualité partout"}),
        Proposition(N.FICHE_RATTACHER, fiche("PE-4"), {"axes": [axe("PE.3").pk]}),
        Proposition(N.FICHE_CLORE, fiche("PE-5"), motif="Confiée au Département"),
        Proposition(N.AXE_CLORE, axe("PE.5")),
        Proposition(
            N.INDICATEUR_REMPLACER,
            ancien,
            {
                "code": "PE-2-N",
                "intitule": "Une autre façon de compter",
                "nature": ancien.nature,
                "type_indicateur": ancien.type_indicateur,
            },
            motif="Le logiciel change",
        ),
        Proposition(N.INSCRIPTION_RETIRER, sortante, motif="Fermeture"),
        Proposition(
            N.INSCRIPTION_CHANGER,
            changee,
            {"annexe": "2 bis", "rubrique": "COMMUNE DE DIJON", "nom": "Un nouveau nom"},
        ),
        Proposition(N.SIGNATAIRE_AJOUTER, Organisme.objects.get(nom="VYV"), {"qualite": "partenaire"}),
    ]


@pytest.fixture
def projet(dijon):
    return preparer_projet(dijon, objet="La petite enfance", date_effet=JOUR, changements=propositions())


@pytest.fixture
def signe(projet):
    arreter(projet.pk)
    return signer(projet.pk, date_signature=datetime.date(2026, 7, 1))


def test_the_whole_cycle_changes_the_plan_from_its_date_and_the_past_stays(signe, dijon, compte):
    avant = noeuds(dijon, VEILLE)
    objectifs = {n.objectif.intitule for n in avant["PE.2"].objectifs}

    projet = appliquer(signe.pk, user=compte("cooperation"), now=timezone.now())

    assert (projet.statut, projet.avenant.numero, projet.avenant.date_effet) == ("applique", 1, JOUR)
    hier, ce_jour = noeuds(dijon, VEILLE), noeuds(dijon, JOUR)
    assert set(ce_jour) - set(hier) == {"PE.6"}
    assert set(hier) - set(ce_jour) == {"PE.5"}
    assert {code: n.axe.intitule for code, n in hier.items()} == {c: n.axe.intitule for c, n in avant.items()}
    assert {n.objectif.intitule for n in hier["PE.2"].objectifs} == objectifs
    assert "Des horaires pour tous" in {n.objectif.intitule for n in ce_jour["PE.2"].objectifs} - objectifs
    assert ce_jour["PE.1"].axe.intitule == "Accompagner chaque famille"
    assert [f.code for f in ce_jour["PE.6"].fiches_porteuses] == ["PE-6"]
    assert [f.code for f in hier["PE.4"].fiches_porteuses] == ["PE-4"]
    assert not ce_jour["PE.4"].fiches_porteuses
    assert {f.code for f in ce_jour["PE.3"].fiches_porteuses} == {"PE-3", "PE-4"}
    assert [len(ce_jour[c].enfants) for c in ("PE", "ENF")] == [5, 5]

    nouvelle = fiche("PE-6")
    assert (nouvelle.statut, nouvelle.source, nouvelle.date_effet, nouvelle.axe.code) == (
        "a_engager",
        "Avenant n° 1 – La petite enfance",
        JOUR,
        "PE",
    )
    place = Indicateur.objects.get(code="NUIT-1")
    assert (place.fiche, {c.annee: int(c.valeur) for c in place.cibles.all()}) == (
        nouvelle,
        {2026: 12, 2027: 24},
    )
    suite = Indicateur.objects.get(code="PE-2-N")
    assert (suite.succede_a.date_fin, suite.date_effet) == (JOUR, JOUR)
    changements = {(c.quoi, c.annexe) for c in comparer_annexes(dijon, depuis=VEILLE, au=JOUR)}
    assert changements == {("sortie", "2"), ("changée", "2 bis")}
    assert [s.organisme.nom for s in dijon.signataires.filter(date_effet=JOUR)] == ["VYV"]


def test_what_was_frozen_is_what_was_written_and_says_before_and_after(projet, dijon):
    arrete = arreter(projet.pk)

    contenu = lire(ContenuAvenant, arrete.contenu)

    arbre = {noeud.code or noeud.intitule: noeud for noeud in contenu.arbre}
    assert arbre["PE.1"].marque == "change"
    assert arbre["PE.1"].avant.startswith("Accompagner l’enfant et sa famille")
    assert arbre["Accueillir les tout-petits la nuit"].marque == "ajoute"
    assert arbre["PE.5"].marque == "clos"
    assert {f.marque for f in arbre["PE.4"].fiches} == {"part"}
    assert ("arrive", "PE-4") in {(f.marque, f.code) for f in arbre["PE.3"].fiches}
    assert [(a.nb_avant, a.nb_apres) for a in contenu.annexes] == [(44, 42), (14, 15)]
    assert [s.nom for s in contenu.signataires if s.marque == "ajoute"] == ["VYV"]


def test_an_avenant_is_undone_as_one_act(signe, dijon, compte):
    def etat():
        return (
            {c: n.axe.intitule for c, n in noeuds(dijon, JOUR).items()},
            set(
                FicheProjet.objects.filter(convention=dijon).values_list(
                    "code", "intitule", "date_fin", "succede_a"
                )
            ),
            set(Inscription.objects.values_list("pk", "nom", "annexe", "date_fin")),
            set(Indicateur.objects.values_list("pk", "code", "date_fin")),
            set(dijon.signataires.values_list("organisme", "date_fin")),
            set(ObjectifOperationnel.objects.values_list("pk", "intitule", "date_effet", "date_fin")),
        )

    avant = etat()
    appliquer(signe.pk, user=compte("cooperation"), now=timezone.now())
    assert etat() != avant

    projet = annuler(signe.pk, motif="Mauvaise date", user=compte("cooperation"), now=timezone.now())

    assert (projet.statut, projet.avenant) == ("signe", None)
    assert etat() == avant
    assert not Avenant.objects.filter(convention=dijon).exists()
    appliquer(signe.pk, user=compte("cooperation"), now=timezone.now())


def test_it_is_not_undone_once_something_was_written_after_it(signe, compte):
    appliquer(signe.pk, user=compte("cooperation"), now=timezone.now())
    nouvelle = fiche("PE-6")
    nouvelle.constat = "Plus rien n’ouvre la nuit."
    nouvelle.save()

    with pytest.raises(ValidationError, match="a changé depuis que l’avenant s’applique"):
        annuler(signe.pk, motif="Mauvaise date", user=compte("cooperation"), now=timezone.now())

    assert ProjetAvenant.objects.get(pk=signe.pk).statut == "applique"


def test_a_trial_writes_nothing(signe, dijon, compte):
    essayer(signe.pk, user=compte("cooperation"), now=timezone.now())

    assert ProjetAvenant.objects.get(pk=signe.pk).statut == "signe"
    assert not Avenant.objects.exists()
    assert "PE.6" not in noeuds(dijon, JOUR)


def test_the_bilan_of_a_past_year_does_not_move(signe, dijon, compte):
    now = timezone.localtime()
    avant = ecrire_contenu(collect_bilan(dijon, 2025, now=now))

    appliquer(signe.pk, user=compte("cooperation"), now=timezone.now())

    assert ecrire_contenu(collect_bilan(dijon, 2025, now=now)) == avant
    textes = {fiche.code: fiche for fiche in collect_bilan(dijon, 2026, now=now).fiches}
    assert textes["PE-1"].axes[0].intitule == "Accompagner chaque famille"
    assert textes["PE-6"].titre == "La crèche de nuit"
