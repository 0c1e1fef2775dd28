"""What the tests of the imports share."""

import pytest

from structures.models import Structure


@pytest.fixture
def balzac(dijon):
    return Structure.objects.get(territoire=dijon.territoire, code="a2-01")


@pytest.fixture
def chargee(client_de):
    """A client logged in as the chargée de coopération."""
    return client_de("cooperation")
