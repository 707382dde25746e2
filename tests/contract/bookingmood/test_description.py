"""The description of the tables and functions: valid, and of addresses that there are."""

from __future__ import annotations

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV2SpecValidator

from .conftest import Api


@pytest.mark.parametrize("prefix", ["/v1", "/bookingmood/v1"])
def test_its_paths_stand_below_the_prefix_that_was_asked(api, prefix):
    document = Api(api.token, prefix)("GET", "/").json()

    assert document["basePath"] == prefix
    asked = Client().get(document["basePath"] + "/coupons", headers={"Authorization": f"Bearer {api.token}"})
    assert asked.json() == []


def test_it_is_valid(api):
    document = api("GET", "/").json()

    assert [fault.message for fault in OpenAPIV2SpecValidator(document).iter_errors()] == []


def test_a_column_whose_name_is_a_word_of_the_grammar_is_no_filter(api):
    document = api("GET", "/").json()

    assert "order" in document["definitions"]["services"]["properties"]
    assert "rowFilter.services.order" not in document["parameters"]
    assert "rowFilter.services.type" in document["parameters"]
