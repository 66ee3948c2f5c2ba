<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>TakesPane</name>
    <message>
        <source>Play or stop</source>
        <translation>재생 또는 멈춤</translation>
    </message>
    <message>
        <source>Play again and again</source>
        <translation>반복 재생</translation>
    </message>
    <message>
        <source>Use or leave out the selected takes</source>
        <translation>선택한 녹음을 쓰거나 빼기</translation>
    </message>
    <message>
        <source>Delete the selected takes</source>
        <translation>선택한 녹음 지우기</translation>
    </message>
    <message>
        <source>Delete the selected part of the waveform</source>
        <translation>파형에서 선택한 부분 지우기</translation>
    </message>
    <message>
        <source>Trim to selection</source>
        <translation>선택 부분만 남기기</translation>
    </message>
    <message>
        <source>Split at the cursor</source>
        <translation>커서 위치에서 나누기</translation>
    </message>
    <message>
        <source>Change the level</source>
        <translation>음량 바꾸기</translation>
    </message>
    <message>
        <source>Normalise the selected takes</source>
        <translation>선택한 녹음의 음량 맞추기</translation>
    </message>
    <message>
        <source>Compare two takes</source>
        <translation>두 녹음 비교</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) shown</source>
        <translation>
            <numerusform>녹음 %n개를 표시합니다</numerusform>
        </translation>
    </message>
    <message>
        <source>All takes</source>
        <translation>모든 녹음</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>쓰는 녹음</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>뺀 녹음</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>살펴볼 녹음</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) left out.</source>
        <translation>
            <numerusform>녹음 %n개를 뺐습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) used again.</source>
        <translation>
            <numerusform>녹음 %n개를 다시 씁니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) deleted.</source>
        <translation>
            <numerusform>녹음 %n개를 지웠습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) normalised.</source>
        <translation>
            <numerusform>녹음 %n개의 음량을 맞췄습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Silence was trimmed.</source>
        <translation>무음을 줄였습니다.</translation>
    </message>
    <message>
        <source>Search takes</source>
        <translation>녹음 검색</translation>
    </message>
    <message>
        <source>Which takes</source>
        <translation>표시할 녹음</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>No take like this</source>
        <translation>찾는 녹음이 없습니다</translation>
    </message>
    <message>
        <source>Search for something else, or show all takes.</source>
        <translation>다른 말로 찾거나 모든 녹음을 표시하세요.</translation>
    </message>
    <message>
        <source>Use or leave out (X)</source>
        <translation>쓰기 또는 빼기 (X)</translation>
    </message>
    <message>
        <source>Normalise (N)</source>
        <translation>음량 맞추기 (N)</translation>
    </message>
    <message>
        <source>Trim silence</source>
        <translation>무음 줄이기</translation>
    </message>
    <message>
        <source>Compare two takes (C)</source>
        <translation>두 녹음 비교 (C)</translation>
    </message>
    <message>
        <source>Delete (Del)</source>
        <translation>지우기 (Del)</translation>
    </message>
</context>
</TS>
