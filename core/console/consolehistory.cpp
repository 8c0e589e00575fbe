// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/consolehistory.h"

#include "core/base/ownfiles.h"
#include "core/base/secrets.h"
#include "core/base/text.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 largestFile = 8 * 1024 * 1024;
constexpr qsizetype longestLine = 16 * 1024;
const QRegularExpression &placeholder()
{
    static const QRegularExpression form(u"\\$\\(([A-Za-z][A-Za-z0-9_ -]*)(?:=([^)]*))?\\)"_s);
    return form;
}

} // namespace

std::optional<QString> withoutSecrets(const QByteArray &line)
{
    const LineReading reading = readCommandLine(line);
    if (reading.faultAt >= 0 || reading.words.isEmpty())
        return std::nullopt;
    const Command command = reading.command();
    const QByteArrayList secrets = secretsIn(command);
    if (secrets.isEmpty())
        return QString::fromUtf8(line.trimmed());
    QStringList words;
    for (qsizetype i = 0; i < command.size(); ++i) {
        QByteArray bare = command[i];
        QString shown = QString::fromLatin1(quoted(bare));
        for (const QByteArray &secret : secrets)
            if (i > 0 && (bare == secret || bare == '>' + secret || bare == '<' + secret))
                shown = bare == secret ? u"••••••••"_s : QString(QLatin1Char(bare[0])) + u"••••••••"_s;
        words.append(shown);
    }
    return words.join(u' ');
}

ConsoleHistory::ConsoleHistory(QString path) : m_path(std::move(path))
{
    QFile file(m_path);
    if (m_path.isEmpty() || !file.open(QIODevice::ReadOnly) || file.size() > largestFile)
        return;
    for (const QByteArray &line : file.readAll().split('\n')) {
        const qsizetype tab = line.indexOf('\t');
        const auto at = toInteger(line.left(std::max(tab, qsizetype(0))));
        if (tab > 0 && at && line.size() > tab + 1)
            m_items.append({*at, QString::fromUtf8(line.mid(tab + 1)), false});
    }
    if (m_items.size() > most)
        m_items.remove(0, m_items.size() - most);
}

Result<> ConsoleHistory::add(const QByteArray &line, qint64 at)
{
    const std::optional<QString> kept = withoutSecrets(line);
    if (!kept || kept->size() > longestLine)
        return {};
    if (!m_items.isEmpty() && m_items.back().line == *kept) {
        m_items.back().at = at;
        m_items.back().failed = false;
        return {};
    }
    m_items.append({at, *kept, false});
    if (m_items.size() > most)
        m_items.removeFirst();
    return write();
}

Result<> ConsoleHistory::write() const
{
    if (m_path.isEmpty())
        return {};
    if (const Result<> folder = makeOwnFolder(QFileInfo(m_path).absolutePath()); !folder)
        return folder;
    QByteArray text;
    for (const Item &item : m_items) {
        const QByteArray line = item.line.toUtf8();
        // a line that scrubbed() changes contains a password in an unexpected place, such as a mistyped AUTH: do not
        // store it
        if (scrubbed(line) == line)
            text += QByteArray::number(item.at) + '\t' + line + '\n';
    }
    return replaceFile(m_path, text);
}

void ConsoleHistory::markFailed(const QByteArray &line)
{
    const std::optional<QString> kept = withoutSecrets(line);
    for (qsizetype i = m_items.size() - 1; kept && i >= 0; --i)
        if (m_items[i].line == *kept) {
            m_items[i].failed = true;
            return;
        }
}

QStringList ConsoleHistory::found(const QString &words) const
{
    const QStringList wanted = words.split(u' ', Qt::SkipEmptyParts);
    QStringList lines;
    QSet<QString> seen;
    for (auto item = m_items.crbegin(); item != m_items.crend(); ++item) {
        const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const QString &word) {
            return item->line.contains(word, Qt::CaseInsensitive);
        });
        if (fits && !seen.contains(item->line)) {
            seen.insert(item->line);
            lines.append(item->line);
        }
    }
    return lines;
}

QString consoleFolder()
{
    const QString named = qEnvironmentVariable("SLOTSCOPE_CONSOLE");
    if (!named.isEmpty())
        return named;
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/slotscope/console"_s;
}

QString consoleFileName(const QString &kind, const QString &title)
{
    QString readable;
    for (const QChar c : title)
        readable += c.isLetterOrNumber() && c.unicode() < 128 ? c : QChar(u'-');
    const QByteArray sum = QCryptographicHash::hash(title.toUtf8(), QCryptographicHash::Sha256).toHex().left(8);
    return consoleFolder() + u'/' + kind + u'-' + readable.left(40) + u'-' + QString::fromLatin1(sum) + u".txt"_s;
}

QList<Placeholder> placeholdersIn(const QString &text)
{
    QList<Placeholder> places;
    auto matches = placeholder().globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        const bool isKnown = std::any_of(places.begin(), places.end(),
                                         [&](const Placeholder &each) { return each.name == match.captured(1); });
        if (!isKnown)
            places.append({match.captured(1), match.captured(2)});
    }
    return places;
}

QString filledIn(const QString &text, const QHash<QString, QString> &values)
{
    QString filled;
    qsizetype at = 0;
    auto matches = placeholder().globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        filled += text.mid(at, match.capturedStart() - at);
        const QString value = values.value(match.captured(1), match.captured(2));
        // a placeholder inside a word or quotes is replaced without quoting, which is left to the user
        const QChar before = match.capturedStart() > 0 ? text[match.capturedStart() - 1] : QChar(u' ');
        const QChar after = match.capturedEnd() < text.size() ? text[match.capturedEnd()] : QChar(u' ');
        const bool isWord = before.isSpace() && after.isSpace();
        filled += isWord ? QString::fromLatin1(quoted(value.toUtf8())) : value;
        at = match.capturedEnd();
    }
    return filled + text.mid(at);
}

QList<SavedCommand> readLibrary(const QString &text, bool isEverywhere)
{
    QList<SavedCommand> commands;
    const QStringList lines = text.split(u'\n');
    for (const QString &line : lines) {
        if (line.startsWith(u"## "_s)) {
            commands.append({line.mid(3).trimmed(), QString(), isEverywhere});
        } else if (!commands.isEmpty() && !line.trimmed().isEmpty()) {
            QString &body = commands.back().text;
            body += (body.isEmpty() ? QString() : u"\n"_s) + line;
        }
    }
    commands.removeIf([](const SavedCommand &each) { return each.text.isEmpty(); });
    return commands;
}

QString libraryText(const QList<SavedCommand> &commands, bool everywhere)
{
    QString text;
    for (const SavedCommand &command : commands)
        if (command.isEverywhere == everywhere)
            text += u"## "_s + command.name + u'\n' + command.text + u"\n\n"_s;
    return text;
}

} // namespace slotscope
