<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>SendingCard</name>
    <message>
        <source>Stop</source>
        <translation>멈추기</translation>
    </message>
    <message>
        <source>Sending to {computer}: {done} of {total}. What has arrived is kept when it is stopped.</source>
        <translation>{computer} 컴퓨터로 보내는 중: {total} 중 {done}. 멈추어도 도착한 것은 그대로 남습니다.</translation>
    </message>
</context>
</TS>
