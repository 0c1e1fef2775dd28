"""A convention opened from another: what is taken over, what is not, and all or nothing."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ctg.chargement.export import exporter
from ctg.chargement.services import charger
from ctg.enums import Role
from ctg.models import Convention, Mandat, Personne
from ctg.renouvellement.choix import avec_ce_qui_porte, collect_mandats, collect_sections
from ctg.renouvellement.services import ApercuError, ouvrir
from evaluation.models import Cible, Indicateur, Mesure
from fiches.models import Axe, Etape, FicheProjet, Implication, ObjectifOperationnel, PerimetreAxe
from gouvernance.models import InstanceGouvernance, Membre
from structures.models import Inscription
from tests.conftest import FIXTURES, VAL_CLAIR
from tests.ctg.renouvellement import nouvelle, peu, sans, tout

pytestmark = pytest.mark.django_db


def codes(modele, **filtre):
    return set(modele.objects.filter(**filtre).values_list("code", flat=True))


def test_all_that_is_proposed_is_taken_over(dijon, compte):
    suite = ouvrir(dijon.pk, nouvelle(), tout(dijon), par=compte("cooperation")).convention

    assert (suite.predecesseur, suite.territoire) == (dijon, dijon.territoire)
    assert suite.source == f"Repris de la convention « {dijon} »"
    assert codes(Axe, convention=suite) == codes(Axe, convention=dijon, date_fin=None)
    assert codes(FicheProjet, convention=suite) == codes(FicheProjet, convention=dijon, date_fin=None)
    pe1 = FicheProjet.objects.get(convention=suite, code="PE-1")
    avant = FicheProjet.objects.get(convention=dijon, code="PE-1", date_fin=None)
    assert (pe1.predecesseur, pe1.intitule, pe1.pilote) == (avant, avant.intitule, avant.pilote)
    assert pe1.source == f"Repris de la convention « {dijon} »"
    assert (pe1.statut, pe1.notes_internes, pe1.date_effet) == ("", "", None)
    assert {a.code for a in pe1.axes.all()} == {a.code for a in avant.axes.all()}
    assert {a.convention_id for a in pe1.axes.all()} == {suite.pk}
    assert set(Inscription.objects.filter(convention=suite).values_list("structure", flat=True)) == set(
        Inscription.objects.filter(convention=dijon, date_fin=None).values_list("structure", flat=True)
    )
    assert Membre.objects.filter(instance_gouvernance__convention=suite).count() == 17
    assert ObjectifOperationnel.objects.filter(axe__convention=suite).count() == 55


def test_values_targets_and_what_is_done_stay_with_the_old_one(dijon, compte):
    suite = ouvrir(dijon.pk, nouvelle(), tout(dijon), par=compte("cooperation")).convention

    repris = Indicateur.objects.filter(fiche__convention=suite)
    assert repris.count() == Indicateur.objects.filter(fiche__convention=dijon, date_fin=None).count()
    assert not repris.filter(predecesseur=None).exists()
    assert not repris.exclude(valeur_depart=None, date_depart=None).exists()
    assert not Mesure.objects.filter(indicateur__in=repris).exists()
    assert not Cible.objects.filter(indicateur__in=repris).exists()
    etapes = Etape.objects.filter(fiche__convention=suite)
    restent = Etape.objects.filter(fiche__convention=dijon, is_faite=False).count()
    assert restent
    assert etapes.count() == restent
    assert not etapes.filter(echeance__lt=suite.date_debut).exists()


def test_the_old_convention_does_not_move_and_its_tables_change_nothing(dijon, compte):
    avant = [(e.tableau.nom, e.lignes) for e in exporter(dijon)]

    ouvrir(dijon.pk, nouvelle(), tout(dijon), par=compte("cooperation"))

    assert [(e.tableau.nom, e.lignes) for e in exporter(dijon)] == avant
    for dossier in ("dijon", "demo"):
        relue = charger(FIXTURES / dossier)
        assert (relue.nb_crees, relue.nb_modifies, relue.conflits) == (0, 0, [])


def test_the_new_convention_is_exported_like_any_other(dijon, compte, tmp_path):
    suite = ouvrir(dijon.pk, nouvelle(), tout(dijon), par=compte("cooperation")).convention

    from ctg.chargement.classeur import ecrire_dossier

    ecrire_dossier(tmp_path, exporter(suite))
    relue = charger(tmp_path)
    assert (relue.nb_crees, relue.nb_modifies, relue.conflits) == (0, 0, [])


def test_what_is_not_chosen_is_not_taken_nor_what_hangs_on_it(dijon, compte):
    pe1 = FicheProjet.objects.get(convention=dijon, code="PE-1", date_fin=None)
    copil = InstanceGouvernance.objects.filter(convention=dijon).order_by("pk").first()
    demarche = (
        dijon.demarches.get(code="generation-dijon")
        if dijon.demarches.filter(code="generation-dijon")
        else dijon.demarches.first()
    )
    choix = sans(tout(dijon), ("fiches", pe1), ("instances", copil), ("demarches", demarche))

    suite = ouvrir(dijon.pk, nouvelle(), choix, par=compte("cooperation")).convention

    assert "PE-1" not in codes(FicheProjet, convention=suite)
    assert not Indicateur.objects.filter(fiche__convention=suite, code__startswith="PE-1-").exists()
    instances = InstanceGouvernance.objects.filter(convention=suite)
    assert copil.slug not in set(instances.values_list("slug", flat=True))
    assert demarche.code not in set(suite.demarches.values_list("code", flat=True))
    assert suite.labels.count() == dijon.labels.count()  # a label goes on without its démarche


def test_options_leave_parts_of_the_fiches(dijon, compte):
    choix = peu(dijon, options=frozenset())

    suite = ouvrir(dijon.pk, nouvelle(), choix, par=compte("cooperation")).convention

    fiches = FicheProjet.objects.filter(convention=suite)
    assert not fiches.exclude(description="", constat="", pilote=None, participation="").exists()
    assert fiches.exclude(intitule="").exists()
    assert not Etape.objects.filter(fiche__in=fiches).exists()
    assert not Implication.objects.filter(fiche__in=fiches).exists()


def test_a_finished_fiche_is_proposed_and_not_chosen_beforehand(dijon):
    FicheProjet.objects.filter(convention=dijon, code="ENF-1").update(statut="abandonnee")

    elements = {
        e.nom: e for s in collect_sections(dijon, None) for racine in s.elements for e in racine.tous()
    }

    [fiche] = [e for nom, e in elements.items() if nom.startswith("ENF-1 ")]
    assert (fiche.is_coche, fiche.ecart) == (False, "abandonnée")


def test_an_indicator_goes_with_its_fiche_and_its_axe(dijon):
    indicateur = Indicateur.objects.get(code="PE-1-01", fiche__convention=dijon)

    lignes = avec_ce_qui_porte(collect_sections(dijon, None), [f"indicateurs:{indicateur.pk}", "fiches:0"])

    assert lignes == {
        f"indicateurs:{indicateur.pk}",
        f"fiches:{indicateur.fiche_id}",
        f"axes:{indicateur.fiche.axe_id}",
    }


def test_an_address_that_is_taken_is_refused_and_nothing_is_written(dijon, compte):
    autre = Convention.objects.create(territoire=dijon.territoire, slug="suite-2028", intitule="Une autre")

    with pytest.raises(ValidationError, match="a déjà l’adresse"):
        ouvrir(dijon.pk, nouvelle(), peu(dijon), par=compte("cooperation"))

    assert not autre.axes.exists()


def test_an_essay_writes_nothing(dijon, compte):
    ouverture = ouvrir(dijon.pk, nouvelle(), peu(dijon), par=compte("cooperation"), essai=True)

    assert {t.nom: nb for t, nb in ouverture.par_tableau} == {
        "niveaux": 2,
        "axes": 1,
        "fiches": 2,
        "labels": 3,
    }
    assert not Convention.objects.filter(slug="suite-2028").exists()


def test_what_is_confirmed_is_what_was_shown(dijon, compte):
    montree = ouvrir(dijon.pk, nouvelle(), peu(dijon), par=compte("cooperation"), essai=True).empreinte
    FicheProjet.objects.filter(convention=dijon, code="PE-2").update(code="PE-9")

    with pytest.raises(ApercuError):
        ouvrir(dijon.pk, nouvelle(), peu(dijon), par=compte("cooperation"), montree=montree)

    assert not Convention.objects.filter(slug="suite-2028").exists()


def test_one_fault_and_nothing_is_written(dijon, compte):
    FicheProjet.objects.filter(convention=dijon, code="PE-1", date_fin=None).update(
        intitule="x" * 300, participation="inconnue"
    )

    with pytest.raises(ValidationError, match="Fiches projet, « PE-1 »"):
        ouvrir(dijon.pk, nouvelle(), peu(dijon, options=frozenset({"texte"})), par=compte("cooperation"))

    assert not Convention.objects.filter(slug="suite-2028").exists()


@pytest.mark.parametrize("nom", ["petite-enfance", "caf", "copil", "lecteur", "referent"])
def test_others_do_not_open_it(dijon, compte, nom):
    with pytest.raises(PermissionDenied):
        ouvrir(dijon.pk, nouvelle(), peu(dijon), par=compte(nom))


def test_who_leads_the_old_one_leads_the_new_one_and_nobody_else_enters(dijon, compte):
    suite = ouvrir(dijon.pk, nouvelle(), peu(dijon), par=compte("cooperation")).convention

    [mandat] = Mandat.objects.filter(convention=suite)
    assert (mandat.utilisateur, mandat.role) == (compte("cooperation"), Role.CHARGE_COOPERATION)
    assert [p.utilisateur for p in Personne.objects.filter(convention=suite)] == [compte("cooperation")]


def test_an_administrateur_gets_no_mandate_of_the_convention(dijon, compte):
    ouverture = ouvrir(dijon.pk, nouvelle(), peu(dijon), par=compte("admin"))

    assert not ouverture.est_charge
    assert not Mandat.objects.filter(convention=ouverture.convention).exists()


def test_a_chosen_mandate_is_given_on_what_continues_its_scope(dijon, compte):
    proposes = collect_mandats(dijon, par=compte("cooperation"))
    [propose] = [p for p in proposes if p.mandat.utilisateur == compte("petite-enfance")]
    choix = peu(dijon, mandats=frozenset({propose.mandat.pk}))

    suite = ouvrir(dijon.pk, nouvelle(), choix, par=compte("cooperation")).convention

    donne = Mandat.objects.get(convention=suite, utilisateur=compte("petite-enfance"))
    assert donne.role == Role.COORDINATEUR_THEMATIQUE
    [perimetre] = PerimetreAxe.objects.filter(mandat=donne)
    assert (perimetre.axe.convention, perimetre.axe.code) == (suite, "PE")


def test_a_mandate_whose_scope_is_not_taken_is_said_not_given(dijon, compte):
    [propose] = [
        p
        for p in collect_mandats(dijon, par=compte("cooperation"))
        if p.mandat.utilisateur == compte("petite-enfance")
    ]
    choix = peu(dijon, lignes=frozenset(), mandats=frozenset({propose.mandat.pk}))

    ouverture = ouvrir(dijon.pk, nouvelle(), choix, par=compte("cooperation"))

    assert len(ouverture.sans_objet) == 1
    assert not Mandat.objects.filter(
        convention=ouverture.convention, utilisateur=compte("petite-enfance")
    ).exists()


def test_mandates_of_the_caf_are_not_proposed(dijon, compte):
    roles = {p.mandat.role for p in collect_mandats(dijon, par=compte("cooperation"))}

    assert roles == {Role.COORDINATEUR_THEMATIQUE, Role.COORDINATEUR_TERRITORIAL, Role.REFERENT}


def test_a_convention_of_another_shape_is_renewed_too(compte):
    val_clair = charger(VAL_CLAIR).convention
    Mandat.objects.create(
        convention=val_clair, utilisateur=compte("cooperation"), role=Role.CHARGE_COOPERATION
    )

    suite = ouvrir(
        val_clair.pk,
        nouvelle(slug="val-clair-2030", intitule="Val-Clair 2030", numerotation="continue"),
        tout(val_clair),
        par=compte("cooperation"),
    ).convention

    assert suite.numerotation == "continue"
    assert codes(FicheProjet, convention=suite) == codes(FicheProjet, convention=val_clair)
    assert suite.get_organismes_aval() == val_clair.get_organismes_aval()
    assert [n.singulier for n in suite.niveaux.all()] == [n.singulier for n in val_clair.niveaux.all()]
    relue = charger(VAL_CLAIR)
    assert (relue.nb_crees, relue.nb_modifies, relue.conflits) == (0, 0, [])
