// The keyboard of a spreadsheet, on the controls of the grid (Grille comes first).
if (Grille) {
  const { form, restaurer } = Grille;
  const visibles = (racine, selecteur) => [...racine.querySelectorAll(selecteur)].filter((c) => c.checkVisibility());
  const ecrit = (c) => c.tagName === "TEXTAREA" || (c.tagName === "INPUT" && c.type === "text");
  const entrer = (c) => {
    c.focus();
    if (ecrit(c)) c.select();
  };
  const vertical = (c, pas) => {
    const colonne = visibles(form, `[data-champ="${c.dataset.champ}"]`);
    const cible = colonne[colonne.indexOf(c) + pas];
    if (cible) entrer(cible);
    else c.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));  // the last row is saved all the same
  };
  const horizontal = (c, pas) => {
    const rangee = visibles(c.closest("tr"), "[data-champ]");
    const cible = rangee[rangee.indexOf(c) + pas];
    if (cible) entrer(cible);
    return Boolean(cible);
  };
  const tout = (c) => c.selectionStart === 0 && c.selectionEnd === c.value.length;
  const auBout = (c, pas) => {
    if (!ecrit(c) || tout(c)) return true;
    return c.selectionStart === c.selectionEnd && c.selectionStart === (pas < 0 ? 0 : c.value.length);
  };
  // A text of several lines is left from its first or last line.
  const auBord = (c, pas) => {
    if (c.tagName !== "TEXTAREA" || tout(c)) return true;
    return !(pas < 0 ? c.value.slice(0, c.selectionStart) : c.value.slice(c.selectionEnd)).includes("\n");
  };
  const passerLigne = (c) => {
    c.setRangeText("\n", c.selectionStart, c.selectionEnd, "end");
    c.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const FLECHES = { ArrowUp: [vertical, auBord, -1], ArrowDown: [vertical, auBord, 1], ArrowLeft: [horizontal, auBout, -1], ArrowRight: [horizontal, auBout, 1] };

  form.addEventListener("keydown", (event) => {
    const c = event.target;
    if (!c.dataset.champ || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "F2") {
      event.preventDefault();
      if (c.tagName === "SELECT") c.showPicker?.();
      else if (ecrit(c) && !("edition" in c.dataset)) { c.dataset.edition = ""; c.setSelectionRange(c.value.length, c.value.length); }
      else delete c.dataset.edition;
      return;
    }
    if (event.key === "Escape") { event.preventDefault(); restaurer(c); if (ecrit(c)) c.select(); return; }
    if (event.key === "Enter" && event.altKey && c.tagName === "TEXTAREA") { event.preventDefault(); passerLigne(c); return; }
    if (event.altKey) return;
    const edite = "edition" in c.dataset;
    if (event.key === "Enter") {
      if (edite && c.tagName === "TEXTAREA") return;
      event.preventDefault();
      vertical(c, event.shiftKey ? -1 : 1);
    } else if (event.key in FLECHES && !event.shiftKey && !edite) {
      const [aller, permis, pas] = FLECHES[event.key];
      if (permis(c, pas)) { event.preventDefault(); aller(c, pas); }
    }
  });
  form.addEventListener("focusout", (event) => { delete event.target.dataset?.edition; });
  // Tab comes into a cell like an arrow does: what is typed then replaces it.
  form.addEventListener("keyup", (event) => { if (event.key === "Tab" && event.target.dataset?.champ && ecrit(event.target)) event.target.select(); });
}
