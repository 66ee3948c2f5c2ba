<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>CurvesCard</name>
    <message>
        <source>How the training goes</source>
        <translation>학습 진행 상황</translation>
    </message>
    <message>
        <source>All curves</source>
        <translation>모든 곡선</translation>
    </message>
    <message>
        <source>takes it has never heard</source>
        <translation>한 번도 듣지 않은 녹음</translation>
    </message>
    <message>
        <source>takes it learns from</source>
        <translation>학습에 쓰는 녹음</translation>
    </message>
    <message>
        <source>Validated ten times in a training; the first one is still to come.</source>
        <translation>학습하는 동안 열 번 검증합니다. 아직 첫 검증 전입니다.</translation>
    </message>
    <message>
        <source>Now {now}, at its lowest {low} at step {step}. Dashed: the model that is kept.</source>
        <translation>지금은 {now}, 가장 낮았던 값은 {step}단계의 {low}입니다. 점선은 남겨 둘 모델입니다.</translation>
    </message>
    <message>
        <source>Distance from the real voice</source>
        <translation>실제 목소리와의 거리</translation>
    </message>
    <message>
        <source>From {first} to {last}.</source>
        <translation>{first}에서 {last}까지 변했습니다.</translation>
    </message>
</context>
</TS>
