<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ClosingGuard</name>
    <message numerus="yes">
        <source>%n job(s) still run on this computer.</source>
        <translation>
            <numerusform>이 컴퓨터에서 작업 %n개가 아직 실행 중입니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>They can go on without this window. When you open it again, everything is here.</source>
        <translation>이 창을 닫아도 작업은 계속됩니다. 다시 열면 모두 그대로 있습니다.</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>계속 실행</translation>
    </message>
    <message>
        <source>Pause and quit</source>
        <translation>일시 정지하고 종료</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Recordings are still being sent to {computers}.</source>
        <translation>아직 녹음을 보내고 있습니다: {computers}.</translation>
    </message>
    <message>
        <source>The job is asked for once all have arrived. The rest is sent when you open the app again.</source>
        <translation>모두 도착해야 작업을 요청합니다. 나머지는 앱을 다시 열 때 보냅니다.</translation>
    </message>
    <message>
        <source>The job is asked for once all have arrived. What has arrived is kept for the next time.</source>
        <translation>작업은 모두 도착한 뒤에 요청됩니다. 도착한 것은 다음번을 위해 남아 있습니다.</translation>
    </message>
    <message>
        <source>Recordings are still being converted on this computer.</source>
        <translation>이 컴퓨터에서 아직 녹음을 변환하고 있습니다.</translation>
    </message>
    <message>
        <source>What is done stays. The rest is not converted when you quit now.</source>
        <translation>끝난 것은 남습니다. 지금 끝내면 나머지는 변환되지 않습니다.</translation>
    </message>
    <message>
        <source>Wait</source>
        <translation>기다리기</translation>
    </message>
    <message>
        <source>Quit anyway</source>
        <translation>그래도 끝내기</translation>
    </message>
    <message>
        <source>Do this always</source>
        <translation>항상 이렇게 하기</translation>
    </message>
</context>
</TS>
