<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>StatusCard</name>
    <message>
        <source>Priority</source>
        <translation>우선순위</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>Since step {step} the voice only learns its recordings by heart: takes it has never heard are {percent} % further away than they were. Training on will not help; more recordings will.</source>
        <translation>{step}단계부터 녹음을 외우기만 하고 있습니다. 듣지 않은 녹음과의 거리가 전보다 {percent} % 멀어졌습니다. 더 학습해도 나아지지 않으며, 녹음을 늘리는 것이 도움이 됩니다.</translation>
    </message>
</context>
</TS>
