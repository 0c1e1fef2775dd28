"""A coordinateur territorial notes a date of their quartier on a telephone, and finds it in the grid."""

ICI = "Ajouter une date, Fontaine d’Ouche, 1er semestre 2026"


def test_a_date_is_added_from_its_cell_on_a_telephone(entrer, site):
    page = entrer("quartier")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/dijon-2024/gouvernance/calendrier/?annee=2026")
    page.get_by_role("link", name=ICI).click()
    page.get_by_label("Titre").fill("Forum des familles")
    page.get_by_label("Date, ou premier jour").fill("2026-04-07")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/calendrier/?annee=2026#jalon-*")

    ligne = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Fontaine d’Ouche"))
    assert "07/04 Forum des familles" in ligne.inner_text()
    largeur = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    assert len(set(page.evaluate(largeur))) == 1  # nothing sticks out of the screen
