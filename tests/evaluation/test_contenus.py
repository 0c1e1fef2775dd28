"""What was frozen before the content said more: read, shown, checked and compared as it was."""

import json

import pytest
from django.conf import settings
from django.utils import timezone

from evaluation import canonique, figement
from evaluation.contenus import dans_la_forme, donnees_du_contenu, ecrire_contenu, lire_contenu
from evaluation.documents import FORMATS
from evaluation.editions import edition_de
from evaluation.enums import StatutBilan as B
from evaluation.reports import collect_bilan
from evaluation.transitions import TransitionError
from evaluation.verification import bilans as fautes
from tests.evaluation.test_bilan_canonique import valider

pytestmark = pytest.mark.django_db
RECUEILLIS = ("effets_axes", "participation")
APPORTS = {
    1: ("reunions", "suites", "mouvements", "jours", "notes", *RECUEILLIS),
    2: ("jours", "notes", *RECUEILLIS),
    3: RECUEILLIS,
}


@pytest.fixture(params=[1, 2, 3])
def ancien(amener, monkeypatch, request):
    """A version of 2025 frozen in an earlier form of the content."""
    with monkeypatch.context() as autrefois:
        autrefois.setattr(
            figement,
            "collect_bilan",
            lambda *args, **kwargs: dans_la_forme(collect_bilan(*args, **kwargs), request.param),
        )
        return amener(B.FIGEE)


def test_an_older_content_is_read_and_written_back_as_it_was(ancien):
    contenu = lire_contenu(ancien.contenu)

    assert {getattr(contenu, nom) for nom in APPORTS[ancien.schema]} == {None}
    assert ecrire_contenu(contenu) == ancien.contenu
    assert list(fautes()) == []


def test_the_json_of_an_older_version_has_the_fingerprint_of_what_was_frozen(ancien):
    enveloppe = json.loads(FORMATS["json"].render(edition_de(ancien)))

    assert canonique.empreinte(canonique.texte(enveloppe["bilan"])) == ancien.empreinte


def test_each_form_has_its_schema(ancien):
    ecrit = settings.BASE_DIR / "docs" / f"bilan-v{ancien.schema}.schema.json"
    racine = json.loads(ecrit.read_text(encoding="utf-8"))

    assert valider(donnees_du_contenu(lire_contenu(ancien.contenu)), racine, racine)


def test_a_later_form_of_the_content_is_no_change_of_the_year(ancien, dijon, compte):
    with pytest.raises(TransitionError, match="Rien n’a changé"):
        figement.figer(dijon, ancien.annee, user=compte("cooperation"), now=timezone.now())


@pytest.mark.parametrize("schema", [0, 5])
def test_a_form_that_never_was_is_refused(ancien, schema):
    brut = json.loads(ancien.contenu) | {"schema": schema}
    with pytest.raises(ValueError, match="schema"):
        lire_contenu(json.dumps(brut))


def test_a_field_that_its_form_did_not_have_is_refused(ancien):
    brut = json.loads(ancien.contenu) | {"effets_axes": []}
    with pytest.raises(ValueError, match="effets_axes"):
        lire_contenu(json.dumps(brut))
