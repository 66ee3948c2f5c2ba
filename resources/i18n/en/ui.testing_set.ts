<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>TestSet</name>
    <message numerus="yes">
        <source>%n file(s) or folder(s) chosen.</source>
        <translation>
            <numerusform>%n file or folder chosen.</numerusform>
            <numerusform>%n files or folders chosen.</numerusform>
        </translation>
    </message>
</context>
</TS>
