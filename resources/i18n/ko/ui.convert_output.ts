<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>OutputCard</name>
    <message>
        <source>Choose a folder for results</source>
        <translation>결과를 둘 폴더 선택</translation>
    </message>
    <message>
        <source>In the library</source>
        <translation>보관함 안</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>형식</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>A name that is taken gets a number; nothing is replaced.</source>
        <translation>이미 있는 이름에는 번호가 붙습니다. 덮어쓰지 않습니다.</translation>
    </message>
    <message>
        <source>Recording and voice</source>
        <translation>녹음과 목소리</translation>
    </message>
    <message>
        <source>As the recording</source>
        <translation>녹음과 같게</translation>
    </message>
    <message>
        <source>As the voice</source>
        <translation>목소리와 같게</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
</context>
</TS>
