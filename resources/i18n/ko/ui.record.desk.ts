<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Desk</name>
    <message>
        <source>Voice</source>
        <translation>목소리</translation>
    </message>
    <message>
        <source>What is read</source>
        <translation>읽을 내용</translation>
    </message>
    <message>
        <source>English sentences</source>
        <translation>영어 문장</translation>
    </message>
    <message>
        <source>Korean sentences</source>
        <translation>한국어 문장</translation>
    </message>
    <message>
        <source>Free recording</source>
        <translation>자유 녹음</translation>
    </message>
    <message>
        <source>A file of your own…</source>
        <translation>내 파일에서…</translation>
    </message>
    <message>
        <source>Text, one line a sentence ({kinds})</source>
        <translation>한 줄에 한 문장씩 적은 텍스트 ({kinds})</translation>
    </message>
    <message>
        <source>Choose sentences</source>
        <translation>문장 파일 선택</translation>
    </message>
</context>
</TS>
