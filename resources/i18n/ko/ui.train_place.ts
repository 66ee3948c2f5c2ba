<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>PlaceCard</name>
    <message>
        <source>Where</source>
        <translation>어디에서</translation>
    </message>
    <message>
        <source>Use another computer</source>
        <translation>다른 컴퓨터 사용</translation>
    </message>
    <message>
        <source>Set up the engine…</source>
        <translation>엔진 설치하기…</translation>
    </message>
    <message>
        <source>The least busy one</source>
        <translation>가장 한가한 컴퓨터</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>컴퓨터</translation>
    </message>
    <message>
        <source>This computer has no engine to train with. Set it up, or use another computer.</source>
        <translation>이 컴퓨터에는 학습할 엔진이 없습니다. 엔진을 설치하거나 다른 컴퓨터를 사용하세요.</translation>
    </message>
    <message>
        <source>Not reached at the moment.</source>
        <translation>지금은 연결되지 않습니다.</translation>
    </message>
    <message>
        <source>Free: it starts at once.</source>
        <translation>비어 있어 바로 시작합니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) before yours.</source>
        <translation>
            <numerusform>앞에 작업 %n개가 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Starts in about {time}.</source>
        <translation>약 {time} 뒤에 시작합니다.</translation>
    </message>
</context>
</TS>
