"""What maps may be drawn on. Whoever installs the application chooses: a background is asked of another's servers."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Fond:
    """`origine`: the only address outside from which pages may then take images; `credit`: who is to be named."""

    origine: str
    chemin: str
    zoom_max: int
    credit: str
    credit_url: str

    @property
    def url(self) -> str:
        return f"{self.origine}{self.chemin}"


FONDS = {
    "ign": Fond(
        "https://data.geopf.fr",
        "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal"
        "&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        19,
        "© IGN – Géoplateforme",
        "https://cartes.gouv.fr/",
    ),
    "osm": Fond(
        "https://tile.openstreetmap.org",
        "/{z}/{x}/{y}.png",
        19,
        "© les contributeurs d’OpenStreetMap",
        "https://www.openstreetmap.org/copyright",
    ),
}


def choisir_fond(nom: str) -> Fond | None:
    if nom and nom not in FONDS:
        raise ImproperlyConfigured(
            f"CARTE_FOND vaut « {nom} » : écrire {' ou '.join(FONDS)}, ou laisser vide pour n’avoir aucun fond."
        )
    return FONDS.get(nom)
