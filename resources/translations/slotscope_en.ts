<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>slotscope</name>
    <message numerus="yes">
        <source>%n slot(s) moved</source>
        <translation>
            <numerusform>%n slot moved</numerusform>
            <numerusform>%n slots moved</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::AuditView</name>
    <message numerus="yes">
        <source>%n entry(s)</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) could not be read</source>
        <translation>
            <numerusform>%n line could not be read</numerusform>
            <numerusform>%n lines could not be read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ChangesDialog</name>
    <message numerus="yes">
        <source>%n event(s), kept while the connection is open</source>
        <translation>
            <numerusform>%n event, kept while the connection is open</numerusform>
            <numerusform>%n events, kept while the connection is open</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ClosingQuestion</name>
    <message numerus="yes">
        <source>%n operation(s) still running</source>
        <translation>
            <numerusform>%n operation is still running</numerusform>
            <numerusform>%n operations are still running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::CollectionEditor</name>
    <message numerus="yes">
        <source>Delete %n element(s)?</source>
        <translation>
            <numerusform>Delete %n element?</numerusform>
            <numerusform>Delete %n elements?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n field(s) · %2</source>
        <translation>
            <numerusform>%1 · %n field · %2</numerusform>
            <numerusform>%1 · %n fields · %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::CollectionModel</name>
    <message numerus="yes">
        <source>%n value(s)</source>
        <translation>
            <numerusform>%n value</numerusform>
            <numerusform>%n values</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n score(s)</source>
        <translation>
            <numerusform>%n score</numerusform>
            <numerusform>%n scores</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n field TTL(s)</source>
        <translation>
            <numerusform>%n field TTL</numerusform>
            <numerusform>%n field TTLs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectFields</name>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n min ago</numerusform>
            <numerusform>%n min ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n h ago</numerusform>
            <numerusform>%n h ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectForm</name>
    <message numerus="yes">
        <source>every %n second(s)</source>
        <translation>
            <numerusform>every %n second</numerusform>
            <numerusform>every %n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectionTabs</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectionView</name>
    <message numerus="yes">
        <source>next try in %n s</source>
        <translation>
            <numerusform>next try in %n s</numerusform>
            <numerusform>next try in %n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Next attempt in %n s.</source>
        <translation>
            <numerusform>Next attempt in %n s.</numerusform>
            <numerusform>Next attempt in %n s.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectionsPage</name>
    <message numerus="yes">
        <source>%n mapped</source>
        <translation>
            <numerusform>%n mapped</numerusform>
            <numerusform>%n mapped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleTabView</name>
    <message numerus="yes">
        <source>Stopped at line %1: %n more command(s) were not sent.</source>
        <translation>
            <numerusform>Stopped at line %1: %n more command was not sent.</numerusform>
            <numerusform>Stopped at line %1: %n more commands were not sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ExportDialog</name>
    <message numerus="yes">
        <source>%n saved connections are exported to a file, with folders, tags and notes.</source>
        <translation>
            <numerusform>%n saved connection is exported to a file, with folder, tags and notes.</numerusform>
            <numerusform>%n saved connections are exported to a file, with folders, tags and notes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::FormatTreeModel</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>%n member</numerusform>
            <numerusform>%n members</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::HealthCard</name>
    <message numerus="yes">
        <source>%n slot(s): %1</source>
        <translation>
            <numerusform>%n slot: %1</numerusform>
            <numerusform>%n slots: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more node(s)</source>
        <translation>
            <numerusform>and %n more node</numerusform>
            <numerusform>and %n more nodes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::HealthPanel</name>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>%n note</numerusform>
            <numerusform>%n notes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n node(s) agree</source>
        <translation>
            <numerusform>%n node agrees</numerusform>
            <numerusform>%n nodes agree</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::HostsCard</name>
    <message numerus="yes">
        <source>▲ %n of them cannot fail without loss of slots</source>
        <translation>
            <numerusform>▲ %n of them cannot fail without loss of slots</numerusform>
            <numerusform>▲ %n of them cannot fail without loss of slots</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more shard(s) taken over</source>
        <translation>
            <numerusform>%n more shard taken over</numerusform>
            <numerusform>%n more shards taken over</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>▲ %n slot(s) are not served now; the failure of any host adds no further ones</source>
        <translation>
            <numerusform>▲ %n slot is not served now; the failure of any host adds no further ones</numerusform>
            <numerusform>▲ %n slots are not served now; the failure of any host adds no further ones</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::HotKeysView</name>
    <message numerus="yes">
        <source>Waiting for %n node(s)…</source>
        <translation>
            <numerusform>Waiting for %n node…</numerusform>
            <numerusform>Waiting for %n nodes…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::KeyPane</name>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 keys in %n folder(s)</source>
        <translation>
            <numerusform>%1 keys in %n folder</numerusform>
            <numerusform>%1 keys in %n folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>1 key in %n folder(s)</source>
        <translation>
            <numerusform>1 key in %n folder</numerusform>
            <numerusform>1 key in %n folders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::MainWindow</name>
    <message numerus="yes">
        <source>%1 · and %n more</source>
        <translation>
            <numerusform>%1 · and %n more</numerusform>
            <numerusform>%1 · and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>▲ %n unfinished operation(s)</source>
        <translation>
            <numerusform>▲ %n unfinished operation</numerusform>
            <numerusform>▲ %n unfinished operations</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::MetricsRecorder</name>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n node</numerusform>
            <numerusform>%n nodes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::OperationRun</name>
    <message numerus="yes">
        <source>%n write(s) lost that the replicas had acknowledged</source>
        <translation>
            <numerusform>%n write lost that the replicas had acknowledged</numerusform>
            <numerusform>%n writes lost that the replicas had acknowledged</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::OperationsPage</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unfinished</source>
        <translation>
            <numerusform>%n unfinished</numerusform>
            <numerusform>%n unfinished</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in total</source>
        <translation>
            <numerusform>%n in total</numerusform>
            <numerusform>%n in total</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::Palette</name>
    <message numerus="yes">
        <source>%n slot(s)</source>
        <translation>
            <numerusform>%n slot</numerusform>
            <numerusform>%n slots</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ProtoDialog</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message type(s)</source>
        <translation>
            <numerusform>%n message type</numerusform>
            <numerusform>%n message types</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s); what is good in the files can be used</source>
        <translation>
            <numerusform>%n problem; what is good in the files can be used</numerusform>
            <numerusform>%n problems; what is good in the files can be used</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::RunLog</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::RunOutcome</name>
    <message numerus="yes">
        <source>▲ %n slot(s) left in migration</source>
        <translation>
            <numerusform>▲ %n slot left in migration</numerusform>
            <numerusform>▲ %n slots left in migration</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::SentView</name>
    <message numerus="yes">
        <source>%n command(s)</source>
        <translation>
            <numerusform>%n command</numerusform>
            <numerusform>%n commands</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::SentinelCard</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::StringEditor</name>
    <message numerus="yes">
        <source>%n part(s) overwritten with SETRANGE</source>
        <translation>
            <numerusform>%n part overwritten with SETRANGE</numerusform>
            <numerusform>%n parts overwritten with SETRANGE</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n character(s) of it are invisible, such as NUL; Hex shows them.</source>
        <translation>
            <numerusform>%n character of it is invisible, such as NUL; Hex shows it.</numerusform>
            <numerusform>%n characters of it are invisible, such as NUL; Hex shows them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdFeed</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdWatcher</name>
    <message numerus="yes">
        <source>%1: %n node(s)</source>
        <translation>
            <numerusform>%1: %n node</numerusform>
            <numerusform>%1: %n nodes</numerusform>
        </translation>
    </message>
</context>
</TS>
