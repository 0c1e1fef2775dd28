// The small markup of long texts, both ways: a line is a paragraph, « - » a bullet, « 1. » a number,
// **bold**, *italic*. The server reads the same (`paragraphes`). What is not touched comes back as it was.
import { Schema } from "prosemirror-model";

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "text*", parseDOM: [..."p h1 h2 h3 h4 h5 h6 div".split(" ")].map((tag) => ({ tag })), toDOM: () => ["p", 0] },
    bullet_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: {
      group: "block", content: "list_item+", attrs: { order: { default: 1 } },
      parseDOM: [{ tag: "ol", getAttrs: (ol) => ({ order: ol.start }) }],
      toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
    },
    list_item: { content: "paragraph", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    text: {},
  },
  marks: {
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b", getAttrs: (b) => b.style.fontWeight !== "normal" && null }, { style: "font-weight", getAttrs: (poids) => /^(bold|[6-9]00)$/.test(poids) && null }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i", getAttrs: (i) => i.style.fontStyle !== "normal" && null }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
  },
});
const { nodes, marks } = schema;
const GRAS = /\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)/;
const ITALIQUE = /(?<![\d*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\d*])/;

const morceaux = (texte, portees = []) => {
  for (const [motif, marque] of [[GRAS, marks.strong], [ITALIQUE, marks.em]]) {
    const trouve = portees.some((portee) => portee.type === marque) ? null : motif.exec(texte);
    if (!trouve) continue;
    return [
      ...morceaux(texte.slice(0, trouve.index), portees),
      ...morceaux(trouve[1], [...portees, marque.create()]),
      ...morceaux(texte.slice(trouve.index + trouve[0].length), portees),
    ];
  }
  return texte ? [schema.text(texte, portees)] : [];
};
const paragraphe = (texte) => nodes.paragraph.create(null, morceaux(texte));

export const lire = (texte) => {
  const blocs = [];
  let liste = null;
  const fermer = () => { if (liste) blocs.push(liste.type.create(liste.attrs, liste.items)); liste = null; };
  for (const ligne of texte.replaceAll("\r", "").split("\n")) {
    const puce = /^\s*[-•] +(.*)$/.exec(ligne), rang = /^\s*(\d{1,2})[.)] +(.*)$/.exec(ligne);
    const item = puce ? puce[1] : rang ? rang[2] : null;
    const type = puce ? nodes.bullet_list : nodes.ordered_list;
    if (item === null || liste?.type !== type || (rang && Number(rang[1]) !== liste.attrs.order + liste.items.length)) fermer();
    if (item === null) blocs.push(paragraphe(ligne));
    else (liste ??= { type, attrs: rang ? { order: Number(rang[1]) } : null, items: [] }).items.push(nodes.list_item.create(null, paragraphe(item)));
  }
  fermer();
  return nodes.doc.create(null, blocs);
};

// Marks stand against words: the spaces that were selected with them stay outside. Bold goes around italic.
const entourer = (texte, signe) => {
  const [, avant, mots, apres] = /^(\s*)([^]*?)(\s*)$/.exec(texte);
  return mots ? avant + signe + mots + signe + apres : texte;
};
const ecrireMorceaux = (textes, signes) => {
  if (!signes.length) return textes.map(({ text }) => text).join("");
  const [[marque, signe], ...suite] = signes;
  const groupes = [];
  for (const texte of textes) {
    const porte = Boolean(marque.isInSet(texte.marks));
    if (groupes.at(-1)?.porte === porte) groupes.at(-1).textes.push(texte);
    else groupes.push({ porte, textes: [texte] });
  }
  return groupes.map(({ porte, textes }) => (porte ? entourer(ecrireMorceaux(textes, suite), signe) : ecrireMorceaux(textes, suite))).join("");
};
const ecrireParagraphe = (noeud) => ecrireMorceaux(noeud.content.content, [[marks.strong, "**"], [marks.em, "*"]]);
export const ecrire = (doc) => {
  const lignes = [];
  doc.forEach((bloc) => {
    if (bloc.type === nodes.paragraph) lignes.push(ecrireParagraphe(bloc));
    else bloc.forEach((item, _, rang) => lignes.push(`${bloc.type === nodes.bullet_list ? "-" : `${bloc.attrs.order + rang}.`} ${ecrireParagraphe(item.firstChild)}`));
  });
  return lignes.join("\n");
};

// Word gives its lists as paragraphs with a drawn bullet, and its line breaks and tables as themselves.
export const nettoyer = (html) => {
  const page = new DOMParser().parseFromString(html.replace(/<!(--)?\[if !supportLists\](--)?>[^]*?<!(--)?\[endif\](--)?>/gi, "").replace(/<!--[^]*?-->/g, ""), "text/html");
  for (const inutile of page.querySelectorAll("style, script, meta, link, title, xml, o\\:p:empty")) inutile.remove();
  let liste = null;
  for (const p of [...page.querySelectorAll("p")]) {
    const mso = /mso-list:\s*l/i.test(p.getAttribute("style") ?? "") || /MsoListParagraph/.test(p.className);
    if (!mso) { liste = null; continue; }
    const texte = p.textContent.trim();
    const numero = /^\(?(\d{1,2}|[a-z])[.)]\s+/i.test(texte);
    for (const noeud of [...p.childNodes]) { // the sign itself, where Word did not mark it
      const signe = noeud.textContent.replaceAll("\u00a0", " ");
      if (/^\s*([·•§o–-]|\(?(\d{1,2}|[a-z])[.)])\s*$/i.test(signe)) noeud.remove();
      else { if (noeud.nodeType === Node.TEXT_NODE) noeud.data = signe.replace(/^\s*([·•§–-]|\(?(\d{1,2}|[a-z])[.)])\s+/i, ""); if (noeud.textContent.trim()) break; }
    }
    const nom = numero ? "OL" : "UL";
    if (liste?.tagName !== nom || liste.nextElementSibling !== p) { liste = page.createElement(nom); p.before(liste); }
    const li = page.createElement("li");
    li.append(...p.childNodes);
    liste.append(li);
    p.remove();
  }
  for (const rangee of page.querySelectorAll("tr")) {
    const p = page.createElement("p");
    p.textContent = [...rangee.cells].map((cellule) => cellule.textContent.trim().replace(/\s+/g, " ")).filter(Boolean).join(" ; ");
    rangee.closest("table").before(p);
  }
  for (const table of page.querySelectorAll("table")) table.remove();
  for (const br of page.querySelectorAll("br")) {
    const p = br.closest("p, div, li");
    if (!p) { br.replaceWith(page.createElement("p")); continue; }
    const suite = page.createRange();
    suite.setStartAfter(br);
    suite.setEndAfter(p);
    const reste = suite.extractContents();
    br.remove();
    p.after(reste);
  }
  return page.body.innerHTML;
};
