"""« Reprendre » the figure of the registry, in a real browser: it asks before it replaces what is typed."""

from evaluation.models import Indicateur, LienRegistre
from structures.models import Activite, Structure


def test_what_is_typed_is_replaced_at_the_second_click(entrer, site):
    Activite.objects.all().delete()
    Activite.objects.create(structure=Structure.objects.get(code="a2-01"), annee=2025, enfants=30)
    LienRegistre.objects.create(indicateur=Indicateur.objects.get(code="PE-1-01"), grandeur="enfants")
    page = entrer("cooperation")
    page.goto(f"{site}/dijon-2024/evaluation/2025/saisie/PE-1/")
    bouton = page.locator("[data-reprendre]")
    champ = page.locator(f"#{bouton.get_attribute('data-reprendre')}")
    champ.fill("12")

    bouton.click()
    assert champ.input_value() == "12"
    assert bouton.text_content().replace("\u00a0", " ") == "Remplacer « 12 » par « 30 enfants » ?"
    champ.click()  # no, after all
    assert bouton.text_content() == "Reprendre"
    bouton.click()
    bouton.click()
    assert champ.input_value() == "30"

    champ.fill("")
    bouton.click()  # nothing is there: nothing is asked
    assert champ.input_value() == "30"
