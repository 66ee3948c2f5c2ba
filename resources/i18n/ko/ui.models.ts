<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ModelCard</name>
    <message>
        <source>Imported</source>
        <translation>가져온 모델</translation>
    </message>
</context>
<context>
    <name>ModelImport</name>
    <message>
        <source>Choose models</source>
        <translation>모델 선택</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Drop a .pth, .index or .zip of another program here to import it.</source>
        <translation>다른 프로그램의 .pth, .index, .zip 파일을 여기에 끌어다 놓으면 가져옵니다.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Blend…</source>
        <translation>섞기…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>가져오기…</translation>
    </message>
    <message>
        <source>Train a voice</source>
        <translation>목소리 학습하기</translation>
    </message>
    <message>
        <source>No model has such a name.</source>
        <translation>그런 이름의 모델이 없습니다.</translation>
    </message>
    <message>
        <source>No models yet</source>
        <translation>아직 모델이 없습니다</translation>
    </message>
    <message>
        <source>Train a voice, or import a model of RVC-WebUI or Applio.</source>
        <translation>목소리를 학습시키거나 RVC-WebUI 또는 Applio의 모델을 가져오세요.</translation>
    </message>
</context>
</TS>
