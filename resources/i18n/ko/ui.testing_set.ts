<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>TestSet</name>
    <message>
        <source>Choose recordings…</source>
        <translation>녹음 고르기…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>빼기</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) or folder(s) chosen.</source>
        <translation>
            <numerusform>파일이나 폴더 %n개를 골랐습니다.</numerusform>
        </translation>
    </message>
</context>
</TS>
