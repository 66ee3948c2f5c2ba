import argparse
import json
from datetime import date

import pytest
from pydantic import ValidationError

from rvc import options
from rvc.config import ConvertConfig, TrainConfig
from rvc.errors import InputError
from rvc.voices.card import MAX_TAKES, Consent, EncoderCard, Material, VoiceCard, take_mark

CARD = VoiceCard(
    name="two",
    architecture="lite",
    rate=24000,
    content_encoder=EncoderCard(name="starter", dim=96),
    usual_pitch_hz=150,
    speakers=["Änna", "0", "Björn"],
    pitch_of_speakers_hz=[210, None, 110],
)


@pytest.mark.parametrize(
    ("speaker", "number"), [(0, 0), (2, 2), ("2", 2), ("Änna", 0), ("Björn", 2), ("0", 1), ("1", 1)]
)
def test_speakers_have_names_and_numbers(speaker: int | str, number: int) -> None:
    assert CARD.speaker_number(speaker) == number


@pytest.mark.parametrize("speaker", [3, -1, "3", "-1", "", "anna", "1.0", "²"])
def test_a_speaker_that_is_not_there_is_refused_with_those_that_are(speaker: int | str) -> None:
    with pytest.raises(InputError, match=r"Änna.*Björn") as caught:
        CARD.speaker_number(speaker)
    assert caught.value.code == "unknown_speaker"


def test_a_long_list_of_speakers_is_cut_short() -> None:
    many = CARD.model_copy(update={"speakers": [f"voice {number}" for number in range(60)]})
    with pytest.raises(InputError, match="voice 7 and 52 more"):
        many.speaker_number("nobody")


def test_every_speaker_has_a_usual_pitch() -> None:
    assert [CARD.usual_pitch_of(number) for number in range(3)] == [210, None, 110]


def test_an_older_card_has_one_pitch_for_all() -> None:
    fields = json.loads(CARD.model_dump_json())
    del fields["pitch_of_speakers_hz"]
    old = VoiceCard.model_validate(fields)
    assert [old.usual_pitch_of(number) for number in range(3)] == [150, 150, 150]


def read_option(name: str, text: str) -> object:
    """Return what the command line makes of an option's text."""
    parser = argparse.ArgumentParser()
    options.add(parser, ConvertConfig)
    return getattr(parser.parse_args([f"--{name}", text]), name)


def test_settings_take_a_name_or_a_number() -> None:
    assert ConvertConfig(speaker="Änna").speaker == "Änna"
    assert ConvertConfig(speaker=3).speaker == 3
    assert read_option("speaker", "007") == "007"
    assert ConvertConfig.model_validate_json('{"speaker": "007"}').speaker == "007"
    with pytest.raises(ValidationError):
        ConvertConfig(speaker=-1)


def test_consent_is_what_was_said_of_it() -> None:
    said = TrainConfig(consent_by="Anna", consent_on=date(2026, 11, 20), consent_statement="For her book.")
    (consent,) = Consent.of(said)
    assert str(consent) == "Anna, 2026-11-20, For her book"
    assert str(*Consent.of(TrainConfig(consent_by="Ben"))) == "Ben"
    assert Consent.of(TrainConfig()) == []
    kept = CARD.model_copy(update={"consent": [consent]})
    assert VoiceCard.model_validate_json(kept.model_dump_json()) == kept


def test_recordings_are_named_by_a_part_of_their_hashes_and_never_too_many() -> None:
    hashes = [f"{number:064x}"[::-1] for number in range(MAX_TAKES + 5)]
    some, all_of_them = Material.of(1, 1, [*hashes[:2], hashes[0]]), Material.of(1, 1, hashes)
    assert some.takes == sorted(map(take_mark, hashes[:2]))
    assert len(all_of_them.takes) == MAX_TAKES
    assert len(CARD.model_copy(update={"trained_on": all_of_them}).model_dump_json()) < 500_000
