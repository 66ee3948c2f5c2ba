<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>LiveBooth</name>
    <message>
        <source>My own voice</source>
        <translation>내 목소리</translation>
    </message>
    <message>
        <source>Let your own voice through, as late as the other (B)</source>
        <translation>변환된 목소리와 같은 지연으로 내 목소리를 그대로 내보냅니다 (B)</translation>
    </message>
    <message>
        <source>Push to talk</source>
        <translation>눌러서 말하기</translation>
    </message>
    <message>
        <source>Be silent unless the key T or the button is held</source>
        <translation>T 키나 버튼을 누르는 동안에만 소리를 냅니다</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>누르고 말하기</translation>
    </message>
    <message>
        <source>You</source>
        <translation>나</translation>
    </message>
    <message>
        <source>The voice</source>
        <translation>변환된 목소리</translation>
    </message>
    <message>
        <source>Level of the microphone</source>
        <translation>마이크 레벨</translation>
    </message>
    <message>
        <source>Level of the voice</source>
        <translation>변환된 목소리의 레벨</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>실시간 시작</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>End the recording</source>
        <translation>녹음 끝내기</translation>
    </message>
    <message>
        <source>Live, silent until you talk</source>
        <translation>실시간, 누를 때까지 조용함</translation>
    </message>
    <message>
        <source>Live, with your own voice</source>
        <translation>실시간, 내 목소리 그대로</translation>
    </message>
    <message>
        <source>Not live</source>
        <translation>꺼져 있음</translation>
    </message>
    <message>
        <source>Loading the voice…</source>
        <translation>목소리를 불러오는 중…</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>멈추는 중…</translation>
    </message>
    <message>
        <source>Delay {delay} ms · load {load} % · {gaps}</source>
        <translation>지연 {delay} ms · 부하 {load} % · {gaps}</translation>
    </message>
    <message numerus="yes">
        <source>%n gap(s)</source>
        <translation>
            <numerusform>끊김 %n회</numerusform>
        </translation>
    </message>
    <message>
        <source>The computer hardly keeps up. Choose a longer block, a lite voice, or close other programs.</source>
        <translation>컴퓨터가 겨우 따라가고 있습니다. 더 긴 블록이나 가벼운 목소리를 고르거나 다른 프로그램을 닫으세요.</translation>
    </message>
    <message>
        <source>The sound broke off. Keep more ready, under Devices.</source>
        <translation>소리가 끊겼습니다. 장치에서 미리 준비하는 길이를 늘리세요.</translation>
    </message>
</context>
</TS>
