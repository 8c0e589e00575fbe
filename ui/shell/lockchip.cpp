// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/lockchip.h"

#include "ui/shared/theme.h"
#include "ui/shell/unlockdialog.h"
#include "ui/shell/writelock.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

LockChip::LockChip(QWidget *parent) : QPushButton(parent)
{
    setObjectName(u"lockChip"_s);
    setCursor(Qt::PointingHandCursor);
    hide();
    connect(this, &QPushButton::clicked, this, &LockChip::openDialog);
}

void LockChip::setConnection(ConnectionView *view)
{
    if (view != m_view) {
        disconnect(m_connection);
        m_view = view;
        if (view)
            m_connection = connect(view->writeLock(), &WriteLock::changed, this, &LockChip::update);
    }
    update();
}

void LockChip::update()
{
    const QString words = m_view ? m_view->writeLock()->words() : QString();
    setText(words);
    setStyleProperty(this, "tone", m_view && m_view->writeLock()->leftMs() > 0 ? u"warn"_s : QString());
    setVisible(!words.isEmpty());
}

void LockChip::openDialog()
{
    if (!m_view || !m_view->door())
        return;
    WriteLock *lock = m_view->writeLock();
    const bool isProduction = m_view->environment().kind == Environment::Kind::Production;
    auto *dialog = new UnlockDialog(m_view->title(), lock->isReadOnly(), isProduction, lock->leftMs(), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(lock, &QObject::destroyed, dialog, &QDialog::reject);
    // close the dialog if the connection changes, because it describes the old state
    connect(&m_view->context(), &PageContext::doorChanged, dialog, &QDialog::reject);
    connect(&m_view->context(), &PageContext::connectionChanged, dialog, &QDialog::reject);
    connect(dialog, &UnlockDialog::unlockRequested, lock, &WriteLock::unlock);
    connect(dialog, &UnlockDialog::lockRequested, lock, &WriteLock::lock);
    dialog->open();
}

} // namespace slotscope
