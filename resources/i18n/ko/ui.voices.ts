<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>VoicesPage</name>
    <message>
        <source>New voice</source>
        <translation>새 목소리</translation>
    </message>
    <message>
        <source>Import a voice</source>
        <translation>목소리 가져오기</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Everyone you record or train, with their takes and models.</source>
        <translation>녹음하거나 학습한 사람과 그 녹음, 모델이 모두 있습니다.</translation>
    </message>
    <message>
        <source>Deleted things</source>
        <translation>삭제한 항목</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>가져오기…</translation>
    </message>
    <message>
        <source>Add your first voice</source>
        <translation>첫 목소리 추가</translation>
    </message>
    <message>
        <source>Search names, tags and notes</source>
        <translation>이름, 태그, 메모 찾기</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>태그</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>정렬</translation>
    </message>
    <message>
        <source>Last changed</source>
        <translation>최근 변경순</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>최근 추가순</translation>
    </message>
    <message>
        <source>Most recorded</source>
        <translation>녹음 많은 순</translation>
    </message>
    <message>
        <source>Whose voice shall it be?</source>
        <translation>누구의 목소리로 시작할까요?</translation>
    </message>
    <message>
        <source>A voice holds recordings, consent and models of one person. Start with your own: ten minutes of reading are enough.</source>
        <translation>목소리에는 한 사람의 녹음, 동의, 모델이 담깁니다. 내 목소리로 시작해 보세요. 10분만 읽으면 충분합니다.</translation>
    </message>
    <message>
        <source>No voice like this</source>
        <translation>찾는 목소리가 없습니다</translation>
    </message>
    <message>
        <source>Search for something else, or choose another tag.</source>
        <translation>다른 말로 찾거나 다른 태그를 골라 보세요.</translation>
    </message>
    <message>
        <source>All tags</source>
        <translation>모든 태그</translation>
    </message>
    <message>
        <source>{name} was added.</source>
        <translation>{name} 목소리를 추가했습니다.</translation>
    </message>
    <message>
        <source>{name} was deleted.</source>
        <translation>{name} 목소리를 삭제했습니다.</translation>
    </message>
</context>
</TS>
