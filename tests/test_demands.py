from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from remote_agent.submissions import Submission
from rvc import demands
from rvc.config import (
    BlendConfig,
    CacheConfig,
    CompressConfig,
    ConvertConfig,
    EvaluateConfig,
    LiveConfig,
    PrepareConfig,
    TrainConfig,
)
from rvc.jobs import TrainSpec

CONFIGS = (
    BlendConfig,
    CacheConfig,
    CompressConfig,
    ConvertConfig,
    EvaluateConfig,
    LiveConfig,
    PrepareConfig,
    TrainConfig,
)


def said(model: type[BaseModel], **values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    fault = demands.fault(caught.value, model)
    return fault.sentence(".".join(fault.place) or "It")


@pytest.mark.parametrize("given", [600, 0, "many", 2.5, [1]])
def test_whatever_is_wrong_with_a_number_all_its_limits_are_said(given: object) -> None:
    assert said(TrainConfig, batch_size=given) == "batch_size must be a whole number from 1 to 512."


@pytest.mark.parametrize(
    ("model", "values", "sentence"),
    [
        (TrainConfig, {"learning_rate": float("nan")}, "learning_rate must be a number above 0 and below 1."),
        (TrainConfig, {"minutes": 0}, "minutes must be a number above 0."),
        (TrainConfig, {"keep_checkpoints": 0}, "keep_checkpoints must be a whole number of 1 or more."),
        (TrainConfig, {"preset": "x"}, "preset must be one of draft, standard, best."),
        (TrainConfig, {"name": ""}, "name must be text of 1 to 100 characters."),
        (TrainConfig, {"keep_models": "perhaps"}, "keep_models must be true or false."),
        (TrainConfig, {"consent_on": "yesterday"}, "consent_on must be a day such as 2026-11-20."),
        (TrainConfig, {"stepz": 3}, "stepz is not known."),
        (ConvertConfig, {"pitch_shift": 99}, "pitch_shift must be a number from -36 to 36 or auto."),
        (ConvertConfig, {"speaker": -1}, "speaker must be text or a whole number of 0 or more."),
        (EvaluateConfig, {"spoken_language": "x"}, "spoken_language must be text that matches ^[a-z]{2,3}$."),
        (TrainSpec, {"train": {"steps": 0}}, "train.steps must be a whole number of 1 or more."),
        (TrainSpec, {"train": 3}, "train must be an object."),
        (Submission, {"inputs": []}, "inputs must be an object."),
    ],
)
def test_faults_are_said_as_people_do(model: type[BaseModel], values: dict[str, Any], sentence: str) -> None:
    assert said(model, **values) == sentence


def test_what_a_model_says_itself_is_kept() -> None:
    assert "devices are chosen for the whole job" in said(TrainSpec, train={"device": "cuda"})


def test_without_the_model_the_error_tells_as_much_as_it_knows() -> None:
    with pytest.raises(ValidationError) as caught:
        TrainConfig.model_validate({"batch_size": 600})
    assert demands.fault(caught.value).sentence("n") == "n must be a number of 512 or less."


@pytest.mark.parametrize("config", CONFIGS)
def test_every_setting_has_words_and_no_limit_is_left_out(config: type[BaseModel]) -> None:
    for name, field in config.model_fields.items():
        found = demands.of(field.annotation, field.metadata)
        assert found, name
        for demand in found:
            assert bool(demand.limits) == bool(set(demand.values) - {"choices"}), name
            assert "{" not in str(demand).replace("{2,3}", ""), name
