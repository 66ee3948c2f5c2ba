<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ReportPane</name>
    <message>
        <source>Good to know</source>
        <translation>참고</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>가벼움</translation>
    </message>
    <message>
        <source>Costs quality</source>
        <translation>품질에 영향</translation>
    </message>
    <message>
        <source>Serious</source>
        <translation>심각</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>음량 분포</translation>
    </message>
    <message>
        <source>Share of time at each level, dBFS. Two humps far apart are speech and a quiet room.</source>
        <translation>음량마다 차지하는 시간의 비율(dBFS). 멀리 떨어진 두 봉우리는 말소리와 조용한 방입니다.</translation>
    </message>
    <message>
        <source>Loudness of the takes</source>
        <translation>녹음별 음량</translation>
    </message>
    <message>
        <source>How many takes are how loud, LUFS. One narrow hump is best.</source>
        <translation>음량(LUFS)별 녹음의 개수. 좁은 봉우리 하나가 가장 좋습니다.</translation>
    </message>
    <message>
        <source>Speech over noise</source>
        <translation>소음 대비 말소리</translation>
    </message>
    <message>
        <source>How many takes have how much room noise, dB. Further right is quieter.</source>
        <translation>방의 소음(dB)별 녹음의 개수. 오른쪽일수록 조용합니다.</translation>
    </message>
    <message>
        <source>Pitch</source>
        <translation>음높이</translation>
    </message>
    <message>
        <source>Share of voiced time at each pitch, Hz. The model is sure of what is here.</source>
        <translation>음높이(Hz)마다 차지하는 시간의 비율. 여기에 있는 높이는 모델이 안정적으로 냅니다.</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>대역폭</translation>
    </message>
    <message>
        <source>Mean level of speech over kHz, dB. The dashed line is where content ends.</source>
        <translation>주파수(kHz)별 말소리의 평균 음량(dB). 점선은 내용이 끝나는 곳입니다.</translation>
    </message>
    <message>
        <source>{usable} of speech are usable; {goal} make a good voice.</source>
        <translation>쓸 수 있는 말소리는 {usable}입니다. {goal}이면 좋은 목소리가 됩니다.</translation>
    </message>
    <message>
        <source>Nothing is missing. More variety helps more than more minutes.</source>
        <translation>부족한 것이 없습니다. 길이보다 다양한 말투를 더하는 것이 도움이 됩니다.</translation>
    </message>
    <message numerus="yes">
        <source>Read the next %n sentence(s): they have sounds that are rare so far, such as {sounds}.</source>
        <translation>
            <numerusform>다음 문장 %n개를 읽으세요. 아직 드문 소리가 들어 있습니다: {sounds}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was read in these ways yet: {ways}. They widen pitch and loudness.</source>
        <translation>이렇게 읽은 녹음이 아직 없습니다: {ways}. 높낮이와 크기의 폭이 넓어집니다.</translation>
    </message>
    <message>
        <source>Nothing stands in the way.</source>
        <translation>문제가 없습니다.</translation>
    </message>
    <message numerus="yes">
        <source>Show %n take(s)</source>
        <translation>
            <numerusform>녹음 %n개 보기</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Leave %n take(s) out</source>
        <translation>
            <numerusform>녹음 %n개 빼기</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Normalise %n take(s)</source>
        <translation>
            <numerusform>녹음 %n개 음량 맞추기</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trim the silence of %n take(s)</source>
        <translation>
            <numerusform>녹음 %n개의 무음 줄이기</numerusform>
        </translation>
    </message>
    <message>
        <source>Record</source>
        <translation>녹음하기</translation>
    </message>
    <message>
        <source>Quality of the takes over time: {good} good, {fair} fair, {poor} poor.</source>
        <translation>시간에 따른 녹음의 품질: 좋음 {good}, 보통 {fair}, 나쁨 {poor}.</translation>
    </message>
    <message>
        <source>Check the dataset</source>
        <translation>데이터셋 검사</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>다시 검사</translation>
    </message>
    <message>
        <source>The takes have changed since this report.</source>
        <translation>이 보고서를 만든 뒤 녹음이 바뀌었습니다.</translation>
    </message>
    <message>
        <source>Is it good enough to train on?</source>
        <translation>학습하기에 충분한 녹음일까요?</translation>
    </message>
    <message>
        <source>Noise, clipping, room, bandwidth, loudness and pitch are measured, and you are told what to repair and what to record next.</source>
        <translation>소음, 클리핑, 울림, 대역폭, 음량, 음높이를 재고 무엇을 고치고 무엇을 더 녹음할지 알려 드립니다.</translation>
    </message>
    <message>
        <source>What to record next</source>
        <translation>다음에 녹음할 것</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>찾은 문제</translation>
    </message>
    <message>
        <source>Takes in order</source>
        <translation>순서대로 본 녹음</translation>
    </message>
    <message>
        <source>Each column is a take, as wide as it is long; the lower, the worse. Click one to open it.</source>
        <translation>막대 하나는 녹음 하나이며 길이만큼 넓습니다. 낮을수록 나쁩니다. 누르면 그 녹음을 엽니다.</translation>
    </message>
    <message>
        <source>Open as a page in the browser</source>
        <translation>브라우저에서 페이지로 열기</translation>
    </message>
    <message>
        <source>Usable speech</source>
        <translation>쓸 수 있는 말소리</translation>
    </message>
</context>
</TS>
