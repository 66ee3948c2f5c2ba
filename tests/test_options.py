import argparse
from typing import TypeVar

import pytest

from rvc import options
from rvc.config import Config, ConvertConfig, EvaluateConfig, PrepareConfig, TrainConfig

C = TypeVar("C", bound=Config)


def parse(config: type[C], *arguments: str) -> C:
    parser = argparse.ArgumentParser()
    options.add(parser, config)
    return options.read(parser.parse_args(arguments), config)


def test_nothing_given_means_the_defaults() -> None:
    assert parse(PrepareConfig) == PrepareConfig()


def test_every_field_has_an_option() -> None:
    parser = argparse.ArgumentParser()
    options.add(parser, ConvertConfig)
    text = parser.format_help()
    assert all(f"--{name.replace('_', '-')}" in text for name in ConvertConfig.model_fields)


def test_values_reach_their_field_with_its_type() -> None:
    config = parse(ConvertConfig, "--pitch-shift", "-12", "--format", "flac", "--rate", "44100")
    assert (config.pitch_shift, config.format, config.rate) == (-12.0, "flac", 44100)


def test_switches_can_be_turned_off() -> None:
    assert parse(PrepareConfig, "--no-normalise").normalise is False


@pytest.mark.parametrize("config", [PrepareConfig, TrainConfig, ConvertConfig, EvaluateConfig])
def test_every_setting_is_described(config: type[Config]) -> None:
    assert [name for name, field in config.model_fields.items() if not field.description] == []


def test_out_of_range_names_the_option() -> None:
    with pytest.raises(options.UsageError, match=r"^--index-rate must be a number from 0 to 1\.$"):
        parse(ConvertConfig, "--index-rate", "3")


def test_a_number_or_a_word() -> None:
    assert parse(ConvertConfig, "--pitch-shift", "auto").pitch_shift == "auto"
    assert parse(ConvertConfig, "--pitch-shift", "3.5").pitch_shift == 3.5


def test_text_that_is_no_number_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(ConvertConfig, "--seed", "many")
    assert caught.value.code == 2
    assert "--seed: must be a whole number of 0 or more, not 'many'\n" in capsys.readouterr().err
