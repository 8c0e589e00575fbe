// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/infofieldmodel.h"

#include "core/base/text.h"

#include <cmath>

namespace slotscope {

namespace {

QString figureText(const InfoFigure &figure)
{
    if (unitOf({figure.name, false}) == InfoUnit::Bytes && figure.value >= 0)
        return byteSize(qint64(figure.value));
    constexpr double mostExact = 9007199254740992; // 2^53: a double holds each whole number up to it
    const bool isWhole = figure.value == std::floor(figure.value) && std::abs(figure.value) <= mostExact;
    return isWhole ? groupedNumber(qint64(figure.value)) : QString::number(figure.value, 'g', 6);
}

} // namespace

void InfoFieldModel::setFigures(InfoFigures figures)
{
    beginResetModel();
    m_figures = std::move(figures);
    endResetModel();
}

const InfoFigure *InfoFieldModel::at(int row) const
{
    return row < 0 || row >= int(m_figures.size()) ? nullptr : &m_figures[size_t(row)];
}

int InfoFieldModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_figures.size());
}

int InfoFieldModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QString InfoFieldModel::text(const InfoFigure &figure, Column column) const
{
    switch (column) {
    case Column::Section: return QString::fromLatin1(figure.section);
    case Column::Field: return QString::fromLatin1(figure.name);
    case Column::Value: return figureText(figure);
    case Column::Kind: return countsUp(figure.name) ? tr("counter") : tr("gauge");
    case Column::Nodes: return groupedNumber(figure.nodes);
    case Column::Count_: break;
    }
    return {};
}

QVariant InfoFieldModel::data(const QModelIndex &index, int role) const
{
    const InfoFigure *figure = index.isValid() ? at(index.row()) : nullptr;
    if (!figure)
        return {};
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(*figure, column);
    case SortRole:
        if (column == Column::Section) // keeps the servers' order
            return index.row();
        return column == Column::Value ? QVariant(figure->value)
            : column == Column::Nodes  ? QVariant(figure->nodes)
                                       : QVariant(text(*figure, column));
    case NumberRole: return column == Column::Value || column == Column::Nodes;
    case MonospaceRole: return column == Column::Field;
    case ElideEndRole: return true;
    case ToneRole: return int(column == Column::Section || column == Column::Kind ? Tone::Muted : Tone::Neutral);
    default: return {};
    }
}

QVariant InfoFieldModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = Column(section);
    if (role == NumberRole)
        return column == Column::Value || column == Column::Nodes;
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Column::Section: return tr("Section");
    case Column::Field: return tr("Field");
    case Column::Value: return tr("Value");
    case Column::Kind: return tr("Kind");
    case Column::Nodes: return tr("Nodes");
    case Column::Count_: break;
    }
    return {};
}

} // namespace slotscope
