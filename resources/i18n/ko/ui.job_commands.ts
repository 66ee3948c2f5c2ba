<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>JobCommands</name>
    <message>
        <source>Pause</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>계속하기</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>멈추고 가장 좋은 모델 남기기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>삭제…</translation>
    </message>
    <message>
        <source>Earlier in the queue</source>
        <translation>대기열에서 앞으로</translation>
    </message>
    <message>
        <source>Later in the queue</source>
        <translation>대기열에서 뒤로</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) cancelled.</source>
        <translation>
            <numerusform>작업 %n개를 취소했습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n job(s)?</source>
        <translation>
            <numerusform>작업 %n개를 삭제할까요?</numerusform>
        </translation>
    </message>
    <message>
        <source>Their checkpoints, results and logs go with them. Models in your library stay.</source>
        <translation>체크포인트와 결과, 로그도 함께 지워집니다. 보관함에 있는 모델은 남습니다.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>남겨 두기</translation>
    </message>
</context>
</TS>
