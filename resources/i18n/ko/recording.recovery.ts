<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Recovery</name>
    <message numerus="yes">
        <source>%n unsaved take(s) of last time are in the library now: {seconds} s.</source>
        <translation>
            <numerusform>지난번에 저장되지 않은 녹음 %n개를 보관함에 넣었습니다. 길이는 {seconds}초입니다.</numerusform>
        </translation>
    </message>
</context>
</TS>
