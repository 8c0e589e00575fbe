// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/acltrialdialog.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/models/nodewords.h"
#include "core/protocol/command.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

AclTrialDialog::AclTrialDialog(Remote<AclKeeper> *keeper, QByteArray user, QByteArrayList nodes, QWidget *parent)
    : QDialog(parent)
    , m_keeper(keeper)
    , m_user(std::move(user))
    , m_nodes(std::move(nodes))
    , m_command(new QLineEdit(this))
    , m_answer(wrappedLabel({}, nullptr, this))
    , m_ask(new QPushButton(tr("Ask the nodes"), this))
{
    setObjectName(u"aclTrial"_s);
    setWindowTitle(tr("May %1 run this command?").arg(toDisplay(m_user)));
    setMinimumWidth(520);
    m_command->setFont(Theme::monoFont());
    m_command->setPlaceholderText(u"SET app:1 value"_s);
    m_command->setAccessibleName(tr("Command"));
    m_ask->setProperty("primary", true);
    m_ask->setEnabled(false);
    m_ask->setDefault(true);
    auto *close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_ask);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(wrappedLabel(
        tr("Enter a command with its keys. The nodes only check whether the user may run it (ACL DRYRUN)."), "muted",
        this));
    layout->addWidget(m_command);
    layout->addWidget(m_answer);
    layout->addStretch();
    layout->addLayout(buttons);
    connect(m_command, &QLineEdit::textChanged, this, [this](const QString &text) {
        ++m_serial; // a pending reply belongs to another command
        m_answer->clear();
        m_ask->setEnabled(!text.trimmed().isEmpty());
    });
    connect(m_ask, &QPushButton::clicked, this, &AclTrialDialog::askNodes);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
}

void AclTrialDialog::askNodes()
{
    const auto command = parseCommandLine(m_command->text().toUtf8());
    if (!command) {
        m_answer->setText(describe(command.error()));
        return;
    }
    m_answer->setText(tr("Asking…"));
    whenDone(m_keeper->call<QList<NodeReply>>([nodes = m_nodes, user = m_user, command = *command](AclKeeper &keeper) {
        return keeper.dryRun(nodes, user, command);
    }),
             this, [this, serial = ++m_serial](const Result<QList<NodeReply>> &replies) {
                 if (serial == m_serial)
                     show(replies);
             });
}

/// Groups nodes with the same reply.
void AclTrialDialog::show(const Result<QList<NodeReply>> &replies)
{
    if (!replies) {
        m_answer->setText(describe(replies.error()));
        return;
    }
    QMap<QString, QStringList> said;
    for (const NodeReply &each : *replies) {
        const QString text = !each.reply  ? describe(each.reply.error())
            : each.reply->bytes() == "OK" ? tr("✓ Allowed.")
                                          : u"✕ "_s + toDisplay(each.reply->bytes());
        said[text].append(each.nodeName);
    }
    QStringList lines;
    for (auto each = said.cbegin(); each != said.cend(); ++each)
        lines.append(said.size() == 1 ? each.key() + u' ' + counted(each->size(), tr("(1 node)"), tr("(all %1 nodes)"))
                                      : (each->size() > 6 ? tr("%1 nodes").arg(each->size()) : each->join(u", "_s))
                             + u": "_s + each.key());
    m_answer->setText(lines.join(u'\n'));
}

QString AclTrialDialog::answer() const
{
    return m_answer->text();
}

} // namespace slotscope
