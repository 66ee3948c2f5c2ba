<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>NotificationsDialog</name>
    <message>
        <source>E-mail and webhooks of {name}</source>
        <translation>{name}의 이메일과 웹훅</translation>
    </message>
    <message>
        <source>{name} tells you of your jobs by itself, also while this app is closed.</source>
        <translation>{name}에서 내 작업의 소식을 직접 보내 줍니다. 이 앱이 꺼져 있어도 보냅니다.</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>이메일 주소</translation>
    </message>
    <message>
        <source>Needs a mail server that its administrator has set.</source>
        <translation>관리자가 메일 서버를 설정해 두어야 합니다.</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>웹훅</translation>
    </message>
    <message>
        <source>An address that takes JSON, such as https://example.org/hook</source>
        <translation>JSON을 받는 주소입니다. 예: https://example.org/hook</translation>
    </message>
    <message>
        <source>Secret of the webhook</source>
        <translation>웹훅의 비밀 값</translation>
    </message>
    <message>
        <source>At least 16 characters, which sign the messages. Left empty: as it is.</source>
        <translation>메시지에 서명하는 16자 이상의 문자열입니다. 비워 두면 그대로 유지됩니다.</translation>
    </message>
    <message>
        <source>Language of the messages</source>
        <translation>메시지 언어</translation>
    </message>
    <message>
        <source>Tell me when a job</source>
        <translation>알림을 받을 때</translation>
    </message>
    <message>
        <source>starts</source>
        <translation>시작하면</translation>
    </message>
    <message>
        <source>is done</source>
        <translation>끝나면</translation>
    </message>
    <message>
        <source>fails</source>
        <translation>실패하면</translation>
    </message>
    <message>
        <source>is at 25 %</source>
        <translation>25 %가 되면</translation>
    </message>
    <message>
        <source>is at 50 %</source>
        <translation>50 %가 되면</translation>
    </message>
    <message>
        <source>is at 75 %</source>
        <translation>75 %가 되면</translation>
    </message>
    <message>
        <source>Save and send a test</source>
        <translation>저장하고 시험 메시지 보내기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>The test was sent.</source>
        <translation>시험 메시지를 보냈습니다.</translation>
    </message>
    <message>
        <source>There is nowhere to send it.</source>
        <translation>보낼 곳이 없습니다.</translation>
    </message>
</context>
</TS>
