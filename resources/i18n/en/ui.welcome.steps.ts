<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>FolderStep</name>
    <message numerus="yes">
        <source>There are %n voice(s) in it already.</source>
        <translation>
            <numerusform>There is %n voice in it already.</numerusform>
            <numerusform>There are %n voices in it already.</numerusform>
        </translation>
    </message>
</context>
</TS>
