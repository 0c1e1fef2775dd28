"""Tree, means, articulation, and the constraints of the plan."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ctg.models import Avenant
from fiches.arbre import construire_arbre
from fiches.models import Axe, Contribution, Etape, FicheProjet, Implication, Moyen, ObjectifOperationnel
from fiches.reports import Total, additionner, collect_articulation, collect_moyens
from fiches.succession import succeder

pytestmark = pytest.mark.django_db
AU = datetime.date(2026, 11, 23)


def test_tree_as_a_whole(dijon, django_assert_num_queries):
    with django_assert_num_queries(5):  # levels, axes, objectives, fiches, axes carried
        racines = construire_arbre(dijon, au=AU)

    assert [(r.axe.code, len(r.enfants), len(r.fiches)) for r in racines] == [
        ("PE", 5, 5),
        ("ENF", 5, 5),
        ("JEU", 3, 3),
        ("AVS", 6, 2),
    ]
    assert [n.niveau for n in (racines[0], racines[0].enfants[0])] == ["axe thématique", "axe stratégique"]
    assert racines[0].ecarts_annonces == ["Le texte annonce 4 axes et en donne 5."]
    assert [len(o.enfants) for o in racines[0].enfants[3].objectifs] == [0, 0, 4]
    assert [f.code for f in racines[3].enfants[5].fiches_porteuses] == ["AVS-2"]


def test_tree_as_of_a_date(dijon):
    Axe.objects.filter(code="PE.5").update(date_fin=datetime.date(2026, 1, 1))

    assert len(construire_arbre(dijon, au=datetime.date(2025, 12, 31))[0].enfants) == 5
    assert len(construire_arbre(dijon, au=datetime.date(2026, 1, 1))[0].enfants) == 4


def test_a_sum_says_what_it_stands_on():
    assert additionner([Decimal(2), None, Decimal(0)]) == Total(Decimal(2), 2, 3)
    assert additionner([None, None]) == Total(None, 0, 2)
    assert additionner([Decimal(0)]) == Total(Decimal(0), 1, 1)


def test_means_keep_posts_and_euros_apart(dijon):
    Moyen.objects.all().delete()
    ville, caf = dijon.signataires.order_by("ordre")
    pe1, pe2 = (FicheProjet.objects.get(code=code) for code in ("PE-1", "PE-2"))
    Moyen.objects.create(fiche=pe1, signataire=ville, annee=2025, nature="etp", prevu="1.5", source="essai")
    Moyen.objects.create(
        fiche=pe1,
        signataire=ville,
        annee=2025,
        nature="fonctionnement",
        prevu=1000,
        realise=900,
        source="essai",
    )
    Moyen.objects.create(
        fiche=pe2, signataire=ville, annee=2025, nature="fonctionnement", prevu=500, source="essai"
    )
    Moyen.objects.create(
        fiche=pe2, signataire=caf, annee=2024, nature="fonctionnement", prevu=7, source="essai"
    )

    moyens = collect_moyens(dijon, annee=2025)

    assert moyens.annees == (2024, 2025)
    assert [(ligne.signataire, ligne.nature, ligne.prevu, ligne.realise) for ligne in moyens.totaux] == [
        ("Ville de Dijon", "postes (ETP)", Total(Decimal("1.5"), 1, 1), Total(None, 0, 1)),
        ("Ville de Dijon", "fonctionnement (€)", Total(Decimal(1500), 2, 2), Total(Decimal(900), 1, 2)),
    ]


def test_means_count_in_the_years_of_their_fiche_whatever_its_text(dijon):
    Moyen.objects.all().delete()
    ville = dijon.signataires.order_by("ordre").first()
    changee, close, nouvelle = (FicheProjet.objects.get(code=code) for code in ("PE-1", "PE-2", "PE-3"))
    milieu = datetime.date(2025, 7, 1)
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=milieu)
    succeder(changee.pk, avenant, {"intitule": "Un autre titre"})
    FicheProjet.objects.filter(pk=close.pk).update(date_fin=milieu)
    FicheProjet.objects.filter(pk=nouvelle.pk).update(date_effet=milieu)
    for fiche, montant in ((changee, 1), (close, 10), (nouvelle, 100)):
        for annee in (2024, 2025, 2026):
            Moyen.objects.create(
                fiche=fiche,
                signataire=ville,
                annee=annee,
                nature="fonctionnement",
                prevu=montant,
                source="essai",
            )

    par_annee = {ligne.annee: ligne.prevu.somme for ligne in collect_moyens(dijon).par_annee}

    assert par_annee == {2024: 11, 2025: 111, 2026: 101}
    assert [ligne.prevu for ligne in collect_moyens(dijon).totaux] == [Total(Decimal(223), 7, 7)]
    assert [ligne.prevu.somme for ligne in collect_moyens(dijon, annee=2025).totaux] == [111]


def test_articulation_says_text_and_fiches(dijon):
    articulation = collect_articulation(dijon, au=AU)
    axe, cellules = articulation.lignes[2]

    assert axe == "Jeunesse"
    assert [c.is_declare for c in cellules] == [True, False, False, False, False]
    assert [c.fiches for c in cellules] == [(), (), ("JEU-1",), ("JEU-1", "JEU-2", "JEU-3"), ()]


@pytest.mark.parametrize(
    ("echeance", "faite", "retard"),
    [
        (AU - datetime.timedelta(days=1), False, True),
        (AU, False, False),
        (None, False, False),
        (AU - datetime.timedelta(days=1), True, False),
    ],
)
def test_lateness_is_computed(echeance, faite, retard):
    assert Etape(echeance=echeance, is_faite=faite).is_en_retard(AU) is retard


def test_constraints(dijon):
    fiche, axe, ville = (
        FicheProjet.objects.get(code="PE-1"),
        Axe.objects.get(code="PE"),
        dijon.signataires.first(),
    )
    objectif = ObjectifOperationnel.objects.first()
    implication = fiche.implications.filter(structure=None).first()
    structure = fiche.implications.exclude(structure=None).first().structure

    def refuse(nom, creer):
        with pytest.raises(IntegrityError, match=nom), transaction.atomic():
            creer()

    def cree(modele, **champs):
        return lambda: modele.objects.create(**champs)

    base = {"convention": dijon, "numero": 1, "ordre": 1, "intitule": "x"}
    refuse("axe_code_unique|fiches_axe.convention_id", cree(Axe, code="PE", **base))
    refuse("axe_rang_et_parent", lambda: Axe.objects.filter(pk=axe.pk).update(rang=2))
    refuse(
        "axe_pas_son_propre_parent|axe_rang", lambda: Axe.objects.filter(pk=axe.pk).update(parent=axe, rang=2)
    )
    refuse("axe_effet_ordonne", lambda: Axe.objects.filter(pk=axe.pk).update(date_effet=AU, date_fin=AU))
    refuse("axe_ne_se_succede_pas", lambda: Axe.objects.filter(pk=axe.pk).update(succede_a=axe))
    refuse("objectif_axe_ou_fiche", cree(ObjectifOperationnel, code="x", ordre=1, intitule="x"))
    refuse(
        "objectif_nature_et_parent",
        cree(ObjectifOperationnel, axe=axe, parent=objectif, code="x", ordre=1, intitule="x"),
    )
    refuse(
        "objectif_nature_et_parent",
        cree(ObjectifOperationnel, axe=axe, nature="declinaison", code="x", ordre=1, intitule="x"),
    )
    refuse("contribution_axe_ou_fiche", cree(Contribution, demarche=dijon.demarches.first()))
    refuse(
        "fiche_code_unique|fiches_ficheprojet.convention_id",
        cree(FicheProjet, convention=dijon, axe=axe, code="PE-1", numero=1),
    )
    refuse(
        "fiche_statut_connu", cree(FicheProjet, convention=dijon, axe=axe, code="Z", numero=1, statut="fini")
    )
    refuse("implication_organisme_ou_structure", cree(Implication, fiche=fiche, role="pilote"))
    refuse(
        "implication_organisme_ou_structure",
        cree(Implication, fiche=fiche, organisme=implication.organisme, structure=structure, role="associe"),
    )
    refuse(
        "implication_unique_par_organisme|fiches_implication.fiche_id",
        cree(Implication, fiche=fiche, organisme=implication.organisme, role=implication.role),
    )
    refuse("implication_role_connu", cree(Implication, fiche=fiche, structure=structure, role="chef"))
    moyen = {"fiche": fiche, "signataire": ville, "annee": 2027}
    refuse("moyen_montants_positifs", cree(Moyen, nature="etp", prevu=-1, source="essai", **moyen))
    refuse("moyen_nature_connue", cree(Moyen, nature="or", **moyen))
    refuse("moyen_annee_plausible", cree(Moyen, nature="etp", **(moyen | {"annee": 20})))
    refuse(
        "moyen_unique_par_nature_et_annee|fiches_moyen.fiche_id",
        cree(Moyen, nature="fonctionnement", **(moyen | {"annee": 2025})),
    )
