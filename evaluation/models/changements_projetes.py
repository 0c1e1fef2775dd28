"""The lines of a projet d’avenant."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ctg.models import Convention, Historique, Organisme, Signataire, Source
from evaluation.avenants.enums import NatureChangement
from evaluation.models.avenants import FIGE, ProjetAvenant
from evaluation.models.indicateurs import Indicateur
from evaluation.models.regles_avenants import AJOUTS, CIBLES, REGLES, Regle, is_sortie, lire_valeurs
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from structures.models import Inscription, Structure


def _cible(modele, verbose_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        modele, models.PROTECT, related_name="+", verbose_name=verbose_name, null=True, blank=True
    )


def _nomme(nature: str, regle: Regle) -> Q:
    """What a line of this nature names: its target alone, what the same projet adds instead, or nothing where it may."""
    sans_les_autres = Q(**{f"{nom}__isnull": True for nom in CIBLES if nom != regle.cible})
    formes = Q(**{f"{regle.cible}__isnull": False}, sous=None)
    if regle.sous:
        formes |= Q(**{f"{regle.cible}__isnull": not regle.is_sous_en_plus}, sous__isnull=False)
    if regle.is_cible_facultative:
        formes |= Q(**{f"{regle.cible}__isnull": True}, sous=None)
    return Q(nature=nature) & sans_les_autres & formes


def _cibles_conformes() -> Q:
    condition = Q()
    for nature, regle in REGLES.items():
        condition |= _nomme(nature, regle)
    return condition


def _uniques() -> list[models.UniqueConstraint]:
    """A thing is changed in one way by one line of a projet; what is added may be several."""
    par_cible: dict[str, list[str]] = {}
    for nature, regle in REGLES.items():
        if nature not in AJOUTS:
            par_cible.setdefault(regle.cible, []).append(str(nature))
    return [
        models.UniqueConstraint(
            fields=["projet", "nature", cible],
            condition=Q(nature__in=natures),
            name=f"changement_unique_par_{cible}",
            violation_error_message="Ce projet change déjà cela : modifiez ou retirez la ligne qui le dit.",
        )
        for cible, natures in par_cible.items()
    ]


class ChangementProjete(Source):
    """One thing that the avenant changes. `valeurs`: {field: what it becomes}; `avant`: {field: what it was then}."""

    projet = models.ForeignKey(
        ProjetAvenant, models.CASCADE, related_name="changements", verbose_name="projet d’avenant"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    nature = models.CharField("ce qui change", max_length=30, choices=NatureChangement)
    axe = _cible(Axe, "axe")
    objectif = _cible(ObjectifOperationnel, "objectif")
    fiche = _cible(FicheProjet, "fiche")
    indicateur = _cible(Indicateur, "indicateur")
    structure = _cible(Structure, "structure")
    inscription = _cible(Inscription, "ligne des annexes")
    organisme = _cible(Organisme, "organisme")
    signataire = _cible(Signataire, "signataire")
    sous = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="dessous",
        verbose_name="dans ce que ce projet ajoute",
        null=True,
        blank=True,
    )
    valeurs = models.JSONField("ce que cela devient", default=dict, blank=True)
    avant = models.JSONField("ce que c’était à la rédaction", default=dict, blank=True, editable=False)
    motif = models.CharField("motif", max_length=300, blank=True, default="")
    # Once applied: {"cree": key of the row that it made, "vu": last line of history of each thing that it wrote}.
    trace = models.JSONField("ce que l’application a fait", default=dict, blank=True, editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "changement projeté"
        verbose_name_plural = "changements projetés"
        constraints = [
            models.CheckConstraint(
                name="changement_nomme_ce_qui_change",
                condition=_cibles_conformes(),
                violation_error_message="Dites ce que cette ligne change, et cela seul.",
            ),
            *_uniques(),
        ]

    def __str__(self):
        return f"{self.get_nature_display()} : {self.cible or self.sous or 'premier rang'}"

    @property
    def regle(self) -> Regle:
        return REGLES[self.nature]

    @property
    def cible(self) -> models.Model | None:
        """What the line names, of the plan as it is."""
        return getattr(self, self.regle.cible)

    @property
    def change_sa_cible(self) -> bool:
        """Whether it writes what it names, rather than adds to it."""
        return self.nature not in AJOUTS and isinstance(self.cible, self.regle.modele)

    def clean(self):
        super().clean()
        if self.nature not in REGLES:
            return
        if not self.projet.is_modifiable:
            raise ValidationError(FIGE.format(etat=self.projet.get_statut_display()))
        self._verifier_convention()
        self._verifier_sous()
        self.valeurs = lire_valeurs(self.regle, self.valeurs)
        if self.nature == NatureChangement.FICHE_RATTACHER and not (self.valeurs.get("axes") or self.sous_id):
            raise ValidationError("Une fiche porte au moins un axe : choisissez-en un.")
        self._verifier_coherence()

    def _verifier_convention(self) -> None:
        if self.cible is not None and not _est_de(self.cible, self.projet.convention):
            raise ValidationError("Ce que cette ligne change n’est pas de cette convention.")

    def _verifier_sous(self) -> None:
        if self.sous_id and (self.sous.projet_id != self.projet_id or self.sous.nature != self.regle.sous):
            raise ValidationError("Ce n’est pas un ajout de ce projet qui puisse la recevoir.")

    def _verifier_coherence(self) -> None:
        """What closes is not changed by the same projet."""
        if self.cible is None or self.nature in AJOUTS:
            return
        autres = self.projet.changements.exclude(pk=self.pk).filter(**{self.regle.cible: self.cible})
        autres = [autre for autre in autres if autre.nature not in AJOUTS]
        if any(is_sortie(nature) for nature in (self.nature, *(a.nature for a in autres))) and autres:
            raise ValidationError(
                f"Ce projet dit déjà « {autres[0].get_nature_display()} » de la même ligne : l’un exclut l’autre."
            )


def _est_de(cible: models.Model, convention: Convention) -> bool:
    if isinstance(cible, Organisme):
        return True
    if isinstance(cible, Structure):
        return cible.territoire_id == convention.territoire_id
    if isinstance(cible, ObjectifOperationnel):
        return cible.axe_id is not None and cible.axe.convention_id == convention.pk
    if isinstance(cible, Indicateur):
        return cible.fiche.convention_id == convention.pk
    return cible.convention_id == convention.pk
