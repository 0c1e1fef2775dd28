"""A version of the bilan of 2025 in each of its states, brought there by its transitions."""

import functools

import pytest
from django.utils import timezone

from ctg.models import Convention
from evaluation.bilan import Contenu
from evaluation.campagnes import preparer_correction
from evaluation.canonique import lire
from evaluation.documents import FORMATS, Document
from evaluation.edition import Edition
from evaluation.enums import StatutBilan as B
from evaluation.figement import figer
from evaluation.models import Bilan, Campagne, Saisie
from evaluation.publication import publier
from evaluation.reports import collect_bilan
from evaluation.transitions import appliquer_campagne, appliquer_saisie
from evaluation.transitions_bilan import appliquer_bilan
from fiches.models import FicheProjet
from tests.evaluation.outils import NOW, dans

ANNEE = 2025
DEBAT = {
    "date": str(timezone.localdate()),
    "intitule": "Séminaire de quartier",
    "lieu": "Maison des associations",
}


@pytest.fixture
def bilan(dijon):
    """The live content of the year."""
    return collect_bilan(dijon, ANNEE, now=NOW)


@functools.cache
def rendre_pdf(contenu: bytes) -> bytes:
    """The PDF of the year whose JSON is `contenu`, rendered once: the same content gives the same bytes."""
    bilan = collect_bilan(Convention.objects.get(slug="dijon-2024"), 2025, now=NOW)
    assert FORMATS["json"].render(Edition(bilan)) == contenu
    return FORMATS["pdf"].render(Edition(bilan))


@pytest.fixture
def pdf(bilan):
    return rendre_pdf(FORMATS["json"].render(Edition(bilan)))


@pytest.fixture
def soumise(compte):
    """The entry of PE-1 for 2025, submitted."""
    saisie = Saisie.objects.get(fiche__code="PE-1", campagne__annee=2025)
    Saisie.objects.filter(pk=saisie.pk).update(statut="en_cours")
    return appliquer_saisie("soumettre", saisie.pk, user=compte("referent"), now=timezone.now())


@pytest.fixture
def pdf_rapide(monkeypatch, settings, tmp_path):
    """A PDF takes seconds: here its bytes say what it is made of. Files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    vrai = FORMATS["pdf"]

    def rendre(edition):
        return f"%PDF {edition.identifiant} {edition.marques} {edition.contenu!r}".encode()

    monkeypatch.setitem(FORMATS, "pdf", Document(rendre, vrai.content_type, vrai.nom))


@pytest.fixture
def clore(dijon, compte):
    """clore() closes the campaign of 2025; what a test writes of the year comes before."""

    def appliquer():
        campagne = Campagne.objects.get(convention=dijon, annee=ANNEE, parent=None)
        if campagne.statut == "ouverte":
            appliquer_campagne("clore", campagne.pk, user=compte("cooperation"), now=timezone.now())
        return Campagne.objects.get(pk=campagne.pk)

    return appliquer


@pytest.fixture
def close(clore):
    return clore()


@pytest.fixture
def figer_v(dijon, compte, clore):
    """figer_v() freezes the next version, once the campaign is closed."""

    def appliquer():
        clore()
        return figer(dijon, ANNEE, user=compte("cooperation"), now=timezone.now())

    return appliquer


@pytest.fixture
def agir(compte):
    """agir("transmettre", bilan) as whoever does it."""

    def appliquer(action, bilan, nom=None, **donnees):
        nom = nom or ("caf" if action in {"avaliser", "refuser"} else "cooperation")
        if action in {"avaliser", "refuser"}:
            donnees.setdefault("empreinte", bilan.empreinte)
        if action == "publier":
            return publier(bilan.pk, user=compte(nom), now=timezone.now())
        return appliquer_bilan(action, bilan.pk, user=compte(nom), now=timezone.now(), donnees=donnees)

    return appliquer


@pytest.fixture
def corriger(compte):
    """corriger(bilan): a correction campaign of PE-1, led to its end without changing anything."""

    def mener(bilan):
        user = compte("cooperation")
        correction = preparer_correction(
            bilan.campagne,
            motif="Vérifier",
            date_limite=dans(5),
            fiches={FicheProjet.objects.get(code="PE-1"): {}},
            user=user,
            now=timezone.now(),
        )
        for action in ("ouvrir", "clore"):
            appliquer_campagne(action, correction.pk, user=user, now=timezone.now())

    return mener


CHEMIN = {
    B.FIGEE: (),
    B.AU_DEBAT: ("ouvrir-debat",),
    B.TRANSMISE: ("dispenser-debat", "transmettre"),
    B.REFUSEE: ("dispenser-debat", "transmettre", "refuser"),
    B.AVALISEE: ("dispenser-debat", "transmettre", "avaliser"),
    B.SOUMISE_COPIL: ("dispenser-debat", "transmettre", "avaliser", "soumettre"),
    B.PUBLIEE: ("dispenser-debat", "transmettre", "avaliser", "soumettre", "conclure", "publier"),
}
DONNEES = {
    "dispenser-debat": {"motif": "Le séminaire n’a pas pu se tenir."},
    "dispenser-copil": {"motif": "Le COPIL n’a pas atteint son quorum."},
    "refuser": {"motif": "Les moyens de PE-1 sont faux."},
    "conclure": {"date": str(timezone.localdate()), "texte": "Le COPIL approuve le bilan."},
    "consigner": DEBAT,
}


@pytest.fixture
def amener(figer_v, agir, pdf_rapide):
    """amener("transmise") is a version of 2025 in that state; « remplacee »: it was never published."""

    def mener(statut):
        bilan = figer_v()
        if statut == B.REMPLACEE:
            changer()
            figer_v()
            return Bilan.objects.get(pk=bilan.pk)
        for action in CHEMIN[statut]:
            bilan = agir(action, bilan, **DONNEES.get(action, {}))
        assert bilan.statut == statut
        return bilan

    return mener


def changer():
    """Something that no campaign locks, so that another version has something to say."""
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.description += " Une phrase de plus."
    fiche.save()


@pytest.fixture
def contenu(amener):
    return lire(Contenu, amener(B.FIGEE).contenu)


@pytest.fixture
def file_d_attente(settings):
    """Tasks wait for a worker, as they do in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
