// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/recentlist.h"

#include "ui/connect/connectfields.h"
#include "ui/shared/environment.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QMenu>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

RecentList::RecentList(const Theme &theme, RecentConnections &recents, QWidget *parent)
    : QListWidget(parent), m_recents(recents)
{
    setAccessibleName(tr("Recent connections"));
    TwoLineDelegate::dress(*this, theme);
    connect(&recents, &RecentConnections::changed, this, &RecentList::fill);
    connect(this, &QListWidget::currentRowChanged, this, [this](int row) {
        if (const RecentConnection *recent = at(row))
            Q_EMIT picked(*recent);
    });
    connect(this, &QListWidget::itemDoubleClicked, this, [this](QListWidgetItem *item) {
        if (const RecentConnection *recent = at(row(item)))
            Q_EMIT chosen(RecentConnection(*recent)); // emit a copy, because using the connection changes the list
    });
    fill();
}

void RecentList::fill()
{
    const QSignalBlocker blocker(this);
    const int before = currentRow();
    clear();
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const RecentConnection &recent : m_recents.list()) {
        const ConnectionTarget &target = recent.target;
        const ConnectFields fields = fieldsOf(target);
        QStringList facts{fields.hosts};
        if (!target.credentials.user.isEmpty())
            facts << tr("as %1").arg(target.credentials.user);
        if (target.database != 0)
            facts << tr("database %1").arg(target.database);
        if (target.readOnly)
            facts << tr("read-only");
        if (target.environment != EnvironmentKind::None)
            facts << Environment::of(target.environment).tag;
        auto *item = new QListWidgetItem(this);
        item->setData(TwoLineDelegate::TitleRole, target.title());
        item->setData(TwoLineDelegate::SubtitleRole, facts.join(u" · "_s));
        item->setData(TwoLineDelegate::TrailingRole, agoText(recent.usedAt, now));
        item->setData(TwoLineDelegate::IconRole, recent.hadPassword ? u"lock"_s : u"plug"_s);
        item->setData(Qt::AccessibleTextRole, u"%1, %2"_s.arg(target.title(), facts.join(u", "_s)));
        item->setToolTip(u"%1\n%2"_s.arg(target.title(), facts.join(u'\n')).toHtmlEscaped().replace(u'\n', u"<br>"_s));
    }
    setCurrentRow(std::min(before, count() - 1));
}

const RecentConnection *RecentList::at(int row) const
{
    return row >= 0 && row < m_recents.list().size() ? &m_recents.list().at(row) : nullptr;
}

void RecentList::removeRow(int row)
{
    if (const RecentConnection *recent = at(row))
        m_recents.remove(ConnectionTarget(recent->target));
}

void RecentList::keyPressEvent(QKeyEvent *event)
{
    const RecentConnection *recent = at(currentRow());
    if (recent && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
        Q_EMIT chosen(RecentConnection(*recent));
    else if (recent && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace))
        removeRow(currentRow());
    else
        QListWidget::keyPressEvent(event);
}

void RecentList::contextMenuEvent(QContextMenuEvent *event)
{
    const int row = this->row(itemAt(event->pos()));
    if (!at(row))
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Connect"), this, [this, row] {
        if (const RecentConnection *recent = at(row))
            Q_EMIT chosen(RecentConnection(*recent));
    });
    menu->addAction(tr("Remove from the list"), this, [this, row] { removeRow(row); });
    menu->popup(event->globalPos());
}

} // namespace slotscope
