"""A signed avenant applies: all of its lines, in one transaction, through the services that write each thing."""

import datetime
from collections.abc import Callable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from ctg.models import Avenant, Signataire
from ctg.nombres import ecrire_nombre
from ctg.templatetags.affichage import date_longue
from evaluation import canonique
from evaluation.avenants.contenu import lire_lignes
from evaluation.avenants.enums import EtatProjet, NatureChangement
from evaluation.avenants.obstacles import collect_obstacles
from evaluation.avenants.services import passer, prendre
from evaluation.definitions import clore_indicateur, enregistrer_indicateur, remplacer_indicateur
from evaluation.forms_indicateurs import IndicateurForm
from evaluation.forms_vie_indicateur import RemplacerForm
from evaluation.models import ChangementProjete, Indicateur, ProjetAvenant
from evaluation.models.regles_avenants import CIBLES_CHIFFREES
from fiches import succession_arbre
from fiches.ajout import ajouter_fiche, axe_d_attache, axes_portes
from fiches.models import Axe, FicheProjet
from fiches.services import clore_fiche
from fiches.succession import succeder
from structures import inscriptions

N = NatureChangement
# What is added first, then what moves, and last what closes: nothing is refused for the order of the page.
ORDRE = (
    N.AXE_AJOUTER,
    N.OBJECTIF_AJOUTER,
    N.FICHE_AJOUTER,
    N.FICHE_MODIFIER,
    N.FICHE_RATTACHER,
    N.INDICATEUR_AJOUTER,
    N.INDICATEUR_REMPLACER,
    N.AXE_MODIFIER,
    N.OBJECTIF_MODIFIER,
    N.STRUCTURE_INSCRIRE,
    N.INSCRIPTION_CHANGER,
    N.INSCRIPTION_RETIRER,
    N.SIGNATAIRE_AJOUTER,
    N.SIGNATAIRE_RETIRER,
    N.INDICATEUR_CLORE,
    N.OBJECTIF_CLORE,
    N.FICHE_CLORE,
    N.AXE_CLORE,
)


@transaction.atomic
def appliquer(projet_id: int, *, user, now: datetime.datetime) -> ProjetAvenant:
    """From its date on, the plan is what it says; all of it or nothing. Raises ValidationError, line by line."""
    projet = prendre(projet_id)
    verifier_applicable(projet, today=timezone.localdate(now))
    avenant = Avenant(
        convention=projet.convention,
        numero=projet.numero,
        intitule=projet.objet,
        date_effet=projet.date_effet,
    )
    avenant.full_clean()
    avenant.save()
    _Application(projet, avenant, user=user, now=now).faire()
    projet.avenant = avenant
    return passer(projet, EtatProjet.APPLIQUE, "Appliqué")


@transaction.atomic
def essayer(projet_id: int, *, user, now: datetime.datetime) -> None:
    """Whether it would apply: everything is written, then given back. Raises ValidationError."""
    try:
        appliquer(projet_id, user=user, now=now)
    finally:
        transaction.set_rollback(True)


def verifier_applicable(projet: ProjetAvenant, *, today: datetime.date) -> None:
    """Raises ValidationError with all that forbids it."""
    if projet.statut != EtatProjet.SIGNE:
        raise ValidationError("Seul un avenant signé s’applique.")
    if canonique.empreinte(projet.contenu) != projet.empreinte:
        raise ValidationError("Le contenu arrêté n’a plus son empreinte : il ne s’applique pas.")
    if projet.date_effet > today:
        raise ValidationError(
            f"Cet avenant prend effet le {date_longue(projet.date_effet)} : il s’applique à partir de ce jour."
        )
    if obstacles := collect_obstacles(projet):
        raise ValidationError([obstacle.phrase for obstacle in obstacles])


class _Application:
    def __init__(self, projet: ProjetAvenant, avenant: Avenant, *, user, now: datetime.datetime):
        self.projet, self.avenant, self.user, self.now = projet, avenant, user, now
        self.faits: dict[int, models.Model] = {}  # {line: what it wrote}

    def faire(self) -> None:
        lignes = lire_lignes(self.projet)
        profondeur = {ligne.pk: -ligne.axe.rang if ligne.nature == N.AXE_CLORE else 0 for ligne in lignes}
        fautes = []
        for ligne in sorted(lignes, key=lambda li: (ORDRE.index(li.nature), profondeur[li.pk], li.ordre)):
            try:
                with transaction.atomic():
                    self._une(ligne, lignes)
            except ValidationError as error:
                fautes += [f"{ligne} : {message}" for message in error.messages]
        if fautes:
            raise ValidationError(fautes)
        for ligne in lignes:
            objet = self.faits[ligne.pk]
            vu = objet.historique.order_by("-history_id").values_list("history_id", flat=True).first()
            ligne.trace = {"objet": objet.pk, "vu": vu}
            ligne.save()

    def _une(self, ligne: ChangementProjete, lignes: list[ChangementProjete]) -> None:
        if ligne.nature in {N.FICHE_MODIFIER, N.FICHE_RATTACHER}:
            siennes = [
                autre
                for autre in lignes
                if autre.nature in {N.FICHE_MODIFIER, N.FICHE_RATTACHER} and autre.fiche_id == ligne.fiche_id
            ]
            if ligne.pk not in self.faits:  # one text of the fiche, whatever the number of lines
                self.faits |= dict.fromkeys([autre.pk for autre in siennes], self._fiche(siennes))
            return
        faire: Callable = getattr(self, f"_{ligne.nature}")
        self.faits[ligne.pk] = faire(ligne)

    def _dans(self, ligne: ChangementProjete, cible: models.Model | None):
        """What the line names, as it is now; or what this projet has just added."""
        if ligne.sous_id:
            if (fait := self.faits.get(ligne.sous_id)) is None:
                raise ValidationError("Ce qui devait la recevoir n’a pas pu être ajouté.")
            return fait
        return cible and type(cible).objects.get(pk=cible.pk)

    @staticmethod
    def _valeurs(ligne: ChangementProjete) -> dict:
        """The values of the line, as the fields hold them."""
        champs = ligne.regle.modele._meta
        lues = {}
        for nom, valeur in ligne.valeurs.items():
            champ = champs.get_field(nom)
            if champ.many_to_one and valeur is not None:
                lues[nom] = champ.related_model.objects.get(pk=valeur)
            else:
                lues[nom] = valeur
        return lues

    def _axe_ajouter(self, ligne: ChangementProjete) -> Axe:
        return succession_arbre.ajouter_axe(self.avenant, self._dans(ligne, ligne.axe), self._valeurs(ligne))

    def _axe_modifier(self, ligne: ChangementProjete) -> Axe:
        return succession_arbre.changer(ligne.axe, self.avenant, self._valeurs(ligne))

    def _axe_clore(self, ligne: ChangementProjete) -> Axe:
        return succession_arbre.clore(ligne.axe, self.avenant)

    def _objectif_ajouter(self, ligne: ChangementProjete):
        return succession_arbre.ajouter_objectif(
            self.avenant, self._dans(ligne, ligne.axe), self._valeurs(ligne)
        )

    def _objectif_modifier(self, ligne: ChangementProjete):
        return succession_arbre.changer(ligne.objectif, self.avenant, self._valeurs(ligne))

    def _objectif_clore(self, ligne: ChangementProjete):
        return succession_arbre.clore(ligne.objectif, self.avenant)

    def _fiche_ajouter(self, ligne: ChangementProjete) -> FicheProjet:
        return ajouter_fiche(self.avenant, self._dans(ligne, ligne.axe), self._valeurs(ligne))

    def _fiche(self, lignes: list[ChangementProjete]) -> FicheProjet:
        champs = {}
        for ligne in lignes:
            if ligne.nature == N.FICHE_MODIFIER:
                champs |= self._valeurs(ligne)
                continue
            axes = list(Axe.objects.filter(pk__in=ligne.valeurs["axes"]).order_by("ordre", "pk"))
            if ligne.sous_id:
                axes.append(self._dans(ligne, None))
            attache = axe_d_attache(self.projet.convention, axes[0])
            champs |= {"axe": attache, "axes": axes_portes(attache, axes)}
        return succeder(lignes[0].fiche_id, self.avenant, champs)

    def _fiche_clore(self, ligne: ChangementProjete) -> FicheProjet:
        fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=ligne.fiche_id)
        clore_fiche(fiche, au=self.avenant.date_effet, motif=self._motif(ligne))
        return fiche

    def _indicateur_ajouter(self, ligne: ChangementProjete) -> Indicateur:
        fiche = self._dans(ligne, ligne.fiche)
        form = IndicateurForm(_saisie(IndicateurForm(fiche=fiche), ligne), fiche=fiche)
        form.instance.date_effet, form.instance.source = self.avenant.date_effet, str(self.avenant)[:200]
        _exiger(form)
        return enregistrer_indicateur(form, user=self.user, now=self.now)

    def _indicateur_remplacer(self, ligne: ChangementProjete) -> Indicateur:
        ancien = Indicateur.objects.get(pk=ligne.indicateur_id)
        options = {
            "fiche": ancien.fiche,
            "ancien": ancien,
            "initial": {nom: getattr(ancien, nom) for nom in IndicateurForm._meta.fields},
            "cibles": {cible.annee: cible.valeur for cible in ancien.cibles.all()},
            "modalites": list(ancien.modalites.order_by("ordre", "pk")),
        }
        donnees = _saisie(RemplacerForm(None, **options), ligne)
        donnees |= {"date_effet": self.avenant.date_effet.isoformat(), "motif": self._motif(ligne)}
        form = RemplacerForm(donnees, **options)
        form.instance.source = str(self.avenant)[:200]
        _exiger(form)
        return remplacer_indicateur(ancien, form, user=self.user, now=self.now)

    def _indicateur_clore(self, ligne: ChangementProjete) -> Indicateur:
        indicateur = Indicateur.objects.get(pk=ligne.indicateur_id)
        clore_indicateur(indicateur, au=self.avenant.date_effet, motif=self._motif(ligne))
        return indicateur

    def _structure_inscrire(self, ligne: ChangementProjete):
        return inscriptions.inscrire(
            ligne.structure, self.projet.convention, self.avenant, self._valeurs(ligne)
        )

    def _inscription_changer(self, ligne: ChangementProjete):
        return inscriptions.changer(ligne.inscription_id, self.avenant, self._valeurs(ligne))

    def _inscription_retirer(self, ligne: ChangementProjete):
        return inscriptions.retirer(ligne.inscription_id, self.avenant)

    def _signataire_ajouter(self, ligne: ChangementProjete) -> Signataire:
        siens = self.projet.convention.signataires
        signataire = Signataire(
            convention=self.projet.convention,
            organisme=ligne.organisme,
            ordre=(siens.aggregate(ordre=Max("ordre"))["ordre"] or 0) + 1,
            qualite=ligne.valeurs.get("qualite", ""),
            date_effet=self.avenant.date_effet,
            source=str(self.avenant)[:200],
        )
        signataire.full_clean()
        signataire.save()
        return signataire

    def _signataire_retirer(self, ligne: ChangementProjete) -> Signataire:
        signataire = Signataire.objects.select_for_update(of=("self",)).get(pk=ligne.signataire_id)
        signataire.date_fin, signataire._change_reason = self.avenant.date_effet, str(self.avenant)
        signataire.full_clean()
        signataire.save()
        return signataire

    def _motif(self, ligne: ChangementProjete) -> str:
        return f"{self.avenant}{f' : {ligne.motif}' if ligne.motif else ''}"[:300]


def _saisie(form: IndicateurForm, ligne: ChangementProjete) -> dict:
    """What somebody would type in that form to write the line: what it opens with, then what the line says."""
    donnees = {nom: form[nom].value() for nom in form.fields}
    for nom, valeur in ligne.valeurs.items():
        if nom == CIBLES_CHIFFREES:
            donnees |= dict.fromkeys(form.noms_des_cibles, "")
            donnees |= {f"cible_{annee}": _nombre(cible) for annee, cible in valeur.items()}
        elif isinstance(form.instance._meta.get_field(nom), models.DecimalField):
            donnees[nom] = _nombre(valeur)
        else:
            donnees[nom] = valeur
    return {nom: valeur for nom, valeur in donnees.items() if valeur is not None}


def _nombre(valeur: str | None) -> str:
    return ecrire_nombre(None if valeur is None else Decimal(valeur))


def _exiger(form: IndicateurForm) -> None:
    if not form.is_valid():
        raise ValidationError([message for messages in form.errors.values() for message in messages])
