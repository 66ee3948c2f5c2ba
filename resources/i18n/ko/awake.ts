<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Awake</name>
    <message>
        <source>A voice is being worked on.</source>
        <translation>목소리를 다루는 작업이 진행 중입니다.</translation>
    </message>
</context>
</TS>
