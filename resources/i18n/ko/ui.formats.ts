<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Formats</name>
    <message>
        <source>{number} min</source>
        <translation>{number}분</translation>
    </message>
</context>
</TS>
