<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Welcome</name>
    <message>
        <source>Welcome to RVC Studio</source>
        <translation>RVC Studio에 오신 것을 환영합니다</translation>
    </message>
    <message>
        <source>Skip all</source>
        <translation>모두 건너뛰기</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작하기</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{count}단계 중 {number}단계</translation>
    </message>
</context>
</TS>
