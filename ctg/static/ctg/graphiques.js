// A chart is one stop of Tab. Arrows go from mark to mark; what a mark says is written under the chart and read aloud.
for (const svg of document.querySelectorAll("svg:is(.courbe, .etincelle, .barres)")) {
  const marques = [...svg.querySelectorAll("* > title")].map((title) => title.parentElement).filter((marque) => marque !== svg);
  if (!marques.length) continue;
  const milieu = (marque) => { const boite = marque.getBoundingClientRect(); return boite.left + boite.width / 2; };
  if (!svg.matches(".barres")) marques.sort((a, b) => Math.round(milieu(a) - milieu(b)));
  const dite = Object.assign(document.createElement("p"), { className: "marque-lue discret" });
  dite.setAttribute("role", "status");
  svg.after(dite);
  svg.setAttribute("tabindex", "0");
  const derniere = marques.findLastIndex((marque) => marque.matches("circle")); // a value, rather than a target to come
  let rang = derniere < 0 ? 0 : derniere;
  const viser = (nouveau) => {
    marques[rang].classList.remove("visee");
    rang = Math.max(0, Math.min(nouveau, marques.length - 1));
    marques[rang].classList.add("visee");
    dite.textContent = marques[rang].querySelector("title").textContent;
  };
  const quitter = () => { marques[rang].classList.remove("visee"); dite.textContent = ""; };
  const touches = { ArrowLeft: () => rang - 1, ArrowUp: () => rang - 1, ArrowRight: () => rang + 1, ArrowDown: () => rang + 1, Home: () => 0, End: () => marques.length - 1 };
  svg.addEventListener("focus", () => viser(rang));
  svg.addEventListener("blur", quitter);
  svg.addEventListener("keydown", (event) => {
    if (!touches[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    viser(touches[event.key]());
  });
  marques.forEach((marque, place) => {
    marque.addEventListener("pointerenter", () => viser(place));
    marque.addEventListener("pointerleave", () => { if (document.activeElement !== svg) quitter(); });
  });
}
