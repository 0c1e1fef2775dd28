"""The states of a version of a bilan: one table, one function, one line of history a change.

Nothing else assigns `statut`, but freezing (`evaluation.figement`), which begins a version, and publishing
(`evaluation.publication`), which ends it. The row is locked, then its state, the right and the conditions are judged
anew. Some actions say something of a version without changing its state.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ctg.fonctions import fonction_de
from ctg.perimetres import droits
from ctg.permissions import check
from ctg.templatetags.affichage import date_longue
from evaluation.editions import debats_du_bilan
from evaluation.enums import DecisionAval, EtapeBilan
from evaluation.enums import StatutBilan as B
from evaluation.models import Aval, Bilan, ConclusionCopil, Debat, Dispense, RemarqueDebat
from evaluation.transitions import TransitionError
from fiches.models import FicheProjet


@dataclass(frozen=True, slots=True)
class TransitionBilan:
    """`cible` None: the state stays, or the conditions say whether it changes."""

    label: str
    sources: frozenset[str]
    cible: str | None
    permission: str


BILAN = {
    "ouvrir-debat": TransitionBilan(
        "Ouvrir le débat", frozenset({B.FIGEE}), B.AU_DEBAT, "evaluation.debattre"
    ),
    "consigner": TransitionBilan(
        "Consigner une réunion de débat", frozenset({B.AU_DEBAT}), None, "evaluation.debattre"
    ),
    "clore-debat": TransitionBilan("Clore le débat", frozenset({B.AU_DEBAT}), None, "evaluation.debattre"),
    "dispenser-debat": TransitionBilan(
        "Dispenser du débat", frozenset({B.FIGEE}), None, "evaluation.debattre"
    ),
    "transmettre": TransitionBilan(
        "Transmettre pour aval", frozenset({B.FIGEE, B.AU_DEBAT}), B.TRANSMISE, "evaluation.transmettre"
    ),
    "avaliser": TransitionBilan("Donner l’aval", frozenset({B.TRANSMISE}), B.AVALISEE, "evaluation.avaliser"),
    "refuser": TransitionBilan("Refuser l’aval", frozenset({B.TRANSMISE}), B.REFUSEE, "evaluation.avaliser"),
    "soumettre": TransitionBilan(
        "Soumettre au COPIL", frozenset({B.AVALISEE}), B.SOUMISE_COPIL, "evaluation.conclure"
    ),
    "conclure": TransitionBilan(
        "Consigner les conclusions du COPIL", frozenset({B.SOUMISE_COPIL}), None, "evaluation.conclure"
    ),
    "dispenser-copil": TransitionBilan(
        "Dispenser du COPIL", frozenset({B.AVALISEE, B.SOUMISE_COPIL}), None, "evaluation.conclure"
    ),
    "publier": TransitionBilan(
        "Publier", frozenset({B.AVALISEE, B.SOUMISE_COPIL}), B.PUBLIEE, "evaluation.publier"
    ),
}


@transaction.atomic
def appliquer_bilan(
    action: str, bilan_id: int, *, user, now: datetime.datetime, donnees: Mapping | None = None
) -> Bilan:
    """Every action but « publier ». Raises TransitionError, PermissionDenied, ValidationError.

    `donnees`: what the action is told: the meeting and its remarks, a reason, the hash that was read, conclusions.
    """
    bilan = verrouiller(bilan_id)
    transition = exiger(action, bilan, user=user)
    donnees = donnees or {}
    motif = _EFFETS[action](bilan, user=user, now=now, donnees=donnees)
    bilan._change_reason = f"{transition.label} : {motif}" if motif else transition.label
    bilan.save()
    return bilan


def verrouiller(bilan_id: int) -> Bilan:
    bilan = Bilan.objects.select_for_update(of=("self",), no_key=True).get(pk=bilan_id)
    bilan.convention = type(bilan.convention).objects.select_related("territoire").get(pk=bilan.convention_id)
    return bilan


def exiger(action: str, bilan: Bilan, *, user) -> TransitionBilan:
    """The state and the right; the conditions are each action's."""
    transition = BILAN[action]
    if bilan.statut not in transition.sources:
        raise TransitionError(
            f"Impossible : la version {bilan.version} est « {bilan.get_statut_display()} »."
        )
    if not (access := check(user, transition.permission, bilan)):
        raise PermissionDenied(access.reason)
    if raison := CONDITIONS.get(action, _rien)(bilan):
        raise TransitionError(raison)
    return transition


def possibles_bilan(user, bilan: Bilan) -> list[tuple[str, TransitionBilan]]:
    """What to offer on screen: the same table, the same rights, the same conditions."""
    return [
        (action, transition)
        for action, transition in BILAN.items()
        if bilan.statut in transition.sources
        and check(user, transition.permission, bilan)
        and not CONDITIONS.get(action, _rien)(bilan)
    ]


def est_dispense(bilan: Bilan, etape: str) -> bool:
    return Dispense.objects.filter(bilan=bilan, etape=etape).exists()


def _rien(bilan: Bilan) -> str:
    return ""


def _debat_ouvert(bilan: Bilan) -> str:
    return "Le débat est clos : il ne se consigne plus." if bilan.date_cloture_debat else ""


def _peut_clore(bilan: Bilan) -> str:
    if raison := _debat_ouvert(bilan):
        return raison
    if not Debat.objects.filter(bilan=bilan).exists():
        return "Consignez au moins une réunion avant de clore le débat."
    return ""


def _sans_dispense(etape: str, a_eu_lieu: Callable[[Bilan], bool]) -> Callable[[Bilan], str]:
    """A step is held or waived, never both."""

    def condition(bilan: Bilan) -> str:
        nom = EtapeBilan(etape).label
        nom = nom[:1].upper() + nom[1:]
        if est_dispense(bilan, etape):
            return f"{nom} a déjà sa dispense."
        return f"{nom} a eu lieu : il n’y a rien à dispenser." if a_eu_lieu(bilan) else ""

    return condition


def _peut_transmettre(bilan: Bilan) -> str:
    if not bilan.convention.get_organismes_aval():
        return "Aucun organisme ne donne l’aval : choisissez-en un dans les paramètres de la convention."
    if Debat.objects.filter(bilan=bilan, is_modification_demandee=True).exists():
        return "Le débat demande des modifications : préparez une campagne de correction, puis figez."
    if bilan.statut == B.AU_DEBAT:
        return "" if bilan.date_cloture_debat else "Le débat n’est pas clos : clôturez-le, puis transmettez."
    anterieurs = debats_du_bilan(bilan).exclude(bilan=bilan).exists()
    if anterieurs or est_dispense(bilan, EtapeBilan.DEBAT):
        return ""
    return "Le débat n’a pas eu lieu : ouvrez-le, ou dispensez-en par écrit."


def _peut_conclure(bilan: Bilan) -> str:
    if ConclusionCopil.objects.filter(bilan=bilan).exists():
        return "Les conclusions du COPIL sont déjà consignées sur cette version."
    if est_dispense(bilan, EtapeBilan.COPIL):
        return "Le COPIL est dispensé sur cette version : il n’y a pas de conclusions à consigner."
    return ""


def _peut_publier(bilan: Bilan) -> str:
    conclusion = ConclusionCopil.objects.filter(bilan=bilan).first()
    if conclusion is not None and conclusion.is_modification_demandee:
        return "Le COPIL demande des modifications : préparez une campagne de correction, puis figez."
    if conclusion is not None or est_dispense(bilan, EtapeBilan.COPIL):
        return ""
    return "Le COPIL n’a pas conclu : consignez ses conclusions, ou dispensez-en par écrit."


CONDITIONS: dict[str, Callable[[Bilan], str]] = {
    "consigner": _debat_ouvert,
    "clore-debat": _peut_clore,
    "dispenser-debat": _sans_dispense(EtapeBilan.DEBAT, lambda bilan: debats_du_bilan(bilan).exists()),
    "transmettre": _peut_transmettre,
    "conclure": _peut_conclure,
    "dispenser-copil": _sans_dispense(
        EtapeBilan.COPIL, lambda bilan: ConclusionCopil.objects.filter(bilan=bilan).exists()
    ),
    "publier": _peut_publier,
}


def _ouvrir(bilan: Bilan, **_) -> str:
    bilan.statut = B.AU_DEBAT
    return ""


def _dater(
    bilan: Bilan, jour: datetime.date | None, *, now: datetime.datetime, depuis: datetime.date | None = None
) -> None:
    """What is published says when it took place: neither before `depuis`, or else the year, nor in the future."""
    debut, today = depuis or datetime.date(bilan.annee, 1, 1), timezone.localdate(now)
    if jour is not None and not debut <= jour <= today:
        raise TransitionError(
            f"Cette date n’est pas possible pour le bilan {bilan.annee} : écrivez le jour où cela a eu lieu, "
            f"entre le {date_longue(debut)} et le {date_longue(today)}."
        )


def _consigner(bilan: Bilan, *, now, donnees: Mapping, **_) -> str:
    """`donnees`: the fields of Debat, and « par_fiche »: {fiche: remark}."""
    par_fiche: Mapping[FicheProjet, str] = donnees.get("par_fiche", {})
    debat = Debat(bilan=bilan, **{nom: valeur for nom, valeur in donnees.items() if nom != "par_fiche"})
    debat.full_clean()
    _dater(bilan, debat.date, now=now, depuis=timezone.localdate(bilan.date_figement))
    debat.save()
    for fiche, texte in par_fiche.items():
        if texte.strip():
            remarque = RemarqueDebat(debat=debat, fiche=fiche, texte=texte.strip())
            remarque.full_clean()
            remarque.save()
    return debat.intitule


def _clore(bilan: Bilan, *, now, **_) -> str:
    bilan.date_cloture_debat = now
    return ""


def _dispenser(etape: str) -> Callable[..., str]:
    def effet(bilan: Bilan, *, user, now, donnees: Mapping) -> str:
        motif = donnees.get("motif", "").strip()
        if not motif:
            raise TransitionError(
                "Écrivez pourquoi cette étape n’a pas lieu : le motif est publié avec le bilan."
            )
        Dispense.objects.create(
            bilan=bilan,
            etape=etape,
            motif=motif,
            accordee_par=user,
            fonction=fonction_de(user, bilan.convention, now=now),
            date=now,
        )
        return motif

    return effet


def _transmettre(bilan: Bilan, *, now, **_) -> str:
    bilan.statut, bilan.date_transmission = B.TRANSMISE, now
    return ""


def _rendre(decision: str) -> Callable[..., str]:
    def effet(bilan: Bilan, *, user, now, donnees: Mapping) -> str:
        """All must give it, one refusal refuses. The hash is the one of what the person had under the eyes."""
        if donnees.get("empreinte") != bilan.empreinte:
            raise TransitionError(
                "Ce que vous avez lu n’est pas le contenu de cette version : rouvrez-la, relisez, puis répondez."
            )
        motif = donnees.get("motif", "").strip()
        if decision == DecisionAval.REFUSE and not motif:
            raise TransitionError("Écrivez pourquoi vous refusez l’aval : c’est ce qui sera corrigé.")
        requis = bilan.convention.get_organismes_aval()
        rendus = set(Aval.objects.filter(bilan=bilan).values_list("organisme_id", flat=True))
        miens = (requis & droits(user, bilan.convention_id).dans("organismes")) - rendus
        if not miens:
            raise TransitionError("Votre organisme a déjà répondu sur cette version.")
        for organisme_id in sorted(miens):
            Aval.objects.create(
                bilan=bilan,
                organisme_id=organisme_id,
                decision=decision,
                motif=motif,
                empreinte=bilan.empreinte,
                rendu_par=user,
                fonction=fonction_de(user, bilan.convention, now=now),
                date=now,
            )
        if decision == DecisionAval.REFUSE:
            bilan.statut = B.REFUSEE
        elif requis <= rendus | miens:
            bilan.statut = B.AVALISEE
        return motif

    return effet


def _soumettre(bilan: Bilan, *, now, **_) -> str:
    bilan.statut, bilan.date_soumission = B.SOUMISE_COPIL, now
    return ""


def _conclure(bilan: Bilan, *, user, now, donnees: Mapping) -> str:
    """`donnees`: the fields of ConclusionCopil."""
    fonction = fonction_de(user, bilan.convention, now=now)
    conclusion = ConclusionCopil(bilan=bilan, saisie_par=user, fonction=fonction, **donnees)
    conclusion.full_clean()
    # Nobody concludes on a version before it is there.
    _dater(bilan, conclusion.date, now=now, depuis=timezone.localdate(bilan.date_figement))
    conclusion.save()
    return ""


_EFFETS = {
    "ouvrir-debat": _ouvrir,
    "consigner": _consigner,
    "clore-debat": _clore,
    "dispenser-debat": _dispenser(EtapeBilan.DEBAT),
    "transmettre": _transmettre,
    "avaliser": _rendre(DecisionAval.DONNE),
    "refuser": _rendre(DecisionAval.REFUSE),
    "soumettre": _soumettre,
    "conclure": _conclure,
    "dispenser-copil": _dispenser(EtapeBilan.COPIL),
}
