<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>BlendDialog</name>
    <message>
        <source>Blend two models</source>
        <translation>두 모델 섞기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Blend</source>
        <translation>섞기</translation>
    </message>
    <message>
        <source>First model</source>
        <translation>첫째 모델</translation>
    </message>
    <message>
        <source>Second model</source>
        <translation>둘째 모델</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Share of the second</source>
        <translation>둘째 모델의 비율</translation>
    </message>
    <message>
        <source>Models sound well together only where they were trained from the same base.</source>
        <translation>같은 기본 모델에서 학습한 모델끼리만 잘 어울립니다.</translation>
    </message>
</context>
</TS>
