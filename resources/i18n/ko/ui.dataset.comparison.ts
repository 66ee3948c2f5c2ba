<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Comparison</name>
    <message>
        <source>Press A or B to switch between them at the same place. Both are equally loud.</source>
        <translation>A나 B를 누르면 같은 위치에서 서로 바꿔 들을 수 있습니다. 두 소리의 크기는 같게 맞춥니다.</translation>
    </message>
    <message>
        <source>End the comparison</source>
        <translation>비교 끝내기</translation>
    </message>
    <message>
        <source>Listen to {name}</source>
        <translation>{name} 듣기</translation>
    </message>
    <message>
        <source>Keep this, leave the other out</source>
        <translation>이것을 쓰고 다른 하나는 빼기</translation>
    </message>
    <message>
        <source>Waveform of {name}</source>
        <translation>{name} 파형</translation>
    </message>
</context>
</TS>
