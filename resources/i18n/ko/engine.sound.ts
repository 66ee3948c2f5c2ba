<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>no_sound</source>
        <translation>PortAudio가 설치되어 있지 않아 소리 장치를 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>device_not_opened</source>
        <translation>소리 장치를 열 수 없습니다.</translation>
    </message>
    <message>
        <source>no_output</source>
        <translation>소리를 낼 장치가 없습니다.</translation>
    </message>
    <message>
        <source>not_a_journal</source>
        <translation>저장되지 않은 녹음 파일이 아닙니다.</translation>
    </message>
    <message>
        <source>no_prompts</source>
        <translation>파일에 문장이 없습니다.</translation>
    </message>
    <message>
        <source>not_text</source>
        <translation>텍스트 파일이 아닙니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>no_sound</source>
        <translation>시스템의 패키지로 설치하세요 (Debian, Ubuntu: libportaudio2).</translation>
    </message>
    <message>
        <source>device_not_opened</source>
        <translation>이 장치를 쓰는 다른 프로그램을 닫거나, 다른 장치나 샘플레이트를 고르세요.</translation>
    </message>
    <message>
        <source>no_output</source>
        <translation>헤드폰이나 스피커를 연결하세요.</translation>
    </message>
    <message>
        <source>no_prompts</source>
        <translation>한 줄에 한 문장씩 적으세요.</translation>
    </message>
    <message>
        <source>not_text</source>
        <translation>UTF-8 텍스트로 저장하세요.</translation>
    </message>
</context>
</TS>
