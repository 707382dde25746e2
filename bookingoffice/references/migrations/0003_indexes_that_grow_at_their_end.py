from django.db import migrations, models

from bookingoffice.database.indexes import ReplaceIndex


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index is built

    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("references", "0002_findable_bookings"),
    ]

    operations = [
        ReplaceIndex(
            model_name="booking",
            index=models.Index(fields=["organization", "created_at", "id"], name="bookings_newest_idx"),
        ),
    ]
