"""The journeys of the three users by the keyboard alone: what has the focus is always seen."""

from pathlib import Path

import pytest

FOCUS_VISIBLE = """() => {
  const actif = document.activeElement;
  if (actif === document.body || actif.matches("main, .resume-erreurs")) return true;
  const style = getComputedStyle(actif), boite = actif.getBoundingClientRect();
  return boite.width > 0 && boite.height > 0 && (style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""


class Clavier:
    """Only keys; each stop of Tab must be seen."""

    def __init__(self, page):
        self.page = page

    def aller(self, nom: str, role: str | None = None, *, limite: int = 140) -> None:
        """Tab until what has the focus is called so."""
        for _ in range(limite):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(FOCUS_VISIBLE), self.page.evaluate("document.activeElement.outerHTML")
            if self.nom() == nom and (role is None or self.role() == role):
                return
        raise AssertionError(f"« {nom} » ne s’atteint pas au clavier.")

    def nom(self) -> str:
        return " ".join(
            self.page.evaluate(
                """() => {
                  const e = document.activeElement;
                  return e.getAttribute("aria-label") || e.labels?.[0]?.textContent || document.getElementById(e.getAttribute("aria-labelledby"))?.textContent || e.textContent || "";
                }"""
            )
            .replace("(obligatoire)", "")
            .split()
        )

    def role(self) -> str:
        return self.page.evaluate("document.activeElement.tagName").lower()

    def presser(self, touche: str) -> None:
        self.page.keyboard.press(touche)

    def ecrire(self, texte: str) -> None:
        self.page.keyboard.type(texte)

    def entrer(self, nom: str) -> None:
        self.aller("Adresse électronique")
        self.ecrire(f"{nom}@demo.invalid")
        self.aller("Mot de passe")
        self.ecrire("demo")
        self.presser("Enter")
        self.page.wait_for_url("**/dijon-2024/")


@pytest.fixture
def clavier(page, site):
    page.goto(f"{site}/compte/connexion/")
    return Clavier(page)


def test_the_chargee_finds_a_fiche_edits_it_and_saves(clavier, page):
    clavier.entrer("cooperation")
    clavier.presser("/")
    clavier.ecrire("guichet")
    clavier.presser("Enter")
    page.wait_for_url("**/recherche/**")
    clavier.aller("PE-1 Accompagner l’enfant et sa famille à son arrivée et tout au long de son parcours")
    clavier.presser("Enter")
    page.wait_for_url("**/fiches/PE-1/")
    clavier.aller("Modifier")
    clavier.presser("Enter")
    page.wait_for_url("**/modifier/")
    clavier.aller("Constat")
    clavier.presser("Control+End")
    clavier.ecrire(" Écrit au clavier.")
    clavier.presser("Control+s")

    page.get_by_text("La fiche PE-1 est enregistrée.").wait_for()
    assert page.get_by_text("Écrit au clavier.").count() == 1


def test_a_refused_form_gives_the_focus_to_what_is_wrong(clavier, page, site):
    clavier.entrer("petite-enfance")
    page.goto(f"{site}/dijon-2024/evaluation/2026/saisie/PE-1/")
    clavier.aller("Valeur (familles)")
    clavier.ecrire("beaucoup")
    clavier.aller("Enregistrer", "button")
    clavier.presser("Enter")
    page.get_by_role("alert").first.wait_for()

    page.wait_for_function("document.activeElement.classList.contains('resume-erreurs')")


def test_a_member_of_the_copil_reads_the_tree_and_folds_it(clavier, page):
    clavier.entrer("copil")
    clavier.aller("Aller au contenu")
    clavier.aller("Arbre à objectifs")
    clavier.presser("Enter")
    page.wait_for_url("**/arbre/")
    ouverts = page.locator("details.schema-axe[open]").count()
    for _ in range(60):
        clavier.presser("Tab")
        if clavier.role() == "summary" and "PE Petite enfance" in clavier.nom():
            break
    clavier.presser("Enter")

    assert page.locator("details.schema-axe[open]").count() == ouverts - 1


def test_a_document_is_downloaded_by_the_keyboard(clavier, page, site, tmp_path):
    clavier.entrer("cooperation")
    page.goto(f"{site}/dijon-2024/evaluation/2025/")
    clavier.aller("Tableau XLSX")
    with page.expect_download() as telecharge:
        clavier.presser("Enter")
    chemin = Path(tmp_path) / "tableau.xlsx"
    telecharge.value.save_as(chemin)

    assert chemin.read_bytes().startswith(b"PK")
