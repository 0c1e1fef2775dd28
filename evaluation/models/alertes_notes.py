"""What is watched in a series, and what is noted of the quartiers."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg.dates import date_plausible
from ctg.models import Convention, Historique, Quartier, Source
from ctg.recherche import Cherchable, CherchableQuerySet
from ctg.textes import texte_borne, textes_bornes
from evaluation.enums import NatureSeuil, PorteeSeuil
from evaluation.models.nombres import bornes
from evaluation.models.veille import D_AILLEURS, SerieSociale
from fiches.models import Axe
from gouvernance.models import Jalon, Reunion

PERIODES_MAX = 20  # how far back an evolution may look
DEJA_UN_SEUIL = "Cette série a déjà ce seuil : retirez-le d’abord."


class Seuil(models.Model):
    """What makes an alert: it is computed from the last figures, never entered."""

    serie = models.ForeignKey(SerieSociale, models.CASCADE, related_name="seuils", verbose_name="série")
    nature = models.CharField("alerte quand", max_length=20, choices=NatureSeuil)
    portee = models.CharField("de qui", max_length=20, choices=PorteeSeuil, default=PorteeSeuil.QUARTIERS)
    valeur = models.DecimalField("seuil", max_digits=15, decimal_places=4)
    nb_periodes = models.PositiveSmallIntegerField(
        "sur combien de périodes",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(PERIODES_MAX)],
        help_text="Pour une hausse ou une baisse seulement : 1 compare à la période précédente.",
    )

    historique = Historique()

    class Meta:
        verbose_name = "seuil d’alerte"
        verbose_name_plural = "seuils d’alerte"
        constraints = [
            models.UniqueConstraint(
                fields=["serie", "nature", "portee"],
                condition=Q(nb_periodes=None),
                name="seuil_unique_par_nature",
                violation_error_message=DEJA_UN_SEUIL,
            ),
            models.UniqueConstraint(
                fields=["serie", "nature", "portee", "nb_periodes"],
                condition=Q(nb_periodes__isnull=False),
                name="seuil_unique_par_evolution",
                violation_error_message=DEJA_UN_SEUIL,
            ),
            models.CheckConstraint(
                name="seuil_nature_connue",
                condition=Q(nature__in=NatureSeuil.values),
                violation_error_message="Cette alerte n’existe pas.",
            ),
            models.CheckConstraint(
                name="seuil_portee_connue",
                condition=Q(portee=PorteeSeuil.QUARTIERS)
                | (Q(portee=PorteeSeuil.VILLE) & ~Q(nature=NatureSeuil.ECART)),
                violation_error_message="L’écart à la ville se regarde pour chaque quartier.",
            ),
            models.CheckConstraint(
                name="seuil_periodes_d_une_evolution",
                condition=Q(
                    nature__in=[NatureSeuil.HAUSSE, NatureSeuil.BAISSE],
                    nb_periodes__isnull=False,
                    nb_periodes__range=(1, PERIODES_MAX),
                )
                | (Q(nb_periodes=None) & ~Q(nature__in=[NatureSeuil.HAUSSE, NatureSeuil.BAISSE])),
                violation_error_message=(
                    f"Une hausse ou une baisse dit sur combien de périodes (1 à {PERIODES_MAX}) ; les autres alertes n’en ont pas."
                ),
            ),
            models.CheckConstraint(
                name="seuil_pourcentage_positif",
                condition=Q(nature__in=[NatureSeuil.AU_DESSUS, NatureSeuil.EN_DESSOUS]) | Q(valeur__gt=0),
                violation_error_message="Un seuil en pourcentage est un nombre plus grand que zéro.",
            ),
            bornes("seuil_nombres_bornes", "valeur"),
        ]

    def __str__(self):
        return f"{self.get_nature_display()} {self.valeur.normalize():f}"

    def get_absolute_url(self):
        return f"{self.serie.get_absolute_url()}#alertes"


class NoteVeilleQuerySet(CherchableQuerySet):
    def for_list(self):
        return self.select_related("quartier", "serie__convention", "axe", "reunion", "jalon", "auteur")


class NoteVeille(Cherchable, Source):
    """What was seen or said of a quartier, often in its séminaire. No quartier: the whole city."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="notes_veille", verbose_name="convention"
    )
    quartier = models.ForeignKey(
        Quartier,
        models.PROTECT,
        related_name="notes_veille",
        verbose_name="quartier",
        null=True,
        blank=True,
    )
    date = models.DateField("date", validators=[date_plausible])
    titre = models.CharField("titre", max_length=120)
    texte = models.TextField("ce qui a été vu ou dit", validators=[texte_borne])
    theme = models.CharField("thème", max_length=80, blank=True, default="")
    jalon = models.ForeignKey(
        Jalon,
        models.SET_NULL,
        related_name="notes_veille",
        verbose_name="séminaire ou date du calendrier",
        null=True,
        blank=True,
    )
    reunion = models.ForeignKey(
        Reunion,
        models.PROTECT,
        related_name="notes_veille",
        verbose_name="réunion",
        null=True,
        blank=True,
    )
    serie = models.ForeignKey(
        SerieSociale,
        models.PROTECT,
        related_name="notes",
        verbose_name="série éclairée",
        null=True,
        blank=True,
    )
    axe = models.ForeignKey(
        Axe, models.PROTECT, related_name="notes_veille", verbose_name="axe", null=True, blank=True
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notes_veille",
        verbose_name="auteur",
        null=True,
        blank=True,
        editable=False,
    )

    objects = NoteVeilleQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "note de veille"
        verbose_name_plural = "notes de veille"
        constraints = [
            models.CheckConstraint(
                name="note_veille_ecrite",
                condition=~Q(titre="") & ~Q(texte=""),
                violation_error_message="Donnez un titre, et écrivez ce qui a été vu ou dit.",
            ),
            textes_bornes("texte", name="note_veille_textes_bornes"),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        notes = reverse("veille:notes", kwargs={"convention": self.convention.slug})
        return f"{notes}#note-{self.pk}"

    def get_textes_recherche(self):
        return [self.titre, self.texte, self.theme, str(self.quartier or "")]

    def clean(self):
        super().clean()
        if not self.convention_id:
            return
        fautes = {
            nom: D_AILLEURS.format(objet)
            for nom in ("jalon", "reunion", "serie", "axe")
            if (objet := getattr(self, nom)) is not None and objet.convention_id != self.convention_id
        }
        if self.quartier_id and self.quartier.decoupage.territoire_id != self.convention.territoire_id:
            fautes["quartier"] = D_AILLEURS.format(self.quartier)
        if fautes:
            raise ValidationError(fautes)
