"""What a first visit costs: the page of login, then the dashboard."""

import gzip

LIMITE = 400_000  # bytes, as a server sends them


def test_a_first_visit_is_light_and_asks_nothing_outside(page, site):
    recues: dict[str, int] = {}
    ailleurs = []

    def peser(response):
        if not response.url.startswith(site):
            ailleurs.append(response.url)
        elif response.status == 200:
            corps = response.body()
            comprime = len(gzip.compress(corps)) if corps[:4] != b"wOF2" else len(corps)
            recues[response.url] = min(comprime, len(corps))

    page.on("requestfinished", lambda request: peser(request.response()))
    page.goto(f"{site}/compte/connexion/", wait_until="networkidle")
    page.get_by_role("button", name="Entrer avec cooperation@demo.invalid").click()
    page.wait_for_url("**/dijon-2024/")
    page.wait_for_load_state("networkidle")

    assert ailleurs == []
    assert len(recues) > 5
    assert sum(recues.values()) < LIMITE, sorted(recues.items(), key=lambda paire: -paire[1])[:8]
