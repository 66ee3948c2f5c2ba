<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>StorageList</name>
    <message numerus="yes">
        <source>%n thing(s) could not be moved to the bin and stay.</source>
        <translation>
            <numerusform>%n thing could not be moved to the bin and stays.</numerusform>
            <numerusform>%n things could not be moved to the bin and stay.</numerusform>
        </translation>
    </message>
</context>
</TS>
