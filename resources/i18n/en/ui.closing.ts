<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ClosingGuard</name>
    <message numerus="yes">
        <source>%n job(s) still run on this computer.</source>
        <translation>
            <numerusform>%n job still runs on this computer.</numerusform>
            <numerusform>%n jobs still run on this computer.</numerusform>
        </translation>
    </message>
</context>
</TS>
