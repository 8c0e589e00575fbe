// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/thresholdcard.h"

#include "core/models/thresholdmodel.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int thresholdRow = 26, mostThresholdRows = 12, overWidth = 84, keptWidth = 126;

} // namespace

ThresholdCard::ThresholdCard(const Theme &theme, ThresholdModel &model, QWidget *parent)
    : QFrame(parent)
    , m_model(model)
    , m_edit(new QPushButton(tr("Edit on all…"), this))
    , m_table(new TableView(theme, this))
{
    setProperty("card", true);
    auto *title = plainLabel(tr("Thresholds"), nullptr, this);
    title->setFont(Theme::strongFont());
    m_table->setAccessibleName(tr("Thresholds"));
    m_table->setSource(&model);
    m_table->sortByColumn(int(ThresholdModel::Column::Node), Qt::AscendingOrder);
    m_table->verticalHeader()->setDefaultSectionSize(thresholdRow);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->installEventFilter(this);
    QHeaderView *header = m_table->horizontalHeader();
    header->setSectionResizeMode(int(ThresholdModel::Column::Node), QHeaderView::Stretch);
    header->resizeSection(int(ThresholdModel::Column::Over), overWidth);
    header->resizeSection(int(ThresholdModel::Column::Kept), keptWidth);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 8, 8, 8);
    head->addWidget(title, 1);
    head->addWidget(m_edit);
    auto *note = plainLabel(
        tr("A full log drops its oldest entry on the server; entries already read stay here, at most 20,000."), "muted",
        this);
    note->setWordWrap(true);
    note->setContentsMargins(16, 8, 16, 12);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 0, 1, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_table);
    layout->addWidget(note);
    connect(m_edit, &QPushButton::clicked, this, [this] { Q_EMIT editRequested({}); });
    connect(m_table, &QTableView::doubleClicked, this, [this] {
        if (!m_readOnly)
            Q_EMIT editRequested(m_model.nodeAt(m_table->currentSourceRow()));
    });
    connect(m_table, &TableView::menuRequested, this, [this](QMenu *menu, int row) {
        const QByteArray node = m_model.nodeAt(row);
        if (node.isEmpty())
            return;
        menu->addAction(tr("Edit on this node…"), this, [this, node] { Q_EMIT editRequested(node); })
            ->setEnabled(!m_readOnly);
        menu->addAction(tr("Reset the log of this node…"), this, [this, node] { Q_EMIT resetRequested(node); })
            ->setEnabled(!m_readOnly);
        menu->addAction(tr("Show in Topology"), this, [this, node] { Q_EMIT nodeRequested(node); });
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &ThresholdCard::fitHeight);
    fitHeight();
}

void ThresholdCard::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_edit->setEnabled(!readOnly);
    m_edit->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
}

void ThresholdCard::fitHeight()
{
    const int rows = std::clamp(m_model.rowCount(), 1, mostThresholdRows);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * thresholdRow + 1);
}

bool ThresholdCard::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress && !m_readOnly) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_F2) {
            if (const QByteArray node = m_model.nodeAt(m_table->currentSourceRow()); !node.isEmpty())
                Q_EMIT editRequested(node);
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace slotscope
