"""Who decides and who coordinates, as annexe 4 says it."""

import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg.enums import Precision
from ctg.models import (
    Contractuel,
    Convention,
    Demarche,
    Historique,
    Organisme,
    Source,
    Temporel,
    TemporelQuerySet,
)
from gouvernance.enums import NatureEnonce, NiveauCoordination, QualiteMembre, TypeInstance


class Label(Source):
    """What an instance deliberates for: the CTG, the Cité éducative… None stated on a member: all."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="labels", verbose_name="convention"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.CharField("nom", max_length=120)
    demarche = models.ForeignKey(
        Demarche, models.PROTECT, related_name="labels", verbose_name="démarche", null=True, blank=True
    )

    historique = Historique()

    class Meta:
        verbose_name = "label"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "nom"],
                name="label_nom_unique_par_convention",
                violation_error_message="Ce label existe déjà.",
            ),
        ]

    def __str__(self):
        return self.nom


class InstanceGouvernanceQuerySet(models.QuerySet):
    def for_list(self, *, au: datetime.date):
        """With how many missions, and how many seats in force on that day."""
        commence = Q(membres__date_effet=None) | Q(membres__date_effet__lte=au)
        dure = Q(membres__date_fin=None) | Q(membres__date_fin__gt=au)
        return (
            self.prefetch_related("labels")
            .annotate(
                nb_missions=models.Count("missions", distinct=True),
                nb_membres=models.Count("membres", filter=commence & dure, distinct=True),
            )
            .order_by("ordre", "pk")
        )


class InstanceGouvernance(Contractuel, Source):
    """A committee, with what the signed text says of how it works."""

    CONTRACTUELS = ("nom", "presidence")

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="instances_gouvernance", verbose_name="convention"
    )
    slug = models.SlugField("adresse", max_length=60)
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.CharField("nom", max_length=200)
    type_instance = models.CharField("type", max_length=20, choices=TypeInstance)
    labels = models.ManyToManyField(
        Label, related_name="instances_gouvernance", verbose_name="labels", blank=True
    )
    presidence = models.TextField("présidence", blank=True, default="")
    portage = models.TextField("portage", blank=True, default="")
    animation = models.TextField("animation", blank=True, default="")
    preparation = models.TextField("préparation", blank=True, default="")
    secretariat = models.TextField("secrétariat", blank=True, default="")
    diffusion = models.TextField("diffusion", blank=True, default="")
    deroulement = models.TextField("déroulement", blank=True, default="")
    evolution = models.TextField("évolution", blank=True, default="")
    frequence_min = models.PositiveSmallIntegerField(
        "nombre minimal de réunions par an", null=True, blank=True
    )
    frequence = models.TextField("fréquence, comme signée", blank=True, default="")
    is_tenue = models.BooleanField(
        "tenue par les signataires", default=True, help_text="Non : on y participe, un autre la tient."
    )

    objects = InstanceGouvernanceQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "instance de gouvernance"
        verbose_name_plural = "instances de gouvernance"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "slug"],
                name="instance_slug_unique_par_convention",
                violation_error_message="Une instance a déjà cette adresse.",
            ),
            models.CheckConstraint(
                name="instance_type_connu",
                condition=Q(type_instance__in=TypeInstance.values),
                violation_error_message="Ce type d’instance n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("gouvernance:instance", kwargs={"convention": self.convention.slug, "slug": self.slug})


class MissionInstance(Source):
    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, models.CASCADE, related_name="missions", verbose_name="instance"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.TextField("mission")

    historique = Historique()

    class Meta:
        verbose_name = "mission d’une instance"
        verbose_name_plural = "missions des instances"
        constraints = [
            models.UniqueConstraint(
                fields=["instance_gouvernance", "ordre"],
                name="mission_ordre_unique",
                violation_error_message="Cette place est déjà prise dans la liste des missions.",
            ),
        ]

    def __str__(self):
        return self.intitule


class Membre(Contractuel, Source, Temporel):
    """A seat: a function, the label that it sits for (none: all) and when. An election changes no seat."""

    CONTRACTUELS = ("qualite", "fonction", "organisme", "label", "condition")

    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, models.CASCADE, related_name="membres", verbose_name="instance"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    qualite = models.CharField("qualité", max_length=20, choices=QualiteMembre)
    fonction = models.TextField("fonction, comme signée")
    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="sieges", verbose_name="organisme", null=True, blank=True
    )
    label = models.ForeignKey(
        Label, models.PROTECT, related_name="sieges", verbose_name="siège pour", null=True, blank=True
    )
    condition = models.TextField("condition", blank=True, default="")

    objects = TemporelQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "membre"
        constraints = [
            *Temporel.Meta.constraints,
            models.CheckConstraint(
                name="membre_qualite_connue",
                condition=Q(qualite__in=QualiteMembre.values),
                violation_error_message="Cette qualité n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.fonction

    def get_convention(self) -> Convention:
        return self.instance_gouvernance.convention

    @property
    def is_du_renouvellement(self) -> bool:
        """The signed text associates this seat the year when the convention is renewed, and no other."""
        return self.qualite == QualiteMembre.ASSOCIE and "renouvellement" in self.condition


class Enonce(Source):
    """A sentence of annexe 4 on coordination: linked objective, principle, stake, action."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="enonces", verbose_name="convention"
    )
    nature = models.CharField("nature", max_length=20, choices=NatureEnonce)
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.TextField("énoncé")

    class Meta:
        verbose_name = "énoncé de l’annexe 4"
        verbose_name_plural = "énoncés de l’annexe 4"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "nature", "ordre"],
                name="enonce_ordre_unique",
                violation_error_message="Cette place est déjà prise.",
            ),
            models.CheckConstraint(
                name="enonce_nature_connue",
                condition=Q(nature__in=NatureEnonce.values),
                violation_error_message="Cette nature d’énoncé n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.intitule


class PosteCooperation(Source):
    """A post of coordination that the convention supports (« Pilotage du projet de territoire »)."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="postes", verbose_name="convention"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=200)
    niveau = models.CharField("coordination", max_length=20, choices=NiveauCoordination)
    rattachement = models.TextField("rattachement", blank=True, default="")
    description = models.TextField("description", blank=True, default="")
    etp = models.DecimalField(
        "équivalents temps plein",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "Un nombre de postes ne peut pas être négatif.")],
    )
    employeur = models.ForeignKey(
        Organisme, models.PROTECT, related_name="postes", verbose_name="employeur", null=True, blank=True
    )
    date_creation = models.DateField("à compter de", null=True, blank=True)
    precision_creation = models.CharField(
        "à compter de : précision", max_length=5, choices=Precision, blank=True, default=""
    )

    historique = Historique()

    class Meta:
        verbose_name = "poste de coopération"
        verbose_name_plural = "postes de coopération"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "ordre"],
                name="poste_ordre_unique",
                violation_error_message="Cette place est déjà prise.",
            ),
            models.CheckConstraint(
                name="poste_precision_creation",
                condition=Q(date_creation=None, precision_creation="")
                | Q(date_creation__isnull=False, precision_creation__in=Precision.values),
                violation_error_message="Une date et sa précision vont ensemble.",
            ),
            models.CheckConstraint(
                name="poste_niveau_connu",
                condition=Q(niveau__in=NiveauCoordination.values),
                violation_error_message="Ce niveau de coordination n’existe pas.",
            ),
            models.CheckConstraint(
                name="poste_etp_positif",
                condition=Q(etp=None) | Q(etp__gte=0),
                violation_error_message="Un nombre de postes ne peut pas être négatif.",
            ),
        ]

    def __str__(self):
        return self.intitule

    def get_absolute_url(self):
        page = reverse("gouvernance:coordination", kwargs={"convention": self.convention.slug})
        return f"{page}#poste-{self.pk}"
