"""Mandates, scopes, and the constraints of the convention's own models."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.enums import Role
from ctg.models import Convention, Document, Mandat, Organisme, Territoire, Utilisateur
from ctg.perimetres import AUCUN, droits
from ctg.permissions import check
from fiches.models import Axe, FicheProjet, PerimetreAxe

pytestmark = pytest.mark.django_db
HIER, DEMAIN = datetime.date(2026, 3, 3), datetime.date(2026, 3, 5)


def refuse(nom, creer):
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        creer()


def test_without_mandate_nothing(dijon):
    user = Utilisateur.objects.create_user("nouveau@exemple.fr")

    assert droits(user, dijon.pk) is AUCUN
    assert not Convention.objects.visible_to(user).exists()
    assert not check(user, "ctg.consulter", dijon)


@pytest.mark.parametrize(
    ("debut", "fin", "actif"),
    [(None, None, True), (1, None, False), (None, -1, False), (-1, 1, True)],
)
def test_a_mandate_holds_between_its_dates(dijon, debut, fin, actif):
    """`debut`, `fin`: in days from today."""
    today = timezone.localdate()
    debut, fin = (None if n is None else today + datetime.timedelta(days=n) for n in (debut, fin))
    user = Utilisateur.objects.create_user("nouveau@exemple.fr")
    Mandat.objects.create(
        utilisateur=user, role=Role.LECTEUR, convention=dijon, date_debut=debut, date_fin=fin
    )

    assert bool(check(user, "ctg.consulter", dijon)) is actif


def test_a_removed_mandate_is_refused_at_the_next_request(client_de, compte, dijon):
    client = client_de("lecteur")
    assert client.get("/dijon-2024/").status_code == 200

    compte("lecteur").mandats.all().delete()

    assert client.get("/dijon-2024/").status_code == 404


def test_a_closed_account_is_refused_at_the_next_request(client_de, compte):
    client = client_de("cooperation")
    Utilisateur.objects.filter(pk=compte("cooperation").pk).update(is_active=False)

    assert client.get("/dijon-2024/").status_code == 302


def test_an_axe_s_perimeter_covers_descendants_and_successors(dijon):
    pe = Axe.objects.get(code="PE")
    petit = Axe.objects.create(
        convention=dijon, parent=Axe.objects.get(code="PE.5"), code="PE.5.1", numero=1, ordre=1, intitule="x"
    )
    Axe.objects.filter(code="PE.2").update(date_fin=datetime.date(2026, 1, 1))
    suite = Axe.objects.create(
        convention=dijon,
        parent=pe,
        code="PE.2",
        numero=2,
        ordre=2,
        intitule="y",
        succede_a=Axe.objects.get(code="PE.2"),
    )
    user = Utilisateur.objects.get(email="petite-enfance@demo.invalid")

    axes = droits(user, dijon.pk).dans("axes")

    assert {petit.pk, suite.pk, pe.pk} <= axes
    assert petit.rang == 3
    assert Axe.objects.get(code="ENF").pk not in axes


@pytest.mark.parametrize("code", ["PE-1", "ENF-1"])
@pytest.mark.parametrize(
    "nom", ["cooperation", "petite-enfance", "enfance", "referent", "caf", "admin", "quartier", "copil"]
)
def test_internal_notes_stay_in_their_scope(compte, nom, code):
    fiche = FicheProjet.objects.prefetch_related("axes").get(code=code)
    lisent = {"PE-1": {"cooperation", "petite-enfance", "referent"}, "ENF-1": {"cooperation", "enfance"}}

    assert bool(check(compte(nom), "fiches.lire_notes", fiche)) is (nom in lisent[code])


def test_an_unknown_permission_is_a_bug(compte, dijon):
    with pytest.raises(KeyError):
        check(compte("admin"), "ctg.rien", dijon)


def test_the_first_account_of_an_installation_is_an_administrateur(db):
    assert Utilisateur.objects.create_superuser("chef@exemple.fr", "x").is_staff


def test_constraints_of_mandates(dijon, compte):
    user, caf = compte("lecteur"), Organisme.objects.get(nom="Caf de la Côte-d’Or")

    def mandat(**f):
        return lambda: Mandat.objects.create(utilisateur=user, **f)

    refuse("mandat_role_connu", mandat(role="maire", convention=dijon))
    refuse("mandat_administrateur_sans_convention", mandat(role=Role.ADMINISTRATEUR, convention=dijon))
    refuse("mandat_administrateur_sans_convention", mandat(role=Role.LECTEUR))
    refuse("mandat_organisme_si_represente", mandat(role=Role.CONSEILLER_CAF, convention=dijon))
    refuse(
        "mandat_dates_ordonnees",
        mandat(role=Role.CONSEILLER_CAF, organisme=caf, convention=dijon, date_debut=DEMAIN, date_fin=HIER),
    )


def test_constraints_of_the_convention(dijon):
    territoire = Territoire.objects.get()

    def convention(**f):
        return lambda: Convention.objects.create(territoire=territoire, intitule="x", **f)

    refuse("convention_precision_debut", convention(slug="a", date_debut=HIER))
    refuse("convention_precision_fin", convention(slug="a", precision_fin="jour"))
    refuse("convention_slug_libre", convention(slug="admin"))
    refuse(
        "convention_dates_ordonnees",
        convention(slug="a", date_debut=DEMAIN, precision_debut="jour", date_fin=HIER, precision_fin="jour"),
    )
    refuse("ctg_convention.slug|ctg_convention_slug", convention(slug="dijon-2024"))
    refuse(
        "document_precision_document",
        lambda: Document.objects.create(convention=dijon, ordre=99, titre="x", date_document=HIER),
    )


def test_an_address_is_one_account_whatever_its_case(db):
    refuse(
        "utilisateur_email_unique_sans_casse", lambda: Utilisateur.objects.create(email="CAF@demo.invalid")
    )


def test_perimeter_is_named_once(compte):
    perimetre = PerimetreAxe.objects.first()

    refuse(
        "perimetre_axe_unique|fiches_perimetreaxe.mandat_id",
        lambda: PerimetreAxe.objects.create(mandat=perimetre.mandat, axe=perimetre.axe),
    )


@pytest.mark.parametrize("nom", ["cooperation", "caf", "lecteur", "admin", "referent", ""])
def test_visible_to_agrees_with_the_rule(compte, dijon, nom):
    """In one's convention and in another one: the queryset and the predicate say the same."""
    user = compte(nom) if nom else Utilisateur.objects.create_user("nouveau@exemple.fr")
    autre = Convention.objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Une autre")
    axe = Axe.objects.create(convention=autre, code="X", numero=1, ordre=1, intitule="x")
    ailleurs = FicheProjet.objects.create(convention=autre, axe=axe, code="X-1", numero=1)

    for fiche in (FicheProjet.objects.get(code="PE-1"), ailleurs):
        visible = FicheProjet.objects.visible_to(user).contains(fiche)
        assert bool(check(user, "fiches.consulter", fiche)) is visible
        assert Convention.objects.visible_to(user).contains(fiche.convention) is visible
