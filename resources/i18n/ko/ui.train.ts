<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>TrainPage</name>
    <message>
        <source>Start the training</source>
        <translation>학습 시작</translation>
    </message>
    <message>
        <source>A model learns from the recordings of a voice, and speaks or sings like it.</source>
        <translation>모델은 목소리 녹음에서 배워 그 목소리로 말하고 노래합니다.</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>학습 시작</translation>
    </message>
    <message>
        <source>Add a voice</source>
        <translation>목소리 추가</translation>
    </message>
    <message>
        <source>Record a voice first</source>
        <translation>먼저 목소리를 녹음하세요</translation>
    </message>
    <message>
        <source>A training needs recordings of one person: half a minute at least, ten minutes are usual.</source>
        <translation>학습에는 한 사람의 녹음이 필요합니다. 최소 30초, 보통은 10분입니다.</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>고급 설정</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>초기화</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>숨기기</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>보기</translation>
    </message>
</context>
</TS>
