<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ComputersPage</name>
    <message>
        <source>Add a computer</source>
        <translation>컴퓨터 추가</translation>
    </message>
    <message>
        <source>Where jobs run. Other computers go on while this one sleeps.</source>
        <translation>작업이 실행되는 곳입니다. 이 컴퓨터가 잠들어도 다른 컴퓨터는 계속 작업합니다.</translation>
    </message>
    <message>
        <source>Add a computer…</source>
        <translation>컴퓨터 추가…</translation>
    </message>
    <message>
        <source>Use the GPU in the other room</source>
        <translation>옆방의 GPU를 쓰세요</translation>
    </message>
    <message>
        <source>Any Linux computer or Mac that you reach over SSH can train and convert for you. Everything goes through that one connection; no port is opened to anybody.</source>
        <translation>SSH로 접속할 수 있는 Linux 컴퓨터나 Mac이라면 학습과 변환을 맡길 수 있습니다. 모든 데이터는 그 연결 하나로만 오가며, 다른 포트는 열리지 않습니다.</translation>
    </message>
    <message>
        <source>The agent on {name} is up to date.</source>
        <translation>{name}의 에이전트를 최신 버전으로 바꿨습니다.</translation>
    </message>
    <message>
        <source>Replace the agent on {name}, which you started yourself, by one that the app looks after?</source>
        <translation>{name} 컴퓨터에서 직접 시작한 에이전트를 앱이 관리하는 에이전트로 바꿀까요?</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>바꾸기</translation>
    </message>
    <message>
        <source>The app installs its own, ends the one that runs, and goes on with the same jobs, uploads and users; running jobs go on. If something there starts the old one by itself, switch that off first.</source>
        <translation>앱이 자기 에이전트를 설치하고 지금 것을 끝낸 뒤, 같은 작업과 업로드와 사용자로 이어 갑니다. 실행 중인 작업은 계속됩니다. 그곳에서 예전 에이전트를 자동으로 시작하는 것이 있으면 먼저 끄세요.</translation>
    </message>
    <message>
        <source>Now {size} of yours are there.</source>
        <translation>현재 있는 내 데이터: {size}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>{size} were freed on {name}.</source>
        <translation>{name}에서 비운 공간: {size}</translation>
    </message>
    <message>
        <source>Delete all your jobs, recordings, models and uploads on {name}? Running jobs are cancelled.</source>
        <translation>{name}에 있는 내 작업, 녹음, 모델, 업로드를 모두 삭제할까요? 실행 중인 작업은 취소됩니다.</translation>
    </message>
    <message>
        <source>Delete everything there</source>
        <translation>모두 삭제</translation>
    </message>
    <message>
        <source>What is in your library stays. This cannot be undone.</source>
        <translation>내 라이브러리에 있는 것은 그대로 남습니다. 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Everything of yours on {name} was deleted.</source>
        <translation>{name}에 있던 내 데이터를 모두 삭제했습니다.</translation>
    </message>
    <message>
        <source>There was nothing of yours on {name}.</source>
        <translation>{name}에는 내 데이터가 없었습니다.</translation>
    </message>
    <message>
        <source>Remove the agent from {name}, with all jobs, models and uploads that are there?</source>
        <translation>{name}에서 에이전트를 제거하고, 거기에 있는 작업, 모델, 업로드를 모두 삭제할까요?</translation>
    </message>
    <message>
        <source>Uninstall</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>The agent was removed from {name}.</source>
        <translation>{name}에서 에이전트를 제거했습니다.</translation>
    </message>
    <message>
        <source>{name} was removed here. Its agent and jobs go on.</source>
        <translation>{name}: 앱에서 제거했습니다. 에이전트와 작업은 계속됩니다.</translation>
    </message>
</context>
</TS>
