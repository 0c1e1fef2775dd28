"""The lines of a projet d’avenant, its states, and what forbids it to apply."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.models import Avenant, Convention, Organisme
from evaluation.avenants.application import appliquer
from evaluation.avenants.enums import NatureChangement as N
from evaluation.avenants.obstacles import collect_obstacles
from evaluation.avenants.services import (
    Proposition,
    abandonner,
    ajouter_changement,
    arreter,
    modifier_changement,
    preparer_projet,
    reprendre,
    retirer_changement,
    signer,
)
from evaluation.models import ChangementProjete, Indicateur, Mesure, ProjetAvenant
from fiches.models import Axe, FicheProjet
from fiches.succession import succeder
from structures.models import Inscription

JOUR = datetime.date(2026, 9, 1)
SIGNATURE = datetime.date(2026, 7, 1)


def axe(code):
    return Axe.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def fiche(code):
    return FicheProjet.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


@pytest.fixture
def projet(dijon):
    return preparer_projet(dijon, objet="La petite enfance", date_effet=JOUR)


def signe(projet):
    arreter(projet.pk)
    return signer(projet.pk, date_signature=SIGNATURE)


def test_a_line_says_what_was_and_only_what_an_avenant_changes(projet):
    ligne = ajouter_changement(
        projet, N.FICHE_MODIFIER, cible=fiche("PE-1"), valeurs={"intitule": "Autrement"}
    )

    assert ligne.avant == {"intitule": fiche("PE-1").intitule}
    with pytest.raises(ValidationError, match="Un avenant ne change pas ce champ ici"):
        ajouter_changement(projet, N.FICHE_MODIFIER, cible=fiche("PE-2"), valeurs={"notes_internes": "Chut"})
    with pytest.raises(ValidationError, match="intitulé : À remplir"):
        ajouter_changement(projet, N.AXE_MODIFIER, cible=axe("PE.1"), valeurs={"intitule": ""})
    with pytest.raises(ValidationError, match="Rien ne change"):
        ajouter_changement(
            projet, N.AXE_MODIFIER, cible=axe("PE.1"), valeurs={"intitule": axe("PE.1").intitule}
        )
    with pytest.raises(ValidationError, match="au moins un axe"):
        ajouter_changement(projet, N.FICHE_RATTACHER, cible=fiche("PE-2"), valeurs={"axes": []})


@pytest.mark.parametrize(
    ("nature", "cible", "valeurs"),
    [
        (N.FICHE_CLORE, None, {}),
        (N.AXE_MODIFIER, None, {"intitule": "Sans axe"}),
        (N.OBJECTIF_AJOUTER, None, {"intitule": "Nulle part"}),
        (
            N.INDICATEUR_AJOUTER,
            None,
            {"code": "X", "intitule": "X", "nature": "entier", "type_indicateur": "moyens"},
        ),
    ],
)
def test_a_line_names_what_it_changes(projet, nature, cible, valeurs):
    with pytest.raises(ValidationError, match="Dites ce que cette ligne change"):
        ajouter_changement(projet, nature, cible=cible, valeurs=valeurs)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangementProjete.objects.create(projet=projet, ordre=1, nature=nature)


def test_one_line_for_one_thing_and_no_change_of_what_closes(projet):
    ajouter_changement(projet, N.FICHE_CLORE, cible=fiche("PE-1"), motif="Finie")

    with pytest.raises(ValidationError, match="Ce projet change déjà cela"):
        ajouter_changement(projet, N.FICHE_CLORE, cible=fiche("PE-1"), motif="Finie")
    with pytest.raises(ValidationError, match="l’un exclut l’autre"):
        ajouter_changement(projet, N.FICHE_MODIFIER, cible=fiche("PE-1"), valeurs={"intitule": "Autrement"})
    indicateur = Indicateur.objects.filter(fiche__code="PE-2", date_fin=None).first()
    ajouter_changement(projet, N.INDICATEUR_CLORE, cible=indicateur, motif="Inutile")  # of something else


def test_nothing_of_another_convention(projet, dijon):
    ailleurs = Convention.objects.create(territoire=dijon.territoire, slug="ailleurs", intitule="Ailleurs")
    etranger = Axe.objects.create(convention=ailleurs, code="X", numero=1, ordre=1, intitule="D’ailleurs")

    with pytest.raises(ValidationError, match="pas de cette convention"):
        ajouter_changement(projet, N.AXE_CLORE, cible=etranger, motif="Non")


def test_what_is_added_below_an_axe_says_nothing_of_that_axe(projet):
    ligne = ajouter_changement(projet, N.AXE_AJOUTER, cible=axe("PE"), valeurs={"intitule": "La nuit"})

    assert ligne.avant == {}
    with pytest.raises(ValidationError, match="Rien ne change"):
        ajouter_changement(projet, N.FICHE_MODIFIER, cible=fiche("PE-1"), valeurs={})


def test_what_holds_another_line_is_not_taken_away_first(projet):
    dessus = ajouter_changement(projet, N.AXE_AJOUTER, cible=axe("PE"), valeurs={"intitule": "La nuit"})
    dessous = ajouter_changement(projet, N.FICHE_AJOUTER, valeurs={"intitule": "La crèche"}, sous=dessus)

    with pytest.raises(ValidationError, match="« ajouter une fiche » en dépend"):
        retirer_changement(dessus.pk)
    retirer_changement(dessous.pk)
    retirer_changement(dessus.pk)

    assert not projet.changements.exists()


def test_what_is_frozen_does_not_move_until_it_is_taken_back(projet):
    with pytest.raises(ValidationError, match="ne change rien"):
        arreter(projet.pk)
    ligne = ajouter_changement(projet, N.FICHE_CLORE, cible=fiche("PE-1"), motif="Finie")

    arrete = arreter(projet.pk)

    assert len(arrete.empreinte) == 64
    for ecrire in (
        lambda: ajouter_changement(projet, N.FICHE_CLORE, cible=fiche("PE-2"), motif="Finie"),
        lambda: modifier_changement(ligne.pk, valeurs={}, motif="Autrement"),
        lambda: retirer_changement(ligne.pk),
    ):
        with pytest.raises(ValidationError, match="est arrêté : son contenu ne change plus"):
            ecrire()
    repris = reprendre(projet.pk, motif="Une coquille")
    assert (repris.statut, repris.contenu, repris.empreinte) == ("en_preparation", "", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjetAvenant.objects.filter(pk=projet.pk).update(statut="arrete")


def test_the_states_follow_one_another(projet, compte):
    ajouter_changement(projet, N.FICHE_CLORE, cible=fiche("PE-1"), motif="Finie")
    with pytest.raises(ValidationError, match="Arrêtez d’abord"):
        signer(projet.pk, date_signature=SIGNATURE)
    arreter(projet.pk)
    with pytest.raises(ValidationError, match="Cette date est à venir"):
        signer(projet.pk, date_signature=timezone.localdate() + datetime.timedelta(days=1))
    with pytest.raises(ValidationError, match="Seul un avenant signé"):
        appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())
    signer(projet.pk, date_signature=SIGNATURE)
    with pytest.raises(ValidationError, match="ne s’abandonne pas"):
        abandonner(projet.pk, motif="Non")
    appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())
    with pytest.raises(ValidationError, match="Seul un avenant signé"):
        appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())
    with pytest.raises(ValidationError, match="pas encore appliqué"):
        reprendre(projet.pk, motif="Trop tard")


def test_a_number_is_of_one_living_projet(projet, dijon):
    with pytest.raises(ValidationError, match="a déjà ce numéro"):
        preparer_projet(dijon, objet="Un autre", date_effet=JOUR, numero=1)
    abandonner(projet.pk, motif="Sans suite")
    assert preparer_projet(dijon, objet="Un autre", date_effet=JOUR).numero == 1
    Avenant.objects.create(convention=dijon, numero=2, date_effet=JOUR)
    with pytest.raises(ValidationError, match="a déjà un avenant de ce numéro"):
        preparer_projet(dijon, objet="Encore un", date_effet=JOUR, numero=2)
    with pytest.raises(ValidationError, match="La convention va de 2024 à 2027"):
        preparer_projet(dijon, objet="Trop tard", date_effet=datetime.date(2031, 1, 1))


def test_a_conflict_since_the_drafting_is_said_line_by_line_and_refuses(projet, dijon, compte):
    inscription = Inscription.objects.filter(convention=dijon).order_by("pk").first()
    for nature, cible, valeurs in (
        (N.AXE_MODIFIER, axe("PE.1"), {"intitule": "Un autre axe"}),
        (N.FICHE_MODIFIER, fiche("PE-2"), {"constat": "Un autre constat"}),
        (N.FICHE_CLORE, fiche("PE-3"), {}),
        (N.INSCRIPTION_RETIRER, inscription, {}),
        (N.SIGNATAIRE_AJOUTER, Organisme.objects.get(nom="VYV"), {}),
    ):
        ajouter_changement(projet, nature, cible=cible, valeurs=valeurs, motif="Mi-parcours")
    signe(projet)
    assert collect_obstacles(ProjetAvenant.objects.get(pk=projet.pk)) == []

    autre = Avenant.objects.create(convention=dijon, numero=8, date_effet=datetime.date(2026, 3, 1))
    axe_change = axe("PE.1")
    axe_change.rectifier("coquille")
    axe_change.intitule = "Accompagner l’enfant"
    axe_change.save()
    succeder(fiche("PE-2").pk, autre, {"constat": "Entre-temps"})
    FicheProjet.objects.filter(code="PE-3").update(date_fin=datetime.date(2026, 4, 1))
    Inscription.objects.filter(pk=inscription.pk).update(date_fin=datetime.date(2026, 4, 1))
    dijon.signataires.create(organisme=Organisme.objects.get(nom="VYV"), ordre=9)

    obstacles = collect_obstacles(ProjetAvenant.objects.get(pk=projet.pk))
    lignes = list(projet.changements.order_by("ordre"))
    assert [obstacle.ligne for obstacle in obstacles] == [ligne.pk for ligne in lignes]
    for obstacle, dit in zip(
        obstacles,
        ("intitulé a changé depuis", "constat a changé depuis", "prend fin le", "prend fin le", "signe déjà"),
        strict=True,
    ):
        assert dit in obstacle.phrase
    with pytest.raises(ValidationError) as refus:
        appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())
    assert refus.value.messages == [obstacle.phrase for obstacle in obstacles]
    assert not Avenant.objects.filter(numero=1).exists()


def test_an_indicator_that_has_a_value_is_not_replaced_before_it(projet, compte):
    mesure = Mesure.objects.filter(indicateur__fiche__code="PE-1", annee=2025).first()
    Mesure.objects.create(indicateur=mesure.indicateur, annee=2026, situation="renseignee", valeur=3)
    ajouter_changement(projet, N.INDICATEUR_CLORE, cible=mesure.indicateur, motif="Inutile")

    [obstacle] = collect_obstacles(projet)

    assert "a une valeur pour 2026" in obstacle.phrase
    assert "1er janvier 2027" in obstacle.phrase


def test_all_or_nothing(projet, dijon, compte, monkeypatch):
    """One line is refused by its service: nothing of the others is left."""
    ajouter_changement(projet, N.AXE_AJOUTER, cible=axe("PE"), valeurs={"intitule": "La nuit"})
    definition = {"nature": "entier", "type_indicateur": "moyens", "intitule": "Nuits gardées"}
    ajouter_changement(
        projet, N.INDICATEUR_AJOUTER, cible=fiche("PE-1"), valeurs={"code": "NUITS"} | definition
    )
    signe(projet)

    def refuser(self):
        if self.code == "NUITS":
            raise ValidationError("Cet indicateur est refusé.")

    monkeypatch.setattr(Indicateur, "clean", refuser)
    with pytest.raises(ValidationError, match="est refusé"):
        appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())

    assert not Axe.objects.filter(code="PE.6").exists()
    assert not Indicateur.objects.filter(code="NUITS").exists()
    assert not Avenant.objects.filter(convention=dijon).exists()


def test_an_axe_closes_with_what_hangs_on_it(projet, compte):
    ajouter_changement(projet, N.AXE_CLORE, cible=axe("PE.5"), motif="Abandonné")
    assert ["PE-5 en dépendent encore" in obstacle.phrase for obstacle in collect_obstacles(projet)] == [True]

    ajouter_changement(projet, N.FICHE_RATTACHER, cible=fiche("PE-5"), valeurs={"axes": [axe("ENF.1")]})
    assert collect_obstacles(projet) == []
    signe(projet)
    appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())

    deplacee = fiche("PE-5")
    assert (deplacee.axe.code, [a.code for a in deplacee.axes.all()]) == ("ENF", ["ENF.1"])
    assert (deplacee.succede_a.axe.code, [a.code for a in deplacee.succede_a.axes.all()]) == ("PE", ["PE.5"])


def test_what_was_tampered_with_does_not_apply(projet, compte):
    ajouter_changement(projet, N.FICHE_CLORE, cible=fiche("PE-1"), motif="Finie")
    signe(projet)
    ProjetAvenant.objects.filter(pk=projet.pk).update(contenu="{}")

    with pytest.raises(ValidationError, match="n’a plus son empreinte"):
        appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())


def test_the_command_applies_those_whose_day_has_come_and_once(projet, dijon, capsys):
    ajouter_changement(projet, N.FICHE_CLORE, cible=fiche("PE-1"), motif="Finie")
    signe(projet)
    demain = timezone.localdate() + datetime.timedelta(days=1)
    attend = preparer_projet(
        dijon,
        objet="Plus tard",
        date_effet=demain,
        changements=[Proposition(N.FICHE_CLORE, fiche("PE-2"), motif="Finie")],
    )
    signe(attend)

    call_command("appliquer_avenants", essai=True)
    assert "avenant n°\u00a01 : s’appliquerait" in capsys.readouterr().out
    assert not Avenant.objects.exists()
    call_command("appliquer_avenants")
    assert capsys.readouterr().out.strip() == "dijon-2024, avenant n°\u00a01 : appliqué"
    call_command("appliquer_avenants")
    assert capsys.readouterr().out == ""

    assert list(Avenant.objects.values_list("numero", flat=True)) == [1]
    with pytest.raises(ValidationError, match="il s’applique à partir de ce jour"):
        appliquer(attend.pk, user=None, now=timezone.now())


@pytest.mark.parametrize(
    ("lignes", "dit"),
    [
        ([(N.AXE_AJOUTER, None, {"code": "PE", "intitule": "Numérique"})], "a déjà le code PE"),
        (
            [
                (N.AXE_AJOUTER, None, {"code": "NUM", "intitule": "Numérique"}),
                (N.AXE_AJOUTER, None, {"code": "NUM", "intitule": "Nuages"}),
            ],
            "Deux lignes de ce projet",
        ),
        ([(N.AXE_CLORE, "AVS", {})], "ne peut pas être clos"),
    ],
)
def test_what_could_not_be_applied_is_not_frozen(projet, lignes, dit):
    for nature, code, valeurs in lignes:
        ajouter_changement(projet, nature, cible=axe(code) if code else None, valeurs=valeurs)

    with pytest.raises(ValidationError, match=dit):
        arreter(projet.pk)

    projet.refresh_from_db()
    assert (projet.statut, projet.contenu) == ("en_preparation", "")


def test_an_indicator_is_not_added_under_a_code_in_force(projet):
    pris = Indicateur.objects.filter(fiche=fiche("PE-1"), date_fin=None).first()
    valeurs = {"code": pris.code, "intitule": "Un autre", "nature": "entier", "type_indicateur": "moyens"}
    ligne = ajouter_changement(projet, N.INDICATEUR_AJOUTER, cible=fiche("PE-1"), valeurs=valeurs)

    assert f"a déjà le code {pris.code}" in collect_obstacles(projet)[0].phrase
    modifier_changement(ligne.pk, valeurs=valeurs | {"code": "PE-1-99"}, motif="")
    assert collect_obstacles(projet) == []
