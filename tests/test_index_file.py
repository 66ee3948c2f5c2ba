"""Index files of faiss, read without faiss: the same vectors, and no trust."""

import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest

from rvc.synthesis import index_file
from rvc.synthesis.bank import bank_of
from rvc.synthesis.index_file import NotAnIndexError


def rows(count: int, dim: int = 16, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)


def vectors_in(path: Path) -> np.ndarray:
    """Return the rows of an index file, whatever they lie there as."""
    bank = bank_of(index_file.read(path))
    return bank.read(0, len(bank)).numpy()


def written(index: faiss.Index, folder: Path) -> Path:
    path = folder / "é 王.index"
    path.write_bytes(faiss.serialize_index(index).tobytes())
    return path


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("Flat", 7),
        ("IVF1,Flat", 3),
        ("IVF9,Flat", 400),
        ("IVF300,Flat", 310),
        ("IVF4,PQ4x8np", 600),
        ("SQfp16", 30),
        ("SQ8", 30),
    ],
)
def test_vectors_are_those_that_faiss_reads(kind: str, count: int, tmp_path: Path) -> None:
    index = faiss.index_factory(16, kind)
    if "IVF" in kind:
        faiss.extract_index_ivf(index).cp.min_points_per_centroid = 1
    if "PQ" in kind:
        index.pq.cp.min_points_per_centroid = 1
    index.train(rows(count))
    index.add(rows(count))
    expected = index.reconstruct_n(0, count)
    np.testing.assert_allclose(vectors_in(written(index, tmp_path)), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("mapped", [1, 2])
def test_a_direct_map_does_no_harm(mapped: int, tmp_path: Path) -> None:
    index = faiss.index_factory(16, "IVF4,Flat")
    index.cp.min_points_per_centroid = 1
    index.train(rows(100))
    index.add(rows(100))
    index.set_direct_map_type(mapped)
    np.testing.assert_array_equal(vectors_in(written(index, tmp_path)), rows(100))


def test_lists_that_are_mostly_empty_are_read(tmp_path: Path) -> None:
    index = faiss.index_factory(16, "IVF16,Flat")
    index.cp.min_points_per_centroid = 1
    index.train(rows(200))
    index.add(rows(3))
    np.testing.assert_array_equal(vectors_in(written(index, tmp_path)), rows(3))


@pytest.mark.parametrize("kind", ["HNSW8", "PCA8,Flat", "SQ4", "IVF4,SQ8", "IVF4,PQ4x4np", "IVF4_HNSW8,Flat"])
def test_other_kinds_are_refused(kind: str, tmp_path: Path) -> None:
    index = faiss.index_factory(16, kind)
    index.train(rows(1000))
    index.add(rows(1000))
    with pytest.raises(NotAnIndexError, match="not read here"):
        index_file.read(written(index, tmp_path))


KINDS: dict[str, Callable[[], bytes]] = {
    "Flat": lambda: index_file.serialize(rows(300)),
    "half precision": lambda: index_file.serialize(rows(300).astype(np.float16)),
    "bytes": lambda: index_file.serialize(rows(300), "int8"),
    "codes": lambda: index_file.serialize(rows(300), "pq"),
    "the tools'": lambda: index_file.serialize_for_tools(rows(300)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_file_is_refused_wherever_it_is_cut(kind: str, tmp_path: Path) -> None:
    whole = KINDS[kind]()
    path = tmp_path / "cut.index"
    for length in [*range(0, 300, 7), *range(300, len(whole), 1999), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(NotAnIndexError):
            index_file.read(path)


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_numbers_cost_no_memory(kind: str, tmp_path: Path) -> None:
    whole = KINDS[kind]()
    path = tmp_path / "wrong.index"
    tracemalloc.start()
    try:
        for place in range(len(whole) - 8):
            if place > 200 and place % 101:
                continue
            for lie in (b"\xff" * 8, struct.pack("<q", 1 << 40), struct.pack("<q", 1 << 29), b"\0" * 8):
                path.write_bytes(whole[:place] + lie + whole[place + 8 :])
                try:
                    assert vectors_in(path).shape == (300, 16)
                except NotAnIndexError:
                    continue
        assert tracemalloc.get_traced_memory()[1] < 20 * len(whole) + (10 << 20)
    finally:
        tracemalloc.stop()


def test_rows_that_are_missing_are_noticed(tmp_path: Path) -> None:
    index = faiss.index_factory(16, "IVF1,Flat")
    index.train(rows(10))
    index.add_with_ids(rows(10), np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 8]))
    with pytest.raises(NotAnIndexError, match="rows are missing"):
        index_file.read(written(index, tmp_path))


def test_names_are_those_of_webui() -> None:
    assert index_file.community_name(30_000, "Änna") == "added_IVF769_Flat_nprobe_1_Änna_v2.index"
    assert index_file.community_name(10, "a/b") == "added_IVF1_Flat_nprobe_1_a-b_v2.index"
    assert index_file.community_name(200_000, "x") == "added_IVF5128_Flat_nprobe_1_x_v2.index"
