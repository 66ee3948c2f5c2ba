<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>MaterialCard</name>
    <message>
        <source>Which voice</source>
        <translation>어떤 목소리</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>목소리</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>녹음</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>모델 이름</translation>
    </message>
    <message>
        <source>Say who agreed…</source>
        <translation>동의한 사람 적기…</translation>
    </message>
    <message>
        <source>All good takes</source>
        <translation>좋은 녹음 모두</translation>
    </message>
    <message numerus="yes">
        <source>%n take(s)</source>
        <translation>
            <numerusform>녹음 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody has said that this voice may be used. The model&apos;s card will say so.</source>
        <translation>이 목소리를 써도 된다는 동의가 없습니다. 모델 카드에 그렇게 적힙니다.</translation>
    </message>
    <message>
        <source>Too little to learn from: record at least half a minute.</source>
        <translation>학습하기에는 너무 짧습니다. 최소 30초는 녹음하세요.</translation>
    </message>
    <message>
        <source>Ten minutes are usual. With less, try a draft and hear whether it is enough.</source>
        <translation>보통 10분이 필요합니다. 더 짧다면 초안으로 학습해 충분한지 들어 보세요.</translation>
    </message>
</context>
</TS>
