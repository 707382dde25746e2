from django.db import migrations

from bookingoffice.database import policies
from coupons.database import facts, facts_of_one, ledger


class Migration(migrations.Migration):
    """A number or an e-mail that is blank names nobody."""

    dependencies = [("coupons", "0016_facts_of_one")]

    operations = [
        policies.replaced(create, signature, serving=True)
        for create, signature in (*ledger.DOORS, *facts.FUNCTIONS, *facts_of_one.FUNCTIONS)
    ]
