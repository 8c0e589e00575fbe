// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/copiesdialog.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

CopiesDialog::CopiesDialog(SessionDoor &door, const QByteArray &key, int database, QWidget *parent)
    : QDialog(parent)
    , m_reader(door)
    , m_key(key)
    , m_database(database)
    , m_summary(new ElidedLabel({}, Qt::ElideRight, this))
    , m_table(new QTableWidget(0, 6, this))
    , m_again(new QPushButton(tr("Read again"), this))
{
    setObjectName(u"copiesDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Copies of %1").arg(toDisplay(key)));
    resize(860, 300);
    m_table->setAccessibleName(tr("Copies of the key"));
    m_table->setHorizontalHeaderLabels({tr("Node"), tr("Role"), tr("Type"), tr("Length"), tr("TTL"), tr("Value")});
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    auto *close = new QPushButton(tr("Close"), this);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_again);
    buttons->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_summary);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_again, &QPushButton::clicked, this, &CopiesDialog::read);
    m_again->setAutoDefault(false);
    close->setFocus();
    read();
}

CopiesDialog::~CopiesDialog() = default;

QString CopiesDialog::summary() const
{
    return m_summary->text();
}

void CopiesDialog::read()
{
    m_again->setEnabled(false);
    m_summary->setText(tr("Reading…"));
    whenDone(m_reader.call<KeyCopies>(
                 [key = m_key, database = m_database](KeyCopiesReader &reader) { return reader.read(key, database); }),
             this, [this](const Result<KeyCopies> &copies) { take(copies); });
}

void CopiesDialog::take(const Result<KeyCopies> &copies)
{
    m_again->setEnabled(true);
    m_table->setRowCount(0);
    if (!copies) {
        m_summary->setText(describe(copies.error()));
        return;
    }
    using Match = KeyCopy::Match;
    qsizetype replicas = 0, same = 0;
    for (const KeyCopy &copy : copies->nodes) {
        const int row = m_table->rowCount();
        m_table->insertRow(row);
        replicas += copy.isReplica ? 1 : 0;
        same += copy.match == Match::Same ? 1 : 0;
        const QStringList cells{copy.nodeName,
                                copy.isReplica ? tr("replica") : tr("primary"),
                                QString::fromLatin1(copy.typeWord),
                                copy.length < 0 ? u"–"_s : groupedNumber(copy.length),
                                copy.ttlMs < 0 ? u"–"_s : duration(copy.ttlMs),
                                matchText(copy)};
        for (int column = 0; column < cells.size(); ++column)
            m_table->setItem(row, column, new QTableWidgetItem(cells[column]));
    }
    m_table->resizeColumnsToContents();
    m_summary->setText(replicas == 0 ? tr("The shard has no replicas.")
                                     : tr("%1 of %2 replicas have the value of the primary.").arg(same).arg(replicas));
}

} // namespace slotscope
