// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does about operations: the wizard, and what runs.
#include "core/operations/operationsdoor.h"
#include "ui/operations/operationwizard.h"
#include "ui/shell/mainwindow.h"

namespace slotscope {

void MainWindow::setOperations(OperationsDoor *operations)
{
    m_operations = operations;
}

OperationWizard *MainWindow::openWizard(ConnectionView *view, const OperationDraft &draft)
{
    if (!m_operations || !view || !view->door() || view->isReadOnly())
        return nullptr;
    auto *wizard = new OperationWizard(m_theme, *m_operations, view->door()->target(), view->view(),
                                       view->environment(), draft, this);
    wizard->setAttribute(Qt::WA_DeleteOnClose);
    connect(view, &ConnectionView::changed, wizard, [view, wizard] { wizard->setView(view->view()); });
    connect(view, &QObject::destroyed, wizard, &QDialog::reject);
    wizard->show(); // beside the window, not before it: what it speaks of can be looked at
    return wizard;
}

} // namespace slotscope
