from typing import Any

from django.db import migrations

from bookingoffice.database import functions, policies


def grants() -> list[Any]:
    role = policies.serving_role()
    return [
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{role}"',
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(grants(), migrations.RunSQL.noop),
        *[migrations.RunSQL(create, drop) for create, drop in functions.CREATED],
    ]
