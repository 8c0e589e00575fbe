// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <optional>

namespace slotscope {

/// What ssh wants to know from the user while it logs in.
struct SshQuestion
{
    enum class Kind : quint8 { Password, Passphrase, HostKey, Other };
    Kind kind = Kind::Other;
    QString text; ///< ssh's own words
    QString through; ///< for which way: "user@host"
    [[nodiscard]] static Kind kindOf(const QString &text);
};

/// Gives the answer, "yes" to a host key; nothing: the user does not want to. May be called later, once, on any thread.
using SshAnswer = std::function<void(std::optional<QString>)>;
/// Asks the user; called on the thread of the tunnel.
using SshAsker = std::function<void(const SshQuestion &question, SshAnswer answer)>;

/// Who answers for this program: set once at its start, before the first tunnel. Without one, ssh asks on the terminal
/// itself; where there is none, it asks nobody (BatchMode). `program` calls runAsAskpass(); empty: the running one.
void setSshAsker(SshAsker asker, const QString &program = {});
[[nodiscard]] bool hasSshAsker();
[[nodiscard]] QString askpassProgram();

/// Where ssh's questions come in: a socket that only this user can open. Lives on the tunnel's thread.
class SshAskpass final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SshAskpass)
public:
    explicit SshAskpass(QString through, QObject *parent = nullptr);
    ~SshAskpass() override;
    /// Goes into ssh's environment beside SSH_ASKPASS, which is this program.
    [[nodiscard]] QString socketPath() const { return m_server.fullServerName(); }
    [[nodiscard]] bool isListening() const { return m_server.isListening(); } ///< else nobody can be asked

Q_SIGNALS:
    void cancelled(); ///< a password or passphrase was not given

private:
    void handleConnection();

    QString m_through;
    QTemporaryDir m_folder;
    QLocalServer m_server;
};

/// For main(), before anything else: where ssh has started this program to ask (SLOTSCOPE_ASKPASS is set), hands the
/// question on and prints the answer. The exit code, or nothing where the program was started by somebody else.
[[nodiscard]] std::optional<int> runAsAskpass(int argc, char *argv[]);

} // namespace slotscope
