// SPDX-License-Identifier: GPL-3.0-or-later
// Names of keys, from every node.
#include "command.h"

#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/keys/keyfacts.h"
#include "core/keys/keyindex.h"
#include "core/keys/keyscanner.h"
#include "core/protocol/command.h"
#include "core/protocol/replyjson.h"

#include <QCoro/QCoroTimer>

#include <chrono>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype factsAtOnce = 2000;
constexpr qsizetype keysWaiting = 20'000; // above this, the scan waits for the facts of keys

struct ScanWords
{
    ScanRequest request;
    QString node; ///< node as typed; empty: all nodes
    bool countOnly = false;
    bool zero = false; ///< print names unchanged, each followed by a zero byte
    KeyFactSet facts;
    bool help = false;
};

QString scanHelp()
{
    return u"slotscope-cli [options] scan [OPTION]…\n\n"
           "Prints every key of the cluster, each name once, unordered; progress goes to standard error.\n\n"
           "  --match PATTERN   only names that match, as SCAN MATCH does; one without *, ? and [ is looked up at "
           "once\n"
           "  --type TYPE       only keys of that type: string, list, hash, set, zset, stream, or a module's\n"
           "  --node NODE       only keys of this node: an id, the start of one, or HOST:PORT\n"
           "  --replicas        from one replica of each shard\n"
           "  --slots RANGES    only keys of these slots: 0-5460,7000\n"
           "  --database N      database; default: that of the URI\n"
           "  --ceiling MS      how long a SCAN call may block a server; default 5\n"
           "  --count-only      print only the number of keys\n"
           "  --types           the type of each key beside its name; likewise\n"
           "  --ttl             what is left of its life in milliseconds, -1 where it has no end, and\n"
           "  --memory          its bytes in memory, by a few samples of what it holds\n"
           "  --null            also -0: print names unchanged, each followed by a zero byte\n\n"
           "Without --null, names that are not plain text are quoted with \\xNN, as redis-cli writes and reads them."_s;
}

Result<int> numberOf(const QString &option, const QByteArray &word, int most)
{
    const auto number = toInteger(word);
    if (!number || *number < 0 || *number > most)
        return failure(Error::Code::InvalidArgument, u"scan: %1 needs a number up to %2"_s.arg(option).arg(most));
    return int(*number);
}

/// Reads an option that has a value.
Result<> takeValue(const QString &option, const QByteArray &value, ScanWords &words)
{
    if (option == u"--match") {
        words.request.pattern = value;
    } else if (option == u"--type") {
        words.request.type = value;
    } else if (option == u"--node") {
        words.node = QString::fromUtf8(value);
        words.request.from = ScanRequest::From::OneNode;
    } else if (option == u"--slots") {
        const auto slots_ = SlotSet::parse(value);
        if (!slots_)
            return failure(slots_.error());
        words.request.slotsOnly = *slots_;
    } else {
        const bool isDatabase = option == u"--database";
        const auto number = numberOf(option, value, isDatabase ? 1'000'000 : 10'000);
        if (!number)
            return failure(number.error());
        (isDatabase ? words.request.database : words.request.ceilingMs) = *number;
    }
    return {};
}

/// `raw` holds the same arguments as bytes, because a pattern need not be text.
Result<ScanWords> readScanWords(const QStringList &arguments, const QByteArrayList &raw, int database)
{
    static const QStringList withValue{u"--match"_s, u"--type"_s,     u"--node"_s,
                                       u"--slots"_s, u"--database"_s, u"--ceiling"_s};
    ScanWords words;
    words.request.database = database;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        if (withValue.contains(word)) {
            if (++i == arguments.size())
                return failure(Error::Code::InvalidArgument, u"scan: %1 needs a value"_s.arg(word));
            const QByteArray value = raw.size() == arguments.size() ? raw[i] : arguments[i].toUtf8();
            if (const Result<> taken = takeValue(word, value, words); !taken)
                return failure(taken.error());
        } else if (word == u"--replicas") {
            words.request.from = ScanRequest::From::Replicas;
        } else if (word == u"--count-only") {
            words.countOnly = true;
        } else if (word == u"--types") {
            words.facts |= KeyFact::Type;
        } else if (word == u"--ttl") {
            words.facts |= KeyFact::Ttl;
        } else if (word == u"--memory") {
            words.facts |= KeyFact::Memory;
        } else if (word == u"--null" || word == u"-0") {
            words.zero = true;
        } else if (word == u"--help" || word == u"-h") {
            words.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"scan: unknown argument “%1”"_s.arg(word));
        }
    }
    if (!words.node.isEmpty() && words.request.from == ScanRequest::From::Replicas)
        return failure(Error::Code::InvalidArgument, u"scan: --node and --replicas cannot be combined"_s);
    if (words.zero && words.facts)
        return failure(Error::Code::InvalidArgument, u"scan: --null prints only names"_s);
    return words;
}

/// Prints each name once, with its facts if requested; the scan waits while too many keys lack theirs.
class Printer final : public KeyOutlet
{
public:
    Printer(const ScanWords &words, bool json) : m_words(words), m_json(json) { }

    void put(KeyBatch batch) override
    {
        QByteArray text;
        for (const Value &key : batch.keys) {
            if (!m_index.insert(key.bytes()) || m_words.countOnly)
                continue;
            if (m_words.facts)
                m_waiting.append(key.bytes());
            else
                append(key.bytes(), nullptr, text);
        }
        if (!text.isEmpty())
            printBytes(text);
    }
    [[nodiscard]] bool isFull() const override { return m_waiting.size() >= keysWaiting; }
    void whenRoom(std::function<void()> goOn) override { m_goOn = std::move(goOn); }

    [[nodiscard]] quint64 distinct() const { return m_index.size(); }
    [[nodiscard]] QByteArrayList nextWithoutFacts()
    {
        const QByteArrayList next = m_waiting.mid(0, factsAtOnce);
        m_waiting.remove(0, next.size());
        if (m_goOn && !isFull())
            m_goOn();
        return next;
    }
    void print(const QByteArrayList &keys, const std::vector<KeyFacts> &facts)
    {
        QByteArray text;
        for (qsizetype i = 0; i < keys.size(); ++i) {
            m_refused += facts[size_t(i)].problem.isEmpty() ? 0 : 1;
            append(keys[i], &facts[size_t(i)], text);
        }
        printBytes(text);
    }
    [[nodiscard]] quint64 refused() const { return m_refused; }

private:
    void append(const QByteArray &key, const KeyFacts *facts, QByteArray &text) const
    {
        if (m_json) {
            text += jsonLine(json(key, facts)) + '\n';
        } else if (m_words.zero) {
            text += key + '\0';
        } else {
            text += facts ? columns(*facts) + nameText(key) : nameText(key);
            text += '\n';
        }
    }
    [[nodiscard]] QJsonObject json(const QByteArray &key, const KeyFacts *facts) const
    {
        QJsonObject object{{u"key"_s, replyToJson(Value::bulk(key))}};
        if (!facts)
            return object;
        if (m_words.facts.testFlag(KeyFact::Type) && !facts->type.isEmpty())
            object[u"type"_s] = QString::fromUtf8(facts->type);
        if (facts->ttlMs)
            object[u"ttlMs"_s] = *facts->ttlMs;
        if (facts->memory)
            object[u"memory"_s] = *facts->memory;
        if (!facts->problem.isEmpty())
            object[u"problem"_s] = facts->problem;
        return object;
    }
    /// Columns before the name, which may have any length; "?" if the key could not be read.
    [[nodiscard]] QByteArray columns(const KeyFacts &facts) const
    {
        const auto cell = [](const QByteArray &text, int width) { return text.rightJustified(width) + "  "; };
        const auto number = [](const std::optional<qint64> &value) {
            return value ? QByteArray::number(*value) : "?"_ba;
        };
        QByteArray text;
        if (m_words.facts.testFlag(KeyFact::Type))
            text += (facts.type.isEmpty() ? "?"_ba : facts.type).leftJustified(6) + "  ";
        if (m_words.facts.testFlag(KeyFact::Ttl))
            text += cell(number(facts.ttlMs), 12);
        if (m_words.facts.testFlag(KeyFact::Memory))
            text += cell(number(facts.memory), 10);
        return text;
    }

    const ScanWords &m_words;
    bool m_json;
    KeyIndex m_index;
    QByteArrayList m_waiting;
    std::function<void()> m_goOn;
    quint64 m_refused = 0;
};

/// Reads and prints facts until the scan is over and no key waits for them.
QCoro::Task<bool> printFacts(std::shared_ptr<Printer> printer, std::shared_ptr<KeyFactsReader> reader, ScanWords words)
{
    while (true) {
        const QByteArrayList keys = printer->nextWithoutFacts();
        if (keys.isEmpty())
            co_return true;
        const auto facts = co_await reader->read(keys, words.facts | KeyFact::Type, words.request.database);
        if (!facts) {
            printError(facts.error());
            co_return false;
        }
        printer->print(keys, *facts);
    }
}

void tellOutcome(const ScanProgress &progress, const ScanWords &words, const Printer &printer, bool json)
{
    for (const ScanProgress::Node &node : progress.nodes)
        if (node.error)
            printError(
                describe(*node.error)
                + (node.replacedBy.isEmpty() ? QString() : u"; its slots were read again from their new owner"_s));
    if (progress.error)
        printError(*progress.error);
    if (words.countOnly && json)
        printJsonLine(
            {{u"keys"_s, qint64(progress.seen)}, {u"expected"_s, progress.expected}, {u"whole"_s, progress.isWhole()}});
    else if (words.countOnly)
        printOut(QByteArray::number(progress.seen));
    if (printer.refused() > 0)
        printAside(u"%1 keys could not be read\n"_s.arg(groupedNumber(qint64(printer.refused()))));
    printAside(summaryOf(progress, words.request)
               + (progress.state == ScanProgress::State::Stopped ? u" · stopped\n"_s : u"\n"_s));
}

} // namespace

QCoro::Task<int> runScan(Context context)
{
    const int database = context.target ? context.target->database : 0;
    auto words = readScanWords(context.arguments, context.rawArguments, database);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(scanHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    if (!words->node.isEmpty()) {
        const auto id = opened.session->resolveNode(words->node);
        if (!id) {
            printError(id.error());
            co_return exitUsage;
        }
        words->request.nodeId = *id;
    }
    const auto printer = std::make_shared<Printer>(*words, context.json);
    const auto reader = std::make_shared<KeyFactsReader>(opened.session.get());
    KeyScanner scanner(opened.session.get());
    const Signals signalsSeen([&scanner] { scanner.stop(); });
    const bool showsProgress = outIsTerminal() && words->countOnly;
    bool readable = true;
    auto scanning = scanner.scan(words->request, printer, [&](const ScanProgress &progress) {
        ScanProgress shown = progress;
        shown.seen = printer->distinct();
        if (showsProgress && !shown.isOver())
            showProgress(summaryOf(shown, words->request));
    });
    if (words->facts) {
        while (readable && !scanning.isReady()) {
            readable = co_await printFacts(printer, reader, *words);
            co_await QCoro::sleepFor(std::chrono::milliseconds(10));
        }
        if (!readable)
            scanner.stop();
    }
    const auto scanned = co_await scanning;
    if (!scanned) {
        printError(scanned.error());
        co_return exitFailed;
    }
    if (words->facts && readable)
        readable = co_await printFacts(printer, reader, *words);
    ScanProgress progress = *scanned;
    progress.seen = printer->distinct();
    clearProgress();
    tellOutcome(progress, *words, *printer, context.json);
    co_return progress.isWhole() && readable ? exitDone : exitFailed;
}

} // namespace slotscope::cli
