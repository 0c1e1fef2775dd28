"""Which convention, who signs it, what it says and refers to."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg.conservation import HORS_BORNES, MOIS_MAX
from ctg.dates import date_plausible
from ctg.enums import Annexe, AvalComptesRendus, NatureDocument, NatureOrganisme, Numerotation, Precision
from ctg.models.acteurs import Organisme
from ctg.models.base import Source, Temporel, TemporelQuerySet
from ctg.models.historique import Historique
from ctg.models.territoire import Territoire

SLUGS_RESERVES = frozenset(
    {
        "accessibilite",
        "admin",
        "aide",
        "compte",
        "conventions",
        "healthz",
        "ics",
        "mentions-legales",
        "static",
        "styleguide",
    }
)
DATES = ("deliberation", "signature", "debut", "fin", "mi_parcours")


def validate_slug_libre(slug: str) -> None:
    if slug in SLUGS_RESERVES:
        raise ValidationError(
            "« %(slug)s » est réservé : choisissez une autre adresse.", params={"slug": slug}
        )


class LienField(models.URLField):
    """A web address; one typed without its scheme is read as https."""

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})


def date_field(label: str) -> models.DateField:
    return models.DateField(label, null=True, blank=True, validators=[date_plausible])


def precision_field(label: str) -> models.CharField:
    return models.CharField(f"{label} : précision", max_length=5, choices=Precision, blank=True, default="")


def precision_constraint(prefix: str, name: str) -> models.CheckConstraint:
    """A date has a precision, and a precision has a date."""
    date, precision = f"date_{name}", f"precision_{name}"
    return models.CheckConstraint(
        name=f"{prefix}_precision_{name}",
        condition=Q(**{f"{date}__isnull": True, precision: ""})
        | Q(**{f"{date}__isnull": False, f"{precision}__in": Precision.values}),
        violation_error_message="Une date et sa précision vont ensemble.",
    )


class ConventionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those in which the user holds a mandate; all of them for an administrateur."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrateur:
            return self
        return self.filter(pk__in=user.convention_ids)


class Convention(Source):
    """A Convention Territoriale Globale: four or five years between a territoire and its Caf."""

    territoire = models.ForeignKey(
        Territoire, models.PROTECT, related_name="conventions", verbose_name="territoire"
    )
    slug = models.SlugField("adresse", max_length=60, unique=True, validators=[validate_slug_libre])
    intitule = models.CharField("intitulé", max_length=200)
    perimetre = models.TextField("périmètre", blank=True, default="")
    date_deliberation = date_field("délibération")
    precision_deliberation = precision_field("délibération")
    date_signature = date_field("signature")
    precision_signature = precision_field("signature")
    date_debut = date_field("début")
    precision_debut = precision_field("début")
    date_fin = date_field("fin")
    precision_fin = precision_field("fin")
    date_mi_parcours = date_field("mi-parcours")
    precision_mi_parcours = precision_field("mi-parcours")
    numerotation = models.CharField(
        "numérotation des fiches", max_length=10, choices=Numerotation, default=Numerotation.PAR_AXE
    )
    organismes_aval = models.ManyToManyField(
        Organisme,
        related_name="avals",
        verbose_name="organismes qui donnent l’aval du bilan",
        blank=True,
        help_text="Tous doivent le donner ; un seul refus refuse. Sans choix : la Caf signataire.",
    )
    aval_comptes_rendus = models.CharField(
        "les comptes rendus des réunions attendent l’aval",
        max_length=20,
        choices=AvalComptesRendus,
        blank=True,
        default="",
    )
    organismes_aval_comptes_rendus = models.ManyToManyField(
        Organisme,
        related_name="avals_comptes_rendus",
        verbose_name="organismes qui donnent l’aval des comptes rendus",
        blank=True,
        help_text="Lus seulement si les comptes rendus attendent l’aval d’organismes choisis ici.",
    )
    couleur = models.CharField(
        "couleur",
        max_length=7,
        blank=True,
        default="",
        help_text="Celle du bandeau et de la couverture des documents, par exemple #0f5e59.",
    )
    logo = models.FileField("logo", upload_to="logos/", blank=True)
    conservation_mois = models.PositiveSmallIntegerField(
        "conservation des personnes parties (mois)",
        null=True,
        blank=True,
        help_text="Vide : la durée de l’installation, écrite dans les mentions légales.",
    )
    jours_rappel = models.CharField(
        "jours des rappels de saisie",
        max_length=60,
        default="-14, -7, -1, 1",
        help_text="Par rapport à la date limite : -7 est une semaine avant, 1 le lendemain.",
    )
    predecesseur = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="suivantes",
        verbose_name="convention précédente",
        null=True,
        blank=True,
        editable=False,
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_demonstration = models.BooleanField(
        "contient des données de démonstration",
        default=False,
        help_text="Chaque écran et chaque document le dit alors en toutes lettres.",
    )

    objects = ConventionQuerySet.as_manager()
    historique = Historique(m2m_fields=["organismes_aval", "organismes_aval_comptes_rendus"])

    class Meta:
        verbose_name = "convention"
        constraints = [
            *(precision_constraint("convention", name) for name in DATES),
            models.CheckConstraint(
                name="convention_dates_ordonnees",
                condition=Q(date_debut=None) | Q(date_fin=None) | Q(date_fin__gte=models.F("date_debut")),
                violation_error_message="La convention finit avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                name="convention_conservation_plausible",
                condition=Q(conservation_mois=None) | Q(conservation_mois__range=(1, MOIS_MAX)),
                violation_error_message=HORS_BORNES,
            ),
            models.CheckConstraint(
                name="convention_aval_comptes_rendus_connu",
                condition=Q(aval_comptes_rendus="") | Q(aval_comptes_rendus__in=AvalComptesRendus.values),
                violation_error_message="Dites de qui les comptes rendus attendent l’aval.",
            ),
            models.CheckConstraint(
                name="convention_slug_libre",
                condition=~Q(slug__in=sorted(SLUGS_RESERVES)),
                violation_error_message="Cette adresse est réservée : choisissez-en une autre.",
            ),
            models.CheckConstraint(
                name="convention_ne_se_precede_pas",
                condition=Q(predecesseur=None) | ~Q(predecesseur=models.F("pk")),
                violation_error_message="Une convention ne peut pas se précéder elle-même.",
            ),
            models.CheckConstraint(
                name="convention_couleur_lisible",
                condition=Q(couleur="") | Q(couleur__regex=r"^#[0-9a-f]{6}$"),
                violation_error_message="Écrivez la couleur comme #0f5e59.",
            ),
        ]

    def __str__(self):
        return self.intitule

    def save(self, *args, **kwargs):
        """Every door moves the version: a form opened before sees that the settings have changed."""
        if not self._state.adding:
            self.version += 1
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("ctg:dashboard", kwargs={"convention": self.slug})

    def get_organismes_aval(self) -> set[int]:
        """Keys of the organismes whose aval a bilan needs: those that were chosen, else the Caf that signs."""
        choisis = set(self.organismes_aval.values_list("pk", flat=True))
        return choisis or set(
            self.signataires.filter(organisme__nature=NatureOrganisme.CAF, date_fin=None).values_list(
                "organisme", flat=True
            )
        )

    def get_organismes_aval_comptes_rendus(self) -> set[int]:
        """The same of the minutes of a meeting; none where the convention asks for no aval on them."""
        if not self.aval_comptes_rendus:
            return self.get_organismes_aval()
        if self.is_sans_aval_des_comptes_rendus:
            return set()
        return set(self.organismes_aval_comptes_rendus.values_list("pk", flat=True))

    def get_organismes_qui_avalisent(self) -> set[int]:
        """Those that give an aval, on whatever it is."""
        return self.get_organismes_aval() | self.get_organismes_aval_comptes_rendus()

    @property
    def is_sans_aval_des_comptes_rendus(self) -> bool:
        return self.aval_comptes_rendus == AvalComptesRendus.AUCUN

    @property
    def is_projet(self) -> bool:
        """Opened from another one and not signed yet: its text is a draft."""
        return self.predecesseur_id is not None and self.date_signature is None

    @property
    def annees(self) -> list[int]:
        """Civil years of the convention; empty while its beginning or its end is unknown."""
        if not (self.date_debut and self.date_fin):
            return []
        return list(range(self.date_debut.year, self.date_fin.year + 1))

    @property
    def dates(self) -> list[tuple[str, object, str]]:
        """(label, date or None, precision) of the five dates, in the order of a convention's life."""
        return [
            (
                str(self._meta.get_field(f"date_{name}").verbose_name),
                getattr(self, f"date_{name}"),
                getattr(self, f"precision_{name}"),
            )
            for name in DATES
        ]


class NiveauArbre(models.Model):
    """The name that this convention gives to one level of its tree."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="niveaux", verbose_name="convention"
    )
    rang = models.PositiveSmallIntegerField("rang")
    singulier = models.CharField("singulier", max_length=60)
    pluriel = models.CharField("pluriel", max_length=60)

    historique = Historique()

    class Meta:
        verbose_name = "niveau de l’arbre"
        verbose_name_plural = "niveaux de l’arbre"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "rang"],
                name="niveau_rang_unique_par_convention",
                violation_error_message="Ce niveau a déjà un nom.",
            ),
            models.CheckConstraint(
                name="niveau_rang_positif",
                condition=Q(rang__gte=1),
                violation_error_message="Le premier niveau de l’arbre a le rang 1.",
            ),
        ]

    def __str__(self):
        return self.singulier


class Signataire(Source, Temporel):
    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="signataires", verbose_name="convention"
    )
    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="signatures", verbose_name="organisme"
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    qualite = models.CharField("qualité", max_length=120, blank=True, default="")

    objects = TemporelQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "signataire"
        constraints = [
            *Temporel.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "organisme"],
                condition=Q(date_fin=None),
                name="signataire_unique_par_convention",
                violation_error_message="Cet organisme signe déjà cette convention.",
            ),
        ]

    def __str__(self):
        return str(self.organisme)


class Demarche(Source):
    """A linked démarche: Génération Dijon, Cité éducative, contrat de ville…"""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="demarches", verbose_name="convention"
    )
    code = models.SlugField("code", max_length=60)
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.CharField("nom", max_length=200)
    periode = models.CharField("période", max_length=60, blank=True, default="")
    description = models.TextField("description", blank=True, default="")

    historique = Historique()

    class Meta:
        verbose_name = "démarche"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "code"],
                name="demarche_code_unique_par_convention",
                violation_error_message="Ce code de démarche est déjà pris dans cette convention.",
            ),
        ]

    def __str__(self):
        return self.nom


class ThematiqueDemarche(Source):
    """A thematic of a démarche, with the number of actions that it announces."""

    demarche = models.ForeignKey(
        Demarche, models.CASCADE, related_name="thematiques", verbose_name="démarche"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.TextField("nom")
    axes_strategiques = models.TextField(
        "axes stratégiques", blank=True, default="", help_text="Un par ligne."
    )
    nb_actions = models.PositiveSmallIntegerField("nombre d’actions annoncé", null=True, blank=True)

    class Meta:
        verbose_name = "thématique d’une démarche"
        verbose_name_plural = "thématiques de démarches"
        constraints = [
            models.UniqueConstraint(
                fields=["demarche", "ordre"],
                name="thematique_ordre_unique",
                violation_error_message="Cette place est déjà prise.",
            ),
        ]

    def __str__(self):
        return self.nom


class Texte(Source):
    """A passage of the signed annexes that has no record of its own. Empty: its page is a picture."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="textes", verbose_name="convention"
    )
    annexe = models.CharField("annexe", max_length=5, choices=Annexe)
    ordre = models.PositiveSmallIntegerField("ordre")
    titre = models.CharField("titre", max_length=300)
    texte = models.TextField("texte", blank=True, default="")

    class Meta:
        verbose_name = "texte de la convention"
        verbose_name_plural = "textes de la convention"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annexe", "ordre"],
                name="texte_ordre_unique_par_annexe",
                violation_error_message="Cette place est déjà prise dans l’annexe.",
            ),
            models.CheckConstraint(
                name="texte_annexe_connue",
                condition=Q(annexe__in=Annexe.values),
                violation_error_message="Cette annexe n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.titre


class Document(Source):
    """A reference document of the shared diagnosis, or a deliberation."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="documents", verbose_name="convention"
    )
    nature = models.CharField("nature", max_length=20, choices=NatureDocument)
    ordre = models.PositiveSmallIntegerField("ordre")
    titre = models.CharField("titre", max_length=300)
    date_document = models.DateField("date", null=True, blank=True)
    precision_document = precision_field("date")
    pagination = models.CharField("nombre de pages", max_length=60, blank=True, default="")
    url = LienField("lien", max_length=500, blank=True, default="")
    note = models.TextField("note", blank=True, default="")

    historique = Historique()

    class Meta:
        verbose_name = "document"
        constraints = [
            precision_constraint("document", "document"),
            models.UniqueConstraint(
                fields=["convention", "ordre"],
                name="document_ordre_unique_par_convention",
                violation_error_message="Cette place est déjà prise dans la liste des documents.",
            ),
        ]

    def __str__(self):
        return self.titre
