"""The V2 discriminators: names, sizes, shapes."""

import json
from pathlib import Path

import pytest
import torch

from rvc.model.discriminator import MultiPeriodDiscriminator


@pytest.fixture(scope="module")
def discriminator() -> MultiPeriodDiscriminator:
    return MultiPeriodDiscriminator()


def test_size(discriminator: MultiPeriodDiscriminator) -> None:
    assert len(discriminator.state_dict()) == 165
    assert sum(p.numel() for p in discriminator.parameters()) == 71_410_594


def test_keys_are_the_communitys(discriminator: MultiPeriodDiscriminator, keys: Path) -> None:
    expected = json.loads((keys / "webui_D.json").read_text())
    assert {name: list(value.shape) for name, value in discriminator.state_dict().items()} == expected


def test_scores_and_maps(discriminator: MultiPeriodDiscriminator) -> None:
    with torch.inference_mode():
        scores, maps = discriminator(torch.randn(2, 1, 1234))
    assert [len(each) for each in maps] == [7] + [6] * 8
    for score, each in zip(scores, maps, strict=True):
        assert score.shape[0] == 2
        torch.testing.assert_close(each[-1].flatten(1), score)


def test_rows_are_judged_apart(discriminator: MultiPeriodDiscriminator) -> None:
    waves = torch.randn(2, 1, 1000)
    with torch.inference_mode():
        together, _ = discriminator(waves)
        apart, _ = discriminator(waves[1:])
    for both, one in zip(together, apart, strict=True):
        torch.testing.assert_close(both[1:], one, rtol=1e-4, atol=1e-5)
