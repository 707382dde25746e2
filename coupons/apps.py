from django.apps import AppConfig


class CouponsConfig(AppConfig):
    name = "coupons"
    label = "coupons"
    verbose_name = "Coupons"
