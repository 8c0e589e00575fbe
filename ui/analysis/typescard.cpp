// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/typescard.h"

#include "core/analysis/keysizes.h"
#include "core/base/text.h"
#include "ui/analysis/sharewords.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

TypesCard::TypesCard(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_by(new SegmentedControl({tr("Types"), tr("Encodings"), tr("Lengths")}, this))
    , m_list(new BarList(theme, this))
{
    setProperty("card", true);
    m_by->setAccessibleName(tr("Keys by"));
    m_list->setObjectName(u"types"_s);
    m_list->setAccessibleName(tr("Types"));
    ElidedLabel *room = mutedLabel(this);
    QVBoxLayout *layout = layOutCard(this, {pageCardTitle(tr("Types"), this), room, m_by}, room);
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(16, 0, 16, 12);
    inner->addWidget(m_list, 1);
    layout->addLayout(inner, 1);
    setMinimumHeight(190);
    connect(m_by, &SegmentedControl::currentChanged, this, &TypesCard::fill);
    connect(&theme, &Theme::changed, this, &TypesCard::fill); // the bars use colours of the theme
}

void TypesCard::show(const AnalysisReportPtr &report)
{
    m_report = report;
    fill();
}

QList<BarRow> TypesCard::typeRows() const
{
    QList<BarRow> rows;
    const AnalysisReport &report = *m_report;
    qint64 most = 0;
    for (const ReportType &type : report.types)
        most = std::max(most, type.sum.bytes);
    for (const ReportType &type : report.types) {
        const TypeLook look = typeLook(type.type, m_theme);
        QString word = look.word;
        if (!word.isEmpty())
            word[0] = word[0].toUpper();
        BarRow row;
        row.type = type.type;
        row.name = word;
        row.count = groupedNumber(type.sum.keys);
        row.share = barShare(type.sum.bytes, most);
        row.colour = look.colour;
        row.value = byteSize(type.sum.bytes);
        row.percent = shareText(type.sum.bytes, report.sum.bytes);
        row.words = tr("%1: %2 keys, %3; %4 of them without a time to live")
                        .arg(word, row.count, row.value, groupedNumber(type.withoutTtl.keys));
        rows.append(row);
    }
    return rows;
}

QList<BarRow> TypesCard::encodingRows() const
{
    QList<BarRow> rows;
    const AnalysisReport &report = *m_report;
    qint64 most = 0;
    for (const ReportType &type : report.types)
        for (const auto &[name, sum] : type.encodings)
            most = std::max(most, sum.bytes);
    for (const ReportType &type : report.types)
        for (const auto &[name, sum] : type.encodings) {
            BarRow row;
            row.type = type.type;
            row.isMono = true;
            row.name = toDisplay(name);
            row.count = groupedNumber(sum.keys);
            row.share = barShare(sum.bytes, most);
            row.colour = typeLook(type.type, m_theme).colour;
            row.value = byteSize(sum.bytes);
            row.percent = shareText(sum.bytes, report.sum.bytes);
            rows.append(row);
        }
    return rows;
}

QList<BarRow> TypesCard::lengthRows() const
{
    QList<BarRow> rows;
    const AnalysisReport &report = *m_report;
    for (const ReportType &type : report.types) {
        qint64 most = 0, all = 0;
        for (const qint64 keys : type.lengths) {
            most = std::max(most, keys);
            all += keys;
        }
        for (size_t place = 0; place < type.lengths.size(); ++place) {
            if (type.lengths[place] == 0)
                continue;
            BarRow row;
            row.type = type.type;
            row.isMono = true;
            row.name = powerText(place);
            row.count = groupedNumber(type.lengths[place]);
            row.share = barShare(type.lengths[place], most);
            row.colour = typeLook(type.type, m_theme).colour;
            row.percent = shareText(type.lengths[place], all);
            row.words = type.type == "string"
                ? tr("%1 strings of %2 bytes").arg(row.count, row.name)
                : tr("%1 keys of %2 elements (%3)").arg(row.count, row.name, toDisplay(type.type));
            rows.append(row);
        }
    }
    return rows;
}

void TypesCard::fill()
{
    if (!m_report)
        return;
    switch (m_by->current()) {
    case 1: m_list->setRows(encodingRows()); break;
    case 2: m_list->setRows(lengthRows()); break;
    default: m_list->setRows(typeRows());
    }
}

} // namespace slotscope
