<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>StatementButton</name>
    <message>
        <source>Record a statement</source>
        <translation>동의 녹음하기</translation>
    </message>
</context>
<context>
    <name>VoiceDialog</name>
    <message>
        <source>Colour {number}</source>
        <translation>색상 {number}</translation>
    </message>
    <message>
        <source>Another language</source>
        <translation>다른 언어</translation>
    </message>
    <message>
        <source>New voice</source>
        <translation>새 목소리</translation>
    </message>
    <message>
        <source>Edit voice</source>
        <translation>목소리 편집</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>What is spoken in the recordings.</source>
        <translation>녹음에서 말하는 언어입니다.</translation>
    </message>
    <message>
        <source>Whose voice is it?</source>
        <translation>누구의 목소리인가요?</translation>
    </message>
    <message>
        <source>Only clone voices of people who agreed. It is kept with the voice and its models.</source>
        <translation>동의한 사람의 목소리만 복제하세요. 이 내용은 목소리와 모델에 함께 보관됩니다.</translation>
    </message>
    <message>
        <source>My own</source>
        <translation>내 목소리</translation>
    </message>
    <message>
        <source>Somebody else&apos;s, and I have permission</source>
        <translation>다른 사람의 목소리이며 허락을 받았습니다</translation>
    </message>
    <message>
        <source>Who gave permission, and when</source>
        <translation>허락한 사람과 날짜</translation>
    </message>
    <message>
        <source>Choose a recording…</source>
        <translation>녹음 파일 선택…</translation>
    </message>
    <message>
        <source>Play the recorded statement</source>
        <translation>동의 녹음 듣기</translation>
    </message>
    <message>
        <source>Photo…</source>
        <translation>사진…</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>태그</translation>
    </message>
    <message>
        <source>Divided by commas, such as: narration, Korean</source>
        <translation>쉼표로 나눕니다. 예: 내레이션, 한국어</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Add voice</source>
        <translation>목소리 추가</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>A statement is kept with the voice.</source>
        <translation>동의 녹음이 목소리와 함께 보관됩니다.</translation>
    </message>
    <message>
        <source>Say, for example: “I am {name}, and I agree that a model of my voice is made.”</source>
        <translation>이렇게 말해 보세요: “저는 {name}입니다. 제 목소리로 모델을 만드는 데 동의합니다.”</translation>
    </message>
    <message>
        <source>Choose a photo</source>
        <translation>사진 선택</translation>
    </message>
    <message>
        <source>Pictures ({kinds})</source>
        <translation>그림 ({kinds})</translation>
    </message>
    <message>
        <source>Choose the recorded statement</source>
        <translation>동의 녹음 선택</translation>
    </message>
    <message>
        <source>Recordings ({kinds})</source>
        <translation>녹음 ({kinds})</translation>
    </message>
</context>
</TS>
