<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>KeysPanel</name>
    <message>
        <source>Hold to talk</source>
        <translation>누르고 있으면 말하기</translation>
    </message>
    <message>
        <source>Switch to your own voice and back</source>
        <translation>내 목소리로 전환</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>This system tells no program of keys meant for another: T and B work in this window only.</source>
        <translation>이 시스템은 다른 프로그램으로 가는 키를 알려 주지 않습니다. T와 B는 이 창에서만 작동합니다.</translation>
    </message>
    <message>
        <source>Heard in every window; the desktop may ask you whether, and for others.</source>
        <translation>모든 창에서 들립니다. 데스크톱이 허락을 묻거나 다른 키를 고르게 할 수 있습니다.</translation>
    </message>
    <message>
        <source>Heard in every window. The program in front hears them too.</source>
        <translation>어느 창에서나 작동합니다. 앞에 있는 프로그램에도 키가 전달됩니다.</translation>
    </message>
</context>
</TS>
