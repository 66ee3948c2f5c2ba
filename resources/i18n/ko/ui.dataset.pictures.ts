<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Pictures</name>
    <message>
        <source>speech</source>
        <translation>말소리</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>소음</translation>
    </message>
    <message>
        <source>quiet room</source>
        <translation>조용한 방</translation>
    </message>
</context>
</TS>
