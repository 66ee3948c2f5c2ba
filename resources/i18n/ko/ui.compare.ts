<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>CompareView</name>
    <message>
        <source>Press A or B to switch between them at the same place. Both are equally loud.</source>
        <translation>A나 B를 누르면 같은 위치에서 서로 바뀝니다. 둘의 음량은 같게 맞춥니다.</translation>
    </message>
    <message>
        <source>Listen to {name}</source>
        <translation>{name} 듣기</translation>
    </message>
    <message>
        <source>Waveform of {name}</source>
        <translation>{name} 파형</translation>
    </message>
</context>
</TS>
