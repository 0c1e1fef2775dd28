// Progressive enhancement only: the agenda and the conduct of a meeting work without it.
const conduite = document.querySelector("form[data-conduite]");
const points = [...document.querySelectorAll("[data-point]")];
const decisionDe = (point) => point?.querySelector("input[name$=-texte]");
// One comes back where one was, once the browser has followed the fragment of the address: to the line of decision of the
// point that was noted, or to the button by which a point was moved.
addEventListener("load", () => {
  if (!location.hash || document.querySelector(".resume-erreurs")) return;
  const cible = document.getElementById(location.hash.slice(1));
  const champ = conduite ? decisionDe(cible) : cible?.closest(".ordre-du-jour > li")?.querySelector("button:not([disabled])");
  setTimeout(() => champ?.focus());
});
// Wherever one is on the page: no field has to be entered first.
if (conduite) document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rang = points.findIndex((point) => point.contains(document.activeElement));
  const pas = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (pas) {
    const point = points[Math.min(Math.max(rang + pas, 0), points.length - 1)];
    (point?.querySelector("textarea") ?? decisionDe(point))?.focus();
    point?.scrollIntoView({ block: "start" });
  } else if (event.code === "KeyD") {
    decisionDe(points[Math.max(rang, 0)])?.focus();
  } else return;
  event.preventDefault();
});
// Nearly everybody came: one button notes those of whom nothing is said, the rest is corrected by hand.
const tous = document.querySelector("[data-tous]");
if (tous) {
  tous.hidden = false;
  tous.querySelector("button").addEventListener("click", () => {
    for (const siege of document.querySelectorAll(".siege:not([data-suppleant])")) {
      if (!siege.querySelector("input[type=radio][value='']:checked")) continue;
      const present = siege.querySelector("input[type=radio][value=present]");
      present.checked = true;
      present.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
