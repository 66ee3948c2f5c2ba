<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Exchange</name>
    <message>
        <source>Export the voice</source>
        <translation>목소리 내보내기</translation>
    </message>
    <message>
        <source>Voices ({kinds})</source>
        <translation>목소리 ({kinds})</translation>
    </message>
    <message>
        <source>Exported: {file}</source>
        <translation>내보냈습니다: {file}</translation>
    </message>
    <message>
        <source>Import voices</source>
        <translation>목소리 가져오기</translation>
    </message>
    <message>
        <source>{name} was imported.</source>
        <translation>{name} 목소리를 가져왔습니다.</translation>
    </message>
</context>
</TS>
