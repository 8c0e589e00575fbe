// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/opinionmodel.h"

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

OpinionModel::OpinionModel(QObject *parent) : QAbstractTableModel(parent) { }

void OpinionModel::setNode(const ClusterViewPtr &view, const QByteArray &id)
{
    std::vector<Opinion> opinions;
    if (view)
        opinions = opinionsOf(*view, id);
    QByteArrayList observers;
    for (const Opinion &opinion : opinions)
        observers.append(view->nodes.at(size_t(std::max(0, opinion.observer))).id);
    const bool sameRows = id == m_id && observers == m_observers;
    if (!sameRows)
        beginResetModel();
    m_view = view;
    m_id = id;
    m_opinions = std::move(opinions);
    m_observers = observers;
    if (!sameRows)
        endResetModel();
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int OpinionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_opinions.size());
}

int OpinionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant OpinionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Opinion &opinion = m_opinions.at(size_t(index.row()));
    const auto column = Column(index.column());
    const bool number = column == Column::PingSent || column == Column::Epoch || column == Column::Slots;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(opinion, column);
    case SortRole: return sortValue(opinion, column);
    case IdRole: return m_observers.at(index.row());
    case ToneRole:
        if (isPast(opinion))
            return int(Tone::Muted);
        if (column == Column::Flags)
            return int(toneOf(opinion.line));
        return int(column == Column::Link && opinion.line && !opinion.line->linkConnected ? Tone::Warning
                                                                                          : Tone::Neutral);
    case BadgeRole: return column == Column::Flags;
    case NumberRole: return number;
    case MonospaceRole: return number || column == Column::Observer;
    default: return {};
    }
}

/// Whether the opinion comes from a node that does not answer now.
bool OpinionModel::isPast(const Opinion &opinion) const
{
    return opinion.observer >= 0 && m_view->nodes.at(size_t(opinion.observer)).reach.state != Reach::State::Ready;
}

QVariant OpinionModel::headerData(int section, Qt::Orientation orientation, int role) const
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

QString OpinionModel::text(const Opinion &opinion, Column column) const
{
    const NodeLine *line = opinion.line;
    if (column == Column::Observer)
        return opinion.observer < 0 ? QString() : m_view->nodes.at(size_t(opinion.observer)).name;
    if (column == Column::PingSent && isPast(opinion))
        return tr("reported %1 ago").arg(clockText(std::max<qint64>(0, m_view->takenAt - opinion.takenAt)));
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
    case Column::PingSent: return line->pingSent > 0 ? clockText(opinion.takenAt - line->pingSent) : u"–"_s;
    case Column::Link: return line->linkConnected ? tr("up") : tr("down");
    case Column::Epoch: return QString::number(line->configEpoch);
    default: return groupedNumber(line->slots.count());
    }
}

QVariant OpinionModel::sortValue(const Opinion &opinion, Column column) const
{
    const NodeLine *line = opinion.line;
    switch (column) {
    case Column::PingSent: return line && line->pingSent > 0 ? QVariant(opinion.takenAt - line->pingSent) : QVariant();
    case Column::Epoch: return line ? QVariant(line->configEpoch) : QVariant();
    case Column::Slots: return line ? QVariant(line->slots.count()) : QVariant();
    default: return text(opinion, column);
    }
}

} // namespace slotscope
