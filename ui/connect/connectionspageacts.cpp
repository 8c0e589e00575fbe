// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to a saved connection: renamed, moved, removed.
#include "core/base/whendone.h"
#include "ui/connect/connectionspage.h"

#include "core/base/errortext.h"
#include "core/profile/composeservices.h"
#include "core/profile/importfile.h"
#include "ui/connect/exportdialog.h"

#include <QClipboard>
#include <QCursor>
#include <QFileDialog>
#include <QGuiApplication>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QtConcurrent>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void ConnectionsPage::change(const QString &id, const std::function<void(SavedConnection &)> &act)
{
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        return;
    SavedConnection connection = *known;
    act(connection);
    const auto put = m_saved.put(connection);
    setNotice(put ? QString() : describe(put.error()));
}

void ConnectionsPage::addFolder()
{
    bool isGiven = false;
    const QString name =
        QInputDialog::getText(this, tr("New folder"), tr("Its name:"), QLineEdit::Normal, {}, &isGiven).trimmed();
    if (isGiven && !name.isEmpty())
        tell(m_saved.addFolder(name));
}

void ConnectionsPage::showFolderMenu(const QString &folder)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Rename the folder…"), this, [this, folder] {
        bool isGiven = false;
        const QString name =
            QInputDialog::getText(this, tr("Rename the folder"), tr("Its name:"), QLineEdit::Normal, folder, &isGiven)
                .trimmed();
        if (isGiven && !name.isEmpty() && name != folder)
            tell(m_saved.renameFolder(folder, name));
    });
    menu->addAction(tr("Remove the folder, keep its connections"), this,
                    [this, folder] { tell(m_saved.removeFolder(folder)); });
    menu->popup(QCursor::pos());
}

void ConnectionsPage::rename(const QString &id)
{
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        return;
    bool isGiven = false;
    const QString name = QInputDialog::getText(this, tr("Rename"), tr("Name to show:"), QLineEdit::Normal,
                                               known->target.title(), &isGiven)
                             .trimmed();
    if (isGiven && !name.isEmpty())
        change(id, [&name](SavedConnection &connection) { connection.target.name = name; });
}

void ConnectionsPage::askToRemove(const QString &id)
{
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        return;
    auto *question = new QMessageBox(QMessageBox::Question, tr("Remove a connection"),
                                     tr("Remove “%1” from the saved connections?").arg(known->target.title()),
                                     QMessageBox::Cancel, this);
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(known->keepsSecrets
                                     ? tr("Its password is deleted from the keychain. Nothing changes on the servers.")
                                     : tr("Nothing changes on the servers."));
    QPushButton *remove = question->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(remove, &QPushButton::clicked, this, [this, id] { Q_EMIT removeRequested(id); });
    question->open();
}

void ConnectionsPage::showMenu(const QString &id, const QPoint &at)
{
    const SavedConnection *known = m_saved.find(id);
    if (!known)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Connect"), this, [this, id] { Q_EMIT chosen(id); });
    if (!known->file.isEmpty()) {
        menu->addAction(tr("Save a copy…"), this, [this, id] { Q_EMIT editRequested(id); });
        menu->addAction(tr("Copy the URI (without password)"), this,
                        [uri = known->target.toUri()] { QGuiApplication::clipboard()->setText(uri); });
        menu->popup(at);
        return;
    }
    menu->addAction(tr("Edit…"), this, [this, id] { Q_EMIT editRequested(id); });
    menu->addAction(tr("Rename…"), this, [this, id] { rename(id); });
    menu->addAction(known->isFavourite ? tr("Not a favourite any more") : tr("Favourite"), this, [this, id] {
        change(id, [](SavedConnection &connection) { connection.isFavourite = !connection.isFavourite; });
    });
    QMenu *folders = menu->addMenu(tr("Move to folder"));
    for (const QString &folder : m_saved.folders() + QStringList{QString()})
        folders->addAction(folder.isEmpty() ? tr("Not in a folder") : folder, this, [this, id, folder] {
            change(id, [&folder](SavedConnection &connection) { connection.folder = folder; });
        });
    menu->addAction(tr("Copy the URI (without password)"), this,
                    [uri = known->target.toUri()] { QGuiApplication::clipboard()->setText(uri); });
    menu->addSeparator();
    menu->addAction(tr("Remove…"), this, [this, id] { askToRemove(id); });
    menu->popup(at);
}

void ConnectionsPage::chooseImport()
{
    auto *dialog = new QFileDialog(window(), tr("Import connections"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Export and Compose files (*.json *.ano *.txt *.yml *.yaml)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ConnectionsPage::importFrom);
    dialog->open();
}

void ConnectionsPage::importFrom(const QString &path)
{
    whenDone(QtConcurrent::run([path] { return readImportFile(path); }), this, [this, path](const ImportFile &file) {
        if (file.sealed.isEmpty())
            importRead(path, file.read, isComposePath(path));
        else
            openSealed(path, file.sealed);
    });
}

/// `before`: why the last passphrase was refused.
void ConnectionsPage::openSealed(const QString &path, const QByteArray &bytes, const QString &before)
{
    auto *question = new QInputDialog(window());
    question->setObjectName(u"importPassphrase"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Import connections"));
    question->setLabelText(before.isEmpty() ? tr("Passphrase of %1:").arg(path)
                                            : tr("✕ %1. Passphrase of %2:").arg(before, path));
    question->setTextEchoMode(QLineEdit::Password);
    connect(question, &QInputDialog::textValueSelected, this, [this, path, bytes](const QString &passphrase) {
        whenDone(QtConcurrent::run([bytes, passphrase] { return openImport(bytes, passphrase); }), this,
                 [this, path, bytes](const OpenedImport &opened) {
                     // ask for the passphrase again
                     if (!opened.isOpen && opened.read.error().code == Error::Code::InvalidArgument)
                         openSealed(path, bytes, opened.read.error().detail);
                     else
                         importRead(path, opened.read, true);
                 });
    });
    question->open();
}

void ConnectionsPage::importRead(const QString &path, const Result<ImportedConnections> &imported, bool takesSecrets)
{
    if (!imported) {
        tellOfFile(tr("Nothing was imported from %1.").arg(path), describe(imported.error()));
        return;
    }
    const auto added = addConnections(m_saved, *imported);
    if (!added) {
        tellOfFile(tr("Nothing was imported from %1.").arg(path), describe(added.error()));
        return;
    }
    QStringList lines;
    bool hasPassword = false;
    for (const ImportedConnection &each : imported->list) {
        hasPassword = hasPassword || each.connection.hadPassword;
        if (!each.notes.isEmpty())
            lines.append(tr("%1: %2").arg(each.connection.target.name, each.notes.join(u"; "_s)));
    }
    lines += imported->problems + added->problems;
    if (hasPassword && takesSecrets)
        Q_EMIT secretsImported(*added);
    else if (hasPassword)
        lines.append(
            tr("Passwords were not imported: you will be asked for them, and can store them in the keychain."));
    tellOfFile(tr("From %1: %2 added, %3 already existed.")
                   .arg(imported->source)
                   .arg(added->names.size())
                   .arg(added->known.size()),
               lines.mid(0, 12).join(u'\n'));
}

/// Uses a dialog of its own, because the page is hidden while nothing is saved.
void ConnectionsPage::chooseExport()
{
    const auto count = std::count_if(m_saved.list().cbegin(), m_saved.list().cend(),
                                     [](const SavedConnection &one) { return one.file.isEmpty(); });
    auto *dialog = new ExportDialog(m_theme, int(count), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::chosen, this, &ConnectionsPage::exportRequested);
    dialog->open();
}

void ConnectionsPage::tellOfFile(const QString &what, const QString &more)
{
    auto *told = new QMessageBox(QMessageBox::Information, tr("Saved connections"), what, QMessageBox::Ok, window());
    told->setObjectName(u"imported"_s);
    told->setTextFormat(Qt::PlainText);
    told->setAttribute(Qt::WA_DeleteOnClose);
    told->setInformativeText(more);
    told->open();
}

} // namespace slotscope
