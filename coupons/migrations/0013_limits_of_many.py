from django.db import migrations

from bookingoffice.database import policies
from coupons.database import limits


class Migration(migrations.Migration):
    dependencies = [("coupons", "0012_expiring_and_currencies")]

    operations = [policies.replaced(create, signature, serving=True) for create, signature in limits.DOORS]
