<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Errors</name>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Something went wrong inside RVC Studio.</source>
        <translation>RVC Studio 안에서 문제가 생겼습니다.</translation>
    </message>
    <message>
        <source>Your recordings and voices are saved. You can go on; if it happens again, copy the diagnostics into a report. Names and folders are taken out of them.</source>
        <translation>녹음과 목소리는 저장되어 있습니다. 계속 사용할 수 있습니다. 같은 일이 또 생기면 진단 정보를 복사해 신고해 주세요. 이름과 폴더는 빠져 있습니다.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>계속하기</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>진단 정보 복사</translation>
    </message>
</context>
</TS>
