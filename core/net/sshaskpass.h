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

/// A question that ssh asks the user during login.
struct SshQuestion
{
    enum class Kind : quint8 { Password, Passphrase, HostKey, Other };
    Kind kind = Kind::Other;
    QString text; ///< ssh's own text
    QString through; ///< the host that the question is for: "user@host"
    [[nodiscard]] static Kind kindOf(const QString &text);
};

/// Gives the answer, "yes" for a host key; nullopt if the user declines. Call it once, now or later, on any thread.
using SshAnswer = std::function<void(std::optional<QString>)>;
/// Asks the user; called on the tunnel's thread.
using SshAsker = std::function<void(const SshQuestion &question, SshAnswer answer)>;

/// Sets who answers ssh's questions, once at program start, before the first tunnel. Without it, ssh asks on the
/// terminal or, if there is none, not at all (BatchMode). `program` is an executable that calls runAsAskpass(); empty:
/// the running one.
void setSshAsker(SshAsker asker, const QString &program = {});
[[nodiscard]] bool hasSshAsker();
[[nodiscard]] QString askpassProgram();

/// Receives ssh's questions over a socket that only this user can open. Lives on the tunnel's thread.
class SshAskpass final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SshAskpass)
public:
    explicit SshAskpass(QString through, QObject *parent = nullptr);
    ~SshAskpass() override;
    /// Passed to ssh in its environment, together with SSH_ASKPASS, which is this program.
    [[nodiscard]] QString socketPath() const { return m_server.fullServerName(); }
    /// whether questions can be received
    [[nodiscard]] bool isListening() const { return m_server.isListening(); }

Q_SIGNALS:
    void cancelled(); ///< the user did not enter a password or passphrase

private:
    void handleConnection();

    QString m_through;
    QTemporaryDir m_folder;
    QLocalServer m_server;
};

/// Call first in main(): if ssh started this program as its askpass (SLOTSCOPE_ASKPASS is set), forwards the question,
/// prints the answer and returns the exit code. Otherwise returns nullopt.
[[nodiscard]] std::optional<int> runAsAskpass(int argc, char *argv[]);

} // namespace slotscope
