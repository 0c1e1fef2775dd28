"""What the tests of the watch share: a series without a figure, files as producers make them."""

import datetime
from decimal import Decimal

import pytest

from ctg.models import Quartier
from evaluation.models import Observation, SerieSociale
from evaluation.veille.reports import collect_series

IMPORTER = "/dijon-2024/veille/importer/"


@pytest.fixture
def serie(dijon):
    return SerieSociale.objects.create(
        convention=dijon, code="essai", intitule="Une série d’essai", unite="enfants", is_publique=True
    )


@pytest.fixture
def chargee(client_de):
    return client_de("cooperation")


@pytest.fixture
def quartier(dijon):
    """quartier("Grésilles")"""
    return lambda nom: Quartier.objects.get(decoupage__is_reference=True, nom=nom)


@pytest.fixture
def noter(serie, quartier):
    """noter("Grésilles", 2024, 12); « Dijon » is the city, None a figure that is withheld."""

    def ecrire(nom, annee, valeur, **suite):
        return Observation.objects.create(
            serie=serie,
            debut=datetime.date(annee, 1, 1),
            quartier=None if nom == "Dijon" or "territoire_compare" in suite else quartier(nom),
            valeur=None if valeur is None else Decimal(str(valeur)),
            situation="secret" if valeur is None else "diffusee",
            **suite,
        )

    return ecrire


@pytest.fixture
def lire(dijon):
    return lambda serie, decoupage="": collect_series([serie], dijon, decoupage=decoupage)[serie.pk]
