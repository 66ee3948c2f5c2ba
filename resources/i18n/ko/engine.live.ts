<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>bad_setting</source>
        <translation>이 설정은 바꿀 수 없습니다.</translation>
    </message>
    <message>
        <source>device_failed</source>
        <translation>이 입력 장치와 출력 장치를 함께 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>device_lost</source>
        <translation>입력 장치에서 더 이상 소리가 들어오지 않습니다.</translation>
    </message>
    <message>
        <source>no_sound_device</source>
        <translation>그런 이름의 소리 장치가 없거나 여러 개 있습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>device_failed</source>
        <translation>이 장치를 쓰는 다른 프로그램을 닫거나 다른 장치를 고르세요.</translation>
    </message>
    <message>
        <source>device_lost</source>
        <translation>장치가 연결되어 있는지, 이 프로그램이 마이크를 써도 되는지 확인하세요.</translation>
    </message>
    <message>
        <source>no_sound_device</source>
        <translation>장치를 연결하고 실시간 페이지에서 다시 고르세요.</translation>
    </message>
</context>
</TS>
