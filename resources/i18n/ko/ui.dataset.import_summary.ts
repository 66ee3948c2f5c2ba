<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ImportSummary</name>
    <message>
        <source>Import</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <source>Files that were not imported</source>
        <translation>가져오지 않은 파일</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>목록 복사</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Nothing was imported</source>
        <translation>가져온 것이 없습니다</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) imported</source>
        <translation>
            <numerusform>녹음 %n개를 가져왔습니다</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) of {length} are takes now.</source>
        <translation>
            <numerusform>녹음 %n개, 모두 {length} 길이를 더했습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are takes already.</source>
        <translation>
            <numerusform>파일 %n개는 이미 있는 녹음입니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used.</source>
        <translation>
            <numerusform>파일 %n개는 쓸 수 없습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other file(s) are no recordings.</source>
        <translation>
            <numerusform>그 밖의 파일 %n개는 녹음이 아닙니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) were not looked at, as you stopped the import.</source>
        <translation>
            <numerusform>가져오기를 멈춰 파일 %n개는 살펴보지 않았습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name}
The same as the take {take}.</source>
        <translation>{name}
이미 있는 녹음과 같습니다: {take}</translation>
    </message>
</context>
</TS>
