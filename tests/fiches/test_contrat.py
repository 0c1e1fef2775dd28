"""The signed text: filled with its source, corrected with a reason, by every door."""

import pytest
from django.core.exceptions import ValidationError
from tablib import Dataset

from ctg.models import Organisme
from fiches.models import Axe, FicheProjet, Implication, Moyen, ObjectifOperationnel
from fiches.resources import FicheResource
from gouvernance.models import Membre
from structures.models import Inscription, Structure
from tests.navigation import formulaire

PE1, AVS1 = "/dijon-2024/fiches/PE-1/modifier/", "/dijon-2024/fiches/AVS-1/modifier/"


def fiche(code="PE-1"):
    return FicheProjet.objects.get(code=code, date_fin=None)


@pytest.mark.parametrize(
    ("modele", "champ", "valeur"),
    [
        (FicheProjet, "intitule", "Un autre"),
        (Axe, "intitule", "Un autre"),
        (Axe, "enjeux", "D’autres"),
        (ObjectifOperationnel, "intitule", "Un autre"),
        (Structure, "nom", "Une autre"),
        (Structure, "adresse", "Ailleurs"),
        (Inscription, "annexe", "2 bis"),
        (Membre, "fonction", "Une autre"),
        (Moyen, "prevu", 3),
    ],
)
def test_a_filled_field_of_the_signed_text_is_not_changed_without_a_reason(db, modele, champ, valeur):
    objet = next(o for o in modele.objects.order_by("pk") if getattr(o, champ) not in (None, "", valeur))
    setattr(objet, champ, valeur)

    with pytest.raises(ValidationError, match="texte signé") as refus:
        objet.save()
    assert list(refus.value.message_dict) == [champ]
    with pytest.raises(ValidationError):
        objet.full_clean()

    objet.rectifier("coquille de l’annexe")
    objet.save()
    ligne = objet.historique.latest()
    assert (getattr(ligne, champ), ligne.history_change_reason) == (
        valeur,
        "Rectification matérielle : coquille de l’annexe",
    )
    setattr(objet, champ, None if champ == "prevu" else "")
    with pytest.raises(ValidationError):  # the reason served once; emptying is a change
        objet.save()


def test_an_empty_field_is_filled_with_its_source(db):
    objet = fiche("AVS-1")
    objet.intitule = "Le titre"
    with pytest.raises(ValidationError, match="Dites d’où vient"):
        objet.save()

    objet.completer("fiche signée AVS-1, p. 1")
    objet.save()

    assert objet.historique.latest().history_change_reason == "Complété d’après : fiche signée AVS-1, p. 1"


def test_the_page_asks_for_the_reason_and_keeps_what_was_typed(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(PE1)) | {"intitule": "Accompagner l’enfant", "constat": "Mon constat"}

    response = client.post(PE1, data)

    assert "écrivez le motif de la rectification" in response.content.decode()
    assert formulaire(response)["constat"] == "Mon constat"
    assert fiche().intitule != "Accompagner l’enfant"
    client.post(PE1, data | {"rectification": "un mot manquait"})
    assert (fiche().intitule, fiche().constat) == ("Accompagner l’enfant", "Mon constat")


def test_the_demonstration_s_source_is_no_source_of_a_signed_title(client_de):
    client = client_de("avs")
    data = formulaire(client.get(AVS1)) | {"intitule": "Le titre"}

    assert "Dites d’où vient" in client.post(AVS1, data).content.decode()
    client.post(AVS1, data | {"source_contrat": "Fiche signée AVS-1, p. 1"})
    assert fiche("AVS-1").intitule == "Le titre"


def test_planned_means_follow_the_rule_and_the_others_do_not(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(PE1))
    pk, nb = data["moyens-0-id"], int(data["moyens-INITIAL_FORMS"])

    client.post(PE1, data | {"moyens-0-realise": "12,5"})
    assert str(Moyen.objects.get(pk=pk).realise) == "12.50"
    for change in ({"moyens-0-prevu": "99"}, {"moyens-0-DELETE": "on"}):
        response = client.post(PE1, formulaire(client.get(PE1)) | change)
        assert "texte signé" in response.content.decode()
        assert Moyen.objects.get(pk=pk).prevu != 99
    neuf = {
        f"moyens-{nb}-signataire": data["moyens-0-signataire"],
        f"moyens-{nb}-annee": "2027",
        f"moyens-{nb}-nature": "en_nature",
        f"moyens-{nb}-prevu": "10",
    }
    response = client.post(PE1, formulaire(client.get(PE1)) | neuf)
    assert "Dites d’où vient" in response.content.decode()
    client.post(PE1, formulaire(client.get(PE1)) | neuf | {"source_contrat": "fiche signée PE-1, p. 3"})
    assert (
        Moyen.objects.get(fiche=fiche(), annee=2027, nature="en_nature").source == "fiche signée PE-1, p. 3"
    )


def test_a_row_removed_and_typed_anew_in_one_save(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(PE1))
    nb = int(data["moyens-INITIAL_FORMS"])
    meme = {f"moyens-{nb}-{c}": data[f"moyens-0-{c}"] for c in ("signataire", "annee", "nature", "prevu")}

    client.post(
        PE1, data | meme | {"moyens-0-DELETE": "on", "rectification": "recopie", "source_contrat": "p. 2"}
    )

    assert Moyen.objects.filter(fiche=fiche()).count() == nb


def test_the_admin_and_the_import_meet_the_same_rule(client_de, dijon):
    admin = client_de("admin")
    structure = Structure.objects.exclude(adresse="").first()
    url = f"/admin/structures/structure/{structure.pk}/change/"
    data = formulaire(admin.get(url)) | {"nom": "Un autre nom"}
    data = {k: v for k, v in data.items() if not k.startswith("_") or k == "_save"}

    assert "écrivez le motif" in admin.post(url, data).content.decode()
    assert admin.post(url, data | {"rectification": "coquille"}).status_code == 302
    assert Structure.objects.get(pk=structure.pk).nom == "Un autre nom"

    def importer(**colonnes):
        table = Dataset(headers=["convention", "code", "intitule", *colonnes])
        table.append(["dijon-2024", "PE-1", "Un titre importé", *colonnes.values()])
        return FicheResource().import_data(table, rollback_on_validation_errors=True)

    assert "texte signé" in str(importer().invalid_rows[0].error)
    assert fiche().intitule != "Un titre importé"
    assert not importer(rectification="titre mal recopié").has_validation_errors()
    assert fiche().intitule == "Un titre importé"


@pytest.mark.parametrize("change", [{"DELETE": "on"}, {"role": "associe"}, {"organisme": "autre"}])
def test_the_pilot_stays_among_the_actors(client_de, change):
    implication = Implication.objects.get(fiche__code="PE-1", role="pilote")
    client = client_de("cooperation")
    page = "/dijon-2024/fiches/PE-1/modifier/"
    data = formulaire(client.get(page))
    [rang] = [n for n in range(20) if data.get(f"implications-{n}-id") == str(implication.pk)]
    autre = Organisme.objects.exclude(pk=implication.organisme_id).first().pk
    for nom, valeur in change.items():
        data[f"implications-{rang}-{nom}"] = autre if valeur == "autre" else valeur

    response = client.post(page, data | {"constat": "Mon texte"})

    assert response.status_code == 200
    assert "C’est le pilote de la fiche" in response.content.decode()
    assert "Mon texte" in response.content.decode()
    assert Implication.objects.filter(
        pk=implication.pk, role="pilote", organisme=implication.organisme
    ).exists()


def test_the_pilot_s_row_moves_once_the_pilot_did(dijon):
    implication = Implication.objects.select_related("fiche").get(fiche__code="PE-1", role="pilote")
    with pytest.raises(ValidationError, match="C’est le pilote"):
        implication.delete()
    fiche = implication.fiche
    fiche.pilote = Organisme.objects.exclude(pk=fiche.pilote_id).first()
    fiche.rectifier("erreur de copie")
    fiche.save()

    implication.delete()

    assert not fiche.implications.filter(role="pilote").exists()
