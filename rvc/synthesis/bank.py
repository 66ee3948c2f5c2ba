"""The rows of a retrieval index as they lie in memory: whole, in half precision where nothing is lost, or packed."""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from rvc.synthesis.index_file import Codes, Steps, Stored


class Bank(Protocol):
    """Rows (N, dim) that are read in blocks, so that memory holds few of them as float32."""

    @property
    def dim(self) -> int: ...

    @property
    def nbytes(self) -> int:
        """How much memory they take."""

    @property
    def rows(self) -> Tensor:
        """All of them, float16 where they lie in it, else float32."""

    def __len__(self) -> int: ...

    def read(self, start: int, stop: int) -> Tensor:
        """Return neighbouring rows (n, dim), float32."""

    def take(self, rows: Tensor) -> Tensor:
        """Return the rows of these numbers (...), (..., dim) float32."""

    def to(self, device: torch.device | str) -> "Bank": ...


class PlainBank:
    """Rows that lie there as they are, float32 or float16."""

    def __init__(self, vectors: Tensor) -> None:
        self._vectors = vectors.contiguous()

    @classmethod
    def of(cls, vectors: Tensor) -> "PlainBank":
        """Keep rows in half precision where they were in it before: so are a dataset's content features."""
        if vectors.dtype == torch.float16:
            return cls(vectors)
        halved = vectors.half()
        return cls(halved if torch.equal(halved.to(vectors), vectors) else vectors.float())

    @property
    def dim(self) -> int:
        return self._vectors.shape[1]

    @property
    def nbytes(self) -> int:
        return self._vectors.nbytes

    @property
    def rows(self) -> Tensor:
        return self._vectors

    def __len__(self) -> int:
        return len(self._vectors)

    def read(self, start: int, stop: int) -> Tensor:
        return self._vectors[start:stop].float()

    def take(self, rows: Tensor) -> Tensor:
        return self._vectors[rows].float()

    def to(self, device: torch.device | str) -> "PlainBank":
        return PlainBank(self._vectors.to(device))


class SteppedBank:
    """Rows of whole numbers of steps above the lowest value of each dimension: a byte for every number."""

    def __init__(self, codes: Tensor, low: Tensor, step: Tensor) -> None:
        """`codes` is (N, dim) bytes, `low` and `step` are (dim,)."""
        self._codes, self._low, self._step = codes, low, step

    @property
    def dim(self) -> int:
        return self._codes.shape[1]

    @property
    def nbytes(self) -> int:
        return self._codes.nbytes

    @property
    def rows(self) -> Tensor:
        return self.read(0, len(self))

    def __len__(self) -> int:
        return len(self._codes)

    def read(self, start: int, stop: int) -> Tensor:
        return torch.addcmul(self._low, self._codes[start:stop].float(), self._step)

    def take(self, rows: Tensor) -> Tensor:
        return torch.addcmul(self._low, self._codes[rows].float(), self._step)

    def to(self, device: torch.device | str) -> "SteppedBank":
        return SteppedBank(self._codes.to(device), self._low.to(device), self._step.to(device))


class CodedBank:
    """Rows that are the sum of a centre and of entries of a code book (product quantisation, Jégou et al. 2011)."""

    def __init__(self, codes: Tensor, lists: Tensor, book: Tensor, origins: Tensor) -> None:
        """`codes` is (N, parts) bytes, `lists` (N,), `book` (parts, 256, dim / parts), `origins` (lists, dim)."""
        self._codes, self._lists, self._book, self._origins = codes, lists, book, origins
        self._starts = torch.arange(len(book), dtype=torch.int32, device=codes.device) * book.shape[1]

    @property
    def dim(self) -> int:
        return self._origins.shape[1]

    @property
    def nbytes(self) -> int:
        return sum(part.nbytes for part in (self._codes, self._lists, self._book, self._origins))

    @property
    def rows(self) -> Tensor:
        return self.read(0, len(self))

    def __len__(self) -> int:
        return len(self._codes)

    def read(self, start: int, stop: int) -> Tensor:
        return self._decode(self._codes[start:stop], self._lists[start:stop])

    def take(self, rows: Tensor) -> Tensor:
        return self._decode(self._codes[rows], self._lists[rows])

    def _decode(self, codes: Tensor, lists: Tensor) -> Tensor:
        entries = F.embedding(codes.int() + self._starts, self._book.flatten(0, 1))
        return entries.flatten(-2).add_(F.embedding(lists, self._origins))

    def to(self, device: torch.device | str) -> "CodedBank":
        parts = (self._codes, self._lists, self._book, self._origins)
        return CodedBank(*(part.to(device) for part in parts))


def bank_of(stored: Stored) -> Bank:
    """Return what was read from a file as a bank."""
    if isinstance(stored, Codes):
        return CodedBank(*map(torch.from_numpy, (stored.codes, stored.lists, stored.book, stored.origins)))
    if isinstance(stored, Steps):
        return SteppedBank(*map(torch.from_numpy, (stored.codes, stored.low, stored.step)))
    return PlainBank.of(torch.from_numpy(stored))
