from django.db import migrations

from bookingoffice.database import policies
from coupons.database import facts


class Migration(migrations.Migration):
    dependencies = [
        ("coupons", "0001_initial"),
        ("references", "0001_initial"),
    ]

    operations = [policies.function(create, signature, serving=True) for create, signature in facts.FUNCTIONS]
