"""django-allauth's login form, in our words."""

from allauth.account.forms import LoginForm


class ConnexionForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Adresse électronique"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # the label says it already
