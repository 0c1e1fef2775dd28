"""« Mon classeur »: downloaded, filled, sent back; a preview, then all or nothing."""

from decimal import Decimal as D

import pytest

from evaluation.classeurs.feuilles import ENTETE
from evaluation.models import Avancement, Indicateur, Mesure, Saisie, ValeurVentilee
from tests.evaluation.classeurs import MON, Classeur, confirmer, deposer, lignes
from tests.evaluation.grille import enregistrer, mesure, transition, ventiler

V = "Valeur 2026"


def test_sent_back_as_it_is_it_changes_nothing(client_de):
    client = client_de("cooperation")
    enregistrer(client, "PE-1-01", valeur="1402", commentaire="deux\nlignes", etat="provisoire")
    enregistrer(client, "PE-1-02", numerateur="2", denominateur="3")
    enregistrer(client, "PE-1-04", sans_objet="on", motif="fermé")
    enregistrer(client, "PE-5-02", valeur="1")
    enregistrer(client, "ENF-5-02", valeur="26,25")
    ventiler()
    avant = Mesure.historique.count()

    page = Classeur(client).deposer(client)

    assert lignes(page) == []
    assert page.context["apercu"].nb_inchangees > 100
    assert "ne change rien" in page.content.decode()
    assert Mesure.historique.count() == avant


def test_every_nature_a_part_and_the_progress_are_read(client_de, compte):
    parts, client = ventiler("PE-1-01"), client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 1402
    c["Saisie", "PE-1-02", "Numérateur"], c["Saisie", "PE-1-02", "Dénominateur"] = "2", 3
    c["Saisie", "PE-1-03", V], c["Saisie", "PE-1-03", "État"] = "4", "Estimée"
    c["Saisie", "PE-5-02", V] = "Oui"
    c["Saisie", "PE-4-03", V] = "12 310,50 €"
    c["Saisie", "PE-4-03", "Commentaire"] = "=1+1 n’est pas une formule"
    c.cellule("Saisie", "PE-4-03", "Commentaire").data_type = "s"
    c["Saisie", "PE-1-04", "Sans objet"], c["Saisie", "PE-1-04", "Motif"] = "x", "fermé"
    ligne = c.cellule("Saisie", "PE-1-01", V)
    ligne.offset(1).value = 12.5 if parts["Grésilles"].pk == 0 else 12
    c["Avancement", "PE-1", "Statut"], c["Avancement", "PE-1", "Avancement (%)"] = "En cours", 45
    c["Avancement", "PE-1", "Réalisations de l’année"] = "Un guichet ouvert."

    page = c.deposer(client)
    assert lignes(page, "refusee", "conflit", "a_confirmer") == []
    assert not Mesure.objects.filter(annee=2026, indicateur__code="PE-1-03").exists()  # a preview
    assert confirmer(client, page).status_code == 302

    assert mesure("PE-1-01").valeur == 1402
    assert (mesure("PE-1-02").valeur, mesure("PE-1-02").denominateur) == (D("66.67"), 3)
    assert (mesure("PE-1-03").valeur, mesure("PE-1-03").etat) == (4, "estimee")
    assert mesure("PE-5-02").valeur == 1
    assert (mesure("PE-4-03").valeur, mesure("PE-4-03").commentaire[:4]) == (D("12310.5"), "=1+1")
    assert (mesure("PE-1-04").situation, mesure("PE-1-04").motif) == ("sans_objet", "fermé")
    assert ValeurVentilee.objects.get(modalite=parts["Fontaine d’Ouche"]).valeur == 12
    avancement = Avancement.objects.get(fiche__code="PE-1", annee=2026)
    assert (avancement.statut, avancement.taux_avancement, avancement.realisations) == (
        "en_cours",
        45,
        "Un guichet ouvert.",
    )
    assert mesure("PE-1-01").saisie_par == compte("cooperation")


def test_the_preview_says_that_the_parts_would_not_make_the_total(client_de):
    ventiler("PE-1-01")
    c = Classeur(client := client_de("cooperation"))
    c["Saisie", "PE-1-01", V] = 10
    c.cellule("Saisie", "PE-1-01", V).offset(1).value = 12

    page = c.deposer(client)
    assert page.context["apercu"].remarques == [
        "PE-1-01 : le détail fait 12, le total 10\u00a0: il y a 2 de trop (1 part renseignée sur 2)."
    ]
    assert "Le détail ne ferait pas le total" in page.content.decode()

    c.cellule("Saisie", "PE-1-01", V).offset(1).value = 8  # the others are still to come
    assert c.deposer(client).context["apercu"].remarques == []


def test_the_preview_reads_a_fraction_as_one_says_it(client_de):
    c = Classeur(client := client_de("cooperation"))
    c["Saisie", "PE-1-02", "Numérateur"], c["Saisie", "PE-1-02", "Dénominateur"] = 30, 40

    [ligne] = [li for li in lignes(c.deposer(client)) if li.quoi == "PE-1-02, valeur"]

    assert ligne.mien == "30 sur 40"


def test_only_one_s_open_cells_are_unlocked(client_de, compte):
    ventiler("PE-1-01")
    c = Classeur(client_de("quartier"))
    ouvertes = [
        (row[3].value, cell.column_letter)
        for row in c.workbook["Saisie"].iter_rows(min_row=ENTETE + 1)
        for cell in row
        if not cell.protection.locked
    ]
    assert {colonne for _, colonne in ouvertes} == {"K"}
    assert "PE-1-01" in {code for code, _ in ouvertes}
    assert c.workbook["Saisie"].protection.sheet
    assert c.workbook["Avancement"].max_row == ENTETE

    enregistrer(client_de("referent"), "PE-1-02", commentaire="commencé")
    transition("soumettre", "PE-1", compte("cooperation"))
    c = Classeur(client_de("referent"))
    assert all(cell.protection.locked for row in c.workbook["Saisie"].iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("code", "titre", "valeur", "dit"),
    [
        ("PE-1-01", V, "1.234", "deux façons"),
        ("PE-1-01", V, "beaucoup", "n’est pas un nombre"),
        ("PE-1-01", V, 2.5, "n’est pas un nombre entier"),
        ("PE-1-01", V, "=SUM(A1:A3)", "une formule"),
        ("PE-1-01", "État", "sûre", "Sélectionnez un choix valide"),
        ("PE-1-02", "Numérateur", 3, "vont ensemble"),
        ("PE-1-03", V, "7", "Sélectionnez un choix valide"),
        ("PE-5-02", V, "peut-être", "Sélectionnez un choix valide"),
        ("PE-1-04", "Sans objet", "oui", "pourquoi"),
        ("PE-1-01", "clé", "i999999", "n’est plus, de votre grille"),
        ("PE-1-01", "empreintes", "zz", "colonnes masquées"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_written(client_de, code, titre, valeur, dit):
    client = client_de("cooperation")
    c, avant = Classeur(client), Mesure.historique.count()
    c["Saisie", "PE-1-04", V] = 10
    c["Saisie", code, titre] = valeur

    page = c.deposer(client)

    refus = lignes(page, "refusee")
    assert len(refus) == 1
    assert dit in refus[0].raison
    if titre not in {"clé", "empreintes", "Numérateur", "Sans objet"}:
        assert refus[0].adresse == c.cellule("Saisie", code, titre).coordinate
        assert refus[0].feuille == "Saisie"
        assert refus[0].mien.startswith(str(valeur).replace(".5", ",5"))
    assert refus[0].raison[:30] in page.content.decode().replace("&#x27;", "'")
    page = confirmer(client, page)
    assert page.status_code == 200
    assert Mesure.historique.count() == avant


def test_a_faulty_progress_is_refused(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Avancement", "PE-1", "Avancement (%)"], c["Avancement", "PE-1", "Statut"] = 145, "bizarre"

    refus = lignes(c.deposer(client), "refusee")

    assert [(ligne.quoi, ligne.mien) for ligne in refus] == [
        ("PE-1, statut", "bizarre"),
        ("PE-1, avancement (%)", "145"),
    ]


def test_what_changed_meanwhile_is_asked(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V], c["Saisie", "PE-1-04", V] = 10, 11
    c["Avancement", "PE-1", "Réalisations de l’année"] = "La mienne."
    enregistrer(client, "PE-1-01", valeur="20")
    enregistrer(client, "PE-1-04", valeur="11")  # the same: nothing to ask
    enregistrer(client, "PE-2-01", valeur="30")  # not touched in the workbook: kept
    Avancement.objects.update_or_create(
        fiche=Indicateur.objects.get(code="PE-1-01").fiche,
        annee=2026,
        defaults={"realisations": "La sienne."},
    )

    page = c.deposer(client)
    valeur, texte = lignes(page)
    assert (valeur.sort, valeur.mien, valeur.actuel[:2], texte.actuel) == (
        "conflit",
        "10",
        "20",
        "La sienne.",
    )
    assert "garder ce qui est enregistré" in page.content.decode()

    page = confirmer(client, page, **{valeur.cle: f"mien:{valeur.empreinte}"})
    assert [ligne.quoi for ligne in lignes(page, "conflit")] == ["PE-1, réalisations de l’année"]
    assert f'name="{valeur.cle}" value="mien:{valeur.empreinte}"' in page.content.decode()  # still chosen
    assert mesure("PE-1-01").valeur == 20

    choix = {valeur.cle: f"mien:{valeur.empreinte}", texte.cle: f"leur:{texte.empreinte}"}
    assert confirmer(client, page, **choix).status_code == 302
    assert (mesure("PE-1-01").valeur, mesure("PE-2-01").valeur) == (10, 30)
    assert Avancement.objects.get(fiche__code="PE-1", annee=2026).realisations == "La sienne."


def test_an_unusual_value_is_confirmed_on_the_page(client_de):
    Indicateur.objects.filter(code="PE-1-01").update(borne_max=100)
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 500

    page = c.deposer(client)
    [ligne] = lignes(page)
    assert ligne.sort == "a_confirmer"
    assert confirmer(client, page).status_code == 200
    assert confirmer(client, page, **{ligne.cle: "on"}).status_code == 302
    assert mesure("PE-1-01").valeur == 500


def test_confirmed_twice_it_is_written_once(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 500
    page = c.deposer(client)
    confirmer(client, page)
    avant = Mesure.historique.count()

    reponse = confirmer(client, page)

    assert reponse.status_code == 302
    assert "est déjà enregistré" in client.get(f"{MON}deposer/").content.decode()
    assert Mesure.historique.count() == avant


def test_another_file_sent_meanwhile_is_shown_before_it_is_written(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 500
    premier = c.deposer(client)
    c["Saisie", "PE-1-01", V] = 600
    c.deposer(client)

    reponse = confirmer(client, premier)

    assert "relisez-le" in reponse.content.decode()
    assert mesure("PE-1-01") is None


def test_given_up_it_is_forgotten(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 500
    c.deposer(client)

    page = client.post(f"{MON}deposer/", {"abandonner": "1"}, follow=True)

    assert page.context["depot"] is None
    assert mesure("PE-1-01") is None


def test_a_lock_set_after_the_preview_keeps_everything_out(client_de, compte):
    client = client_de("cooperation")
    enregistrer(client, "PE-2-02", commentaire="commencé")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V], c["Saisie", "PE-2-01", V] = 500, 600
    page = c.deposer(client)
    transition("soumettre", "PE-2", compte("cooperation"))

    page = confirmer(client, page)

    [refus] = lignes(page, "refusee")
    assert "Soumise le" in refus.raison
    assert (mesure("PE-1-01"), mesure("PE-2-01")) == (None, None)
    assert Saisie.objects.get(fiche__code="PE-1", campagne__annee=2026).statut == "a_saisir"


def test_a_refusal_while_writing_undoes_everything(client_de, monkeypatch):
    """As when a campaign closes between the last look and the lock."""
    from evaluation.classeurs import depot_personnel
    from evaluation.verrous import Verrou, VerrouError

    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 500
    c["Avancement", "PE-2", "Réalisations de l’année"] = "Une phrase."
    page = c.deposer(client)

    class Close:
        def __init__(self, *args, **kwargs):
            raise VerrouError(Verrou("close", "La campagne est close."))

    monkeypatch.setattr(depot_personnel, "Ecriture", Close)
    page = confirmer(client, page)

    assert "La campagne est close." in page.content.decode()
    assert mesure("PE-1-01") is None


def test_the_choices_of_the_page_carry_no_value(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 500
    page = c.deposer(client)
    cle = Indicateur.objects.get(code="PE-1-01").pk

    confirmer(client, page, **{f"i{cle}-valeur": "9", f"i{cle}-sans_objet": "on", f"i{cle}-motif": "x"})

    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").motif) == (500, "")


@pytest.mark.parametrize(
    ("nom", "url", "dit"),
    [
        ("petite-enfance", MON, "d’une autre personne"),
        ("cooperation", MON.replace("2026", "2025"), "celui de 2026"),
        ("cooperation", "/dijon-2024/evaluation/classeur/", "n’est pas le classeur de la convention"),
    ],
)
def test_the_workbook_of_another_person_year_or_page(client_de, nom, url, dit):
    octets = Classeur(client_de("cooperation")).octets()

    page = deposer(client_de(nom), octets, url)

    assert dit in page.content.decode()
    assert page.context["depot"] is None


def test_what_waits_is_seen_by_its_person_alone(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 500
    c.deposer(client)

    assert client_de("petite-enfance").get(f"{MON}deposer/").context["depot"] is None


def test_a_refused_file_takes_the_preview_of_the_one_before_away(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c["Saisie", "PE-1-01", V] = 1402
    assert lignes(c.deposer(client))

    page = deposer(client, b"rien")
    assert page.context["faute"]
    assert page.context["apercu"] is None
    assert client.get(f"{MON}deposer/").context["apercu"] is None
