"""What a test set knows of its recordings."""

from pathlib import Path

import pytest

from rvc import paths
from rvc.events import Reporter
from rvc.sound import audio
from rvc.testing import testset
from tests import sounds
from tests.damage import band_limited

RATE = 24000


@pytest.mark.parametrize(("cut_hz", "least_hz", "most_hz"), [(6000, 5500, 6000), (12000, None, None)])
def test_recordings_that_all_end_early_are_known_for_that(
    cut_hz: int, least_hz: int | None, most_hz: int | None, tmp_path: Path
) -> None:
    for path in sorted(paths.resource("demo/voice").glob("*.flac"))[:3]:
        wave, rate = audio.read(path, RATE)
        sounds.record(tmp_path / path.name, band_limited(cut_hz)(wave, rate), rate)
    work = tmp_path.with_name(f"{tmp_path.name}-work")
    speech = testset.read_recordings(tmp_path, None, RATE, 0, sounds.features(), Reporter(), work)
    found = {card.bandwidth_hz for card in speech.clips.cards}
    if least_hz is None:
        assert found == {None}
    else:
        assert all(hz is not None and least_hz <= hz <= most_hz for hz in found)
