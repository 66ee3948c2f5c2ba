<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>no_room</source>
        <translation>이 녹음은 더 키울 수 없습니다. 최고점이 이미 -1 dBFS입니다.</translation>
    </message>
    <message>
        <source>no_takes</source>
        <translation>검사할 녹음이 없습니다.</translation>
    </message>
    <message>
        <source>nothing_left</source>
        <translation>이 녹음에 남는 것이 없습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>no_takes</source>
        <translation>녹음을 더하거나 뺀 녹음을 다시 쓰세요.</translation>
    </message>
    <message>
        <source>nothing_left</source>
        <translation>대신 녹음을 지우세요.</translation>
    </message>
</context>
</TS>
