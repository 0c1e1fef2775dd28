// A draft is kept on the server as one types, and in the browser as long as the server has not answered.
// What is said to be kept is kept: the words appear only after the answer.
const MUETS = [502, 503, 504];
const HORS_COPIE = ["csrfmiddlewaretoken", "brouillon", "abandonner", "password"];
// Copies in the browser belong to an account and an address: no other account is shown them.
const copies = {
  prefixe: (adresse) => `brouillon:${document.body.dataset.compte}:${adresse}:`,
  faire: (fn) => { try { return fn(); } catch { return undefined; } }, // storage forbidden or full
  ecrire: (cle, data) => copies.faire(() => {
    const paires = [...data].filter(([name, value]) => typeof value === "string" && !HORS_COPIE.includes(name));
    localStorage.setItem(cle, new URLSearchParams(paires).toString());
  }),
  oublier: (cle) => copies.faire(() => localStorage.removeItem(cle)),
  lister: (adresse) => copies.faire(() => Object.keys(localStorage).filter((cle) => cle.startsWith(copies.prefixe(adresse)))) ?? [],
};
// Whether a control no longer holds what the page was served with.
const aChange = (champ) => {
  if (!champ.name || champ.type === "hidden" || champ.type === "submit" || champ.type === "button") return false;
  if (champ.type === "checkbox" || champ.type === "radio") return champ.checked !== champ.defaultChecked;
  if (!champ.options) return champ.value !== champ.defaultValue;
  const options = [...champ.options];
  const aucune = !champ.multiple && !options.some((option) => option.defaultSelected);
  return options.some((option, rang) => option.selected !== (option.defaultSelected || (aucune && rang === 0)));
};
const envoyer = (adresse, corps, options) => fetch(adresse, { method: "POST", body: corps, headers: { "X-Requested-With": "fetch" }, ...options });

// What a draft gave back is named and marked: nobody compares forty fields.
const direLeChamp = (champ) => {
  const etiquette = champ.getAttribute("aria-label") ?? champ.labels?.[0]?.firstChild?.textContent ?? "";
  const groupe = champ.closest("[data-ligne]")?.dataset.ligne ?? champ.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
  return champ.type === "checkbox" && groupe && !champ.closest(".rangee") ? groupe.trim() : [groupe, etiquette].map((mot) => mot.trim()).filter(Boolean).join(" : ");
};
for (const annonce of document.querySelectorAll("[data-repris]")) {
  const form = annonce.parentElement.querySelector("button")?.form;
  const noms = new Map();
  for (const nom of annonce.dataset.repris.split(" ")) {
    const champ = [...(form?.elements ?? [])].find((autre) => autre.name === nom && autre.type !== "hidden");
    if (!champ) continue;
    (champ.closest(".champ, td") ?? champ.parentElement).classList.add("repris");
    noms.set(direLeChamp(champ), champ.id);
  }
  const liens = [...noms].slice(0, 12).map(([nom, id]) => Object.assign(document.createElement("a"), { href: `#${id}`, textContent: nom }));
  annonce.querySelector("span").append(...liens.flatMap((lien, rang) => (rang ? [", ", lien] : [lien])), noms.size > 12 ? ` et ${noms.size - 12} autres` : "");
  annonce.hidden = !noms.size;
  for (const ecarte of annonce.parentElement.querySelectorAll("[data-ecarte]")) {
    const champ = form?.elements[ecarte.dataset.ecarte];
    if (champ?.name) ecarte.prepend(Object.assign(document.createElement("strong"), { textContent: `${direLeChamp(champ)} : ` }));
  }
}

for (const form of document.querySelectorAll("form[data-brouillon]")) {
  const etat = form.querySelector("[data-etat-brouillon]");
  const adresse = form.getAttribute("action") || location.pathname;
  const cle = copies.prefixe(adresse) + form.elements.envoi.value.slice(-24);
  const frappes = new Map();
  let attente, courant, doute = false, occupe = false, pret = false;
  const dire = (texte, lien) => {
    etat.textContent = texte;
    if (!lien) return;
    const a = Object.assign(document.createElement("a"), { href: lien, target: "_blank", rel: "noopener", textContent: "Se reconnecter dans un nouvel onglet" });
    etat.append(" ", a, ", puis continuez ici.");
  };
  form.addEventListener("formdata", ({ formData }) => {
    const noms = [...form.elements].filter(aChange).map((champ) => champ.name);
    // With how long ago each was typed: of one field written in two tabs, the later text is the one shown.
    formData.set("modifies", [...new Set(noms)].map((nom) => `${nom}@${Math.round(performance.now() - (frappes.get(nom) ?? 0))}`).join(" "));
  });
  // « garde », « session », « refus », « muet » (no answer) or « remplace » (a later call took over).
  const garder = async (options = {}) => {
    clearTimeout(attente);
    courant?.abort();
    const controle = courant = new AbortController();
    let expire = false;
    const delai = setTimeout(() => { expire = true; controle.abort(); }, 10000);
    const data = new FormData(form);
    if (data.get("modifies")) copies.ecrire(cle, data);
    data.set("brouillon", "1");
    try {
      const reponse = await envoyer(adresse, data, { signal: controle.signal, ...options });
      const lu = await reponse.json().catch(() => ({}));
      if (lu.csrf) for (const champ of document.querySelectorAll("[name=csrfmiddlewaretoken]")) champ.value = lu.csrf;
      doute = false;
      if (reponse.ok && lu.heure) {
        copies.oublier(cle);
        dire(`Brouillon gardé à ${lu.heure}.`);
        annoncerSession(lu.reste, lu.finale);
        return "garde";
      }
      if (reponse.status === 401) {
        doute = true;
        if (lu.garde) copies.oublier(cle);
        dire(`Votre session est terminée : rien n’est enregistré, mais ce que vous écrivez est gardé${lu.garde ? "" : " dans ce navigateur"}.`, lu.connexion);
        return "session";
      }
      if (lu.recu) copies.oublier(cle);
      if (MUETS.includes(reponse.status)) throw new TypeError(String(reponse.status));
      dire(`Brouillon non gardé : ${lu.erreur || "le serveur a répondu par une erreur. Copiez votre texte avant de quitter cette page."}`);
      return "refus";
    } catch (erreur) {
      if (erreur.name === "AbortError" && !expire) return "remplace";
      doute = true;
      dire("Rien n’est enregistré : le serveur ne répond pas. Ce que vous écrivez est gardé dans ce navigateur ; recommencez quand la connexion sera revenue.");
      return "muet";
    } finally {
      clearTimeout(delai);
    }
  };
  form.addEventListener("input", ({ target }) => {
    doute = true;
    if (target.name) frappes.set(target.name, performance.now());
    if (etat.textContent.startsWith("Brouillon") || !etat.textContent) etat.textContent = "Modifications en cours…";
    clearTimeout(attente);
    attente = setTimeout(garder, 1200);
  });
  // One leaves the page only once the server has answered: a browser offline would show an error in its place.
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "abandonner") {
      clearTimeout(attente);
      courant?.abort();
      doute = false;
      copies.oublier(cle);
      return;
    }
    if (pret) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (occupe) return;
    occupe = true;
    const issue = await garder();
    occupe = false;
    if (issue === "muet") return;
    pret = true;
    form.requestSubmit(event.submitter);
  }, { capture: true });
  addEventListener("pagehide", () => { if (!pret && doute) garder({ keepalive: true }); });
  addEventListener("online", () => { if (doute) garder(); });
  document.addEventListener("visibilitychange", () => { if (doute && document.visibilityState === "visible") garder(); });
  // The page was put aside whole, with the text and the version of that time: ask the server again.
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace(location.pathname + location.search); });
  // What a breakdown left in this browser becomes a draft, and the page gives it back.
  (async () => {
    let rendu = false;
    for (const nom of copies.lister(adresse)) {
      const data = new URLSearchParams(copies.faire(() => localStorage.getItem(nom)) ?? "");
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.set("brouillon", "1");
      const reponse = await envoyer(adresse, data).catch(() => null);
      const lu = await reponse?.json().catch(() => ({}));
      if (reponse?.ok || lu?.recu) copies.oublier(nom);
      rendu ||= Boolean(reponse?.ok);
    }
    if (rendu) location.replace(location.pathname + location.search);
  })();
}
