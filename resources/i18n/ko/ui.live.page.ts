<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>LivePage</name>
    <message>
        <source>Go live, or stop</source>
        <translation>실시간 시작 또는 중지</translation>
    </message>
    <message>
        <source>Your own voice, or the other</source>
        <translation>내 목소리와 변환된 목소리 바꾸기</translation>
    </message>
    <message>
        <source>Speak, and be heard in another voice. Use headphones.</source>
        <translation>말하면 다른 목소리로 들립니다. 헤드폰을 쓰세요.</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>목소리</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>소리</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>In calls and games</source>
        <translation>통화와 게임에서</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>No model to speak with</source>
        <translation>말할 모델이 없습니다</translation>
    </message>
    <message>
        <source>Train a voice, or drop a model file on this window.</source>
        <translation>목소리를 학습하거나 모델 파일을 이 창에 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>This computer has no engine</source>
        <translation>이 컴퓨터에는 엔진이 없습니다</translation>
    </message>
    <message>
        <source>Live conversion runs here, so the engine must be installed here.</source>
        <translation>실시간 변환은 이 컴퓨터에서 돌아가므로 여기에 엔진을 설치해야 합니다.</translation>
    </message>
    <message>
        <source>To the voices</source>
        <translation>목소리로 가기</translation>
    </message>
    <message>
        <source>Go live again to speak with this voice.</source>
        <translation>이 목소리로 말하려면 실시간을 다시 시작하세요.</translation>
    </message>
    <message>
        <source>Record the voice</source>
        <translation>목소리 녹음</translation>
    </message>
    <message>
        <source>Audio (*.flac *.wav *.mp3 *.ogg)</source>
        <translation>오디오 (*.flac *.wav *.mp3 *.ogg)</translation>
    </message>
    <message>
        <source>Recorded: {name}</source>
        <translation>녹음했습니다: {name}</translation>
    </message>
    <message>
        <source>This voice needs blocks of {ms} ms or more on this computer.</source>
        <translation>이 컴퓨터에서 이 목소리는 {ms} ms 이상의 블록이 필요합니다.</translation>
    </message>
    <message>
        <source>This computer is too slow for this voice. Choose a lite voice.</source>
        <translation>이 컴퓨터는 이 목소리를 실시간으로 처리하기에 느립니다. 가벼운 목소리를 고르세요.</translation>
    </message>
    <message>
        <source>The computer did not keep up, and a moment was left out.</source>
        <translation>컴퓨터가 따라가지 못해 잠깐 빠진 부분이 있습니다.</translation>
    </message>
    <message>
        <source>No click came back. Hold the microphone to the loudspeaker, and measure again.</source>
        <translation>클릭 소리가 돌아오지 않았습니다. 마이크를 스피커에 대고 다시 측정하세요.</translation>
    </message>
    <message>
        <source>This voice does not say how high it speaks. Set the pitch yourself.</source>
        <translation>이 목소리의 평소 음높이를 알 수 없습니다. 음높이를 직접 정하세요.</translation>
    </message>
    <message>
        <source>Use {ms} ms</source>
        <translation>{ms} ms로 바꾸기</translation>
    </message>
</context>
</TS>
