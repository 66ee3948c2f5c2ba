<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>TakeBar</name>
    <message>
        <source>Record</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Retake</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>보관</translation>
    </message>
    <message>
        <source>Stop playing</source>
        <translation>재생 멈춤</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>재생</translation>
    </message>
    <message>
        <source>Enter keeps it and goes on, Backspace reads it again, Space plays it.</source>
        <translation>Enter는 보관하고 다음으로, Backspace는 다시 읽기, Space는 재생입니다.</translation>
    </message>
    <message>
        <source>Read now. It ends by itself when you are silent, or with Space.</source>
        <translation>지금 읽으세요. 조용해지면 저절로 끝나고, Space로도 끝낼 수 있습니다.</translation>
    </message>
    <message>
        <source>Speak now. Space ends the take.</source>
        <translation>지금 말하세요. Space를 누르면 끝납니다.</translation>
    </message>
    <message>
        <source>Listening to it…</source>
        <translation>들어 보는 중…</translation>
    </message>
    <message>
        <source>Connect a microphone to record.</source>
        <translation>녹음하려면 마이크를 연결하세요.</translation>
    </message>
    <message>
        <source>Space begins. The arrow keys go to other sentences.</source>
        <translation>Space로 시작합니다. 화살표 키로 다른 문장을 고릅니다.</translation>
    </message>
</context>
</TS>
