from django.db import migrations

from bookingoffice.database import policies
from bookingoffice.webhooks import lookups


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0002_replays"),
    ]

    operations = [
        policies.function(lookups.BACKLOG, "public.webhook_backlog()", serving=True),
    ]
