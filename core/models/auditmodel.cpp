// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/auditmodel.h"

#include "core/base/text.h"
#include "core/models/latencywords.h"
#include "core/base/tr.h"

#include <QDateTime>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr qsizetype mostHeld = 20'000; // about 20 MB

constexpr size_t auditColumns = size_t(AuditModel::Column::Count_);
constexpr qsizetype longestCell = 500;

bool isSameEntry(const AuditEntry &a, const AuditEntry &b)
{
    return a.at == b.at && a.pid == b.pid && a.address == b.address && a.words == b.words && a.count == b.count
        && a.result == b.result;
}

Tone toneOf(AuditEntry::Result result)
{
    using Result = AuditEntry::Result;
    switch (result) {
    case Result::Done: return Tone::Good;
    case Result::Queued:
    case Result::NotSent: return Tone::Muted;
    case Result::Refused:
    case Result::Unknown: return Tone::Warning;
    case Result::Failed:
    case Result::Lost: return Tone::Bad;
    }
    Q_UNREACHABLE();
}

QString whoOf(const AuditEntry &entry)
{
    QStringList parts{entry.user};
    if (!entry.osUser.isEmpty())
        parts.append(entry.osUser + u'@' + entry.host);
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

QString whatOf(const AuditEntry &entry)
{
    if (entry.result == AuditEntry::Result::Lost)
        return tr("%1 entries could not be written").arg(groupedNumber(entry.count));
    const QString line = entry.line().left(longestCell);
    return entry.count == 1 ? line : tr("%1 × %2").arg(groupedNumber(entry.count), line);
}

} // namespace

QString wordsOf(AuditEntry::Result result)
{
    using Result = AuditEntry::Result;
    switch (result) {
    case Result::Done: return tr("done");
    case Result::Failed: return tr("failed");
    case Result::Unknown: return tr("not known");
    case Result::NotSent: return tr("not sent");
    case Result::Refused: return tr("refused by Slotscope");
    case Result::Queued: return tr("queued");
    case Result::Lost: return tr("not recorded");
    }
    Q_UNREACHABLE();
}

QString detailOf(const AuditEntry &entry)
{
    QStringList lines;
    const auto add = [&lines](const QString &title, const QString &text) {
        if (!text.isEmpty())
            lines.append(title + u"  "_s + text);
    };
    add(tr("Command"), whatOf(entry));
    QStringList further;
    for (const KeptWord &word : entry.further)
        further.append(QString::fromLatin1(quoted(word.bytes)));
    if (!further.isEmpty())
        add(tr("Together with"), further.join(u' ') + (entry.count > further.size() + 1 ? u" …"_s : QString()));
    QString result = wordsOf(entry.result);
    if (entry.count > 1 && entry.failed > 0)
        result += u" · "_s + tr("%1 of %2 failed").arg(groupedNumber(entry.failed), groupedNumber(entry.count));
    if (entry.count > 1 && entry.unknown > 0)
        result += u" · "_s + tr("%1 of %2 not known").arg(groupedNumber(entry.unknown), groupedNumber(entry.count));
    add(tr("Result"), entry.error.isEmpty() ? result : result + u": "_s + entry.error);
    if (entry.result == AuditEntry::Result::Unknown)
        lines.append(tr("The connection was lost after the command was sent: the server may have executed it."));
    QStringList where{entry.cluster, entry.address, QString::fromLatin1(entry.nodeId.left(8))};
    if (entry.database > 0)
        where.append(tr("database %1").arg(entry.database));
    where.removeAll(QString());
    add(tr("Where"), where.join(u" · "_s));
    QStringList who{whoOf(entry), entry.program, entry.from};
    if (entry.pid > 0)
        who.append(tr("process %1").arg(entry.pid));
    who.removeAll(QString());
    add(tr("Sent by"), who.join(u" · "_s));
    return lines.join(u'\n');
}

void AuditModel::update(const QList<AuditEntry> &newest)
{
    const auto known =
        m_entries.isEmpty() ? newest.end() : std::find_if(newest.begin(), newest.end(), [this](const AuditEntry &each) {
            return isSameEntry(each, m_entries.front());
        });
    const auto fresh = known - newest.begin();
    // restart with the newest entries; older ones are read again on demand
    if (known == newest.end() || m_entries.size() + fresh > mostHeld) {
        beginResetModel();
        m_entries = newest;
        endResetModel();
        return;
    }
    if (fresh == 0)
        return;
    beginInsertRows({}, 0, int(fresh) - 1);
    m_entries = newest.mid(0, fresh) + m_entries;
    endInsertRows();
}

void AuditModel::clear()
{
    update({});
}

void AuditModel::append(const QList<AuditEntry> &older)
{
    if (older.isEmpty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + int(older.size()) - 1);
    m_entries += older;
    endInsertRows();
}

void AuditModel::prepend(const QList<AuditEntry> &news, qsizetype most)
{
    if (news.isEmpty())
        return;
    QList<AuditEntry> fresh;
    fresh.reserve(news.size() + m_entries.size());
    for (qsizetype i = news.size() - 1; i >= 0 && fresh.size() < most; --i)
        fresh.append(news[i]);
    beginInsertRows({}, 0, int(fresh.size()) - 1);
    m_entries = fresh + m_entries;
    endInsertRows();
    if (m_entries.size() <= most)
        return;
    beginRemoveRows({}, int(most), int(m_entries.size()) - 1);
    m_entries.resize(most);
    endRemoveRows();
}

const AuditEntry *AuditModel::at(int row) const
{
    return row >= 0 && row < m_entries.size() ? &m_entries.at(row) : nullptr;
}

int AuditModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int AuditModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QString AuditModel::text(const AuditEntry &entry, Column column) const
{
    switch (column) {
    case Column::Time: return QDateTime::fromMSecsSinceEpoch(entry.at).toString(u"yyyy-MM-dd hh:mm:ss.zzz"_s);
    case Column::Cluster: return entry.cluster;
    case Column::Node: return entry.address;
    case Column::User: return whoOf(entry);
    case Column::From: return entry.from;
    case Column::Words: return whatOf(entry);
    case Column::Result: return wordsOf(entry.result);
    case Column::Took: return slotscope::timeText(entry.microseconds);
    case Column::Count_: break;
    }
    return {};
}

QVariant AuditModel::sortValue(const AuditEntry &entry, Column column)
{
    if (column == Column::Time)
        return entry.at;
    if (column == Column::Took)
        return entry.microseconds < 0 ? QVariant() : QVariant(entry.microseconds);
    return {};
}

QVariant AuditModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const AuditEntry &entry = m_entries.at(index.row());
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(entry, column);
    case SortRole: {
        const bool isNumber = column == Column::Time || column == Column::Took;
        return isNumber ? sortValue(entry, column) : QVariant(text(entry, column));
    }
    case NumberRole: return column == Column::Took;
    case MonospaceRole: return column == Column::Node || column == Column::Words || column == Column::Time;
    case ElideEndRole: return column == Column::Words || column == Column::Time;
    case ToneRole:
        return int(column == Column::Result                                  ? toneOf(entry.result)
                       : column == Column::Words || column == Column::Result ? Tone::Neutral
                                                                             : Tone::Muted);
    case BadgeRole: return column == Column::Result;
    case Qt::ToolTipRole: return column == Column::Words || column == Column::Result ? detailOf(entry) : QString();
    default: return {};
    }
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr std::array<const char *, auditColumns> titles{
        QT_TR_NOOP("Time"), QT_TR_NOOP("Cluster"), QT_TR_NOOP("Node"),   QT_TR_NOOP("User"),
        QT_TR_NOOP("From"), QT_TR_NOOP("Command"), QT_TR_NOOP("Result"), QT_TR_NOOP("Took")};
    static constexpr std::array<QLatin1StringView, auditColumns> names{
        "time"_L1, "cluster"_L1, "node"_L1, "user"_L1, "from"_L1, "command"_L1, "result"_L1, "microseconds"_L1};
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    if (role == NumberRole)
        return Column(section) == Column::Took;
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
