// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/peerreportmodel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

Tone toneOf(const NodeLine *line)
{
    if (!line)
        return Tone::Muted;
    if (line->flags.testFlag(NodeFlag::Failed))
        return Tone::Bad;
    if (line->flags & NodeFlags(NodeFlag::MaybeFailed | NodeFlag::Handshake | NodeFlag::NoAddress))
        return Tone::Warning;
    return Tone::Good;
}

} // namespace

PeerReportModel::PeerReportModel(QObject *parent) : QAbstractTableModel(parent) { }

void PeerReportModel::setNode(const ClusterViewPtr &view, const QByteArray &id)
{
    std::vector<PeerReport> reports;
    if (view)
        reports = peerReportsOf(*view, id);
    QByteArrayList observers;
    for (const PeerReport &report : reports)
        observers.append(view->nodes.at(size_t(std::max(0, report.observer))).id);
    const bool sameRows = id == m_id && observers == m_observers;
    if (!sameRows)
        beginResetModel();
    m_view = view;
    m_id = id;
    m_reports = std::move(reports);
    m_observers = observers;
    if (!sameRows)
        endResetModel();
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int PeerReportModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_reports.size());
}

int PeerReportModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant PeerReportModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PeerReport &report = m_reports.at(size_t(index.row()));
    const auto column = Column(index.column());
    const bool number = column == Column::PingSent || column == Column::Epoch || column == Column::Slots;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(report, column);
    case SortRole: return sortValue(report, column);
    case IdRole: return m_observers.at(index.row());
    case ToneRole:
        if (isPast(report))
            return int(Tone::Muted);
        if (column == Column::Flags)
            return int(toneOf(report.line));
        return int(column == Column::Link && report.line && !report.line->linkConnected ? Tone::Warning
                                                                                        : Tone::Neutral);
    case BadgeRole: return column == Column::Flags;
    case NumberRole: return number;
    case MonospaceRole: return number || column == Column::Observer;
    default: return {};
    }
}

/// Whether the report comes from a node that does not answer now.
bool PeerReportModel::isPast(const PeerReport &report) const
{
    return report.observer >= 0 && m_view->nodes.at(size_t(report.observer)).reach.state != Reach::State::Ready;
}

QVariant PeerReportModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Observer"), QT_TR_NOOP("Flags"), QT_TR_NOOP("Ping sent"),
        QT_TR_NOOP("Link"),     QT_TR_NOOP("Epoch"), QT_TR_NOOP("Slots")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "observer"_L1, "flags"_L1, "pingSentMsAgo"_L1, "link"_L1, "epoch"_L1, "slots"_L1};
    const auto column = Column(section);
    switch (role) {
    case Qt::DisplayRole: return tr(titles.at(size_t(section)));
    case ColumnNameRole: return QString(names.at(size_t(section)));
    case NumberRole: return column == Column::PingSent || column == Column::Epoch || column == Column::Slots;
    default: return {};
    }
}

QString PeerReportModel::text(const PeerReport &report, Column column) const
{
    const NodeLine *line = report.line;
    if (column == Column::Observer)
        return report.observer < 0 ? QString() : m_view->nodes.at(size_t(report.observer)).name;
    if (column == Column::PingSent && isPast(report))
        return tr("reported %1 ago").arg(clockText(std::max<qint64>(0, m_view->takenAt - report.takenAt)));
    if (!line)
        return column == Column::Flags ? tr("not known") : QString();
    switch (column) {
    case Column::Flags:
        if (line->flags.testFlag(NodeFlag::Failed))
            return u"fail"_s;
        if (line->flags.testFlag(NodeFlag::MaybeFailed))
            return u"fail?"_s;
        if (line->flags.testFlag(NodeFlag::Handshake))
            return u"handshake"_s;
        if (line->flags.testFlag(NodeFlag::NoAddress))
            return u"noaddr"_s;
        return line->flags.testFlag(NodeFlag::Myself) ? tr("itself") : tr("ok");
    case Column::PingSent: return line->pingSent > 0 ? clockText(report.takenAt - line->pingSent) : u"–"_s;
    case Column::Link: return line->linkConnected ? tr("up") : tr("down");
    case Column::Epoch: return QString::number(line->configEpoch);
    default: return groupedNumber(line->slots.count());
    }
}

QVariant PeerReportModel::sortValue(const PeerReport &report, Column column) const
{
    const NodeLine *line = report.line;
    switch (column) {
    case Column::PingSent: return line && line->pingSent > 0 ? QVariant(report.takenAt - line->pingSent) : QVariant();
    case Column::Epoch: return line ? QVariant(line->configEpoch) : QVariant();
    case Column::Slots: return line ? QVariant(line->slots.count()) : QVariant();
    default: return text(report, column);
    }
}

} // namespace slotscope
