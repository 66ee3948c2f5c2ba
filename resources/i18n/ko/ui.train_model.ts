<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ModelCard</name>
    <message>
        <source>Which model</source>
        <translation>어떤 모델</translation>
    </message>
    <message>
        <source>What suits the computer</source>
        <translation>컴퓨터에 맞게</translation>
    </message>
    <message>
        <source>Full (RVC v2)</source>
        <translation>전체 모델 (RVC v2)</translation>
    </message>
    <message>
        <source>Small (lite)</source>
        <translation>작은 모델 (lite)</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Full models need a GPU to train in good time. Small ones also train and run live on a processor.</source>
        <translation>전체 모델을 제때 학습하려면 GPU가 필요합니다. 작은 모델은 프로세서만으로도 학습하고 실시간으로 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>The usual base</source>
        <translation>기본 사전 학습 모델</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>시작점</translation>
    </message>
    <message>
        <source>A base has heard many voices already. Start from a model of yours to go on with it.</source>
        <translation>사전 학습 모델은 이미 많은 목소리를 들었습니다. 내 모델에서 시작하면 이어서 학습합니다.</translation>
    </message>
    <message>
        <source>What suits the model</source>
        <translation>모델에 맞게</translation>
    </message>
    <message>
        <source>Of the model: higher ones hold brighter sounds and take longer.</source>
        <translation>모델의 샘플 레이트입니다. 높을수록 밝은 소리를 담지만 오래 걸립니다.</translation>
    </message>
    <message>
        <source>Your recordings reach up to {khz} kHz.</source>
        <translation>녹음은 {khz} kHz까지 담고 있습니다.</translation>
    </message>
    <message>
        <source>{khz} kHz holds all of it.</source>
        <translation>{khz} kHz면 모두 담을 수 있습니다.</translation>
    </message>
    <message>
        <source>{khz} kHz is the most there is.</source>
        <translation>{khz} kHz가 고를 수 있는 최대입니다.</translation>
    </message>
    <message>
        <source>Sample rate</source>
        <translation>샘플 레이트</translation>
    </message>
</context>
</TS>
