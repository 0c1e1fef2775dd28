"""What a browser would send back of a page."""

from html.parser import HTMLParser


class _Formulaire(HTMLParser):
    """The values of every field of the forms of a page, as a browser would post them."""

    def __init__(self):
        super().__init__()
        self.data: dict[str, str | list[str]] = {}
        self.textarea = self.select = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and "disabled" not in attrs:
            if attrs.get("type") in ("checkbox", "radio"):
                if "checked" in attrs:
                    self._add(name, attrs.get("value", "on"))
            else:
                self._add(name, attrs.get("value", ""))
        elif tag == "textarea" and name:
            self.textarea, self.texte = name, ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self._add(self.select, attrs.get("value", ""))

    def handle_data(self, data):
        if self.textarea:
            self.texte += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            self._add(self.textarea, self.texte.removeprefix("\n"))
            self.textarea = None
        elif tag == "select":
            self.select = None

    def _add(self, name, value):
        if name in self.data:
            before = self.data[name]
            self.data[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            self.data[name] = value


def formulaire(response) -> dict:
    assert response.status_code == 200, response.status_code
    parser = _Formulaire()
    parser.feed(response.content.decode())
    parser.data.pop("csrfmiddlewaretoken", None)
    return parser.data


def formulaire_admin(response) -> dict:
    """The same of a page of the administration, saved with its first button."""
    return {cle: lu for cle, lu in formulaire(response).items() if not cle.startswith("_")} | {"_save": ""}
