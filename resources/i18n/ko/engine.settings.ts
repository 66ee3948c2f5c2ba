<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Settings.explained</name>
    <message>
        <source>train this many steps instead</source>
        <translation>프리셋 대신 이 단계 수만큼 학습합니다</translation>
    </message>
    <message>
        <source>train for this long instead</source>
        <translation>프리셋 대신 이 시간(분)만큼 학습합니다</translation>
    </message>
    <message>
        <source>clips a step (default: the preset's)</source>
        <translation>한 단계에 쓰는 클립 수 (기본값: 프리셋의 값)</translation>
    </message>
    <message>
        <source>clips computed at once, in as many turns as a step needs (default: what memory holds)</source>
        <translation>한 번에 계산하는 클립 수. 한 단계를 여러 번에 나누어 계산합니다 (기본값: 메모리에 맞게)</translation>
    </message>
    <message>
        <source>compute layers twice in place of remembering: less memory, more time</source>
        <translation>기억하는 대신 층을 두 번 계산합니다. 메모리는 적게, 시간은 더 듭니다</translation>
    </message>
    <message>
        <source>(default: the architecture's)</source>
        <translation>(기본값: 모델 종류에 맞는 값)</translation>
    </message>
    <message>
        <source>auto: bf16 or fp16 where the device is fast in it, fp32 elsewhere</source>
        <translation>auto: 장치가 bf16이나 fp16에서 빠르면 그것, 그 밖에는 fp32</translation>
    </message>
    <message>
        <source>end it once it only learns its recordings by heart</source>
        <translation>녹음을 외우기만 하면 학습을 끝냅니다</translation>
    </message>
    <message>
        <source>steps (default: ten times, and every 5 minutes)</source>
        <translation>단계 수 (기본값: 열 번, 그리고 5분마다)</translation>
    </message>
    <message>
        <source>newest checkpoints kept besides the best</source>
        <translation>가장 좋은 것 외에 남겨 두는 최신 체크포인트 수</translation>
    </message>
    <message>
        <source>decides all that is drawn at random</source>
        <translation>무작위로 정하는 모든 것을 결정합니다</translation>
    </message>
    <message>
        <source>contentvec, starter-2 or wakehubert-tiny (default: contentvec where it is found, else starter-2)</source>
        <translation>contentvec, starter-2 또는 wakehubert-tiny (기본값: contentvec이 있으면 그것, 없으면 starter-2)</translation>
    </message>
    <message>
        <source>pitch estimator: rmvpe, fcpe or swift (default: the best that is there)</source>
        <translation>피치 추정기: rmvpe, fcpe 또는 swift (기본값: 있는 것 중 가장 좋은 것)</translation>
    </message>
    <message>
        <source>of ContentVec and RMVPE; auto: bf16 where the device is fast in it, fp32 elsewhere</source>
        <translation>ContentVec과 RMVPE의 계산 정밀도. auto: 장치가 bf16에 빠르면 bf16, 그 밖에는 fp32</translation>
    </message>
    <message>
        <source>quieter than this is silence, dBFS</source>
        <translation>이보다 조용하면 무음으로 봅니다, dBFS</translation>
    </message>
    <message>
        <source>longest clip, seconds</source>
        <translation>가장 긴 클립의 길이, 초</translation>
    </message>
    <message>
        <source>overlap of neighbouring clips, seconds</source>
        <translation>이웃한 클립이 겹치는 길이, 초</translation>
    </message>
    <message>
        <source>shorter clips are left out, seconds</source>
        <translation>이보다 짧은 클립은 쓰지 않습니다, 초</translation>
    </message>
    <message>
        <source>bring every clip to an even level, as the reference does</source>
        <translation>모든 클립의 음량을 고르게 맞춥니다</translation>
    </message>
    <message>
        <source>share kept for testing</source>
        <translation>테스트를 위해 남겨 두는 비율</translation>
    </message>
    <message>
        <source>at most this much is kept for testing, seconds; of several voices 10 s each, if that is more</source>
        <translation>테스트를 위해 남겨 두는 최대 길이, 초. 여러 목소리라면 더 길어질 때 하나에 10초씩</translation>
    </message>
</context>
<context>
    <name>Demand</name>
    <message>
        <source>from {ge} to {le}</source>
        <translation>{ge}부터 {le}까지의</translation>
    </message>
    <message>
        <source>of {ge} or more</source>
        <translation>{ge} 이상의</translation>
    </message>
    <message>
        <source>of {le} or less</source>
        <translation>{le} 이하의</translation>
    </message>
    <message>
        <source>above {gt}</source>
        <translation>{gt}보다 큰</translation>
    </message>
    <message>
        <source>below {lt}</source>
        <translation>{lt}보다 작은</translation>
    </message>
    <message>
        <source>above {gt} and below {lt}</source>
        <translation>{gt}보다 크고 {lt}보다 작은</translation>
    </message>
    <message>
        <source>of {ge} or more, below {lt}</source>
        <translation>{ge} 이상 {lt} 미만의</translation>
    </message>
    <message>
        <source>above {gt}, up to {le}</source>
        <translation>{gt} 초과 {le} 이하의</translation>
    </message>
    <message>
        <source>of {min_length} to {max_length} characters</source>
        <translation>{min_length}~{max_length}자의</translation>
    </message>
    <message>
        <source>of {max_length} characters at most</source>
        <translation>{max_length}자 이하의</translation>
    </message>
    <message>
        <source>of {min_length} characters or more</source>
        <translation>{min_length}자 이상의</translation>
    </message>
    <message>
        <source>that matches {pattern}</source>
        <translation>{pattern} 형식의</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>참 또는 거짓</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>정수</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>숫자</translation>
    </message>
    <message>
        <source>text</source>
        <translation>글자</translation>
    </message>
    <message>
        <source>a day such as 2026-11-20</source>
        <translation>2026-11-20 같은 날짜</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>목록</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>객체</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation>{choices} 가운데 하나</translation>
    </message>
</context>
</TS>
