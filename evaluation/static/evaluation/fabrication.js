// How far a document is, each second; it downloads of itself once it is ready.
const preparation = document.querySelector("[data-fabrication]");
if (preparation) {
  const barre = preparation.querySelector("progress");
  const dit = preparation.querySelector("[data-dit]");
  const annonce = preparation.querySelector("[data-annonce]");
  const lien = preparation.querySelector("[data-fichier]");
  lien.hidden = true; // the page moves by itself
  preparation.querySelector("[data-avec-script]").hidden = false;
  const finir = (mots) => {
    dit.textContent = "";
    annonce.textContent = mots;
    preparation.querySelector("[data-annuler]")?.remove();
  };
  const regarder = async () => {
    let etat;
    try {
      const reponse = await fetch(preparation.dataset.fabrication, { headers: { Accept: "application/json" } });
      if (reponse.status === 404) {
        lien.remove();
        barre.remove();
        finir("Cette préparation a été annulée : revenez à la page et demandez de nouveau le document.");
        return;
      }
      etat = await reponse.json();
    } catch {
      dit.textContent = "La connexion est coupée : nous réessayons.";
      setTimeout(regarder, 3000);
      return;
    }
    if (etat.pourcentage) barre.value = etat.pourcentage;
    if (etat.statut === "prete") {
      document.querySelector("h1").textContent = "Votre document est prêt";
      lien.lastChild.textContent = " Télécharger";
      lien.hidden = false;
      finir("Votre document est prêt, le téléchargement commence.");
      location.assign(lien.href);
    } else if (etat.statut === "echouee") {
      lien.remove();
      barre.remove();
      finir(etat.dit);
    } else {
      dit.textContent = etat.dit;
      setTimeout(regarder, 1000);
    }
  };
  setTimeout(regarder, 700);
}
