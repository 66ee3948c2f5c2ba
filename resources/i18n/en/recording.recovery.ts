<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Recovery</name>
    <message numerus="yes">
        <source>%n unsaved take(s) of last time are in the library now: {seconds} s.</source>
        <translation>
            <numerusform>%n unsaved take of last time is in the library now: {seconds} s.</numerusform>
            <numerusform>%n unsaved takes of last time are in the library now: {seconds} s.</numerusform>
        </translation>
    </message>
</context>
</TS>
