<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>TakeEditor</name>
    <message>
        <source>Trim to selection</source>
        <translation>선택 부분만 남기기</translation>
    </message>
    <message>
        <source>Delete selection</source>
        <translation>선택 부분 지우기</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>나누기</translation>
    </message>
    <message>
        <source>Gain…</source>
        <translation>음량…</translation>
    </message>
    <message>
        <source>peak {level} dBFS</source>
        <translation>최대 {level} dBFS</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>재생</translation>
    </message>
    <message>
        <source>Trimmed.</source>
        <translation>선택한 부분만 남겼습니다.</translation>
    </message>
    <message>
        <source>The selection was deleted.</source>
        <translation>선택한 부분을 지웠습니다.</translation>
    </message>
    <message>
        <source>The take was split in two.</source>
        <translation>녹음을 둘로 나눴습니다.</translation>
    </message>
    <message>
        <source>The level was changed.</source>
        <translation>음량을 바꿨습니다.</translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Wave</source>
        <translation>파형</translation>
    </message>
    <message>
        <source>Spectrum</source>
        <translation>스펙트럼</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>확대</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>축소</translation>
    </message>
    <message>
        <source>Show the selection or all</source>
        <translation>선택 부분 또는 전체 보기</translation>
    </message>
    <message>
        <source>Play again and again</source>
        <translation>반복 재생</translation>
    </message>
    <message>
        <source>Play on</source>
        <translation>재생할 장치</translation>
    </message>
    <message>
        <source>Waveform of the take</source>
        <translation>녹음의 파형</translation>
    </message>
</context>
</TS>
