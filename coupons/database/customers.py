"""How the ledger spells a customer: by the id that programs gave, else by the e-mail. What is blank names nobody."""

from __future__ import annotations


def spelled(customer_id: str, email: str) -> str:
    """Two arguments of a coalesce, from two expressions."""
    return f"'id:' || CASE WHEN btrim({customer_id}) <> '' THEN {customer_id} END, 'email:' || nullif(lower(btrim({email})), '')"
