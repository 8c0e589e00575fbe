// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/interruptedbanner.h"

#include "core/operations/run/operationsdoor.h"
#include "ui/shared/operationmenu.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

InterruptedBanner::InterruptedBanner(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_text(new ElidedLabel({}, Qt::ElideRight, this))
    , m_resume(new QPushButton(this))
    , m_rollBack(new QPushButton(this))
    , m_see(new QPushButton(this))
    , m_dismiss(new QToolButton(this))
{
    setObjectName(u"banner"_s);
    setProperty("kind", u"warn"_s);
    m_text->setProperty("tone", u"warn"_s);
    m_dismiss->setIcon(themedIcon(u"close"_s, theme));
    retranslate();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 16, 6);
    layout->addWidget(m_text);
    layout->addWidget(m_resume);
    layout->addWidget(m_rollBack);
    layout->addWidget(m_see);
    layout->addWidget(m_dismiss);
    hide();
    connect(m_resume, &QPushButton::clicked, this, [this] { Q_EMIT resumeRequested(m_id); });
    connect(m_rollBack, &QPushButton::clicked, this, [this] { Q_EMIT rollBackRequested(m_id); });
    connect(m_see, &QPushButton::clicked, this, [this] { Q_EMIT lookRequested(m_id); });
    connect(m_dismiss, &QToolButton::clicked, this, [this] {
        m_dismissed.insert(m_id);
        m_id.clear();
        hide();
    });
}

void InterruptedBanner::retranslate()
{
    m_resume->setText(tr("Resume…"));
    m_rollBack->setText(tr("Roll back…"));
    m_see->setText(tr("Appearance"));
    m_see->setToolTip(tr("Show it on the Operations page"));
    m_dismiss->setToolTip(tr("Not now; it stays on the Operations page"));
    m_dismiss->setAccessibleName(tr("Not now"));
}

void InterruptedBanner::look(const OperationsDoor *operations, const ClusterView *view, bool readOnly)
{
    m_id.clear();
    if (operations && view) {
        for (const RunSnapshotPtr &run : operations->runs()) {
            if (run->state != RunState::Interrupted || run->rolledBack || m_dismissed.contains(run->id)
                || !touchesNodesOf(*run, *view))
                continue;
            m_id = run->id;
            m_resume->setVisible(canResume(*run)); // otherwise the only button left shows the operation
            m_rollBack->setVisible(canRollBack(*run, *view));
            m_text->setText(tr("▲ An operation was interrupted: %1 · %2")
                                .arg(run->plan->title, whenText(run->startedAt, QDateTime::currentMSecsSinceEpoch())));
            break;
        }
    }
    for (QPushButton *button : {m_resume, m_rollBack}) {
        button->setEnabled(!readOnly);
        button->setToolTip(readOnly ? tr("This connection is read-only") : QString());
    }
    setVisible(!m_id.isEmpty());
}

QString InterruptedBanner::text() const
{
    return m_text->text();
}

} // namespace slotscope
