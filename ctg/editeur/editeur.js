// Long texts are written as they will be read. The text area stays, hidden, and holds what is sent: drafts,
// versions and the work without JavaScript know nothing of this.
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, inputRules, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { Slice } from "prosemirror-model";
import { liftListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { ecrire, lire, nettoyer, schema } from "./texte.js";

const { nodes: { bullet_list, ordered_list, list_item, paragraph }, marks: { strong, em } } = schema;
const listeAutour = (state) => { const { $from } = state.selection; return $from.depth >= 2 ? $from.node($from.depth - 2).type : null; };
// The same button makes a list and undoes it; the other one changes its kind.
const basculer = (type) => (state, dispatch) => {
  const autour = listeAutour(state);
  if (autour === type) return liftListItem(list_item)(state, dispatch);
  if (autour === bullet_list || autour === ordered_list) {
    if (dispatch) dispatch(state.tr.setNodeMarkup(state.selection.$from.before(state.selection.$from.depth - 2), type));
    return true;
  }
  return wrapInList(type)(state, dispatch);
};
const sortirVide = (state, dispatch) => (listeAutour(state) && state.selection.empty && !state.selection.$from.parent.content.size ? liftListItem(list_item)(state, dispatch) : false);
const marquer = (motif, marque) => new InputRule(motif, (state, trouve, debut, fin) => {
  const [tout, avant, texte] = trouve;
  const depart = debut + avant.length;
  return tout ? state.tr.replaceWith(depart, fin, schema.text(texte, [marque.create()])).removeStoredMark(marque) : null;
});
const porte = (marque) => ({ doc, selection, storedMarks }) => (
  selection.empty ? Boolean(marque.isInSet(storedMarks ?? selection.$from.marks())) : doc.rangeHasMark(selection.from, selection.to, marque)
);
const BOUTONS = [
  ["Gras", "G", "Mod-b", toggleMark(strong), porte(strong)],
  ["Italique", "I", "Mod-i", toggleMark(em), porte(em)],
  ["Liste à puces", "•", "Shift-Mod-8", basculer(bullet_list), (state) => listeAutour(state) === bullet_list],
  ["Liste numérotée", "1.", "Shift-Mod-7", basculer(ordered_list), (state) => listeAutour(state) === ordered_list],
  ["Annuler la frappe", "↶", "Mod-z", undo, null],
  ["Rétablir la frappe", "↷", "Mod-y", redo, null],
];
const dit = (touche) => touche.replace("Mod", "Ctrl").replace("Shift-Ctrl", "Ctrl+Maj").replaceAll("-", "+").toUpperCase().replace("CTRL", "Ctrl").replace("MAJ", "Maj");

const barre = (etiquette, vue) => {
  const div = Object.assign(document.createElement("div"), { className: "riche-barre" });
  div.setAttribute("role", "toolbar");
  div.setAttribute("aria-label", "Mise en forme");
  div.setAttribute("aria-describedby", etiquette);
  const boutons = BOUTONS.map(([libelle, signe, touche, commande, actif], rang) => {
    const bouton = Object.assign(document.createElement("button"), { type: "button", tabIndex: rang ? -1 : 0, title: `${libelle} (${dit(touche)})`, textContent: signe });
    bouton.setAttribute("aria-label", libelle);
    bouton.setAttribute("aria-keyshortcuts", dit(touche).replace("Ctrl", "Control").replace("Maj", "Shift"));
    bouton.addEventListener("mousedown", (event) => event.preventDefault());
    bouton.addEventListener("click", () => { commande(vue.state, vue.dispatch, vue); if (document.activeElement !== bouton) vue.focus(); });
    div.append(bouton);
    return { bouton, actif, commande };
  });
  div.addEventListener("keydown", (event) => {
    const pas = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const rang = boutons.findIndex(({ bouton }) => bouton === event.target);
    if (!pas || rang < 0) return;
    event.preventDefault();
    const suivant = boutons[(rang + pas + boutons.length) % boutons.length].bouton;
    for (const { bouton } of boutons) bouton.tabIndex = bouton === suivant ? 0 : -1;
    suivant.focus();
  });
  const montrer = () => {
    for (const { bouton, actif, commande } of boutons) {
      if (actif) bouton.setAttribute("aria-pressed", String(actif(vue.state)));
      else bouton.setAttribute("aria-disabled", String(!commande(vue.state)));
    }
  };
  return { div, montrer };
};

const ouvrir = (zone) => {
  const etiquette = document.querySelector(`label[for="${CSS.escape(zone.id)}"]`);
  if (!etiquette || zone.readOnly || zone.disabled) return;
  etiquette.id ||= `${zone.id}_etiquette`;
  const ecritDeja = document.activeElement === zone;
  const boite = Object.assign(document.createElement("div"), { className: "riche" });
  const attributs = { role: "textbox", "aria-multiline": "true", "aria-labelledby": etiquette.id, id: zone.id, class: "riche-texte prose", lang: "fr", dir: "auto" };
  for (const nom of ["aria-describedby", "aria-invalid"]) if (zone.hasAttribute(nom)) attributs[nom] = zone.getAttribute(nom);
  if (zone.required) attributs["aria-required"] = "true";
  const plugins = () => [
    history(),
    inputRules({ rules: [
      new InputRule(/^[-•]\s$/, (state, trouve, debut, fin) => (listeAutour(state) === bullet_list ? state.tr.delete(debut, fin) : null)),
      wrappingInputRule(/^\s*[-•]\s$/, bullet_list),
      wrappingInputRule(/^(\d{1,2})[.)]\s$/, ordered_list, ([, rang]) => ({ order: Number(rang) }), ([, rang], liste) => liste.childCount + liste.attrs.order === Number(rang)),
      marquer(/()\*\*([^\s*](?:.*[^\s*])?)\*\*$/, strong),
      marquer(/(^|[^\d*])\*([^\s*](?:[^*]*[^\s*])?)\*$/, em),
    ] }),
    keymap({
      ...Object.fromEntries(BOUTONS.map(([, , touche, commande]) => [touche, commande])),
      "Shift-Mod-z": redo,
      Enter: chainCommands(sortirVide, splitListItem(list_item)),
      "Shift-Enter": baseKeymap.Enter,
    }),
    keymap(baseKeymap),
  ];
  const neuf = (texte) => EditorState.create({ doc: lire(texte), plugins: plugins() });
  let barreDe;
  const vue = new EditorView({ mount: boite.appendChild(document.createElement("div")) }, {
    state: neuf(zone.value),
    attributes: attributs,
    transformPastedHTML: nettoyer,
    clipboardTextParser: (texte) => new Slice(lire(texte).content, 1, 1),
    clipboardTextSerializer: (slice) => ecrire(slice),
    dispatchTransaction(transaction) {
      vue.updateState(vue.state.apply(transaction));
      barreDe.montrer();
      if (!transaction.docChanged) return;
      zone.value = ecrire(vue.state.doc);
      zone.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  barreDe = barre(etiquette.id, vue);
  boite.prepend(barreDe.div);
  barreDe.montrer();
  vue.dom.style.minHeight = `${Math.max(zone.rows, 3) * 1.55}em`;
  zone.removeAttribute("id");
  zone.required = false;
  zone.hidden = true;
  zone.before(boite);
  etiquette.removeAttribute("for");
  etiquette.addEventListener("click", () => vue.focus());
  // What another script or « reset » writes in the text area is shown too.
  zone.addEventListener("change", () => { if (zone.value !== ecrire(vue.state.doc)) { vue.updateState(neuf(zone.value)); barreDe.montrer(); } });
  zone.form?.addEventListener("reset", () => setTimeout(() => { vue.updateState(neuf(zone.value)); barreDe.montrer(); }));
  if (ecritDeja || location.hash === `#${vue.dom.id}`) vue.focus();
};
document.execCommand?.("defaultParagraphSeparator", false, "p");
for (const zone of document.querySelectorAll("textarea[data-riche]")) ouvrir(zone);
