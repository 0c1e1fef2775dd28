"""Home, login, dashboard, documents, help: the pages that belong to no other app."""

import datetime
import json
import re
from pathlib import Path

import markdown
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from ctg.conservation import DUREES
from ctg.enums import Annexe, Role
from ctg.models import Convention, Mandat
from ctg.panneaux import composer
from ctg.permissions import check
from ctg.sante import examiner
from ctg.views.mixins import ConventionMixin

GUIDE = Path(settings.BASE_DIR) / "docs" / "guide"


# What security.txt takes for an address, and how long it is believed: its standard says less than a year.
_CONTACT = re.compile(r"(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+\d+)", re.ASCII)
VALIDITE = datetime.timedelta(days=180)
_IMAGE = re.compile(r'src="\.\./captures/([a-z0-9-]+\.png)"')
ROLE = "role-"  # how the pages of the guide that are of one role are called
# Where the address of a role's page is not its code.
PAGES_DES_ROLES = {
    Role.CHARGE_COOPERATION: "role-charge-de-cooperation",
    Role.COORDINATEUR_THEMATIQUE: "role-coordinateur-thematique",
    Role.COORDINATEUR_TERRITORIAL: "role-coordinateur-territorial",
    Role.REFERENT: "role-referent-de-fiche",
    Role.CONSEILLER_CAF: "role-conseiller-caf",
    Role.REPRESENTANT: "role-copil-et-lecteurs",
    Role.MEMBRE_COPIL: "role-copil-et-lecteurs",
    Role.LECTEUR: "role-copil-et-lecteurs",
    Role.ADMINISTRATEUR: "role-administrateur",
}


def pages_du_role(user) -> list[str]:
    """The pages of the guide that are this person's, whatever the convention."""
    mandats = Mandat.objects.filter(utilisateur=user).actifs(au=timezone.localdate())
    roles = list(mandats.values_list("role", flat=True).distinct())
    if user.is_administrateur:
        roles.append(Role.ADMINISTRATEUR)
    return list(dict.fromkeys(PAGES_DES_ROLES[role] for role in roles))


class HomeView(TemplateView):
    """Sends to the only convention one has, or lists them."""

    permission_code = None  # any account; the list is what it may see
    template_name = "ctg/home.html"

    def get(self, request, *args, **kwargs):
        conventions = list(
            Convention.objects.visible_to(request.user).select_related("territoire").order_by("slug")
        )
        if len(conventions) == 1:
            return redirect(conventions[0])
        charger = bool(check(request.user, "ctg.charger_convention", None))
        return self.render_to_response(self.get_context_data(conventions=conventions, charger=charger))


class DashboardView(ConventionMixin, TemplateView):
    template_name = "ctg/dashboard.html"

    def get_context_data(self, **kwargs):
        panneaux = composer("tableau_de_bord", self.request, self.convention, self.convention)
        tete = composer("tableau_de_bord_tete", self.request, self.convention, self.convention)
        signataires = self.convention.signataires.en_vigueur(au=timezone.localdate())
        signataires = signataires.select_related("organisme").order_by("ordre", "pk")
        return super().get_context_data(tete=tete, panneaux=panneaux, signataires=signataires, **kwargs)


class DocumentsView(ConventionMixin, TemplateView):
    """Reference documents, and the text of the annexes that has no screen of its own."""

    template_name = "ctg/documents.html"

    def get_context_data(self, **kwargs):
        textes = self.convention.textes.order_by("annexe", "ordre", "pk")
        par_annexe: dict[str, list] = {}
        for texte in textes:
            par_annexe.setdefault(texte.annexe, []).append(texte)
        annexes = [
            {"code": code.replace(" ", "-"), "nom": nom, "textes": par_annexe[code]}
            for code, nom in Annexe.choices
            if code in par_annexe
        ]
        documents = self.convention.documents.order_by("ordre", "pk")
        return super().get_context_data(documents=documents, annexes=annexes, **kwargs)


class AideView(TemplateView):
    """The user guide, from docs/guide: one Markdown file a page, its first line the title."""

    permission_code = None  # any account
    template_name = "ctg/aide.html"

    def get_context_data(self, slug="", **kwargs):
        pages = []
        for path in sorted(GUIDE.glob("*.md")):
            nom = path.stem.partition("-")[2]
            titre = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").strip()
            pages.append({"slug": nom, "titre": titre, "path": path})
        voulu = slug or pages[0]["slug"]
        page = next((page for page in pages if page["slug"] == voulu), None)
        if page is None:
            raise Http404("Cette page d’aide n’existe pas.")
        texte = page["path"].read_text(encoding="utf-8").partition("\n")[2]
        html = _IMAGE.sub(
            lambda image: f'src="{static(f"captures/{image[1]}")}" loading="lazy"',
            markdown.markdown(texte, extensions=["tables", "toc"]),
        )
        liens = [
            {
                "slug": p["slug"],
                "titre": p["titre"],
                "url": reverse("ctg:aide_page", kwargs={"slug": p["slug"]}),
                "actif": p is page,
            }
            for p in pages
        ]
        return super().get_context_data(
            pages=[lien for lien in liens if not lien["slug"].startswith(ROLE)],
            roles=[lien for lien in liens if lien["slug"].startswith(ROLE)],
            miennes=pages_du_role(self.request.user),
            page={"titre": page["titre"], "html": mark_safe(html)},  # noqa: S308 -- our own files
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class AccessibiliteView(TemplateView):
    """The statement that French law asks of a public service; public."""

    permission_code = None
    template_name = "ctg/accessibilite.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(contact=settings.CONTACT, audit=lire_audit(), **kwargs)


def lire_audit() -> dict | None:
    """What `make audit` last wrote: day, number of addresses, pages and states, faults; None: it never ran."""
    fichier = Path(settings.BASE_DIR) / "docs" / "accessibilite.json"
    if not fichier.exists():
        return None
    audit = json.loads(fichier.read_text(encoding="utf-8"))
    return audit | {"date": datetime.date.fromisoformat(audit["date"])}


@method_decorator(login_not_required, name="dispatch")
class MentionsView(TemplateView):
    """Legal notice: who publishes, which personal data, for how long; public."""

    permission_code = None
    template_name = "ctg/mentions.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            durees=DUREES, editeur=settings.EDITEUR, contact=settings.CONTACT, **kwargs
        )


@login_not_required
@require_safe
def healthz(request):
    """200 only if the database answers and a file can be written; with `?taches`, only if a worker does the tasks too."""
    etats = examiner(now=timezone.now())
    dits = "".join(f"{nom} : {'ok' if va else 'ne répond pas'}\n" for nom, va in etats.items())
    va_bien = all(va for nom, va in etats.items() if nom != "taches" or "taches" in request.GET)
    reponse = HttpResponse(dits, status=200 if va_bien else 503, content_type="text/plain; charset=utf-8")
    add_never_cache_headers(reponse)
    return reponse


@login_not_required
@require_safe
def security_txt(request):
    """RFC 9116: to whom a fault is told. Nothing to say where nobody is named, or named by other than an address."""
    contact = settings.CONTACT
    if "@" in contact and not contact.startswith("mailto:"):
        contact = f"mailto:{contact}"
    if not _CONTACT.fullmatch(contact):
        raise Http404("Personne n’est nommé ici : voir les mentions légales.")
    fin = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + VALIDITE
    lignes = [
        f"Contact: {contact}",
        f"Expires: {fin:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.ADRESSE}{request.path}",
    ]
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")
