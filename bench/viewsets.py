"""A stock Django REST framework viewset over the same models: serializers, pages by offset, a token that is looked up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ModelViewSet

from bookingoffice.accounts.models import ApiKey, digest_of
from coupons.models import Coupon, CouponUse


class KeyHolder:
    is_authenticated = True


class ByKey(TokenAuthentication):
    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        found = ApiKey.objects.filter(digest=digest_of(key), revoked_at=None).first()
        if found is None:
            raise AuthenticationFailed
        return KeyHolder(), found


class Pages(LimitOffsetPagination):
    default_limit = 100
    max_limit = 1000


class UseSerializer(serializers.ModelSerializer[CouponUse]):
    class Meta:
        model = CouponUse
        fields = ("id", "created_at", "coupon", "booking")


class CouponSerializer(serializers.ModelSerializer[Coupon]):
    class Meta:
        model = Coupon
        fields = ("id", "created_at", "updated_at", "code", "description", "quota", "definition", "scope", "stackable")


class Stock(ModelViewSet[Any]):
    authentication_classes = [ByKey]
    pagination_class = Pages
    filtered: tuple[str, ...] = ()

    def get_queryset(self) -> Any:
        request: HttpRequest = self.request
        asked = {name: request.GET[name] for name in self.filtered if name in request.GET}
        rows = super().get_queryset().filter(organization_id=self.request.auth.organization_id)  # type: ignore[union-attr]
        return rows.filter(**asked)


class Uses(Stock):
    queryset = CouponUse.objects.order_by("-created_at")
    serializer_class = UseSerializer
    filtered = ("coupon",)


class Coupons(Stock):
    queryset = Coupon.objects.order_by("-created_at")
    serializer_class = CouponSerializer
    filtered = ("code",)


router = DefaultRouter()
router.register("uses", Uses)
router.register("coupons", Coupons)
urlpatterns = router.urls
