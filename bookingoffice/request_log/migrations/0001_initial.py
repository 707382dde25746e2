from django.db import migrations

from bookingoffice.database import policies
from bookingoffice.request_log import partitions

# No key to the organizations: dropping a day would have to lock them, and with them every request.
CREATE = """
CREATE TABLE api_requests (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT public.uuid7(),
    api_key_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    created_on date NOT NULL,
    endpoint text NOT NULL,
    method text NOT NULL,
    search text NOT NULL DEFAULT '',
    status api_request_status NOT NULL,
    CONSTRAINT api_requests_pkey PRIMARY KEY (organization_id, created_on, id)
) PARTITION BY RANGE (created_on)
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("database", "0001_roles_and_functions"), ("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TYPE api_request_status AS ENUM ('success', 'error')", "DROP TYPE api_request_status"
        ),
        migrations.RunSQL(CREATE, "DROP TABLE api_requests"),
        policies.tenant_policy("api_requests"),
        policies.append_only("api_requests"),
        migrations.RunSQL(
            [
                "CREATE TABLE api_requests_rest PARTITION OF api_requests DEFAULT",
                *partitions.guarded("api_requests_rest"),
            ],
            "DROP TABLE api_requests_rest",
        ),
        policies.owner_policy("api_requests_rest"),
    ]
