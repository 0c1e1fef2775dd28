"""What the plan shows on pages of other apps."""

from django.db.models import Q
from django.utils import timezone

from ctg.discussions import collect_discussion
from ctg.panneaux import Panneau, register
from ctg.perimetres import droits
from fiches.arbre import construire_arbre
from fiches.changements import derniers_changements
from fiches.couverture import collect_couverture
from fiches.lecture import collect_faits
from fiches.models import Etape, FicheProjet


def _plan(request, convention):
    return {"racines": construire_arbre(convention, au=timezone.localdate())}


def _retards(request, convention):
    """The next steps that are not done, the late ones first: of one's axes and fiches, else of the whole convention."""
    today = timezone.localdate()
    faits = collect_faits(request.user, convention)
    fiches = FicheProjet.objects.filter(convention=convention).en_vigueur(au=today)
    siens = droits(request.user, convention.pk)
    if siens.dans("axes") or siens.dans("fiches"):
        fiches = fiches.filter(Q(axe__in=siens.dans("axes")) | Q(pk__in=siens.dans("fiches")))
    etapes = (
        Etape.objects.filter(~faits.faites(), fiche__in=fiches, echeance__isnull=False)
        .select_related("fiche__convention")
        .order_by("echeance", "pk")[:8]
    )
    return {
        "etapes": [
            {"etape": etape, "en_retard": etape.is_en_retard(today)} for etape in faits.lire_etapes(etapes)
        ]
    }


def _changements(request, convention):
    changements = derniers_changements(convention, nombre=6)
    return {"changements": changements} if changements else None


def _etapes(request, fiche):
    today = timezone.localdate()
    faits = collect_faits(request.user, request.convention)
    etapes = faits.lire_etapes(fiche.etapes.order_by("ordre", "pk"))
    return {
        "etapes": [{"etape": etape, "en_retard": etape.is_en_retard(today)} for etape in etapes],
        "nb_faites": sum(etape.is_faite for etape in etapes),
    }


def _moyens(request, fiche):
    moyens = fiche.moyens.select_related("signataire__organisme").order_by(
        "annee", "signataire__ordre", "nature", "pk"
    )
    return {"moyens": collect_faits(request.user, request.convention).lire_moyens(moyens)}


def _commentaires(request, fiche):
    discussion = collect_discussion(request.user, fiche)
    return {"discussion": discussion, "resume": discussion.resume}


def _fiches_de_la_structure(request, structure):
    implications = (
        structure.implications.filter(fiche__convention=request.convention)
        .select_related("fiche__convention")
        .order_by("fiche__axe__ordre", "fiche__numero", "pk")
    )
    return {"implications": list(implications)}


def _couverture(request, territoire):
    couverture = collect_couverture(request.convention, au=timezone.localdate())
    return {"couverture": couverture} if couverture.colonnes and couverture.lignes else None


A_ECRIRE = ("intitule", "constat", "objectif_general", "description", "publics", "pilote")


def _a_completer(request, convention):
    """What each fiche of a convention that has just been opened still lacks."""
    fiches = list(FicheProjet.objects.filter(convention=convention, date_fin=None).for_list())
    manques = [
        (
            fiche,
            [
                str(FicheProjet._meta.get_field(nom).verbose_name)
                for nom in A_ECRIRE
                if not getattr(fiche, nom)
            ],
        )
        for fiche in fiches
    ]
    return {"nb": len(fiches), "manques": [(fiche, noms) for fiche, noms in manques if noms]}


register(Panneau("tableau_de_bord", "plan", "Le plan d’actions", "fiches/_panneau_plan.html", _plan, 20))
register(
    Panneau(
        "tableau_de_bord",
        "etapes",
        "Prochaines étapes",
        "fiches/_panneau_prochaines_etapes.html",
        _retards,
        30,
        "ctg.lire_chiffres",
    )
)
register(
    Panneau(
        "tableau_de_bord",
        "changements",
        "Derniers changements",
        "fiches/_panneau_changements.html",
        _changements,
        45,
        "fiches.historique",
    )
)
register(
    Panneau("fiche", "etapes", "Étapes", "fiches/_panneau_etapes.html", _etapes, 20, "ctg.lire_chiffres")
)
register(
    Panneau("fiche", "moyens", "Moyens", "fiches/_panneau_moyens.html", _moyens, 50, "ctg.lire_chiffres")
)
register(
    Panneau(
        "fiche",
        "commentaires",
        "Commentaires",
        "components/commentaires.html",
        _commentaires,
        60,
        "ctg.lire_commentaires",
    )
)
register(
    Panneau(
        "structure", "fiches", "Fiches projet", "fiches/_panneau_structure.html", _fiches_de_la_structure, 10
    )
)
register(
    Panneau(
        "quartiers", "fiches", "Les fiches par quartier", "fiches/_panneau_quartiers.html", _couverture, 20
    )
)
register(Panneau("reprise", "fiches", "Les fiches", "fiches/_panneau_reprise.html", _a_completer, 10))
