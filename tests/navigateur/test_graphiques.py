"""Charts read by the keyboard and by the hand: each mark says its words."""

from playwright.sync_api import expect


def test_arrows_read_a_chart_mark_by_mark(entrer, site):
    page = entrer("cooperation")
    page.goto(f"{site}/dijon-2024/fiches/PE-1/")
    courbe = page.locator("svg.courbe").first
    lue = page.locator("svg.courbe + .marque-lue").first
    dites = courbe.locator("* > title").all_text_contents()
    valeurs = courbe.locator("circle > title").all_text_contents()

    courbe.focus()
    expect(lue).to_have_text(valeurs[-1])
    assert page.locator("svg .visee").count() == 1
    vues = {lue.text_content()}
    for touche in ["End", *["ArrowLeft"] * len(dites)]:
        page.keyboard.press(touche)
        vues.add(lue.text_content())
    assert vues == set(dites)
    page.keyboard.press("Tab")
    expect(lue).to_have_text("")
    assert page.locator("svg .visee").count() == 0


def test_a_mark_under_the_pointer_is_read_too(entrer, site):
    page = entrer("cooperation")
    page.goto(f"{site}/dijon-2024/fiches/PE-1/")
    point = page.locator("svg.courbe circle").first
    point.scroll_into_view_if_needed()
    point.hover()

    expect(page.locator("svg.courbe + .marque-lue").first).to_have_text(point.locator("title").text_content())
