<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>RecordPage</name>
    <message>
        <source>Record, stop, or play the take</source>
        <translation>녹음, 멈춤, 녹음한 것 재생</translation>
    </message>
    <message>
        <source>Keep the take and go on</source>
        <translation>녹음을 보관하고 다음으로</translation>
    </message>
    <message>
        <source>Read the sentence again</source>
        <translation>문장 다시 읽기</translation>
    </message>
    <message>
        <source>Record or stop</source>
        <translation>녹음 또는 멈춤</translation>
    </message>
    <message>
        <source>Previous sentence</source>
        <translation>이전 문장</translation>
    </message>
    <message>
        <source>Next sentence</source>
        <translation>다음 문장</translation>
    </message>
    <message>
        <source>Read aloud, listen, keep what is good. Ten minutes make a voice.</source>
        <translation>소리 내어 읽고, 들어 보고, 좋은 것을 보관하세요. 10분이면 목소리 하나가 됩니다.</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>마이크</translation>
    </message>
    <message>
        <source>Level of the microphone</source>
        <translation>마이크 음량</translation>
    </message>
    <message>
        <source>Whose voice will you record?</source>
        <translation>누구의 목소리를 녹음할까요?</translation>
    </message>
    <message>
        <source>Takes belong to a voice. Make one, and read to it.</source>
        <translation>녹음은 목소리에 속합니다. 하나를 만들고 읽어 주세요.</translation>
    </message>
    <message>
        <source>New voice</source>
        <translation>새 목소리</translation>
    </message>
    <message>
        <source>It howled, so you no longer hear yourself. Use headphones.</source>
        <translation>하울링이 나서 내 소리 듣기를 껐습니다. 헤드폰을 쓰세요.</translation>
    </message>
    <message>
        <source>The take was put aside.</source>
        <translation>녹음을 치워 두었습니다.</translation>
    </message>
    <message>
        <source>{name} is gone. What was recorded is kept.</source>
        <translation>{name} 장치의 연결이 끊겼습니다. 녹음된 부분은 남아 있습니다.</translation>
    </message>
    <message>
        <source>Peak {peak} dB · RMS {rms} dB</source>
        <translation>최고 {peak} dB · RMS {rms} dB</translation>
    </message>
    <message numerus="yes">
        <source>%n overrun(s)</source>
        <translation>
            <numerusform>끊김 %n번</numerusform>
        </translation>
    </message>
</context>
</TS>
