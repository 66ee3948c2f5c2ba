<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>PresetsCard</name>
    <message>
        <source>How thoroughly</source>
        <translation>얼마나 꼼꼼하게</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>초안</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>표준</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>최고</translation>
    </message>
    <message>
        <source>Enough to hear whether the recordings are good.</source>
        <translation>녹음이 괜찮은지 들어 보기에 충분합니다.</translation>
    </message>
    <message>
        <source>What most voices need.</source>
        <translation>대부분의 목소리에 알맞습니다.</translation>
    </message>
    <message>
        <source>For much material, when every detail counts.</source>
        <translation>녹음이 많고 세밀함이 중요할 때 좋습니다.</translation>
    </message>
    <message>
        <source>Measure now</source>
        <translation>지금 측정</translation>
    </message>
    <message>
        <source>How long they take there is known once that computer has trained a voice of yours.</source>
        <translation>그 컴퓨터에서 목소리를 한 번 학습하면 걸리는 시간을 알 수 있습니다.</translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation>약 {time}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>멈추기</translation>
    </message>
    <message>
        <source>Measuring the time of a few steps…</source>
        <translation>몇 단계의 시간을 재는 중…</translation>
    </message>
    <message>
        <source>How long they take is known once this computer has trained a voice.</source>
        <translation>이 컴퓨터에서 한 번 학습하면 걸리는 시간을 알 수 있습니다.</translation>
    </message>
</context>
</TS>
