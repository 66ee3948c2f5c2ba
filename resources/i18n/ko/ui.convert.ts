<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ConvertPage</name>
    <message>
        <source>Convert</source>
        <translation>변환</translation>
    </message>
    <message>
        <source>Hear the recording</source>
        <translation>녹음 듣기</translation>
    </message>
    <message>
        <source>Hear the result</source>
        <translation>결과 듣기</translation>
    </message>
    <message>
        <source>Drop recordings anywhere on this page, and hear them in another voice.</source>
        <translation>이 페이지에 녹음을 끌어다 놓으면 다른 목소리로 들을 수 있습니다.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Set up the engine…</source>
        <translation>엔진 설치하기…</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>파일 추가…</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>모두 빼기</translation>
    </message>
    <message>
        <source>Nothing to convert yet</source>
        <translation>아직 변환할 것이 없습니다</translation>
    </message>
    <message>
        <source>Drop recordings or folders here, add files, or record a line.</source>
        <translation>녹음이나 폴더를 여기에 끌어다 놓거나, 파일을 추가하거나, 한마디를 녹음하세요.</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>듣기</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>목소리</translation>
    </message>
    <message>
        <source>To the voices</source>
        <translation>목소리 페이지로</translation>
    </message>
    <message>
        <source>No model to convert with</source>
        <translation>변환할 모델이 없습니다</translation>
    </message>
    <message>
        <source>Train a voice, or drop a model of another program (.pth, .zip) on this window.</source>
        <translation>목소리를 학습시키거나, 다른 프로그램의 모델(.pth, .zip)을 이 창에 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>There are no recordings in it.</source>
        <translation>그 안에 녹음이 없습니다.</translation>
    </message>
    <message>
        <source>Choose recordings</source>
        <translation>녹음 선택</translation>
    </message>
    <message>
        <source>The least busy one</source>
        <translation>가장 한가한 컴퓨터</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>컴퓨터</translation>
    </message>
    <message>
        <source>This computer has no engine. Choose another computer, or set it up here.</source>
        <translation>이 컴퓨터에는 엔진이 없습니다. 다른 컴퓨터를 고르거나 여기에 설치하세요.</translation>
    </message>
    <message>
        <source>Convert again</source>
        <translation>다시 변환</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) converted.</source>
        <translation>
            <numerusform>녹음 %n개를 변환했습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be converted: choose it to see why.</source>
        <translation>
            <numerusform>%n개는 변환하지 못했습니다. 목록에서 고르면 이유가 보입니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>The rest was stopped.</source>
        <translation>나머지는 중지했습니다.</translation>
    </message>
    <message>
        <source>Recording: {name}</source>
        <translation>녹음: {name}</translation>
    </message>
    <message>
        <source>Result: {name} ({voice})</source>
        <translation>결과: {name} ({voice})</translation>
    </message>
    <message>
        <source>The recording is no longer there: {name}</source>
        <translation>녹음이 더 이상 없습니다: {name}</translation>
    </message>
</context>
</TS>
