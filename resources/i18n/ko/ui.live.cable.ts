<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>CableGuide</name>
    <message>
        <source>1. Install VB-CABLE, a free cable between programs.</source>
        <translation>1. 프로그램 사이를 잇는 무료 케이블 VB-CABLE을 설치하세요.</translation>
    </message>
    <message>
        <source>1. Install BlackHole 2ch, a free cable between programs.</source>
        <translation>1. 프로그램 사이를 잇는 무료 케이블 BlackHole 2ch를 설치하세요.</translation>
    </message>
    <message>
        <source>1. Make a cable with these two lines in a terminal.</source>
        <translation>1. 터미널에 이 두 줄을 입력해 케이블을 만드세요.</translation>
    </message>
    <message>
        <source>2. Speak to &quot;{device}&quot; here.</source>
        <translation>2. 여기에서 출력 장치로 &quot;{device}&quot; 항목을 고르세요.</translation>
    </message>
    <message>
        <source>3. Choose &quot;{device}&quot; as the microphone of the other program, and switch off its noise suppression.</source>
        <translation>3. 다른 프로그램의 마이크로 &quot;{device}&quot; 항목을 고르고, 그 프로그램의 잡음 제거를 끄세요.</translation>
    </message>
    <message>
        <source>Get it</source>
        <translation>받으러 가기</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>복사했습니다.</translation>
    </message>
</context>
</TS>
