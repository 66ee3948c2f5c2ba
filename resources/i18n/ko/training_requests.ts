<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>TrainingRequests</name>
    <message>
        <source>The recordings of {name} have arrived at {computer}: its training is in Jobs.</source>
        <translation>{computer} 컴퓨터에 {name} 녹음이 모두 도착했습니다. 학습은 작업에 있습니다.</translation>
    </message>
    <message>
        <source>The rest of the recordings of {name} is being sent to {computer}.</source>
        <translation>{computer} 컴퓨터로 {name}의 남은 녹음을 보내고 있습니다.</translation>
    </message>
</context>
</TS>
