<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Findings</name>
    <message numerus="yes">
        <source>Show %n more that is fine</source>
        <translation>
            <numerusform>Show %n more that is fine</numerusform>
            <numerusform>Show %n more that are fine</numerusform>
        </translation>
    </message>
</context>
</TS>
