// Progressive enhancement only: the agenda and the conduct of a meeting work without it.
const conduite = document.querySelector("form[data-conduite]");
const points = [...document.querySelectorAll("[data-point]")];
const decisionDe = (point) => point?.querySelector("input[name$=-texte]");
// One comes back where one was writing: the line of decision of the point that the address names.
if (conduite && location.hash && !document.querySelector(".resume-erreurs")) {
  decisionDe(points.find((point) => `#${point.id}` === location.hash))?.focus();
}
conduite?.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rang = points.findIndex((point) => point.contains(document.activeElement));
  const pas = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (pas) {
    const point = points[Math.min(Math.max(rang + pas, 0), points.length - 1)];
    (point?.querySelector("textarea") ?? decisionDe(point))?.focus();
    point?.scrollIntoView({ block: "start" });
  } else if (event.code === "KeyD" && rang >= 0) {
    decisionDe(points[rang])?.focus();
  } else return;
  event.preventDefault();
});
// The button by which a point was moved keeps the keyboard.
const deplace = conduite || !location.hash ? null : document.getElementById(location.hash.slice(1))?.closest(".ordre-du-jour > li");
(deplace?.querySelector("button:not([disabled])") ?? deplace)?.focus();
