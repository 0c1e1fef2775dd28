// Proposes names after an @; without it, one writes them from the list under the text.
const plat = (texte) => texte.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const noms = [...document.querySelectorAll("[data-personnes] li")].map((li) => li.textContent.slice(1));
const PROPOSEES = 6;

for (const champ of document.querySelectorAll("textarea[data-mentions]")) {
  const liste = document.createElement("ul");
  const annonce = document.createElement("p");
  liste.className = "propositions";
  annonce.className = "visually-hidden";
  annonce.setAttribute("role", "status");
  champ.after(liste, annonce);

  const enCours = () => champ.value.slice(0, champ.selectionStart).match(/(?<![\p{L}\p{N}@.])@([^@\n]{0,60})$/u);
  const fermer = () => { liste.replaceChildren(); annonce.textContent = ""; };
  const choisir = (nom) => {
    const trouve = enCours();
    if (trouve) champ.setRangeText(`@${nom} `, champ.selectionStart - trouve[0].length, champ.selectionStart, "end");
    fermer();
    champ.focus();
    champ.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const proposer = () => {
    const trouve = enCours();
    const debut = trouve && plat(trouve[1]);
    const choix = trouve ? noms.filter((nom) => plat(nom).startsWith(debut) || plat(nom).includes(` ${debut}`)) : [];
    if (!choix.length || choix.some((nom) => debut === `${plat(nom)} `)) return fermer();
    liste.replaceChildren(...choix.slice(0, PROPOSEES).map((nom) => {
      const bouton = document.createElement("button");
      bouton.type = "button";
      bouton.className = "btn btn-second btn-sm";
      bouton.textContent = `@${nom}`;
      bouton.addEventListener("click", () => choisir(nom));
      const li = document.createElement("li");
      li.append(bouton);
      return li;
    }));
    annonce.textContent = `${choix.length} ${choix.length < 2 ? "personne proposée" : "personnes proposées"} : flèche vers le bas pour choisir.`;
  };
  champ.addEventListener("input", proposer);
  champ.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && liste.firstChild) {
      event.preventDefault();
      liste.querySelector("button").focus();
    } else if (event.key === "Escape") fermer();
  });
  liste.addEventListener("keydown", (event) => {
    const voisin = { ArrowDown: "nextElementSibling", ArrowRight: "nextElementSibling", ArrowUp: "previousElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
    if (event.key === "Escape") { fermer(); champ.focus(); }
    if (!voisin) return;
    event.preventDefault();
    (document.activeElement.closest("li")[voisin]?.firstChild ?? champ).focus();
  });
}
