<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>RecordPage</name>
    <message numerus="yes">
        <source>%n overrun(s)</source>
        <translation>
            <numerusform>%n overrun</numerusform>
            <numerusform>%n overruns</numerusform>
        </translation>
    </message>
</context>
</TS>
