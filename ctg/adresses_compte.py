"""Addresses of accounts, under /compte/: django-allauth's views, except those that would let somebody in uninvited.

There is no sign-up and no change of address: an account is opened by an invitation, and its address is the one
that was invited.
"""

from allauth.account import views as account
from django.urls import include, path

from ctg.views import agenda, compte, oidc

urlpatterns = [
    path("connexion/", compte.ConnexionView.as_view(), name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("confirmation/", account.reauthenticate, name="account_reauthenticate"),
    path("code/", compte.DemandeDeCodeView.as_view(), name="account_request_login_code"),
    path("code/saisir/", account.confirm_login_code, name="account_confirm_login_code"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/code/",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "mot-de-passe/oublie/nouveau/",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "mot-de-passe/oublie/fait/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("second-facteur/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("oidc/", oidc.DepartView.as_view(), name="oidc_authentication_init"),
    path("oidc/retour/", oidc.RetourView.as_view(), name="oidc_authentication_callback"),
    path("agenda/", agenda.AgendaView.as_view(), name="mon_agenda"),
    path("session/prolonger/", compte.prolonger, name="session_prolonger"),
]
