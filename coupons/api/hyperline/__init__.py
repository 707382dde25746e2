"""Coupons as Hyperline's API has them: the contract of its reference, one projection of the coupon among four."""
