<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Notify</name>
    <message>
        <source>It has started.</source>
        <translation>시작했습니다.</translation>
    </message>
    <message>
        <source>There is a new preview, of step {step}.</source>
        <translation>{step}단계의 새 미리 듣기가 있습니다.</translation>
    </message>
    <message>
        <source>The voice is ready.</source>
        <translation>목소리가 준비되었습니다.</translation>
    </message>
    <message>
        <source>The recordings are converted.</source>
        <translation>녹음을 변환했습니다.</translation>
    </message>
    <message>
        <source>The test is done.</source>
        <translation>테스트가 끝났습니다.</translation>
    </message>
    <message>
        <source>It is done.</source>
        <translation>끝났습니다.</translation>
    </message>
    <message>
        <source>It failed.</source>
        <translation>실패했습니다.</translation>
    </message>
    <message>
        <source>It only learns its recordings by heart now. You can stop and keep the best.</source>
        <translation>이제 녹음을 외우기만 합니다. 멈추고 가장 좋은 모델을 남길 수 있습니다.</translation>
    </message>
    <message>
        <source>The voice could not be tested.</source>
        <translation>목소리를 테스트하지 못했습니다.</translation>
    </message>
    <message>
        <source>There will be no previews.</source>
        <translation>미리 듣기는 만들지 않습니다.</translation>
    </message>
    <message>
        <source>The newest checkpoint was damaged; it goes on from the one before. Check the disk.</source>
        <translation>가장 최근 체크포인트가 손상되어 그 앞의 것에서 이어 갑니다. 디스크를 확인하세요.</translation>
    </message>
</context>
</TS>
