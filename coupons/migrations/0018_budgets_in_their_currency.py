from django.db import migrations, models

from bookingoffice.database import policies
from coupons.database import facts, facts_of_one, ledger


class Migration(migrations.Migration):
    """A budget counts what was taken in the currency of its coupon's limits."""

    dependencies = [("coupons", "0017_blank_customers")]

    operations = [
        migrations.AddField("couponbudget", "currency", models.TextField(null=True)),
        *[policies.replaced(create, signature) for create, signature in ledger.INTERNAL],
        *[
            policies.replaced(create, signature, serving=True)
            for create, signature in (*ledger.DOORS, *facts.FUNCTIONS, *facts_of_one.FUNCTIONS)
        ],
    ]
