<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Computers</name>
    <message>
        <source>This computer</source>
        <translation>이 컴퓨터</translation>
    </message>
    <message>
        <source>When you train on {name}, the takes you chose are sent there; when you convert there, the model and your recordings. Nothing else is. Uploads are deleted after {upload} days without use, intermediate results {work} days and the rest {rest} days after a job ended. You can delete everything of yours there at any time.</source>
        <translation>{name}에서 학습하면 선택한 테이크를, 변환하면 모델 파일과 변환할 녹음을 그 컴퓨터로 보냅니다. 그 밖에는 아무것도 보내지 않습니다. 업로드는 {upload}일 동안 쓰지 않으면, 중간 결과는 작업이 끝나고 {work}일 뒤, 나머지는 {rest}일 뒤에 삭제됩니다. 거기에 있는 내 데이터는 언제든지 모두 삭제할 수 있습니다.</translation>
    </message>
    <message>
        <source>It does not answer.</source>
        <translation>응답이 없습니다.</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>연결 중</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>연결 안 됨</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>확인 필요</translation>
    </message>
    <message>
        <source>Least busy</source>
        <translation>가장 여유 있음</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>비어 있음</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>사용 중</translation>
    </message>
    <message>
        <source>No jobs: yours would start at once.</source>
        <translation>작업이 없습니다. 바로 시작할 수 있습니다.</translation>
    </message>
    <message>
        <source>{running} running, {waiting} waiting</source>
        <translation>실행 중 {running}개, 대기 중 {waiting}개</translation>
    </message>
    <message>
        <source>yours: {own}</source>
        <translation>내 작업: {own}</translation>
    </message>
    <message>
        <source>The agent is of another version than this app. Its jobs go on while it is updated.</source>
        <translation>에이전트의 버전이 이 앱과 다릅니다. 업데이트하는 동안에도 작업은 계속됩니다.</translation>
    </message>
    <message>
        <source>You started this agent (version {version}) yourself: the app does not update it.</source>
        <translation>직접 시작한 에이전트(버전 {version})입니다. 앱이 업데이트하지 않습니다.</translation>
    </message>
    <message>
        <source>Its administrator looks after this agent (version {version}).</source>
        <translation>이 에이전트(버전 {version})는 관리자가 관리합니다.</translation>
    </message>
    <message>
        <source>{used} of {total}</source>
        <translation>{total} 중 {used}</translation>
    </message>
</context>
</TS>
