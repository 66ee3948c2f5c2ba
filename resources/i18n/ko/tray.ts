<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Tray</name>
    <message>
        <source>Nothing runs</source>
        <translation>실행 중인 작업 없음</translation>
    </message>
    <message>
        <source>Quiet mode</source>
        <translation>조용한 모드</translation>
    </message>
    <message>
        <source>Show RVC Studio</source>
        <translation>RVC Studio 열기</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>끝내기</translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent} %</translation>
    </message>
    <message numerus="yes">
        <source>%n new notification(s)</source>
        <translation>
            <numerusform>새 알림 %n개</numerusform>
        </translation>
    </message>
</context>
</TS>
