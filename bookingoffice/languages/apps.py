from django.apps import AppConfig, apps
from django.utils.translation import gettext, gettext_lazy, ngettext

from bookingoffice import speech


class LanguagesConfig(AppConfig):
    name = "bookingoffice.languages"
    label = "languages"
    verbose_name = gettext_lazy("Languages")

    def ready(self) -> None:
        """Rules know no Django, and are spoken in the language of the page all the same."""
        from bookingoffice.languages.nouns import name_tables

        speech.teach(gettext, ngettext)
        name_tables(apps.get_models())
