"""The V2 synthesizer: names, sizes, batches of any lengths, precision, seeds, real-time cuts."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from rvc.model.config import SynthesizerConfig
from rvc.model.decoder import Decoder
from rvc.model.synthesizer import Synthesizer

SIZES = {  # parameters with posterior encoder, without it, of the model without pitch
    32000: (36_880_706, 28_057_538, 36_813_376),
    40000: (36_458_818, 27_537_346, 36_387_392),
    48000: (37_638_466, 28_716_994, 37_567_040),
}


def small(**changes: object) -> SynthesizerConfig:
    """Return a V2 configuration with narrow layers, for speed."""
    config = SynthesizerConfig.v2(32000, content_dim=16, speakers=3)
    narrow = {
        "hidden_channels": 32,
        "inter_channels": 32,
        "filter_channels": 64,
        "gin_channels": 8,
        "layers": 2,
    }
    return config.model_copy(update={**narrow, "upsample_initial_channels": 64, **changes})


def inputs(frames: int = 60, rows: int = 2) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return content, f0, lengths and speakers."""
    generator = torch.Generator().manual_seed(1)
    content = torch.randn(rows, frames, 16, generator=generator)
    f0 = 100 + 200 * torch.rand(rows, frames, generator=generator)
    f0[:, 10:20] = 0
    return content, f0, torch.full((rows,), frames), torch.arange(rows)


@pytest.fixture(scope="module")
def model() -> Synthesizer:
    torch.manual_seed(0)
    synthesizer = Synthesizer(small()).eval()
    for name, parameter in synthesizer.flow.named_parameters():
        if "post" in name:  # zero at the start, which would hide the flow
            torch.nn.init.normal_(parameter, std=0.1)
    return synthesizer


@pytest.mark.parametrize("rate", SIZES)
def test_size(rate: int) -> None:
    with torch.device("meta"):
        full, plain = (Synthesizer(SynthesizerConfig.v2(rate, pitch=pitch)) for pitch in (True, False))
    counts = [sum(p.numel() for p in m.parameters()) for m in (full, full.without_posterior(), plain)]
    assert counts[1:] == list(SIZES[rate][1:])
    assert len(full.state_dict()) == 457
    assert len(plain.state_dict()) == 549


@pytest.mark.parametrize("pitch", [True, False])
@pytest.mark.parametrize("rate", SIZES)
def test_keys_are_the_communitys(rate: int, pitch: bool, keys: Path) -> None:
    with torch.device("meta"):
        state = Synthesizer(SynthesizerConfig.v2(rate, pitch=pitch)).state_dict()
    oracle = keys / f"webui_{'f0' if pitch else 'nof0'}_{rate // 1000}k.json"
    assert {name: list(value.shape) for name, value in state.items()} == json.loads(oracle.read_text())


def test_noise_is_seeded_and_can_be_none(model: Synthesizer) -> None:
    content, f0, lengths, speaker = inputs()
    with torch.inference_mode():
        seeded = [
            model.infer(content, f0, lengths, speaker, generator=torch.Generator().manual_seed(seed))
            for seed in (1, 1, 2)
        ]
        silent = [model.infer(content, f0, lengths, speaker, noise=torch.zeros_like) for _ in range(2)]
    assert torch.equal(seeded[0], seeded[1])
    assert not torch.equal(seeded[0], seeded[2])
    assert torch.equal(silent[0], silent[1])
    assert seeded[0].shape == (2, 1, 60 * model.hop)


def test_padding_changes_nothing(model: Synthesizer) -> None:
    content, f0, _, speaker = inputs()
    lengths = torch.tensor([60, 41])
    with torch.inference_mode():
        z, mask = model.latent(content, coarse_like(f0), lengths, speaker, torch.zeros_like)
        alone, _ = model.latent(
            content[1:, :41], coarse_like(f0[1:, :41]), lengths[1:], speaker[1:], torch.zeros_like
        )
    torch.testing.assert_close(z[1:, :, :41], alone, rtol=1e-4, atol=1e-5)
    assert mask.sum(-1).flatten().tolist() == [60, 41]
    assert z[1, :, 41:].abs().max() == 0


def coarse_like(f0: Tensor) -> Tensor:
    return (f0 / 4).long() + 1


def test_garbage_in_the_padding_changes_nothing(model: Synthesizer) -> None:
    content, f0, _, speaker = inputs()
    lengths, dirty = torch.tensor([60, 41]), content.clone()
    dirty[1, 41:] = 1e4
    with torch.inference_mode():
        latents = [
            model.latent(c, coarse_like(f0), lengths, speaker, torch.zeros_like)[0] for c in (content, dirty)
        ]
    assert torch.equal(*latents)


def test_realtime_is_a_cut_of_the_whole(model: Synthesizer) -> None:
    content, f0, lengths, speaker = inputs(120)
    f0[:] = 200.0  # a source of whole periods a frame has no memory of what was cut
    with torch.inference_mode():
        whole = model.infer(content, f0, lengths, speaker, noise=torch.zeros_like)
        cut = model.infer(
            content, f0, lengths, speaker, noise=torch.zeros_like, skip_head=40, return_length=50
        )
        stretched = model.infer(
            content,
            f0,
            lengths,
            speaker,
            noise=torch.zeros_like,
            skip_head=40,
            return_length=50,
            stretch_to=55,
        )
    margin = 10 * model.hop  # the decoder sees no neighbours beyond the cut
    assert cut.shape[-1] == 50 * model.hop
    assert stretched.shape[-1] == 55 * model.hop
    inner = whole[..., 40 * model.hop + margin : 90 * model.hop - margin]
    torch.testing.assert_close(cut[..., margin:-margin], inner, atol=1e-5, rtol=1e-4)


def test_without_pitch() -> None:
    model = Synthesizer(small(pitch=False)).eval()
    content, _, lengths, speaker = inputs()
    with torch.inference_mode():
        wave = model.infer(content, None, lengths, speaker)
    assert wave.shape == (2, 1, 60 * model.hop)
    assert not model.has_pitch


def train_inputs(model: Synthesizer, frames: int = 60) -> list[Tensor]:
    """Return the arguments of `forward`."""
    content, f0, lengths, speaker = inputs(frames)
    spec = torch.rand(2, model.config.spec_channels, frames)
    return [content, coarse_like(f0), f0, spec, lengths, speaker]


def test_forward_gives_a_segment_and_latents(model: Synthesizer) -> None:
    out = model(*train_inputs(model), generator=torch.Generator().manual_seed(0))
    assert out.y_hat.shape == (2, 1, model.config.segment_frames * model.hop)
    assert out.z_p.shape == out.m_p.shape == out.logs_q.shape == (2, 32, 60)
    assert ((out.ids_slice >= 0) & (out.ids_slice <= 60 - model.config.segment_frames)).all()


def test_flow_is_invertible(model: Synthesizer) -> None:
    z, g = torch.randn(2, 32, 50), torch.randn(2, 8, 1)
    mask = torch.ones(2, 1, 50, dtype=torch.bool)
    with torch.inference_mode():
        z_p = model.flow(z, mask, g)
        back = model.flow(z_p, mask, g, reverse=True)
    assert (z_p.flip(1) - z).abs().max() > 0.1
    torch.testing.assert_close(back, z, atol=1e-5, rtol=1e-4)


def test_a_fresh_flow_is_the_identity() -> None:
    flow, z = Synthesizer(small()).flow, torch.randn(1, 32, 20)
    mask = torch.ones(1, 1, 20, dtype=torch.bool)
    torch.testing.assert_close(flow(z, mask, torch.randn(1, 8, 1)), z)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_autocast_keeps_its_float32_islands(model: Synthesizer, dtype: torch.dtype) -> None:
    arguments, start = train_inputs(model), torch.zeros(2, dtype=torch.long)
    expected = model(*arguments, noise=torch.zeros_like, ids_slice=start)
    with torch.autocast("cpu", dtype=dtype):
        out = model(*arguments, noise=torch.zeros_like, ids_slice=start)
    for name in ("y_hat", "z", "z_p", "m_p", "logs_p", "m_q", "logs_q"):
        value = getattr(out, name)
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, getattr(expected, name), atol=0.1, rtol=0.1)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_speaks_the_same(model: Synthesizer, dtype: torch.dtype) -> None:
    content, f0, lengths, speaker = inputs()
    half = Synthesizer(small()).eval().to(dtype)
    half.load_state_dict(model.state_dict())
    with torch.inference_mode():
        expected = model.infer(content, f0, lengths, speaker, noise=torch.zeros_like)
        wave = half.infer(content, f0, lengths, speaker, noise=torch.zeros_like)
    assert wave.dtype == torch.float32
    assert (wave - expected).square().mean() < 1e-2 * expected.square().mean()


def test_folding_changes_no_sound_and_no_name(model: Synthesizer) -> None:
    content, f0, lengths, speaker = inputs()
    folded = Synthesizer(small()).eval()
    folded.load_state_dict(model.state_dict())
    folded.without_posterior().fold_weight_norm()
    with torch.inference_mode():
        waves = [m.infer(content, f0, lengths, speaker, noise=torch.zeros_like) for m in (model, folded)]
    torch.testing.assert_close(waves[0], waves[1], atol=1e-5, rtol=1e-4)
    assert list(folded.state_dict()) == [name for name in model.state_dict() if not name.startswith("enc_q.")]


def test_training_never_waits_for_the_device() -> None:
    """A fake tensor has no values: reading one on the host, as `.item()` does, fails here."""
    with FakeTensorMode():
        model = Synthesizer(small())
        out = model(*train_inputs(model))
        assert out.y_hat.shape == (2, 1, model.config.segment_frames * model.hop)
        wave = model.infer(*inputs())
        assert wave.shape == (2, 1, 60 * model.hop)


def test_clips_shorter_than_a_segment_are_padded(model: Synthesizer) -> None:
    out = model(*train_inputs(model, frames=20))
    assert out.y_hat.shape == (2, 1, model.config.segment_frames * model.hop)
    assert out.ids_slice.tolist() == [0, 0]


@pytest.mark.parametrize("rate", [32000, 40000, 48000])
@pytest.mark.parametrize("version", [SynthesizerConfig.v1, SynthesizerConfig.v2])
def test_a_cpu_speaks_in_blocks_what_it_would_in_one_piece(
    rate: int, version: Callable[[int], SynthesizerConfig]
) -> None:
    torch.manual_seed(0)
    decoder = Decoder(version(rate).model_copy(update={"upsample_initial_channels": 32})).eval()
    z, g, f0 = torch.randn(1, 192, 247), torch.randn(1, 256, 1), torch.full((1, 247), 200.0)
    with torch.inference_mode():
        source = decoder._source(f0, torch.zeros_like)
        assert source is not None
        whole = decoder._speak(z, source, g, (0, 247))
        blocks = decoder(z, f0, g, torch.zeros_like)
        part = decoder(z, f0, g, torch.zeros_like, spoken=(60, 73))
        assert (blocks - whole).abs().max() < 1e-5 * whole.abs().max()
        own = whole[..., 60 * decoder.hop : 73 * decoder.hop]
        assert (part - own).abs().max() < 1e-5 * whole.abs().max()
        z[..., 100], source[..., 100 * decoder.hop : 101 * decoder.hop] = math.nan, math.nan
        touched = decoder._speak(z, source, g, (0, 247))[0, 0].isnan().nonzero() // decoder.hop
    reach = decoder._reaches[0]
    assert 100 - reach <= touched.min() < 100 < touched.max() <= 100 + reach
