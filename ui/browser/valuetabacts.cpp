// SPDX-License-Identifier: GPL-3.0-or-later
// What a tab asks about before it is done: deleting, expiring, renaming; and what is told of a conflict.
#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/protocol/command.h"
#include "ui/browser/comparedialog.h"
#include "ui/browser/editsender.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/expirydialog.h"
#include "ui/browser/valuetab.h"
#include "ui/browser/valueview.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/pagecontext.h"

#include <QMessageBox>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr qsizetype mostDatabaseButtons = 4;

/// Whether this reply to the check says that a key, an element or a path does not exist.
bool tellsMissing(const EditCheck &check, const std::optional<QByteArray> &reply)
{
    const QByteArray &command = check.read.front();
    if (command == "EXISTS" || command == "HEXISTS" || command == "SISMEMBER")
        return reply == "0"_ba;
    return command == "JSON.GET" && reply == "[]"_ba;
}

} // namespace

/// Says that the key does not exist, and searches the other databases for its name once.
void ValueTab::showMissing()
{
    if (std::exchange(m_isMissing, true))
        return;
    showEmpty(tr("The key does not exist"), tr("It was deleted, has expired, or never existed."));
    whenDone(m_sender.services()->reader.call<QList<int>>(
                 [key = m_key](ValueReader &reader) { return reader.databasesWith(key); }),
             this, [this](const Result<QList<int>> &databases) {
                 if (m_isMissing)
                     offerDatabases(databases);
             });
}

void ValueTab::offerDatabases(const Result<QList<int>> &databases)
{
    QList<int> others = databases.value_or(QList<int>());
    others.removeAll(m_valueHead.database);
    if (!databases) {
        showEmpty(tr("The key does not exist"),
                  tr("The other databases could not be searched: %1").arg(describe(databases.error())));
        return;
    }
    if (others.isEmpty()) {
        showEmpty(tr("The key does not exist"),
                  tr("It was deleted, has expired, or never existed. No other database has this name."));
        return;
    }
    QStringList numbers;
    for (const int database : std::as_const(others))
        numbers.append(QString::number(database));
    showEmpty(tr("The key does not exist in database %1").arg(m_valueHead.database),
              others.size() == 1 ? tr("A key with this name exists in database %1.").arg(others.front())
                                 : tr("Keys with this name exist in the databases %1.").arg(numbers.join(u", "_s)));
    for (const int database : others.first(std::min(others.size(), mostDatabaseButtons))) {
        QPushButton *open = m_empty->addAction(tr("Open in database %1").arg(database), m_elsewhere.isEmpty());
        connect(open, &QPushButton::clicked, this, [this, database] { Q_EMIT databaseRequested(m_key, database); });
        m_elsewhere.append(open);
    }
}

/// An action was refused because the key is not as expected: a name is taken, or an element has changed. It cannot be
/// forced, because it would write data from the earlier reading.
void ValueTab::tellRefused(const Edit &edit, const EditOutcome &outcome)
{
    if (const QString words = refusedWords(edit, outcome); !words.isEmpty())
        tell(words, true);
    readAgain();
}

QString ValueTab::refusedWords(const Edit &edit, const EditOutcome &outcome)
{
    for (qsizetype i = 0; i < edit.checks.size(); ++i) {
        const EditCheck &check = edit.checks[i];
        const std::optional<QByteArray> now = outcome.now.value(i);
        if (check.expected == now)
            continue;
        const QString read = commandLine(check.read);
        if (!check.expected || tellsMissing(check, check.expected))
            return tr("Nothing was changed: that name already exists (%1).").arg(read);
        if (!now || tellsMissing(check, now))
            return tr("Nothing was changed: it no longer exists (%1).").arg(read);
        return tr("Nothing was changed: someone else changed it first. %1 is “%2” now. Check it, and try again.")
            .arg(read, toDisplay(now->left(200)));
    }
    return {};
}

/// The dialog that requested an edit stays open until the result is known.
void ValueTab::answerDialogs(const Edit &edit, const Result<EditOutcome> &outcome)
{
    const bool isDone = outcome && outcome->isDone;
    const bool isDropped = !outcome && outcome.error().code == Error::Code::Cancelled;
    for (ElementDialog *dialog : findChildren<ElementDialog *>())
        if (dialog->isWaiting())
            dialog->answer(isDone,
                           isDone || isDropped ? QString()
                               : outcome       ? refusedWords(edit, *outcome)
                                               : describe(outcome.error()));
}

/// The value has changed on the server, so nothing was saved: shows both versions, and the user chooses.
void ValueTab::showConflict(const Edit &edit, const EditOutcome &outcome)
{
    QStringList yours, theirs;
    Edit over = edit;
    bool isSameShape = true, isGone = !edit.checks.isEmpty();
    for (qsizetype i = 0; i < edit.checks.size(); ++i) {
        const EditCheck &check = edit.checks[i];
        isGone = isGone && !outcome.now.value(i) && check.read.front() == "GET";
        if (check.expected == outcome.now.value(i))
            continue;
        const auto words = [](const std::optional<QByteArray> &value) {
            return value && !value->isEmpty() ? toDisplay(value->left(20'000)) : tr("(nothing)");
        };
        yours.append(tr("%1\nwas, when you started:\n%2").arg(commandLine(check.read), words(check.expected)));
        theirs.append(tr("%1\nis now:\n%2").arg(commandLine(check.read), words(outcome.now.value(i))));
        over.checks[i].expected = outcome.now.value(i);
        // SETRANGE would fill a value that became shorter with zeros
        isSameShape = isSameShape
            && (check.read.front() != "GETRANGE"
                || outcome.now.value(i).value_or(QByteArray()).size() == check.expected->size());
    }
    for (const Command &command : edit.commands)
        yours.append(tr("Your value:\n%1").arg(commandLine(command)));
    auto *dialog =
        new CompareDialog(m_context.theme(),
                          isGone ? tr("The key is gone: it was deleted, or has expired. Nothing was saved. Overwriting "
                                      "would create it again, without a time to live.")
                                 : tr("Someone else changed it in the meantime: nothing was saved"),
                          yours.join(u"\n\n"_s), theirs.join(u"\n\n"_s), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->offerChoice(isSameShape);
    connect(dialog, &CompareDialog::overwriteChosen, this, [this, over] { send(over, true); });
    connect(dialog, &CompareDialog::takeChosen, this, [this] {
        if (m_view)
            m_view->revert();
        readAgain();
    });
    dialog->open();
}

void ValueTab::takeBack()
{
    if (!m_former)
        return;
    m_isSaving = true;
    updateFoot();
    m_sender.takeBack(*m_former, [this, self = QPointer<ValueTab>(this)](const Result<EditOutcome> &outcome) {
        if (!self)
            return;
        m_isSaving = false;
        if (!outcome) { // the previous value stays stored, so the undo can be repeated
            if (outcome.error().code != Error::Code::Cancelled)
                tell(describe(outcome.error()), true);
        } else if (!outcome->isDone) {
            tell(tr("It was not undone: someone else changed the key since."), true);
            m_former.reset();
        } else {
            m_former.reset();
            Q_EMIT keyMade(m_key);
        }
        readAgain();
        updateFoot();
    });
}

void ValueTab::askToDelete()
{
    if (m_context.isReadOnly())
        return;
    if (!m_isRead) { // only then is it known whether the deletion can be undone
        m_deleteDue = true;
        return;
    }
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Delete the key"),
                                     tr("Delete “%1”?").arg(toDisplay(m_key).left(300)), QMessageBox::NoButton, this);
    question->setObjectName(u"deleteQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(isKept() ? tr("This can be undone from its tab.")
                                     : m_valueHead.memory < 0
                                     ? tr("Its size is not known, so no copy is kept: this cannot be undone.")
                                     : tr("It is too large to keep a copy: this cannot be undone."));
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    const QAbstractButton *remove = question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    connect(remove, &QAbstractButton::clicked, this, [this] { send(edits::remove(m_key), true); });
    question->open();
}

void ValueTab::askForExpiry()
{
    auto *dialog = new ExpiryDialog(toDisplay(m_key).left(100), m_valueHead.ttlAt(steadyMs()), true, this);
    connect(dialog, &ExpiryDialog::forChosen, this, [this](qint64 ttlMs) { send(edits::expire(m_key, ttlMs), false); });
    connect(dialog, &ExpiryDialog::untilChosen, this, [this](qint64 at) { send(edits::expireAt(m_key, at), false); });
    dialog->open();
}

void ValueTab::askToRename(bool keepsOld)
{
    if (m_context.isReadOnly())
        return;
    auto *dialog = new ElementDialog(keepsOld ? tr("Duplicate the key") : tr("Rename the key"),
                                     keepsOld ? tr("Duplicate") : tr("Rename"), this);
    dialog->addField(tr("New name"), m_key);
    dialog->addWords(tr("The new name may be in another slot. The key is copied there and the copy is compared; the "
                        "time to live stays. If the new name is taken, nothing is changed."));
    dialog->setCheck([this](const QByteArrayList &values) {
        return values.front() == m_key ? tr("This is already its name.") : QString();
    });
    dialog->setWaits();
    connect(dialog, &ElementDialog::agreed, this,
            [this, keepsOld, asked = QPointer(dialog)](const QByteArrayList &values) {
                const QByteArray name = values.front();
                m_isCopying = true;
                m_sender.copy(m_key, name, !keepsOld,
                              [this, self = QPointer<ValueTab>(this), asked, name, keepsOld](const Result<> &copied) {
                                  if (!self)
                                      return;
                                  m_isCopying = false;
                                  const bool isDropped = !copied && copied.error().code == Error::Code::Cancelled;
                                  const QString problem = copied || isDropped ? QString() : describe(copied.error());
                                  if (asked)
                                      asked->answer(copied.has_value(), problem);
                                  else if (!problem.isEmpty())
                                      tell(problem, true);
                                  if (!copied)
                                      return;
                                  if (!keepsOld)
                                      Q_EMIT keyGone(m_key);
                                  Q_EMIT keyMade(name);
                                  if (!keepsOld) {
                                      m_key = name;
                                      m_former.reset(); // it is a value under the old name
                                      readAgain();
                                  }
                              });
            });
    dialog->open();
}

} // namespace slotscope
