"""The headers of every answer, pages, errors, static files and downloads alike; and the reference of each request."""

import secrets

EN_TETES = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# A file that is given is not a page of ours, whatever it holds: it asks for nothing and runs nothing.
TELECHARGEMENT = "default-src 'none'; sandbox; frame-ancestors 'none'"


class EnTetesMiddleware:
    """Outermost. Django's own middlewares do not answer for a request that they refuse."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.reference = secrets.token_hex(4)
        response = self.get_response(request)
        for nom, valeur in EN_TETES.items():
            response.headers.setdefault(nom, valeur)
        if response.get("Content-Disposition", "").startswith("attachment"):
            response["Content-Security-Policy"] = TELECHARGEMENT
        return response
