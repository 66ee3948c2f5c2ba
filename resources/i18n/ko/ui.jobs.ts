<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>JobsPage</name>
    <message>
        <source>Search</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>Train a voice</source>
        <translation>목소리 학습하기</translation>
    </message>
    <message>
        <source>Test models</source>
        <translation>모델 테스트</translation>
    </message>
    <message>
        <source>Which jobs</source>
        <translation>어떤 작업</translation>
    </message>
    <message>
        <source>Current</source>
        <translation>진행 중</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>끝남</translation>
    </message>
    <message>
        <source>Search jobs</source>
        <translation>작업 검색</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>컴퓨터</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>우선순위</translation>
    </message>
    <message numerus="yes">
        <source>Notifications, %n new</source>
        <translation>
            <numerusform>알림, 새 소식 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has ended yet</source>
        <translation>아직 끝난 작업이 없습니다</translation>
    </message>
    <message>
        <source>Jobs that are done are listed here.</source>
        <translation>끝난 작업이 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>할 일이 없습니다</translation>
    </message>
    <message>
        <source>Everything has ended: see “Ended”.</source>
        <translation>모두 끝났습니다. “끝남”에서 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>No jobs yet</source>
        <translation>아직 작업이 없습니다</translation>
    </message>
    <message>
        <source>Trainings, tests and conversions run here. They go on when the window is closed.</source>
        <translation>학습과 테스트, 변환이 여기에서 실행됩니다. 창을 닫아도 계속됩니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n개 실행 중</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n개 대기 중</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n개 일시 정지</numerusform>
        </translation>
    </message>
    <message>
        <source>All computers</source>
        <translation>모든 컴퓨터</translation>
    </message>
    <message>
        <source>Not reached at the moment, trying again: {names}</source>
        <translation>지금은 연결되지 않아 다시 시도하고 있습니다: {names}</translation>
    </message>
</context>
</TS>
