// Maps. Everything they show is on the page in words too: a map that fails takes nothing away.
const FRANCE = [[41.3, -5.2], [51.1, 9.6]];
const sansAnimation = matchMedia("(prefers-reduced-motion: reduce)").matches;
const nombre = new Intl.NumberFormat("fr", { minimumFractionDigits: 5, maximumFractionDigits: 5, useGrouping: false });

const echapper = (texte) => { const p = document.createElement("p"); p.textContent = texte; return p.innerHTML; };
const lire = async (adresse) => {
  const reponse = await fetch(adresse, { headers: { "X-Requested-With": "fetch" } });
  if (!reponse.ok) throw new Error(String(reponse.status));
  return reponse.json();
};

function creer(cadre) {
  cadre.textContent = "";
  const carte = L.map(cadre, { zoomControl: false, scrollWheelZoom: false, zoomSnap: cadre.dataset.fond ? 1 : 0.25, maxZoom: 19, fadeAnimation: !sansAnimation, zoomAnimation: !sansAnimation, markerZoomAnimation: !sansAnimation });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(carte);
  L.control.scale({ imperial: false }).addTo(carte);
  carte.attributionControl.setPrefix("");
  const { fond, fondZoom, credit, creditUrl } = cadre.dataset;
  if (fond) {
    // The server of the images learns which site asks, and not which page.
    L.tileLayer(fond, { maxZoom: Number(fondZoom), attribution: `<a href="${creditUrl}" rel="noopener noreferrer">${echapper(credit)}</a>`, referrerPolicy: "strict-origin" }).addTo(carte);
  }
  // The wheel scrolls the page until one has come into the map.
  carte.on("focus", () => carte.scrollWheelZoom.enable()).on("blur", () => carte.scrollWheelZoom.disable());
  carte.fitBounds(FRANCE);
  // Escape closes what is open wherever the focus is in the map; the focus goes back to the mark.
  cadre.addEventListener("keydown", (event) => { if (event.key === "Escape") carte.closePopup(); });
  carte.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Fermer");
    if (cadre.contains(document.activeElement) || popup.options.prendreFocus) popup.getElement().querySelector(".leaflet-popup-content a")?.focus({ preventScroll: true });
  });
  carte.on("popupclose", ({ popup }) => {
    if (popup.getElement()?.contains(document.activeElement)) (popup._source?.getElement() ?? cadre).focus({ preventScroll: true });
  });
  return carte;
}

async function dessinerContours(carte, cadre) {
  const source = cadre.dataset.contours.startsWith("#") ? JSON.parse(document.querySelector(cadre.dataset.contours).textContent) : await lire(cadre.dataset.contours);
  const couche = L.geoJSON(source, {
    interactive: false,
    style: { className: "contour" },
    onEachFeature: ({ properties }, trace) => trace.bindTooltip(echapper(properties.nom), { permanent: true, direction: "center", className: "nom-contour" }),
  }).addTo(carte);
  return couche.getBounds();
}

// A mark is drawn and named as its line of the list; what it opens is that line.
async function dessinerPoints(carte, cadre) {
  const lieux = new Map([...document.querySelectorAll("[data-lieu]")].map((ligne) => [ligne.dataset.lieu, ligne]));
  const paquets = L.markerClusterGroup({
    showCoverageOnHover: false, animate: !sansAnimation, maxClusterRadius: 45, spiderLegPolylineOptions: { className: "contour" },
    iconCreateFunction: (paquet) => L.divIcon({ className: "paquet", iconSize: null, html: String(paquet.getChildCount()) }),
  });
  const nommer = (element, nom) => { element?.setAttribute("aria-label", nom); element?.setAttribute("role", "button"); };
  paquets.on("animationend", () => nommerPaquets());
  const nommerPaquets = () => carte.eachLayer((couche) => { if (couche instanceof L.MarkerCluster) nommer(couche.getElement(), `${couche.getChildCount()} structures : ouvrir`); });
  const reperes = new Map();
  for (const objet of (await lire(cadre.dataset.points)).features) {
    const ligne = lieux.get(objet.id);
    if (!objet.geometry || !ligne) continue;
    const [longitude, latitude] = objet.geometry.coordinates;
    const repere = L.marker([latitude, longitude], { icon: L.divIcon({ className: "repere", iconSize: [32, 32], html: ligne.querySelector(".forme").outerHTML }), riseOnHover: true });
    repere.on("add", () => nommer(repere.getElement(), ligne.dataset.nom));
    repere.bindPopup(() => ligne.querySelector(".mots").cloneNode(true), { maxWidth: 280 });
    reperes.set(objet.id, repere);
    paquets.addLayer(repere);
    const bouton = ligne.querySelector("[data-montrer]");
    if (!bouton) continue;
    bouton.hidden = false;
    bouton.addEventListener("click", () => {
      paquets.zoomToShowLayer(repere, () => { repere.getPopup().options.prendreFocus = true; repere.openPopup(); repere.getPopup().options.prendreFocus = false; });
      cadre.scrollIntoView({ block: "nearest" });
    });
  }
  // A cluster that is opened is gone: the focus goes to what it held.
  paquets.on("clusterkeypress", ({ layer }) => {
    const [premier] = layer.getAllChildMarkers();
    setTimeout(() => paquets.getVisibleParent(premier)?.getElement()?.focus({ preventScroll: true }), 600);
  });
  carte.addLayer(paquets);
  carte.on("moveend zoomend layeradd", nommerPaquets);
  nommerPaquets();
  return reperes.size ? paquets.getBounds() : null;
}

// The other places, faint: what one finds one's way by.
async function dessinerVoisines(carte, cadre) {
  const couche = L.geoJSON(await lire(cadre.dataset.voisines), {
    filter: ({ id, geometry }) => geometry && id !== cadre.dataset.sauf,
    pointToLayer: (objet, lieu) => L.circleMarker(lieu, { radius: 6, className: "voisine" }),
    onEachFeature: ({ properties }, repere) => repere.bindTooltip(echapper(properties.nom)).on("click", ({ latlng }) => carte.fire("click", { latlng })),
  }).addTo(carte);
  return couche.getBounds();
}

// One place, by a click, by dragging the mark or by typing both numbers.
function poser(carte, form) {
  const [latitude, longitude] = ["latitude", "longitude"].map((nom) => form.elements[nom]);
  const icone = L.divIcon({ className: "repere repere-pose", iconSize: [36, 36], html: form.querySelector("template").innerHTML });
  let repere;
  const montrer = (lieu, centrer) => {
    if (repere) repere.setLatLng(lieu);
    else {
      repere = L.marker(lieu, { icon: icone, draggable: true, keyboard: false }).addTo(carte);
      repere.on("dragend", () => ecrire(repere.getLatLng()));
    }
    if (centrer) carte.setView(lieu, Math.max(carte.getZoom(), 15));
  };
  const ecrire = (lieu) => {
    const { lat, lng } = lieu.wrap();
    [latitude.value, longitude.value] = [nombre.format(lat), nombre.format(lng)];
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
    form.querySelector("[data-position]").textContent = `Position choisie : ${latitude.value} ; ${longitude.value}. Elle n’est gardée qu’une fois enregistrée.`;
  };
  const relire = (centrer) => {
    const [lat, lng] = [latitude, longitude].map((champ) => Number(champ.value.trim().replace(",", ".")));
    const connus = latitude.value.trim() && longitude.value.trim() && Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
    if (connus) montrer([lat, lng], centrer);
    else if (repere) { repere.remove(); repere = undefined; }
    return Boolean(connus);
  };
  carte.on("click", ({ latlng }) => { montrer(latlng); ecrire(latlng); });
  for (const champ of [latitude, longitude]) champ.addEventListener("change", () => relire(true));
  for (const bouton of document.querySelectorAll("[data-latitude]")) {
    bouton.hidden = false;
    bouton.addEventListener("click", () => {
      [latitude.value, longitude.value] = [bouton.dataset.latitude, bouton.dataset.longitude];
      if (relire(true)) ecrire(repere.getLatLng());
      latitude.focus();
    });
  }
  return relire(true);
}

for (const cadre of document.querySelectorAll("[data-carte]")) {
  const section = cadre.parentElement, etat = section.querySelector("[data-carte-etat]");
  const carte = creer(cadre);
  section.querySelector("[data-carte-aide]").hidden = false;
  const form = document.querySelector("form[data-poser]");
  const place = form ? poser(carte, form) : false;
  const travaux = [cadre.dataset.contours && dessinerContours(carte, cadre), cadre.dataset.points && dessinerPoints(carte, cadre), cadre.dataset.voisines && dessinerVoisines(carte, cadre)];
  Promise.allSettled(travaux).then((faits) => {
    if (faits.some(({ status }) => status === "rejected")) etat.textContent = "La carte n’a pas pu être dessinée en entier. Rechargez la page ; tout se lit aussi en mots, à côté.";
    const bornes = faits.map(({ value }) => value).filter((borne) => borne?.isValid());
    if (bornes.length && !place) carte.fitBounds(bornes.reduce((tout, borne) => tout.extend(borne), L.latLngBounds(bornes[0])), { padding: [20, 20], maxZoom: 17, animate: false });
    cadre.dataset.prete = "1";
  });
}
