<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>TakesPane</name>
    <message numerus="yes">
        <source>%n take(s) shown</source>
        <translation>
            <numerusform>%n take shown</numerusform>
            <numerusform>%n takes shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) left out.</source>
        <translation>
            <numerusform>%n take left out.</numerusform>
            <numerusform>%n takes left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) used again.</source>
        <translation>
            <numerusform>%n take used again.</numerusform>
            <numerusform>%n takes used again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) deleted.</source>
        <translation>
            <numerusform>%n take deleted.</numerusform>
            <numerusform>%n takes deleted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n take(s) normalised.</source>
        <translation>
            <numerusform>%n take normalised.</numerusform>
            <numerusform>%n takes normalised.</numerusform>
        </translation>
    </message>
</context>
</TS>
