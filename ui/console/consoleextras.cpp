// SPDX-License-Identifier: GPL-3.0-or-later
// What the console's "…" menu adds: saved commands, the form for EVAL, scripts and functions of all nodes.
#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "ui/console/commandeditor.h"
#include "ui/console/consolepage.h"
#include "ui/console/evalform.h"
#include "ui/console/filldialog.h"

#include <QDesktopServices>
#include <QFile>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>
#include <QUrl>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QList<SavedCommand> libraryIn(const QString &path, bool everywhere)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? readLibrary(QString::fromUtf8(file.readAll()), everywhere)
                                          : QList<SavedCommand>();
}

} // namespace

QString ConsolePage::libraryPath(bool everywhere) const
{
    return everywhere ? consoleFolder() + u"/library.txt"_s : consoleFileName(u"library"_s, context().title());
}

void ConsolePage::fillMenu(ConsoleTabView *tab, QMenu *menu)
{
    QMenu *saved = menu->addMenu(tr("Saved commands"));
    for (const bool everywhere : {false, true}) {
        const QList<SavedCommand> commands = libraryIn(libraryPath(everywhere), everywhere);
        for (const SavedCommand &command : commands)
            saved->addAction(QString(command.name).replace(u'&', u"&&"_s), this,
                             [this, tab, command] { insertSaved(tab, command); });
        if (!commands.isEmpty())
            saved->addSeparator();
    }
    saved->addAction(tr("Save the editor's lines for this connection…"), this,
                     [this, tab] { saveCommand(tab, false); });
    saved->addAction(tr("Save the editor's lines for all connections…"), this, [this, tab] { saveCommand(tab, true); });
    saved->addAction(tr("Open the files' folder"), this,
                     [] { QDesktopServices::openUrl(QUrl::fromLocalFile(consoleFolder())); });
    menu->addAction(tr("Lua script (EVAL)…"), this, [this, tab] {
        auto *form = new EvalForm(context().view(), this);
        connect(form, &EvalForm::lineMade, tab, &ConsoleTabView::insertText);
        form->open();
    });
    menu->addAction(tr("Functions of all primaries"), this,
                    [this] { addTab({.kind = ConsoleAim::Kind::Primaries})->runText("FUNCTION LIST"); });
    menu->addAction(tr("Scripts cached on all nodes"), this,
                    [this] { listScripts(addTab({.kind = ConsoleAim::Kind::All})); });
    menu->addSeparator();
}

/// Servers do not list their scripts, only their number and memory.
void ConsolePage::listScripts(ConsoleTabView *tab)
{
    tab->runText("INFO memory\nFUNCTION STATS");
    Q_EMIT tab->feed().noticed(
        tr("Servers do not list the scripts that they cache: number_of_cached_scripts and used_memory_scripts of INFO "
           "show their number and memory. SCRIPT EXISTS checks for one."));
}

void ConsolePage::saveCommand(ConsoleTabView *tab, bool everywhere)
{
    const QString text = tab->editor()->toPlainText().trimmed();
    if (text.isEmpty()) {
        tell(tr("Enter the lines first. $(name) is a placeholder to fill in, $(name=5) has a default value."));
        return;
    }
    for (const TypedCommand &typed : commandsIn(text.toUtf8()))
        if (typed.faultAt >= 0 || !secretsIn(typed.command).isEmpty()) {
            tell(tr("Lines that contain a password or that cannot be parsed are not saved."));
            return;
        }
    bool ok = false;
    const QString name =
        QInputDialog::getText(this, tr("Save commands"), tr("Name:"), QLineEdit::Normal, {}, &ok).simplified();
    if (!ok || name.isEmpty())
        return;
    const QString path = libraryPath(everywhere);
    QList<SavedCommand> commands = libraryIn(path, everywhere);
    commands.removeIf([&name](const SavedCommand &each) { return each.name == name; });
    commands.append({name, text, everywhere});
    Result<> written = makeOwnFolder(QFileInfo(path).absolutePath());
    if (written)
        written = replaceFile(path, libraryText(commands, everywhere).toUtf8());
    tell(written ? tr("“%1” was saved.").arg(name) : describe(written.error()));
}

void ConsolePage::insertSaved(ConsoleTabView *tab, const SavedCommand &command)
{
    const QList<Placeholder> places = placeholdersIn(command.text);
    if (places.isEmpty()) {
        tab->insertText(command.text);
        return;
    }
    auto *dialog = new FillDialog(command.name, places, this);
    connect(dialog, &QDialog::accepted, tab,
            [tab, dialog, text = command.text] { tab->insertText(filledIn(text, dialog->values())); });
    dialog->open();
}

} // namespace slotscope
