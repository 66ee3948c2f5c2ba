<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>AdvancedForm</name>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Preparing the recordings</source>
        <translation>녹음 준비</translation>
    </message>
    <message>
        <source>On</source>
        <translation>켜기</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 또는 </translation>
    </message>
    <message>
        <source>{setting} must be {wanted}.</source>
        <translation>{setting}: 여기에는 {wanted}만 넣을 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>Demand</name>
    <message>
        <source>{kind} {limits}</source>
        <translation>{limits} {kind}</translation>
    </message>
</context>
<context>
    <name>Settings.train</name>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>시간(분)</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>배치 크기</translation>
    </message>
    <message>
        <source>Clips at once</source>
        <translation>한 번에 계산할 클립</translation>
    </message>
    <message>
        <source>Save memory</source>
        <translation>메모리 절약</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>정밀도</translation>
    </message>
    <message>
        <source>Stop early</source>
        <translation>일찍 멈추기</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>체크포인트 간격</translation>
    </message>
    <message>
        <source>Checkpoints kept</source>
        <translation>남길 체크포인트</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Content encoder</source>
        <translation>콘텐츠 인코더</translation>
    </message>
    <message>
        <source>Pitch estimator</source>
        <translation>피치 추정기</translation>
    </message>
    <message>
        <source>Silence below</source>
        <translation>무음 기준</translation>
    </message>
    <message>
        <source>Longest clip</source>
        <translation>가장 긴 클립</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>겹침</translation>
    </message>
    <message>
        <source>Shortest clip</source>
        <translation>가장 짧은 클립</translation>
    </message>
    <message>
        <source>Even level</source>
        <translation>음량 고르게</translation>
    </message>
    <message>
        <source>Kept for testing</source>
        <translation>테스트용 비율</translation>
    </message>
    <message>
        <source>Kept at most</source>
        <translation>테스트용 최대 길이</translation>
    </message>
</context>
</TS>
