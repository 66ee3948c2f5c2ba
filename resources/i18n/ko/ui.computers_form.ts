<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ComputerForm</name>
    <message>
        <source>I sign in over SSH, and the app sets everything up</source>
        <translation>SSH로 로그인하고, 나머지는 앱이 준비</translation>
    </message>
    <message>
        <source>Over SSH, to an agent that an administrator runs</source>
        <translation>관리자가 운영하는 에이전트에 SSH로 연결</translation>
    </message>
    <message>
        <source>An agent with an address of its own (https)</source>
        <translation>자체 주소가 있는 에이전트 (https)</translation>
    </message>
    <message>
        <source>How it is reached</source>
        <translation>연결 방법</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>컴퓨터</translation>
    </message>
    <message>
        <source>A name or address, as user@name:port, or a name from your ~/.ssh/config.</source>
        <translation>이름이나 주소를 user@name:port 형식으로 입력하거나, ~/.ssh/config에 있는 이름을 고릅니다.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Such as https://gpu.example.org:8765</source>
        <translation>예: https://gpu.example.org:8765</translation>
    </message>
    <message>
        <source>Name in the app</source>
        <translation>앱에서 쓸 이름</translation>
    </message>
    <message>
        <source>Left empty: as the computer is called.</source>
        <translation>비워 두면 컴퓨터 이름을 그대로 씁니다.</translation>
    </message>
    <message>
        <source>User there</source>
        <translation>그 컴퓨터의 사용자</translation>
    </message>
    <message>
        <source>Left empty: as ~/.ssh/config says, else your name here.</source>
        <translation>비워 두면 ~/.ssh/config의 값을, 없으면 이 컴퓨터의 사용자 이름을 씁니다.</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>포트</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>키 파일</translation>
    </message>
    <message>
        <source>Left empty: your usual keys, and those of the SSH agent.</source>
        <translation>비워 두면 평소 쓰는 키와 SSH 에이전트의 키를 씁니다.</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Port of the agent there</source>
        <translation>그 컴퓨터에서 에이전트가 쓰는 포트</translation>
    </message>
    <message>
        <source>Jump host</source>
        <translation>경유 서버</translation>
    </message>
    <message>
        <source>A computer on the way, as user@name:port.</source>
        <translation>거쳐 가는 컴퓨터를 user@name:port 형식으로 입력합니다.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>토큰</translation>
    </message>
    <message>
        <source>From the agent&apos;s administrator (rvc-agent token add NAME).</source>
        <translation>에이전트 관리자에게 받습니다 (rvc-agent token add NAME).</translation>
    </message>
    <message>
        <source>Sign in with</source>
        <translation>로그인 방법</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Choose a key file…</source>
        <translation>키 파일 선택…</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>추가 설정</translation>
    </message>
    <message>
        <source>Choose a key file</source>
        <translation>키 파일 선택</translation>
    </message>
</context>
</TS>
