from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("webhooks", "0003_backlog"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notification",
            name="webhook_notes_newest_idx",
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["organization", "created_at", "id"], name="webhook_notes_newest_idx"),
        ),
    ]
