// SPDX-License-Identifier: GPL-3.0-or-later
// The saved connections: opened with their secrets from the keychain, edited, kept and removed.
#include "application.h"

#include "core/base/errortext.h"
#include "ui/connect/connectdialog.h"
#include "ui/connect/connectionspage.h"
#include "ui/connect/startpage.h"

#include <QDateTime>
#include <QMessageBox>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// "Cluster, 3 + 3"
QString kindText(const ClusterView &view)
{
    if (nodeIdsOf(view).isEmpty())
        return Application::tr("Standalone");
    const auto primaries =
        std::count_if(view.nodes.cbegin(), view.nodes.cend(), [](const NodeState &node) { return node.primary; });
    return Application::tr("Cluster, %1 + %2").arg(primaries).arg(qsizetype(view.nodes.size()) - primaries);
}

/// "Valkey 9.1.2", of the first node that told it.
QString serverText(const ClusterView &view)
{
    for (const NodeState &node : view.nodes)
        if (node.info && !node.info->version.isEmpty())
            return (node.info->product == "valkey" ? u"Valkey "_s : u"Redis "_s)
                + QString::fromUtf8(node.info->version);
    return {};
}

} // namespace

void Application::connectStartPage()
{
    ConnectionsPage *page = m_startPage->connections();
    if (m_saved.problem())
        page->setNotice(describe(*m_saved.problem()));
    else if (!m_saved.setAside().isEmpty())
        page->setNotice(tr("The list of saved connections was damaged; a copy is kept as %1.").arg(m_saved.setAside()));
    connect(page, &ConnectionsPage::connectRequested, this, [this](const ConnectionTarget &target) { open(target); });
    connect(page, &ConnectionsPage::chosen, this, [this](const QString &id) { useSaved(id); });
    connect(page, &ConnectionsPage::editRequested, this, [this](const QString &id) { editSaved(id); });
    connect(page, &ConnectionsPage::removeRequested, this, [this](const QString &id) { removeSaved(id); });
    connect(m_window.get(), &MainWindow::connectionClosed, this, &Application::updateOpenIds);
}

/// Where the keychain does not give the password, the dialog asks for it and says why; or, where it may not, the new
/// tab does.
QCoro::Task<> Application::useSaved(QString id, bool mayAsk)
{
    const QPointer<Application> self(this);
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        co_return;
    const SavedConnection saved = *known;
    ConnectionTarget target = saved.target;
    std::optional<Error> silent;
    if (saved.keepsSecrets) {
        const auto secrets = co_await m_secrets.read(id);
        if (!self)
            co_return;
        if (secrets) {
            target.credentials.password = secrets->password;
            target.tls.keyPassphrase = secrets->keyPassphrase;
        } else {
            silent = secrets.error();
        }
    }
    m_openedFrom = id;
    if (mayAsk && saved.hadPassword && target.credentials.password.isEmpty()) {
        ConnectDialog *dialog = openDialog(target, true);
        if (silent)
            dialog->setNotice(describe(*silent));
        co_return;
    }
    open(target);
}

QCoro::Task<> Application::editSaved(QString id)
{
    const QPointer<Application> self(this);
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        co_return;
    const SavedConnection saved = *known;
    ConnectionTarget target = saved.target;
    if (saved.keepsSecrets) {
        const auto secrets = co_await m_secrets.read(id);
        if (!self)
            co_return;
        if (secrets) {
            target.credentials.password = secrets->password;
            target.tls.keyPassphrase = secrets->keyPassphrase;
        }
    }
    m_openedFrom = id;
    openDialog(target)->offerSaving(m_saved.folders(), &saved);
}

/// First the keychain: what it does not forget stays in the list, where it is seen.
QCoro::Task<> Application::removeSaved(QString id)
{
    const QPointer<Application> self(this);
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        co_return;
    if (known->keepsSecrets) {
        const auto forgotten = co_await m_secrets.forget(id);
        if (!self)
            co_return;
        if (!forgotten) {
            m_startPage->connections()->setNotice(describe(forgotten.error()));
            co_return;
        }
    }
    if (const auto removed = m_saved.remove(id); !removed)
        m_startPage->connections()->setNotice(describe(removed.error()));
}

QCoro::Task<> Application::keep(SavedConnection connection)
{
    const QPointer<Application> self(this);
    const SecretStore::Secrets secrets{.password = connection.target.credentials.password,
                                       .keyPassphrase = connection.target.tls.keyPassphrase};
    const SavedConnection *before = m_saved.find(connection.id);
    const bool wasKept = before && before->keepsSecrets;
    const bool wantsSecrets = connection.keepsSecrets;
    connection.keepsSecrets = wantsSecrets && (wasKept || !secrets.isEmpty());
    const auto id = m_saved.put(connection);
    if (!id) {
        tellNotKept(id.error());
        co_return;
    }
    m_openedFrom = *id;
    if (wantsSecrets && secrets.isEmpty())
        co_return; // what the keychain has stays
    if (!wantsSecrets && !wasKept)
        co_return;
    Result<> done;
    if (wantsSecrets)
        done = co_await m_secrets.write(*id, secrets);
    else
        done = co_await m_secrets.forget(*id);
    if (!self || done)
        co_return;
    connection.id = *id;
    connection.keepsSecrets = false;
    if (wantsSecrets) // it is asked for each time then
        if (const auto put = m_saved.put(connection); !put)
            tellNotKept(put.error());
    m_startPage->connections()->setNotice(describe(done.error()));
    auto *told = new QMessageBox(QMessageBox::Warning, tr("Keychain"),
                                 wantsSecrets ? tr("The connection is saved without its password.")
                                              : tr("The password is still in the keychain."),
                                 QMessageBox::Close, m_window.get());
    told->setTextFormat(Qt::PlainText);
    told->setAttribute(Qt::WA_DeleteOnClose);
    told->setInformativeText(describe(done.error()));
    told->open();
}

void Application::noteUse(ConnectionView *view)
{
    const QString id = m_savedOf.value(view);
    if (id.isEmpty() || m_noted.contains(view) || !view->view() || view->state() != SessionState::Ready)
        return;
    m_noted.insert(view);
    if (const auto noted = m_saved.noteUse(id, QDateTime::currentMSecsSinceEpoch(), kindText(*view->view()),
                                           serverText(*view->view()));
        !noted)
        tellNotKept(noted.error());
}

void Application::updateOpenIds()
{
    if (m_startPage)
        m_startPage->connections()->setOpenIds({m_savedOf.cbegin(), m_savedOf.cend()});
}

} // namespace slotscope
