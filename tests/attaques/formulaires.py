"""Every form of every page, found by asking the pages of the table of rights; and what becomes of what is posted to it."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.db.models.signals import post_save
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from ctg.models import Utilisateur
from ctg.nombres import NombreField
from tests.conftest import COMPTES_PAR_NOM
from tests.matrice import LOURD, TABLE, url_de

RICHES = ("cooperation", "admin", "caf", *COMPTES_PAR_NOM)  # who is asked first


@contextmanager
def formulaires_batis() -> Iterator[list[forms.BaseForm]]:
    """All the forms that are made inside, bound or not."""
    batis: list[forms.BaseForm] = []
    init = forms.BaseForm.__init__

    def noter(self, *args, **kwargs):
        batis.append(self)
        init(self, *args, **kwargs)

    forms.BaseForm.__init__ = noter
    try:
        yield batis
    finally:
        forms.BaseForm.__init__ = init


@contextmanager
def rien_ne_reste() -> Iterator[list]:
    """The rows written inside, which are gone afterwards."""
    ecrits: list = []

    def noter(sender, instance, **kwargs):
        ecrits.append(instance)

    post_save.connect(noter)
    point = transaction.savepoint()
    try:
        yield ecrits
    finally:
        post_save.disconnect(noter)
        transaction.savepoint_rollback(point)


@dataclass
class Page:
    """One `<form method="post">` of a page, with what a browser would send of it."""

    nom: str
    url: str
    role: str
    action: str = ""
    data: dict[str, list[str]] = field(default_factory=dict)
    champs: dict[str, forms.Field] = field(default_factory=dict)  # by the name under which each is posted
    de_table: frozenset[str] = frozenset()  # those that are columns of a table

    def __str__(self):
        return f"{self.nom} → {self.action}" if self.action != self.url else self.nom


class _Formulaires(HTMLParser):
    """Each form that is posted, with its address and what a browser would send of it; what is hidden of a list too."""

    def __init__(self):
        super().__init__()
        self.formulaires: list[tuple[str, dict[str, list[str]]]] = []
        self.data = self.zone = self.choix = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        nom = attrs.get("name")
        if tag == "form":
            self.data = {} if attrs.get("method", "").lower() == "post" else None
            if self.data is not None:
                self.formulaires.append((attrs.get("action") or "", self.data))
        elif self.data is not None and nom and "disabled" not in attrs:
            getattr(self, f"_{tag}", lambda *_: None)(nom, attrs)
        elif tag == "option" and self.choix and "selected" in attrs:
            self.data[self.choix].append(attrs.get("value") or "")

    def _input(self, nom, attrs):
        sorte = attrs.get("type", "text")
        if sorte in {"file", "submit"}:
            return
        envoyes = self.data.setdefault(nom, [])
        if sorte not in {"checkbox", "radio"}:
            envoyes.append(attrs.get("value") or "")
        elif "checked" in attrs:
            envoyes.append(attrs.get("value", "on"))

    def _textarea(self, nom, attrs):
        self.zone, self.texte = nom, ""

    def _select(self, nom, attrs):
        self.choix = nom
        self.data.setdefault(nom, [])

    def handle_data(self, data):
        if self.zone:
            self.texte += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.data = None
        elif tag == "textarea" and self.zone:
            self.data.setdefault(self.zone, []).append(self.texte.removeprefix("\n"))
            self.zone = None
        elif tag == "select":
            self.choix = None


TECHNIQUES = {"session", "envoi"}  # rows that no one reads
DOCUMENTS = (
    "_pdf",
    "_xlsx",
    "_csv",
    "_ods",
    "_document",
    ":modele_convention",
    ":exporter_convention",
    "_modele",
)


def client_de(role: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Utilisateur.objects.get(email=COMPTES_PAR_NOM[role]))
    return client


def pages() -> list[Page]:
    """One of each form: the same one at two addresses is asked once."""
    lues = [
        (
            nom,
            url_de(nom, ligne.kwargs),
            role_de(ligne),
        )  # what they are of is made before any of them is read
        for nom, ligne in TABLE.items()
        if role_de(ligne) and ligne.rend == 200 and nom not in LOURD and not nom.endswith(DOCUMENTS)
    ]
    vues, trouvees = set(), []
    for nom, url, role in lues:
        for page in pages_de(nom, url, role, client_de(role)):
            cle = (page.action, frozenset(page.champs))
            if page.champs and cle not in vues:
                vues.add(cle)
                trouvees.append(page)
    return trouvees


def role_de(ligne) -> str | None:
    return next((role for role in RICHES if role in (ligne.get or ())), None)


def pages_de(nom: str, url: str, role: str, client: Client) -> list[Page]:
    """The forms of one page that hold something to type."""
    with formulaires_batis() as batis:
        reponse = client.get(url)
    if reponse.status_code != 200 or "text/html" not in reponse.headers.get("Content-Type", ""):
        return []
    champs = {form.add_prefix(nom): champ for form in batis for nom, champ in form.fields.items()}
    de_table = {
        form.add_prefix(nom)
        for form in batis
        if isinstance(form, forms.ModelForm)
        for nom in form._meta.fields or ()
        if nom in form.fields
    }
    lecteur = _Formulaires()
    lecteur.feed(reponse.content.decode())
    pages = []
    for action, data in lecteur.formulaires:
        data.pop("csrfmiddlewaretoken", None)
        siens = {
            cle: champ
            for cle, champ in champs.items()
            if cle in data and not champ.disabled and not cache(champ)
        }
        pages.append(Page(nom, url, role, action or url, data, siens, frozenset(de_table & set(siens))))
    return pages


def cache(champ) -> bool:
    return champ.widget.is_hidden


@dataclass(frozen=True)
class Reponse:
    """`refuses`: the fields that have a sentence; `ecrits`: the rows that were written."""

    status: int
    refuses: frozenset[str]
    phrases: tuple[str, ...]
    ecrits: tuple
    html: str

    @property
    def gardee(self) -> bool:
        return self.status in {302, 303}


def poster(client: Client, page: Page, valeurs: dict[str, str], executer) -> Reponse:
    """What the page would send with these values; `executer`: the context that runs what waits for the commit."""
    data = QueryDict(mutable=True)
    for nom, lues in {**page.data, **_remplis(page)}.items():
        data.setlist(nom, lues)
    for nom, valeur in valeurs.items():
        data[nom] = valeur
    corps = "&".join(
        urlencode({nom: valeur}, errors="surrogatepass") for nom, lues in data.lists() for valeur in lues
    )
    with rien_ne_reste() as ecrits, formulaires_batis() as batis, executer(execute=True):
        reponse = client.post(page.action, corps, content_type="application/x-www-form-urlencoded")
    erreurs = {
        form.add_prefix(nom): phrases
        for form in batis
        if form.is_bound
        for nom, phrases in (form._errors or {}).items()
    }
    return Reponse(
        reponse.status_code,
        frozenset(erreurs),
        tuple(phrase for phrases in erreurs.values() for phrase in phrases),
        tuple(ligne for ligne in ecrits if ligne._meta.model_name not in TECHNIQUES),
        "" if reponse.streaming else reponse.content.decode(),
    )


def _remplis(page: Page) -> dict[str, list[str]]:
    """What is asked for and empty, filled with anything that may do."""
    remplis = {}
    for nom, champ in page.champs.items():
        if any(page.data[nom]) or not champ.required:
            continue
        valeur = _une_valeur(champ)
        if valeur is not None:
            remplis[nom] = [str(valeur)]
    return remplis


def _une_valeur(champ):
    if isinstance(champ, forms.ModelChoiceField):
        return champ.queryset.values_list("pk", flat=True).first()
    if isinstance(champ, forms.ChoiceField):
        plats = champ.widget.choices
        return next((cle for cle, _nom in plats if cle and not isinstance(_nom, list | tuple)), None)
    for sorte, valeur in {
        forms.BooleanField: "on",
        forms.DateField: (timezone.localdate() + datetime.timedelta(days=30)).isoformat(),
        forms.TimeField: "14:00",
        forms.EmailField: "zoe@exemple.fr",
        forms.URLField: "https://exemple.fr/",
        forms.SlugField: "un-code",
        forms.IntegerField: "7",
        NombreField: "7",
        forms.CharField: "Un texte",
    }.items():
        if isinstance(champ, sorte):
            return valeur
    return None


def valeurs_des_lignes(ecrits) -> tuple[str, set]:
    """All the texts of these rows, those inside a JSON value too, and all their numbers and days."""
    textes, autres = [], set()

    def chercher(valeur):
        if isinstance(valeur, str):
            textes.append(valeur)
        elif isinstance(valeur, dict):
            chercher([*valeur, *valeur.values()])
        elif isinstance(valeur, list | tuple):
            for v in valeur:
                chercher(v)
        elif isinstance(valeur, int | Decimal | datetime.date):
            autres.add(valeur)

    for ligne in ecrits:
        for champ in ligne._meta.concrete_fields:
            chercher(ligne.__dict__.get(champ.attname))
    return "\n".join(textes), autres
