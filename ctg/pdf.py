"""WeasyPrint, kept from fetching anything but the project's own static files. Slow to import: do it late."""

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# Documents name our static files under this address, which exists nowhere.
STATIC_BASE = "http://statique.invalid/"
TYPES_MIME = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


class FetchRefusedError(ValueError):
    """A document asked for something else than a static file of the project."""


class StaticFetcher(URLFetcher):
    """Static files of the project, by name; every other address is refused, and the refusal is kept."""

    def __init__(self):
        super().__init__(allowed_protocols=())
        self.refused: list[str] = []

    def fetch(self, url, headers=None):
        path = self._find(url)
        if path is None:
            self.refused.append(url)
            raise FetchRefusedError(f"Adresse refusée : {url[:200]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES_MIME[path.suffix]})

    def _find(self, url: str) -> Path | None:
        name = PurePosixPath(unquote(urlsplit(url).path).lstrip("/"))
        if not url.startswith(STATIC_BASE) or ".." in name.parts or name.suffix not in TYPES_MIME:
            return None
        found = finders.find(str(name))
        return Path(found) if found else None


def write_pdf(html: str) -> bytes:
    """A tagged PDF; `html` names its styles relative to the static folder (« ctg/rapport.css »)."""
    return HTML(string=html, base_url=STATIC_BASE, url_fetcher=StaticFetcher()).write_pdf(pdf_tags=True)
