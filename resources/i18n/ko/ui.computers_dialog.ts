<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ComputerDialog</name>
    <message>
        <source>Add a computer</source>
        <translation>컴퓨터 추가</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Its key</source>
        <translation>컴퓨터의 키</translation>
    </message>
    <message>
        <source>Compare it with what this says on that computer: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (or the file of its kind).</source>
        <translation>그 컴퓨터에서 다음 명령이 보여 주는 값과 비교하세요: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (또는 같은 종류의 키 파일).</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>지문</translation>
    </message>
    <message>
        <source>Python there, if it has all packages already</source>
        <translation>필요한 패키지가 이미 있는 Python의 경로</translation>
    </message>
    <message>
        <source>Usually left empty: then an environment of its own is made, without root.</source>
        <translation>보통은 비워 둡니다. 그러면 root 권한 없이 별도의 환경을 만듭니다.</translation>
    </message>
    <message>
        <source>It works for you while this computer sleeps. It needs no screen, only SSH.</source>
        <translation>이 컴퓨터가 잠들어 있는 동안에도 작업합니다. 화면은 필요 없고 SSH만 있으면 됩니다.</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>This takes a few seconds.</source>
        <translation>몇 초 걸립니다.</translation>
    </message>
    <message>
        <source>Connecting to {name}</source>
        <translation>{name}: 연결하는 중</translation>
    </message>
    <message>
        <source>It did not work</source>
        <translation>연결하지 못했습니다</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Is this the right computer?</source>
        <translation>이 컴퓨터가 맞습니까?</translation>
    </message>
    <message>
        <source>{name} is not known yet. Its key tells it from others; the app remembers it, and refuses to connect when it changes.</source>
        <translation>{name}: 아직 모르는 컴퓨터입니다. 키로 다른 컴퓨터와 구별합니다. 앱이 이 키를 기억하고, 키가 바뀌면 연결을 거부합니다.</translation>
    </message>
    <message>
        <source>It is: connect</source>
        <translation>맞습니다: 연결</translation>
    </message>
    <message>
        <source>{name} cannot be used</source>
        <translation>{name}: 사용할 수 없습니다</translation>
    </message>
    <message>
        <source>Agents run on Linux and macOS; this computer has {system}.</source>
        <translation>에이전트는 Linux와 macOS에서 실행됩니다. 이 컴퓨터의 운영 체제: {system}</translation>
    </message>
    <message>
        <source>An agent runs there already, and is used as it is.</source>
        <translation>에이전트가 이미 실행 중이므로 그대로 사용합니다.</translation>
    </message>
    <message>
        <source>{name} is ready</source>
        <translation>{name}: 준비되었습니다</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>The agent is installed into {folder} and does the work while you are logged out. No root is needed.</source>
        <translation>에이전트를 {folder} 폴더에 설치합니다. 로그아웃한 뒤에도 작업하며, root 권한은 필요 없습니다.</translation>
    </message>
    <message>
        <source>{name} can be used</source>
        <translation>{name}: 사용할 수 있습니다</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>설치</translation>
    </message>
    <message>
        <source>No GPU was found: training takes much longer.</source>
        <translation>GPU를 찾지 못했습니다. 학습이 훨씬 오래 걸립니다.</translation>
    </message>
    <message>
        <source>{size} free on the disk</source>
        <translation>디스크 여유 공간 {size}</translation>
    </message>
    <message>
        <source>Packages come from the network: 1.5 GB, with a GPU up to 6 GB.</source>
        <translation>패키지를 네트워크에서 받습니다: 1.5 GB, GPU가 있으면 최대 6 GB.</translation>
    </message>
    <message>
        <source>It reaches no packages: they are fetched here and sent.</source>
        <translation>패키지 서버에 연결되지 않으므로, 여기서 받아 보냅니다.</translation>
    </message>
    <message>
        <source>Installing on {name}</source>
        <translation>{name}: 설치하는 중</translation>
    </message>
    <message>
        <source>You can stop and go on later: what is there is kept.</source>
        <translation>중지했다가 나중에 이어서 할 수 있습니다. 받아 둔 것은 그대로 남습니다.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>{name} was added</source>
        <translation>{name}: 추가했습니다</translation>
    </message>
    <message>
        <source>This system has no keyring: passwords and tokens are asked for again.</source>
        <translation>이 시스템에는 키링이 없어 비밀번호와 토큰을 다시 묻습니다.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>완료</translation>
    </message>
</context>
</TS>
