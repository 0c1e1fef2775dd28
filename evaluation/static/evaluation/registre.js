// « Reprendre »: the figure of the registry goes into its field, as if one had typed it. What is there is asked about first:
// the button then says what would go, and a second click does it.
for (const bouton of document.querySelectorAll("[data-reprendre]")) {
  const champ = document.getElementById(bouton.dataset.reprendre);
  if (!champ) continue;
  const { valeur, dit } = bouton.dataset;
  const libelle = bouton.textContent;
  let demande = null; // what the field held when it was asked
  const oublier = () => { demande = null; bouton.textContent = libelle; };
  bouton.hidden = false;
  bouton.addEventListener("blur", oublier);
  bouton.addEventListener("click", () => {
    const tape = champ.value.trim();
    if (tape && tape !== valeur && demande !== tape) {
      demande = tape;
      bouton.textContent = `Remplacer « ${tape} » par « ${dit} » ?`;
      return;
    }
    oublier();
    champ.value = valeur;
    champ.dispatchEvent(new Event("input", { bubbles: true }));
    champ.dispatchEvent(new Event("change", { bubbles: true }));
    champ.focus();
  });
}
