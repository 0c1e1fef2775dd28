"""Personal data of this app, and of the packages that keep accounts and sessions."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from ctg.declencheurs import leves
from ctg.donnees_personnelles import Donnees, register, register_leve, register_sans_personne
from ctg.models import (
    AdresseAgenda,
    Brouillon,
    Commentaire,
    Convention,
    Fonction,
    IdentiteExterne,
    ImportFait,
    Mandat,
    PerimetreQuartier,
    Personne,
    Utilisateur,
    VueEnregistree,
)


def _personne(sujet, ligne) -> dict:
    return {"prenom": "", "nom": f"Personne n°\u00a0{ligne.id}", "email": "", "is_anonyme": True}


def _compte(sujet, ligne) -> dict:
    """Nobody enters any more, by whatever door, and no link sent before opens it."""
    return {
        "prenom": "",
        "nom": f"Compte n°\u00a0{ligne.id}",
        "email": ligne.email_anonyme,
        "is_active": False,
        "password": f"{UNUSABLE_PASSWORD_PREFIX}anonyme",
    }


def _actions_sur(sujet) -> Q:
    """Lines of the administration's journal about the person."""
    personne = Q(content_type__app_label="ctg", content_type__model="personne")
    compte = Q(content_type__app_label="ctg", content_type__model="utilisateur")
    return (personne & Q(object_id__in=map(str, sujet.personne_ids))) | (
        compte & Q(object_id__in=map(str, sujet.compte_ids))
    )


def _du_compte(champ: str = "utilisateur"):
    return lambda sujet: Q(**{f"{champ}__in": sujet.compte_ids})


def _de_la_personne(sujet) -> Q:
    return Q(personne__in=sujet.personne_ids)


# Records of the person.
register(
    Donnees(
        "personnes",
        Personne,
        frozenset({"prenom", "nom", "email", "utilisateur"}),
        lambda sujet: Q(id__in=sujet.personne_ids),
        valeurs=_personne,
    )
)
register(
    Donnees(
        "comptes",
        Utilisateur,
        frozenset({"prenom", "nom", "email"}),
        lambda sujet: Q(id__in=sujet.compte_ids),
        valeurs=_compte,
        secrets=frozenset({"password"}),
    )
)
# What says a function or a right, not a name: kept, on a record that names nobody.
register(
    Donnees(
        "fonctions",
        Fonction,
        frozenset({"personne"}),
        _de_la_personne,
    )
)
register(Donnees("mandats", Mandat, frozenset({"utilisateur"}), _du_compte()))
register(
    Donnees(
        "périmètres (quartiers)", PerimetreQuartier, frozenset({"mandat"}), _du_compte("mandat__utilisateur")
    )
)
# A comment keeps its text, out of which the name goes like out of every other one.
register(
    Donnees(
        "commentaires",
        Commentaire,
        frozenset({"auteur", "resolu_par", "mentions"}),
        lambda sujet: Q(auteur__in=sujet.compte_ids) | Q(resolu_par__in=sujet.compte_ids),
    )
)
register(Donnees("mentions", Commentaire.mentions.through, frozenset({"personne"}), _de_la_personne))
register(
    Donnees(
        "mentions, dans l’historique",
        apps.get_model("ctg", "HistoricalCommentaire_mentions"),
        frozenset({"personne"}),
        _de_la_personne,
    )
)
register(
    Donnees(
        "imports",
        ImportFait,
        frozenset({"utilisateur", "annule_par"}),
        lambda sujet: Q(utilisateur__in=sujet.compte_ids) | Q(annule_par__in=sujet.compte_ids),
    )
)
# What only serves to enter, or is not yet said to anybody: deleted.
register(
    Donnees("brouillons", Brouillon, frozenset({"utilisateur"}), _du_compte(), supprimer=True),
)
register(
    Donnees("vues enregistrées", VueEnregistree, frozenset({"utilisateur"}), _du_compte(), supprimer=True)
)
register(
    Donnees(
        "adresses d’agenda",
        AdresseAgenda,
        frozenset({"utilisateur"}),
        _du_compte(),
        supprimer=True,
        secrets=frozenset({"empreinte"}),
    )
)
register(
    Donnees("identités externes", IdentiteExterne, frozenset({"utilisateur"}), _du_compte(), supprimer=True)
)
register(
    Donnees(
        "adresses électroniques",
        EmailAddress,
        frozenset({"user", "email"}),
        _du_compte("user"),
        supprimer=True,
    )
)
register(
    Donnees(
        "seconds facteurs",
        Authenticator,
        frozenset({"user"}),
        _du_compte("user"),
        supprimer=True,
        secrets=frozenset({"data"}),
    )
)
register(
    Donnees(
        "sessions",
        UserSession,
        frozenset({"user", "ip"}),
        _du_compte("user"),
        supprimer=True,
        secrets=frozenset({"session_key", "data"}),
    )
)
# The administration's journal: what the person did there, and what was done there to their records.
register(Donnees("actions dans l’administration", LogEntry, frozenset({"user"}), _du_compte("user")))
register(
    Donnees(
        "actions de l’administration sur la personne",
        LogEntry,
        frozenset({"object_repr"}),
        _actions_sur,
        valeurs=lambda sujet, ligne: {"object_repr": str(sujet)},
    )
)
# The date of a signature, not its author.
register_sans_personne(Convention, "date_signature", "precision_signature")
# A name goes out of the texts that are closed too: nothing else of them moves.
register_leve(leves)
