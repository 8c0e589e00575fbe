// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/reportchangesmodel.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

QString kindText(ReportChange::Kind kind)
{
    switch (kind) {
    case ReportChange::Kind::All: return ReportChangesModel::tr("All keys");
    case ReportChange::Kind::Type: return ReportChangesModel::tr("Type");
    case ReportChange::Kind::Namespace: return ReportChangesModel::tr("Namespace");
    case ReportChange::Kind::Key: return ReportChangesModel::tr("Key");
    }
    return {};
}

QString signedBytes(qint64 bytes)
{
    return bytes < 0 ? u"−"_s + byteSize(-bytes) : u"+"_s + byteSize(bytes);
}

QString signedNumber(qint64 number)
{
    return number < 0 ? u"−"_s + groupedNumber(-number) : number > 0 ? u"+"_s + groupedNumber(number) : u"0"_s;
}

QString sideText(const KeySum &sum, bool isUnknown)
{
    if (isUnknown)
        return ReportChangesModel::tr("not reported");
    return sum.keys == 0 ? ReportChangesModel::tr("none") : byteSize(sum.bytes);
}

} // namespace

void ReportChangesModel::show(const QList<ReportChange> &changes)
{
    beginResetModel();
    m_changes = changes;
    endResetModel();
}

int ReportChangesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_changes.size());
}

int ReportChangesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant ReportChangesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_changes.size())
        return {};
    const ReportChange &change = m_changes[index.row()];
    const auto column = Column(index.column());
    const bool isSure = !change.isUnknownBefore && !change.isUnknownAfter;
    if (role == Qt::DisplayRole) {
        switch (column) {
        case Column::What: return kindText(change.kind);
        case Column::Name: return toDisplay(change.name);
        case Column::Before: return sideText(change.before, change.isUnknownBefore);
        case Column::After: return sideText(change.after, change.isUnknownAfter);
        case Column::Bytes: return (isSure ? QString() : u"≈ "_s) + signedBytes(change.bytes());
        case Column::Keys: return change.kind == ReportChange::Kind::Key ? QString() : signedNumber(change.keys());
        case Column::Count_: return {};
        }
    }
    if (role == SortRole) {
        switch (column) {
        case Column::What: return int(change.kind);
        case Column::Name: return toDisplay(change.name);
        case Column::Before: return change.before.bytes;
        case Column::After: return change.after.bytes;
        case Column::Bytes: return change.bytes();
        case Column::Keys: return change.keys();
        case Column::Count_: return {};
        }
    }
    if (role == NumberRole)
        return column > Column::Name;
    if (role == MonospaceRole)
        return column != Column::What;
    if (role == ToneRole)
        return column == Column::What ? int(Tone::Muted) : int(Tone::Neutral);
    return {};
}

QVariant ReportChangesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == NumberRole)
        return Column(section) > Column::Name;
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Column::What: return tr("What");
    case Column::Name: return tr("Name");
    case Column::Before: return tr("Before");
    case Column::After: return tr("After");
    case Column::Bytes: return tr("Memory");
    case Column::Keys: return tr("Keys");
    case Column::Count_: break;
    }
    return {};
}

} // namespace slotscope
