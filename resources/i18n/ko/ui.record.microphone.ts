<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>MicrophonePanel</name>
    <message>
        <source>Microphone</source>
        <translation>마이크</translation>
    </message>
    <message>
        <source>No microphone was found. Connect one; it appears here.</source>
        <translation>마이크를 찾지 못했습니다. 연결하면 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>다시 찾기</translation>
    </message>
    <message>
        <source>Hear myself</source>
        <translation>내 소리 듣기</translation>
    </message>
    <message>
        <source>With headphones only: through speakers it howls.</source>
        <translation>헤드폰을 쓸 때만 켜세요. 스피커로 들으면 하울링이 납니다.</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>추가 설정</translation>
    </message>
    <message>
        <source>Fewer settings</source>
        <translation>설정 접기</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Sample rate</source>
        <translation>샘플레이트</translation>
    </message>
    <message>
        <source>End a take after silence</source>
        <translation>말이 없으면 녹음 끝내기</translation>
    </message>
    <message>
        <source>Counted from the last word.</source>
        <translation>마지막 말부터 잽니다.</translation>
    </message>
    <message>
        <source>Never: I stop it myself</source>
        <translation>끝내지 않음 (직접 멈춤)</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds}초</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>다시 재기</translation>
    </message>
    <message>
        <source>Measure the room</source>
        <translation>방 소음 재기</translation>
    </message>
    <message>
        <source>Stay silent for three seconds…</source>
        <translation>3초 동안 조용히 계세요…</translation>
    </message>
    <message>
        <source>Measure the room first: three seconds of silence.</source>
        <translation>먼저 방 소음을 재세요. 3초만 조용히 있으면 됩니다.</translation>
    </message>
</context>
</TS>
