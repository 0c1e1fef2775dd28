// A block copied from a spreadsheet fills the cells from the one that has the focus (Grille comes first).
if (Grille) {
  const { form, enregistrer, garder, lire, modifiee, montrer } = Grille;
  const bilan = document.querySelector("[data-bilan]");
  // From each control: the columns that a block goes on with. What is only read is not among them.
  const SUITES = {
    valeur: ["valeur", "commentaire"],
    numerateur: ["numerateur", "denominateur", "commentaire"],
    denominateur: ["denominateur", "commentaire"],
    etat: ["etat", "commentaire"],
    motif: ["motif", "commentaire"],
    commentaire: ["commentaire"],
  };
  const NOMS = { valeur: "valeur", numerateur: "numérateur", denominateur: "dénominateur", etat: "état", motif: "motif", commentaire: "commentaire" };

  // Tabs and line ends part the cells; a cell in quotes may hold both, and doubles its own quotes.
  const decouper = (texte) => {
    const bloc = [];
    let rangee = [], i = 0;
    const source = texte.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    while (i <= source.length) {
      const citee = source[i] === '"' && /^"(?:[^"]|"")*"(?=[\t\n]|$)/.exec(source.slice(i));
      const brute = citee ? citee[0] : /^[^\t\n]*/.exec(source.slice(i))[0];
      rangee.push(citee ? brute.slice(1, -1).replaceAll('""', '"') : brute);
      i += brute.length;
      if (source[i] !== "\t") { bloc.push(rangee); rangee = []; }
      i += 1;
    }
    return bloc;
  };

  const poser = (c, valeur) => {
    if (c.tagName !== "SELECT") {
      montrer(c, valeur);
      if (c.value !== valeur) c.dataset.colle = valeur;  // a control of one line would join two numbers
      return;
    }
    const voulue = valeur.trim().toLowerCase();
    const option = [...c.options].find((o) => [o.value, o.text].some((mot) => mot.toLowerCase() === voulue));
    montrer(c, option ? option.value : "");
    if (!option) c.dataset.colle = valeur;  // a list cannot show it: it is kept, sent and refused as it is
  };

  const remplir = (depart, bloc) => {
    const lignes = [...form.querySelectorAll("tbody tr")], rejets = [], touchees = new Map();
    const premiere = lignes.indexOf(depart.closest("tr"));
    const rejeter = (ligne, colonne, valeur, raison) => rejets.push({ nom: ligne?.dataset.ligne ?? "", colonne, valeur, raison });
    bloc.forEach((rangee, y) => {
      const ligne = lignes[premiere + y];
      rangee.forEach((valeur, x) => {
        if (!valeur.trim()) return;
        const champ = SUITES[depart.dataset.champ]?.[x], colonne = NOMS[champ] ?? `colonne ${x + 1} du bloc`;
        const c = ligne && champ ? ligne.querySelector(`[data-champ="${champ}"]`) : null;
        if (!ligne) rejeter(null, `ligne ${y + 1} du bloc`, valeur, "Il n’y a plus de ligne dans la grille.");
        else if (!champ) rejeter(ligne, colonne, valeur, "Il n’y a plus de colonne à remplir.");
        else if (!c) rejeter(ligne, colonne, valeur, ligne.dataset.verrou || `Cette ligne n’a pas de case « ${colonne} ».`);
        else {
          const avant = lire(c);
          poser(c, valeur);
          touchees.set(ligne, [...(touchees.get(ligne) ?? []), { c, valeur, colonne, avant }]);
        }
      });
    });
    return { touchees, rejets };
  };

  const element = (nom, texte) => Object.assign(document.createElement(nom), { textContent: texte });
  const pluriel = (nb, mot) => `${nb} ${mot}${nb > 1 ? "s" : ""}`;
  const montrerBilan = (avecRejets, ...contenu) => {
    bilan.className = `bilan-collage${avecRejets ? " avec-rejets" : ""}`;
    bilan.replaceChildren(...contenu);
    bilan.hidden = false;
    bilan.setAttribute("role", "status");
    bilan.focus();
  };
  const resumer = (enregistrees, inchangees, rejets, touchees) => {
    const titre = element("p", ""), contenu = [titre];
    const parts = [`${pluriel(enregistrees, "cellule")} enregistrée${enregistrees > 1 ? "s" : ""}`];
    if (inchangees) parts.push(`${inchangees} sans changement`);
    parts.push(`${rejets.length} refusée${rejets.length > 1 ? "s" : ""}`);
    titre.append(element("strong", `${parts.join(", ")}.`));
    if (rejets.length) {
      const liste = element("ul", "");
      for (const { nom, colonne, valeur, raison } of rejets) liste.append(element("li", `${nom ? `${nom}, ` : ""}${colonne}, « ${valeur} » : ${raison}`));
      contenu.push(liste);
    }
    if (touchees.size) {
      const bouton = Object.assign(element("button", "Annuler le collage"), { type: "button", className: "btn btn-second" });
      bouton.addEventListener("click", () => annuler(touchees), { once: true });
      contenu.push(bouton);
    }
    montrerBilan(rejets.length > 0, ...contenu);
  };

  // Each cell takes back what it held before the block, unless somebody wrote in it since.
  const annuler = async (touchees) => {
    let rendues = 0, perdues = 0;
    for (const posees of touchees.values()) for (const { c, avant, apres } of posees) if (lire(c) === apres) { montrer(c, avant); rendues += 1; }
    garder();
    for (const ligne of touchees.keys()) {
      const fait = await enregistrer(ligne);
      perdues += fait ? fait.refus.length : 1;
    }
    const dit = `Collage annulé : ${pluriel(rendues, "case")} comme avant.`;
    montrerBilan(perdues > 0, element("p", perdues ? `${dit} Une partie n’est pas enregistrée : la raison est à côté.` : dit));
  };

  const coller = async (depart, bloc) => {
    const { touchees, rejets } = remplir(depart, bloc);
    garder();
    let enregistrees = 0, inchangees = 0, faites = 0;
    for (const [ligne, posees] of touchees) {
      Grille.annoncer(`Collage : ${faites += 1} sur ${touchees.size}…`);
      const modifiees = new Set(posees.filter(({ c }) => modifiee(c.closest(".cellule"))).map(({ c }) => c));
      const fait = await enregistrer(ligne);
      for (const posee of posees) {
        const { c, valeur, colonne } = posee;
        posee.apres = lire(c);
        const cellule = c.closest(".cellule"), refus = fait?.refus.find((r) => r.cellule === cellule);
        if (!fait) rejets.push({ nom: ligne.dataset.ligne, colonne, valeur, raison: "Pas de réponse du serveur : gardé sur cet appareil." });
        else if (refus) {
          rejets.push({ nom: ligne.dataset.ligne, colonne, valeur, raison: refus.raison });
        } else if (modifiees.has(c)) enregistrees += 1;
        else inchangees += 1;
      }
    }
    Grille.annoncer("");
    resumer(enregistrees, inchangees, rejets, touchees);
  };

  document.addEventListener("paste", (event) => {
    const c = document.activeElement;
    if (!form.contains(c) || !c.dataset.champ || !(c.dataset.champ in SUITES)) return;
    const texte = event.clipboardData.getData("text/plain");
    const bloc = decouper(texte);
    // A text of several lines is a block of one column only where it comes from a table.
    const prose = c.tagName === "TEXTAREA" && bloc.every((rangee) => rangee.length === 1) && !/<table/i.test(event.clipboardData.getData("text/html"));
    if (prose || (bloc.length === 1 && bloc[0].length === 1 && c.tagName !== "SELECT" && !texte.startsWith('"'))) return;
    event.preventDefault();
    coller(c, bloc);
  });
}
