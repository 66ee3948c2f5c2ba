<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>OutcomeCard</name>
    <message>
        <source>Open the voice</source>
        <translation>목소리 열기</translation>
    </message>
    <message>
        <source>Convert with it</source>
        <translation>이 모델로 변환하기</translation>
    </message>
    <message>
        <source>Save files…</source>
        <translation>파일 저장…</translation>
    </message>
    <message>
        <source>It is tried again every half minute.</source>
        <translation>30초마다 다시 시도합니다.</translation>
    </message>
    <message>
        <source>The files are ready</source>
        <translation>파일이 준비되었습니다</translation>
    </message>
    <message>
        <source>They are in the history of the page Convert.</source>
        <translation>변환 페이지의 기록에 있습니다.</translation>
    </message>
    <message>
        <source>The model is in your library</source>
        <translation>모델이 보관함에 있습니다</translation>
    </message>
    <message>
        <source>The model is on its way into your library</source>
        <translation>모델을 보관함으로 가져오는 중입니다</translation>
    </message>
    <message>
        <source>The model is ready</source>
        <translation>모델이 준비되었습니다</translation>
    </message>
    <message>
        <source>Another library or program asked for it: save its files to use them.</source>
        <translation>다른 보관함이나 프로그램이 요청한 모델입니다. 쓰려면 파일을 저장하세요.</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n단계</numerusform>
        </translation>
    </message>
    <message>
        <source>learnt from {minutes} of speech</source>
        <translation>음성 {minutes} 분량으로 학습</translation>
    </message>
    <message>
        <source>stopped early</source>
        <translation>일찍 멈춤</translation>
    </message>
    <message>
        <source>Save the files of this job</source>
        <translation>이 작업의 파일 저장</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) saved.</source>
        <translation>
            <numerusform>파일 %n개를 저장했습니다.</numerusform>
        </translation>
    </message>
</context>
</TS>
