<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>EarlyButton</name>
    <message>
        <source>Listen meanwhile</source>
        <translation>먼저 듣기</translation>
    </message>
    <message>
        <source>Stop listening</source>
        <translation>듣기 멈추기</translation>
    </message>
    <message>
        <source>Hear what is spoken so far. The result gets its loudness at the end.</source>
        <translation>지금까지 변환된 부분을 듣습니다. 결과의 음량은 마지막에 맞춰집니다.</translation>
    </message>
</context>
</TS>
