<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>SignInDialog</name>
    <message>
        <source>Sign in at {name}</source>
        <translation>{name}에 로그인</translation>
    </message>
    <message>
        <source>It is kept in your system&apos;s keyring.</source>
        <translation>시스템의 키링에 보관됩니다.</translation>
    </message>
    <message>
        <source>This system has no keyring: it is asked for again after the next start.</source>
        <translation>이 시스템에는 키링이 없어 다음에 앱을 시작하면 다시 묻습니다.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>토큰</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>로그인</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
</TS>
