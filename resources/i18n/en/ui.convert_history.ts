<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>HistoryCard</name>
    <message numerus="yes">
        <source>%n conversion(s) deleted.</source>
        <translation>
            <numerusform>%n conversion deleted.</numerusform>
            <numerusform>%n conversions deleted.</numerusform>
        </translation>
    </message>
</context>
</TS>
