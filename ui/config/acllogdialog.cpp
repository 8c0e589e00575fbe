// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/acllogdialog.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/models/nodewords.h"
#include "ui/shared/consentedcall.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHeaderView>
#include <QMessageBox>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostEntries = 2000;

QString reasonWords(const AclLogEntry &entry)
{
    const QString object = toDisplay(entry.object);
    if (entry.reason == "auth")
        return AclLogDialog::tr("wrong name or password");
    if (entry.reason == "command")
        return AclLogDialog::tr("command %1").arg(object);
    if (entry.reason == "key")
        return AclLogDialog::tr("key %1").arg(object);
    if (entry.reason == "channel")
        return AclLogDialog::tr("channel %1").arg(object);
    return toDisplay(entry.reason) + u' ' + object;
}

} // namespace

AclLogDialog::AclLogDialog(PageContext &context, Remote<AclKeeper> *keeper, QByteArrayList nodes, QWidget *parent)
    : QDialog(parent)
    , m_context(context)
    , m_keeper(keeper)
    , m_nodes(std::move(nodes))
    , m_table(new QTableWidget(0, 6, this))
    , m_words(wrappedLabel(tr("Reading the nodes…"), "muted", this))
    , m_reset(new QPushButton(tr("Clear the logs"), this))
{
    setObjectName(u"aclLog"_s);
    setWindowTitle(tr("Refused logins and commands"));
    resize(900, 520);
    m_table->setHorizontalHeaderLabels({tr("When"), tr("Node"), tr("User"), tr("Refused"), tr("Count"), tr("From")});
    m_table->setAccessibleName(tr("Refused logins and commands"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const auto &[column, width] :
         std::initializer_list<std::pair<int, int>>{{0, 150}, {1, 140}, {2, 110}, {4, 60}, {5, 150}})
        m_table->setColumnWidth(column, width);
    m_table->horizontalHeader()->setSectionResizeMode(3, QHeaderView::Stretch);
    m_reset->setEnabled(!context.isReadOnly());
    m_reset->setAutoDefault(false);
    auto *again = new QPushButton(tr("Read again"), this);
    auto *close = new QPushButton(tr("Close"), this);
    again->setAutoDefault(false);
    close->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_reset);
    buttons->addStretch();
    buttons->addWidget(again);
    buttons->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->addWidget(m_words);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    connect(again, &QPushButton::clicked, this, &AclLogDialog::read);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_reset, &QPushButton::clicked, this, &AclLogDialog::askToReset);
    read();
}

void AclLogDialog::read()
{
    whenDone(m_keeper->call<AclLog>([nodes = m_nodes](AclKeeper &keeper) { return keeper.log(nodes); }), this,
             [this](const Result<AclLog> &log) {
                 if (log)
                     show(*log);
                 else
                     m_words->setText(describe(log.error()));
             });
}

void AclLogDialog::show(const AclLog &log)
{
    QStringList words{log.entries.empty() ? tr("The ACL logs of the nodes are empty.")
                                          : counted(qint64(log.entries.size()), tr("1 entry"), tr("%1 entries"))};
    for (const Error &problem : log.problems)
        words.append(describe(problem));
    m_words->setText(words.join(u'\n'));
    const int shown = std::min(mostEntries, int(log.entries.size()));
    if (shown < int(log.entries.size()))
        words.append(tr("The newest %1 are shown.").arg(shown));
    m_words->setText(words.join(u'\n'));
    m_table->setRowCount(shown);
    for (int row = 0; row < shown; ++row) {
        const AclLogEntry &entry = log.entries[size_t(row)];
        const QStringList cells{QDateTime::fromMSecsSinceEpoch(entry.at).toString(u"yyyy-MM-dd HH:mm:ss"_s),
                                entry.nodeName,
                                toDisplay(entry.user),
                                reasonWords(entry),
                                groupedNumber(entry.count),
                                toDisplay(entry.address)};
        for (int column = 0; column < int(cells.size()); ++column) {
            auto *item = new QTableWidgetItem(cells[column]);
            item->setToolTip(plainToolTip(cells[column]));
            m_table->setItem(row, column, item);
        }
    }
}

void AclLogDialog::askToReset()
{
    auto *question =
        new QMessageBox(QMessageBox::Warning, tr("Clear the logs"),
                        counted(m_nodes.size(), tr("Clear the log of 1 node?"), tr("Clear the logs of %1 nodes?")),
                        QMessageBox::NoButton, this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("Information about who was refused what is then lost."));
    QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    const QPushButton *agree = question->addButton(tr("Clear the logs"), QMessageBox::DestructiveRole);
    question->setDefaultButton(cancel);
    connect(question, &QMessageBox::finished, this, [this, question, agree] {
        if (question->clickedButton() == agree)
            reset();
    });
    question->open();
}

void AclLogDialog::reset()
{
    const auto call = [this](UserConsent consent) -> std::optional<QFuture<NodeReplies>> {
        return m_keeper->call<QList<NodeReply>>(
            [nodes = m_nodes, consent](AclKeeper &keeper) { return keeper.resetLog(nodes, consent); });
    };
    callWithConsent(m_context, this, call, [this](const NodeReplies &replies) {
        if (!isEveryReplyGood(replies))
            m_words->setText(repliesText(replies));
        else
            read();
    });
}

} // namespace slotscope
