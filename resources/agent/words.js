/** The page's text. `{...}` is filled in. */
export const WORDS = {
  en: {
    title: "status", skip: "To the jobs", other: "한국어", leave: "Log out",
    token: "Token", enter: "Show the jobs",
    token_note: "From `rvc-agent token add NAME`. It is kept in this tab only, until the tab is closed.",
    wrong: "This token is not known here, or was revoked.",
    lost: "The agent does not answer. The page tries again by itself.",
    jobs: "Jobs", none: "There are no jobs yet.", count: "{running} running, {queued} waiting, {all} in all",
    curve: "Losses", steps: "steps", news: "Events", chart: "Losses over steps. Last: {values}",
    states: { queued: "waiting", running: "running", pausing: "pausing", paused: "paused", done: "done", failed: "failed", cancelled: "cancelled" },
    kinds: { train: "Training", convert: "Conversion", evaluate: "Test" },
    phases: { prepare: "preparing", pitch: "finding pitch", content: "finding content", train: "training", index: "building the index", evaluate: "testing", convert: "converting" },
    left: "{time} left", starts: "starts in {time}", place: "place {place} in the queue",
    owner: "Owner", devices: "Runs on", created: "Submitted", started: "Started", ended: "Ended", attempt: "Attempt",
    checkpoint: "Saved at step {step}", preview: "A preview was made at step {step}", finished: "The results are there",
    hours: "{h} h {m} min", minutes: "{m} min", seconds: "{s} s",
    names: { steps: "Steps", speech_s: "Speech learnt from, s", files: "Files", reconstruction_similarity: "Likeness of the voice", reconstruction_pitch_correlation: "Pitch correlation", reconstruction_voicing_error: "Voicing error", reconstruction_log_mel_db: "Log-mel distance, dB", conversion_similarity: "Likeness, others converted" },
  },
  ko: {
    title: "상태", skip: "작업 목록으로", other: "English", leave: "로그아웃",
    token: "토큰", enter: "작업 보기",
    token_note: "`rvc-agent token add 이름`으로 만듭니다. 이 탭에만, 탭을 닫을 때까지 보관됩니다.",
    wrong: "알 수 없거나 취소된 토큰입니다.",
    lost: "에이전트가 응답하지 않습니다. 자동으로 다시 시도합니다.",
    jobs: "작업", none: "아직 작업이 없습니다.", count: "실행 중 {running}, 대기 중 {queued}, 전체 {all}",
    curve: "손실", steps: "단계", news: "기록", chart: "단계별 손실. 마지막 값: {values}",
    states: { queued: "대기 중", running: "실행 중", pausing: "멈추는 중", paused: "일시 정지", done: "완료", failed: "실패", cancelled: "취소됨" },
    kinds: { train: "학습", convert: "변환", evaluate: "평가" },
    phases: { prepare: "준비", pitch: "음높이 분석", content: "내용 분석", train: "학습", index: "색인 만들기", evaluate: "평가", convert: "변환" },
    left: "{time} 남음", starts: "{time} 뒤 시작", place: "대기열 {place}번째",
    owner: "소유자", devices: "실행 장치", created: "제출", started: "시작", ended: "종료", attempt: "시도 횟수",
    checkpoint: "{step}단계에서 저장했습니다", preview: "{step}단계에서 미리 듣기를 만들었습니다", finished: "결과가 준비되었습니다",
    hours: "{h}시간 {m}분", minutes: "{m}분", seconds: "{s}초",
    names: { steps: "단계 수", speech_s: "학습한 음성, 초", files: "파일 수", reconstruction_similarity: "목소리 유사도", reconstruction_pitch_correlation: "음높이 상관", reconstruction_voicing_error: "유성음 오류", reconstruction_log_mel_db: "로그 멜 거리, dB", conversion_similarity: "목소리 유사도(다른 사람)" },
  },
};

/** Fill a text of `words` in. */
export function fill(text, facts) {
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}
