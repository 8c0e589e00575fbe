// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/findingcard.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

FindingCard::FindingCard(const Finding &finding, QWidget *parent) : QFrame(parent)
{
    const QString tone = finding.severity == Severity::Error ? u"error"_s
        : finding.severity == Severity::Warning              ? u"warn"_s
                                                             : u"note"_s;
    setProperty("finding", tone);
    setAccessibleName(finding.title);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(4);
    auto *title = plainLabel((finding.severity == Severity::Note ? u""_s : u"▲ "_s) + finding.title,
                             tone.toLatin1().constData(), this);
    title->setFont(Theme::strongFont());
    for (QLabel *label :
         {title, plainLabel(finding.explanation, nullptr, this), plainLabel(finding.advice, "muted", this)}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setVisible(!label->text().isEmpty());
        layout->addWidget(label);
    }
}

FindingList::FindingList(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    hide();
}

void FindingList::setFindings(const QList<Finding> &findings)
{
    if (findings == m_findings)
        return;
    m_findings = findings;
    while (QLayoutItem *item = layout()->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Finding &finding : findings)
        layout()->addWidget(new FindingCard(finding, this));
    setVisible(!findings.isEmpty());
}

} // namespace slotscope
