"""The verbs of coupons, one transaction each, called alike by the API, the admin and the commands.

A door opens the organization's scope; a service does the whole act in it, history included, or raises and changes nothing.
"""

from coupons.services.quoting import judge_booking, quote_cart
from coupons.services.redemption import Redemption, amend_many, redeem, redeem_many, release, release_many, reserve
from coupons.services.removal import archive_coupons, delete_coupons
from coupons.services.saving import change_coupons, change_each, create_coupons, put_coupons
from coupons.services.targets import add_targets, remove_targets, set_targets

__all__ = [
    "Redemption",
    "add_targets",
    "amend_many",
    "archive_coupons",
    "change_coupons",
    "change_each",
    "create_coupons",
    "delete_coupons",
    "judge_booking",
    "put_coupons",
    "quote_cart",
    "redeem",
    "redeem_many",
    "release",
    "release_many",
    "remove_targets",
    "reserve",
    "set_targets",
]
