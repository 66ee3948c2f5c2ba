<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>LineButton</name>
    <message>
        <source>Stop ({time})</source>
        <translation>중지 ({time})</translation>
    </message>
    <message>
        <source>Record a line</source>
        <translation>한마디 녹음</translation>
    </message>
</context>
</TS>
