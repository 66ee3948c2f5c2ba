<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>archive_too_large</source>
        <translation>압축 파일의 내용이 너무 많습니다.</translation>
    </message>
    <message>
        <source>damaged_archive</source>
        <translation>압축 파일을 풀 수 없습니다.</translation>
    </message>
    <message>
        <source>no_input</source>
        <translation>마이크가 없습니다.</translation>
    </message>
    <message>
        <source>not_converted</source>
        <translation>다른 컴퓨터가 이 녹음을 쓸 수 없었습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>archive_too_large</source>
        <translation>압축을 풀고 모델을 하나씩 가져오세요.</translation>
    </message>
    <message>
        <source>damaged_archive</source>
        <translation>손상되었거나 암호가 걸려 있습니다.</translation>
    </message>
    <message>
        <source>no_input</source>
        <translation>마이크를 연결하고 다시 시도하세요.</translation>
    </message>
    <message>
        <source>not_converted</source>
        <translation>작업 페이지의 기록에 이유가 있습니다.</translation>
    </message>
</context>
</TS>
