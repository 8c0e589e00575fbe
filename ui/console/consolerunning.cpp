// SPDX-License-Identifier: GPL-3.0-or-later
// The running half of ConsoleTabView: lines one after the other, consent, what may be done with an answer.
#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/console/answerexport.h"
#include "ui/console/commandeditor.h"
#include "ui/console/consoletabview.h"
#include "ui/shared/gatequestion.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QMenu>
#include <QPushButton>
#include <QtConcurrent>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void ConsoleTabView::runAll()
{
    runText(m_editor->toPlainText().toUtf8());
}

void ConsoleTabView::runLine()
{
    const int line = m_editor->currentLine();
    QList<TypedCommand> commands = commandsIn(m_editor->lineText());
    for (TypedCommand &command : commands)
        command.line = line;
    start(commands);
}

void ConsoleTabView::runText(const QByteArray &text)
{
    m_repeated = m_repeat->currentData().toInt() > 0 ? text : QByteArray();
    start(commandsIn(text));
}

/// Sends nothing if any line cannot be parsed.
void ConsoleTabView::start(QList<TypedCommand> commands)
{
    if (m_isWaiting || !m_queue.isEmpty() || commands.isEmpty())
        return;
    for (const TypedCommand &command : std::as_const(commands))
        if (command.faultAt >= 0) {
            refuse(command);
            return;
        }
    m_queue = std::move(commands);
    runNext();
}

void ConsoleTabView::refuse(const TypedCommand &fault)
{
    m_repeated.clear();
    m_editor->showFault(fault.line, fault.faultAt);
    m_status->setText(
        tr("Line %1, column %2: %3. Nothing was sent.").arg(fault.line + 1).arg(fault.faultAt + 1).arg(fault.fault));
}

void ConsoleTabView::runNext()
{
    if (m_queue.isEmpty()) {
        const int seconds = m_repeat->currentData().toInt();
        if (!m_repeated.isEmpty() && seconds > 0)
            m_repeating.start(seconds * 1000);
        updateButtons();
        return;
    }
    const TypedCommand typed = m_queue.takeFirst();
    m_isWaiting = true;
    updateButtons();
    const quint64 serial = ++m_run;
    Q_EMIT this->typed(typed.text);
    m_feed.run(typed.command, aim(), m_follow->isChecked(), UserConsent::None,
               [this, typed, serial](quint64 entry, const Result<bool> &done) {
                   if (serial == m_run)
                       took(entry, typed, done);
               });
    // a single line is removed once it was run; several lines are a script and stay
    if (m_queue.isEmpty() && m_editor->blockCount() == 1 && m_editor->lineText().trimmed() == typed.text
        && m_repeated.isEmpty())
        m_editor->clear();
}

void ConsoleTabView::took(quint64 entry, const TypedCommand &typed, const Result<bool> &done)
{
    m_isWaiting = false;
    if (!done && done.error().code == Error::Code::NeedsConsent) {
        m_isWaiting = true;
        askConsent(done.error(), [this, entry, typed, serial = m_run](UserConsent consent) {
            if (serial != m_run)
                return;
            if (consent == UserConsent::None) {
                m_isWaiting = false;
                m_queue.clear();
                m_repeated.clear();
                updateButtons();
                return;
            }
            m_feed.forget(entry);
            m_feed.run(typed.command, aim(), m_follow->isChecked(), consent,
                       [this, typed, serial](quint64 again, const Result<bool> &result) {
                           if (serial == m_run)
                               took(again, typed, result);
                       });
        });
        return;
    }
    const bool good = done && *done;
    if (!good)
        Q_EMIT failed(typed.text);
    if (!good && !m_goesOn && !m_queue.isEmpty()) {
        m_status->setText(tr("Stopped at line %1: %n more command(s) were not sent.", nullptr, int(m_queue.size()))
                              .arg(typed.line + 1));
        m_queue.clear();
        m_repeated.clear();
    }
    updateButtons();
    if (m_queue.isEmpty())
        runNext();
    else
        // queued, because a long file would recurse deeply
        QMetaObject::invokeMethod(this, &ConsoleTabView::runNext, Qt::QueuedConnection);
}

void ConsoleTabView::runPipeline()
{
    const QList<TypedCommand> typed = commandsIn(m_editor->toPlainText().toUtf8());
    QList<Command> commands;
    for (const TypedCommand &each : typed) {
        if (each.faultAt >= 0) {
            refuse(each);
            return;
        }
        commands.append(each.command);
    }
    if (commands.isEmpty() || m_isWaiting)
        return;
    for (const TypedCommand &each : typed)
        Q_EMIT this->typed(each.text);
    m_isWaiting = true;
    updateButtons();
    const quint64 serial = ++m_run;
    const auto finish = [this, serial](const Result<bool> &) {
        if (serial != m_run)
            return;
        m_isWaiting = false;
        updateButtons();
    };
    m_feed.runTogether(commands, aim(), UserConsent::None, [this, commands, finish](const Result<bool> &done) {
        if (done || done.error().code != Error::Code::NeedsConsent) {
            finish(done);
            return;
        }
        askConsent(done.error(), [this, commands, finish](UserConsent consent) {
            if (consent == UserConsent::None)
                finish(false);
            else
                m_feed.runTogether(commands, aim(), consent, finish);
        });
    });
}

void ConsoleTabView::stop()
{
    ++m_run;
    m_isWaiting = false;
    m_queue.clear();
    m_repeated.clear();
    m_repeating.stop();
    m_feed.stop();
    updateButtons();
    m_editor->setFocus();
}

void ConsoleTabView::askConsent(const Error &error, std::function<void(UserConsent)> then)
{
    const QString connection = m_context.title();
    QString target;
    switch (aim().kind) {
    case ConsoleAim::Kind::Cluster: break;
    case ConsoleAim::Kind::Node: target = title(); break;
    case ConsoleAim::Kind::Primaries: target = tr("all primaries of %1").arg(connection); break;
    case ConsoleAim::Kind::Replicas: target = tr("all replicas of %1").arg(connection); break;
    case ConsoleAim::Kind::All: target = tr("all nodes of %1").arg(connection); break;
    }
    if (target.isEmpty())
        target = m_context.view() && m_context.view()->cluster ? tr("the cluster at %1").arg(connection) : connection;
    auto *question = new GateQuestion(error, connection, this, target);
    connect(question, &QDialog::finished, this, [question, then = std::move(then)] { then(question->consent()); });
    question->open();
}

void ConsoleTabView::explain(quint64 entry, int node)
{
    const ConsoleBlock *block = m_feed.block(entry);
    if (!m_shared.help || !block || block->isBroadcast() || size_t(node) >= block->nodes.size())
        return;
    const QByteArray words = block->nodes[size_t(node)].serverError;
    const QByteArray id = block->nodes[size_t(node)].nodeId;
    whenDone(m_shared.help->call<ErrorHelp>([words, command = block->order.command, id, user = m_feed.state().user](
                                                ConsoleHelp &help) { return help.explain(words, command, id, user); }),
             this, [this, entry](const Result<ErrorHelp> &help) {
                 if (help)
                     m_feed.setHelp(entry, *help);
             });
}

void ConsoleTabView::act(quint64 entry, ReplyView::Action action)
{
    const ConsoleBlock *block = m_feed.block(entry);
    if (!block)
        return;
    if (action == ReplyView::Action::OnlyDifferences) {
        m_feed.setOnlyDifferences(entry, !block->onlyDifferences);
        return;
    }
    if (!block->help)
        return;
    if (action == ReplyView::Action::CopyGrant) {
        QApplication::clipboard()->setText(block->help->grant);
        m_status->setText(tr("Copied: %1").arg(block->help->grant));
        return;
    }
    QList<TypedCommand> commands;
    for (const Command &command : block->help->instead) {
        TypedCommand typed;
        typed.command = command;
        for (const QByteArray &word : command)
            typed.text += (typed.text.isEmpty() ? "" : " ") + quoted(word);
        commands.append(typed);
    }
    start(commands);
}

void ConsoleTabView::openMenu(quint64 entry, const QPoint &position)
{
    const ConsoleBlock *block = m_feed.block(entry);
    if (!block)
        return;
    auto *menu = new QMenu(this);
    menu->setObjectName(u"answerMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const Command command = block->order.command;
    const bool isWhole = block->line != QString::fromLatin1(quoted(command.value(0))) || command.size() == 1;
    const bool hasSecret = !isWhole || (command.size() == 1 && block->line.contains(u"••••••••"_s));
    QAction *again = menu->addAction(tr("Insert into the editor"), this, [this, command] {
        QByteArray line;
        for (const QByteArray &word : command)
            line += (line.isEmpty() ? "" : " ") + quoted(word);
        insertText(QString::fromLatin1(line));
    });
    again->setEnabled(!hasSecret);
    menu->addAction(tr("Copy the command"), this, [line = block->line] { QApplication::clipboard()->setText(line); });
    menu->addSeparator();
    const bool hasAnswer = !block->isStream() && !block->nodes.empty();
    const auto add = [&](const QString &text, const QString &suffix, bool save) {
        menu->addAction(text, this,
                        [this, entry, suffix, save] {
                            m_replies->setCurrentEntry(entry);
                            exportAnswer(entry, suffix, save);
                        })
            ->setEnabled(hasAnswer);
    };
    add(tr("Copy as text"), u"txt"_s, false);
    add(tr("Copy as JSON"), u"json"_s, false);
    add(tr("Copy as CSV"), u"csv"_s, false);
    add(tr("Save as text…"), u"txt"_s, true);
    add(tr("Save as JSON…"), u"json"_s, true);
    add(tr("Save as CSV…"), u"csv"_s, true);
    if (block->help && !block->help->instead.isEmpty())
        menu->addAction(tr("Run as %1 commands").arg(block->help->instead.size()), this,
                        [this, entry] { act(entry, ReplyView::Action::Divide); });
    if (block->help && !block->help->grant.isEmpty())
        menu->addAction(tr("Copy the ACL command"), this, [this, entry] { act(entry, ReplyView::Action::CopyGrant); });
    if (block->isBroadcast())
        menu->addAction(block->onlyDifferences ? tr("Show all rows") : tr("Only differences"), this,
                        [this, entry] { act(entry, ReplyView::Action::OnlyDifferences); });
    menu->addSeparator();
    menu->addAction(block->isFolded ? tr("Unfold") : tr("Fold"), this,
                    [this, entry, folded = block->isFolded] { m_feed.fold(entry, !folded); });
    menu->addAction(tr("Remove"), this, [this, entry] { m_feed.forget(entry); });
    menu->popup(position);
}

/// Runs in another thread, because a reply may be large.
void ConsoleTabView::exportAnswer(quint64 entry, const QString &suffix, bool save)
{
    const ConsoleBlock *block = m_feed.block(entry);
    if (!block)
        return;
    QString path;
    if (save) {
        path = QFileDialog::getSaveFileName(this, tr("Save the reply"), u"answer."_s + suffix,
                                            u"%1 (*.%2)"_s.arg(suffix.toUpper(), suffix));
        if (path.isEmpty())
            return;
    }
    const AnswerFormat format = suffix == u"json" ? AnswerFormat::Json
        : suffix == u"csv"                        ? AnswerFormat::Csv
                                                  : AnswerFormat::Text;
    struct Collected
    {
        std::vector<std::pair<QString, std::shared_ptr<const Value>>> answers;
        size_t due = 0;
    };
    const auto collected = std::make_shared<Collected>();
    collected->due = block->nodes.size();
    collected->answers.resize(block->nodes.size());
    const bool named = block->isBroadcast();
    const auto finish = [this, collected, format, path, named] {
        whenDone(QtConcurrent::run([collected, format, path, named]() -> std::pair<QByteArray, Result<>> {
                     const QByteArray text = exportedAnswers(collected->answers, format, named);
                     collected->answers.clear(); // freed in this thread, not in the GUI thread
                     if (path.isEmpty())
                         return {text, Result<>()};
                     constexpr uint likeOtherFiles = 0666;
                     return {QByteArray(), replaceFile(path, text, likeOtherFiles)};
                 }),
                 this, [this, path](const std::pair<QByteArray, Result<>> &made) {
                     if (path.isEmpty())
                         QApplication::clipboard()->setText(QString::fromUtf8(made.first));
                     m_status->setText(!made.second         ? describe(made.second.error())
                                           : path.isEmpty() ? tr("The reply was copied.")
                                                            : tr("The reply was saved to %1.").arg(path));
                 });
    };
    for (int node = 0; node < int(block->nodes.size()); ++node) {
        collected->answers[size_t(node)].first = block->nodes[size_t(node)].nodeName;
        if (block->nodes[size_t(node)].state != ConsoleOutcome::State::Answered
            && block->nodes[size_t(node)].state != ConsoleOutcome::State::Refused) {
            if (--collected->due == 0)
                finish();
            continue;
        }
        m_feed.withAnswer(entry, node, [collected, node, finish](std::shared_ptr<const Value> value) {
            collected->answers[size_t(node)].second = std::move(value);
            if (--collected->due == 0)
                finish();
        });
    }
}

} // namespace slotscope
