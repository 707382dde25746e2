from django.db import migrations

from bookingoffice.database import policies
from coupons.database import facts, ledger


class Migration(migrations.Migration):
    dependencies = [
        ("coupons", "0004_budgets"),
        ("references", "0001_initial"),
    ]

    operations = [
        *[policies.replaced(create, signature) for create, signature in ledger.INTERNAL],
        *[policies.replaced(create, signature, serving=True) for create, signature in ledger.DOORS],
        migrations.RunSQL(facts.ANSWERS_ROWS_NO_MORE, migrations.RunSQL.noop),
        *[policies.replaced(create, signature, serving=True) for create, signature in facts.FUNCTIONS],
    ]
