<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>no_lessons</source>
        <translation>작은 디코더를 가르칠 녹음이 없습니다.</translation>
    </message>
    <message>
        <source>no_student</source>
        <translation>이 모델에는 작은 디코더가 배울 만한 디코더가 없습니다.</translation>
    </message>
    <message>
        <source>other_speakers</source>
        <translation>데이터셋의 화자가 모델의 화자와 다릅니다.</translation>
    </message>
    <message>
        <source>student_base</source>
        <translation>작은 디코더를 가진 모델은 녹음으로 더 학습할 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>no_lessons</source>
        <translation>--data로 이 목소리의 준비된 데이터셋을 주세요.</translation>
    </message>
    <message>
        <source>no_student</source>
        <translation>음높이를 아는 v2 모델을 선택하세요.</translation>
    </message>
    <message>
        <source>other_speakers</source>
        <translation>같은 화자가 같은 순서로 든 데이터셋을 주세요.</translation>
    </message>
    <message>
        <source>student_base</source>
        <translation>원래 모델을 학습한 뒤 다시 작은 디코더를 만드세요.</translation>
    </message>
</context>
</TS>
