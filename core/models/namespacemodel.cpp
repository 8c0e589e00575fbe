// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/namespacemodel.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

double shareWithTtl(const KeySum &sum, const KeySum &without)
{
    return sum.keys > 0 ? double(sum.keys - without.keys) / double(sum.keys) : -1;
}

QString percentText(double share)
{
    return u"%1 %"_s.arg(share * 100, 0, 'f', 1);
}

} // namespace

QList<NamespacePart> partsOf(const AnalysisReport &report, int index)
{
    QList<NamespacePart> parts;
    if (index < 0 || index >= report.namespaces.size())
        return parts;
    const ReportNamespace &above = report.namespaces[index];
    KeySum rest = above.sum, restWithout = above.withoutTtl;
    const QList<int> children = report.childrenOf(index);
    for (const int child : children) {
        const ReportNamespace &below = report.namespaces[child];
        NamespacePart part;
        part.index = child;
        part.name = toDisplay(below.name.mid(above.name.size()));
        part.sum = below.sum;
        part.withTtl = shareWithTtl(below.sum, below.withoutTtl);
        for (const AnalysisFinding &finding : report.findings)
            part.hasFinding =
                part.hasFinding || (finding.slot < 0 && !finding.name.isEmpty() && finding.name.startsWith(below.name));
        parts.append(part);
        for (const auto &[left, gone] : {std::pair(&rest, &below.sum), std::pair(&restWithout, &below.withoutTtl)}) {
            left->keys -= gone->keys;
            left->bytes -= gone->bytes;
        }
    }
    if (above.own.keys > 0) {
        NamespacePart own;
        own.kind = NamespacePart::Kind::Own;
        own.name = NamespaceModel::tr("keys directly in it");
        own.sum = above.own;
        parts.append(own);
        rest.keys -= above.own.keys;
        rest.bytes -= above.own.bytes;
    }
    std::stable_sort(parts.begin(), parts.end(), [](const NamespacePart &left, const NamespacePart &right) {
        return left.sum.bytes > right.sum.bytes;
    });
    if (rest.keys > 0) {
        NamespacePart others;
        others.kind = NamespacePart::Kind::Others;
        others.name = above.folded <= 0 ? NamespaceModel::tr("others")
            : above.isFoldedOpen        ? NamespaceModel::tr("over %1 others").arg(groupedNumber(above.folded))
                                        : NamespaceModel::tr("%1 others").arg(groupedNumber(above.folded));
        others.sum = rest;
        parts.append(others);
    }
    return parts;
}

void NamespaceModel::show(const AnalysisReportPtr &report, int index)
{
    beginResetModel();
    m_parts = report ? partsOf(*report, index) : QList<NamespacePart>();
    m_bytes = report && index < report->namespaces.size() ? report->namespaces[index].sum.bytes : 0;
    endResetModel();
}

int NamespaceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_parts.size());
}

int NamespaceModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant NamespaceModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_parts.size())
        return {};
    const NamespacePart &part = m_parts[index.row()];
    const auto column = Column(index.column());
    const double share = m_bytes > 0 ? double(part.sum.bytes) / double(m_bytes) : 0;
    if (role == Qt::DisplayRole) {
        switch (column) {
        case Column::Name: return part.name;
        case Column::Keys: return groupedNumber(part.sum.keys);
        case Column::Memory: return byteSize(part.sum.bytes);
        case Column::Share: return percentText(share);
        case Column::WithoutTtl: return part.withTtl < 0 ? QString() : percentText(1 - part.withTtl);
        case Column::Count_: return {};
        }
    }
    if (role == SortRole) {
        switch (column) {
        case Column::Name: return part.name;
        case Column::Keys: return part.sum.keys;
        case Column::Memory:
        case Column::Share: return part.sum.bytes;
        case Column::WithoutTtl: return part.withTtl < 0 ? QVariant() : QVariant(1 - part.withTtl);
        case Column::Count_: return {};
        }
    }
    if (role == ShareRole)
        return column == Column::Share ? QVariant(share) : QVariant();
    if (role == MonospaceRole)
        return true;
    if (role == NumberRole)
        return column != Column::Name;
    if (role == ToneRole)
        return part.kind == NamespacePart::Kind::Below ? int(Tone::Neutral) : int(Tone::Muted);
    return {};
}

QVariant NamespaceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = Column(section);
    if (role == NumberRole)
        return column != Column::Name;
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Column::Name: return tr("Namespace");
    case Column::Keys: return tr("Keys");
    case Column::Memory: return tr("Memory");
    case Column::Share: return tr("Share");
    case Column::WithoutTtl: return tr("Without TTL");
    case Column::Count_: break;
    }
    return {};
}

} // namespace slotscope
