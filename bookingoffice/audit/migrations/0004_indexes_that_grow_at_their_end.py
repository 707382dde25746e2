from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions_and_two_factor"),
        ("audit", "0003_changes_by_people"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_entries_row_idx",
        ),
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_entries_time_idx",
        ),
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_entries_subject_idx",
        ),
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_entries_person_idx",
        ),
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_entries_people_idx",
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                fields=["organization", "table_name", "row_id", "created_at"], name="audit_entries_row_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "created_at", "id"], name="audit_entries_time_idx"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("subject_id__isnull", False)),
                fields=["organization", "subject_id", "created_at"],
                name="audit_entries_subject_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("actor_kind", "key"), _negated=True),
                fields=["organization", "actor_kind", "actor_id", "created_at", "id"],
                name="audit_entries_person_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("actor_kind", "key"), _negated=True),
                fields=["organization", "created_at", "id"],
                name="audit_entries_people_idx",
            ),
        ),
    ]
