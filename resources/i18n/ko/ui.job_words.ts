<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Jobs</name>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Conversion</source>
        <translation>변환</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>테스트</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>Pausing</source>
        <translation>멈추는 중</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 정지됨</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>취소됨</translation>
    </message>
    <message>
        <source>Preparing the recordings</source>
        <translation>녹음 준비</translation>
    </message>
    <message>
        <source>Learning the voice</source>
        <translation>목소리 학습</translation>
    </message>
    <message>
        <source>Building the index</source>
        <translation>인덱스 만들기</translation>
    </message>
    <message>
        <source>Testing the voice</source>
        <translation>목소리 테스트</translation>
    </message>
    <message>
        <source>Judging the test</source>
        <translation>테스트 평가</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>보고서 쓰는 중</translation>
    </message>
    <message>
        <source>Comparing with the training</source>
        <translation>학습 데이터와 비교</translation>
    </message>
    <message>
        <source>Converting</source>
        <translation>변환 중</translation>
    </message>
    <message>
        <source>Taking voice and music apart</source>
        <translation>목소리와 반주 분리</translation>
    </message>
    <message>
        <source>Fetching files</source>
        <translation>파일 가져오는 중</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>취소하는 중</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>마무리하는 중</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>이 컴퓨터</translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation>몇 초 남음</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>{time} 남음</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number}초</translation>
    </message>
    <message>
        <source>{number} min</source>
        <translation>{number}분</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours}시간 {minutes}분</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>시작하는 중</translation>
    </message>
    <message>
        <source>{percent} % done</source>
        <translation>{percent} % 완료</translation>
    </message>
    <message>
        <source>Starts when its turn comes</source>
        <translation>차례가 되면 시작합니다</translation>
    </message>
    <message>
        <source>Starts now</source>
        <translation>곧 시작합니다</translation>
    </message>
    <message>
        <source>Starts in about {time}</source>
        <translation>약 {time} 뒤 시작</translation>
    </message>
    <message>
        <source>{day}, took {time}</source>
        <translation>{day}, {time} 걸림</translation>
    </message>
</context>
</TS>
