<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>AreaRow</name>
    <message>
        <source>Show</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Show {name}</source>
        <translation>{name} 보기</translation>
    </message>
    <message>
        <source>Free {size}</source>
        <translation>{size} 비우기</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>비우기</translation>
    </message>
</context>
<context>
    <name>StorageList</name>
    <message>
        <source>Takes</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Your recordings.</source>
        <translation>직접 녹음하거나 가져온 소리입니다.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Trained and imported voices.</source>
        <translation>학습했거나 가져온 모델입니다.</translation>
    </message>
    <message>
        <source>Conversions</source>
        <translation>변환 결과</translation>
    </message>
    <message>
        <source>Results that are kept in the library.</source>
        <translation>보관함에 저장된 결과입니다.</translation>
    </message>
    <message>
        <source>Deleted things</source>
        <translation>삭제한 항목</translation>
    </message>
    <message>
        <source>They can come back until you move them to the system&apos;s bin.</source>
        <translation>시스템 휴지통으로 옮기기 전까지 되돌릴 수 있습니다.</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>내려받은 파일</translation>
    </message>
    <message>
        <source>Pretrained files, which can be downloaded again.</source>
        <translation>다시 내려받을 수 있는 사전 학습 파일입니다.</translation>
    </message>
    <message>
        <source>Prepared recordings</source>
        <translation>준비된 녹음</translation>
    </message>
    <message>
        <source>Made again when they are needed.</source>
        <translation>필요할 때 다시 만듭니다.</translation>
    </message>
    <message>
        <source>Waveforms</source>
        <translation>파형</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Checkpoints of trainings that have ended are freed; results stay.</source>
        <translation>끝난 학습의 체크포인트를 지웁니다. 결과는 남습니다.</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Never more than a few megabytes.</source>
        <translation>몇 메가바이트를 넘지 않습니다.</translation>
    </message>
    <message>
        <source>{size} are free on this disk.</source>
        <translation>이 디스크에 {size} 여유가 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) could not be moved to the bin and stay.</source>
        <translation>
            <numerusform>휴지통으로 옮기지 못한 항목 %n개가 남아 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>완료했습니다.</translation>
    </message>
</context>
</TS>
