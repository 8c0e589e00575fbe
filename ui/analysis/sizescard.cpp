// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/sizescard.h"

#include "core/base/text.h"
#include "ui/analysis/sizehistograms.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

SizesCard::SizesCard(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_source(mutedLabel(this))
    , m_lack(wrappedLabel({}, "muted", this))
    , m_again(new QPushButton(tr("Read again"), this))
    , m_histograms(new SizeHistograms(theme, this))
{
    setProperty("card", true);
    setObjectName(u"sizesCard"_s);
    m_again->setProperty("link", true);
    m_again->setObjectName(u"sizesAgain"_s);
    QVBoxLayout *layout = layOutCard(this, {pageCardTitle(tr("Sizes of keys"), this), m_source, m_again}, m_source);
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(16, 0, 16, 10);
    inner->setSpacing(6);
    inner->addWidget(m_histograms);
    inner->addWidget(m_lack);
    layout->addLayout(inner);
    connect(m_again, &QPushButton::clicked, this, &SizesCard::againRequested);
    fill();
}

void SizesCard::show(const AnalysisReportPtr &report)
{
    m_report = report;
    fill();
}

void SizesCard::setSizes(const ClusterKeySizesPtr &sizes, const QStringList &lacks)
{
    m_sizes = sizes;
    m_lacks = lacks;
    fill();
}

QString SizesCard::source() const
{
    return isHidden() ? QString() : m_source->text();
}

QString SizesCard::lackText() const
{
    return m_lack->isHidden() ? QString() : m_lack->text();
}

void SizesCard::fill()
{
    const bool isOfFiles = m_report && m_report->scope.samples == AnalysisScope::ofAFile;
    const bool isLive = m_sizes && !m_sizes->isUnsupported() && !isOfFiles;
    QList<SizesOfType> types;
    if (isLive) {
        types = m_sizes->all.sum();
        m_source->setText(keySizesSource(*m_sizes));
    } else if (m_report) {
        for (const ReportType &type : m_report->types)
            types.append({.type = type.type, .isMemory = false, .keys = type.lengths});
        m_source->setText(
            tr("of the keys of this report, %1")
                .arg(QDateTime::fromMSecsSinceEpoch(m_report->outcome.startedAt).toString(u"yyyy-MM-dd HH:mm"_s)));
    }
    m_histograms->show(types);
    m_histograms->setVisible(!m_histograms->types().isEmpty());
    m_again->setVisible(isLive);
    constexpr qsizetype mostLines = 4;
    QStringList lines = isLive ? m_lacks : QStringList();
    if (lines.isEmpty() && m_histograms->types().isEmpty())
        lines += isLive ? tr("None of the keys has a type whose size is reported.")
                        : tr("The report does not contain numbers of elements.");
    const qsizetype more = lines.size() - mostLines;
    m_lack->setToolTip(more > 0 ? plainToolTip(lines.join(u'\n')) : QString());
    if (more > 0)
        lines = lines.mid(0, mostLines) + QStringList(tr("and %1 more").arg(more));
    m_lack->setText(lines.join(u'\n'));
    m_lack->setVisible(!lines.isEmpty());
    setStyleProperty(m_lack, "tone", isLive && !m_sizes->isWhole() ? u"warn"_s : u"muted"_s);
    setVisible(isLive || m_report);
}

} // namespace slotscope
