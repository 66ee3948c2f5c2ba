<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ResultView</name>
    <message>
        <source>In short</source>
        <translation>요약</translation>
    </message>
</context>
</TS>
