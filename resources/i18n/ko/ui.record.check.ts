<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>MicrophoneCheck</name>
    <message>
        <source>Say something: the bar should reach the yellow part.</source>
        <translation>아무 말이나 해 보세요. 막대가 노란 부분까지 닿으면 좋습니다.</translation>
    </message>
    <message>
        <source>Level of the microphone</source>
        <translation>마이크 음량</translation>
    </message>
</context>
</TS>
