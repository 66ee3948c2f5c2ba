<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>NotificationsPage</name>
    <message>
        <source>Back to all jobs</source>
        <translation>모든 작업으로 돌아가기</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>비우기</translation>
    </message>
    <message>
        <source>Tell me when</source>
        <translation>이럴 때 알림</translation>
    </message>
    <message>
        <source>a job starts</source>
        <translation>작업이 시작될 때</translation>
    </message>
    <message>
        <source>a job is done</source>
        <translation>작업이 끝났을 때</translation>
    </message>
    <message>
        <source>a job fails</source>
        <translation>작업이 실패했을 때</translation>
    </message>
    <message>
        <source>a job needs attention</source>
        <translation>확인이 필요할 때</translation>
    </message>
    <message>
        <source>a training has a new preview</source>
        <translation>새 미리 듣기가 생겼을 때</translation>
    </message>
    <message>
        <source>Quiet mode: tell it in the app only</source>
        <translation>조용한 모드: 앱 안에서만 알림</translation>
    </message>
    <message>
        <source>They also appear on your desktop, unless you are looking at the job or at all jobs.</source>
        <translation>그 작업이나 작업 목록을 보고 있지 않으면 바탕 화면에도 알림이 나타납니다.</translation>
    </message>
    <message>
        <source>Nothing was told yet</source>
        <translation>아직 알림이 없습니다</translation>
    </message>
    <message>
        <source>What becomes of your jobs will be listed here.</source>
        <translation>작업 소식이 여기에 표시됩니다.</translation>
    </message>
</context>
</TS>
