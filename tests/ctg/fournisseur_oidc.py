"""A provider of OpenID Connect that runs here, and can lie about one thing at a time."""

import base64
import hashlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.conftest import COMPTES_PAR_NOM

SUJET = "sujet-4f1c"
CLES = {nom: rsa.generate_private_key(public_exponent=65537, key_size=2048) for nom in ("vraie", "autre")}


class Fournisseur(ThreadingHTTPServer):
    """What it says can be falsified, one thing at a time."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Reponse)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.codes, self.jetons, self.demandes = {}, {}, 0
        self.personne = {"sub": SUJET, "email": COMPTES_PAR_NOM["copil"]}
        self.id_token, self.userinfo = {}, {}  # claims to replace; None removes
        self.cle_id_token = self.cle_userinfo = "vraie"
        self.alg = "RS256"
        self.brut = {}  # path: what is answered instead

    def autoriser(self, adresse):
        """The person identified themselves: the parameters of the return."""
        params = dict(parse_qsl(urlsplit(adresse).query))
        assert params["client_id"] == "ctg"
        assert params["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = params
        return {"code": code, "state": params["state"]}

    def signer(self, claims, cle):
        if self.alg == "HS256":
            return jwt.encode(claims, "secret-du-client" * 4, "HS256", headers={"kid": "k1"})
        return jwt.encode(claims, CLES[cle], "RS256", headers={"kid": "k1"})

    def communs(self):
        now = int(time.time())
        return {"iss": self.url, "aud": "ctg", "iat": now, "exp": now + 60}

    def repondre_jeton(self, form):
        params = self.codes.pop(form["code"])
        empreinte = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(empreinte).rstrip(b"=").decode() == params["code_challenge"]
        assert (form["client_id"], form["client_secret"]) == ("ctg", "secret-du-client")
        assert form["redirect_uri"] == params["redirect_uri"]
        claims = self.communs() | {"sub": self.personne["sub"], "nonce": params["nonce"]} | self.id_token
        claims = {nom: valeur for nom, valeur in claims.items() if valeur is not None}
        acces = f"acces-{len(self.jetons)}"
        self.jetons[acces] = True
        return {
            "access_token": acces,
            "token_type": "Bearer",
            "id_token": self.signer(claims, self.cle_id_token),
        }

    def repondre_cles(self):
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(CLES["vraie"].public_key(), as_dict=True)
        return {"keys": [jwk | {"kid": "k1", "use": "sig", "alg": "RS256"}]}


class Reponse(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        self.repondre({})

    def do_POST(self):
        corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.repondre({nom: valeurs[0] for nom, valeurs in parse_qs(corps).items()})

    def repondre(self, form):
        op, genre, statut = self.server, "application/json", 200
        op.demandes += 1
        if self.path in op.brut:
            statut, genre, corps = op.brut[self.path]
        elif self.path == "/token":
            corps = json.dumps(op.repondre_jeton(form))
        elif self.path == "/jwks":
            corps = json.dumps(op.repondre_cles())
        else:
            assert self.headers["Authorization"].removeprefix("Bearer ") in op.jetons
            genre = "application/jwt; charset=utf-8"
            corps = op.signer(op.communs() | op.personne | op.userinfo, op.cle_userinfo)
        self.send_response(statut)
        self.send_header("Content-Type", genre)
        self.end_headers()
        self.wfile.write(corps.encode())
