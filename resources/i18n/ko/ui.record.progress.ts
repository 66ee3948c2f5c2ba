<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ProgressCard</name>
    <message>
        <source>Good speech</source>
        <translation>좋은 녹음</translation>
    </message>
    <message>
        <source>Sounds of the language</source>
        <translation>언어의 소리</translation>
    </message>
    <message>
        <source>{time} of {goal}</source>
        <translation>{goal} 중 {time}</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s)</source>
        <translation>
            <numerusform>녹음 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>{enough} of {count} sounds {times} times or more</source>
        <translation>{count}개 소리 중 {enough}개를 {times}번 이상 읽었습니다</translation>
    </message>
    <message>
        <source>Still rare: {sounds}</source>
        <translation>아직 드문 소리: {sounds}</translation>
    </message>
</context>
</TS>
