<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ClipsView</name>
    <message>
        <source>Listen and look</source>
        <translation>듣고 보기</translation>
    </message>
    <message>
        <source>Another version goes on at the same place. The pictures reach up to 12 kHz; light is loud.</source>
        <translation>다른 버전을 누르면 같은 위치에서 이어집니다. 그림은 12 kHz까지이며 밝을수록 큰 소리입니다.</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>Made by {model}</source>
        <translation>{model} 모델이 만든 소리</translation>
    </message>
</context>
</TS>
