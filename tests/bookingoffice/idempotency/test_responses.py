"""Views that answer with Django's responses, REST framework's among them, act once too."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.response import Response
from rest_framework.views import APIView

from bookingoffice.idempotency.answers import Answer
from bookingoffice.idempotency.asking import read_asked
from bookingoffice.idempotency.responses import answer_of, respond_once, response_of
from bookingoffice.records import uuid7
from tests.bookingoffice.idempotency.callers import add_season, count_seasons
from tests.builders import NOON, make_organization

pytestmark = pytest.mark.django_db


class Adding(APIView):
    permission_classes = ()
    organization: Any = None

    def post(self, request):
        add_season(self.organization, request.data["name"])
        return Response({"name": request.data["name"]}, status=201, headers={"Location": "/seasons/1"})


def test_a_view_of_the_rest_framework_sent_twice():
    organization, view = make_organization(), Adding.as_view()
    Adding.organization, api_key_id = organization, uuid7()

    def sent():
        request = RequestFactory().post(
            "/x", {"name": "Summer"}, content_type="application/json", headers={"Idempotency-Key": "one"}
        )
        asked = read_asked(request, organization_id=organization.pk, api_key_id=api_key_id)
        return respond_once(request, asked, view, moment=NOON)

    first, second = sent(), sent()

    assert (first.status_code, first.content, first["Location"]) == (201, b'{"name":"Summer"}', "/seasons/1")
    assert dict(second.items()) == {**dict(first.items()), "Idempotency-Replayed": "true"}
    assert (second.status_code, second.content) == (201, first.content)
    assert count_seasons(organization) == 1


def test_a_response_comes_back_as_it_was():
    response = HttpResponse(b"\x00\xff", status=422, content_type="application/pdf", headers={"X-Request": "7"})

    again = response_of(answer_of(response))

    assert (again.status_code, again.content, dict(again.items())) == (422, b"\x00\xff", dict(response.items()))


def test_what_an_origin_was_allowed_is_not_kept():
    response = HttpResponse(headers={"Access-Control-Allow-Origin": "https://first.example"})

    assert "Access-Control-Allow-Origin" not in answer_of(response).headers


def test_an_answer_without_a_body_has_no_content_type():
    assert dict(response_of(Answer(204, {})).items()) == {}
