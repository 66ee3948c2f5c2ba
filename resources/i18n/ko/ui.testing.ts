<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>TestingPage</name>
    <message>
        <source>How near models are to the real voice, on recordings that they have never heard.</source>
        <translation>모델이 한 번도 듣지 않은 녹음으로 실제 목소리와 얼마나 가까운지 알아봅니다.</translation>
    </message>
    <message>
        <source>Start the test</source>
        <translation>테스트 시작</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Several are given the same recordings, and stand side by side.</source>
        <translation>여러 모델에 같은 녹음을 주고 나란히 비교합니다.</translation>
    </message>
    <message>
        <source>Recordings of the voice</source>
        <translation>목소리 녹음</translation>
    </message>
    <message>
        <source>The models say them again, which shows how near they are to the real voice.</source>
        <translation>모델이 같은 말을 다시 하게 해서 실제 목소리와 얼마나 가까운지 봅니다.</translation>
    </message>
    <message>
        <source>Recordings of others</source>
        <translation>다른 사람의 녹음</translation>
    </message>
    <message>
        <source>They are converted, as you will use the models later. You can leave them out.</source>
        <translation>나중에 모델을 쓸 때처럼 변환합니다. 없어도 됩니다.</translation>
    </message>
    <message>
        <source>None chosen.</source>
        <translation>고르지 않았습니다.</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>컴퓨터</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>테스트</translation>
    </message>
    <message>
        <source>Train a voice</source>
        <translation>목소리 학습하기</translation>
    </message>
    <message>
        <source>No models to test yet</source>
        <translation>아직 테스트할 모델이 없습니다</translation>
    </message>
    <message>
        <source>Train a voice, or drop a model of another program on this window.</source>
        <translation>목소리를 학습하거나 다른 프로그램의 모델을 이 창에 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>Choose some, or drop files or folders here.</source>
        <translation>고르거나 여기에 파일이나 폴더를 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>no longer there</source>
        <translation>더 이상 없음</translation>
    </message>
</context>
</TS>
