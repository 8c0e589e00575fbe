// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// A password that this program has been given or has read: from now on no text of a server shows it. Thread-safe; kept
/// as long as the program runs. Known to whoever opens a connection or sends a command that holds one.
void rememberSecret(const QByteArray &secret);

/// What a server says, without what must not be shown: each secret that is known becomes ***, also where the server has
/// cut it short at the end of a quoted word. Servers repeat the words of a command that they do not know, and may know
/// no AUTH. A secret of one to three bytes is found only as a whole word between quotes: it would be part of every
/// second sentence, and is no protection anyway. For the place where an Error is made of a server's text, on the bytes
/// as they came.
[[nodiscard]] QByteArray scrubbed(QByteArray text);

/// Settings whose value is a secret (CONFIG GET tells it to whoever may ask): not shown unasked, in no plan, no
/// journal.
[[nodiscard]] bool isSecretSetting(const QByteArray &name);

} // namespace slotscope
