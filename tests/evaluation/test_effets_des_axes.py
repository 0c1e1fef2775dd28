"""Effects noted from the register: of an axe, of the convention, of a fiche; who writes them, and until when."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.effets.services import enregistrer_effet, retirer_effet
from evaluation.enums import StatutBilan as B
from evaluation.models import Campagne, Effet, Saisie
from evaluation.verrous import VerrouError
from fiches.models import Axe
from tests.evaluation.outils import clore, fiche, mettre, qui
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
URL = "/dijon-2024/evaluation/effets/"
DITS = {"constat": "On se parle plus", "sens": "negatif", "is_attendu": False, "origine": "indirect"}
ENVOI = DITS | {"is_attendu": "0", "annee": "2025", "parties_prenantes": "", "preuve": ""}


def axe(code="PE"):
    return Axe.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def effet_de(dijon, annee=2025, **objet):
    return Effet(convention=dijon, annee=annee, **DITS, **objet)


def noter(effet, nom="cooperation"):
    return enregistrer_effet(effet, user=qui(nom), now=timezone.now())


def sans_campagne(annee):
    """As if no campaign of the year had been prepared."""
    Saisie.objects.filter(campagne__annee=annee).delete()
    Campagne.objects.filter(annee=annee).delete()


@pytest.mark.parametrize(
    ("nom", "codes"),
    [
        ("cooperation", {None, "PE", "PE.1", "ENF"}),
        ("petite-enfance", {"PE", "PE.1"}),
        ("enfance", {"ENF"}),
    ],
)
def test_who_notes_the_effects_of_an_axe(dijon, nom, codes):
    for code in (None, "PE", "PE.1", "ENF"):
        effet = effet_de(dijon, axe=axe(code) if code else None)
        if code in codes:
            assert noter(effet, nom).saisi_par == qui(nom)
        else:
            with pytest.raises(PermissionDenied):
                noter(effet, nom)


@pytest.mark.parametrize("nom", ["referent", "quartier", "caf", "signataire", "copil", "lecteur", "admin"])
def test_nobody_else_notes_those_of_an_axe(dijon, nom):
    with pytest.raises(PermissionDenied):
        noter(effet_de(dijon, axe=axe()), nom)


def test_it_is_noted_changed_and_taken_away_by_the_pages(client_de, dijon):
    client = client_de("petite-enfance")
    page = client.get(f"{URL}noter/").content.decode()
    assert "PE.1" in page
    assert "Toute la convention" not in page
    assert "ENF.1" not in page

    client.post(f"{URL}noter/", ENVOI | {"objet": f"axe-{axe('PE.1').pk}"})
    effet = Effet.objects.get(axe__code="PE.1")
    assert (effet.sens, effet.is_attendu, effet.origine, effet.fiche) == ("negatif", False, "indirect", None)

    adresse = f"{URL}{effet.pk}/modifier/"
    assert '<option value="0" selected>inattendu' in client.get(adresse).content.decode()
    client.post(
        adresse, formulaire(client.get(adresse)) | {"constat": "On se parle mieux", "sens": "positif"}
    )
    effet.refresh_from_db()
    assert (effet.constat, effet.sens, effet.axe.code) == ("On se parle mieux", "positif", "PE.1")

    client.post(f"{URL}{effet.pk}/retirer/")
    assert not Effet.objects.filter(pk=effet.pk).exists()
    page = client.get(f"{URL}historique/").content.decode()
    assert "Effet observé 2025, PE.1" in page
    assert "Suppression" in page


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"objet": ""}, "obligatoire"),
        ({"objet": "axe-999999"}, "Sélectionnez un choix valide"),
        ({"objet": "convention"}, "Sélectionnez un choix valide"),
        ({"annee": "1999"}, "Sélectionnez un choix valide"),
        ({"sens": "neutre"}, "Sélectionnez un choix valide"),
        ({"is_attendu": ""}, "obligatoire"),
        ({"constat": ""}, "obligatoire"),
        ({"constat": "x" * 20_001}, "20001 caractères"),
    ],
)
def test_bad_input_is_said_and_given_back(client_de, dijon, champs, faute):
    envoi = ENVOI | {"objet": f"axe-{axe('PE').pk}", "preuve": "Registre du guichet"} | champs

    page = client_de("petite-enfance").post(f"{URL}noter/", envoi).content.decode()

    assert faute in page
    assert "Registre du guichet" in page
    assert not Effet.objects.filter(axe__isnull=False).exists()


def test_a_year_that_has_not_begun_or_is_not_of_the_convention_is_refused(dijon):
    for annee, mots in ((2027, "n’a pas commencé"), (2012, "de 2024 à 2027")):
        with pytest.raises(ValidationError, match=mots):
            noter(effet_de(dijon, annee, axe=axe()))


def test_of_a_fiche_it_follows_the_lock_of_its_entry(dijon):
    effet = noter(effet_de(dijon, fiche=fiche("PE-1")), "referent")
    assert Saisie.objects.get(fiche__code="PE-1", campagne__annee=2025).statut == "en_cours"

    mettre("soumise")
    effet.constat = "Autre chose"
    with pytest.raises(VerrouError, match="Soumise"):
        noter(effet, "referent")
    with pytest.raises(VerrouError, match="Soumise"):
        retirer_effet(effet, user=qui("referent"), now=timezone.now())


def test_of_a_fiche_before_any_campaign_it_is_free(dijon):
    sans_campagne(2026)

    assert noter(effet_de(dijon, 2026, fiche=fiche("PE-1")), "referent").pk
    with pytest.raises(PermissionDenied):
        noter(effet_de(dijon, 2026, fiche=fiche("ENF-1")), "referent")


def test_a_closed_year_keeps_those_of_axes_until_a_correction(dijon, corriger, close):
    ouverte = effet_de(dijon, axe=axe())
    with pytest.raises(VerrouError, match="est close depuis le"):
        noter(ouverte)
    assert noter(effet_de(dijon, 2026, axe=axe())).pk

    Campagne.objects.create(
        convention=dijon,
        annee=2025,
        nature="correction",
        statut="ouverte",
        parent=close,
        motif="x",
        date_limite=timezone.localdate(),
        date_ouverture=timezone.now(),
    )
    assert noter(effet_de(dijon, axe=axe())).pk


def test_the_database_keeps_a_closed_year(dijon):
    effet = noter(effet_de(dijon, axe=axe()))
    convention = noter(effet_de(dijon))
    clore()

    for ecrire in (
        lambda: effet_de(dijon, axe=axe()).save(),
        lambda: effet_de(dijon).save(),
        lambda: Effet.objects.filter(pk=effet.pk).update(constat="x"),
        lambda: Effet.objects.filter(pk=convention.pk).update(annee=2026),
        lambda: Effet.objects.filter(pk=effet.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="campagne_close"), transaction.atomic():
            ecrire()
    effet_de(dijon, 2026, axe=axe()).save()


def test_a_page_of_a_closed_year_says_why(client_de, dijon):
    effet = noter(effet_de(dijon, axe=axe()))
    client, adresse = client_de("cooperation"), f"{URL}{effet.pk}/modifier/"
    envoi = formulaire(client.get(adresse)) | {"constat": "Trop tard"}
    clore()

    assert "La campagne 2025 est close depuis le" in client.get(adresse, follow=True).content.decode()
    page = client.post(adresse, envoi).content.decode()
    assert "est close depuis le" in page
    assert "Trop tard" in page
    assert "est close depuis le" in client.post(f"{URL}{effet.pk}/retirer/", follow=True).content.decode()
    assert Effet.objects.filter(pk=effet.pk).exists()


def test_it_is_of_one_thing_only_and_of_this_plan(dijon):
    effet = effet_de(dijon, axe=axe(), fiche=fiche("PE-1"))
    with pytest.raises(ValidationError, match="choisissez-en un"):
        effet.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        effet.save()


def test_they_are_counted_by_axe_and_narrowed(client_de, dijon):
    noter(effet_de(dijon, axe=axe("PE.1")))
    noter(effet_de(dijon, fiche=fiche("PE-1")))
    noter(effet_de(dijon))
    client = client_de("cooperation")

    comptes = {
        c.nom: (c.nb_positifs, c.nb_negatifs, c.nb_inattendus) for c in client.get(URL).context["par_axe"]
    }
    assert comptes == {"Toute la convention": (0, 1, 1), "Petite enfance": (0, 2, 2)}
    for demande, nb in (
        ("objet=axe", 1),
        ("objet=fiche", 1),
        ("objet=convention", 1),
        (f"axe={axe().pk}", 2),
    ):
        assert len(client.get(f"{URL}?{demande}").context["object_list"]) == nb
    export = client.get(f"{URL}?objet=axe&export=csv").content.decode("utf-8-sig")
    assert "PE.1" in export


def test_the_bilan_quotes_and_counts_them(dijon, amener):
    noter(effet_de(dijon, axe=axe("PE.1")))
    noter(effet_de(dijon))
    noter(effet_de(dijon, fiche=fiche("PE-1")))

    from evaluation.contenus import lire_contenu
    from evaluation.effets.comptes import compter_le_bilan
    from evaluation.sortie_publique import rendre_public

    contenu = lire_contenu(amener(B.FIGEE).contenu)
    [ligne] = contenu.effets_axes
    assert (ligne.code, ligne.axe_rang, ligne.effets[0].constat) == ("PE.1", 1, "On se parle plus")
    assert [effet.constat for effet in contenu.effets] == ["On se parle plus"]
    comptes = {c.nom: (c.nb, c.nb_negatifs_inattendus) for c in compter_le_bilan(contenu)}
    assert comptes == {"Toute la convention": (1, 1), "Petite enfance": (2, 2)}
    assert rendre_public(contenu, ()).effets_axes is None


@pytest.mark.parametrize("nom", ["copil", "lecteur", "signataire", "quartier", "caf"])
def test_the_register_offers_nothing_to_who_may_not(client_de, dijon, nom):
    assert client_de(nom).get(f"{URL}noter/").status_code == 403


def test_another_s_axe_is_not_found(client_de, dijon):
    effet = noter(effet_de(dijon, axe=axe("ENF")))

    assert client_de("petite-enfance").get(f"{URL}{effet.pk}/modifier/").status_code == 404
    assert client_de("petite-enfance").post(f"{URL}{effet.pk}/retirer/").status_code == 404
