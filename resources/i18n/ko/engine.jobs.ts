<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>bad_name</source>
        <translation>컴퓨터가 보낸 파일 이름이 올바르지 않아 가져오지 않았습니다.</translation>
    </message>
    <message>
        <source>no_report</source>
        <translation>이 테스트의 보고서를 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>no_such_step</source>
        <translation>이 학습은 그 단계의 모델을 남기지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>no_report</source>
        <translation>테스트를 다시 실행하세요.</translation>
    </message>
    <message>
        <source>no_such_step</source>
        <translation>다시 학습하세요. 여기에서 시작한 학습은 미리 듣기마다 모델을 하나씩 남깁니다.</translation>
    </message>
</context>
</TS>
