<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ModelPage</name>
    <message>
        <source>All models</source>
        <translation>모든 모델</translation>
    </message>
    <message>
        <source>Convert with it</source>
        <translation>이 모델로 변환</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>실시간 변환</translation>
    </message>
    <message>
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <source>About</source>
        <translation>정보</translation>
    </message>
    <message>
        <source>Consent and licence</source>
        <translation>동의와 라이선스</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>점수</translation>
    </message>
    <message>
        <source>It has not been tested yet.</source>
        <translation>아직 시험하지 않았습니다.</translation>
    </message>
    <message>
        <source>Test it</source>
        <translation>시험하기</translation>
    </message>
    <message>
        <source>Reading the card…</source>
        <translation>카드를 읽는 중…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>이름 바꾸기…</translation>
    </message>
    <message>
        <source>Export for RVC-WebUI and Applio (.pth)…</source>
        <translation>RVC-WebUI와 Applio용으로 내보내기(.pth)…</translation>
    </message>
    <message>
        <source>Export with its card (.safetensors)…</source>
        <translation>카드와 함께 내보내기(.safetensors)…</translation>
    </message>
    <message>
        <source>Export as ONNX…</source>
        <translation>ONNX로 내보내기…</translation>
    </message>
    <message>
        <source>Blend with another…</source>
        <translation>다른 모델과 섞기…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>The card cannot be read.</source>
        <translation>카드를 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>A model of {name}</source>
        <translation>{name} 목소리의 모델</translation>
    </message>
    <message>
        <source>Rename the model</source>
        <translation>모델 이름 바꾸기</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Export the model</source>
        <translation>모델 내보내기</translation>
    </message>
    <message>
        <source>Exported: {files}</source>
        <translation>내보냈습니다: {files}</translation>
    </message>
    <message>
        <source>{name} was deleted.</source>
        <translation>삭제했습니다: {name}</translation>
    </message>
</context>
</TS>
