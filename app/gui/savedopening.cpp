// SPDX-License-Identifier: GPL-3.0-or-later
// The saved connections: opened with their secrets from the keychain, edited, kept and removed.
#include "application.h"
#include "demotab.h"

#include "core/base/errortext.h"
#include "core/profile/profilefile.h"
#include "ui/connect/connectdialog.h"
#include "ui/connect/connectionspage.h"
#include "ui/connect/startpage.h"

#include <QDateTime>
#include <QMessageBox>
#include <QPushButton>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Such as "Cluster, 3 + 3".
QString kindText(const ClusterView &view)
{
    if (nodeIdsOf(view).isEmpty())
        return Application::tr("Standalone");
    const auto primaries =
        std::count_if(view.nodes.cbegin(), view.nodes.cend(), [](const NodeState &node) { return node.primary; });
    return Application::tr("Cluster, %1 + %2").arg(primaries).arg(qsizetype(view.nodes.size()) - primaries);
}

/// Such as "Valkey 9.1.2", of the first node that reported it.
QString serverText(const ClusterView &view)
{
    for (const NodeState &node : view.nodes)
        if (node.info && !node.info->version.isEmpty())
            return (node.info->product == "valkey" ? u"Valkey "_s : u"Redis "_s)
                + QString::fromUtf8(node.info->version);
    return {};
}

} // namespace

/// Shows problems with the file that exist now or have appeared since the last check.
void Application::tellOfSaved()
{
    if (!m_startPage)
        return;
    ConnectionsPage *page = m_startPage->connections();
    if (m_saved.problem())
        page->setNotice(describe(*m_saved.problem()));
    else if (!m_saved.fileProblems().isEmpty())
        page->setNotice(m_saved.fileProblems().mid(0, 3).join(u'\n'));
    else if (!m_saved.setAside().isEmpty())
        page->setNotice(
            tr("The list of saved connections was damaged; the damaged file is kept as %1.").arg(m_saved.setAside()));
}

void Application::connectStartPage()
{
    ConnectionsPage *page = m_startPage->connections();
    tellOfSaved();
    connect(page, &ConnectionsPage::connectRequested, this, [this](const ConnectionTarget &target) { open(target); });
    connect(page, &ConnectionsPage::chosen, this, [this](const QString &id) { useSaved(id); });
    connect(page, &ConnectionsPage::editRequested, this, [this](const QString &id) { editSaved(id); });
    connect(page, &ConnectionsPage::exportRequested, this,
            [this](const QString &path, const QString &passphrase) { exportSaved(path, passphrase); });
    connect(page, &ConnectionsPage::secretsImported, this,
            [this](const AddedConnections &added) { keepImported(added); });
    connect(page, &ConnectionsPage::removeRequested, this, [this](const QString &id) { removeSaved(id); });
}

/// Returns the connection with its secrets. Returns nothing if it is gone, or its secrets are already being read.
QCoro::Task<std::optional<Application::WithSecrets>> Application::withSecrets(QString id)
{
    const QPointer<Application> self(this);
    const SavedConnection *known = m_saved.find(id);
    if (!known || m_asking.contains(id))
        co_return std::nullopt;
    WithSecrets found;
    found.saved = *known;
    found.target = known->target;
    if (!known->passwordVariable.isEmpty())
        found.target.credentials.password = qEnvironmentVariable(known->passwordVariable.toLocal8Bit().constData());
    if (!known->passwordVariable.isEmpty() && found.target.credentials.password.isEmpty())
        found.silent = Error{.code = Error::Code::AuthRequired,
                             .detail = tr("the environment variable %1 is not set").arg(known->passwordVariable),
                             .serverPrefix = {},
                             .node = {},
                             .command = {}};
    if (!known->keepsSecrets)
        co_return found;
    m_asking.insert(id);
    m_startPage->connections()->setNotice(
        tr("Reading the password of “%1” from the keychain…").arg(known->target.title()));
    const auto secrets = co_await m_secrets.read(id);
    if (!self)
        co_return std::nullopt;
    m_asking.remove(id);
    if (m_startPage)
        m_startPage->connections()->setNotice({});
    if (secrets) {
        secrets->addTo(found.target);
    } else {
        found.silent = secrets.error();
    }
    co_return found;
}

/// If the keychain does not return the password, the dialog asks for it and shows why; if no dialog may be opened, the
/// new tab does.
QCoro::Task<> Application::useSaved(QString id, bool mayAsk, int place)
{
    const QPointer<Application> self(this);
    if (const SavedConnection *known = m_saved.find(id); known && !CommandConsents().has(*known)) {
        if (mayAsk)
            askForConsent(*known);
        co_return;
    }
    if (!mayAsk)
        ++m_restoring;
    const auto found = co_await withSecrets(id);
    if (!self)
        co_return;
    if (!mayAsk)
        --m_restoring;
    if (!found)
        co_return;
    const bool asks = mayAsk && found->saved.hadPassword && !found->target.hasPassword();
    if (!asks) {
        const ConnectionView *shown = m_window->currentConnection();
        ConnectionView *view = open(found->target, id);
        putBack(view, place);
        // a tab restored late does not replace the current one
        const bool isLate = place >= 0 && shown && shown != view;
        if (isLate && (place != m_currentBefore || shown != m_shownAgain))
            m_window->showConnection(shown);
        if (!mayAsk && m_restoring == 0 && m_keeps)
            keepOpen();
        co_return;
    }
    const bool isBusy = m_dialog;
    ConnectDialog *dialog = openDialog(found->target, true, nullptr, id);
    if (found->silent && !isBusy)
        dialog->setNotice(describe(*found->silent));
}

/// A file that others can write to names a program or a variable: it may provide the password only after the user has
/// seen that.
void Application::askForConsent(const SavedConnection &saved)
{
    const QString line = saved.target.credentials.command.line, address = CommandConsents::addressOf(saved.target);
    const bool isProgram = !line.isEmpty();
    const QString text = isProgram
        ? tr("A file wants to run this program to get the password of “%1”:\n\n%2\n\nThe output is sent to %3.")
              .arg(saved.target.title(), line, address)
        : tr("A file wants to send this environment variable as the password of “%1”:\n\n%2\n\nIt is sent to %3.")
              .arg(saved.target.title(), saved.passwordVariable, address);
    auto *question = new QMessageBox(QMessageBox::Warning,
                                     isProgram ? tr("A file wants to run a program")
                                               : tr("A file wants to send an environment variable"),
                                     text, QMessageBox::Cancel, m_window.get());
    question->setObjectName(u"commandConsent"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(
        (isProgram
             ? tr("The file is %1. Agree only if you know the program and the address, and trust everyone who can "
                  "write to the file. You are asked only once, and again if the command or the address changes.")
             : tr("The file is %1. Agree only if you know the address and trust everyone who can write to the file. "
                  "You are asked only once, and again if the variable or the address changes."))
            .arg(saved.file));
    QPushButton *agree = question->addButton(isProgram ? tr("Run it, now and later") : tr("Send it, now and later"),
                                             QMessageBox::AcceptRole);
    question->setDefaultButton(QMessageBox::Cancel);
    connect(agree, &QPushButton::clicked, this, [this, saved] {
        if (const auto given = CommandConsents().give(saved); !given)
            tellNotKept(given.error());
        else
            useSaved(saved.id);
    });
    question->open();
}

QCoro::Task<> Application::editSaved(QString id)
{
    const QPointer<Application> self(this);
    const auto found = co_await withSecrets(id);
    if (!self || !found)
        co_return;
    if (m_dialog) { // the dialog edits another connection: close it first
        m_dialog->raise();
        m_dialog->activateWindow();
        co_return;
    }
    SavedConnection edited = found->saved;
    if (!edited.file.isEmpty()) { // read-only file: create a copy that can be edited
        edited.id.clear();
        edited.file.clear();
        edited.folder.clear();
        edited.keepsSecrets = false;
        if (!CommandConsents().has(found->saved)) {
            edited.target.credentials.command = {};
            edited.passwordVariable.clear();
        }
        openDialog(edited.target)->offerSaving(m_saved.folders(), &edited, true);
        co_return;
    }
    openDialog(found->target, false, nullptr, id)->offerSaving(m_saved.folders(), &found->saved, true);
}

/// Deletes the secret first: a connection whose secret cannot be deleted stays visible in the list.
QCoro::Task<> Application::removeSaved(QString id)
{
    const QPointer<Application> self(this);
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        co_return;
    const SavedConnection saved = *known;
    if (saved.keepsSecrets || saved.hadPassword) { // an earlier version of the connection may have stored a secret
        const auto forgotten = co_await m_secrets.forget(id);
        if (!self)
            co_return;
        if (!forgotten && saved.keepsSecrets) {
            tellNotSaved(tr("“%1” was not removed: its password is still in the keychain.").arg(saved.target.title()),
                         forgotten.error());
            co_return;
        }
    }
    if (const auto removed = m_saved.remove(id); !removed)
        tellNotSaved(tr("“%1” was not removed.").arg(saved.target.title()), removed.error());
}

void Application::tellNotSaved(const QString &what, const Error &reason)
{
    auto *told =
        new QMessageBox(QMessageBox::Warning, tr("Saved connections"), what, QMessageBox::Close, m_window.get());
    told->setTextFormat(Qt::PlainText);
    told->setAttribute(Qt::WA_DeleteOnClose);
    told->setInformativeText(describe(reason));
    told->open();
}

/// Returns the id; empty if the connection could not be saved, which is shown.
QString Application::keep(SavedConnection connection)
{
    SecretStore::Secrets secrets = SecretStore::Secrets::of(connection.target);
    const SavedConnection *before = m_saved.find(connection.id);
    const bool wasKept = before && before->keepsSecrets;
    const bool samePlace = before && before->target.isSamePlace(connection.target);
    const bool wantsSecrets = connection.keepsSecrets;
    // a password stored for other servers is not used for these
    connection.keepsSecrets = wantsSecrets && ((wasKept && samePlace) || !secrets.isEmpty());
    const auto id = m_saved.put(connection);
    if (!id) {
        tellNotSaved(tr("“%1” was not saved.").arg(connection.target.title()), id.error());
        return {};
    }
    connection.id = *id;
    if (connection.keepsSecrets || wasKept)
        keepSecrets(connection, std::move(secrets), wasKept, samePlace);
    return *id;
}

/// Secrets that were not entered again stay in the keychain, if the servers are the same.
QCoro::Task<> Application::keepSecrets(SavedConnection connection, SecretStore::Secrets secrets, bool wasKept,
                                       bool samePlace)
{
    const QPointer<Application> self(this);
    if (connection.keepsSecrets && wasKept && samePlace && secrets.isAnyMissing()) {
        const auto had = co_await m_secrets.read(connection.id);
        if (!self)
            co_return;
        if (!had) {
            tellNotSaved(tr("The entry of “%1” in the keychain was not changed.").arg(connection.target.title()),
                         had.error());
            co_return;
        }
        secrets.complete(*had);
    }
    if (!connection.keepsSecrets)
        secrets = {};
    const auto done = co_await m_secrets.write(connection.id, secrets);
    if (!self || done)
        co_return;
    if (connection.keepsSecrets) // otherwise the user is asked for it each time
        if (const SavedConnection *now = m_saved.find(connection.id)) {
            SavedConnection without = *now;
            without.keepsSecrets = false;
            if (const auto put = m_saved.put(without); !put)
                tellNotKept(put.error());
        }
    tellNotSaved(connection.keepsSecrets
                     ? tr("“%1” was saved without its password.").arg(connection.target.title())
                     : tr("The password of “%1” is still in the keychain.").arg(connection.target.title()),
                 done.error());
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

void Application::keepAddressMap(ConnectionView *view, const QHash<QString, Endpoint> &before)
{
    const ConnectionTarget target = view->target();
    if (const SavedConnection *known = m_saved.find(m_savedOf.value(view))) {
        SavedConnection mapped = *known;
        // keeps entries that other tabs mapped in the meantime
        for (auto it = before.cbegin(); it != before.cend(); ++it)
            if (!target.addressMap.contains(it.key()))
                mapped.target.addressMap.remove(it.key());
        for (auto it = target.addressMap.cbegin(); it != target.addressMap.cend(); ++it)
            if (before.value(it.key()) != it.value())
                mapped.target.addressMap.insert(it.key(), it.value());
        if (const auto put = m_saved.put(mapped); !put)
            tellNotSaved(tr("The addresses of “%1” were not saved.").arg(target.title()), put.error());
    }
    if (m_demo->owns(view))
        return;
    m_recents.add(target, QDateTime::currentMSecsSinceEpoch());
    if (m_keeps)
        keepOpen();
}

void Application::updateOpenIds()
{
    if (m_startPage)
        m_startPage->connections()->setOpenIds({m_savedOf.cbegin(), m_savedOf.cend()});
}

} // namespace slotscope
