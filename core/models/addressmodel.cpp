// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/addressmodel.h"

#include "core/base/errortext.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

AddressModel::AddressModel(QObject *parent) : QAbstractTableModel(parent) { }

void AddressModel::setPlaces(const QList<NodePlace> &places)
{
    const auto keyOf = [](const NodePlace &place) { return place.id.isEmpty() ? place.mapKey.toUtf8() : place.id; };
    const bool same =
        std::equal(places.cbegin(), places.cend(), m_places.cbegin(), m_places.cend(),
                   [&](const NodePlace &one, const NodePlace &other) { return keyOf(one) == keyOf(other); });
    if (!same)
        beginResetModel();
    m_places = places;
    if (!same)
        endResetModel();
    else if (!m_places.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void AddressModel::setTesting(int row)
{
    m_testing.insert(m_places.at(row).id);
    tellChanged(row);
}

void AddressModel::setTrial(const QByteArray &id, const PlaceTrial &trial)
{
    m_testing.remove(id);
    m_trials.insert(id, trial);
    if (const int row = rowOf(id); row >= 0)
        tellChanged(row);
}

int AddressModel::rowOf(const QByteArray &id) const
{
    for (int row = 0; row < m_places.size(); ++row)
        if (m_places.at(row).id == id)
            return row;
    return -1;
}

const PlaceTrial *AddressModel::trialOf(int row) const
{
    const auto found = m_trials.constFind(m_places.at(row).id);
    return found == m_trials.cend() || found->address != m_places.at(row).used ? nullptr : &*found;
}

void AddressModel::tellChanged(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
}

int AddressModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_places.size());
}

int AddressModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant AddressModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int row = index.row();
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case SortRole: return column == Column::Node ? QVariant(row) : QVariant(text(row, column));
    case IdRole: return m_places.at(row).id;
    case MonospaceRole: return column <= Column::Used;
    case ElideEndRole: return true;
    case ToneRole: return int(tone(row, column));
    case Qt::ToolTipRole: return text(row, column);
    default: return {};
    }
}

QVariant AddressModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Node"), QT_TR_NOOP("Announced"), QT_TR_NOOP("Reached at"), QT_TR_NOOP("Found through"),
        QT_TR_NOOP("State")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{"node"_L1, "announced"_L1, "used"_L1,
                                                                                 "source"_L1, "state"_L1};
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

QString AddressModel::text(int row, Column column) const
{
    const NodePlace &place = m_places.at(row);
    switch (column) {
    case Column::Node:
        if (place.id.isEmpty())
            return u"–"_s;
        return QString::fromUtf8(place.id.contains(':') ? place.id : place.id.left(8))
            + (place.isPrimary ? u" P"_s : u" R"_s);
    case Column::Announced:
        if (place.announced.isEmpty())
            return place.hostname.isEmpty() ? u"–"_s : place.hostname;
        return place.hostname.isEmpty() ? place.announced : place.announced + u" · "_s + place.hostname;
    case Column::Used: return place.used.isEmpty() ? u"–"_s : place.used;
    case Column::Found: return sourceText(place.source);
    default: break;
    }
    if (m_testing.contains(place.id))
        return tr("testing…");
    if (const PlaceTrial *trial = trialOf(row))
        return trialText(*trial);
    if (place.id.isEmpty())
        return tr("no node announces it");
    switch (place.reach.state) {
    case Reach::State::Ready: return tr("answers");
    case Reach::State::Unknown: return tr("not tested");
    case Reach::State::Connecting: return tr("connecting");
    default: return describe(place.reach.error);
    }
}

Tone AddressModel::tone(int row, Column column) const
{
    const NodePlace &place = m_places.at(row);
    if (column == Column::Found)
        return Tone::Muted;
    if (column != Column::State || m_testing.contains(place.id))
        return Tone::Neutral;
    if (const PlaceTrial *trial = trialOf(row))
        return trial->isGood() ? Tone::Good : Tone::Bad;
    if (place.id.isEmpty())
        return Tone::Warning;
    switch (place.reach.state) {
    case Reach::State::Ready: return Tone::Good;
    case Reach::State::Waiting:
    case Reach::State::Refused: return Tone::Bad;
    default: return Tone::Muted;
    }
}

} // namespace slotscope
