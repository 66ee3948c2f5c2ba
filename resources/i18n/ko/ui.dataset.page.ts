<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>DatasetPage</name>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Import recordings</source>
        <translation>녹음 가져오기</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Check the dataset</source>
        <translation>데이터셋 검사</translation>
    </message>
    <message>
        <source>Takes or report</source>
        <translation>녹음과 보고서 바꾸기</translation>
    </message>
    <message>
        <source>Dataset of {name}</source>
        <translation>{name} 데이터셋</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s)</source>
        <translation>
            <numerusform>녹음 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>%n개 제외</numerusform>
        </translation>
    </message>
    <message>
        <source>Working on the takes</source>
        <translation>녹음을 처리하고 있습니다</translation>
    </message>
    <message>
        <source>There was nothing to change.</source>
        <translation>바꿀 것이 없습니다.</translation>
    </message>
    <message>
        <source>The last change was taken back.</source>
        <translation>마지막 변경을 되돌렸습니다.</translation>
    </message>
    <message>
        <source>Undo: {deed}</source>
        <translation>실행 취소: {deed}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Redo: {deed}</source>
        <translation>다시 실행: {deed}</translation>
    </message>
    <message>
        <source>Recordings and videos ({names})</source>
        <translation>녹음과 동영상 ({names})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>모든 파일 (*)</translation>
    </message>
    <message>
        <source>Import a folder of recordings</source>
        <translation>녹음 폴더 가져오기</translation>
    </message>
    <message>
        <source>Something is being worked on. Drop these files again when it is done.</source>
        <translation>다른 작업이 진행 중입니다. 끝난 뒤 파일을 다시 놓으세요.</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>가져오는 중</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) imported.</source>
        <translation>
            <numerusform>녹음 %n개를 가져왔습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Checking the takes</source>
        <translation>녹음을 검사하고 있습니다</translation>
    </message>
    <message>
        <source>Back to the voice</source>
        <translation>목소리로 돌아가기</translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>보고서</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>파일 가져오기…</translation>
    </message>
    <message>
        <source>Import a folder…</source>
        <translation>폴더 가져오기…</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>녹음하기</translation>
    </message>
    <message>
        <source>Import recordings…</source>
        <translation>녹음 가져오기…</translation>
    </message>
    <message>
        <source>Nothing to learn from yet</source>
        <translation>아직 학습할 녹음이 없습니다</translation>
    </message>
    <message>
        <source>Record prompts, or drop recordings, videos and folders of them here. Ten minutes are enough.</source>
        <translation>문장을 읽어 녹음하거나, 녹음과 동영상 또는 그 폴더를 여기에 놓으세요. 10분이면 충분합니다.</translation>
    </message>
</context>
</TS>
