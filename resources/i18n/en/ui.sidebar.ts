<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Sidebar</name>
    <message numerus="yes">
        <source>{page}, %n new</source>
        <translation>
            <numerusform>{page}, %n new</numerusform>
            <numerusform>{page}, %n new</numerusform>
        </translation>
    </message>
</context>
</TS>
