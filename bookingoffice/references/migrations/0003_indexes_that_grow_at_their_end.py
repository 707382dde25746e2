from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("references", "0002_findable_bookings"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="booking",
            name="bookings_newest_idx",
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["organization", "created_at", "id"], name="bookings_newest_idx"),
        ),
    ]
