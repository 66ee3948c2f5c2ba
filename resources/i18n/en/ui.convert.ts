<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ConvertPage</name>
    <message numerus="yes">
        <source>%n recording(s) converted.</source>
        <translation>
            <numerusform>%n recording converted.</numerusform>
            <numerusform>%n recordings converted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be converted: choose it to see why.</source>
        <translation>
            <numerusform>%n could not be converted: choose it to see why.</numerusform>
            <numerusform>%n could not be converted: choose one to see why.</numerusform>
        </translation>
    </message>
</context>
</TS>
