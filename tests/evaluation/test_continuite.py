"""The curve of an indicator over two conventions, and the starting value that the first one proposes to the second."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.enums import Role
from ctg.models import Convention, Mandat, Utilisateur
from ctg.renouvellement.services import ouvrir
from evaluation.enums import StatutSaisie
from evaluation.graphiques import courbe
from evaluation.lecture import caches
from evaluation.models import Bilan, Cible, Indicateur, Mesure, Saisie
from evaluation.renouvellement.departs import collect_propositions, reprendre_departs
from evaluation.reports import collect_bilan, ligne_indicateur
from evaluation.series import collect_anciens
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM
from tests.ctg.renouvellement import nouvelle, peu

pytestmark = pytest.mark.django_db
CODE = "PE-1-01"


@pytest.fixture
def suite(dijon, compte):
    """PE-1 and two of its indicators go on from 2028."""
    cles = Indicateur.objects.filter(fiche__convention=dijon, code__in=[CODE, "PE-1-02"])
    choix = peu(dijon)
    choix = peu(dijon, lignes=choix.lignes | {f"indicateurs:{i.pk}" for i in cles})
    return ouvrir(
        dijon.pk,
        nouvelle(date_fin=datetime.date(2031, 12, 31), precision_fin="annee"),
        choix,
        par=compte("cooperation"),
    ).convention


def lue(suite, annee=2028, lecteur=None, masquees=frozenset()):
    indicateur = Indicateur.objects.for_entry().get(fiche__convention=suite, code=CODE)
    return ligne_indicateur(indicateur, annee, collect_anciens(suite, lecteur), masquees)


def valeurs(ligne):
    return {point.annee: point.valeur for point in ligne.serie if point.valeur is not None}


def test_the_curve_shows_the_old_values_before_the_break(dijon, suite):
    Mesure.objects.create(
        indicateur=Indicateur.objects.get(fiche__convention=suite, code=CODE), annee=2028, valeur=1500
    )

    ligne = lue(suite)

    assert valeurs(ligne) == {2024: 1310, 2025: 1385, 2028: 1500}
    [rupture] = ligne.ruptures
    assert (rupture.annee, rupture.is_prolongee) == (2028, True)
    assert rupture.code == f"{CODE} de la convention précédente ({dijon})"
    assert "convention précédente" in courbe(ligne).description
    assert len(courbe(ligne).ruptures) == 1


def test_the_old_convention_is_silent_from_the_first_year_of_the_new_one(dijon, suite):
    ancien = Indicateur.objects.get(fiche__convention=dijon, code=CODE)
    Mesure.objects.create(indicateur=ancien, annee=2028, valeur=9)
    Cible.objects.create(indicateur=ancien, annee=2028, valeur=9)

    assert 2028 not in valeurs(lue(suite))
    assert 2028 not in {point.annee for point in lue(suite).serie if point.cible is not None}


def test_without_a_beginning_the_break_follows_the_end_of_the_old_one(dijon, suite):
    Convention.objects.filter(pk=suite.pk).update(date_debut=None, precision_debut="")

    [rupture] = lue(Convention.objects.get(pk=suite.pk)).ruptures

    assert rupture.annee == 2028  # Dijon ends in 2027


def test_another_unit_is_not_prolonged(suite):
    Indicateur.objects.filter(fiche__convention=suite, code=CODE).update(unite="foyers")

    ligne = lue(suite)

    assert valeurs(ligne) == {}


def test_an_indicator_replaced_in_the_old_convention_goes_on_too(dijon, suite):
    ancien = Indicateur.objects.get(fiche__convention=dijon, code=CODE)
    Indicateur.objects.filter(pk=ancien.pk).update(date_fin="2026-01-01")
    suivant = Indicateur.objects.get(pk=ancien.pk)
    suivant.pk, suivant._state.adding, suivant.date_fin = None, True, None
    suivant.date_effet, suivant.succede_a = datetime.date(2026, 1, 1), ancien
    suivant.save()
    Mesure.objects.create(indicateur=suivant, annee=2026, valeur=1400)
    Indicateur.objects.filter(fiche__convention=suite, code=CODE).update(predecesseur=suivant)

    ligne = lue(suite)

    assert valeurs(ligne) == {2024: 1310, 2025: 1385, 2026: 1400}
    assert [rupture.annee for rupture in ligne.ruptures] == [2026, 2028]


def test_last_year_of_the_old_one_is_not_the_year_before_of_the_new_one(dijon, suite):
    ancien = Indicateur.objects.get(fiche__convention=dijon, code=CODE)
    Mesure.objects.create(indicateur=ancien, annee=2027, valeur=1600)

    assert lue(suite).precedente is None


def test_the_old_convention_does_not_move(dijon, suite):
    ancien = Indicateur.objects.for_entry().get(fiche__convention=dijon, code=CODE)

    ligne = ligne_indicateur(ancien, 2026, collect_anciens(dijon))

    assert ligne.ruptures == ()
    assert FicheProjet.objects.filter(convention=dijon).de_l_annee(2025).filter(code="PE-1").exists()
    assert [f.code for f in collect_bilan(dijon, 2025, now=timezone.localtime()).fiches].count("PE-1") == 1


def test_who_does_not_read_the_old_figures_reads_the_new_ones_only(dijon, suite, compte):
    Mandat.objects.filter(utilisateur=compte("caf")).delete()
    organisme = dijon.signataires.get(organisme__nature="caf").organisme
    Mandat.objects.create(
        convention=suite, utilisateur=compte("caf"), role=Role.CONSEILLER_CAF, organisme=organisme
    )
    caf = compte("caf")

    assert valeurs(lue(suite, lecteur=caf)) == {}
    assert lue(suite, lecteur=caf).ruptures == ()
    assert collect_propositions(suite, caf) == []
    assert valeurs(lue(suite, lecteur=compte("cooperation"))) == {2024: 1310, 2025: 1385}


def test_an_entry_that_is_not_submitted_stays_hidden_from_the_caf(dijon, suite, compte):
    """The campaigns of the three years are open, and nothing of them is submitted."""
    organisme = dijon.signataires.get(organisme__nature="caf").organisme
    Mandat.objects.create(
        convention=suite, utilisateur=compte("caf"), role=Role.CONSEILLER_CAF, organisme=organisme
    )
    caf = compte("caf")

    assert valeurs(lue(suite, lecteur=caf, masquees=caches(caf, suite))) == {}
    Saisie.objects.filter(fiche__code="PE-1", campagne__annee=2024).update(
        statut=StatutSaisie.SOUMISE, soumise_par=compte("referent"), date_soumission=timezone.now()
    )
    assert valeurs(lue(suite, lecteur=caf, masquees=caches(caf, suite))) == {2024: 1310}


def test_a_bilan_says_of_the_old_convention_the_published_years_only(dijon, suite, compte):
    def dites():
        contenu = collect_bilan(suite, 2028, now=timezone.localtime())
        [ligne] = [i for f in contenu.fiches for i in f.indicateurs if i.code == CODE]
        return valeurs(ligne)

    assert dites() == {}
    campagne = dijon.campagnes.get(annee=2024)
    Bilan.objects.create(
        convention=dijon,
        annee=2024,
        version=1,
        campagne=campagne,
        contenu="{}",
        empreinte="0" * 64,
        schema=1,
        date_figement=timezone.now(),
        figee_par=compte("cooperation"),
        date_transmission=timezone.now(),
        date_publication=timezone.now(),
        statut="publiee",
    )
    assert dites() == {2024: 1310}


def valider(annee):
    """By another than who submitted it."""
    referent, cooperation = (
        Utilisateur.objects.get(email=COMPTES_PAR_NOM[nom]) for nom in ("referent", "cooperation")
    )
    Saisie.objects.filter(fiche__code="PE-1", campagne__annee=annee).update(
        statut=StatutSaisie.VALIDEE,
        soumise_par=referent,
        date_soumission=timezone.now(),
        validee_par=cooperation,
        date_validation=timezone.now(),
    )


def test_the_last_validated_value_is_proposed_and_not_written(suite, compte):
    assert collect_propositions(suite, compte("cooperation")) == []
    valider(2024)

    proposition = next(
        p for p in collect_propositions(suite, compte("cooperation")) if p.indicateur.code == CODE
    )

    assert (proposition.annee, proposition.valeur, proposition.date) == (
        2024,
        1310,
        datetime.date(2024, 12, 31),
    )
    assert Indicateur.objects.get(fiche__convention=suite, code=CODE).valeur_depart is None


def test_only_what_is_chosen_is_written_with_where_it_comes_from(dijon, suite, compte):
    valider(2025)
    client_marque = next(
        p.marque for p in collect_propositions(suite, compte("cooperation")) if p.indicateur.code == CODE
    )

    assert reprendre_departs(suite, [client_marque], par=compte("cooperation")) == 1

    ecrit = Indicateur.objects.get(fiche__convention=suite, code=CODE)
    assert (ecrit.valeur_depart, ecrit.date_depart) == (Decimal(1385), datetime.date(2025, 12, 31))
    assert ecrit.historique.first().history_change_reason == f"Valeur 2025 de {CODE}, convention « {dijon} »"
    assert Indicateur.objects.get(fiche__convention=suite, code="PE-1-02").valeur_depart is None


def test_a_value_that_moved_since_is_not_written(dijon, suite, compte):
    valider(2025)
    marque = next(
        p.marque for p in collect_propositions(suite, compte("cooperation")) if p.indicateur.code == CODE
    )
    Mesure.objects.filter(indicateur__fiche__convention=dijon, indicateur__code=CODE, annee=2025).update(
        valeur=7
    )

    with pytest.raises(ValidationError, match=f"proposée pour {CODE} n’est plus la même"):
        reprendre_departs(suite, [marque], par=compte("cooperation"))

    assert Indicateur.objects.get(fiche__convention=suite, code=CODE).valeur_depart is None


@pytest.mark.parametrize("marque", ["", "x", "1:2:3:4", "99999999999999999999:2025:1"])
def test_a_mark_that_names_nothing_is_refused(suite, compte, marque):
    with pytest.raises(ValidationError):
        reprendre_departs(suite, [marque], par=compte("cooperation"))


def test_a_coordinator_of_another_axe_writes_nothing(suite, compte):
    valider(2025)
    jeunesse = compte("jeunesse")
    Mandat.objects.create(convention=suite, utilisateur=jeunesse, role=Role.COORDINATEUR_THEMATIQUE)
    marque = next(
        p.marque for p in collect_propositions(suite, compte("cooperation")) if p.indicateur.code == CODE
    )

    with pytest.raises(PermissionDenied):
        reprendre_departs(suite, [marque], par=jeunesse)


def test_the_page_proposes_and_writes(suite, client_de, compte):
    valider(2025)
    client = client_de("cooperation")
    page = client.get("/suite-2028/indicateurs/departs/")
    [proposition] = [p for p in page.context["propositions"] if p.indicateur.code == CODE]

    client.post("/suite-2028/indicateurs/departs/", {"depart": [proposition.marque]})

    assert Indicateur.objects.get(fiche__convention=suite, code=CODE).valeur_depart == 1385


@pytest.mark.parametrize("reste", ["", "?vue=textes"])
def test_fiche_and_axe_name_what_they_continue(suite, client_de, reste):
    client = client_de("cooperation")
    if reste:
        assert (
            'href="/dijon-2024/arbre/">PE</a>' in client.get("/suite-2028/arbre/?vue=textes").content.decode()
        )
    else:
        page = client.get("/suite-2028/fiches/PE-1/").content.decode()
        assert 'Prend la suite de <a href="/dijon-2024/fiches/PE-1/">PE-1</a>' in page
        assert "texte de projet" in page


def test_who_does_not_read_the_old_one_gets_no_link(suite, client_de, compte):
    Mandat.objects.filter(utilisateur=compte("lecteur")).delete()
    Mandat.objects.create(convention=suite, utilisateur=compte("lecteur"), role=Role.LECTEUR)

    page = client_de("lecteur").get("/suite-2028/fiches/PE-1/").content.decode()

    assert "Prend la suite de PE-1 de la convention" in page
    assert "/dijon-2024/" not in page


def test_the_indicator_page_shows_the_curve_before_the_first_year(suite, client_de):
    indicateur = Indicateur.objects.get(fiche__convention=suite, code=CODE)

    page = client_de("cooperation").get(indicateur.get_absolute_url()).content.decode()

    assert "convention précédente" in page


def test_a_row_continues_one_of_the_convention_before_only(dijon, suite):
    autre = Convention.objects.create(territoire=dijon.territoire, slug="autre", intitule="Autre")
    fiche = FicheProjet.objects.get(convention=suite, code="PE-1")
    fiche.convention = autre

    with pytest.raises(ValidationError, match="choisissez une ligne de celle-ci"):
        fiche.full_clean()


def test_what_is_continued_is_continued_once(suite):
    pe1, pe2 = (FicheProjet.objects.get(convention=suite, code=code) for code in ("PE-1", "PE-2"))

    with pytest.raises(IntegrityError), transaction.atomic():
        FicheProjet.objects.filter(pk=pe2.pk).update(predecesseur=pe1.predecesseur)


def test_a_copy_of_a_continued_indicator_continues_nothing(suite, compte):
    from evaluation.definitions import copier_indicateur

    indicateur = Indicateur.objects.get(fiche__convention=suite, code=CODE)

    copie = copier_indicateur(
        indicateur,
        indicateur.fiche,
        "PE-1-99",
        avec_cibles=False,
        user=compte("cooperation"),
        now=timezone.now(),
    )

    assert copie.predecesseur is None


def test_a_draft_is_corrected_freely_until_it_is_signed(suite):
    fiche = FicheProjet.objects.get(convention=suite, code="PE-1")
    fiche.intitule = "Un autre intitulé"
    fiche.full_clean(exclude=["axes", "quartiers"])
    fiche.save()

    Convention.objects.filter(pk=suite.pk).update(date_signature="2028-01-15", precision_signature="jour")
    signee = FicheProjet.objects.get(pk=fiche.pk)
    signee.intitule = "Encore un autre"
    with pytest.raises(ValidationError, match="texte signé"):
        signee.full_clean(exclude=["axes", "quartiers"])


def test_a_convention_that_continues_none_is_never_a_draft(dijon):
    assert dijon.date_signature is None  # it is not in the text
    assert not dijon.is_projet
