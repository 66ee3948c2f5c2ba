<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>DevicesPanel</name>
    <message>
        <source>Listen to</source>
        <translation>입력 장치</translation>
    </message>
    <message>
        <source>Speak to</source>
        <translation>출력 장치</translation>
    </message>
    <message>
        <source>Headphones, or a virtual cable for another program.</source>
        <translation>헤드폰, 또는 다른 프로그램으로 보내는 가상 케이블입니다.</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>블록</translation>
    </message>
    <message>
        <source>Shorter is sooner, and takes more of the computer.</source>
        <translation>짧을수록 지연이 줄고 컴퓨터를 더 많이 씁니다.</translation>
    </message>
    <message>
        <source>Kept ready</source>
        <translation>미리 준비하는 길이</translation>
    </message>
    <message>
        <source>More survives busy moments, and is later.</source>
        <translation>길수록 바쁜 순간에도 끊기지 않지만 더 늦어집니다.</translation>
    </message>
    <message>
        <source>{ms} ms</source>
        <translation>{ms} ms</translation>
    </message>
    <message>
        <source>No sound devices were found. Connect one, and look again.</source>
        <translation>소리 장치를 찾지 못했습니다. 연결한 뒤 다시 찾으세요.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>다시 찾기</translation>
    </message>
    <message>
        <source>Measure with a click</source>
        <translation>클릭 소리로 측정</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>시스템 설정에 따름</translation>
    </message>
    <message>
        <source>{ms} ms, too short here</source>
        <translation>{ms} ms, 여기서는 너무 짧음</translation>
    </message>
    <message>
        <source>This voice needs blocks of {ms} ms or more on this computer.</source>
        <translation>이 컴퓨터에서 이 목소리는 {ms} ms 이상의 블록이 필요합니다.</translation>
    </message>
    <message>
        <source>A click goes round…</source>
        <translation>클릭 소리가 도는 중…</translation>
    </message>
    <message>
        <source>Measured: {ms} ms from mouth to ear.</source>
        <translation>측정 결과: 입에서 귀까지 {ms} ms 걸립니다.</translation>
    </message>
    <message>
        <source>To measure the latency, hold the microphone to the loudspeaker or headphones.</source>
        <translation>지연을 재려면 마이크를 스피커나 헤드폰에 가까이 대세요.</translation>
    </message>
</context>
</TS>
