"""Somebody who left the convention; other databases than the one of the tests."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from ctg.enums import Role
from ctg.models import (
    Brouillon,
    Fonction,
    IdentiteExterne,
    Mandat,
    Organisme,
    Personne,
    Porte,
    Utilisateur,
    acte,
)
from evaluation.models import Mesure
from fiches.models import FicheProjet, PerimetreFiche
from tests.ctg.depart import EMAIL, GRAPHIES, il_y_a_jours
from tests.navigation import formulaire


@pytest.fixture
def compte_zoe(db):
    return Utilisateur.objects.create_user(EMAIL, "secret", prenom="Zoé", nom="Martin")


@pytest.fixture
def zoe(dijon, compte_zoe):
    """Somebody who left, with traces everywhere."""
    zoe = Personne.objects.create(
        convention=dijon, utilisateur=compte_zoe, prenom="Zoé", nom="Martin", email=EMAIL
    )
    ville = Organisme.objects.get(nom="Ville de Dijon")
    Fonction.objects.create(
        personne=zoe,
        intitule="Référente",
        organisme=ville,
        date_effet=il_y_a_jours(900),
        date_fin=il_y_a_jours(800),
    )
    mandat = Mandat.objects.create(
        utilisateur=compte_zoe, convention=dijon, role=Role.REFERENT, date_fin=il_y_a_jours(800)
    )
    PerimetreFiche.objects.create(mandat=mandat, fiche=FicheProjet.objects.get(code="PE-1"))
    return zoe


@pytest.fixture
def traces(zoe, compte_zoe, compte):
    """What each door leaves behind."""
    client = Client()
    client.force_login(compte_zoe)
    UserSession.objects.create(user=compte_zoe, ip="192.0.2.7", session_key=client.session.session_key)
    EmailAddress.objects.create(user=compte_zoe, email=EMAIL, verified=True)
    Authenticator.objects.create(user=compte_zoe, type="totp", data={"secret": "clé-secrète"})
    IdentiteExterne.objects.create(utilisateur=compte_zoe, emetteur="https://idp", sujet="sujet-de-zoe")
    Brouillon.objects.create(
        utilisateur=compte_zoe, adresse="/x/", donnees={"a": ["à moi"]}, updated_at=timezone.now()
    )
    Brouillon.objects.create(
        utilisateur=compte("lecteur"),
        adresse="/x/",
        donnees={"a": ["voir Zoé Martin"], "b": [EMAIL]},
        updated_at=timezone.now(),
    )
    fiche = FicheProjet.objects.get(code="PE-1")
    for graphie in GRAPHIES:
        fiche.description = f"Suivi par {graphie}, au service."
        fiche.save()
    fiche.description = "Plus de nom ici, sauf Zoé  Martin."
    fiche.save()
    mesure = Mesure.objects.first()
    mesure.saisie_par, mesure.commentaire = compte_zoe, "Donnée par Zoé Martin"
    mesure.save()
    with acte(Porte.COMMANDE, f"À la demande de {EMAIL}"):
        Organisme.objects.create(nom="Zoé Martin")
    organisme = Organisme.objects.get(nom="VYV")
    organisme.a_verifier = "Demander à Zoe Martin"
    organisme._change_reason = "Vu avec Zoé MARTIN"
    organisme.save()
    admin = Client()
    admin.force_login(compte("admin"))
    url = f"/admin/ctg/personne/{zoe.pk}/change/"
    assert admin.post(url, formulaire(admin.get(url))).status_code == 302
    return zoe


def ouverte(autre):
    """A connection that the test case would forbid: to a database that was not there when it began."""

    def ouvrir():
        if autre.connection is None:
            autre.connect()

    autre.ensure_connection = ouvrir
    return autre


@pytest.fixture
def ailleurs(tmp_path):
    """ailleurs() is a connection to another database of the same engine, empty."""
    crees = []

    def creer():
        nom = f"ailleurs_{uuid.uuid4().hex[:12]}"
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{nom}"')
            reglages = connection.settings_dict | {"NAME": nom, "OPTIONS": {}}
        else:
            reglages = connection.settings_dict | {"NAME": str(tmp_path / f"{nom}.sqlite3")}
        connections.settings[nom] = reglages
        crees.append(nom)
        return ouverte(connections[nom])

    yield creer
    for nom in crees:
        connections[nom].close()
        delattr(connections._connections, nom)
        del connections.settings[nom]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{nom}" WITH (FORCE)')
