"""The published document, and requests drawn from it at random, right ones and wrong ones."""

import json

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from running import TEXT, Running
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
N_OPERATIONS = 12


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_requests_at_random(server: Running, mode: GenerationMode) -> None:
    document = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) >= N_OPERATIONS
    for operation in operations:

        @settings(max_examples=5, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        if mode is GenerationMode.POSITIVE or operation.body:
            ask()


def test_the_document_names_what_the_server_has(server: Running) -> None:
    tree = httpx.get(f"{server.url}/openapi.json").json()
    assert {"/v1/audio/speech", "/v1/models/{name}", "/synthesize", "/health"} <= set(tree["paths"])
    voice = tree["components"]["schemas"]["SpeechRequest"]["properties"]["voice"]
    assert "levels/ben" in json.dumps(voice)
    assert (
        httpx.post(f"{server.api}/audio/speech", json={"input": TEXT}).headers["content-type"]
        in (tree["paths"]["/v1/audio/speech"]["post"]["responses"]["200"]["content"])
    )
