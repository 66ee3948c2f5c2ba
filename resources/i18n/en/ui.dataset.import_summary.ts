<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ImportSummary</name>
    <message numerus="yes">
        <source>%n take(s) imported</source>
        <translation>
            <numerusform>%n take imported</numerusform>
            <numerusform>%n takes imported</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s) of {length} are takes now.</source>
        <translation>
            <numerusform>%n recording of {length} is a take now.</numerusform>
            <numerusform>%n recordings of {length} are takes now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are takes already.</source>
        <translation>
            <numerusform>%n file is a take already.</numerusform>
            <numerusform>%n files are takes already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used.</source>
        <translation>
            <numerusform>%n file could not be used.</numerusform>
            <numerusform>%n files could not be used.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other file(s) are no recordings.</source>
        <translation>
            <numerusform>%n other file is no recording.</numerusform>
            <numerusform>%n other files are no recordings.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) were not looked at, as you stopped the import.</source>
        <translation>
            <numerusform>%n file was not looked at, as you stopped the import.</numerusform>
            <numerusform>%n files were not looked at, as you stopped the import.</numerusform>
        </translation>
    </message>
</context>
</TS>
