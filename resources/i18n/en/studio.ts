<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Studio</name>
    <message numerus="yes">
        <source>%n file(s) cannot be used here: {names}</source>
        <translation>
            <numerusform>%n file cannot be used here: {names}</numerusform>
            <numerusform>%n files cannot be used here: {names}</numerusform>
        </translation>
    </message>
</context>
</TS>
