<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>PlaceCard</name>
    <message numerus="yes">
        <source>%n job(s) before yours.</source>
        <translation>
            <numerusform>%n job before yours.</numerusform>
            <numerusform>%n jobs before yours.</numerusform>
        </translation>
    </message>
</context>
</TS>
