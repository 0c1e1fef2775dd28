"""When an instance met, and how far its minutes are: each meeting has a number that is given once."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import timezone

from ctg.models import Convention, Historique, Source
from ctg.permissions import check
from gouvernance.enums import EtatCompteRendu
from gouvernance.models.instances import InstanceGouvernance

ANNEES = (2000, 2100)  # a year typed with two or five digits is an error of typing
DUREES = (5, 600)  # minutes


class ReunionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the conventions in which the user holds a mandate: the twin of « ctg.consulter »."""
        return self.filter(convention__in=Convention.objects.visible_to(user))

    def decisions_lues_par(self, user):
        """Those whose decisions this person reads, in the conventions that they may open."""
        return self.visible_to(user).filter(_decisions_lues_par(user))

    def decisions_diffusees(self):
        """Those whose decisions every member reads."""
        return self.filter(DIFFUSEES)

    def maintenues(self):
        """Those that were not cancelled."""
        return self.filter(date_annulation=None)

    def for_list(self, lecteur=None):
        """All that a list touches, the latest first. `nb_decisions` None: `lecteur` does not read them yet."""
        nombre = models.Count("decisions")
        if lecteur is not None:
            nombre = models.Case(models.When(_decisions_lues_par(lecteur), then=nombre), default=None)
        return (
            self.select_related("instance_gouvernance", "convention")
            .annotate(nb_decisions=nombre)
            .order_by("-date", "-rang", "pk")
        )


# Of a meeting that took place before the application was used, everybody knows what was decided.
DIFFUSEES = Q(etat_compte_rendu=EtatCompteRendu.DIFFUSE) | Q(is_anterieure=True)


def _decisions_lues_par(user) -> Q:
    """Who prepares reads them at once; who gives the aval, with the minutes that wait for it; the others, distributed."""
    lues = DIFFUSEES
    for convention in Convention.objects.visible_to(user):
        if check(user, "gouvernance.preparer", convention):
            lues |= Q(convention=convention)
        elif check(user, "gouvernance.avaliser", Reunion(convention=convention)):
            lues |= Q(convention=convention, etat_compte_rendu__in=EtatCompteRendu.VERROUILLES)
    return lues


class Reunion(Source):
    """A meeting. `annee` and `rang` make its number: given at creation (`services`), never changed."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="reunions", verbose_name="convention"
    )
    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, models.PROTECT, related_name="reunions", verbose_name="instance"
    )
    annee = models.PositiveSmallIntegerField("année", editable=False)
    rang = models.PositiveSmallIntegerField("rang dans l’année", editable=False)
    date = models.DateField("date")
    lieu = models.CharField("lieu", max_length=200, blank=True, default="")
    intitule = models.CharField("intitulé", max_length=200, blank=True, default="")
    heure_debut = models.TimeField("heure de début", null=True, blank=True)
    duree = models.PositiveSmallIntegerField("durée prévue, en minutes", null=True, blank=True)
    compte_rendu = models.TextField("compte rendu", blank=True, default="")
    etat_compte_rendu = models.CharField(
        "état du compte rendu",
        max_length=10,
        choices=EtatCompteRendu,
        default=EtatCompteRendu.BROUILLON,
        editable=False,
    )
    is_anterieure = models.BooleanField(
        "tenue avant l’application",
        default=False,
        editable=False,
        help_text="Ses décisions sont déjà connues : elles se lisent sans attendre que son compte rendu soit diffusé ici.",
    )
    date_annulation = models.DateTimeField("annulation", null=True, editable=False)
    motif_annulation = models.TextField("motif de l’annulation", blank=True, default="", editable=False)

    objects = ReunionQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "réunion"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annee", "rang"],
                name="reunion_numero_unique",
                violation_error_message="Une réunion de la convention porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                name="reunion_rang_positif",
                condition=Q(rang__gte=1),
                violation_error_message="La première réunion de l’année porte le rang 1.",
            ),
            models.CheckConstraint(
                name="reunion_annee_vraisemblable",
                condition=Q(annee__range=ANNEES),
                violation_error_message=f"Écrivez une date entre {ANNEES[0]} et {ANNEES[1]}.",
            ),
            models.CheckConstraint(
                name="reunion_annee_de_la_date",
                condition=Q(annee=ExtractYear("date")),
                violation_error_message="L’année du numéro est celle de la date.",
            ),
            models.CheckConstraint(
                name="reunion_duree_vraisemblable",
                condition=Q(duree=None) | Q(duree__range=DUREES),
                violation_error_message=f"Écrivez une durée entre {DUREES[0]} et {DUREES[1]} minutes.",
            ),
            models.CheckConstraint(
                name="reunion_etat_compte_rendu_connu",
                condition=Q(etat_compte_rendu__in=EtatCompteRendu.values),
                violation_error_message="Cet état de compte rendu n’existe pas.",
            ),
            models.CheckConstraint(
                name="reunion_annulation_motivee",
                condition=Q(date_annulation=None, motif_annulation="")
                | (Q(date_annulation__isnull=False) & ~Q(motif_annulation="")),
                violation_error_message="Une réunion annulée dit pourquoi.",
            ),
            models.CheckConstraint(
                name="reunion_annulee_sans_compte_rendu",
                condition=Q(date_annulation=None) | Q(etat_compte_rendu=EtatCompteRendu.BROUILLON),
                violation_error_message="Une réunion annulée n’a pas de compte rendu.",
            ),
        ]

    def __str__(self):
        return f"Réunion {self.numero}"

    def clean(self):
        super().clean()
        fautes = {}
        if self.instance_gouvernance_id and self.instance_gouvernance.convention_id != self.convention_id:
            fautes["instance_gouvernance"] = "Cette instance n’est pas de cette convention."
        if self.date and not ANNEES[0] <= self.date.year <= ANNEES[1]:
            fautes["date"] = f"Écrivez une date entre {ANNEES[0]} et {ANNEES[1]}."
        elif self.date and self.annee and self.date.year != self.annee:
            fautes["date"] = (
                f"Le numéro {self.numero} porte l’année {self.annee} : choisissez une date de {self.annee}, "
                f"ou ajoutez une réunion de {self.date.year} et supprimez celle-ci."
            )
        if fautes:
            raise ValidationError(fautes)

    def get_absolute_url(self):
        return reverse("gouvernance:reunion", kwargs={"convention": self.convention.slug, "pk": self.pk})

    @property
    def numero(self) -> str:
        """« 2026-02 »."""
        return f"{self.annee}-{self.rang:02d}"

    @property
    def is_annulee(self) -> bool:
        return self.date_annulation is not None

    @property
    def is_diffusee(self) -> bool:
        return self.etat_compte_rendu == EtatCompteRendu.DIFFUSE

    @property
    def is_verrouillee(self) -> bool:
        """What the Caf reads, has read, or what everybody has received does not change."""
        return self.etat_compte_rendu in EtatCompteRendu.VERROUILLES

    def has_commence(self, now: datetime.datetime) -> bool:
        """Its day and hour have come, or its minutes are sent: nobody is convoked to it any more."""
        quand = timezone.localtime(now)
        if self.is_verrouillee or self.date != quand.date():
            return self.is_verrouillee or self.date < quand.date()
        return self.heure_debut is not None and self.heure_debut <= quand.time()

    @property
    def version(self) -> int:
        """Moves with every change, by whatever door; one query."""
        return self.historique.count()
