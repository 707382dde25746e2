from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("coupons", "0013_limits_of_many"),
        ("references", "0002_findable_bookings"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="coupon",
            name="coupons_newest_idx",
        ),
        migrations.RemoveIndex(
            model_name="couponuse",
            name="coupon_uses_newest_idx",
        ),
        migrations.RemoveIndex(
            model_name="couponuse",
            name="coupon_uses_of_coupon_idx",
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(fields=["organization", "created_at", "id"], name="coupons_newest_idx"),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(
                fields=["organization", "created_at", "coupon", "booking"],
                include=("id", "state", "expires_at"),
                name="coupon_uses_newest_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(
                fields=["organization", "coupon", "created_at", "booking"],
                include=("id", "state", "expires_at"),
                name="coupon_uses_of_coupon_idx",
            ),
        ),
    ]
