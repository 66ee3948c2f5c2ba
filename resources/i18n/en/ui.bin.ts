<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BinPage</name>
    <message numerus="yes">
        <source>Also %n other version(s) of edited takes</source>
        <translation>
            <numerusform>Also %n other version of an edited take</numerusform>
            <numerusform>Also %n other versions of edited takes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n to the system&apos;s bin</source>
        <translation>
            <numerusform>Move %n to the system&apos;s bin</numerusform>
            <numerusform>Move %n to the system&apos;s bin</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) put back.</source>
        <translation>
            <numerusform>%n thing put back.</numerusform>
            <numerusform>%n things put back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) could not be moved to the bin and stay.</source>
        <translation>
            <numerusform>%n thing could not be moved to the bin and stays.</numerusform>
            <numerusform>%n things could not be moved to the bin and stay.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) moved to the system&apos;s bin.</source>
        <translation>
            <numerusform>%n thing moved to the system&apos;s bin.</numerusform>
            <numerusform>%n things moved to the system&apos;s bin.</numerusform>
        </translation>
    </message>
</context>
</TS>
