// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/consoletab.h"
#include "core/session/remote.h"
#include "ui/console/consoleblock.h"

#include <QObject>

namespace slotscope {

class PageContext;

/// The blocks of one tab, and its connection to the core thread. GUI thread.
class ConsoleFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsoleFeed)
public:
    static constexpr size_t mostBlocks = 1000;

    explicit ConsoleFeed(PageContext &context, QObject *parent = nullptr);
    ~ConsoleFeed() override;

    [[nodiscard]] const std::deque<ConsoleBlock> &blocks() const { return m_blocks; }
    [[nodiscard]] ConsoleBlock *block(quint64 entry);
    [[nodiscard]] const ConsoleState &state() const { return m_state; }
    [[nodiscard]] bool isReady() const { return m_tab != nullptr; }
    [[nodiscard]] quint64 droppedBlocks() const { return m_droppedBlocks; }

    /// Sends a command; its block is added at once. `then` gets whether all nodes replied without an error.
    quint64 run(const Command &command, const ConsoleAim &aim, bool follow, UserConsent consent,
                std::function<void(quint64 entry, const Result<bool> &)> then);
    void runTogether(const QList<Command> &commands, const ConsoleAim &aim, UserConsent consent,
                     std::function<void(const Result<bool> &)> then);
    void stop();
    void setResp3(bool resp3);
    [[nodiscard]] bool isResp3() const { return m_resp3; } ///< as chosen by the user
    void clear();
    void forget(quint64 entry);

    /// Requests visible lines that are not read yet.
    void wantLines(quint64 entry, qint64 first, qint64 last);
    void wantRows(quint64 entry);
    void setView(quint64 entry, AnswerView view);
    void fold(quint64 entry, bool folded);
    void setOnlyDifferences(quint64 entry, bool only);
    void setHelp(quint64 entry, const ErrorHelp &help);
    /// Passes the reply itself to a thread that writes it to a file.
    void withAnswer(quint64 entry, int node, std::function<void(std::shared_ptr<const Value>)> then);

Q_SIGNALS:
    void blockAdded(quint64 entry);
    void blockChanged(quint64 entry); ///< its height may have changed too
    void blocksGone(); ///< the oldest block or all blocks were removed
    void stateChanged();
    void refused(quint64 entry, int node); ///< an error reply arrived
    void noticed(const QString &what); ///< a message about the tab's connections
    void readyChanged();

private:
    void takeDoor();
    void take(const ConsoleEvent &event);
    void takeMessage(ConsoleMessage message);
    ConsoleBlock &addBlock(const Command &command, const ConsoleAim &aim);
    void takeLines(quint64 entry, AnswerView view, const ConsoleLines &lines);

    PageContext &m_context;
    std::unique_ptr<Remote<ConsoleTab>> m_tab;
    std::deque<ConsoleBlock> m_blocks;
    ConsoleState m_state;
    quint64 m_lastEntry = 0, m_droppedBlocks = 0;
    quint64 m_serial = 0; ///< incremented with each new m_tab; results of older ones are dropped
    bool m_resp3 = true;
};

/// Text of a command as it could be typed, with secrets hidden and long arguments shortened.
[[nodiscard]] QString shownCommand(const Command &command);
[[nodiscard]] QString aimText(const ConsoleAim &aim);

} // namespace slotscope
