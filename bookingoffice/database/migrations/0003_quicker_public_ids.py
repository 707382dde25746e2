from django.db import migrations

from bookingoffice.database import functions, policies


class Migration(migrations.Migration):
    dependencies = [("database", "0002_quicker_ids")]

    operations = [policies.replaced(functions.PUBLIC_ID, "public.public_id(text)")]
