<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ComputerCard</name>
    <message>
        <source>Processor</source>
        <translation>프로세서</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation>{size} 남음</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>디스크</translation>
    </message>
    <message>
        <source>Sending and fetching</source>
        <translation>주고받는 중</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>로그인…</translation>
    </message>
    <message>
        <source>Install…</source>
        <translation>설치…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>More for {name}</source>
        <translation>{name}: 더 보기</translation>
    </message>
    <message>
        <source>Let the app look after the agent…</source>
        <translation>앱이 에이전트를 관리하게 하기…</translation>
    </message>
    <message>
        <source>Update the agent…</source>
        <translation>에이전트 업데이트…</translation>
    </message>
    <message>
        <source>E-mail and webhooks…</source>
        <translation>이메일과 웹훅…</translation>
    </message>
    <message>
        <source>What is sent, and how long it stays</source>
        <translation>보내는 데이터와 보관 기간</translation>
    </message>
    <message>
        <source>Free space there</source>
        <translation>그 컴퓨터의 공간 비우기</translation>
    </message>
    <message>
        <source>Delete everything of mine there…</source>
        <translation>거기에 있는 내 데이터 모두 삭제…</translation>
    </message>
    <message>
        <source>Uninstall the agent…</source>
        <translation>에이전트 제거…</translation>
    </message>
    <message>
        <source>Remove from RVC Studio</source>
        <translation>RVC Studio에서 제거</translation>
    </message>
</context>
</TS>
