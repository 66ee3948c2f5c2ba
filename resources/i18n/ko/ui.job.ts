<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>JobPage</name>
    <message>
        <source>Back to all jobs</source>
        <translation>모든 작업으로 돌아가기</translation>
    </message>
    <message>
        <source>All jobs</source>
        <translation>모든 작업</translation>
    </message>
    <message>
        <source>This job is no more</source>
        <translation>이 작업은 더 이상 없습니다</translation>
    </message>
    <message>
        <source>It was deleted. What came of it is with its voice.</source>
        <translation>삭제된 작업입니다. 만들어진 모델은 목소리에 남아 있습니다.</translation>
    </message>
</context>
</TS>
