<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>library_gone</source>
        <translation>보관함이 원래 자리에 없습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>library_gone</source>
        <translation>보관함이 들어 있는 디스크를 연결하세요.</translation>
    </message>
</context>
</TS>
