<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ClipLight</name>
    <message numerus="yes">
        <source>Clipped %n time(s)</source>
        <translation>
            <numerusform>%n번 찌그러졌습니다</numerusform>
        </translation>
    </message>
    <message>
        <source>No clipping</source>
        <translation>찌그러짐 없음</translation>
    </message>
    <message>
        <source>Turn the gain down. Click to reset the count.</source>
        <translation>입력 음량을 낮추세요. 누르면 횟수를 다시 셉니다.</translation>
    </message>
</context>
</TS>
