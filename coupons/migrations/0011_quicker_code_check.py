from django.db import migrations

import bookingoffice.database.constraints
from coupons import sql


class Migration(migrations.Migration):
    dependencies = [("coupons", "0010_listed_uses")]

    operations = [
        migrations.RemoveConstraint("coupon", name="coupons_code_check"),
        migrations.AddConstraint(
            "coupon",
            bookingoffice.database.constraints.SqlCheck(name="coupons_code_check", condition=sql.CODE_CHECK),
        ),
    ]
