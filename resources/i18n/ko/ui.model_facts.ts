<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ModelFacts</name>
    <message>
        <source>Small decoder</source>
        <translation>작은 디코더</translation>
    </message>
    <message>
        <source>Learned from {name} ({size}); they differ by {difference} dB</source>
        <translation>{name} 모델에서 배움 ({size}), 차이 {difference} dB</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Sample rate</source>
        <translation>샘플레이트</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>만든 프로그램</translation>
    </message>
    <message>
        <source>Made on</source>
        <translation>만든 날</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation>학습한 녹음</translation>
    </message>
    <message>
        <source>Steps of training</source>
        <translation>학습 단계</translation>
    </message>
    <message>
        <source>Speaks at about</source>
        <translation>평소 음높이</translation>
    </message>
    <message>
        <source>Hears through</source>
        <translation>내용 인코더</translation>
    </message>
    <message>
        <source>Speakers</source>
        <translation>화자</translation>
    </message>
    <message>
        <source>Blended from</source>
        <translation>섞은 모델</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>만든 사람</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>The card does not say</source>
        <translation>카드에 적혀 있지 않습니다</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation>동의</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>라이선스</translation>
    </message>
    <message>
        <source>Sounds like the voice</source>
        <translation>목소리와 닮은 정도</translation>
    </message>
    <message>
        <source>Letters misunderstood</source>
        <translation>잘못 들린 글자</translation>
    </message>
    <message>
        <source>Follows the melody</source>
        <translation>음의 흐름을 따르는 정도</translation>
    </message>
    <message>
        <source>Difference of timbre</source>
        <translation>음색 차이</translation>
    </message>
    <message>
        <source>Naturalness, 1 to 5</source>
        <translation>자연스러움(1~5)</translation>
    </message>
    <message>
        <source>own recordings</source>
        <translation>자기 녹음</translation>
    </message>
    <message>
        <source>others&apos; recordings</source>
        <translation>다른 사람의 녹음</translation>
    </message>
    <message>
        <source>Small model (lite), quick on a processor</source>
        <translation>작은 모델(lite), 프로세서에서도 빠름</translation>
    </message>
    <message>
        <source>without pitch</source>
        <translation>음높이 없음</translation>
    </message>
</context>
</TS>
