// Progressive enhancement only: every page works without it.
// On load, after the browser has followed the fragment of the address.
addEventListener("load", () => {
  const resume = document.querySelector(".resume-erreurs");
  if (!resume) return;
  // The fragment by which one came would scroll past what is wrong.
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  setTimeout(() => { resume.focus(); resume.scrollIntoView({ block: "center" }); });
});
// Escape leaves a rubric edited in place, as long as nothing has been typed.
for (const form of document.querySelectorAll("form[data-echap]")) {
  let ecrit = false;
  form.addEventListener("input", () => { ecrit = true; });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape" && !ecrit) location.assign(form.dataset.echap); });
}
for (const menu of document.querySelectorAll(".menu details")) {
  menu.open = matchMedia("(width > 60rem)").matches;
}
// Filters fold on a narrow screen, unless one of them is refused.
for (const repli of document.querySelectorAll(".repli-etroit")) {
  repli.open = !matchMedia("(width <= 40rem)").matches || Boolean(repli.querySelector("[aria-invalid=true]"));
}
// A document takes seconds to make: say that it is on its way, and forbid a second click meanwhile.
for (const link of document.querySelectorAll("a[data-attente]")) {
  link.addEventListener("click", () => {
    const status = document.getElementById("attente");
    if (status) status.textContent = link.dataset.attente;
    link.classList.add("en-attente");
    setTimeout(() => { link.classList.remove("en-attente"); if (status) status.textContent = ""; }, 15000);
  });
}
// What is sent may take a moment: the button shows it at once, the page says it after a second, and a second click
// sends nothing twice.
const occupes = new Map();
const liberer = () => {
  for (const bouton of occupes.values()) bouton?.classList.remove("occupe");
  occupes.clear();
  const status = document.getElementById("attente");
  if (status) status.textContent = "";
};
document.addEventListener("submit", (event) => {
  if (!occupes.has(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("submit", (event) => {
  const form = event.target, bouton = event.submitter;
  setTimeout(() => { // once every other listener has had its say
    if (event.defaultPrevented || form.method !== "post") return;
    bouton?.classList.add("occupe");
    occupes.set(form, bouton);
    const status = document.getElementById("attente");
    setTimeout(() => { if (status && occupes.has(form)) status.textContent = "Envoi en cours…"; }, 1000);
    setTimeout(liberer, 30000);
  });
});
addEventListener("pageshow", liberer); // back to a page that the browser kept
// Nothing typed is lost by a careless click: the browser asks before leaving a form that has changed.
for (const form of document.querySelectorAll("form[data-garde]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
// A session left idle ends: five minutes before, the person is asked, and any request (a draft saved too) extends it.
let finSession;
// At the end of its whole length nothing extends it: that is said once.
const annoncerSession = (secondes, finale) => {
  clearTimeout(finSession);
  const dialogue = document.getElementById("session");
  if (!dialogue || (finale && dialogue.dataset.finale)) return;
  finSession = setTimeout(() => {
    for (const partie of dialogue.querySelectorAll("[data-si-finale]")) partie.hidden = (partie.dataset.siFinale === "oui") !== Boolean(finale);
    if (finale) dialogue.dataset.finale = "1";
    dialogue.showModal();
  }, Math.max(secondes - 300, 1) * 1000);
};
if (document.body.dataset.session) {
  annoncerSession(Number(document.body.dataset.session), "sessionFinale" in document.body.dataset);
  document.querySelector("#session form[method=post]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(String(response.status));
      const { reste, finale } = await response.json();
      annoncerSession(reste, finale);
      form.closest("dialog").close();
    } catch {
      location.reload();
    }
  });
}
// A spare row says what is required once one types in it.
for (const rangee of document.querySelectorAll(".rangee-libre")) {
  rangee.addEventListener("input", () => rangee.classList.remove("rangee-libre"), { once: true });
}
// Near the limit of a long text, its length is said. The browser cuts nothing: the server refuses with a sentence.
for (const texte of document.querySelectorAll("textarea[maxlength], textarea[data-max]")) {
  const max = texte.maxLength > 0 ? texte.maxLength : Number(texte.dataset.max);
  texte.removeAttribute("maxlength");
  const compte = Object.assign(document.createElement("p"), { className: "compteur discret", role: "status" });
  texte.after(compte);
  const compter = () => {
    const reste = max - texte.value.replaceAll("\n", "\r\n").length; // a line end is sent as two characters
    compte.textContent = reste > max / 10 ? "" : reste >= 0 ? `Encore ${reste.toLocaleString("fr")} caractères sur ${max.toLocaleString("fr")}.` : `${(-reste).toLocaleString("fr")} caractères de trop : raccourcissez, ou gardez le détail dans un document.`;
    compte.classList.toggle("depasse", reste < 0);
  };
  compter();
  texte.addEventListener("input", compter);
}
// The editor of long texts is fetched by the pages that have one.
if (document.querySelector("textarea[data-riche]")) {
  document.head.append(Object.assign(document.createElement("script"), { type: "module", src: document.body.dataset.editeur }));
}
// « / » goes to the search, wherever nothing is being typed.
document.addEventListener("keydown", (event) => {
  const champ = document.querySelector(".entete-recherche input");
  if (event.key !== "/" || !champ || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable=true], dialog[open]")) return;
  event.preventDefault();
  champ.focus();
  champ.select();
});
// Hints of the first visits: this browser remembers, for each account, those that were put away.
const cleAstuce = (code) => `astuce:${document.body.dataset.compte}:${code}`;
for (const astuce of document.querySelectorAll("[data-astuce]")) {
  try {
    astuce.hidden = Boolean(localStorage.getItem(cleAstuce(astuce.dataset.astuce)));
    astuce.querySelector("button").addEventListener("click", () => {
      localStorage.setItem(cleAstuce(astuce.dataset.astuce), "1");
      astuce.hidden = true;
      document.getElementById("contenu")?.focus();
    });
  } catch {} // a browser that keeps nothing shows none
}
for (const bouton of document.querySelectorAll("[data-revoir-astuces]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => {
    try {
      for (const cle of Object.keys(localStorage).filter((cle) => cle.startsWith(cleAstuce("")))) localStorage.removeItem(cle);
      bouton.textContent = "Les astuces se montreront de nouveau";
    } catch {}
  });
}
// Ctrl+S saves the form where one types: its button may be two hundred stops of Tab away.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const form = event.target.closest("form[data-garde]") ?? document.querySelector("main form[data-garde]");
  const bouton = form?.querySelector("button.btn-principal[type=submit]");
  if (!bouton || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  form.requestSubmit(bouton);
});
