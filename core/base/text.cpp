// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include "core/base/tr.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringDecoder>

#include <charconv>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

void appendEscaped(QString &out, uchar byte)
{
    switch (byte) {
    case '\n': out += QStringLiteral("\\n"); return;
    case '\r': out += QStringLiteral("\\r"); return;
    case '\t': out += QStringLiteral("\\t"); return;
    case '\a': out += QStringLiteral("\\a"); return;
    case '\b': out += QStringLiteral("\\b"); return;
    default: out += QStringLiteral("\\x%1").arg(uint(byte), 2, 16, QLatin1Char('0')); return;
    }
}

/// Length of the valid UTF-8 sequence at the start, 0 if there is none.
qsizetype sequenceLength(QByteArrayView bytes)
{
    const uchar lead = uchar(bytes.front());
    const qsizetype length = lead < 0x80 ? 1
        : lead >= 0xc2 && lead < 0xe0    ? 2
        : lead >= 0xe0 && lead < 0xf0    ? 3
        : lead >= 0xf0 && lead < 0xf5    ? 4
                                         : 0;
    if (length == 0 || length > bytes.size())
        return 0;
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(bytes.first(length));
    return decode.hasError() || text.contains(QChar::ReplacementCharacter) ? 0 : length;
}

/// Appends one character, or one byte that is not valid UTF-8: unchanged if printable, else quoted.
void appendShown(QString &out, QByteArrayView character)
{
    const char first = character.front();
    if (character.size() == 1 && first >= ' ' && first <= '~') // fast path for nearly all characters
        out += QLatin1Char(first);
    else if (const auto points = QString::fromUtf8(character).toUcs4(); // decoded so that U+FEFF is not taken for a
                                                                        // byte order mark
             !points.isEmpty() && sequenceLength(character) == character.size() && showsItself(points.front()))
        out += QString::fromUtf8(character);
    else
        for (const char byte : character)
            appendEscaped(out, uchar(byte));
}

template <typename Integer>
std::optional<Integer> wholeNumber(QByteArrayView text)
{
    Integer number = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    if (text.isEmpty() || error != std::errc() || end != text.end())
        return std::nullopt;
    return number;
}

} // namespace

bool showsItself(char32_t character)
{
    return QChar::isPrint(character) && character != 0x2028 && character != 0x2029;
}

QString toDisplay(QByteArrayView bytes)
{
    QString out;
    out.reserve(bytes.size());
    while (!bytes.isEmpty()) {
        const uchar byte = uchar(bytes.front());
        if (byte == '\\') {
            out += QStringLiteral("\\\\");
            bytes = bytes.sliced(1);
            continue;
        }
        const qsizetype length = std::max<qsizetype>(1, sequenceLength(bytes));
        appendShown(out, bytes.first(length));
        bytes = bytes.sliced(length);
    }
    return out;
}

QByteArray terminalSafe(const QByteArray &bytes, LineBreaks lines)
{
    QString out;
    out.reserve(bytes.size());
    for (QByteArrayView rest(bytes); !rest.isEmpty();) {
        const bool isWide = rest.startsWith("\r\n");
        const qsizetype length = isWide ? 2 : std::max<qsizetype>(1, sequenceLength(rest));
        if (lines == LineBreaks::Keep && (isWide || rest.front() == '\n'))
            out += QLatin1Char('\n');
        else if (rest.front() == '\t')
            out += QLatin1Char('\t');
        else
            appendShown(out, rest.first(length));
        rest = rest.sliced(length);
    }
    return out.toUtf8();
}

QString terminalSafe(const QString &text, LineBreaks lines)
{
    return QString::fromUtf8(terminalSafe(text.toUtf8(), lines));
}

QString groupedNumber(qint64 number)
{
    static const QLocale locale(QLocale::English);
    return locale.toString(number);
}

QString byteSize(qint64 bytes)
{
    static constexpr const char *units[] = {"B", "KB", "MB", "GB", "TB", "PB"};
    double value = double(bytes);
    int unit = 0;
    while (std::abs(value) >= 1023.95 && unit < 5) {
        value /= 1024;
        ++unit;
    }
    const int decimals = unit == 0 || std::abs(value) >= 99.95 ? 0 : 1;
    return QString::number(value, 'f', decimals) + QLatin1Char(' ') + QLatin1StringView(units[unit]);
}

QString shareText(qint64 part, qint64 whole)
{
    return whole <= 0 ? QString() : u"%1 %"_s.arg(double(part) * 100 / double(whole), 0, 'f', 1);
}

QString duration(qint64 milliseconds)
{
    const qint64 seconds = milliseconds / 1000;
    if (milliseconds < 1000)
        return tr("%1 ms").arg(milliseconds);
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return seconds % 60 == 0 ? tr("%1 min").arg(seconds / 60)
                                 : tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    if (seconds < 86400)
        return seconds / 60 % 60 == 0 ? tr("%1 h").arg(seconds / 3600)
                                      : tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
    return seconds / 3600 % 24 == 0 ? tr("%1 d").arg(seconds / 86400)
                                    : tr("%1 d %2 h").arg(seconds / 86400).arg(seconds / 3600 % 24);
}

QString roughDuration(qint64 milliseconds)
{
    const qint64 seconds = std::max<qint64>(0, milliseconds / 1000);
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 min").arg(seconds / 60);
    if (seconds < 86400)
        return tr("%1 h").arg(seconds / 3600);
    return tr("%1 d").arg(seconds / 86400);
}

std::optional<qint64> toInteger(QByteArrayView text)
{
    return wholeNumber<qint64>(text);
}

std::optional<quint64> toUnsigned(QByteArrayView text)
{
    return wholeNumber<quint64>(text);
}

} // namespace slotscope
