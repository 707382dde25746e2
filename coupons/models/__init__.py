"""The state of coupons: the discount and its limits, what it is for, and the ledger of its uses."""

from coupons.models.coupon import Coupon, CouponBatch, Kind, Repeat, RepeatUnit, ScopeOfDiscount
from coupons.models.ledger import CouponBatchCounter, CouponBudget, CouponCounter, CouponCustomer, CouponUse, UseState
from coupons.models.targets import CouponPlan, CouponProduct, CouponService

__all__ = [
    "Coupon",
    "CouponBatch",
    "CouponBatchCounter",
    "CouponBudget",
    "CouponCounter",
    "CouponCustomer",
    "CouponPlan",
    "CouponProduct",
    "CouponService",
    "CouponUse",
    "Kind",
    "Repeat",
    "RepeatUnit",
    "ScopeOfDiscount",
    "UseState",
]
