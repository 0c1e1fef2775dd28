"""A document is drawn from what people typed: whatever that is, the engine asks nobody for anything."""

import io
import socket
import threading

import pytest
from pypdf import PdfReader

from ctg.pdf import write_pdf

CSS = (
    '@import "{site}/a.css"; @import url({site}/b.css); body {{ background: url({site}/c.png) }}'
    "@font-face {{ font-family: x; src: url({site}/d.woff) }} p {{ font-family: x; content: url({site}/e.svg) }}"
)
PAGE = (
    '<link rel="stylesheet" href="{site}/f.css"><link rel="attachment" href="{site}/g"><base href="{site}/">'
    '<img src="{site}/h.png" srcset="{site}/i.png 2x"><img src="//{hote}/j.png"><object data="{site}/k.svg"></object>'
    '<embed src="{site}/l.svg"><iframe src="{site}/m.html"></iframe><a rel="attachment" href="{site}/n">x</a>'
    '<svg><image href="{site}/o.png"/><use href="{site}/p.svg#x"/></svg><body background="{site}/q.png">'
    '<table background="{site}/r.png"><tr><td>x</td></tr></table>'
)


@pytest.fixture
def ecoute():
    """An address of this machine, and what was asked of it."""
    serveur = socket.create_server(("127.0.0.1", 0))
    serveur.settimeout(0.1)
    appels, fini = [], threading.Event()

    def ecouter():
        while not fini.is_set():
            try:
                appel, _ = serveur.accept()
            except TimeoutError:
                continue
            appels.append(appel.recv(200))
            appel.close()

    fil = threading.Thread(target=ecouter)
    fil.start()
    yield f"127.0.0.1:{serveur.getsockname()[1]}", appels
    fini.set()
    fil.join()
    serveur.close()


@pytest.mark.document
def test_nothing_leaves(ecoute, tmp_path):
    hote, appels = ecoute
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>NE-DOIT-PAS-SORTIR</text></svg>')
    html = "".join(
        f"<style>{CSS.format(site=site)}</style>{PAGE.format(site=site, hote=hote)}"
        for site in (
            f"http://{hote}",
            f"https://{hote}",
            f"ftp://{hote}",
            secret.as_uri().removesuffix("/secret.svg"),
        )
    )

    pdf = write_pdf(
        f"<html lang=fr><head><title>x</title></head><body>{html}<img src='{secret.as_uri()}'></body></html>"
    )

    assert pdf.startswith(b"%PDF")
    assert appels == []
    lecteur = PdfReader(io.BytesIO(pdf))
    assert not lecteur.attachments
    assert "NE-DOIT-PAS-SORTIR" not in "".join(page.extract_text() for page in lecteur.pages)


@pytest.mark.document
def test_the_ear_hears(ecoute):
    """Or the test above proves nothing."""
    hote, appels = ecoute
    with socket.create_connection(tuple(hote.split(":"))) as appel:
        appel.sendall(b"GET /")
    for _ in range(50):
        if appels:
            break
        threading.Event().wait(0.1)

    assert appels == [b"GET /"]
