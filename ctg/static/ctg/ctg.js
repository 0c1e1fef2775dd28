// Progressive enhancement only: every page works without it.
// On load, after the browser has followed the fragment of the address.
addEventListener("load", () => document.querySelector(".resume-erreurs")?.focus());
for (const menu of document.querySelectorAll(".menu details")) {
  menu.open = matchMedia("(width > 60rem)").matches;
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
// Nothing typed is lost by a careless click: the browser asks before leaving a form that has changed.
for (const form of document.querySelectorAll("form[data-garde]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
// A session left idle ends: five minutes before, the person is asked, and any request (a draft saved too) extends it.
let finSession;
const annoncerSession = (secondes) => {
  clearTimeout(finSession);
  finSession = setTimeout(() => document.getElementById("session")?.showModal(), Math.max(secondes - 300, 1) * 1000);
};
if (document.body.dataset.session) {
  annoncerSession(Number(document.body.dataset.session));
  document.querySelector("#session form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(String(response.status));
      annoncerSession((await response.json()).reste);
      form.closest("dialog").close();
    } catch {
      location.reload();
    }
  });
}
// A draft is kept on the server as one types. The sign appears only after the server's answer.
for (const form of document.querySelectorAll("form[data-brouillon]")) {
  const etat = form.querySelector("[data-etat-brouillon]");
  let attente, envoi, parti = false;
  const garder = async (options = {}) => {
    clearTimeout(attente);
    envoi?.abort();
    envoi = new AbortController();
    const data = new FormData(form);
    data.append("brouillon", "1");
    try {
      const response = await fetch(form.getAttribute("action") || location.pathname, { method: "POST", body: data, signal: envoi.signal, headers: { "X-Requested-With": "fetch" }, ...options });
      const lu = await response.json();
      if (!response.ok) throw new Error(lu.erreur);
      etat.textContent = `Brouillon gardé à ${lu.heure}.`;
      annoncerSession(lu.reste);
    } catch (erreur) {
      if (erreur.name !== "AbortError") etat.textContent = `Brouillon non gardé : ${erreur instanceof SyntaxError || erreur instanceof TypeError ? "le serveur ne répond pas. Ne fermez pas cette page." : erreur.message}`;
    }
  };
  form.addEventListener("input", () => {
    etat.textContent = "Modifications en cours…";
    clearTimeout(attente);
    attente = setTimeout(garder, 1200);
  });
  form.addEventListener("submit", () => { parti = true; clearTimeout(attente); envoi?.abort(); });
  addEventListener("pagehide", () => { if (!parti && etat.textContent === "Modifications en cours…") garder({ keepalive: true }); });
}
