<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Amounts</name>
    <message>
        <source>step {done} of {total}</source>
        <translation>{total}단계 중 {done}단계</translation>
    </message>
    <message>
        <source>{done} of {total} of audio</source>
        <translation>음성 {total} 중 {done}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{total} 중 {done}</translation>
    </message>
    <message>
        <source>file {done} of {total}</source>
        <translation>파일 {total}개 중 {done}개</translation>
    </message>
    <message>
        <source>take {done} of {total}</source>
        <translation>녹음 {total}개 중 {done}개</translation>
    </message>
    <message>
        <source>clip {done} of {total}</source>
        <translation>클립 {total}개 중 {done}개</translation>
    </message>
</context>
</TS>
