<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ComputerStep</name>
    <message>
        <source>What this computer can do</source>
        <translation>이 컴퓨터로 할 수 있는 일</translation>
    </message>
    <message>
        <source>A GPU makes training quick. Without one, light models run here, and full ones on another computer.</source>
        <translation>GPU가 있으면 학습이 빠릅니다. 없으면 가벼운 모델은 여기에서, 고품질 모델은 다른 컴퓨터에서 학습하세요.</translation>
    </message>
</context>
<context>
    <name>ConsentStep</name>
    <message>
        <source>A voice belongs to a person</source>
        <translation>목소리에는 주인이 있습니다</translation>
    </message>
    <message>
        <source>Clone your own, or the voice of somebody who agreed.</source>
        <translation>내 목소리, 또는 동의한 사람의 목소리만 복제하세요.</translation>
    </message>
    <message>
        <source>For every voice you say whose it is. You can keep a recorded statement with it.</source>
        <translation>목소리마다 누구의 것인지 적습니다. 동의 녹음을 함께 보관할 수 있습니다.</translation>
    </message>
    <message>
        <source>It travels with the voice and its models, so that others can see it.</source>
        <translation>이 내용은 목소리와 모델을 따라다니므로 다른 사람도 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Everything that is converted carries the note that it was made by AI. Please leave it there.</source>
        <translation>변환한 모든 파일에는 AI로 만들었다는 표시가 들어갑니다. 지우지 말아 주세요.</translation>
    </message>
</context>
<context>
    <name>DownloadsStep</name>
    <message>
        <source>Pretrained files</source>
        <translation>사전 학습 파일</translation>
    </message>
    <message>
        <source>Light models work at once, without a network. Full RVC V2 models need these files.</source>
        <translation>가벼운 모델은 네트워크 없이 바로 쓸 수 있습니다. 고품질 RVC V2 모델에는 이 파일들이 필요합니다.</translation>
    </message>
    <message>
        <source>You can go on while they come, stop and continue later, or skip this: it is in the settings too.</source>
        <translation>받는 동안 계속 진행하거나, 멈췄다가 나중에 이어 받거나, 건너뛸 수 있습니다. 설정에서도 받을 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>FolderStep</name>
    <message>
        <source>Where your voices live</source>
        <translation>목소리를 보관할 곳</translation>
    </message>
    <message>
        <source>One folder holds recordings, models and results. It can be moved at any time.</source>
        <translation>녹음, 모델, 결과가 폴더 하나에 들어갑니다. 언제든지 옮길 수 있습니다.</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>다른 폴더 선택…</translation>
    </message>
    <message numerus="yes">
        <source>There are %n voice(s) in it already.</source>
        <translation>
            <numerusform>이미 목소리 %n개가 들어 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose an empty folder, or a library</source>
        <translation>빈 폴더나 보관함 선택</translation>
    </message>
</context>
<context>
    <name>LanguageStep</name>
    <message>
        <source>Welcome to RVC Studio</source>
        <translation>RVC Studio에 오신 것을 환영합니다</translation>
    </message>
    <message>
        <source>Record a voice, train a model of it, and let it say and sing anything. On your own computer.</source>
        <translation>목소리를 녹음하고 모델로 학습시켜 무엇이든 말하고 노래하게 하세요. 모두 내 컴퓨터에서 할 수 있습니다.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>색상</translation>
    </message>
    <message>
        <source>System</source>
        <translation>시스템</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
</context>
<context>
    <name>MicrophoneStep</name>
    <message>
        <source>Can you be heard?</source>
        <translation>소리가 잘 들어오나요?</translation>
    </message>
    <message>
        <source>Any microphone will do for a start; a quiet room matters more. You can choose another one later.</source>
        <translation>처음에는 어떤 마이크든 괜찮습니다. 조용한 방이 더 중요합니다. 마이크는 나중에 바꿀 수 있습니다.</translation>
    </message>
</context>
</TS>
