<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>BinModel</name>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>What</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>소속</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>삭제한 날</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Version of a take</source>
        <translation>녹음의 다른 판</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>목소리</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Conversion</source>
        <translation>변환</translation>
    </message>
</context>
<context>
    <name>BinPage</name>
    <message>
        <source>Put the selected things back</source>
        <translation>선택한 항목 되돌리기</translation>
    </message>
    <message>
        <source>Move the selected things to the system&apos;s bin</source>
        <translation>선택한 항목을 시스템 휴지통으로 옮기기</translation>
    </message>
    <message>
        <source>Select everything</source>
        <translation>모두 선택</translation>
    </message>
    <message>
        <source>Back to all voices</source>
        <translation>모든 목소리로 돌아가기</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Deleted things</source>
        <translation>삭제한 항목</translation>
    </message>
    <message>
        <source>Nothing is deleted</source>
        <translation>삭제한 항목이 없습니다</translation>
    </message>
    <message>
        <source>What you delete waits here until you want the room.</source>
        <translation>삭제한 항목은 공간이 필요해질 때까지 여기에 남아 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>Also %n other version(s) of edited takes</source>
        <translation>
            <numerusform>편집한 녹음의 다른 판 %n개도 보기</numerusform>
        </translation>
    </message>
    <message>
        <source>All of it can come back, until you move it to the system&apos;s bin. It takes {size}.</source>
        <translation>시스템 휴지통으로 옮기기 전까지는 모두 되돌릴 수 있습니다. 차지하는 공간: {size}.</translation>
    </message>
    <message numerus="yes">
        <source>Move %n to the system&apos;s bin</source>
        <translation>
            <numerusform>%n개를 시스템 휴지통으로</numerusform>
        </translation>
    </message>
    <message>
        <source>Move all to the system&apos;s bin</source>
        <translation>모두 시스템 휴지통으로</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) put back.</source>
        <translation>
            <numerusform>항목 %n개를 되돌렸습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) could not be moved to the bin and stay.</source>
        <translation>
            <numerusform>항목 %n개는 휴지통으로 옮기지 못해 그대로 남습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) moved to the system&apos;s bin.</source>
        <translation>
            <numerusform>항목 %n개를 시스템 휴지통으로 옮겼습니다.</numerusform>
        </translation>
    </message>
</context>
</TS>
