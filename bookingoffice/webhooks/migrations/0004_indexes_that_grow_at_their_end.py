from django.db import migrations, models

from bookingoffice.database.indexes import ReplaceIndex


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index is built

    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("webhooks", "0003_backlog"),
    ]

    operations = [
        ReplaceIndex(
            model_name="notification",
            index=models.Index(fields=["organization", "created_at", "id"], name="webhook_notes_newest_idx"),
        ),
    ]
