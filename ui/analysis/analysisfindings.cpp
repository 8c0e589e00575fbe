// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/analysisfindings.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int findingIcon = 16;

} // namespace

AnalysisFindings::AnalysisFindings(const Theme &theme, QWidget *parent) : QScrollArea(parent), m_theme(theme)
{
    setObjectName(u"analysisFindings"_s);
    setAccessibleName(tr("Recommendations"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumHeight(120);
}

QWidget *AnalysisFindings::makeRow(const AnalysisFinding &finding, const QString &whyNoActs)
{
    auto *row = new QFrame(widget());
    row->setObjectName(u"analysisFinding"_s);
    const ThemeTokens &tokens = m_theme.tokens();
    auto *icon = new QLabel(row);
    icon->setPixmap(tintedPixmap(finding.isNote ? u"info"_s : u"warning"_s,
                                 finding.isNote ? tokens.muted : tokens.warnMark, findingIcon, devicePixelRatioF()));
    icon->setAccessibleName(finding.isNote ? tr("Note") : tr("Warning"));
    QLabel *title = wrappedLabel(titleOf(finding), nullptr, row);
    title->setFont(Theme::strongFont());
    QLabel *text = wrappedLabel(textOf(finding), "muted", row);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(title);
    words->addWidget(text);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 10, 0, 10);
    layout->setSpacing(10);
    layout->addWidget(icon, 0, Qt::AlignTop);
    layout->addLayout(words, 1);
    if (const QString act = actText(finding.act); !act.isEmpty()) {
        auto *button = new QPushButton(act, row);
        button->setAccessibleDescription(titleOf(finding));
        button->setEnabled(whyNoActs.isEmpty());
        button->setToolTip(whyNoActs);
        connect(button, &QPushButton::clicked, this, [this, finding] { Q_EMIT actRequested(finding); });
        layout->addWidget(button, 0, Qt::AlignTop);
    }
    return row;
}

void AnalysisFindings::show(const QList<AnalysisFinding> &findings, const QString &whyNoActs)
{
    m_count = int(findings.size());
    auto *rows = new QWidget(this);
    rows->setProperty("clear", true);
    setWidget(rows); // also deletes the previous widget
    auto *layout = new QVBoxLayout(rows);
    layout->setContentsMargins(16, 0, 12, 8);
    layout->setSpacing(0);
    for (qsizetype i = 0; i < findings.size(); ++i) {
        if (i > 0) {
            auto *line = new QFrame(rows);
            line->setFixedHeight(1);
            line->setProperty("separator", true);
            layout->addWidget(line);
        }
        layout->addWidget(makeRow(findings[i], whyNoActs));
    }
    if (findings.isEmpty())
        layout->addWidget(wrappedLabel(tr("No rule found anything to recommend."), "muted", rows));
    layout->addStretch();
    rows->show();
}

} // namespace slotscope
