// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

#include "core/base/text.h"
#include "core/formats/jsonwalker.h"

#include <QDateTime>
#include <QTimeZone>

#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

QString timeText(qint64 seconds, quint32 nanoseconds, int digits)
{
    constexpr qint64 year0 = -62167219200, year10000 = 253402300800;
    if (seconds < year0 || seconds >= year10000)
        return tr("beyond year 9999");
    const QString text = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss"_s);
    if (digits == 0)
        return text + u'Z';
    return text + u'.' + QString::number(nanoseconds).rightJustified(9, u'0').left(digits) + u'Z';
}

QString uuidText(QByteArrayView sixteen)
{
    const QString hex = QString::fromLatin1(sixteen.toByteArray().toHex());
    return hex.left(8) + u'-' + hex.mid(8, 4) + u'-' + hex.mid(12, 4) + u'-' + hex.mid(16, 4) + u'-' + hex.mid(20);
}

namespace {

struct TimeUnit
{
    const char *word;
    qint64 perSecond;
    int digits;
};
constexpr TimeUnit timeUnits[] = {{"s", 1, 0}, {"ms", 1000, 3}, {"us", 1'000'000, 6}, {"ns", 1'000'000'000, 9}};

QString timeIn(qint64 number, const TimeUnit &unit)
{
    qint64 seconds = number / unit.perSecond;
    qint64 rest = number % unit.perSecond;
    if (rest < 0) {
        rest += unit.perSecond;
        --seconds;
    }
    return timeText(seconds, quint32(rest * (1'000'000'000 / unit.perSecond)), unit.digits);
}

Shown showTime(const QString &option, QByteArrayView bytes)
{
    Shown shown;
    const auto number = toInteger(bytes);
    if (!number) {
        shown.fail(0, tr("this is not an integer"));
        return shown;
    }
    shown.text = QString::fromLatin1(bytes);
    shown.writable = true;
    for (const TimeUnit &unit : timeUnits)
        if (option == QLatin1String(unit.word) || (option.isEmpty() && unit.perSecond == 1))
            shown.note(tr("%1 UTC").arg(timeIn(*number, unit)));
    if (const auto offered = timeOffered(bytes); option.isEmpty() && offered && offered->first != u"s")
        shown.notes = {{FormatNote::Kind::Info,
                        tr("Read as a Unix time in %1, this is %2.").arg(offered->first, offered->second)}};
    return shown;
}

QString groupText(const QList<quint16> &groups, qsizetype from, qsizetype to)
{
    QStringList words;
    for (qsizetype i = from; i < to; ++i)
        words += QString::number(groups[i], 16);
    return words.join(u':');
}

/// Formats an IPv6 address by RFC 5952: the longest run of two or more zero groups becomes "::".
QString ip6Text(QByteArrayView bytes)
{
    QList<quint16> groups;
    for (qsizetype at = 0; at < 16; at += 2)
        groups += qFromBigEndian<quint16>(bytes.data() + at);
    qsizetype best = -1, length = 1;
    for (qsizetype from = 0; from < 8; ++from) {
        qsizetype to = from;
        while (to < 8 && groups[to] == 0)
            ++to;
        if (to - from > length) {
            best = from;
            length = to - from;
        }
    }
    return best < 0 ? groupText(groups, 0, 8)
                    : groupText(groups, 0, best) + u"::"_s + groupText(groups, best + length, 8);
}

Shown showAddress(FormatId id, QByteArrayView bytes)
{
    Shown shown;
    if (id == FormatId::Ip && bytes.size() == 4) {
        QStringList parts;
        for (const char byte : bytes)
            parts += QString::number(quint8(byte));
        shown.text = parts.join(u'.');
    } else if (bytes.size() == 16) {
        shown.text = id == FormatId::Ip ? ip6Text(bytes) : uuidText(bytes);
    } else {
        shown.fail(0, id == FormatId::Ip ? tr("an IP address has 4 or 16 bytes") : tr("a UUID has 16 bytes"));
    }
    shown.writable = !shown.problem;
    return shown;
}

Shown showVector(FormatId id, const QString &option, QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown;
    shown.syntax = Syntax::Json;
    const qsizetype width = id == FormatId::Float32 ? 4 : 8;
    const bool big = option == u"be";
    if (bytes.size() % width != 0)
        shown.fail(bytes.size() / width * width, tr("the length is not a multiple of %1").arg(width));
    TreeBuilder out(budget);
    Cursor in(bytes);
    out.open(Kind::Array);
    while (in.left() >= width && out.ok()) {
        if (width == 4) {
            const auto bits = big ? in.big<quint32>() : in.little<quint32>();
            const auto value = std::bit_cast<float>(bits);
            if (std::isnan(value) && bits != 0x7fc00000)
                out.leaf(Kind::String, QString::number(bits, 16).rightJustified(8, u'0'), "float_bits");
            else if (std::isfinite(value))
                out.leaf(Kind::Number, real32Text(value));
            else
                out.real(double(value));
        } else {
            const auto bits = big ? in.big<quint64>() : in.little<quint64>();
            const auto value = std::bit_cast<double>(bits);
            if (std::isnan(value) && bits != 0x7ff8000000000000)
                out.leaf(Kind::String, QString::number(bits, 16).rightJustified(16, u'0'), "float_bits");
            else
                out.real(value);
        }
    }
    out.close();
    shown.truncated = !out.ok();
    FormatTree tree = out.take();
    bool cut = false;
    shown.text = treeToText(tree, budget.outputLeft(), &cut);
    shown.truncated = shown.truncated || cut;
    shown.tree = std::make_shared<const FormatTree>(std::move(tree));
    shown.writable = true;
    shown.note(tr("%1 number(s)").arg(bytes.size() / width));
    return shown;
}

Shown showBitmap(QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown;
    constexpr qsizetype perLine = 8; // bytes per line: 64 days, users, …
    qint64 set = 0;
    for (const char byte : bytes)
        set += qPopulationCount(quint8(byte));
    const qsizetype most = budget.outputLeft() / 64;
    shown.truncated = bytes.size() > most;
    const QByteArrayView part = bytes.first(std::min(most, bytes.size()));
    (void)budget.takeOutput(part.size() * 24);
    for (qsizetype at = 0; at < part.size(); ++at) {
        if (at % perLine == 0)
            shown.text += (at > 0 ? u"\n"_s : QString()) + QString::number(at * 8).rightJustified(10) + u' ';
        shown.text += u' ';
        for (int bit = 7; bit >= 0; --bit)
            shown.text += (quint8(part[at]) >> bit & 1) != 0 ? u'#' : u'.';
    }
    shown.note(tr("%1 of %2 bits are set; bit 0 is the highest bit of the first byte, as in GETBIT.")
                   .arg(set)
                   .arg(bytes.size() * 8));
    QStringList first;
    constexpr int named = 32;
    for (qsizetype bit = 0; bit < bytes.size() * 8 && first.size() < named; ++bit)
        if ((quint8(bytes[bit / 8]) >> (7 - bit % 8) & 1) != 0)
            first += QString::number(bit);
    if (!first.isEmpty())
        shown.note(tr("Bits set: %1").arg(first.join(u", "_s) + (set > named ? u", …"_s : QString())));
    shown.writable = !shown.truncated;
    return shown;
}

/// Decodes 26 interleaved bits per axis to the centre of the cell, as GEOPOS does.
Shown showGeoScore(QByteArrayView bytes)
{
    Shown shown;
    const auto number = toUnsigned(bytes);
    if (!number || *number >> 52 != 0) {
        shown.fail(0, tr("a geo score is an integer of 52 bits"));
        return shown;
    }
    quint64 latitude = 0, longitude = 0;
    for (int bit = 0; bit < 26; ++bit) {
        latitude |= (*number >> (2 * bit) & 1) << bit;
        longitude |= (*number >> (2 * bit + 1) & 1) << bit;
    }
    const auto middle = [](quint64 cell, double from, double to) {
        const double step = (to - from) / double(1 << 26);
        return from + (double(cell) + 0.5) * step;
    };
    constexpr double mostLatitude = 85.05112878;
    shown.text = QString::fromLatin1(bytes);
    shown.writable = true;
    shown.note(
        tr("longitude %1, latitude %2")
            .arg(realText(middle(longitude, -180, 180)), realText(middle(latitude, -mostLatitude, mostLatitude))));
    return shown;
}

Result<QByteArray> writeVector(const FormatStep &step, const QString &text)
{
    FormatBudget budget({});
    const auto tree = textToTree(text, budget);
    if (!tree)
        return failure(tree.error());
    StructureWriter out;
    const TreeNode root(*tree, 0);
    const bool single = step.id == FormatId::Float32, big = step.option == u"be";
    if (root.kind() != Kind::Array)
        return failure(Error::Code::Parse, tr("a vector is an array of numbers"));
    for (const TreeNode &child : root.children()) {
        const TreeNode number = child.tag().isEmpty() ? child : child.children().first();
        quint64 bits = 0;
        bool ok = true;
        if (child.tag() == u"float_bits") {
            bits = number.text().toULongLong(&ok, 16);
        } else {
            const double value = number.text() == u"NaN" ? std::nan("")
                : number.text().endsWith(u"Infinity")    ? (number.text().startsWith(u'-') ? -HUGE_VAL : HUGE_VAL)
                : single                                 ? double(number.text().toFloat(&ok))
                                                         : number.text().toDouble(&ok);
            const quint32 narrow = std::isnan(value) ? 0x7fc00000u : std::bit_cast<quint32>(float(value));
            bits = single ? narrow : std::isnan(value) ? 0x7ff8000000000000 : std::bit_cast<quint64>(value);
        }
        if (!ok)
            return failure(Error::Code::Parse,
                           tr("“%1” is not a number that a vector can hold").arg(number.text().left(40)));
        if (single)
            big ? out.big(quint32(bits)) : out.little(quint32(bits));
        else
            big ? out.big(bits) : out.little(bits);
    }
    return out.result();
}

Result<QByteArray> writeUuid(const QString &text)
{
    QString digits = text.trimmed();
    const auto bytes = fromHex(digits.remove(u'-'));
    if (!bytes || bytes->size() != 16)
        return failure(Error::Code::Parse, tr("a UUID is 32 hex digits"));
    return *bytes;
}

Result<QByteArray> writeIp(const QString &text)
{
    const auto wrong = failure(Error::Code::Parse, tr("“%1” is not an IP address").arg(text.trimmed().left(60)));
    QByteArray bytes;
    if (!text.contains(u':')) {
        for (const QString &part : text.trimmed().split(u'.')) {
            const auto number = toUnsigned(part.toLatin1());
            if (!number || *number > 255)
                return wrong;
            bytes += char(*number);
        }
        return bytes.size() == 4 ? Result<QByteArray>(bytes) : wrong;
    }
    const QStringList halves = text.trimmed().split(u"::"_s);
    QList<QByteArray> sides;
    for (const QString &half : halves) {
        QByteArray side;
        for (const QString &group : half.split(u':', Qt::SkipEmptyParts)) {
            bool ok = false;
            const ushort number = group.toUShort(&ok, 16);
            if (!ok)
                return wrong;
            side += char(number >> 8);
            side += char(number & 0xff);
        }
        sides += side;
    }
    if (sides.size() > 2 || sides[0].size() > 16)
        return wrong;
    bytes = sides[0];
    if (sides.size() == 2 && sides[0].size() + sides[1].size() <= 14)
        bytes += QByteArray(16 - sides[0].size() - sides[1].size(), '\0') + sides[1];
    return bytes.size() == 16 ? Result<QByteArray>(bytes) : wrong;
}

Result<QByteArray> writeBitmap(const QString &text)
{
    QByteArray bytes;
    quint8 byte = 0;
    int bits = 0;
    for (const QStringView line : QStringView(text).split(u'\n'))
        for (const QChar c : line.sliced(std::min(qsizetype(11), line.size()))) {
            if (c != u'#' && c != u'.')
                continue;
            byte = quint8(byte << 1 | (c == u'#' ? 1 : 0));
            if (++bits % 8 == 0)
                bytes += char(byte);
        }
    if (bits % 8 != 0)
        return failure(Error::Code::Parse, tr("the number of bits in the grid is not a multiple of 8"));
    return bytes;
}

} // namespace

std::optional<std::pair<QString, QString>> timeOffered(QByteArrayView digits)
{
    constexpr qint64 year2001 = 978307200, year2100 = 4102444800;
    const auto number = digits.size() >= 9 && digits.size() <= 19 ? toInteger(digits) : std::nullopt;
    if (number)
        for (const TimeUnit &unit : timeUnits)
            if (*number / unit.perSecond >= year2001 && *number / unit.perSecond < year2100)
                return std::pair(QString::fromLatin1(unit.word), timeIn(*number, unit));
    return std::nullopt;
}

Shown showNumbers(const FormatStep &step, QByteArrayView bytes, FormatBudget &budget)
{
    switch (step.id) {
    case FormatId::Time: return showTime(step.option, bytes);
    case FormatId::Uuid:
    case FormatId::Ip: return showAddress(step.id, bytes);
    case FormatId::Float32:
    case FormatId::Float64: return showVector(step.id, step.option, bytes, budget);
    case FormatId::Bitmap: return showBitmap(bytes, budget);
    case FormatId::HyperLogLog: return showHyperLogLog(bytes);
    case FormatId::GeoScore: return showGeoScore(bytes);
    default: break;
    }
    Shown shown;
    shown.fail(0, tr("%1 is an unpacking step; it cannot be the last step of a chain").arg(idOf(step.id)));
    return shown;
}

Result<QByteArray> writeNumbers(const FormatStep &step, const QString &text)
{
    switch (step.id) {
    case FormatId::Time:
    case FormatId::GeoScore:
        if (!toInteger(text.trimmed().toLatin1()))
            return failure(Error::Code::Parse, tr("“%1” is not an integer").arg(text.left(40)));
        return text.trimmed().toLatin1();
    case FormatId::Uuid: return writeUuid(text);
    case FormatId::Ip: return writeIp(text);
    case FormatId::Float32:
    case FormatId::Float64: return writeVector(step, text);
    case FormatId::Bitmap: return writeBitmap(text);
    default: break;
    }
    return failure(Error::Code::InvalidArgument, tr("%1 can only be shown").arg(idOf(step.id)));
}

} // namespace slotscope
