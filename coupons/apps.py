from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class CouponsConfig(AppConfig):
    name = "coupons"
    label = "coupons"
    verbose_name = gettext_lazy("Coupons")

    def ready(self) -> None:
        from bookingoffice.audit.finding import finds
        from bookingoffice.references.naming import names
        from bookingoffice.webhooks.tellers import tells
        from coupons.happenings import TELLER
        from coupons.querysets import coupons_by_code, coupons_naming_seasons

        names("seasons", coupons_naming_seasons)
        finds(coupons_by_code)
        tells(TELLER)
