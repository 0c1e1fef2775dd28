"""From the rows of a version to what renderers are given, and to its acte."""

import datetime

from django.utils import timezone

from ctg.models import Convention
from evaluation.acte import (
    Acte,
    AvalDonne,
    ConclusionRendue,
    DebatTenu,
    DispenseDite,
    RemarqueDite,
    TexteApprouve,
)
from evaluation.canonique import lire
from evaluation.contenus import lire_contenu
from evaluation.edition import Edition
from evaluation.enums import Sortie
from evaluation.models import (
    ActePublication,
    Aval,
    Bilan,
    ConclusionCopil,
    Debat,
    Dispense,
    TextePublic,
)


def edition_de(bilan: Bilan, sortie: str = Sortie.COMPLET) -> Edition:
    """What is shown of a version: from its content, its acte if it has one, and its state."""
    acte = ActePublication.objects.filter(bilan=bilan).first()
    dit = lire(Acte, acte.contenu) if acte else None
    return Edition(
        complet=lire_contenu(bilan.contenu),
        sortie=sortie,
        etat=bilan.statut,
        version=bilan.version,
        empreinte=bilan.empreinte,
        textes=dit.textes if dit else textes_approuves(bilan.convention, bilan.annee),
        acte=dit,
        empreinte_acte=acte.empreinte if acte else "",
    )


def textes_approuves(convention: Convention, annee: int) -> tuple[TexteApprouve, ...]:
    textes = TextePublic.objects.filter(convention=convention, annee=annee).select_related("fiche")
    return tuple(
        TexteApprouve(texte.fiche.code if texte.fiche else "", texte.champ, texte.texte)
        for texte in textes.order_by("fiche__axe__ordre", "fiche__numero", "champ", "pk")
    )


def debats_du_bilan(bilan: Bilan):
    """Those of this version and of the earlier ones: a debate stays recorded when its version is replaced."""
    debats = Debat.objects.filter(
        bilan__convention=bilan.convention_id, bilan__annee=bilan.annee, bilan__version__lte=bilan.version
    )
    return (
        debats.select_related("bilan", "quartier").prefetch_related("par_fiche__fiche").order_by("date", "pk")
    )


def composer_acte(bilan: Bilan, *, fonction: str, now: datetime.datetime) -> Acte:
    """The acte that publishing this version now would make."""
    conclusion = ConclusionCopil.objects.filter(bilan=bilan).first()
    avals = Aval.objects.filter(bilan=bilan).select_related("organisme").order_by("date", "pk")
    publiees = Bilan.objects.filter(
        convention=bilan.convention_id, annee=bilan.annee, date_publication__isnull=False
    )
    return Acte(
        empreinte=bilan.empreinte,
        version=bilan.version,
        rectificatif=publiees.exclude(pk=bilan.pk).count(),
        date_figement=timezone.localtime(bilan.date_figement),
        date_transmission=timezone.localtime(bilan.date_transmission),
        date_soumission=timezone.localtime(bilan.date_soumission) if bilan.date_soumission else None,
        date_publication=timezone.localtime(now),
        fonction=fonction,
        debats=tuple(_debat(debat) for debat in debats_du_bilan(bilan)),
        avals=tuple(
            AvalDonne(str(aval.organisme), timezone.localtime(aval.date), aval.fonction, aval.empreinte)
            for aval in avals
        ),
        conclusion=ConclusionRendue(conclusion.date, conclusion.texte, conclusion.fonction)
        if conclusion
        else None,
        dispenses=tuple(
            DispenseDite(d.etape, d.motif, timezone.localtime(d.date), d.fonction)
            for d in Dispense.objects.filter(bilan=bilan).order_by("date", "pk")
        ),
        textes=textes_approuves(bilan.convention, bilan.annee),
    )


def _debat(debat: Debat) -> DebatTenu:
    return DebatTenu(
        version=debat.bilan.version,
        date=debat.date,
        intitule=debat.intitule,
        lieu=debat.lieu,
        quartier=debat.quartier.nom if debat.quartier else "",
        remarques=debat.remarques,
        par_fiche=tuple(
            RemarqueDite(r.fiche.code, r.texte) for r in sorted(debat.par_fiche.all(), key=lambda r: r.pk)
        ),
    )
