<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>SoundPanel</name>
    <message>
        <source>Bring my pitch to the voice&apos;s</source>
        <translation>내 음높이를 이 목소리에 맞추기</translation>
    </message>
    <message>
        <source>It listens for a moment, and changes in pauses only.</source>
        <translation>잠시 듣고 나서 맞추며, 말이 멈출 때만 바꿉니다.</translation>
    </message>
    <message>
        <source>{value} semitones</source>
        <translation>{value} 반음</translation>
    </message>
    <message>
        <source>{value} dB</source>
        <translation>{value} dB</translation>
    </message>
    <message>
        <source>Pitch</source>
        <translation>음높이</translation>
    </message>
    <message>
        <source>12 is an octave up.</source>
        <translation>12는 한 옥타브 위입니다.</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>몸의 크기</translation>
    </message>
    <message>
        <source>Up sounds like a smaller body, down like a larger one.</source>
        <translation>올리면 더 작은 몸, 내리면 더 큰 몸에서 나는 소리가 됩니다.</translation>
    </message>
    <message>
        <source>Accent of the voice</source>
        <translation>목소리의 말투</translation>
    </message>
    <message>
        <source>How far sounds move to the voice&apos;s own.</source>
        <translation>소리를 이 목소리의 말투 쪽으로 얼마나 옮길지 정합니다.</translation>
    </message>
    <message>
        <source>Protect consonants</source>
        <translation>자음 보호</translation>
    </message>
    <message>
        <source>Lower keeps more of your own; 0.50 is off.</source>
        <translation>낮을수록 내 자음이 더 남고, 0.50이면 꺼집니다.</translation>
    </message>
    <message>
        <source>Microphone gain</source>
        <translation>마이크 음량</translation>
    </message>
    <message>
        <source>Output gain</source>
        <translation>출력 음량</translation>
    </message>
    <message>
        <source>Noise gate</source>
        <translation>노이즈 게이트</translation>
    </message>
    <message>
        <source>Silences what is quieter than this.</source>
        <translation>이보다 작은 소리를 없앱니다.</translation>
    </message>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
</context>
</TS>
