<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>SoundCard</name>
    <message>
        <source>Speech</source>
        <translation>말</translation>
    </message>
    <message>
        <source>Singing</source>
        <translation>노래</translation>
    </message>
    <message>
        <source>Closest to the voice</source>
        <translation>목소리에 가장 가깝게</translation>
    </message>
    <message>
        <source>Own values</source>
        <translation>직접 정한 값</translation>
    </message>
    <message>
        <source>Keep these values</source>
        <translation>이 값 보관</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>프리셋 이름</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>소리</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Keep these values as a preset</source>
        <translation>이 값을 프리셋으로 보관</translation>
    </message>
    <message>
        <source>Delete this preset</source>
        <translation>이 프리셋 삭제</translation>
    </message>
    <message>
        <source>Bring the pitch to the voice&apos;s</source>
        <translation>음높이를 목소리에 맞추기</translation>
    </message>
    <message>
        <source>{value} semitones</source>
        <translation>{value} 반음</translation>
    </message>
    <message>
        <source>Pitch</source>
        <translation>음높이</translation>
    </message>
    <message>
        <source>12 is an octave up. For songs, 12 or -12 keep the key.</source>
        <translation>12는 한 옥타브 위입니다. 노래는 12나 -12로 하면 조가 유지됩니다.</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>체구</translation>
    </message>
    <message>
        <source>Up sounds like a smaller body, down like a larger one.</source>
        <translation>올리면 작은 체구, 내리면 큰 체구처럼 들립니다.</translation>
    </message>
    <message>
        <source>Accent of the voice</source>
        <translation>목소리의 말투</translation>
    </message>
    <message>
        <source>How far sounds move to the voice&apos;s own.</source>
        <translation>소리를 그 목소리의 소리에 얼마나 가깝게 할지 정합니다.</translation>
    </message>
    <message>
        <source>Protect consonants</source>
        <translation>자음 보호</translation>
    </message>
    <message>
        <source>Lower keeps more of your own; 0.50 is off.</source>
        <translation>낮을수록 원래 소리를 더 지킵니다. 0.50은 끔입니다.</translation>
    </message>
    <message>
        <source>For speech. A song would leave its key: choose a shift for it yourself.</source>
        <translation>말에 알맞습니다. 노래는 조가 바뀌므로 음높이를 직접 고르세요.</translation>
    </message>
    <message>
        <source>The recording speaks at about {usual} Hz ({low} to {high}).</source>
        <translation>녹음의 음높이는 약 {usual} Hz입니다({low}~{high}).</translation>
    </message>
    <message>
        <source>The voice does not say how high it speaks.</source>
        <translation>이 목소리의 평소 음높이는 알 수 없습니다.</translation>
    </message>
    <message>
        <source>The voice: about {hz} Hz. That is {shift} semitones.</source>
        <translation>목소리는 약 {hz} Hz입니다. {shift} 반음 차이입니다.</translation>
    </message>
</context>
</TS>
