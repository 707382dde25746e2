from django.db import migrations, models

from bookingoffice.database.indexes import ReplaceIndex


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index is built

    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("audit", "0003_changes_by_people"),
    ]

    operations = [
        ReplaceIndex(
            model_name="auditentry",
            index=models.Index(
                fields=["organization", "table_name", "row_id", "created_at"], name="audit_entries_row_idx"
            ),
        ),
        ReplaceIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "created_at", "id"], name="audit_entries_time_idx"),
        ),
        ReplaceIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("subject_id__isnull", False)),
                fields=["organization", "subject_id", "created_at"],
                name="audit_entries_subject_idx",
            ),
        ),
        ReplaceIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("actor_kind", "key"), _negated=True),
                fields=["organization", "actor_kind", "actor_id", "created_at", "id"],
                name="audit_entries_person_idx",
            ),
        ),
        ReplaceIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("actor_kind", "key"), _negated=True),
                fields=["organization", "created_at", "id"],
                name="audit_entries_people_idx",
            ),
        ),
    ]
