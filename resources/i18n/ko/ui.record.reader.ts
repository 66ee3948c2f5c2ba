<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>PromptReader</name>
    <message>
        <source>Previous sentence (left arrow)</source>
        <translation>이전 문장 (왼쪽 화살표)</translation>
    </message>
    <message>
        <source>Next sentence (right arrow)</source>
        <translation>다음 문장 (오른쪽 화살표)</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>녹음한 날</translation>
    </message>
    <message>
        <source>Free recording</source>
        <translation>자유 녹음</translation>
    </message>
    <message>
        <source>Speak, read or sing what you like.</source>
        <translation>말하거나 읽거나 노래하세요. 무엇이든 좋습니다.</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{count}개 중 {number}번째</translation>
    </message>
</context>
</TS>
