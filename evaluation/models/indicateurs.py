"""What is counted for a fiche, towards what, and in which parts."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ctg.dates import date_plausible
from ctg.models import (
    Convention,
    Historique,
    Motivable,
    Personne,
    Quartier,
    Repris,
    Source,
    Temporel,
    TemporelQuerySet,
)
from ctg.nombres import CHIFFRES, DECIMALES
from ctg.recherche import Cherchable, CherchableQuerySet
from evaluation.enums import (
    Agregation,
    NatureIndicateur,
    Periode,
    Periodicite,
    Sens,
    TypeIndicateur,
    Ventilation,
)
from evaluation.models.nombres import ANNEE_PLAUSIBLE, bornes, nombre_field
from evaluation.models.verrouillage import MOTIVER, premier, verrous_de
from fiches.models import FicheProjet
from structures.models import Structure


class IndicateurQuerySet(TemporelQuerySet, CherchableQuerySet):
    def non_clos(self, *, au):
        """In force on that day, or to come."""
        return self.filter(Q(date_fin=None) | Q(date_fin__gt=au))

    def for_entry(self):
        """With the targets and values that a page shows, in the order of the plan."""
        return (
            self.select_related("fiche")
            .prefetch_related(
                "cibles", "mesures__parts__modalite", "mesures__saisie_par", "mesures__pour_le_compte_de"
            )
            .order_by("fiche__axe__ordre", "fiche__numero", "ordre", "pk")
        )


class Indicateur(Motivable, Repris, Source, Temporel, Cherchable):
    """What is counted for a fiche, in which unit, from where and towards what.

    `DEFINITION`: what a value means; it locks once a value was submitted, and changes afterwards with a reason.
    """

    DEFINITION = (
        "code",
        "fiche",
        "intitule",
        "definition",
        "nature",
        "unite",
        "periodicite",
        "periode",
        "sens",
        "valeur_depart",
        "date_depart",
        "ventilation",
        "agregation",
    )

    fiche = models.ForeignKey(FicheProjet, models.PROTECT, related_name="indicateurs", verbose_name="fiche")
    code = models.SlugField("code", max_length=30)
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=300)
    definition = models.TextField("définition et mode de calcul", blank=True, default="")
    nature = models.CharField("nature", max_length=20, choices=NatureIndicateur)
    type_indicateur = models.CharField("type", max_length=20, choices=TypeIndicateur)
    unite = models.CharField("unité", max_length=40, blank=True, default="")
    periodicite = models.CharField(
        "périodicité", max_length=20, choices=Periodicite, default=Periodicite.ANNUELLE
    )
    periode = models.CharField(
        "période couverte", max_length=20, choices=Periode, default=Periode.ANNEE_CIVILE
    )
    sens = models.CharField("sens souhaité", max_length=20, choices=Sens, default=Sens.HAUSSE)
    valeur_depart = nombre_field("valeur de départ")
    date_depart = models.DateField(
        "date de la valeur de départ", null=True, blank=True, validators=[date_plausible]
    )
    borne_min = nombre_field("plus petite valeur plausible")
    borne_max = nombre_field("plus grande valeur plausible")
    producteur = models.CharField("source et producteur de la donnée", max_length=200, blank=True, default="")
    ventilation = models.CharField(
        "détail demandé", max_length=20, choices=Ventilation, default=Ventilation.AUCUNE
    )
    agregation = models.CharField(
        "comment le total se fait", max_length=20, choices=Agregation, default=Agregation.SOMME
    )
    responsable = models.ForeignKey(
        Personne,
        models.SET_NULL,
        related_name="indicateurs",
        verbose_name="saisi par",
        null=True,
        blank=True,
        help_text="Vide : le référent de la fiche, sinon le coordinateur de l’axe.",
    )

    objects = IndicateurQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche"])

    class Meta(Temporel.Meta):
        verbose_name = "indicateur"
        constraints = [
            *Temporel.Meta.constraints,
            *Repris.Meta.constraints,
            models.UniqueConstraint(
                fields=["fiche", "predecesseur"],
                condition=Q(date_fin=None),
                name="indicateur_repris_une_fois",
                violation_error_message="Un autre indicateur prend déjà la suite de celui-ci.",
            ),
            models.UniqueConstraint(
                fields=["fiche", "code"],
                condition=Q(date_fin=None),
                name="indicateur_code_unique_en_vigueur",
                violation_error_message="Un indicateur de cette fiche a déjà ce code.",
            ),
            models.CheckConstraint(
                name="indicateur_nature_connue",
                condition=Q(nature__in=NatureIndicateur.values),
                violation_error_message="Cette nature d’indicateur n’existe pas.",
            ),
            models.CheckConstraint(
                name="indicateur_bornes_ordonnees",
                condition=Q(borne_min=None) | Q(borne_max=None) | Q(borne_max__gte=F("borne_min")),
                violation_error_message="La plus grande valeur plausible est inférieure à la plus petite.",
            ),
            models.CheckConstraint(
                name="indicateur_ventilation_connue",
                condition=Q(ventilation__in=Ventilation.values, agregation__in=Agregation.values),
                violation_error_message="Ce détail, ou cette façon de faire le total, n’existe pas.",
            ),
            bornes("indicateur_nombres_bornes", "valeur_depart", "borne_min", "borne_max"),
        ]

    def __str__(self):
        return f"{self.code} – {self.intitule}"

    def get_absolute_url(self):
        return reverse("indicateurs:detail", kwargs={"convention": self.fiche.convention.slug, "pk": self.pk})

    def get_convention(self) -> Convention:
        return self.fiche.convention

    def get_textes_recherche(self):
        return [self.code, self.intitule, self.unite, self.definition, self.producteur]

    def verrous(self) -> dict[str, str]:
        noms = {self._meta.get_field(name).attname: name for name in self.DEFINITION}
        avant = None
        if not self._state.adding:
            avant = type(self)._base_manager.filter(pk=self.pk).values(*noms).first()
        changes = [
            name for attname, name in noms.items() if avant and avant[attname] != getattr(self, attname)
        ]
        verrou = premier(verrous_de(self)) if changes else None
        return dict.fromkeys(changes, f"{verrou.raison} {MOTIVER}") if verrou else {}

    @property
    def a_des_cibles(self) -> bool:
        return self.nature not in NatureIndicateur.SANS_ECART

    @property
    def unite_affichee(self) -> str:
        if self.nature == NatureIndicateur.POURCENTAGE:
            return "%"
        return self.unite or ("€" if self.nature == NatureIndicateur.MONTANT else "")


class Cible(Motivable, Source):
    """The target of one year; it locks once a value of that year was submitted."""

    indicateur = models.ForeignKey(
        Indicateur, models.CASCADE, related_name="cibles", verbose_name="indicateur"
    )
    annee = models.PositiveSmallIntegerField("année")
    valeur = models.DecimalField("cible", max_digits=CHIFFRES, decimal_places=DECIMALES)

    historique = Historique()

    class Meta:
        verbose_name = "cible"
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "annee"],
                name="cible_unique_par_annee",
                violation_error_message="Cet indicateur a déjà une cible pour cette année.",
            ),
            models.CheckConstraint(
                name="cible_annee_plausible",
                condition=ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
            bornes("cible_nombres_bornes", "valeur"),
        ]

    def __str__(self):
        return f"{self.annee} : {self.valeur}"

    def verrous(self) -> dict[str, str]:
        champs = ("indicateur_id", "annee", "valeur")
        avant = None
        if not self._state.adding:
            avant = type(self)._base_manager.filter(pk=self.pk).values(*champs).first()
        if avant and all(avant[champ] == getattr(self, champ) for champ in champs):
            return {}
        poses = verrous_de(self.indicateur)
        verrou = poses.get(self.annee) or (poses.get(avant["annee"]) if avant else None)
        return {"valeur": f"{verrou.raison} {MOTIVER}"} if verrou else {}

    def verifier_verrous_suppression(self) -> None:
        verrou = None if self._motif else verrous_de(self.indicateur).get(self.annee)
        if verrou:
            raise ValidationError(f"Cible {self.annee}. {verrou.raison} {MOTIVER}")


class ModaliteIndicateur(Motivable):
    """One part of a detailed indicator: a quartier, a structure, an age band, a sex. It locks with the definition."""

    indicateur = models.ForeignKey(
        Indicateur, models.CASCADE, related_name="modalites", verbose_name="indicateur"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("part", max_length=200)
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="modalites", verbose_name="quartier", null=True, blank=True
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="modalites", verbose_name="structure", null=True, blank=True
    )

    historique = Historique()

    class Meta:
        verbose_name = "part d’un indicateur"
        verbose_name_plural = "parts d’un indicateur"
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "libelle"],
                name="modalite_unique_par_indicateur",
                violation_error_message="Cet indicateur a déjà cette part.",
            ),
            models.CheckConstraint(
                name="modalite_nomme_une_chose",
                condition=Q(quartier=None) | Q(structure=None),
                violation_error_message="Une part nomme un quartier ou une structure, pas les deux.",
            ),
        ]

    def __str__(self):
        return self.libelle

    @property
    def convention_id(self) -> int:
        """In which a right on this part is judged; whoever asks about many selects `indicateur__fiche`."""
        return self.indicateur.fiche.convention_id

    def verrous(self) -> dict[str, str]:
        champs = ("indicateur_id", "libelle", "quartier_id", "structure_id")
        avant = None
        if not self._state.adding:
            avant = type(self)._base_manager.filter(pk=self.pk).values(*champs).first()
        if avant and all(avant[champ] == getattr(self, champ) for champ in champs):
            return {}
        verrou = premier(verrous_de(self.indicateur))
        return {"libelle": f"{verrou.raison} {MOTIVER}"} if verrou else {}

    def verifier_verrous_suppression(self) -> None:
        verrou = None if self._motif else premier(verrous_de(self.indicateur))
        if verrou:
            raise ValidationError(f"Part « {self.libelle} ». {verrou.raison} {MOTIVER}")
