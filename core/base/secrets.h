// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// Remembers a secret that this program was given or has read, so that it is masked in texts from servers. Kept until
/// the program ends. Call whenever opening a connection or sending a command with a secret. Thread-safe.
void rememberSecret(const QByteArray &secret);

/// Replaces each remembered secret in a server's text by ***, also if the server truncated it at the end of a quoted
/// word. Servers repeat the arguments of an unknown command, and AUTH may be unknown to them. A secret of one to three
/// bytes is masked only as a whole word in quotes, because it could occur in any sentence. Call on the raw bytes when
/// an Error is made from a server's text.
[[nodiscard]] QByteArray scrubbed(QByteArray text);

/// Whether the value of this setting is a secret (CONFIG GET returns it to any permitted user). It is shown only on
/// request, and never part of a plan or journal.
[[nodiscard]] bool isSecretSetting(const QByteArray &name);

} // namespace slotscope
