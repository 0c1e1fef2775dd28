// The grid saves each cell as it is left. What is not saved stays in its control, and on this device until it is.
const Grille = (() => {
  const form = document.getElementById("grille");
  if (!form) return null;
  const etat = form.querySelector("[data-etat]"), compte = document.querySelector("[data-completude]");
  const memoire = `grille:${form.dataset.compteDe}:${location.pathname}`;
  const file = [];  // rows to save, in order, one request at a time
  let occupee = false, horsLigne = false, essai;

  const controles = (cellule) => [...cellule.querySelectorAll("[name]")];
  const lus = (cellule) => controles(cellule).filter((c) => c.dataset.champ);
  const cellules = (ligne) => [...ligne.querySelectorAll(".cellule")];
  const cliquable = (c) => c.type === "checkbox" || c.type === "radio";
  const defaut = (c) => {
    if (cliquable(c)) return c.defaultChecked;
    if (c.tagName !== "SELECT") return c.defaultValue;
    return ([...c.options].find((o) => o.defaultSelected) ?? c.options[0]).value;
  };
  const lire = (c) => (cliquable(c) ? c.checked : c.dataset.colle ?? c.value);
  const montrer = (c, valeur) => {
    delete c.dataset.colle;
    if (cliquable(c)) c.checked = valeur; else c.value = valeur;
  };
  const fixer = (c, valeur) => {
    if (cliquable(c)) c.defaultChecked = valeur;
    else if (c.tagName === "SELECT") for (const o of c.options) o.defaultSelected = o.value === valeur;
    else c.defaultValue = valeur;
  };
  const modifiee = (cellule) => "aEnregistrer" in cellule.dataset || lus(cellule).some((c) => lire(c) !== defaut(c));
  const retour = (cellule) => cellule.querySelector(".retour");
  const nonEnregistrees = () => [...form.querySelectorAll(".cellule")].filter(modifiee);
  const annoncer = (texte) => { etat.textContent = texte; };

  // Kept on this device: {cell: {vu, champs}} of what is not saved, and nothing else.
  const garder = () => {
    const gardes = lireMemoire();
    for (const cellule of form.querySelectorAll(".cellule")) delete gardes[cellule.dataset.cle];
    for (const cellule of nonEnregistrees()) {
      const champs = Object.fromEntries(lus(cellule).map((c) => [c.name, lire(c)]));
      gardes[cellule.dataset.cle] = { vu: vuDe(cellule).value, champs };
    }
    try {
      if (Object.keys(gardes).length) localStorage.setItem(memoire, JSON.stringify(gardes));
      else localStorage.removeItem(memoire);
    } catch { /* No room, or forbidden: the page still holds it, and warns before leaving. */ }
  };
  const lireMemoire = () => {
    try { return JSON.parse(localStorage.getItem(memoire)) ?? {}; } catch { return {}; }
  };
  const vuDe = (cellule) => cellule.querySelector("[name^=vu-]");

  const dire = (cellule, texte) => {
    cellule.dataset.nonEnregistre = "";
    const p = document.createElement("p");
    p.className = "erreurs";
    p.textContent = texte;
    retour(cellule).replaceChildren(p);
  };

  const corps = (modifiees) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const cellule of modifiees) {
      for (const c of controles(cellule)) {
        if (!cliquable(c)) data.append(c.name, lire(c));
        else if (c.checked) data.append(c.name, c.value);
      }
    }
    return data;
  };

  // Takes the answer: what was typed meanwhile stays typed.
  const recevoir = (ligne, envoyes, lu) => {
    const raisons = [];
    for (const [cle, reponse] of Object.entries(lu.cellules)) {
      const cellule = ligne.querySelector(`[data-cle="${cle}"]`);
      delete cellule.dataset.nonEnregistre;
      delete cellule.dataset.aEnregistrer;
      retour(cellule).innerHTML = reponse.retour;
      if (!retour(cellule).children.length) retour(cellule).replaceChildren();
      vuDe(cellule).value = reponse.vu;
      for (const c of lus(cellule)) {
        if (c.name in reponse.champs) {
          if (lire(c) === envoyes.get(c)) montrer(c, reponse.champs[c.name]);
          fixer(c, reponse.champs[c.name]);
        }
        if (reponse.invalides.includes(c.name)) c.setAttribute("aria-invalid", "true");
        else c.removeAttribute("aria-invalid");
        if (reponse.invalides.includes(c.name)) c.closest("details")?.setAttribute("open", "");
      }
      if (reponse.raison) {
        cellule.dataset.aEnregistrer = "";
        raisons.push({ cellule, raison: reponse.raison });
      }
    }
    compte.innerHTML = lu.compte;
    const ecart = ligne.querySelector("[data-ecart]");
    if (ecart) ecart.textContent = lu.ecart;
    const rapprochement = form.querySelector(`[data-rapprochement="${lu.indicateur}"]`);
    if (rapprochement) {
      rapprochement.textContent = lu.rapprochement;
      rapprochement.classList.toggle("discordant", lu.discordante);
    }
    return raisons;
  };

  const REFUS = {
    401: "Votre session a pris fin : reconnectez-vous, puis rechargez cette page.",
    403: "Le serveur ne prend plus cette page : rechargez-la.",
    404: "Cette ligne n’est plus à vous de saisir, ou un avenant a remplacé sa fiche : rechargez la page.",
  };
  const perdre = (modifiees, raison, reessayer) => {
    for (const cellule of modifiees) dire(cellule, `Non enregistré : ${raison} C’est gardé sur cet appareil.`);
    annoncer(`Non enregistré : ${raison} Ce que vous avez écrit est gardé sur cet appareil.`);
    if (reessayer && !horsLigne) {
      horsLigne = true;
      essai = setInterval(reprendre, 10000);
    }
  };

  // Saves a row; answers {enregistrees, refus: [{cellule, raison}]}, or null where the server did not answer.
  const envoyer = async (ligne) => {
    const modifiees = cellules(ligne).filter(modifiee);
    if (!modifiees.length) return { enregistrees: 0, refus: [] };
    const envoyes = new Map(modifiees.flatMap((cellule) => lus(cellule).map((c) => [c, lire(c)])));
    for (const cellule of modifiees) cellule.dataset.enCours = "";
    let response;
    try {
      response = await fetch(form.dataset.cellule, { method: "POST", body: corps(modifiees), keepalive: true, redirect: "manual", headers: { "X-Requested-With": "fetch" } });
    } catch {
      perdre(modifiees, "hors ligne. L’envoi reprendra tout seul.", true);
      return null;
    } finally {
      for (const cellule of modifiees) delete cellule.dataset.enCours;
    }
    if (response.type === "opaqueredirect" || !response.ok) {
      const statut = response.type === "opaqueredirect" ? 401 : response.status;
      perdre(modifiees, REFUS[statut] ?? "le serveur est en panne. L’envoi reprendra tout seul.", !(statut in REFUS));
      return null;
    }
    if (horsLigne) { horsLigne = false; clearInterval(essai); }
    annoncerSession(Number(document.body.dataset.session));  // ctg.js: what is saved extends the session
    const refus = recevoir(ligne, envoyes, await response.json());
    const enregistrees = modifiees.length - refus.length;
    garder();
    return { enregistrees, refus };
  };

  const vider = async () => {
    if (occupee) return;
    occupee = true;
    while (file.length) {
      const { ligne, finir } = file.shift();
      finir(await envoyer(ligne));
    }
    occupee = false;
  };
  const enregistrer = (ligne) => new Promise((finir) => { file.push({ ligne, finir }); vider(); });
  const lignesModifiees = () => [...new Set(nonEnregistrees().map((cellule) => cellule.closest("tr")))];

  const quitter = async (ligne) => {
    garder();
    const fait = await enregistrer(ligne);
    if (!fait) return;
    const nom = ligne.dataset.ligne.split(" ")[0];
    if (fait.refus.length) annoncer(`${nom} : non enregistré. ${fait.refus.map((r) => r.raison).join(" ")}`);
    else if (fait.enregistrees) annoncer(`${nom} : enregistré.`);
  };
  const direLesRefus = (refus) => `${refus.length > 1 ? `${refus.length} cellules ne sont pas enregistrées` : "Une cellule n’est pas enregistrée"} : la raison est à côté.`;
  const reprendre = async () => {
    const lignes = lignesModifiees();
    const refus = [];
    for (const ligne of lignes) {
      const fait = await enregistrer(ligne);
      if (!fait) return;
      refus.push(...fait.refus);
    }
    if (refus.length) annoncer(direLesRefus(refus));
    else if (lignes.length && !nonEnregistrees().length) annoncer("Tout est enregistré.");
  };

  form.addEventListener("input", (event) => {
    const cellule = event.target.closest(".cellule");
    if (!cellule) return;
    delete event.target.dataset.colle;
    if (event.target.dataset.champ) retour(cellule).querySelector(".retour-fait")?.remove();
    garder();
  });
  form.addEventListener("focusout", (event) => {
    const cellule = event.target.closest(".cellule");
    const vers = event.relatedTarget;
    const reste = cellule?.contains(vers) && vers.tagName !== "SUMMARY";  // to fold or unfold is to have finished
    if (cellule && !reste && modifiee(cellule)) quitter(cellule.closest("tr"));
  });
  // A confirmation or a choice is the whole answer: it goes at once.
  form.addEventListener("change", (event) => {
    if (event.target.closest(".retour")) quitter(event.target.closest("tr"));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const lignes = lignesModifiees();
    let enregistrees = 0;
    const refus = [];
    for (const ligne of lignes) {
      const fait = await enregistrer(ligne);
      if (!fait) return;
      enregistrees += fait.enregistrees;
      refus.push(...fait.refus);
    }
    if (refus.length) {
      annoncer(direLesRefus(refus));
      lus(refus[0].cellule)[0].focus();
    } else annoncer("Tout est enregistré.");
  });
  addEventListener("online", reprendre);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") reprendre(); });
  addEventListener("beforeunload", (event) => { if (nonEnregistrees().length) event.preventDefault(); });

  // What this device kept of an earlier visit comes back in its cells, and is sent again.
  const rendre = () => {
    const absentes = [];
    for (const [cle, { vu, champs }] of Object.entries(lireMemoire())) {
      const cellule = form.querySelector(`.cellule[data-cle="${CSS.escape(cle)}"]`);
      if (!cellule) { absentes.push(Object.values(champs).filter((v) => typeof v === "string" && v).join(", ")); continue; }
      vuDe(cellule).value = vu;
      for (const c of lus(cellule)) if (c.name in champs) montrer(c, champs[c.name]);
      cellule.dataset.aEnregistrer = "";
    }
    if (absentes.length) annoncer(`Gardé sur cet appareil, et absent de cette page (filtre, ou ligne fermée) : ${absentes.join(" · ")}`);
    reprendre();
  };
  addEventListener("load", rendre);

  const restaurer = (c) => {
    const cellule = c.closest(".cellule");
    for (const autre of lus(cellule)) {
      montrer(autre, defaut(autre));
      autre.removeAttribute("aria-invalid");
    }
    delete cellule.dataset.aEnregistrer;
    delete cellule.dataset.nonEnregistre;
    retour(cellule).replaceChildren();
    garder();
  };
  return { form, annoncer, enregistrer, garder, lire, modifiee, montrer, restaurer };
})();
