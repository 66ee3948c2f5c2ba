<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ClipLight</name>
    <message numerus="yes">
        <source>Clipped %n time(s)</source>
        <translation>
            <numerusform>Clipped %n time</numerusform>
            <numerusform>Clipped %n times</numerusform>
        </translation>
    </message>
</context>
</TS>
