<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ComparisonCard</name>
    <message>
        <source>They speak…</source>
        <translation>말하는 중…</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>비교</translation>
    </message>
    <message>
        <source>Choose a sentence</source>
        <translation>문장 선택</translation>
    </message>
    <message>
        <source>the example that comes with the app</source>
        <translation>앱에 들어 있는 예문</translation>
    </message>
    <message>
        <source>Sentence: {name}</source>
        <translation>문장: {name}</translation>
    </message>
    <message>
        <source>Compare on the same sentence</source>
        <translation>같은 문장으로 비교</translation>
    </message>
    <message>
        <source>With</source>
        <translation>비교할 모델</translation>
    </message>
    <message>
        <source>Another sentence…</source>
        <translation>다른 문장…</translation>
    </message>
</context>
</TS>
