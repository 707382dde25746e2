from django.db import migrations, models

from bookingoffice.database.indexes import ReplaceIndex


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index is built

    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("coupons", "0013_limits_of_many"),
        ("references", "0002_findable_bookings"),
    ]

    operations = [
        ReplaceIndex(
            model_name="coupon",
            index=models.Index(fields=["organization", "created_at", "id"], name="coupons_newest_idx"),
        ),
        ReplaceIndex(
            model_name="couponuse",
            index=models.Index(
                fields=["organization", "created_at", "coupon", "booking"],
                include=("id", "state", "expires_at"),
                name="coupon_uses_newest_idx",
            ),
        ),
        ReplaceIndex(
            model_name="couponuse",
            index=models.Index(
                fields=["organization", "coupon", "created_at", "booking"],
                include=("id", "state", "expires_at"),
                name="coupon_uses_of_coupon_idx",
            ),
        ),
    ]
