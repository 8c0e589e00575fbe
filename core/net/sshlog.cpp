// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/sshlog.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype linesKept = 60, refusalsKept = 512;
constexpr int mostKnownHosts = 100'000;
constexpr qint64 mostKnownBytes = 16 << 20, longestKnownLine = 64 << 10;

Error wordOf(Error::Code code, const QString &detail)
{
    return {.code = code, .detail = detail, .serverPrefix = {}, .node = {}, .command = {}};
}

/// Converts the SSH server's reason for refusing a forwarded connection to an Error.
Error channelError(const QByteArray &said)
{
    const QByteArray text = said.toLower();
    if (text.startsWith("administratively prohibited"))
        return wordOf(Error::Code::Proxy,
                      tr("the login works, but the SSH server does not allow forwarding to this address: "
                         "AllowTcpForwarding or PermitOpen in its sshd_config, or a restriction of the key"));
    if (text.contains("connection refused"))
        return wordOf(Error::Code::ConnectionRefused, tr("as seen from the SSH server"));
    if (text.contains("timed out"))
        return wordOf(Error::Code::Timeout, tr("as seen from the SSH server"));
    if (text.contains("no route") || text.contains("unreachable"))
        return wordOf(Error::Code::Unreachable, tr("as seen from the SSH server"));
    if (text.contains("name resolution") || text.contains("not known") || text.contains("unknown host")
        || text.contains("no address associated"))
        return wordOf(Error::Code::HostNotFound, tr("as seen from the SSH server"));
    return wordOf(Error::Code::Proxy, tr("the SSH server reports: %1").arg(toDisplay(said.left(200))));
}

} // namespace

QByteArray knownHostFingerprint(const QByteArray &line)
{
    QList<QByteArray> words = line.simplified().split(' ');
    if (!words.isEmpty() && words.constFirst().startsWith('@'))
        words.removeFirst();
    const QByteArray key = words.size() < 3 ? QByteArray() : QByteArray::fromBase64(words.at(2));
    return key.isEmpty() ? key
                         : "SHA256:"
            + QCryptographicHash::hash(key, QCryptographicHash::Sha256).toBase64(QByteArray::OmitTrailingEquals);
}

void SshLog::take(const QByteArray &given)
{
    static const QRegularExpression failed(u"\\Achannel ([0-9]+): open failed: (.*)\\z"_s);
    static const QRegularExpression freed(
        u"\\Adebug1: channel ([0-9]+): free: direct-tcpip: listening port ([0-9]+) for .* connect from \\S+ port "
        "([0-9]+) "_s);
    const QByteArray line = given.trimmed();
    const QString text = QString::fromUtf8(line);
    const QByteArray own = QByteArray::number(m_ownPort);
    if (const auto match = failed.match(text); match.hasMatch()) {
        m_failedChannels.insert(match.captured(1).toLatin1(), channelError(match.captured(2).toUtf8()));
    } else if (const auto end = freed.match(text); end.hasMatch() && end.captured(2).toLatin1() == own) {
        const auto why = m_failedChannels.constFind(end.captured(1).toLatin1());
        const quint16 port = end.captured(3).toUShort();
        m_refused.remove(port); // an older connection used the same port
        if (why != m_failedChannels.constEnd()) {
            m_refused.insert(port, *why);
            m_failedChannels.erase(why);
            m_order.append(port);
            m_news.append(port);
            while (m_order.size() > refusalsKept)
                m_refused.remove(m_order.takeFirst());
        }
    }
    // ssh announces the port before opening it; whether that worked is known once ssh logs its next step
    m_listening = m_listening
        || (m_announced && (line.contains("[port listener]") || line.contains("Entering interactive session")));
    m_announced = m_announced || line.startsWith("debug1: Local forwarding listening on 127.0.0.1 port " + own + '.');
    m_portTaken = m_portTaken || line.startsWith("bind [127.0.0.1]:" + own + ':');
    if (line.isEmpty() || line.startsWith("debug") || line.startsWith("OpenSSH_"))
        return;
    m_said.append(line);
    if (m_said.size() > linesKept)
        m_said.removeFirst();
}

std::optional<Error> SshLog::refusalAt(quint16 localPort) const
{
    const auto found = m_refused.constFind(localPort);
    return found == m_refused.constEnd() ? std::nullopt : std::optional(*found);
}

QByteArray SshLog::lineWith(const char *part) const
{
    for (auto line = m_said.crbegin(); line != m_said.crend(); ++line)
        if (line->contains(part))
            return *line;
    return {};
}

/// The error for a changed host key: finds "Offending ED25519 key in FILE:LINE", and on a separate line the SHA256
/// fingerprint of the new key.
Error SshLog::changedKey() const
{
    static const QRegularExpression place(u"\\AOffending .*key(?: for IP)? in (.*):([0-9]+)\\z"_s);
    // the text may come from the server, and the name becomes part of a command that the user may copy, so accept only
    // safe names
    static const QRegularExpression host(u"\\A(?:Host key for|.* host key for) ([A-Za-z0-9.:_\\[\\]-]+) has changed"_s);
    QString file, oldPrint, newPrint, name;
    int number = 0;
    for (const QByteArray &line : m_said) {
        const QString text = QString::fromUtf8(line);
        if (const auto match = place.match(text); match.hasMatch()) {
            file = match.captured(1);
            number = match.captured(2).toInt();
        }
        if (const auto match = host.match(text); match.hasMatch())
            name = match.captured(1);
        if (line.startsWith("SHA256:"))
            newPrint = text.endsWith(u'.') ? text.chopped(1) : text;
    }
    if (QFile known(file); number <= mostKnownHosts && QFileInfo(file).isFile()
        && QFileInfo(file).size() < mostKnownBytes && known.open(QIODevice::ReadOnly))
        for (int i = 1; i <= number && !known.atEnd(); ++i)
            if (const QByteArray line = known.readLine(longestKnownLine); i == number)
                oldPrint = QString::fromLatin1(knownHostFingerprint(line));
    QString quoted = file;
    quoted.replace(u'\'', u"'\\''"_s);
    return wordOf(Error::Code::TunnelRefused,
                  tr("the host key of %1 has changed: it is %2 now; %3 is recorded in %4, line %5. This may be an "
                     "attack. If you know that the change is correct: ssh-keygen -f '%6' -R '%7'")
                      .arg(name, newPrint, oldPrint.isEmpty() ? tr("another one") : oldPrint, file)
                      .arg(number)
                      .arg(quoted, name));
}

Error SshLog::whyEnded(int exitCode) const
{
    if (!lineWith("REMOTE HOST IDENTIFICATION HAS CHANGED").isEmpty() && !lineWith("Offending").isEmpty())
        return changedKey();
    if (const QByteArray line = lineWith("host key is known for"); !line.isEmpty())
        return wordOf(Error::Code::TunnelRefused,
                      tr("the host key of the server is not known, and there was nobody to ask: %1; log in once with "
                         "ssh in a terminal to accept it")
                          .arg(toDisplay(line)));
    if (!lineWith("Host key verification failed").isEmpty())
        return wordOf(Error::Code::TunnelRefused,
                      tr("the host key of the server was not accepted; if it is not known yet, log in once with ssh in "
                         "a terminal"));
    if (const QByteArray line = lineWith("Permission denied ("); !line.isEmpty())
        return wordOf(Error::Code::TunnelRefused,
                      tr("the login was refused: %1; the brackets list the methods that the server accepts. Check the "
                         "user and the key (ssh-add -l)")
                          .arg(toDisplay(line)));
    for (const char *word : {"Too many authentication failures", "Bad owner or permissions", "Bad configuration option",
                             "jumphost loop", "terminating, "})
        if (const QByteArray line = lineWith(word); !line.isEmpty())
            return wordOf(Error::Code::TunnelRefused, toDisplay(line));
    for (const char *word :
         {"Could not resolve hostname", "ssh: connect to host", "not responding", "administratively prohibited",
          "stdio forwarding failed", "closed by remote host", "Connection closed by", "Connection reset by"})
        if (const QByteArray line = lineWith(word); !line.isEmpty())
            return wordOf(Error::Code::Tunnel, toDisplay(line));
    const QString last = m_said.isEmpty() ? QString() : toDisplay(m_said.constLast().left(300));
    return wordOf(Error::Code::Tunnel,
                  last.isEmpty() ? tr("ssh has ended (exit code %1)").arg(exitCode)
                                 : tr("ssh has ended (exit code %1): %2").arg(exitCode).arg(last));
}

} // namespace slotscope
