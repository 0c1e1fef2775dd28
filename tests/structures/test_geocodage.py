"""`manage.py geocoder`, against an address service that runs here: never the network."""

import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from structures import geocodage, positions
from structures.models import PropositionPosition, Structure

TALANT = "4 allée Félix Poussineau, 21240 Talant"


def reponse(label="4 Allee Felix Poussineau 21240 Talant", *, score=0.95, ou=(4.99, 47.34), **proprietes):
    proprietes = {"postcode": "21240", "city": "Talant", "type": "housenumber"} | proprietes
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(ou)},
        "properties": {"label": label, "score": score, **proprietes},
    }


class Service(ThreadingHTTPServer):
    """What it answers to every question; it remembers them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Reponse)
        self.demandes, self.zones, self.brut, self.statut, self.entetes = [], [reponse()], None, 200, {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/geocodage"


class Reponse(BaseHTTPRequestHandler):
    def do_GET(self):
        adresse = urlsplit(self.path)
        self.server.demandes.append((adresse.path, parse_qs(adresse.query)))
        corps = self.server.brut
        if corps is None:
            corps = json.dumps({"type": "FeatureCollection", "features": self.server.zones}).encode()
        self.send_response(self.server.statut)
        for nom, valeur in self.server.entetes.items():
            self.send_header(nom, valeur)
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *args):
        """Nothing on the console."""


@pytest.fixture
def service(settings, monkeypatch):
    serveur = Service()
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    settings.GEOCODEUR = serveur.url
    monkeypatch.setattr(geocodage, "PAUSE", 0.0)
    monkeypatch.setattr(geocodage, "ATTENTE", 0.0)
    yield serveur
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture
def pouponnieres(dijon):
    """The two structures of Dijon with an address and no coordinates, at the same one."""
    sans = Structure.objects.of_convention(dijon).filter(latitude=None).exclude(adresse="")
    assert {s.adresse_complete for s in sans} == {TALANT}
    return list(sans.order_by("pk"))


def geocoder(*args):
    sortie = io.StringIO()
    call_command("geocoder", *args, stdout=sortie)
    return sortie.getvalue()


def test_only_those_with_an_address_and_no_coordinates_are_asked(service, pouponnieres):
    dit = geocoder("dijon-2024")

    assert [(chemin, q["q"], q["limit"]) for chemin, q in service.demandes] == [
        ("/geocodage/search", [TALANT], ["3"])
    ] * 2
    assert "2 placée(s), 0 à vérifier, 0 introuvable(s) ; 6 sans adresse." in dit
    structure = Structure.objects.get(pk=pouponnieres[0].pk)
    assert (str(structure.latitude), str(structure.longitude)) == ("47.34000", "4.99000")
    assert structure.source_coordonnees == "Base adresse nationale : 4 Allee Felix Poussineau 21240 Talant"
    assert structure.historique.latest().porte == "commande"


def test_run_again_it_asks_nothing(service, pouponnieres):
    service.zones = [reponse(score=0.6)]
    geocoder()
    assert len(service.demandes) == 2
    dit = geocoder()

    assert len(service.demandes) == 2
    assert "2 déjà demandée(s)" in dit
    assert PropositionPosition.objects.count() == 2


def test_what_was_refused_is_not_proposed_again_until_the_address_changes(service, pouponnieres):
    service.zones = [reponse(score=0.6)]
    geocoder()
    for attend in PropositionPosition.objects.all():
        positions.refuser(attend.pk)
    geocoder()
    assert set(PropositionPosition.objects.values_list("statut", flat=True)) == {"refusee"}

    structure = Structure.objects.get(pk=pouponnieres[0].pk)
    structure.rectifier("erreur de copie")
    structure.adresse = "6 allée Félix Poussineau"
    structure.save()
    geocoder()
    [nouvelle] = structure.propositions.all()
    assert (nouvelle.statut, nouvelle.adresse_demandee) == (
        "en_attente",
        "6 allée Félix Poussineau, 21240 Talant",
    )


@pytest.mark.parametrize(
    ("zone", "doute"),
    [
        (reponse(score=0.79), "l’adresse ne ressemble pas assez"),
        (reponse(score=0.99, postcode="21000"), "le code postal n’est pas celui du registre"),
        (reponse(score=0.99, city="Plombières-lès-Dijon"), "la commune n’est pas celle du registre"),
        (reponse(score=0.99, type="street"), "le numéro n’a pas été trouvé"),
        (reponse(score=0.99, type="municipality"), "le numéro n’a pas été trouvé"),
    ],
)
def test_what_is_not_sure_waits_for_a_person(service, pouponnieres, zone, doute):
    service.zones = [zone]
    dit = geocoder()

    assert "0 placée(s), 2 à vérifier" in dit
    assert Structure.objects.get(pk=pouponnieres[0].pk).latitude is None
    assert set(PropositionPosition.objects.values_list("doute", flat=True)) == {doute}


def test_an_address_whose_commune_is_not_known_always_waits(service, pouponnieres):
    structure = pouponnieres[0]
    Structure.objects.filter(pk=structure.pk).update(commune="", code_postal="")
    geocoder()

    assert structure.propositions.get().doute == "le registre ne dit pas la commune"


def test_three_answers_at_most_wait_the_likeliest_first(service, pouponnieres, client_de):
    service.zones = [
        reponse("A", score=0.4),
        reponse("B", score=0.7),
        reponse("B", score=0.7),
        reponse("C", score=0.1),
    ]
    geocoder()

    page = client_de("cooperation").get("/dijon-2024/structures/a-placer/").content.decode()
    assert PropositionPosition.objects.filter(structure=pouponnieres[0]).count() == 3
    assert (
        page.index("<strong>B</strong>") < page.index("<strong>A</strong>") < page.index("<strong>C</strong>")
    )


def test_a_trial_writes_nothing(service, pouponnieres):
    dit = geocoder("--essai")

    assert dit.splitlines()[-1].startswith("Essai, rien n’est écrit : 2 placée(s)")
    assert Structure.objects.get(pk=pouponnieres[0].pk).latitude is None
    service.zones = [reponse(score=0.2)]
    assert "2 à vérifier" in geocoder("--essai")
    assert not PropositionPosition.objects.exists()


@pytest.mark.parametrize("brut", [None, b"null", b"{}", b"[]", b'"texte"'])
def test_an_address_that_is_not_found_stays_empty(service, pouponnieres, brut):
    service.zones, service.brut = [], brut
    dit = geocoder()

    assert f"aucune adresse trouvée pour « {TALANT} »" in dit
    assert "2 introuvable(s)" in dit
    assert not PropositionPosition.objects.exists()


def test_an_address_that_it_refuses_does_not_stop_the_others(service, pouponnieres):
    service.statut, service.brut = 400, b'{"message": "q too long"}'

    assert "2 introuvable(s)" in geocoder()


@pytest.mark.parametrize("statut", [500, 502, 503, 504, 403, 404])
def test_a_service_that_fails_is_said(service, pouponnieres, statut, caplog):
    service.statut = statut
    with pytest.raises(CommandError, match=r"ne répond pas \(GEOCODEUR : http://127\.0\.0\.1"):
        geocoder()
    assert Structure.objects.get(pk=pouponnieres[0].pk).latitude is None
    assert len(service.demandes) == 3  # asked again twice, and no other address
    assert "Traceback" not in caplog.text


def test_a_service_that_asks_to_slow_down_is_obeyed(service, pouponnieres):
    service.statut, service.entetes = 429, {"Retry-After": "5"}
    with pytest.raises(CommandError, match="demande d’attendre"):
        geocoder()
    assert len(service.demandes) == 3


@pytest.mark.parametrize(
    "brut",
    [
        b"<html>maintenance</html>",
        b"",
        b'{"features": [',
        b"3",
        b'{"features": 3}',
        b'{"features": [{}]}',
        b'{"features": [{"geometry": null, "properties": null}]}',
        json.dumps({"features": [reponse(ou=(4.99, 97))]}).encode(),
        json.dumps({"features": [reponse(ou=("est", "nord"))]}).encode(),
        json.dumps({"features": [reponse(score="bon")]}).encode(),
        json.dumps({"features": [reponse(score=7)]}).encode(),
        json.dumps({"features": [reponse(label="")]}).encode(),
        json.dumps({"features": [reponse(score=float("nan"))]}).encode(),
        b"\xff\xfe\x00",
    ],
)
def test_an_answer_that_cannot_be_read_is_said_and_places_nothing(service, pouponnieres, brut):
    service.brut = brut
    with pytest.raises(CommandError, match="ce qui ne se lit pas"):
        geocoder()
    assert Structure.objects.get(pk=pouponnieres[0].pk).latitude is None
    assert not PropositionPosition.objects.exists()


def test_nobody_answers_there(settings, service, pouponnieres):
    settings.GEOCODEUR = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="ne répond pas"):
        geocoder()


@pytest.mark.parametrize("adresse", ["", "data.geopf.fr", "file:///etc/passwd", "ftp://x/y"])
def test_an_address_of_a_service_that_is_none(settings, pouponnieres, adresse):
    settings.GEOCODEUR = adresse
    with pytest.raises(CommandError, match="écrire une adresse qui commence par https://"):
        geocoder()


def test_what_was_placed_before_the_failure_stays(service, pouponnieres, monkeypatch):
    placer = positions.placer_si_vide

    def puis_en_panne(*args, **kwargs):
        service.statut = 503
        return placer(*args, **kwargs)

    monkeypatch.setattr(positions, "placer_si_vide", puis_en_panne)
    with pytest.raises(CommandError, match="ce qui a été placé le reste"):
        geocoder()
    assert Structure.objects.get(pk=pouponnieres[0].pk).latitude is not None
    assert Structure.objects.get(pk=pouponnieres[1].pk).latitude is None


def test_a_structure_that_somebody_placed_meanwhile_does_not_move(pouponnieres):
    structure = pouponnieres[0]
    positions.placer(structure.pk, latitude="47.1", longitude="5.1", source="À la main")

    assert not positions.placer_si_vide(structure.pk, latitude="47.2", longitude="5.2", source="BAN")
    assert positions.proposer(structure.pk, TALANT, [PropositionPosition(libelle="A")]) == 0
    assert Structure.objects.get(pk=structure.pk).source_coordonnees == "À la main"


def test_a_convention_that_does_not_exist_is_said(db):
    with pytest.raises(CommandError, match="Aucune convention n’a cette adresse"):
        geocoder("ailleurs-2030")
