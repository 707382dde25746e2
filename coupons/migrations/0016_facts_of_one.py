from django.db import migrations

from bookingoffice.database import policies
from coupons.database import facts_of_one


class Migration(migrations.Migration):
    dependencies = [
        ("coupons", "0015_quicker_code_keys"),
        ("references", "0001_initial"),
    ]

    operations = [policies.function(create, signature, serving=True) for create, signature in facts_of_one.FUNCTIONS]
