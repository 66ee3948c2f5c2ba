<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ModelRow</name>
    <message>
        <source>Convert with it</source>
        <translation>이 모델로 변환</translation>
    </message>
</context>
<context>
    <name>VoicePage</name>
    <message>
        <source>Delete the selected takes</source>
        <translation>선택한 녹음 삭제</translation>
    </message>
    <message>
        <source>Play the selected take</source>
        <translation>선택한 녹음 재생</translation>
    </message>
    <message>
        <source>Use or leave out the selected takes</source>
        <translation>선택한 녹음 사용 또는 제외</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Back to all voices</source>
        <translation>모든 목소리로 돌아가기</translation>
    </message>
    <message>
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>편집…</translation>
    </message>
    <message>
        <source>Export as one file…</source>
        <translation>파일 하나로 내보내기…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>데이터셋</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>A model is made by training, and speaks with this voice. Ten minutes of takes are a good start.</source>
        <translation>모델은 학습으로 만들어지며 이 목소리로 말합니다. 녹음 10분이면 좋은 출발입니다.</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>모든 모델</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Search takes</source>
        <translation>녹음 찾기</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>재생</translation>
    </message>
    <message>
        <source>Use or leave out</source>
        <translation>사용 또는 제외</translation>
    </message>
    <message>
        <source>Play the recorded statement</source>
        <translation>동의 녹음 재생</translation>
    </message>
    <message>
        <source>How much of ten minutes is recorded</source>
        <translation>10분 중 녹음한 분량</translation>
    </message>
    <message>
        <source>Read some prompts, in a quiet room and close to the microphone.</source>
        <translation>조용한 방에서 마이크 가까이에 대고 제시문을 읽어 보세요.</translation>
    </message>
    <message>
        <source>Nothing is recorded yet. Record prompts, or drop recordings here.</source>
        <translation>아직 녹음이 없습니다. 제시문을 녹음하거나 녹음 파일을 여기에 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>of {goal} are recorded</source>
        <translation>목표 {goal} 중 녹음한 분량</translation>
    </message>
    <message>
        <source>Enough for a good model. More variety helps more than more minutes.</source>
        <translation>좋은 모델을 만들기에 충분합니다. 이제는 분량보다 다양한 말투가 더 도움이 됩니다.</translation>
    </message>
    <message>
        <source>Enough for a draft to hear where it goes. Keep recording for a good one.</source>
        <translation>초안으로 들어 보기에 충분합니다. 더 좋은 모델을 위해 계속 녹음하세요.</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) deleted.</source>
        <translation>
            <numerusform>녹음 %n개를 삭제했습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} was deleted.</source>
        <translation>{name} 목소리를 삭제했습니다.</translation>
    </message>
</context>
</TS>
