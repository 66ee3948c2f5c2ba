<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Findings</name>
    <message>
        <source>Good</source>
        <translation>좋음</translation>
    </message>
    <message>
        <source>Could be better</source>
        <translation>개선할 수 있음</translation>
    </message>
    <message>
        <source>Prevents work</source>
        <translation>작업을 막음</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>다시 확인</translation>
    </message>
    <message numerus="yes">
        <source>Show %n more that is fine</source>
        <translation>
            <numerusform>문제없는 항목 %n개 더 보기</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking at this computer. It takes some seconds…</source>
        <translation>이 컴퓨터를 살펴보고 있습니다. 몇 초 걸립니다…</translation>
    </message>
    <message>
        <source>Something prevents work here. You can still record, and use another computer.</source>
        <translation>이 컴퓨터의 작업을 막는 문제가 있습니다. 녹음은 할 수 있고, 다른 컴퓨터를 쓸 수도 있습니다.</translation>
    </message>
    <message>
        <source>It works. What is yellow could be better.</source>
        <translation>사용할 수 있습니다. 노란색 항목은 개선할 수 있습니다.</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>모두 정상입니다.</translation>
    </message>
    <message>
        <source>Downloads…</source>
        <translation>내려받기…</translation>
    </message>
    <message>
        <source>Make room…</source>
        <translation>공간 확보…</translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation>설치하기…</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>명령 복사</translation>
    </message>
    <message>
        <source>Copied. Paste it into a terminal.</source>
        <translation>복사했습니다. 터미널에 붙여 넣으세요.</translation>
    </message>
</context>
</TS>
