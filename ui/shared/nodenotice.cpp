// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/nodenotice.h"

#include "core/base/errortext.h"
#include "core/pubsub/pubsubwords.h"
#include "core/slowlog/slowlogreader.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString datedNote(const QString &text)
{
    return text.isEmpty() ? text : QDateTime::currentDateTime().toString(u"HH:mm:ss"_s) + u" · "_s + text;
}

NodeNotice::NodeNotice(PageContext &context, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_text(wrappedLabel({}, nullptr, this))
    , m_copy(new QPushButton(tr("Copy ACL command"), this))
    , m_dismiss(new QPushButton(tr("Close"), this))
    , m_layout(new QHBoxLayout(this))
{
    setProperty("finding", u"warn"_s);
    m_text->setObjectName(u"notice"_s);
    m_copy->setObjectName(u"copyRight"_s);
    m_dismiss->setObjectName(u"dismiss"_s);
    m_dismiss->setProperty("quiet", true);
    m_layout->setContentsMargins(14, 8, 8, 8);
    m_layout->addWidget(m_text, 1);
    m_layout->addWidget(m_copy, 0, Qt::AlignTop);
    m_layout->addWidget(m_dismiss, 0, Qt::AlignTop);
    hide();
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(aclLine(m_context.target().credentials.user, m_right)); });
    connect(m_dismiss, &QPushButton::clicked, this, [this] { tell({}, false); });
}

void NodeNotice::addButton(QPushButton *button)
{
    m_layout->insertWidget(m_layout->count() - 1, button, 0, Qt::AlignTop);
}

void NodeNotice::tell(const QString &text, bool isBad)
{
    m_told = datedNote(text);
    m_isToldBad = isBad;
    update();
}

void NodeNotice::setProblems(const QList<Problem> &problems, qsizetype nodes, const QString &refusedWords,
                             const QStringList &more)
{
    QStringList refused;
    m_problems = more;
    m_right.clear();
    for (const Problem &problem : problems) {
        const QByteArray right = missingRight(problem.error);
        if (right.isEmpty()) {
            m_problems.append(describe(problem.error));
            continue;
        }
        refused.append(problem.node);
        m_right = right;
    }
    if (!refused.isEmpty())
        m_problems.append(refusedWords.arg(refused.size() == nodes ? tr("Every node") : refused.join(u", "_s),
                                           QString::fromLatin1(m_right)));
    update();
}

QString NodeNotice::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void NodeNotice::update()
{
    QStringList lines = m_problems;
    if (!m_told.isEmpty())
        lines.prepend(m_told);
    m_text->setText(lines.join(u'\n'));
    setVisible(!lines.isEmpty());
    const bool isGood = !m_told.isEmpty() && !m_isToldBad && m_problems.isEmpty();
    setStyleProperty(this, "finding", isGood ? u"good"_s : u"warn"_s);
    m_copy->setVisible(!m_right.isEmpty());
    m_dismiss->setVisible(!m_told.isEmpty());
}

} // namespace slotscope
