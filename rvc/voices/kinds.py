"""What a file is, in plain words: told from its first bytes, or from the names of the weights in it.

People meet many kinds of model files. One that cannot be used here is refused under its own name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from rvc.errors import InputError

HEAD_BYTES = 512
RVC_FILES = "the .pth of RVC-WebUI or Applio, or a .safetensors of RVC Studio"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file; `words` completes the sentence "NAME is ..."."""

    code: str
    words: str
    hint: str = ""

    def refused(self, path: Path, reason: str = "") -> InputError:
        """Return the error that says what the file is in place of a voice."""
        return InputError(self.code, f"{path.name} is {self.words}{reason}.", self.hint)


ANOTHER = f"Choose {RVC_FILES}."
AGAIN = "Get it again."
SAFELY = "which cannot be read safely"
PICKLED = "Get the model as a .pth of today's PyTorch, or as .safetensors."

EMPTY = Kind("damaged_model", "an empty file", AGAIN)
ZEROS = Kind("damaged_model", "nothing but zeros: a download or a copy broke off", AGAIN)
CUT = Kind("damaged_model", "damaged: a download or a copy broke off", AGAIN)
UNKNOWN = Kind("damaged_model", "damaged, or not a model file", AGAIN)
ARCHIVE = Kind("archive", "an archive", "Unpack it, then choose the .pth that is in it.")
INDEX = Kind("index", "a retrieval index, not a model", "The model is the .pth or .safetensors beside it.")
RECORDING = Kind("not_a_voice", "a recording, not a model", ANOTHER)
ONNX = Kind(
    "onnx",
    "an ONNX model, which RVC Studio writes but does not read",
    "Choose the file that it was made from.",
)
OLD_TORCH = Kind("old_pickle", f"in the form of PyTorch before 1.6, {SAFELY}", PICKLED)
BARE_PICKLE = Kind("old_pickle", f"a bare Python pickle, {SAFELY}", PICKLED)
WEB_PAGE = Kind("damaged_model", "a web page that was saved in place of the model", AGAIN)
TEXT = Kind("damaged_model", "a text, not a model file", AGAIN)

_HEADS: tuple[tuple[bytes, Kind], ...] = (
    (b"<!doctype html", WEB_PAGE),
    (b"<html", WEB_PAGE),
    (
        b"version https://git-lfs",
        Kind("damaged_model", "the placeholder that Git keeps for a large file, not the file itself", AGAIN),
    ),
    (b"pk\x03\x04", CUT),
    (b"rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"\x80\x02\x8a\x0al\xfc\x9cf\xf9 j\xa8p\x19", OLD_TORCH),
    *((bytes((0x80, version)), BARE_PICKLE) for version in range(2, 6)),
    *((head, RECORDING) for head in (b"riff", b"flac", b"oggs", b"id3")),
    *((head, INDEX) for head in (b"ixf", b"ixm", b"iwf", b"iwp", b"iwm", b"ixpq")),
    (b"gguf", Kind("other_model", "a language model (GGUF)", ANOTHER)),
    (b"\x89png", Kind("damaged_model", "a picture", ANOTHER)),
    (b"\xff\xd8\xff", Kind("damaged_model", "a picture", ANOTHER)),
    (b"mz", Kind("damaged_model", "a program for Windows; do not run it", ANOTHER)),
    (b"\x7felf", Kind("damaged_model", "a program for Linux; do not run it", ANOTHER)),
)  # fmt: skip

DISCRIMINATOR = Kind(
    "discriminator",
    "the discriminator of a training; it cannot speak",
    "Choose the small model, or the G_ file beside it; training takes this one as --base-discriminator.",
)
_FAMILIES: tuple[tuple[str, str], ...] = (
    ("unit2ctrl.", "a DDSP-SVC model"),
    ("emb_uv.", "a so-vits-svc model"),
    ("f0_decoder.", "a so-vits-svc model"),
    ("ssl_proj.", "a GPT-SoVITS model"),
    ("quantizer.vq.", "a GPT-SoVITS model"),
    ("model.ar_", "a GPT-SoVITS model"),
    ("enc_p.emb.", "a text-to-speech model (VITS)"),
    ("length_regulator.", "a Seed-VC model"),
    ("denoise_fn.", "a diffusion model of singing (Diff-SVC or DiffSinger)"),
    ("feature_extractor.conv_layers.", "a content encoder (HuBERT or ContentVec)"),
    ("unet.encoder.", "the pitch estimator RMVPE"),
    ("stg1_", "a model that separates vocals"),
    ("band_split.", "a model that separates vocals"),
    ("diffusion_model.", "a model that draws pictures"),
)
_VOCODERS: tuple[tuple[str, str], ...] = (
    ("dec.mrfs.", "MRF HiFi-GAN"),
    ("dec.upsamples.", "MRF HiFi-GAN"),
    ("dec.upsample_", "RefineGAN"),
    ("dec.downsample_", "RefineGAN"),
)


def of_bytes(path: Path) -> Kind | None:
    """Return what the first bytes say a file is, None where they do not; raises `InputError` not_readable."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(
            "not_readable",
            f"{path.name} cannot be read: {error.strerror or error}.",
            "Check its permissions.",
        ) from error
    if not head.strip(b"\0"):
        return ZEROS if head else EMPTY
    for start, kind in _HEADS:
        if head.lstrip().lower().startswith(start):
            return kind
    if path.suffix.lower() == ".onnx" or (head.startswith(b"\x08") and b"pytorch" in head):
        return ONNX
    return TEXT if _is_text(head) else None


def not_readable(path: Path, error: OSError) -> InputError:
    reason = error.strerror or str(error)
    return InputError("not_readable", f"{path.name} cannot be read: {reason}.", "Check its permissions.")


def _is_text(head: bytes) -> bool:
    return all(byte in b"\t\n\r" or byte >= 0x20 for byte in head)


def of_weights(names: Collection[str]) -> Kind | None:
    """Return what a file of weights with these names is, if it is something else than a voice."""
    if any(name.startswith("discriminators.") for name in names):
        return DISCRIMINATOR
    for part, words in _FAMILIES:
        if any(part in name for name in names):
            return Kind("other_model", words, ANOTHER)
    return None


def vocoder(names: Collection[str]) -> str | None:
    """Return the name of the vocoder whose weights these are, None for the usual one."""
    return next((name for start, name in _VOCODERS if any(key.startswith(start) for key in names)), None)


def refusal(path: Path) -> InputError:
    """Return the error for a file that could not be opened as a model, with what it seems to be."""
    return (of_bytes(path) or UNKNOWN).refused(path)
