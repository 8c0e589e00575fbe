// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/unfinishedlist.h"

#include "core/models/runwords.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QMenu>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int RunRole = Qt::UserRole;

QString idOf(const QListWidgetItem *item)
{
    return item ? item->data(RunRole).toString() : QString();
}

} // namespace

UnfinishedList::UnfinishedList(const Theme &theme, QWidget *parent) : QListWidget(parent)
{
    setAccessibleName(tr("Unfinished operations"));
    TwoLineDelegate::dress(*this, theme);
    connect(this, &QListWidget::itemDoubleClicked, this, [this](QListWidgetItem *item) { Q_EMIT chosen(idOf(item)); });
}

void UnfinishedList::setRuns(const QList<RunSnapshotPtr> &runs)
{
    const QString before = idOf(currentItem());
    const int row = currentRow();
    clear();
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const RunSnapshotPtr &run : runs) {
        QStringList facts{runWord(*run).text, shortProgress(*run)};
        if (!run->cluster.isEmpty())
            facts << run->cluster;
        auto *item = new QListWidgetItem(this);
        item->setData(RunRole, run->id);
        item->setData(TwoLineDelegate::TitleRole, run->plan->title);
        item->setData(TwoLineDelegate::SubtitleRole, facts.join(u" · "_s));
        item->setData(TwoLineDelegate::TrailingRole, whenText(run->startedAt, now));
        item->setData(TwoLineDelegate::IconRole, u"operations"_s);
        item->setData(Qt::AccessibleTextRole, u"%1, %2"_s.arg(run->plan->title, facts.join(u", "_s)));
        item->setToolTip(
            u"%1\n%2"_s.arg(run->plan->title, facts.join(u'\n')).toHtmlEscaped().replace(u'\n', u"<br>"_s));
        if (run->id == before)
            setCurrentItem(item);
    }
    if (!currentItem())
        setCurrentRow(std::min(row, count() - 1));
}

void UnfinishedList::keyPressEvent(QKeyEvent *event)
{
    const QString id = idOf(currentItem());
    if (!id.isEmpty() && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
        Q_EMIT chosen(id);
    else if (!id.isEmpty() && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace))
        Q_EMIT dismissed(id);
    else
        QListWidget::keyPressEvent(event);
}

void UnfinishedList::contextMenuEvent(QContextMenuEvent *event)
{
    const QString id = idOf(itemAt(event->pos()));
    if (id.isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Connect and view it"), this, [this, id] { Q_EMIT chosen(id); });
    menu->addAction(tr("Remove from this list"), this, [this, id] { Q_EMIT dismissed(id); });
    menu->popup(event->globalPos());
}

} // namespace slotscope
