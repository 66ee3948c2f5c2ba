<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>DownloadList</name>
    <message>
        <source>Use files I have…</source>
        <translation>가지고 있는 파일 사용…</translation>
    </message>
    <message>
        <source>Download all ({size})</source>
        <translation>모두 내려받기 ({size})</translation>
    </message>
    <message>
        <source>Everything is here.</source>
        <translation>모두 준비되어 있습니다.</translation>
    </message>
    <message>
        <source>Folder with pretrained files, such as RVC&apos;s or Applio&apos;s</source>
        <translation>사전 학습 파일이 있는 폴더 (예: RVC나 Applio의 폴더)</translation>
    </message>
    <message>
        <source>Looking through the folder…</source>
        <translation>폴더를 살펴보는 중…</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) found and taken over.</source>
        <translation>
            <numerusform>파일 %n개를 찾아 가져왔습니다.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PackRow</name>
    <message>
        <source>Download</source>
        <translation>내려받기</translation>
    </message>
    <message>
        <source>Download {name}</source>
        <translation>내려받기: {name}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Stop {name}</source>
        <translation>중지: {name}</translation>
    </message>
    <message>
        <source>Full models</source>
        <translation>고품질 모델</translation>
    </message>
    <message>
        <source>For RVC V2 models of your own and of the community.</source>
        <translation>직접 만든 RVC V2 모델과 커뮤니티 모델에 필요합니다.</translation>
    </message>
    <message>
        <source>Small encoder</source>
        <translation>작은 인코더</translation>
    </message>
    <message>
        <source>Another choice for light models that run without a GPU.</source>
        <translation>GPU 없이 쓰는 가벼운 모델의 또 다른 선택지입니다.</translation>
    </message>
    <message>
        <source>Base at {rate}</source>
        <translation>베이스 {rate}</translation>
    </message>
    <message>
        <source>Full models that start from it need minutes of speech instead of hours.</source>
        <translation>여기서 시작하면 고품질 모델에 몇 시간이 아니라 몇 분의 음성이면 됩니다.</translation>
    </message>
    <message>
        <source>{name} at {rate}</source>
        <translation>{name} {rate}</translation>
    </message>
    <message>
        <source>A base made by the community. Its licence is for you to read first.</source>
        <translation>커뮤니티가 만든 베이스입니다. 먼저 라이선스를 읽어 주세요.</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>있음</translation>
    </message>
    <message>
        <source>Size not known</source>
        <translation>크기 모름</translation>
    </message>
    <message>
        <source>Have you read the licence of {name}?</source>
        <translation>라이선스를 읽으셨나요? ({name})</translation>
    </message>
    <message>
        <source>RVC Studio does not know it. It is at {page}</source>
        <translation>RVC Studio는 그 내용을 알지 못합니다. 주소: {page}</translation>
    </message>
    <message>
        <source>I accept it</source>
        <translation>동의합니다</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>나중에</translation>
    </message>
</context>
</TS>
