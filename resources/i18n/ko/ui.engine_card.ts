<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>EngineCard</name>
    <message>
        <source>Engine</source>
        <translation>엔진</translation>
    </message>
    <message>
        <source>It trains and converts on this computer. The right PyTorch for its GPU and driver is chosen, and a download that was cut goes on where it was.</source>
        <translation>이 컴퓨터에서 학습하고 변환합니다. GPU와 드라이버에 맞는 PyTorch를 골라 설치하며, 끊긴 다운로드는 이어서 받습니다.</translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation>설치하기…</translation>
    </message>
    <message>
        <source>Check and repair</source>
        <translation>검사하고 고치기</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>제거하기…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>설치</translation>
    </message>
    <message>
        <source>Looking at this computer and asking what fits it…</source>
        <translation>이 컴퓨터를 살펴보고 맞는 것을 찾고 있습니다…</translation>
    </message>
    <message>
        <source>At work: {percent} %</source>
        <translation>진행 중: {percent}%</translation>
    </message>
    <message>
        <source>{fetched} GB to download, about {disk} GB on the disk.</source>
        <translation>{fetched}GB를 내려받고, 디스크를 약 {disk}GB 씁니다.</translation>
    </message>
    <message>
        <source>It is installed.</source>
        <translation>설치되어 있습니다.</translation>
    </message>
    <message>
        <source>It is not installed here.</source>
        <translation>이 컴퓨터에는 설치되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>Remove the engine from this computer?</source>
        <translation>이 컴퓨터에서 엔진을 제거할까요?</translation>
    </message>
    <message>
        <source>Recordings, models and results stay. It can be installed again.</source>
        <translation>녹음, 모델, 결과물은 그대로 남습니다. 언제든 다시 설치할 수 있습니다.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>그대로 두기</translation>
    </message>
    <message>
        <source>The engine works.</source>
        <translation>엔진이 작동합니다.</translation>
    </message>
    <message>
        <source>The engine is removed.</source>
        <translation>엔진을 제거했습니다.</translation>
    </message>
</context>
</TS>
