"""What a meeting decided: each decision has a number that is given once."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator

from ctg.models import Historique, Personne, Service, Source
from ctg.recherche import Cherchable, CherchableQuerySet
from ctg.templatetags.affichage import date_longue
from gouvernance.enums import EtatDecision
from gouvernance.models.instances import Label
from gouvernance.models.points import PointOrdreDuJour
from gouvernance.models.reunions import Reunion


class DecisionQuerySet(CherchableQuerySet):
    """`parmi`: the decisions that the reader knows of; what replaces another is told only if it is one of them."""

    def visible_to(self, user):
        """Members and readers, once the minutes are distributed; who prepares them or gives their aval, before."""
        return self.filter(reunion__in=Reunion.objects.decisions_lues_par(user))

    def diffusees(self):
        """What every member reads: what is printed for them and what leaves by mail."""
        return self.filter(reunion__in=Reunion.objects.decisions_diffusees())

    def for_list(self, parmi=None):
        """All that a list touches, in the order of their numbers."""
        decisions = self.select_related(
            "reunion__convention", "reunion__instance_gouvernance", "label", "point", "responsable", "service"
        ).order_by("reunion__annee", "reunion__rang", "rang", "pk")
        if parmi is None:
            return decisions.select_related("remplace__reunion", "remplacee_par__reunion")
        return decisions.prefetch_related(
            *(
                models.Prefetch(lien, parmi.select_related("reunion"))
                for lien in ("remplace", "remplacee_par")
            )
        )

    def en_attente(self, parmi=None):
        """Neither done, abandoned nor replaced."""
        remplacees = Q(remplacee_par__isnull=False) if parmi is None else Q(remplacee_par__in=parmi)
        return self.exclude(remplacees).exclude(etat__in=EtatDecision.CLOS)

    def en_retard(self, *, au, parmi=None):
        """Its date has passed and it is still to be done: computed, never entered."""
        return self.en_attente(parmi).filter(echeance__lt=au)


class Decision(Source, Cherchable):
    """What a meeting decided, by whom it is to be done, and how far it is."""

    # Once the minutes are sent to the Caf; SUIVIS: once they are distributed, these move by a note that says it (`suivi`).
    SUIVIS = frozenset({"responsable_id", "service_id", "echeance"})
    FIGES = frozenset({"texte", "label_id", "point_id", "rang", "reunion_id"}) | SUIVIS

    reunion = models.ForeignKey(Reunion, models.PROTECT, related_name="decisions", verbose_name="réunion")
    rang = models.PositiveSmallIntegerField("rang dans la réunion", editable=False)
    point = models.ForeignKey(
        PointOrdreDuJour,
        models.PROTECT,
        related_name="decisions",
        verbose_name="point de l’ordre du jour",
        null=True,
        blank=True,
    )
    texte = models.TextField("décision")
    label = models.ForeignKey(
        Label,
        models.PROTECT,
        related_name="decisions",
        verbose_name="prise pour",
        null=True,
        blank=True,
        help_text="Le label qui délibère. Vide : tous.",
    )
    responsable = models.ForeignKey(
        Personne,
        models.PROTECT,
        related_name="decisions",
        verbose_name="personne responsable",
        null=True,
        blank=True,
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="decisions",
        verbose_name="service responsable",
        null=True,
        blank=True,
        help_text="À la place d’une personne.",
    )
    echeance = models.DateField("échéance", null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatDecision, default=EtatDecision.A_FAIRE)
    remplace = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="remplacee_par",
        verbose_name="annule et remplace",
        null=True,
        blank=True,
        error_messages={"unique": "Une autre décision remplace déjà celle-là."},
    )

    objects = DecisionQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "décision"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "rang"],
                name="decision_numero_unique",
                violation_error_message="Une décision de la réunion porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                name="decision_rang_positif",
                condition=Q(rang__gte=1),
                violation_error_message="La première décision d’une réunion porte le rang 1.",
            ),
            models.CheckConstraint(
                name="decision_ecrite",
                condition=~Q(texte=""),
                violation_error_message="Écrivez ce qui a été décidé.",
            ),
            models.CheckConstraint(
                name="decision_un_responsable",
                condition=Q(responsable=None) | Q(service=None),
                violation_error_message="Choisissez une personne ou un service responsable, pas les deux.",
            ),
            models.CheckConstraint(
                name="decision_etat_connu",
                condition=Q(etat__in=EtatDecision.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="decision_ne_se_remplace_pas",
                condition=Q(remplace=None) | ~Q(remplace=F("pk")),
                violation_error_message="Une décision ne se remplace pas elle-même.",
            ),
        ]

    def __str__(self):
        return Truncator(self.texte).chars(80, truncate="…")

    def get_textes_recherche(self):
        return [self.numero, self.texte]

    def clean(self):
        super().clean()
        if self.reunion_id is None:
            return
        convention_id, fautes = self.convention_id, {}
        if self.point_id and self.point.reunion_id != self.reunion_id:
            fautes["point"] = "Ce point n’est pas de l’ordre du jour de cette réunion."
        if self.label_id and self.label.convention_id != convention_id:
            fautes["label"] = "Ce label n’est pas de cette convention."
        if self.responsable_id and self.responsable.convention_id != convention_id:
            fautes["responsable"] = "Cette personne n’est pas de cette convention."
        if isinstance(self.echeance, datetime.date) and self.echeance < self.reunion.date:
            fautes["echeance"] = (
                f"L’échéance précède la réunion du {date_longue(self.reunion.date)} : choisissez ce jour-là ou un autre "
                "après."
            )
        if self.remplace_id and (faute := self._faute_de_remplacement()):
            fautes["remplace"] = faute
        if fautes:
            raise ValidationError(fautes)

    def _faute_de_remplacement(self) -> str:
        if self.remplace.convention_id != self.convention_id:
            return "Cette décision n’est pas de cette convention."
        if self.remplace._ordre > self._ordre:
            return "Une décision ne remplace qu’une décision prise avant elle."
        remplacee = self.remplace_id
        while remplacee is not None:  # the date of a meeting may have moved since
            if remplacee == self.pk:
                return "Cette décision annule déjà celle que vous écrivez : choisissez-en une autre."
            remplacee = Decision.objects.filter(pk=remplacee).values_list("remplace", flat=True).first()
        return ""

    @property
    def _ordre(self) -> tuple:
        """Not numbered yet: the last of its meeting."""
        return self.reunion.date, self.reunion.rang, self.rang or float("inf")

    def get_absolute_url(self):
        return f"{self.reunion.get_absolute_url()}#{self.ancre}"

    @property
    def page(self) -> str:
        """Its own address: what was decided, and what became of it."""
        return reverse(
            "gouvernance:decision", kwargs={"convention": self.reunion.convention.slug, "pk": self.pk}
        )

    @property
    def ancre(self) -> str:
        return f"d-{self.rang}"

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.reunion.convention_id

    @property
    def numero(self) -> str:
        """« 2026-02-D03 »."""
        return f"{self.reunion.numero}-D{self.rang:02d}"

    @property
    def is_remplacee(self) -> bool:
        return hasattr(self, "remplacee_par")

    def is_en_retard(self, au) -> bool:
        """The twin of the queryset's `en_retard`, for a row of `for_list`."""
        ouverte = self.etat not in EtatDecision.CLOS and not self.is_remplacee
        return ouverte and self.echeance is not None and self.echeance < au

    @property
    def version(self) -> int:
        """Moves with every change, by whatever door; one query."""
        return self.historique.count()
