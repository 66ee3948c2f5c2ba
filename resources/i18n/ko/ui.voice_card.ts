<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Consent</name>
    <message>
        <source>Own voice</source>
        <translation>본인 목소리</translation>
    </message>
    <message>
        <source>With permission</source>
        <translation>허락받은 목소리</translation>
    </message>
    <message>
        <source>Consent not stated</source>
        <translation>동의 여부 없음</translation>
    </message>
</context>
<context>
    <name>VoiceCard</name>
    <message numerus="yes">
        <source>%n take(s)</source>
        <translation>
            <numerusform>녹음 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>모델 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>More for {name}</source>
        <translation>{name} 더 보기</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>편집…</translation>
    </message>
    <message>
        <source>Export as one file…</source>
        <translation>파일 하나로 내보내기…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
</context>
</TS>
