"""Every address × every role × every method, held against one table. An address that is not in it fails."""

import pytest

from ctg.models import Mandat, Personne
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM
from tests.matrice import COMPTE, LOURD, PUBLIQUES, TABLE, adresses, url_de


def test_every_address_is_in_the_table():
    noms = {nom for nom in adresses() if not nom.startswith(COMPTE)}

    assert noms == set(TABLE)


# {address: the account by which what is asked of one alone is asked}.
TEMOIN = {nom: min(ligne.get) for nom, ligne in TABLE.items() if ligne.get}


@pytest.mark.parametrize("compte_nom", COMPTES_PAR_NOM)
@pytest.mark.parametrize("nom", TABLE)
def test_every_address_for_every_role_and_method(client_de, nom, compte_nom):
    ligne = TABLE[nom]
    url, client = url_de(nom, ligne.kwargs), client_de(compte_nom)
    repond = ligne.get is not None and compte_nom in ligne.get
    for method in ("get", "head", "post", "put", "patch", "delete"):
        # HEAD is GET without its body: who is answered to one is to the other. One account says so of each address.
        if (
            repond
            and compte_nom != TEMOIN.get(nom)
            and (method == "head" or (nom in LOURD and method == "get"))
        ):
            continue
        response = getattr(client, method)(url)
        assert response.status_code in ligne.statut(method, compte_nom), (method, url)
        if response.status_code == 403 and method == "get" and ligne.get is not None:
            assert response.context["raison"].endswith(".")


@pytest.mark.parametrize("nom", TABLE)
def test_without_login_nothing_but_the_public_pages(client, db, nom):
    response = client.get(url_de(nom, TABLE[nom].kwargs))

    if nom in PUBLIQUES:
        assert response.status_code in {200, 404}
    else:
        assert response.status_code == 302
        assert response["Location"].startswith("/compte/connexion/?next=")


@pytest.mark.parametrize(
    "nom", [nom for nom, ligne in TABLE.items() if "convention" in ligne.kwargs and nom not in LOURD]
)
def test_another_convention_is_not_found(client_de, dijon, nom):
    """One's mandate is in Dijon: everything of another convention is a 404, whatever the method."""
    from ctg.models import Convention

    Convention.objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Une autre")
    url = url_de(nom, TABLE[nom].kwargs).replace("/dijon-2024/", "/autre-2030/")
    client = client_de("cooperation")

    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


@pytest.mark.parametrize(
    "nom",
    [
        "fiches:detail",
        "fiches:update",
        "fiches:historique",
        "structures:detail",
        "structures:modifier",
        "structures:historique",
        "structures:fusionner",
        "structures:activite",
        "structures:placer",
        "structures:proposition",
        "ctg:personne",
        "ctg:commenter",
        "ctg:repondre",
        "gouvernance:reunion",
        "gouvernance:reunion_modifier",
        "gouvernance:reunion_supprimer",
        "gouvernance:reunion_historique",
        "gouvernance:decision_ajouter",
        "gouvernance:decision_modifier",
        "gouvernance:decision_supprimer",
        "gouvernance:decision",
        "gouvernance:decision_suivre",
        "gouvernance:decision_axe",
        "gouvernance:mandat_ajouter",
        "gouvernance:mandat_modifier",
        "gouvernance:mandat_remplacer",
        "gouvernance:mandat_supprimer",
        "gouvernance:jalon",
        "gouvernance:jalon_modifier",
        "gouvernance:jalon_supprimer",
        "gouvernance:date_annuelle_modifier",
        "gouvernance:date_annuelle_supprimer",
        "gouvernance:poste_modifier",
        "gouvernance:financement_ajouter",
        "gouvernance:financement_modifier",
        "gouvernance:financement_supprimer",
        "evaluation:porter_bilan",
        "evaluation:lier_indicateur",
        "gouvernance:point_modifier",
        "gouvernance:point_deplacer",
        "gouvernance:conduite",
        "gouvernance:presences",
        "gouvernance:compte_rendu_etape",
        "gouvernance:reunion_document",
        "evaluation:saisie",
        "evaluation:effet_modifier",
        "evaluation:effet_retirer",
        "participation:detail",
        "participation:historique",
        "participation:modifier",
        "participation:retirer",
        "indicateurs:detail",
        "indicateurs:modifier",
        "indicateurs:ajouter",
        "indicateurs:deplacer",
    ],
)
def test_an_object_of_another_convention_is_not_found_under_one_s_own(client_de, compte, dijon, nom):
    """Somebody with mandates in both conventions does not reach one's object by the other's address."""
    from ctg.models import Convention

    autre = Convention.objects.create(
        territoire=dijon.territoire,
        slug="autre-2030",
        intitule="Une autre",
        date_debut="2024-01-01",
        precision_debut="jour",
        date_fin="2030-12-31",
        precision_fin="jour",
    )
    Mandat.objects.create(utilisateur=compte("cooperation"), role="charge_cooperation", convention=autre)
    url = url_de(nom, TABLE[nom].kwargs).replace("/dijon-2024/", "/autre-2030/")
    client = client_de("cooperation")

    assert client.get("/autre-2030/").status_code == 200
    assert client.get(url).status_code in {404, 405}
    assert client.post(url).status_code in {404, 405}


@pytest.mark.parametrize(
    "champ", ["statut_fiche", "valide_par", "is_staff", "version_", "pk", "id", "convention", "utilisateur"]
)
@pytest.mark.parametrize(
    "nom", ["fiches:update", "ctg:parametres", "ctg:personne_modifier", "indicateurs:modifier"]
)
def test_fields_added_to_a_form_change_nothing(client_de, dijon, nom, champ):
    from tests.navigation import formulaire

    client, url = client_de("cooperation"), url_de(nom, TABLE[nom].kwargs)
    avant = (
        FicheProjet.objects.order_by("pk").values_list("pk", "convention", "code", "intitule"),
        Personne.objects.order_by("pk").values_list("pk", "convention", "utilisateur", "nom"),
    )
    avant = [list(a) for a in avant]

    client.post(url, formulaire(client.get(url)) | {champ: "1"})

    apres = [
        list(FicheProjet.objects.order_by("pk").values_list("pk", "convention", "code", "intitule")),
        list(Personne.objects.order_by("pk").values_list("pk", "convention", "utilisateur", "nom")),
    ]
    assert apres == avant


def test_the_document_of_rights_says_what_the_code_does():
    from django.conf import settings

    from ctg.management.commands.documenter_droits import document

    ecrit = (settings.BASE_DIR / "docs" / "droits.md").read_text(encoding="utf-8")

    assert ecrit == document(), "manage.py documenter_droits"


def test_the_address_of_a_button_opened_as_a_page_says_so(client_de):
    response = client_de("cooperation").get("/dijon-2024/evaluation/fiches/PE-1/decisions/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    page = response.content.decode()
    assert "Cette adresse est celle d’un bouton" in page
    assert 'href="/dijon-2024/"' in page
