<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Studio</name>
    <message numerus="yes">
        <source>%n file(s) cannot be used here: {names}</source>
        <translation>
            <numerusform>여기에서 쓸 수 없는 파일 %n개: {names}</numerusform>
        </translation>
    </message>
</context>
</TS>
