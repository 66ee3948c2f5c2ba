<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>DownloadList</name>
    <message numerus="yes">
        <source>%n file(s) found and taken over.</source>
        <translation>
            <numerusform>%n file found and taken over.</numerusform>
            <numerusform>%n files found and taken over.</numerusform>
        </translation>
    </message>
</context>
</TS>
