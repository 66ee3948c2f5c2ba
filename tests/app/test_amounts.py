import pytest

from rvc.events import Progress
from rvcstudio.studio import Studio
from rvcstudio.ui import amounts


@pytest.mark.parametrize(
    ("unit", "said", "korean"),
    [
        ("steps", "step 60 of 180", "180단계 중 60단계"),
        ("seconds", "1:00 of 3:00 of audio", "음성 3:00 중 1:00"),
        ("bytes", "60 bytes of 180 bytes", "180 바이트 중 60 바이트"),
        ("files", "file 60 of 180", "파일 180개 중 60개"),
        ("clips", "clip 60 of 180", "클립 180개 중 60개"),
        ("", "", ""),
    ],
)
@pytest.mark.usefixtures("window")
def test_work_says_how_much_is_done_in_what_it_counts(
    studio: Studio, unit: str, said: str, korean: str
) -> None:
    progress = Progress(phase="prepare", step=60, total=180, unit=unit)
    assert amounts.text(progress) == said
    studio.settings.update(language="ko")
    assert amounts.text(progress) == korean
