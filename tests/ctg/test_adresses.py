"""Addresses that no page has."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("adresse", ["/%00/", "/dijon-2024/fiches/PE-1%00/", "/dijon-2024/%00/modifier/"])
def test_an_address_with_a_nul_is_not_found_before_anything_is_asked(
    client_de, adresse, django_assert_num_queries
):
    client = client_de("cooperation")

    with django_assert_num_queries(0):
        reponse = client.get(adresse)

    assert reponse.status_code == 404
    assert "introuvable" in reponse.content.decode().lower()
    assert reponse["X-Content-Type-Options"] == "nosniff"
