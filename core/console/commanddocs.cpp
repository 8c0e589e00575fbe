// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/commanddocs.h"

#include "core/base/text.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int deepest = 8; // largest depth of nested arguments

QByteArray bytesIn(const Value &value, QByteArrayView field)
{
    const Value *found = value.find(field);
    return found ? found->bytes() : QByteArray();
}

QString textIn(const Value &value, QByteArrayView field)
{
    return toDisplay(bytesIn(value, field));
}

QList<CommandArgument> readArguments(const Value &value, int depth)
{
    QList<CommandArgument> arguments;
    if (depth > deepest)
        return arguments;
    for (const Value &each : value.items()) {
        CommandArgument argument;
        argument.name = bytesIn(each, "display_text");
        if (argument.name.isEmpty())
            argument.name = bytesIn(each, "name");
        argument.type = bytesIn(each, "type");
        argument.token = bytesIn(each, "token");
        if (const Value *flags = each.find("flags"))
            for (const Value &flag : flags->items()) {
                argument.isOptional = argument.isOptional || flag.bytes() == "optional";
                argument.isMultiple = argument.isMultiple || flag.bytes() == "multiple";
                argument.repeatsToken = argument.repeatsToken || flag.bytes() == "multiple_token";
            }
        if (const Value *inner = each.find("arguments"))
            argument.arguments = readArguments(*inner, depth + 1);
        arguments.append(std::move(argument));
    }
    return arguments;
}

void makeOneOf(CommandArgument &argument, const QByteArray &text)
{
    argument.type = "oneof";
    for (const QByteArray &token : text.split('|')) {
        CommandArgument one;
        one.name = one.token = token;
        one.type = "pure-token";
        argument.arguments.append(one);
    }
}

/// Parses a syntax such as "key value [NX|XX] [EX seconds]".
QList<CommandArgument> argumentsOf(const QByteArray &syntax)
{
    QList<CommandArgument> arguments;
    for (qsizetype at = 0; at < syntax.size();) {
        CommandArgument argument;
        qsizetype end = syntax.indexOf(' ', at);
        if (syntax[at] == '[') {
            end = syntax.indexOf(']', at);
            argument.isOptional = true;
        }
        if (end < 0)
            end = syntax.size();
        QByteArray text = syntax.mid(at, end - at);
        if (argument.isOptional)
            text = text.mid(1);
        at = end + (argument.isOptional ? 2 : 1);
        argument.isMultiple = text.endsWith("...");
        text.replace("...", "");
        if (text.contains('|') && !text.contains(' ')) {
            makeOneOf(argument, text);
        } else if (const qsizetype blank = text.indexOf(' ');
                   blank > 0 && text.left(blank) == text.left(blank).toUpper()) {
            argument.token = text.left(blank);
            argument.name = text.mid(blank + 1);
            if (argument.name.contains('|'))
                makeOneOf(argument, argument.name);
        } else if (text == text.toUpper()) {
            argument.name = argument.token = text;
            argument.type = "pure-token";
        } else {
            argument.name = text;
        }
        if (argument.name == "key" || argument.name == "destination" || argument.name == "source")
            argument.type = "key";
        arguments.append(argument);
    }
    return arguments;
}

/// Matches the words of a command with its arguments.
class Walk
{
public:
    Walk(const CommandDoc &doc, const Command &words, qsizetype first, qsizetype wanted)
        : m_doc(doc), m_words(words), m_at(first), m_wanted(wanted)
    { }

    ArgumentPlace place()
    {
        m_place.doc = &m_doc;
        const QList<CommandArgument> &arguments = m_doc.arguments;
        for (int i = 0; i < arguments.size() && !m_done;) {
            if (!arguments[i].isOptional) {
                takeRequired(i, arguments[i], true);
                ++i;
                continue;
            }
            int end = i;
            while (end < arguments.size() && arguments[end].isOptional)
                ++end;
            takeOptions(i, end);
            i = end;
        }
        return m_place;
    }

private:
    [[nodiscard]] bool isHere() const { return m_at == m_wanted; }
    [[nodiscard]] QByteArray word() const { return m_words.value(m_at).toUpper(); }

    void found(int index, const CommandArgument &argument, int repetition)
    {
        m_place.argument = index;
        m_place.name = argument.name;
        m_place.type = argument.type;
        m_place.repetition = repetition;
        m_done = true;
    }

    static void collectTokens(const CommandArgument &argument, QByteArrayList &tokens)
    {
        if (!argument.token.isEmpty()) {
            tokens.append(argument.token);
            return;
        }
        for (const CommandArgument &inner : argument.arguments) {
            collectTokens(inner, tokens);
            if (argument.type != "oneof" && !inner.isOptional)
                break; // a block starts with its first argument
        }
    }

    [[nodiscard]] static bool begins(const CommandArgument &argument, const QByteArray &word)
    {
        QByteArrayList tokens;
        collectTokens(argument, tokens);
        return !word.isEmpty() && tokens.contains(word);
    }

    /// Whether a later argument starts with this word.
    [[nodiscard]] bool beginsLater(int index, const QByteArray &word) const
    {
        for (int i = index + 1; i < m_doc.arguments.size(); ++i)
            if (begins(m_doc.arguments[i], word))
                return true;
        return false;
    }

    /// Matches one occurrence of an argument that is not a plain token.
    void takeOnce(int index, const CommandArgument &argument, int repetition)
    {
        if (m_done)
            return;
        if (!argument.token.isEmpty() && !(argument.repeatsToken && repetition > 0 && word() != argument.token)) {
            if (isHere()) {
                m_place.tokens.append(argument.token);
                found(index, argument, repetition);
                return;
            }
            if (word() == argument.token)
                ++m_at;
            if (argument.isPureToken())
                return;
        }
        if (argument.type == "oneof") {
            for (const CommandArgument &each : argument.arguments)
                if (begins(each, word()) && !isHere()) {
                    takeOnce(index, each, repetition);
                    return;
                }
            if (isHere()) { // the cursor is behind the argument's own token
                for (const CommandArgument &each : argument.arguments)
                    collectTokens(each, m_place.tokens);
                found(index, argument, repetition);
                return;
            }
            ++m_at;
            return;
        }
        if (argument.type == "block") {
            for (const CommandArgument &each : argument.arguments) {
                if (m_done)
                    return;
                if (each.isOptional && !isHere() && !begins(each, word()))
                    continue;
                takeOnce(index, each, repetition);
            }
            return;
        }
        if (isHere()) {
            found(index, argument, repetition);
            return;
        }
        if (argument.name == "numkeys" || argument.name == "numkey" || argument.name == "numfields")
            m_number = m_words.value(m_at).toInt();
        ++m_at;
    }

    void takeRequired(int index, const CommandArgument &argument, bool first)
    {
        const int expected = std::exchange(m_numberBefore, 0);
        m_number = 0;
        for (int repetition = 0; !m_done; ++repetition) {
            if (repetition > 0 && !argument.isMultiple)
                break;
            if (repetition > 0 && expected > 0 && repetition >= expected)
                break;
            if (repetition > 0 && expected == 0 && m_at < m_words.size() && m_at != m_wanted
                && beginsLater(index, word()))
                break;
            if (m_at > m_wanted)
                break;
            takeOnce(index, argument, repetition);
        }
        if (m_done && argument.isMultiple) {
            m_place.expected = expected;
            for (int i = index + 1; first && expected == 0 && m_place.repetition > 0 && i < m_doc.arguments.size(); ++i)
                collectTokens(m_doc.arguments[i], m_place.tokens);
        }
        m_numberBefore = m_number;
    }

    void takeOptions(int begin, int end)
    {
        QList<int> left;
        for (int i = begin; i < end; ++i)
            left.append(i);
        while (!m_done && m_at <= m_wanted) {
            if (isHere()) {
                for (int i : left)
                    collectTokens(m_doc.arguments[i], m_place.tokens);
                const bool isLast = end == m_doc.arguments.size();
                if (!left.isEmpty() && isLast) {
                    QByteArrayList tokens;
                    collectTokens(m_doc.arguments[left.front()], tokens);
                    found(left.front(), m_doc.arguments[left.front()], 0);
                    if (!tokens.isEmpty())
                        m_place.type = "oneof";
                }
                m_done = m_done || isLast;
                return;
            }
            const auto match =
                std::find_if(left.begin(), left.end(), [this](int i) { return begins(m_doc.arguments[i], word()); });
            if (match != left.end()) {
                const int index = *match;
                left.erase(match);
                takeRequired(index, m_doc.arguments[index], false);
                continue;
            }
            const auto bare = std::find_if(left.begin(), left.end(), [this](int i) {
                QByteArrayList tokens;
                collectTokens(m_doc.arguments[i], tokens);
                return tokens.isEmpty();
            });
            if (bare == left.end())
                return;
            const int index = *bare;
            left.erase(bare);
            takeRequired(index, m_doc.arguments[index], false);
        }
    }

    const CommandDoc &m_doc;
    const Command &m_words;
    qsizetype m_at, m_wanted;
    int m_number = 0, m_numberBefore = 0;
    bool m_done = false;
    ArgumentPlace m_place;
};

} // namespace

QString CommandArgument::syntax() const
{
    QString text;
    if (!token.isEmpty())
        text = QString::fromLatin1(token);
    if (!isPureToken()) {
        QStringList inner;
        for (const CommandArgument &each : arguments)
            inner.append(each.syntax());
        QString body = QString::fromUtf8(name);
        if (type == "oneof")
            body = inner.join(u" | "_s);
        else if (type == "block")
            body = inner.join(u' ');
        if (isMultiple)
            body += u" […]"_s;
        text += (text.isEmpty() ? QString() : u" "_s) + body;
    }
    return isOptional ? u'[' + text + u']' : text;
}

QStringList syntaxParts(const CommandDoc &doc)
{
    QStringList parts;
    for (const CommandArgument &argument : doc.arguments)
        parts.append(argument.syntax());
    return parts;
}

Result<CommandDocs> CommandDocs::parse(const Value &reply)
{
    CommandDocs docs;
    const Value::List &items = reply.items();
    const auto read = [&docs](const QByteArray &name, const Value &value) {
        CommandDoc doc;
        doc.name = name.toLower();
        doc.summary = textIn(value, "summary");
        doc.since = textIn(value, "since");
        doc.complexity = textIn(value, "complexity");
        doc.group = textIn(value, "group");
        if (const Value *arguments = value.find("arguments"))
            doc.arguments = readArguments(*arguments, 0);
        return docs.m_docs.insert(doc.name, doc);
    };
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
        if (!items[i].isString() || !items[i + 1].isAggregate())
            return failure(Error::Code::Parse, u"COMMAND DOCS"_s);
        const QByteArray name = items[i].bytes().toLower();
        const auto doc = read(name, items[i + 1]);
        const Value *inner = items[i + 1].find("subcommands");
        QByteArrayList subcommands;
        for (size_t k = 0; inner && k + 1 < inner->items().size(); k += 2) {
            const QByteArray whole = inner->items()[k].bytes().toLower();
            std::ignore = read(whole, inner->items()[k + 1]);
            subcommands.append(whole.mid(whole.indexOf('|') + 1));
        }
        std::ignore = doc;
        std::sort(subcommands.begin(), subcommands.end());
        docs.m_docs[name].subcommands = subcommands;
    }
    if (docs.m_docs.isEmpty())
        return failure(Error::Code::Parse, u"COMMAND DOCS"_s);
    return docs;
}

const CommandDocs &CommandDocs::builtIn()
{
    static const CommandDocs docs = [] {
        CommandDocs made;
        static const char *const lines[] = {
#include "core/console/builtincommands.inc"
        };
        for (const char *text : lines) {
            const QByteArray line(text);
            const qsizetype blank = line.indexOf(' ');
            CommandDoc doc;
            doc.name = line.left(blank < 0 ? line.size() : blank).toLower();
            doc.arguments = argumentsOf(blank < 0 ? QByteArray() : line.mid(blank + 1));
            if (const qsizetype bar = doc.name.indexOf('|'); bar > 0) {
                CommandDoc &container = made.m_docs[doc.name.left(bar)];
                container.name = doc.name.left(bar);
                container.subcommands.append(doc.name.mid(bar + 1));
            }
            made.m_docs.insert(doc.name, doc);
        }
        return made;
    }();
    return docs;
}

const CommandDoc *CommandDocs::named(const QByteArray &name) const
{
    const auto found = m_docs.constFind(name.toLower());
    return found == m_docs.constEnd() ? nullptr : &*found;
}

const CommandDoc *CommandDocs::find(const Command &command) const
{
    if (command.isEmpty())
        return nullptr;
    if (command.size() > 1)
        if (const CommandDoc *doc = named(command[0] + '|' + command[1]))
            return doc;
    return named(command[0]);
}

QByteArrayList CommandDocs::names() const
{
    QByteArrayList names;
    for (auto doc = m_docs.constBegin(); doc != m_docs.constEnd(); ++doc)
        if (!doc.key().contains('|'))
            names.append(doc.key());
    std::sort(names.begin(), names.end());
    return names;
}

ArgumentPlace CommandDocs::placeOf(const Command &words, qsizetype index) const
{
    ArgumentPlace place;
    const CommandDoc *doc = find(words);
    if (!doc)
        return place;
    const qsizetype first = doc->name.contains('|') ? 2 : 1;
    place.doc = doc;
    if (index < first)
        return place;
    return Walk(*doc, words, first, index).place();
}

} // namespace slotscope
