<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>RecordWords</name>
    <message>
        <source>As you speak</source>
        <translation>말하듯이</translation>
    </message>
    <message>
        <source>Ask it</source>
        <translation>묻는 말투로</translation>
    </message>
    <message>
        <source>With feeling</source>
        <translation>감정을 담아</translation>
    </message>
    <message>
        <source>Loud, as across a street</source>
        <translation>크게, 길 건너 사람에게 하듯</translation>
    </message>
    <message>
        <source>Softly, close to the microphone</source>
        <translation>작게, 마이크 가까이에서</translation>
    </message>
    <message>
        <source>Sing it, high and low</source>
        <translation>높고 낮게 노래로</translation>
    </message>
    <message>
        <source>plainly</source>
        <translation>담담하게</translation>
    </message>
    <message>
        <source>as a question</source>
        <translation>묻듯이</translation>
    </message>
    <message>
        <source>with feeling</source>
        <translation>감정을 담아</translation>
    </message>
    <message>
        <source>loud</source>
        <translation>크게</translation>
    </message>
    <message>
        <source>softly</source>
        <translation>작고 부드럽게</translation>
    </message>
    <message>
        <source>sung</source>
        <translation>노래로</translation>
    </message>
    <message>
        <source>No speech was heard.</source>
        <translation>말소리가 들리지 않았습니다.</translation>
    </message>
    <message>
        <source>Check that the right microphone is chosen and not muted.</source>
        <translation>맞는 마이크를 골랐는지, 음소거는 아닌지 확인하세요.</translation>
    </message>
    <message>
        <source>Loud parts are clipped.</source>
        <translation>큰 소리가 찌그러졌습니다.</translation>
    </message>
    <message>
        <source>Turn the gain down or move back a little, and read it again.</source>
        <translation>입력 음량을 낮추거나 조금 물러나서 다시 읽으세요.</translation>
    </message>
    <message>
        <source>The first word is cut off.</source>
        <translation>첫마디가 잘렸습니다.</translation>
    </message>
    <message>
        <source>Wait half a second after pressing the key, then read.</source>
        <translation>키를 누르고 잠깐 기다렸다가 읽으세요.</translation>
    </message>
    <message>
        <source>The last word is cut off.</source>
        <translation>끝말이 잘렸습니다.</translation>
    </message>
    <message>
        <source>Wait a moment before you stop, or let the take end by itself.</source>
        <translation>잠깐 기다렸다가 멈추거나, 저절로 끝나게 두세요.</translation>
    </message>
    <message>
        <source>It is too quiet.</source>
        <translation>소리가 너무 작습니다.</translation>
    </message>
    <message>
        <source>Come closer or turn the gain up.</source>
        <translation>더 가까이 오거나 입력 음량을 높이세요.</translation>
    </message>
    <message>
        <source>There is noise behind the voice.</source>
        <translation>목소리 뒤에 잡음이 있습니다.</translation>
    </message>
    <message>
        <source>Turn off fans, close the window, come closer to the microphone.</source>
        <translation>선풍기를 끄고 창문을 닫고 마이크에 더 가까이 오세요.</translation>
    </message>
    <message>
        <source>The room echoes.</source>
        <translation>방이 울립니다.</translation>
    </message>
    <message>
        <source>Come closer, and hang up a blanket or sit among clothes.</source>
        <translation>더 가까이 오고, 담요를 걸거나 옷장 곁에서 녹음하세요.</translation>
    </message>
    <message>
        <source>Quiet: the noise is at {level} dBFS.</source>
        <translation>조용합니다. 소음은 {level} dBFS입니다.</translation>
    </message>
    <message>
        <source>Good enough: the noise is at {level} dBFS.</source>
        <translation>충분히 조용합니다. 소음은 {level} dBFS입니다.</translation>
    </message>
    <message>
        <source>Noisy, at {level} dBFS. Turn off fans, close the window, come closer and turn the gain down.</source>
        <translation>소음이 {level} dBFS로 큽니다. 선풍기를 끄고 창문을 닫고, 더 가까이 와서 입력 음량을 낮추세요.</translation>
    </message>
    <message>
        <source>A hum of {hertz} Hz, at {level} dBFS. Try another socket or cable, or a laptop on battery.</source>
        <translation>{hertz} Hz 험이 {level} dBFS로 들립니다. 콘센트나 케이블을 바꾸거나 노트북을 배터리로 써 보세요.</translation>
    </message>
    <message>
        <source>Something made a sound. Stay silent for three seconds and measure again.</source>
        <translation>무슨 소리가 났습니다. 3초 동안 조용히 있고 다시 재세요.</translation>
    </message>
    <message>
        <source>No sound at all: the microphone is muted, or it is another one.</source>
        <translation>아무 소리도 없습니다. 마이크가 음소거이거나 다른 마이크입니다.</translation>
    </message>
    <message>
        <source>A good take</source>
        <translation>좋은 녹음입니다</translation>
    </message>
    <message>
        <source>Usable, and could be better</source>
        <translation>쓸 만하지만 더 좋아질 수 있습니다</translation>
    </message>
    <message>
        <source>Better read it again</source>
        <translation>다시 읽는 편이 좋습니다</translation>
    </message>
    <message>
        <source>The microphone disappeared; what came before is here.</source>
        <translation>마이크 연결이 끊겼습니다. 그 전까지는 여기 있습니다.</translation>
    </message>
    <message>
        <source>It sounds like other words: “{heard}”</source>
        <translation>다른 말로 들립니다: “{heard}”</translation>
    </message>
    <message>
        <source>It says the sentence.</source>
        <translation>문장대로 읽었습니다.</translation>
    </message>
    <message>
        <source>Some sound was lost (overruns: {count}). Close other programs.</source>
        <translation>소리가 일부 끊겼습니다(끊김: {count}). 다른 프로그램을 닫으세요.</translation>
    </message>
    <message>
        <source>Turn the gain down by about {amount} dB.</source>
        <translation>입력 음량을 {amount} dB쯤 낮추세요.</translation>
    </message>
    <message>
        <source>The gain can go up by about {amount} dB.</source>
        <translation>입력 음량을 {amount} dB쯤 높여도 됩니다.</translation>
    </message>
</context>
</TS>
