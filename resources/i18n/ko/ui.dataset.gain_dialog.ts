<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>GainDialog</name>
    <message>
        <source>Gain</source>
        <translation>음량</translation>
    </message>
    <message>
        <source>Turn this take up or down</source>
        <translation>이 녹음의 소리를 키우거나 줄입니다</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>적용</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Peaks stay below -1 dBFS, whatever you choose.</source>
        <translation>얼마를 고르든 최고점은 -1 dBFS를 넘지 않습니다.</translation>
    </message>
    <message>
        <source>Its peaks are at {peak} dBFS: {room} dB are left until they reach -1 dBFS.</source>
        <translation>최고점은 {peak} dBFS이며, -1 dBFS까지 {room} dB 남았습니다.</translation>
    </message>
</context>
</TS>
