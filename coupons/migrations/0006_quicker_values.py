from django.db import migrations

from bookingoffice.database import policies
from coupons.database import values


class Migration(migrations.Migration):
    dependencies = [("coupons", "0005_facts_as_one_text")]

    operations = [
        policies.replaced(
            values.PRICE_EXPRESSION_AGREES, "public.price_expression_agrees(jsonb, text, bigint, text, numeric)"
        )
    ]
