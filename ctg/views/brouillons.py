"""Form pages that keep a draft on the server while one types, and give it back."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from ctg import brouillons
from ctg.envois import TECHNIQUES, lire_envoi, signer_envoi
from ctg.sessions import restante

DEJA_RECU = "Ce formulaire était déjà enregistré : rien n’a été fait deux fois."
PERIMEE = (
    "Rien n’est encore enregistré : cette page datait d’avant votre connexion. Ce que vous aviez écrit est rendu "
    "ci-dessous : relisez, puis enregistrez."
)
D_UN_AUTRE = "Rien n’est enregistré : ce formulaire a été ouvert par un autre compte. Ce qui y était écrit attend ce compte."
SECRETS = ("password", "mot_de_passe", "code")
JETON = 60  # characters without a space


class BrouillonMixin:
    """A `post` begins with `avant_enregistrement`, and ends with `recevoir`; a GET shows `brouillon_data`."""

    garde_brouillon = True
    brouillon = None

    def setup(self, request, *args, **kwargs):
        self.moment = timezone.now()  # before any draft is read
        super().setup(request, *args, **kwargs)

    @property
    def brouillon_data(self):
        """The draft as form data on a GET, or None."""
        if self.request.method in {"GET", "HEAD"} and self.brouillon is None:
            self.brouillon = brouillons.lire(self.request.user, self.request.path) or False
        return brouillons.en_formulaire(self.brouillon) if self.brouillon else None

    def avant_enregistrement(self):
        """The answer to a draft, or to a form that was received already; None: go on and save.

        The object is read, and locked, before: the right to edit is the right to keep a draft.
        """
        if self.request.POST.get("abandonner"):
            return self._abandonner()
        if self.request.POST.get("brouillon"):
            return self._garder()
        if brouillons.est_recu(self.request.POST.get("envoi", ""), self.request.POST):
            messages.info(self.request, DEJA_RECU)
            return redirect(self.get_success_url())
        return None

    def _abandonner(self):
        """`abandonner` is where one goes without saving, or « 1 » to stay."""
        request, envoi = self.request, self.request.POST.get("envoi", "")
        brouillons.oublier(request.user, request.path, envoi)
        brouillons.recevoir(envoi, now=timezone.now())  # no late draft of that page comes back
        if sortie := _sortie(request.POST["abandonner"]):
            messages.info(request, "Rien n’est changé : ce que vous aviez écrit est abandonné.")
            return redirect(sortie)
        messages.info(request, "Le brouillon est abandonné : voici ce qui est enregistré.")
        return redirect(request.path)

    def _garder(self):
        """`brouillon` is where one goes leaving a draft behind, or « 1 » from the script of the page."""
        request, now = self.request, timezone.now()
        garde = brouillons.garder(request.user, request.path, request.POST, now=now)
        sortie = _sortie(request.POST["brouillon"])
        if sortie and not garde:
            return rendre_le_texte(request)
        if sortie:
            if brouillons.existe(request.user, request.path):
                messages.info(
                    request, "Rien n’est enregistré : votre brouillon vous attend dans le formulaire."
                )
            return redirect(sortie)
        if not garde:
            recu = brouillons.est_recu(request.POST.get("envoi", ""))
            erreur = "Le brouillon n’a pas été gardé : enregistrez."
            return JsonResponse({"erreur": erreur, "recu": recu}, status=409)
        return JsonResponse(_bien_garde(request, now))

    def recevoir(self) -> None:
        """Call it in the transaction that saves: the draft has served, and this form is not taken twice."""
        request, envoi = self.request, self.request.POST.get("envoi", "")
        brouillons.oublier(request.user, request.path, envoi)
        brouillons.recevoir(envoi, now=timezone.now(), data=request.POST)

    def get_context_data(self, **kwargs):
        kwargs["envoi"] = self.request.POST.get("envoi") or signer_envoi(
            self.request.user,
            self.request.path,
            now=self.moment,
            reprend=self.brouillon.reprend if self.brouillon else (),
        )
        kwargs["brouillon"] = self.brouillon or None
        return super().get_context_data(**kwargs)


def _sortie(adresse: str) -> str:
    return adresse if adresse != "1" and url_has_allowed_host_and_scheme(adresse, allowed_hosts=None) else ""


def _bien_garde(request, now) -> dict:
    return {"heure": timezone.localtime(now).strftime("%H:%M"), **restante(request)}


def is_fetch(request) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def recueillir(request) -> bool | None:
    """See `brouillons.recueillir`; what one gives up is not kept."""
    if request.method != "POST" or request.POST.get("abandonner"):
        return None
    envoi = request.POST.get("envoi", "")
    return brouillons.recueillir(envoi, request.path, request.POST, now=timezone.now())


def sans_session(request, *, garde: bool | None):
    """The answer to what needs a session and has none any more, or None: the page of login is asked as usual."""
    if is_fetch(request):
        erreur = "Votre session est terminée : reconnectez-vous."
        connexion = resolve_url(settings.LOGIN_URL)
        return JsonResponse({"erreur": erreur, "garde": bool(garde), "connexion": connexion}, status=401)
    return rendre_le_texte(request) if garde is False or (garde is None and a_rendre(request)) else None


def a_rendre(request) -> bool:
    """A page of this very site sent texts to one that asks for a session: another site makes ours show nothing."""
    du_site = request.headers.get("Origin", "").endswith(f"//{request.get_host()}")
    return du_site and demande_une_session(request) and bool(textes_ecrits(request))


def demande_une_session(request) -> bool:
    """Whether the page of that address is for somebody who is logged in."""
    try:
        vue = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(vue, "login_required", True)


def textes_ecrits(request) -> list[tuple[str, str]]:
    """(name of the field, what was typed) of a form: words, and no secret."""
    return [
        (nom_du_champ(name), texte)
        for name in request.POST
        if name not in {*TECHNIQUES, "csrfmiddlewaretoken", "action"}
        and not any(secret in name for secret in SECRETS)
        and not name.endswith(("-id", "_FORMS", "-DELETE"))
        for texte in request.POST.getlist(name)
        if _est_ecrit(texte)
    ]


def nom_du_champ(name: str) -> str:
    """« fonctions-0-date_effet » → « date effet »: what a field is called where its form is not there to say."""
    return name.rpartition("-")[2].replace("_", " ")


def _est_ecrit(texte: str) -> bool:
    """Words: what proves where a form comes from, keys and ticked boxes are none."""
    mots = texte.strip()
    est_jeton = len(mots) > JETON and not any(c.isspace() for c in mots)
    return len(mots) > len("on") and any(c.isalpha() for c in mots) and not est_jeton


def rendre_le_texte(request):
    """Nothing could be kept: the page itself gives the texts back, to be copied."""
    return page_des_textes(request, status=409)


def page_des_textes(request, *, status: int, raison: str = "", textes: list[tuple[str, str]] | None = None):
    context = {
        "textes": textes_ecrits(request) if textes is None else textes,
        "raison": raison,
        "introuvable": status == HTTPStatus.NOT_FOUND,
    }
    return render(request, "403_csrf.html", context, status=status)


def echec_csrf(request, reason=""):
    """The token of the page is not that of the session: nothing is saved, and what proves whose it is is kept."""
    garde = recueillir(request)
    numero = lire_envoi(request.POST.get("envoi", ""))
    if not garde:
        if is_fetch(request):
            return JsonResponse(
                {"erreur": "Cette page est trop ancienne : copiez votre texte, puis rechargez-la."},
                status=403,
            )
        if garde is False or a_rendre(request):
            return rendre_le_texte(request)
        return page_des_textes(request, status=403, textes=[])
    est_le_sien = request.user.is_authenticated and numero.utilisateur == request.user.pk
    if is_fetch(request) and est_le_sien:
        # Only a page of this very site can read the answer: its form takes the new token and goes on.
        return JsonResponse(_bien_garde(request, timezone.now()) | {"csrf": get_token(request)})
    if is_fetch(request):
        return JsonResponse({"erreur": D_UN_AUTRE}, status=403)
    messages.warning(request, PERIMEE if est_le_sien else D_UN_AUTRE)
    return redirect(request.get_full_path())
