"""A server on the database of the tests, stopped before that database is put back."""

import pytest
from django.db import connection
from django.test import Client

from tests.pannes.serveur import Serveur, url_de


@pytest.fixture
def serveur(donnees_partagees, tmp_path):
    lance = Serveur(url_de(connection), tmp_path)
    yield lance
    lance.arreter()


@pytest.fixture
def session_de(compte):
    """session_de("cooperation") is the cookie of an account that logged in."""

    def ouvrir(nom):
        client = Client()
        client.force_login(compte(nom))
        return client.cookies["sessionid"].value

    return ouvrir
