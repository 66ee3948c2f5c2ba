<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Notify</name>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
</context>
</TS>
