"""The retrieval index: exact search, guarded weights, files for the community's tools, hostile files."""

import struct
from pathlib import Path

import faiss
import numpy as np
import pytest
import torch

from rvc.config import PrepareConfig
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Event, Log, Progress, Reporter
from rvc.learning import data
from rvc.synthesis import agreement, index
from rvc.synthesis.index import RetrievalIndex
from rvc.synthesis.index_file import Form
from tests import sounds


def rows(count: int, dim: int = 16, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, dim, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("one_openmp", [True, False])
def test_search_is_exact(one_openmp: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "HAS_ONE_OPENMP", one_openmp)
    bank, queries = rows(500), rows(40, seed=1)
    distances = torch.cdist(queries.double(), bank.double()).square()
    found = RetrievalIndex(bank).search(queries)
    expected = distances.topk(8, largest=False)
    assert torch.equal(found.rows, expected.indices)
    torch.testing.assert_close(found.distances.double(), expected.values, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("one_openmp", [True, False])
def test_search_is_the_same_in_small_blocks(one_openmp: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "HAS_ONE_OPENMP", one_openmp)
    bank, queries = RetrievalIndex(rows(100)), rows(37, seed=1)
    whole = bank.search(queries)
    for name, size in (("BLOCK_ROWS", 33), ("BLOCK_QUERIES", 10)):
        monkeypatch.setattr(index, name, size)
    assert torch.equal(bank.search(queries).rows, whole.rows)
    monkeypatch.setattr(index, "BLOCK_ROWS", 3)  # fewer than the neighbours asked for
    assert torch.equal(bank.search(queries).rows, whole.rows)


def test_rows_that_were_in_half_precision_take_half_the_memory(tmp_path: Path) -> None:
    whole, halved = RetrievalIndex(rows(300)), RetrievalIndex(rows(300).half())
    assert (whole.nbytes, halved.nbytes) == (300 * 16 * 4, 300 * 16 * 2)
    assert torch.equal(halved.vectors, rows(300).half().float())
    halved.save(tmp_path / "halved.index")
    read = index.load(tmp_path / "halved.index")
    assert read.nbytes == halved.nbytes
    assert torch.equal(read.vectors, halved.vectors)
    queries = rows(20, seed=1)
    assert torch.equal(read.search(queries).rows, read.unpacked().search(queries).rows)
    assert read.unpacked().nbytes == whole.nbytes
    large = RetrievalIndex(1e6 * rows(5))  # which half precision cannot hold
    assert torch.equal(large.vectors, 1e6 * rows(5))


@pytest.mark.parametrize("form", ["int8", "pq"])
def test_packed_rows_are_searched_as_what_they_stand_for(form: Form, tmp_path: Path) -> None:
    RetrievalIndex(rows(1500)).save(tmp_path / "packed.index", form)
    packed, queries = index.load(tmp_path / "packed.index"), rows(30, seed=1)
    theirs = faiss.read_index(str(tmp_path / "packed.index")).reconstruct_n(0, 1500)
    np.testing.assert_allclose(packed.vectors.numpy(), theirs, atol=1e-6)
    assert packed.nbytes < 1500 * 16 * 4 / 2
    whole = packed.unpacked()
    assert torch.equal(packed.search(queries).rows, whole.search(queries).rows)
    torch.testing.assert_close(packed.blend(queries, 0.7), whole.blend(queries, 0.7))


def test_an_exact_hit_takes_all_the_weight() -> None:
    bank = RetrievalIndex(rows(100))
    torch.testing.assert_close(bank.blend(bank.vectors[:5], 1.0), bank.vectors[:5], rtol=0, atol=0)


def test_exact_hits_share_the_weight() -> None:
    vectors = torch.cat([rows(1).expand(3, -1), rows(20, seed=1)])
    weights = RetrievalIndex(vectors).search(vectors[:1]).weights
    torch.testing.assert_close(weights, torch.tensor([[1 / 3] * 3 + [0.0] * 5]))


def test_near_hits_do_not_overflow() -> None:
    bank = RetrievalIndex(rows(20))
    blended = bank.blend(bank.vectors + 1e-20, 0.75)
    assert blended.isfinite().all()


def test_a_tiny_index_uses_all_it_has() -> None:
    bank = RetrievalIndex(rows(3))
    assert bank.search(rows(2, seed=1)).rows.shape == (2, 3)
    assert bank.blend(rows(2, seed=1), 0.5).isfinite().all()


def test_rate_zero_changes_nothing() -> None:
    queries = rows(4, seed=1)
    assert torch.equal(RetrievalIndex(rows(20)).blend(queries, 0.0), queries)


def test_features_of_another_size_are_refused() -> None:
    with pytest.raises(InputError, match=r"16 dimensions.* 32"):
        RetrievalIndex(rows(20)).blend(rows(4, dim=32), 0.5)


@pytest.mark.parametrize("count", [1, 30, 500])
def test_files_are_read_back_and_by_faiss(count: int, tmp_path: Path) -> None:
    bank = RetrievalIndex(rows(count))
    path = tmp_path / "king 王.index"
    bank.save(path)
    assert torch.equal(index.load(path).vectors, bank.vectors)
    theirs = faiss.read_index(str(path))
    assert theirs.ntotal == count
    np.testing.assert_array_equal(theirs.reconstruct_n(0, count), bank.vectors.numpy())
    assert [file.name for file in tmp_path.glob("*.index")] == [path.name]


def test_a_quantised_file_finds_most_of_the_neighbours(tmp_path: Path) -> None:
    bank, queries = RetrievalIndex(rows(1500)), rows(100, seed=1)
    whole, packed = tmp_path / "whole.index", tmp_path / "packed.index"
    bank.save(whole)
    bank.save(packed, "pq")
    assert packed.stat().st_size < whole.stat().st_size / 2
    exact, near = (index.load(path).search(queries).rows.tolist() for path in (whole, packed))
    found = [len({*one} & {*other}) / index.NEIGHBOURS for one, other in zip(exact, near, strict=True)]
    assert np.mean(found) > 0.6
    few = RetrievalIndex(rows(20))
    few.save(packed, "pq")
    assert torch.equal(index.load(packed).vectors, few.vectors)


@pytest.mark.parametrize("form", ["exact", "pq"])
def test_an_index_is_exported_as_the_community_makes_it(form: Form, tmp_path: Path) -> None:
    RetrievalIndex(rows(500)).save(tmp_path / "anna.index", form)
    exported = index.export(tmp_path / "anna.index", "Änna 王", tmp_path / "out")
    assert exported == tmp_path / "out" / "added_IVF12_Flat_nprobe_1_Änna 王_v2.index"
    theirs, ours = faiss.read_index(str(exported)), index.load(tmp_path / "anna.index")
    assert (theirs.ntotal, theirs.nlist, theirs.nprobe) == (500, 12, 1)
    np.testing.assert_array_equal(theirs.reconstruct_n(0, 500), ours.vectors.numpy())
    assert torch.equal(index.load(exported).vectors, ours.vectors)


def test_community_indexes_are_read(tmp_path: Path) -> None:
    vectors = rows(400).numpy()
    theirs = faiss.index_factory(16, "IVF10,Flat")
    theirs.train(vectors)
    theirs.add(vectors)
    faiss.write_index(theirs, str(tmp_path / "added.index"))
    np.testing.assert_array_equal(index.load(tmp_path / "added.index").vectors.numpy(), vectors)


def _saved(folder: Path) -> bytes:
    path = folder / "good.index"
    RetrievalIndex(rows(100)).save(path)
    return path.read_bytes()


def test_damaged_indexes_are_refused(tmp_path: Path) -> None:
    good = _saved(tmp_path)
    bad = {
        "empty": b"",
        "text": b"not an index at all, but some text",
        "cut": good[: len(good) // 2],
        "head": good[:30],
        "huge": good[:8] + struct.pack("<q", 1 << 40) + good[16:],
        "negative": good[:8] + struct.pack("<q", -1) + good[16:],
        "wide": good[:4] + struct.pack("<i", 1 << 30) + good[8:],
    }
    for name, content in bad.items():
        path = tmp_path / f"{name}.index"
        path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            index.load(path)
        assert caught.value.code == "not_an_index", name


def test_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    good = _saved(tmp_path)
    value = rows(100)[3, 2].numpy().tobytes()
    assert good.count(value) == 1
    (tmp_path / "nan.index").write_bytes(good.replace(value, np.float32(np.nan).tobytes()))
    with pytest.raises(InputError, match="damaged"):
        index.load(tmp_path / "nan.index")


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        index.load(tmp_path / "none.index")
    assert caught.value.code == "missing_file"


def test_many_rows_become_centres() -> None:
    vectors = torch.cat([rows(1, seed=seed) + 0.01 * rows(50, seed=seed + 100) for seed in range(6)])
    reduced = index.condense(vectors, limit=200, centres=30)
    assert reduced.shape == (30, 16)
    assert torch.equal(reduced, index.condense(vectors, limit=200, centres=30))
    assert torch.cdist(vectors, reduced).amin(dim=1).max() < 0.2
    assert index.condense(vectors, limit=300, centres=30) is vectors


def test_the_index_beside_a_model_is_found(tmp_path: Path) -> None:
    events: list[Event] = []
    model, other = tmp_path / "anna.v2.safetensors", tmp_path / "bob.pth"

    def found() -> Path | None:
        return index.find_index(model, Reporter(events.append))

    assert found() is None
    (tmp_path / ".half.index").touch()
    other.with_suffix(".index").touch()
    other.touch()
    assert found() is None  # one is a temporary file, the other one belongs to Bob
    (tmp_path / "added_IVF9_Flat_nprobe_1_bob_v2.index").touch()
    (tmp_path / "trained_IVF9_Flat_nprobe_1_carl_v2.index").touch()
    assert found() is None  # the one is Bob's too, and in the other one the tools wrote nothing yet
    (tmp_path / "added.index").touch()
    assert found() == tmp_path / "added.index"
    assert not events
    (tmp_path / "more.index").touch()
    assert found() is None
    assert [event.code for event in events if isinstance(event, Log)] == ["several_indexes"]
    (tmp_path / "added_IVF9_Flat_nprobe_1_anna.v2_v2.index").touch()
    assert found() == tmp_path / "added_IVF9_Flat_nprobe_1_anna.v2_v2.index"
    index.index_path(model).touch()
    assert found() == tmp_path / "anna.v2.index"
    assert len(events) == 1


def test_an_index_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no index at"):
        index.choose(tmp_path / "none.index", tmp_path / "anna.safetensors", Reporter())


def test_an_index_is_built_from_the_training_part_alone(tmp_path: Path) -> None:
    for number in range(12):
        wave = sounds.sentences(1, 24000, seconds=1.0, seed=number)
        sounds.record(tmp_path / f"takes/{number}.flac", wave, 24000)
    config = PrepareConfig(rate=24000)
    prepared = prepare([tmp_path / "takes"], tmp_path / "out", config, Reporter(), features=sounds.features())
    events: list[Event] = []
    path = index.write_index(tmp_path / "out", tmp_path / "voice.index", Reporter(events.append))
    trained, held_out = (data.load(prepared, split) for split in ("train", "test"))
    vectors = index.load(path).vectors
    expected = torch.cat([trained.clip(number).content.float() for number in range(len(trained))])
    assert torch.equal(vectors, expected)
    distances = index.load(path).search(held_out.clip(0).content).distances
    assert distances[:, 0].max() > 0
    assert [(event.phase, event.step, event.total) for event in events if isinstance(event, Progress)][
        -1
    ] == (
        "index",
        len(trained),
        len(trained),
    )


@pytest.mark.parametrize(("form", "recall", "error"), [("int8", 0.95, 0.01), ("pq", 0.4, 0.5)])
def test_what_packing_loses_is_measured(form: Form, recall: float, error: float, tmp_path: Path) -> None:
    exact = RetrievalIndex(rows(1500))
    exact.save(tmp_path / "packed.index", form)
    features = agreement.features_like(exact.vectors, 100)
    found = agreement.compare(exact, index.load(tmp_path / "packed.index"), features)
    assert recall < found.recall < 1
    assert 0 < found.error < error
    assert agreement.compare(exact, exact, features) == agreement.Agreement(1.0, 0.0)
