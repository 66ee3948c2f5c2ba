<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>RecordWords</name>
    <message numerus="yes">
        <source>Sound was lost %n time(s): close other programs.</source>
        <translation>
            <numerusform>Sound was lost %n time: close other programs.</numerusform>
            <numerusform>Sound was lost %n times: close other programs.</numerusform>
        </translation>
    </message>
</context>
</TS>
