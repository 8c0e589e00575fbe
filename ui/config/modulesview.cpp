// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/modulesview.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ModulesView::ModulesView(PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_feed(
          context,
          [this](const NodeModules &modules) {
              m_nodes.insert(modules.nodeId, modules);
              update();
          },
          [this] {
              m_nodes.clear();
              update();
              if (isVisible())
                  m_feed.readNow();
          })
    , m_table(new QTableWidget(0, 4, this))
    , m_empty(new EmptyState(context.theme(), this))
    , m_stack(new CurrentStack(this))
{
    QFrame *frame = pageCard(this);
    m_table->setHorizontalHeaderLabels({tr("Module"), tr("Version"), tr("Nodes"), tr("File and arguments")});
    m_table->setAccessibleName(tr("Modules"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->hide();
    m_table->setColumnWidth(0, 180);
    m_table->setColumnWidth(1, 110);
    m_table->setColumnWidth(2, 260);
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto *cardLayout = new QVBoxLayout(frame);
    cardLayout->setContentsMargins(0, 0, 0, 0);
    cardLayout->addWidget(m_table);
    m_stack->addWidget(frame);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    update();
}

void ModulesView::setView(const ClusterViewPtr &view)
{
    const auto before = m_nodes.size();
    m_nodes.removeIf([&view](const auto &each) { return !view || !view->node(each.key()); });
    if (isVisible() && m_nodes.isEmpty())
        m_feed.readNow();
    else if (m_nodes.size() != before)
        update();
}

void ModulesView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_feed.readNow();
}

QString ModulesView::emptyTitle() const
{
    return m_stack->currentIndex() == 1 ? m_empty->title() : QString();
}

void ModulesView::update()
{
    QMap<QByteArray, QMap<QString, QStringList>> rows; // nodes by module, then by version and file
    QStringList problems;
    int answered = 0;
    for (const NodeModules &node : std::as_const(m_nodes)) {
        if (node.problem) {
            problems.append(describe(*node.problem));
            continue;
        }
        ++answered;
        for (const LoadedModule &module : node.modules)
            rows[module.name]
                [moduleVersionText(module.version) + u'\n'
                 + toDisplay(module.arguments.isEmpty() ? module.path : module.path + ' ' + module.arguments)]
                    .append(node.nodeName);
    }
    m_stack->setCurrentIndex(rows.isEmpty() ? 1 : 0);
    if (m_nodes.isEmpty())
        m_empty->setContent(u"plug"_s, tr("Nothing has been read yet"),
                            tr("Modules appear as soon as a node answers."));
    else if (answered == 0)
        m_empty->setContent(u"plug"_s, tr("No node lists its modules"), problems.join(u'\n'));
    else if (rows.isEmpty())
        m_empty->setContent(u"plug"_s, tr("No modules"),
                            counted(answered, tr("The 1 node that answered has loaded no modules."),
                                    tr("The %1 nodes that answered have loaded no modules."))
                                + (problems.isEmpty() ? QString() : u'\n' + problems.join(u'\n')));
    m_table->setRowCount(0);
    for (auto module = rows.cbegin(); module != rows.cend(); ++module) {
        int having = 0;
        for (const QStringList &names : *module)
            having += int(names.size());
        for (auto version = module->cbegin(); version != module->cend(); ++version) {
            const bool differs = module->size() > 1 || having < answered;
            const QString nodes = version->size() == answered ? tr("all %1").arg(answered)
                : version->size() > 3                         ? tr("%1 of %2").arg(version->size()).arg(answered)
                                                              : version->join(u", "_s);
            const QStringList cells{toDisplay(module.key()), version.key().section(u'\n', 0, 0),
                                    differs ? u"≠ "_s + nodes : nodes, version.key().section(u'\n', 1)};
            const int row = m_table->rowCount();
            m_table->insertRow(row);
            for (int column = 0; column < int(cells.size()); ++column) {
                auto *item = new QTableWidgetItem(cells[column]);
                item->setToolTip(plainToolTip(column == 2 ? version->join(u", "_s) : cells[column]));
                m_table->setItem(row, column, item);
            }
        }
    }
}

} // namespace slotscope
