"""Gathers a year of a convention into a frozen `Contenu`; the number of queries does not grow with the fiches."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from ctg.models import Convention
from evaluation.bilan import (
    SCHEMA,
    Contenu,
    EffetsAxe,
    JourDeSaisie,
    LigneAxe,
    LigneFiche,
    LigneInstance,
    LigneMoyen,
    LigneObjectif,
    NoeudBilan,
    SyntheseAxe,
    compter,
)
from evaluation.calculs import moyenne
from evaluation.enums import NatureCampagne, SituationMesure, StatutCampagne
from evaluation.etats import Etats, etats_des_saisies
from evaluation.lecture import RIEN, Caches, hors_bilans_publies
from evaluation.lignes import ligne_effet, ligne_etape, ligne_indicateur, saisi_par
from evaluation.models import Avancement, DecisionFiche, Effet, Indicateur, LigneSaisie, Mesure, Saisie
from evaluation.mouvements import collect_mouvements
from evaluation.participation.lignes import lignes_de_l_annee
from evaluation.series import Anciens, collect_anciens
from evaluation.statuts import PROPOSEE, PROPOSES, dire_statut
from evaluation.vie_de_l_annee import collect_notes, collect_reunions, collect_suites
from fiches.arbre import Noeud, construire_arbre, objectifs_par_axe, racines_des_axes
from fiches.enums import NatureMoyen, StatutFiche
from fiches.lecture import TOUS, Faits
from fiches.models import Axe, Etape, FicheProjet, Implication, Moyen
from fiches.reports import collect_moyens
from fiches.succession import textes_au
from fiches.succession_arbre import axes_au
from structures.models import Inscription

LIBELLES = [
    *StatutFiche.labels,
    *(f"{statut.label}{PROPOSEE}" for statut in StatutFiche if statut in PROPOSES),
    "",
]
# Never the internal notes.
RUBRIQUES = (
    "constat",
    "objectif_general",
    "description",
    "publics",
    "territoire",
    "participation_detail",
    "resultats_attendus",
)


def collect_bilan(
    convention: Convention,
    annee: int,
    *,
    now: datetime.datetime,
    caches: Caches = RIEN,
    faits: Faits = TOUS,
    au: datetime.date | None = None,
    lecteur=None,
) -> Contenu:
    """What was in force on 31 December of the year, with its values; `now` dates the document and the delays.

    `au`: another day of the year, whose tree and fiches are then read.

    `caches`: what its reader does not read yet (see `evaluation.lecture`); `faits`: what is read in the place of
    the facts of its fiches. `lecteur`: who reads; for nobody in particular, as a version that is frozen, the curves say
    of the conventions before only the years whose bilan is published.
    """
    if lecteur is None:
        caches |= hors_bilans_publies(convention)
    fiches_du_jour, au = au, au or datetime.date(annee, 12, 31)
    racines = construire_arbre(convention, au=au)
    anciens = collect_anciens(convention, lecteur)
    fiches = _fiches(convention, annee, au=au, today=now.date(), caches=caches, faits=faits, anciens=anciens)
    if fiches_du_jour:
        fiches = _du_jour(convention, fiches, fiches_du_jour)
    suites = collect_suites(convention, annee, today=now.date())
    return Contenu(
        schema=SCHEMA,
        convention=convention.intitule,
        slug=convention.slug,
        territoire=str(convention.territoire),
        annee=annee,
        generated_at=now,
        is_demonstration=convention.is_demonstration,
        signataires=tuple(
            str(signataire)
            for signataire in convention.signataires.en_vigueur(au=au)
            .select_related("organisme")
            .order_by("ordre", "pk")
        ),
        perimetre=convention.perimetre,
        arbre=tuple(_noeud(racine) for racine in racines),
        instances=_instances(convention),
        syntheses=tuple(
            _synthese(racine.axe, rang, [fiche for fiche in fiches if fiche.axe_rang == rang])
            for rang, racine in enumerate(racines, start=1)
        ),
        fiches=fiches,
        effets=tuple(
            ligne_effet(effet)
            for effet in Effet.objects.filter(
                convention=convention, fiche=None, axe=None, annee=annee
            ).order_by("pk")
        ),
        moyens=collect_moyens(convention, annee=annee, faits=faits).totaux,
        registre=tuple(
            Inscription.objects.filter(convention=convention)
            .en_vigueur(au=au)
            .order_by("annexe", "structure__type_structure__ordre")
            .values_list("annexe", "structure__type_structure__nom")
            .annotate(nb=Count("pk"))
        ),
        reunions=collect_reunions(convention, annee),
        suites=suites,
        mouvements=collect_mouvements(convention, annee),
        jours=_jours(convention, annee, fiches),
        notes=collect_notes(convention, suites),
        effets_axes=_effets_des_axes(convention, annee, racines),
        participation=lignes_de_l_annee(convention, annee),
    )


def _effets_des_axes(convention: Convention, annee: int, racines: list[Noeud]) -> tuple[EffetsAxe, ...]:
    """In the order of the plan; 0: its thematic axe is not in force that year."""
    effets = Effet.objects.filter(convention=convention, axe__isnull=False, annee=annee).select_related("axe")
    par_axe: dict[Axe, list[Effet]] = {}
    for effet in effets.order_by("axe__rang", "axe__ordre", "axe__pk", "pk"):
        par_axe.setdefault(effet.axe, []).append(effet)
    if not par_axe:
        return ()
    vers_racine = racines_des_axes(convention)
    rangs = {racine.axe.pk: rang for rang, racine in enumerate(racines, start=1)}
    return tuple(
        EffetsAxe(
            axe.code,
            axe.intitule,
            rangs.get(vers_racine[axe.pk], 0),
            tuple(ligne_effet(effet) for effet in siens),
        )
        for axe, siens in par_axe.items()
    )


def _jours(convention: Convention, annee: int, fiches: tuple[LigneFiche, ...]) -> tuple[JourDeSaisie, ...]:
    """Of the values that the fiches show; a value that came with the convention has no day."""
    montrees = {
        (fiche.code, ligne.code) for fiche in fiches for ligne in fiche.indicateurs if ligne.is_renseigne
    }
    dites = Mesure.objects.filter(
        annee=annee, indicateur__fiche__convention=convention, updated_at__isnull=False
    )
    lues = dites.order_by("indicateur__fiche__code", "indicateur__code", "pk")
    return tuple(
        JourDeSaisie(fiche, code, timezone.localdate(moment))
        for fiche, code, moment in lues.values_list(
            "indicateur__fiche__code", "indicateur__code", "updated_at"
        )
        if (fiche, code) in montrees
    )


def _du_jour(
    convention: Convention, fiches: tuple[LigneFiche, ...], jour: datetime.date
) -> tuple[LigneFiche, ...]:
    """Those of the year that were in force on that day, by whatever row."""
    en_vigueur = FicheProjet.objects.filter(convention=convention).en_vigueur(au=jour)
    codes = set(en_vigueur.values_list("code", flat=True))
    return tuple(fiche for fiche in fiches if fiche.code in codes)


def _noeud(noeud: Noeud) -> NoeudBilan:
    directes = [] if noeud.enfants else noeud.fiches
    return NoeudBilan(
        code=noeud.axe.code,
        intitule=noeud.axe.intitule,
        niveau=noeud.niveau,
        service=str(noeud.axe.service or ""),
        ecarts_annonces=tuple(noeud.ecarts_annonces),
        enfants=tuple(_noeud(enfant) for enfant in noeud.enfants),
        fiches=tuple((fiche.code, fiche.intitule) for fiche in [*directes, *noeud.fiches_porteuses]),
    )


def _instances(convention: Convention) -> tuple[LigneInstance, ...]:
    instances = convention.instances_gouvernance.prefetch_related("missions").order_by("ordre", "pk")
    return tuple(
        LigneInstance(
            instance.nom,
            f"au moins {instance.frequence_min} par an" if instance.frequence_min else "",
            tuple(mission.intitule for mission in sorted(instance.missions.all(), key=lambda m: m.ordre)),
        )
        for instance in instances
    )


def indicateurs_de_lannee(convention: Convention, annee: int, *, au: datetime.date) -> QuerySet[Indicateur]:
    """Those in force; once the campaign is closed, those that it asked for, or that have a value.

    What is defined or closed afterwards moves neither the table of a closed year nor how complete it is.
    """
    saisies = Saisie.objects.filter(campagne__convention=convention, campagne__annee=annee)
    en_vigueur = Indicateur.objects.en_vigueur(au=au)
    if not saisies.filter(
        campagne__nature=NatureCampagne.ANNUELLE, campagne__statut=StatutCampagne.CLOSE
    ).exists():
        return en_vigueur
    demandes = LigneSaisie.objects.filter(saisie__in=saisies)
    valeurs = Mesure.objects.filter(annee=annee).exclude(situation=SituationMesure.NON_RENSEIGNEE)
    return Indicateur.objects.filter(
        Q(pk__in=demandes.values("indicateur"))
        | Q(pk__in=valeurs.filter(indicateur__fiche__convention=convention).values("indicateur"))
        | Q(pk__in=en_vigueur.exclude(fiche__in=saisies.values("fiche")).values("pk"))
    )


def _fiches(
    convention: Convention,
    annee: int,
    *,
    au: datetime.date,
    today: datetime.date,
    caches: Caches,
    faits: Faits,
    anciens: Anciens,
) -> tuple[LigneFiche, ...]:
    indicateurs = (
        indicateurs_de_lannee(convention, annee, au=au)
        .prefetch_related("cibles", Prefetch("mesures", Mesure.objects.for_report()))
        .order_by("ordre", "pk")
    )
    moyens = Moyen.objects.filter(annee=annee).select_related("signataire__organisme")
    fiches = list(
        FicheProjet.objects.filter(convention=convention)
        .de_l_annee(annee)
        .for_list()
        .prefetch_related(
            Prefetch("axes", Axe.objects.order_by("ordre", "pk")),
            Prefetch("indicateurs", indicateurs),
            Prefetch("etapes", Etape.objects.order_by("ordre", "pk")),
            Prefetch("moyens", moyens.order_by("signataire__ordre", "nature", "pk")),
            Prefetch(
                "implications",
                Implication.objects.select_related("organisme", "structure").order_by("role", "pk"),
            ),
            Prefetch(
                "avancements",
                Avancement.objects.filter(annee__in=[annee - 1, annee]).select_related(
                    "saisie_par", "pour_le_compte_de"
                ),
            ),
            Prefetch("effets", Effet.objects.filter(annee=annee).order_by("pk")),
            Prefetch("decisions", DecisionFiche.objects.filter(annee__in=[annee - 1, annee])),
            "quartiers",
        )
    )
    for fiche in fiches:
        faits.lire_etapes(fiche.etapes.all())
        faits.lire_moyens(fiche.moyens.all())
    # The text is that of 31 December; what was done hangs on the fiche.
    textes = textes_au(fiches, au)
    fiches.sort(key=lambda f: (textes.get(f.pk, f).axe.ordre, textes.get(f.pk, f).numero, f.pk))
    axe_ids = {axe.pk for fiche in fiches for axe in _axes(textes.get(fiche.pk, fiche))}
    objectifs = objectifs_par_axe(list(axe_ids), au=au)
    axes = axes_au(convention, au)
    premiers = [pk for pk, axe in axes.items() if axe.rang == 1]
    rangs = {pk: rang for rang, pk in enumerate(premiers, start=1)}
    racines = racines_des_axes(convention)
    etats = etats_des_saisies(convention, annee)
    lue = _Annee(annee, today, caches, anciens, objectifs, axes)
    return tuple(
        _fiche(
            fiche,
            lue,
            texte=(texte := textes.get(fiche.pk, fiche)),
            rang=rangs.get(racines[texte.axe_id], 0),
            etats=etats.get(fiche.pk, Etats()),
        )
        for fiche in fiches
    )


def _axes(fiche: FicheProjet) -> list[Axe]:
    return list(fiche.axes.all()) or [fiche.axe]


@dataclass(frozen=True, slots=True)
class _Annee:
    """What every fiche of the year is read with."""

    annee: int
    today: datetime.date
    caches: Caches
    anciens: Anciens
    objectifs: dict
    axes: dict[int, Axe]  # as their texts were on 31 December


def _fiche(fiche: FicheProjet, lue: _Annee, *, texte: FicheProjet, rang: int, etats: Etats) -> LigneFiche:
    """`texte`: the row that held its text on 31 December."""
    annee, caches = lue.annee, lue.caches
    avancements = {a.annee: a for a in fiche.avancements.all() if (fiche.pk, a.annee) not in caches}
    courant = avancements.get(annee) or Avancement(fiche=fiche, annee=annee)
    precedent = avancements.get(annee - 1)
    etapes = tuple(ligne_etape(etape, annee, today=lue.today) for etape in fiche.etapes.all())
    rubriques = [
        (str(FicheProjet._meta.get_field(nom).verbose_name), getattr(texte, nom)) for nom in RUBRIQUES
    ]
    return LigneFiche(
        code=fiche.code,
        titre=texte.titre,
        axe_code=texte.axe.code,
        axe=texte.axe.intitule,
        axe_rang=rang,
        mention=texte.mention,
        source=texte.source,
        source_complements=texte.source_complements,
        pilote=str(texte.pilote or ""),
        service=str(texte.service_pilote or ""),
        saisie=etats.libelle,
        is_validee=etats.is_validee(annee),
        saisi_par=saisi_par(courant),
        pour_le_compte_de=str(courant.pour_le_compte_de or ""),
        statut_precedent=_statut(fiche, precedent) if precedent else "",
        statut=_statut(fiche, courant),
        taux_avancement=courant.taux_avancement,
        etapes=etapes,
        nb_etapes=len(etapes),
        nb_etapes_faites=sum(etape.is_faite for etape in etapes),
        realisations=courant.realisations,
        publics_touches=courant.publics_touches,
        difficultes=courant.difficultes,
        ajustements=courant.ajustements,
        decision_demandee=courant.decision_demandee,
        effets=tuple(
            ligne_effet(effet) for effet in fiche.effets.all() if (fiche.pk, effet.annee) not in caches
        ),
        axes=tuple(
            LigneAxe(
                axe.code,
                axe.intitule,
                axe.enjeux,
                axe.introduction_objectifs,
                tuple(
                    LigneObjectif(
                        n.objectif.intitule, tuple(enfant.objectif.intitule for enfant in n.enfants)
                    )
                    for n in lue.objectifs.get(pk, [])
                ),
                axe.conclusion_objectifs,
                axe.mention,
            )
            for pk, axe in ((axe.pk, lue.axes.get(axe.pk, axe)) for axe in _axes(texte))
        ),
        rubriques=tuple((nom, dit) for nom, dit in rubriques if dit),
        a_completer=tuple(nom for nom, dit in rubriques if not dit),
        quartiers=tuple(quartier.nom for quartier in sorted(texte.quartiers.all(), key=lambda q: q.ordre)),
        acteurs=tuple(_acteurs(fiche, texte)),
        indicateurs=tuple(
            ligne_indicateur(i, annee, lue.anciens, caches, etats=etats) for i in fiche.indicateurs.all()
        ),
        moyens=tuple(
            LigneMoyen(
                str(moyen.signataire),
                moyen.get_nature_display(),
                moyen.nature == NatureMoyen.ETP,
                moyen.prevu,
                moyen.accorde,
                moyen.realise,
            )
            for moyen in fiche.moyens.all()
        ),
    )


def _statut(fiche: FicheProjet, avancement: Avancement) -> str:
    is_decidee = any(lien.annee == avancement.annee for lien in fiche.decisions.all())
    return dire_statut(avancement, is_decidee=is_decidee)


def _acteurs(fiche: FicheProjet, texte: FicheProjet) -> Iterator[tuple[str, str]]:
    """(name, role); the pilot is the one of the text of the year."""
    for implication in fiche.implications.all():
        acteur = implication.structure or implication.organisme
        if implication.is_pilote_de(fiche):
            acteur = texte.pilote
        if acteur is not None:
            yield str(acteur), implication.get_role_display()


def _synthese(axe: Axe, rang: int, fiches: list[LigneFiche]) -> SyntheseAxe:
    statuts = Counter(fiche.statut for fiche in fiches)
    taux_moyen, nb_taux, _ = moyenne(fiche.taux_avancement for fiche in fiches)
    return SyntheseAxe(
        code=axe.code,
        intitule=axe.intitule,
        rang=rang,
        nb_fiches=len(fiches),
        nb_validees=sum(fiche.is_validee for fiche in fiches),
        statuts=tuple((label, statuts[label]) for label in LIBELLES if statuts[label]),
        taux_moyen=taux_moyen,
        nb_taux=nb_taux,
        nb_etapes=sum(fiche.nb_etapes for fiche in fiches),
        nb_etapes_faites=sum(fiche.nb_etapes_faites for fiche in fiches),
        completude=compter([ligne for fiche in fiches for ligne in fiche.indicateurs]),
        nb_decisions=sum(bool(fiche.decision_demandee) for fiche in fiches),
    )
