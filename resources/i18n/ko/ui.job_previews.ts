<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>PreviewCard</name>
    <message>
        <source>Listen to its progress</source>
        <translation>학습 과정 들어 보기</translation>
    </message>
    <message>
        <source>The same sentence after every tenth of the training. While one plays, another one goes on at the same place, so differences are easy to hear.</source>
        <translation>학습의 10분의 1마다 같은 문장을 들려줍니다. 재생 중에 다른 것을 누르면 같은 위치에서 이어지므로 차이를 쉽게 들을 수 있습니다.</translation>
    </message>
    <message>
        <source>Play all</source>
        <translation>모두 재생</translation>
    </message>
    <message>
        <source>Original speaker</source>
        <translation>원래 화자</translation>
    </message>
    <message>
        <source>Step {step}</source>
        <translation>{step}단계</translation>
    </message>
    <message>
        <source>{step}, best</source>
        <translation>{step}, 최고</translation>
    </message>
    <message>
        <source>The voice speaks as it did at step {step} now.</source>
        <translation>이제 {step}단계의 목소리로 말합니다.</translation>
    </message>
    <message>
        <source>Listen, and choose the one that sounds best. Your voice speaks with step {step}.</source>
        <translation>들어 보고 가장 좋은 것을 고르세요. 지금 목소리는 {step}단계의 모델을 씁니다.</translation>
    </message>
    <message>
        <source>Use step {step}</source>
        <translation>{step}단계 사용</translation>
    </message>
</context>
</TS>
