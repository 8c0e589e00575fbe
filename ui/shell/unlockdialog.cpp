// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/unlockdialog.h"

#include "core/models/nodewords.h"
#include "ui/shared/elidedlabel.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int minuteMs = 60'000;

} // namespace

UnlockDialog::UnlockDialog(const QString &title, bool readOnly, bool isProduction, qint64 leftMs, QWidget *parent)
    : QDialog(parent), m_time(new QComboBox(this)), m_unlock(new QPushButton(this))
{
    setObjectName(u"unlockDialog"_s);
    setWindowTitle(tr("Writes on %1").arg(title));
    setMinimumWidth(440);
    QStringList words;
    if (leftMs > 0)
        words.append(tr("Writes are unlocked for another %1.").arg(clockText(leftMs)));
    else
        words.append(readOnly ? tr("This connection is read-only: commands that change a server are not sent.")
                              : tr("This connection is marked as production: each write command needs confirmation."));
    words.append(isProduction
                     ? tr("While unlocked, writes are sent without confirmation. Destructive commands (FLUSHALL, "
                          "SHUTDOWN, …) still ask for the name, and operations have their own confirmation.")
                     : tr("While unlocked, writes are sent as on any other connection."));
    words.append(tr("It locks again by itself, also when you reconnect."));
    m_time->setAccessibleName(tr("For"));
    for (const int minutes : {5, 15, 60})
        m_time->addItem(counted(minutes, tr("1 minute"), tr("%1 minutes")), minutes * minuteMs);
    m_time->setCurrentIndex(1);
    m_unlock->setText(leftMs > 0 ? tr("Unlock again") : tr("Unlock"));
    m_unlock->setProperty("primary", true);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    auto *row = new QHBoxLayout;
    row->addWidget(plainLabel(tr("For"), "muted", this));
    row->addWidget(m_time);
    row->addStretch();
    auto *buttons = new QHBoxLayout;
    if (leftMs > 0) {
        auto *lock = new QPushButton(tr("Lock now"), this);
        lock->setObjectName(u"lockNow"_s);
        buttons->addWidget(lock);
        connect(lock, &QPushButton::clicked, this, [this] {
            Q_EMIT lockRequested();
            accept();
        });
    }
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_unlock);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    for (const QString &each : std::as_const(words))
        layout->addWidget(wrappedLabel(each, nullptr, this));
    layout->addLayout(row);
    if (isProduction) {
        m_name = new QLineEdit(this);
        m_name->setAccessibleName(tr("Name of the connection"));
        layout->addWidget(plainLabel(tr("Type “%1” to continue").arg(title), "muted", this));
        layout->addWidget(m_name);
        m_unlock->setEnabled(false);
        connect(m_name, &QLineEdit::textChanged, this,
                [this, title](const QString &text) { m_unlock->setEnabled(text.trimmed() == title); });
    }
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_unlock, &QPushButton::clicked, this, [this] {
        Q_EMIT unlockRequested(m_time->currentData().toInt());
        accept();
    });
}

} // namespace slotscope
