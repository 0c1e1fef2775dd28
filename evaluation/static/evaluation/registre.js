// « Reprendre »: the figure of the registry goes into its field, as if one had typed it.
for (const bouton of document.querySelectorAll("[data-reprendre]")) {
  const champ = document.getElementById(bouton.dataset.reprendre);
  if (!champ) continue;
  bouton.hidden = false;
  bouton.addEventListener("click", () => {
    champ.value = bouton.dataset.valeur;
    champ.dispatchEvent(new Event("input", { bubbles: true }));
    champ.dispatchEvent(new Event("change", { bubbles: true }));
    champ.focus();
  });
}
