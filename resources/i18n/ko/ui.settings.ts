<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>SettingsPage</name>
    <message>
        <source>Look and language</source>
        <translation>화면과 언어</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>시스템 설정에 따름</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>System</source>
        <translation>시스템</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>색상</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>이 컴퓨터</translation>
    </message>
    <message>
        <source>Keep it awake while it trains, converts, records, or speaks live</source>
        <translation>학습, 변환, 녹음, 실시간 변환 중에는 잠들지 않게 하기</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>보관함</translation>
    </message>
    <message>
        <source>One folder holds everything of yours. Copy it, move it, or take it to another computer.</source>
        <translation>모든 자료가 폴더 하나에 들어 있습니다. 복사하거나 옮기거나 다른 컴퓨터로 가져갈 수 있습니다.</translation>
    </message>
    <message>
        <source>Move…</source>
        <translation>옮기기…</translation>
    </message>
    <message>
        <source>Open another…</source>
        <translation>다른 보관함 열기…</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>폴더 보기</translation>
    </message>
    <message>
        <source>Room on the disk</source>
        <translation>디스크 공간</translation>
    </message>
    <message>
        <source>Pretrained files</source>
        <translation>사전 학습 파일</translation>
    </message>
    <message>
        <source>Light models need none of these. A download that was cut goes on where it was.</source>
        <translation>가벼운 모델에는 필요하지 않습니다. 끊긴 내려받기는 이어서 받습니다.</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>미러</translation>
    </message>
    <message>
        <source>An address that begins with https:// and is asked before the files&apos; own host.</source>
        <translation>https:// 로 시작하는 주소이며, 원래 서버보다 먼저 사용합니다.</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>도움말</translation>
    </message>
    <message>
        <source>Nothing is sent anywhere by itself. Diagnostics are copied without names and folders.</source>
        <translation>스스로 보내는 정보는 없습니다. 진단 정보는 이름과 폴더를 빼고 복사합니다.</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>진단 정보 복사</translation>
    </message>
    <message>
        <source>Show the logs</source>
        <translation>로그 보기</translation>
    </message>
    <message>
        <source>First start again</source>
        <translation>첫 시작 다시 보기</translation>
    </message>
    <message>
        <source>Move the library into an empty folder</source>
        <translation>보관함을 빈 폴더로 옮기기</translation>
    </message>
    <message>
        <source>The library is in its new place.</source>
        <translation>보관함을 새 위치로 옮겼습니다.</translation>
    </message>
    <message>
        <source>Open another library, or an empty folder for a new one</source>
        <translation>다른 보관함, 또는 새로 만들 빈 폴더 열기</translation>
    </message>
    <message>
        <source>There is no library in this folder, and it is not empty.</source>
        <translation>이 폴더에는 보관함이 없고, 비어 있지도 않습니다.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>복사했습니다.</translation>
    </message>
</context>
</TS>
