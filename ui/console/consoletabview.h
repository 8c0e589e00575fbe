// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/completion.h"
#include "core/console/consolehelp.h"
#include "ui/console/consolefeed.h"
#include "ui/console/replyview.h"

#include <QTimer>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QMenu;
class QToolButton;

namespace slotscope {

class CommandEditor;
class CompletionPopup;
struct Proposal;
class ElidedLabel;
class HintStrip;
class PageContext;
class SegmentedControl;

/// State shared by all tabs of a console: the server's command documentation and the history.
struct ConsoleShared
{
    Remote<ConsoleHelp> *help = nullptr; ///< null without a session
    CommandDocsPtr docs; ///< null: use the built-in documentation
};

/// One tab: toolbar, replies, editor.
class ConsoleTabView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsoleTabView)
public:
    ConsoleTabView(PageContext &context, const ConsoleShared &shared, QWidget *parent = nullptr);
    ~ConsoleTabView() override;

    void setView(const ClusterViewPtr &view);
    [[nodiscard]] ConsoleAim aim() const;
    void setAim(const ConsoleAim &aim);
    [[nodiscard]] QString title() const; ///< title of the tab
    [[nodiscard]] QString badge() const; ///< such as "MULTI · 2 queued"; empty: none
    [[nodiscard]] ConsoleFeed &feed() { return m_feed; }
    [[nodiscard]] ReplyView *replies() const { return m_replies; }
    [[nodiscard]] CommandEditor *editor() const { return m_editor; }
    [[nodiscard]] CompletionPopup *popup() const { return m_popup; }
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QString hintText() const;
    [[nodiscard]] bool isRunning() const { return !m_queue.isEmpty() || m_isWaiting || m_feed.state().running > 0; }

    void takeDocs(); ///< the shared documentation changed
    void runText(const QByteArray &text); ///< runs every line of the text
    void runAll();
    void runLine();
    void runPipeline();
    void stop();
    void insertText(const QString &text);
    bool closeDetail(); ///< handles Esc; true if something was closed
    void find();

Q_SIGNALS:
    void typed(const QByteArray &line); ///< the line was sent
    void failed(const QByteArray &line);
    void titleChanged();
    void historyRequested(int direction);
    void commandChanged(const slotscope::Command &words, const slotscope::ArgumentPlace &place);
    void helpRequested();
    void nodeRequested(const QByteArray &nodeId);
    void menuWanted(QMenu *menu); ///< add entries to the tab's own menu

private:
    [[nodiscard]] QWidget *makeToolbar();
    [[nodiscard]] QWidget *makeFoot();
    void connectParts();
    void fillAims();
    void start(QList<TypedCommand> commands);
    void runNext();
    void took(quint64 entry, const TypedCommand &typed, const Result<bool> &done);
    void askConsent(const Error &error, std::function<void(UserConsent)> then);
    void refuse(const TypedCommand &fault);
    void explain(quint64 entry, int node);
    void act(quint64 entry, ReplyView::Action action);
    void openMenu(quint64 entry, const QPoint &position);
    void exportAnswer(quint64 entry, const QString &suffix, bool save);
    void complete(bool byUser);
    void proposeKeys(const CompletionPoint &point);
    void show(const QList<Proposal> &proposals, const QString &foot);
    void take(const QByteArray &text);
    void updateHint();
    void updateStatus();
    void updateButtons();
    void setAnswerView(int index);

    PageContext &m_context;
    const ConsoleShared &m_shared;
    ConsoleFeed m_feed;
    ReplyView *m_replies;
    CommandEditor *m_editor;
    CompletionPopup *m_popup;
    HintStrip *m_hint;
    QComboBox *m_aim, *m_repeat;
    SegmentedControl *m_answerView;
    QCheckBox *m_follow;
    QLineEdit *m_search;
    QToolButton *m_more;
    ElidedLabel *m_status;
    QPushButton *m_together, *m_runLine, *m_runAll, *m_stop;
    QList<TypedCommand> m_queue;
    QByteArray m_repeated; ///< the command that is repeated at intervals
    bool m_isWaiting = false; ///< waits for the result of the previous command
    bool m_goesOn = false; ///< continues after an error
    quint64 m_run = 0; ///< number of the current run; a stop starts a new number
    QTimer m_repeating, m_completing, m_checking;
    CompletionPoint m_point;
    quint64 m_asked = 0; ///< number of the last request for key names
};

} // namespace slotscope
