"""What somebody hostile, or a careless clipboard, puts in a field; and what must become of it, on every engine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chaine:
    """`garde`: what is stored and shown where a line of text is asked for; None: it is refused with a sentence."""

    nom: str
    texte: str
    garde: str | None
    lignes: str | None = None  # the same in a field of several lines, where it differs

    def attendu(self, *, lignes: bool) -> str | None:
        return self.lignes if lignes and self.lignes is not None else self.garde


def _telles(**textes: str) -> list[Chaine]:
    return [Chaine(nom, texte, texte) for nom, texte in textes.items()]


def _refusees(**textes: str) -> list[Chaine]:
    return [Chaine(nom, texte, None) for nom, texte in textes.items()]


CHAINES = [
    *_telles(
        balise="<script>alert(1)</script>",
        image="<img src=x onerror=alert(1)>",
        attribut="\"' onmouseover=alert(1) x='",
        fermeture="</textarea></title><svg/onload=alert(1)>",
        commentaire="<!-- --><![CDATA[x]]>",
        gabarit="{{ settings.SECRET_KEY }}",
        balise_de_gabarit="{% debug %}{% load static %}",
        format="%s %(x)s %d {0} {x.__class__}",
        entite="&lt;b&gt; &amp; &#x3c;",
        markdown="[x](javascript:alert(1)) **gras** `x`",
        lien="javascript:alert(document.cookie)",
        sql="'; DROP TABLE ctg_convention; --",
        sql_ou="' OR 1=1 OR ''='",
        jokers="%_\\%",
        chemin="../../../../etc/passwd",
        chemin_windows="C:\\Windows\\system32\\",
        adresse="file:///etc/passwd",
        commande="$(rm -rf /) `id` | cat",
        jndi="${jndi:ldap://127.0.0.1/x}",
        formule="=1+1",
        formule_plus="+1+1",
        formule_arobase="@SUM(A1:A9)",
        guillemets="« L’été », dit-elle : “oui” – ‘non’",
        accents="ÀÂÇÉÈÊËÎÏÔŒÙÛÜŸ àâçéèêëîïôœùûüÿ",
        accents_composes="e\u0301te\u0301 a\u0300",
        combinants="z" + "\u0301\u0323\u0330" * 12,
        emoji="👍🏽 👩‍👩‍👧‍👦 🇫🇷",
        quatre_octets="𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎",
        arabe="مرحبا بالعالم",
        hebreu="שלום עולם",
        japonais="日本語テスト",
        nul_ecrit="null None undefined NaN \\0 \\x00",
        json='{"a": [1, "b"]}',
        zero="0",
        tiret="- -",
        mot_long="w" * 60,
        liaison="mi\u00adlieu zero\u200dliant",
    ),
    Chaine("espaces_autour", " \u00a0\tautour \u3000 ", "autour"),
    Chaine("tabulation", "a\tb", "a\tb"),
    Chaine("crlf", "un\r\nBcc: x@exemple.fr", None, "un\nBcc: x@exemple.fr"),
    Chaine("retour", "un\rdeux", None, "un\ndeux"),
    *_refusees(
        nul="a\0b",
        cloche="a\x07b",
        echappement="\x1b[31mrouge",
        retournement="facture\u202efdp.exe",
        isolement="a\u2067b",
        invisible="\u200b",
        invisibles="\u200b\u2060\ufeff\u00ad",
        interdit="a\uffffb",
    ),
    Chaine("trop_long", "é" * 100_000, None),
]
assert len({chaine.nom for chaine in CHAINES}) == len(CHAINES) >= 40
