<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>BlindCard</name>
    <message>
        <source>Listen blind</source>
        <translation>블라인드 청취</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>First</source>
        <translation>첫 번째</translation>
    </message>
    <message>
        <source>Second</source>
        <translation>두 번째</translation>
    </message>
    <message>
        <source>The first is better</source>
        <translation>첫 번째가 낫다</translation>
    </message>
    <message>
        <source>The second is better</source>
        <translation>두 번째가 낫다</translation>
    </message>
    <message>
        <source>No difference</source>
        <translation>차이 없음</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Hear pairs of versions without knowing who made them. Use headphones; it takes some minutes.</source>
        <translation>누가 만들었는지 모르는 채 두 소리를 비교해 듣습니다. 헤드폰을 쓰세요. 몇 분 걸립니다.</translation>
    </message>
    <message>
        <source>{number} of {count}: play both, then say which one sounds better.</source>
        <translation>{count}개 중 {number}번째: 둘 다 듣고 어느 쪽이 나은지 고르세요.</translation>
    </message>
    <message>
        <source>{one} was preferred to {other} {preferred} of {count} times, without a difference {undecided} times (95 % range {low} to {high} %).</source>
        <translation>{count}번 중 {preferred}번은 {other}보다 {one} 쪽이 낫다고 했고, {undecided}번은 차이가 없었습니다(95 % 구간 {low}~{high} %).</translation>
    </message>
    <message>
        <source>The recording</source>
        <translation>녹음</translation>
    </message>
</context>
</TS>
