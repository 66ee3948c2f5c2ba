<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>InstallDialog</name>
    <message>
        <source>Agent on {name}</source>
        <translation>{name}의 에이전트</translation>
    </message>
    <message>
        <source>Jobs that run there go on with the version that they began with.</source>
        <translation>실행 중인 작업은 시작할 때의 버전으로 계속됩니다.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
</context>
<context>
    <name>Installing</name>
    <message>
        <source>What the installation says</source>
        <translation>설치 기록</translation>
    </message>
    <message>
        <source>Progress of the installation</source>
        <translation>설치 진행률</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{total} 중 {done}</translation>
    </message>
    <message>
        <source>Looking at the computer</source>
        <translation>컴퓨터를 살펴보는 중</translation>
    </message>
    <message>
        <source>Fetching packages here, as that computer reaches no network</source>
        <translation>그 컴퓨터가 네트워크에 연결되지 않아 여기서 패키지를 받는 중</translation>
    </message>
    <message>
        <source>Sending the program</source>
        <translation>프로그램을 보내는 중</translation>
    </message>
    <message>
        <source>Unpacking</source>
        <translation>압축을 푸는 중</translation>
    </message>
    <message>
        <source>Installing packages there: some minutes, up to 6 GB</source>
        <translation>패키지를 설치하는 중: 몇 분 걸리며 최대 6 GB를 씁니다</translation>
    </message>
    <message>
        <source>Checking that everything is there</source>
        <translation>빠진 것이 없는지 확인하는 중</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>마무리하는 중</translation>
    </message>
    <message>
        <source>Starting the agent</source>
        <translation>에이전트를 시작하는 중</translation>
    </message>
</context>
</TS>
