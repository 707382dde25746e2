from django.db import migrations

from bookingoffice.database import policies
from coupons import sql


class Migration(migrations.Migration):
    dependencies = [("coupons", "0014_indexes_that_grow_at_their_end")]

    operations = [policies.replaced(*sql.CODE_KEY)]
