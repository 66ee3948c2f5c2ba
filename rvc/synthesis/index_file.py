"""The community's `.index` files, read without trust: Flat, SQfp16, SQ8, IVF-Flat and IVF-PQ indexes of faiss.

faiss itself allocates what a file claims and can be crashed by one. Here no count is believed that the rest of
the file cannot hold. The layout is that of faiss' `index_write.cpp`. Writing is left to faiss.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

import faiss
import numpy as np

from rvc.names import file_stem

MAX_DIM = 4096
MAX_UNPACKED_BYTES = 2 << 30  # of what a quantised file becomes in memory
ROWS_PER_LIST = 39  # what faiss asks for to train a list
LEAST_QUANTISED = 256  # rows: fewer cannot train a quantiser of 8 bits
DIMS_PER_CODE = 4  # a byte stands for so many numbers
MOST_LISTS_QUANTISED = 256  # more take minutes to learn, and bring the codes hardly nearer
QUANTISER_POINTS = (
    64  # for each of its entries that a code book is learnt from, and how often it is gone through
)
QUANTISER_ROUNDS = 10
HALF_PRECISION, BYTES = faiss.ScalarQuantizer.QT_fp16, faiss.ScalarQuantizer.QT_8bit

Form = Literal["exact", "int8", "pq"]
"""How the rows of an index lie in a file: as they are, a byte for each number, or a byte for four."""
ROW_NUMBER_BYTES = 8
HASHTABLE = 2  # a kind of direct map
RESERVED, L2 = 1 << 20, 1  # in a head: two numbers that mean nothing, and what is measured


class NotAnIndexError(ValueError):
    """A file is no index, damaged, or of a kind that is not read; the message says which."""


@dataclass(frozen=True, slots=True)
class Head:
    """What every index begins with."""

    dim: int
    rows: int


@dataclass(frozen=True, slots=True)
class Codes:
    """Rows by product quantisation: the row `n` is `origins[lists[n]]` and of every part p `book[p, codes[n, p]]`.

    `codes` is (N, parts) uint8, `lists` (N,) int32, `book` (parts, 256, dim / parts), `origins` (lists, dim) float32.
    """

    codes: np.ndarray
    lists: np.ndarray
    book: np.ndarray
    origins: np.ndarray

    @property
    def is_finite(self) -> bool:
        """Tell whether all rows are numbers."""
        with np.errstate(over="ignore", invalid="ignore"):
            return bool(np.isfinite(np.abs(self.book).max() + np.abs(self.origins).max()))


@dataclass(frozen=True, slots=True)
class Steps:
    """Rows of whole numbers of steps: the row `n` is `low + codes[n] * step`; (N, dim) uint8, (dim,), (dim,)."""

    codes: np.ndarray
    low: np.ndarray
    step: np.ndarray

    @property
    def is_finite(self) -> bool:
        """Tell whether all rows are numbers."""
        with np.errstate(over="ignore", invalid="ignore"):
            return bool(np.isfinite(np.abs(self.low) + 255 * np.abs(self.step)).all())


Stored: TypeAlias = np.ndarray | Steps | Codes
"""Rows (N, dim) in float32 or float16, or what they are packed as."""


class Reader:
    """Reads numbers from a file, never more than it holds."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._left = size

    def take(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self._bytes(struct.calcsize(f"<{layout}")))

    def array(self, kind: str, count: int) -> np.ndarray:
        """Return `count` numbers of a type such as "<f4"."""
        dtype = np.dtype(kind)
        return np.frombuffer(self._bytes(count * dtype.itemsize), dtype)

    def vector(self, kind: str) -> np.ndarray:
        """Return numbers whose count comes first."""
        return self.array(kind, self.take("Q")[0])

    def word(self) -> bytes:
        return bytes(self._bytes(4))

    def require(self, count: int) -> None:
        """Raise `NotAnIndexError` unless so many bytes are left."""
        if not 0 <= count <= self._left:
            raise NotAnIndexError("it ends too early")

    def _bytes(self, count: int) -> bytes:
        self.require(count)
        self._left -= count
        content = self._file.read(count)
        if len(content) < count:
            raise NotAnIndexError("it ends too early")
        return content


def read(path: Path) -> Stored:
    """Return the rows of an index file in their order, as they lie there. Raises `NotAnIndexError`; `OSError`."""
    with path.open("rb") as file:
        reader = Reader(file, path.stat().st_size)
        kind = reader.word()
        if kind not in _READERS:
            raise NotAnIndexError(
                "it is of a kind that is not read here" if kind[:1] == b"I" else "it is none"
            )
        return _READERS[kind](reader)


def _flat(reader: Reader) -> np.ndarray:
    head = _head(reader)
    vectors = reader.vector("<f4")
    if len(vectors) != head.rows * head.dim:
        raise NotAnIndexError("its counts do not agree")
    return vectors.reshape(head.rows, head.dim).copy()


def _scalar(reader: Reader) -> np.ndarray | Steps:
    head = _head(reader)
    kind, _, _, dim, code_size = reader.take("iifQQ")
    trained, codes = reader.vector("<f4"), reader.vector("<u1")
    if kind not in (HALF_PRECISION, BYTES):
        raise NotAnIndexError("its numbers are packed in a way that is not read here")
    learnt, width = (0, 2) if kind == HALF_PRECISION else (2 * dim, 1)
    if (dim, code_size, len(trained)) != (head.dim, width * dim, learnt) or len(
        codes
    ) != head.rows * code_size:
        raise NotAnIndexError("its counts do not agree")
    if kind == HALF_PRECISION:
        return codes.view("<f2").reshape(head.rows, dim).copy()
    low, width_of_range = trained.reshape(2, dim)
    with np.errstate(over="ignore", invalid="ignore"):
        step = width_of_range / 255
        return Steps(codes.reshape(head.rows, dim).copy(), low + step / 2, step)


def _ivf_flat(reader: Reader) -> np.ndarray:
    head, centroids = _ivf_head(reader)
    reader.require(head.rows * (4 * head.dim + ROW_NUMBER_BYTES))
    vectors = np.empty((head.rows, head.dim), np.float32)
    seen = np.zeros(head.rows, bool)
    for _number, codes, rows in _lists(reader, len(centroids), 4 * head.dim):
        vectors[_fresh(rows, seen)] = codes.view("<f4")
    _check_all(seen)
    return vectors


def _ivf_pq(reader: Reader) -> Codes:
    head, centroids = _ivf_head(reader)
    by_residual, code_size = reader.take("?Q")
    dim, parts, bits = reader.take("QQQ")
    book = reader.vector("<f4")
    if bits != 8 or dim != head.dim or parts != code_size or not 0 < parts <= dim or dim % parts:
        raise NotAnIndexError("its product quantiser is of a kind that is not read here")
    if len(book) != 256 * dim or head.rows * dim * 4 > MAX_UNPACKED_BYTES:
        raise NotAnIndexError("its counts do not agree")
    reader.require(head.rows * (parts + ROW_NUMBER_BYTES))
    packed = np.empty((head.rows, parts), np.uint8)
    lists = np.empty(head.rows, np.int32)
    seen = np.zeros(head.rows, bool)
    for number, codes, rows in _lists(reader, len(centroids), parts):
        fresh = _fresh(rows, seen)
        packed[fresh], lists[fresh] = codes, number
    _check_all(seen)
    origins = centroids if by_residual else np.zeros_like(centroids)
    return Codes(packed, lists, book.reshape(parts, 256, dim // parts).copy(), origins)


def _head(reader: Reader) -> Head:
    dim, rows, _, _, _, metric = reader.take("iqqq?i")
    if metric > 1:
        reader.take("f")
    if not 0 < dim <= MAX_DIM or rows <= 0:
        raise NotAnIndexError("its counts make no sense")
    return Head(dim, rows)


def _ivf_head(reader: Reader) -> tuple[Head, np.ndarray]:
    """Return the head of an inverted file, and the centres (lists, dim) of its lists."""
    head = _head(reader)
    lists, _probes = reader.take("QQ")
    if reader.word() not in FLAT_KINDS:
        raise NotAnIndexError("its lists are arranged in a way that is not read here")
    centroids = _flat(reader)
    if centroids.shape != (lists, head.dim):
        raise NotAnIndexError("its counts do not agree")
    (direct_map,) = reader.take("B")
    reader.vector("<i8")
    if direct_map == HASHTABLE:
        reader.vector("V16")
    return head, centroids


def _lists(reader: Reader, count: int, code_size: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield the inverted lists: number, codes (n, code_size) and row numbers (n,)."""
    if reader.word() != b"ilar" or reader.take("QQ") != (count, code_size):
        raise NotAnIndexError("its lists are of a kind that is not read here")
    for number, size in _list_sizes(reader):
        if number >= count:
            raise NotAnIndexError("its counts do not agree")
        if size:
            codes = reader.array("<u1", size * code_size).reshape(size, code_size)
            yield number, codes, reader.array("<i8", size)


def _list_sizes(reader: Reader) -> list[tuple[int, int]]:
    """Return the numbers of the lists and how many rows each has."""
    layout, sizes = reader.word(), reader.vector("<u8")
    if layout == b"full":
        return list(enumerate(sizes.tolist()))
    if layout == b"sprs" and len(sizes) % 2 == 0:
        return [(number, size) for number, size in sizes.reshape(-1, 2).tolist()]
    raise NotAnIndexError("its lists are of a kind that is not read here")


def _fresh(rows: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return row numbers that are in range, and note that they were seen."""
    if rows.min() < 0 or rows.max() >= len(seen):
        raise NotAnIndexError("its counts do not agree")
    seen[rows] = True
    return rows


def _check_all(seen: np.ndarray) -> None:
    if not seen.all():
        raise NotAnIndexError("rows are missing")


FLAT_KINDS = (b"IxF2", b"IxFI", b"IxFl")
_READERS: dict[bytes, Callable[[Reader], Stored]] = {
    **dict.fromkeys(FLAT_KINDS, _flat),
    b"IxSQ": _scalar,
    b"IwFl": _ivf_flat,
    b"IwPQ": _ivf_pq,
}


def serialize(vectors: np.ndarray, form: Form = "exact") -> bytes:
    """Return the bytes of an index of rows (N, dim) in float32 or float16, which the community's tools read as well.

    It is not trained: they search it exactly, as this program does. Of four numbers one byte (Jégou et al. 2011) is
    made where there are rows enough to learn how.
    """
    if form != "exact":
        return _packed(vectors.astype(np.float32), form)
    return _halves(vectors) if vectors.dtype == np.float16 else _trained("Flat", vectors)


def _halves(vectors: np.ndarray) -> bytes:
    """Return an index of rows (N, dim) in half precision, without the rounding that faiss would do again."""
    rows, dim = vectors.shape
    head = struct.pack("<4siqqq?i", b"IxSQ", dim, rows, RESERVED, RESERVED, True, L2)
    quantiser = struct.pack("<iifQQQ", HALF_PRECISION, 0, 0.0, dim, 2 * dim, 0)
    return head + quantiser + struct.pack("<Q", vectors.nbytes) + vectors.astype("<f2", copy=False).tobytes()


def _packed(vectors: np.ndarray, form: Form) -> bytes:
    rows, dim = vectors.shape
    if form == "pq" and rows >= LEAST_QUANTISED and dim % DIMS_PER_CODE == 0:
        lists = min(lists_for(rows), MOST_LISTS_QUANTISED)
        return _trained(
            f"IVF{lists},PQ{dim // DIMS_PER_CODE}x8np", vectors
        )  # np: no annealing that is not used
    return _trained("SQ8" if form == "int8" else "Flat", vectors)


def serialize_for_tools(vectors: np.ndarray) -> bytes:
    """Return the bytes of the index that the community's training would make of rows (N, dim)."""
    return _trained(f"IVF{lists_for(len(vectors))},Flat", vectors)


def _trained(kind: str, vectors: np.ndarray) -> bytes:
    index: Any = faiss.index_factory(vectors.shape[1], kind)
    if isinstance(index, faiss.IndexIVF):
        index.nprobe = 1
        index.cp.min_points_per_centroid = 1  # no warning about small voices
    if isinstance(index, faiss.IndexIVFPQ):
        clustering = index.pq.cp
        clustering.min_points_per_centroid, clustering.max_points_per_centroid = 1, QUANTISER_POINTS
        clustering.niter = QUANTISER_ROUNDS
    index.train(vectors)
    index.add(vectors)
    return bytes(faiss.serialize_index(index).tobytes())


def lists_for(rows: int) -> int:
    """Return into how many lists the community divides so many rows."""
    return max(1, min(int(16 * np.sqrt(rows)), rows // ROWS_PER_LIST))


def community_name(rows: int, voice: str) -> str:
    """Return the name that WebUI gives the file of so many rows, by which its users and tools know it."""
    return f"added_IVF{lists_for(rows)}_Flat_nprobe_1_{file_stem(voice, max_bytes=150)}_v2.index"
