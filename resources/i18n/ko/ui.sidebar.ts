<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Sidebar</name>
    <message>
        <source>Shortcuts</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>화면 목록</translation>
    </message>
    <message numerus="yes">
        <source>{page}, %n new</source>
        <translation>
            <numerusform>{page}, 새 소식 %n개</numerusform>
        </translation>
    </message>
</context>
</TS>
