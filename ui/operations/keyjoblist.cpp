// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/keyjoblist.h"

#include "ui/shared/bulkstrip.h"
#include "ui/shared/pagecontext.h"

#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostInSight = 3; ///< number of strips visible at once; more are scrolled
constexpr int betweenStrips = 8; ///< distance in px

} // namespace

KeyJobList::KeyJobList(PageContext &context, QWidget *parent)
    : QScrollArea(parent), m_context(context), m_content(new QWidget(this)), m_layout(new QVBoxLayout(m_content))
{
    setObjectName(u"keyJobs"_s);
    setAccessibleName(tr("Jobs with many keys"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(betweenStrips);
    setWidget(m_content);
    connect(&context, &PageContext::keyJobsChanged, this, &KeyJobList::takeBook);
    takeBook();
}

void KeyJobList::takeBook()
{
    if (m_book)
        m_book->disconnect(this);
    m_book = m_context.keyJobs();
    if (m_book)
        connect(m_book, &KeyJobBook::changed, this, &KeyJobList::update);
    update();
}

/// Shows running and finished jobs. A job that waits for the user's consent has not started and is left out.
void KeyJobList::update()
{
    QList<KeyJobRunPtr> runs;
    if (m_book)
        for (const KeyJobRunPtr &run : m_book->runs())
            if (run->isRunning() || run->progress().isOver())
                runs.prepend(run);
    for (qsizetype i = m_strips.size(); i-- > 0;)
        if (!runs.contains(m_strips[i]->run()))
            m_strips.takeAt(i)->deleteLater();
    for (qsizetype i = 0; i < runs.size(); ++i) {
        if (i < m_strips.size() && m_strips[i]->run() == runs[i])
            continue;
        auto *strip = new BulkStrip(m_context, BulkStrip::Names::JobAndConnection, m_content);
        strip->setRun(runs[i]);
        m_layout->insertWidget(int(i), strip);
        m_strips.insert(i, strip);
    }
    setVisible(!m_strips.isEmpty());
    updateGeometry();
    const bool isBusy = std::any_of(runs.begin(), runs.end(), [](const KeyJobRunPtr &run) { return run->isRunning(); });
    m_context.setBusy(u"operations"_s, isBusy);
}

QSize KeyJobList::sizeHint() const
{
    const int one = m_strips.isEmpty() ? 0 : m_strips.front()->sizeHint().height();
    const int inSight = std::min(mostInSight, int(m_strips.size()));
    return {QScrollArea::sizeHint().width(), inSight * one + std::max(0, inSight - 1) * betweenStrips};
}

} // namespace slotscope
