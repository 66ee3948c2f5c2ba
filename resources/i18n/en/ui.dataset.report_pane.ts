<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ReportPane</name>
    <message numerus="yes">
        <source>Read the next %n sentence(s): they have sounds that are rare so far, such as {sounds}.</source>
        <translation>
            <numerusform>Read the next %n sentence: it has sounds that are rare so far, such as {sounds}.</numerusform>
            <numerusform>Read the next %n sentences: they have sounds that are rare so far, such as {sounds}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %n take(s)</source>
        <translation>
            <numerusform>Show %n take</numerusform>
            <numerusform>Show %n takes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Leave %n take(s) out</source>
        <translation>
            <numerusform>Leave %n take out</numerusform>
            <numerusform>Leave %n takes out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Normalise %n take(s)</source>
        <translation>
            <numerusform>Normalise %n take</numerusform>
            <numerusform>Normalise %n takes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trim the silence of %n take(s)</source>
        <translation>
            <numerusform>Trim the silence of %n take</numerusform>
            <numerusform>Trim the silence of %n takes</numerusform>
        </translation>
    </message>
</context>
</TS>
