from django.db import migrations

from bookingoffice.database import functions, policies


class Migration(migrations.Migration):
    dependencies = [("database", "0001_roles_and_functions")]

    operations = [
        policies.replaced(functions.UUID7, "public.uuid7()"),
        policies.replaced(functions.PUBLIC_ID, "public.public_id(text)"),
    ]
